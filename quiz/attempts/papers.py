"""A paper as people see it: its questions with options in the order shown, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.attempts.models import Attempt
from quiz.banks.versions import Face, faces
from quiz.rules import marking


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a paper. Places are those shown, from 1.

    key and correct are for people who may know them: only the review after release and the judges' pages use them.
    answered_after_ms: as the browser reported it, None when it did not
    """

    number: int
    face: Face
    options: tuple[str, ...]
    key: frozenset[int]
    chosen: frozenset[int]
    correct: bool
    flagged: bool
    answered_after_ms: int | None

    @property
    def several(self) -> bool:
        """May more than one option be chosen?"""
        return self.face.kind == "multiple"


def questions(attempt: Attempt) -> list[Question]:
    """The questions of an attempt's paper, in order."""
    return of_paper(attempt.paper, attempt.responses)


def of_paper(paper: Sequence[Sequence[Any]], responses: Mapping[str, Any]) -> list[Question]:
    shown = faces([version_id for version_id, _order in paper])
    flags = set(responses["f"])
    return [
        _question(number, shown[version_id], order, responses, number in flags)
        for number, (version_id, order) in enumerate(paper, 1)
    ]


def _question(number: int, face: Face, order: Sequence[int], responses: Mapping[str, Any], flagged: bool) -> Question:
    chosen = frozenset(place for place in responses["a"].get(str(number), ()) if place <= len(order))
    key = frozenset(place for place, option in enumerate(order, 1) if option in face.key)
    return Question(
        number=number,
        face=face,
        options=tuple(face.options[option - 1] for option in order),
        key=key,
        chosen=chosen,
        correct=marking.mark(key, chosen, 1).correct,
        flagged=flagged,
        answered_after_ms=responses["t"].get(str(number)),
    )


def score(paper: Sequence[Sequence[Any]], responses: Mapping[str, Any], points: int) -> marking.Score:
    """Mark a paper from the stored responses; `points` is what each item is worth."""
    keys = faces([version_id for version_id, _order in paper])
    marks = [
        marking.mark(keys[version_id].key, marking.original(order, responses["a"].get(str(number), ())), points)
        for number, (version_id, order) in enumerate(paper, 1)
    ]
    return marking.score(marks, points)
