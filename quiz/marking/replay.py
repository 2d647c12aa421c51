"""An attempt replayed: when each question was answered, first and last, beside what the field usually takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.attempts.models import Attempt
from quiz.attempts.papers import Question
from quiz.rules import suspicion
from quiz.rules.suspicion import Kind

FAST_SHARE = 0.2  # of the field's usual time, below which an answer is marked as fast


@dataclass(frozen=True, slots=True)
class Step:
    """The last answer to a question.  at_ms: after the start · first_ms: when it was first answered, None when the browser did
    not say · took_ms: since the answer before · usual_ms: of the field, None when unknown · x: place on the line, 0 to 1000"""

    number: int
    at_ms: int
    first_ms: int | None
    took_ms: int
    usual_ms: int | None
    is_right: bool
    x: int

    @property
    def is_fast(self) -> bool:
        return self.usual_ms is not None and self.took_ms < FAST_SHARE * self.usual_ms

    @property
    def was_changed(self) -> bool:
        return self.first_ms is not None and self.first_ms < self.at_ms


def steps(attempt: Attempt, paper: list[Question], usual: Mapping[str, int]) -> list[Step]:
    """In the order in which the browser says the answers were given.  usual: item version → milliseconds (FlagRun.times)"""
    moments = {q.number: q.answered_after_ms for q in paper if q.answered_after_ms is not None}
    took = suspicion.gaps(moments)
    first = attempt.responses.get("b", {})
    whole = max([attempt.elapsed_ms or 1, *moments.values()])
    by_number = {q.number: q for q in paper}
    return [
        Step(
            number=n,
            at_ms=ms,
            first_ms=first.get(str(n)),
            took_ms=took[n],
            usual_ms=usual.get(str(by_number[n].face.version_id)),
            is_right=not by_number[n].is_essay and by_number[n].mark.correct,
            x=1000 * ms // whole,
        )
        for n, ms in sorted(moments.items(), key=lambda pair: (pair[1], pair[0]))
    ]


PAIRS = (Kind.ALIKE, Kind.OVERLAP)  # kinds that set two papers side by side
