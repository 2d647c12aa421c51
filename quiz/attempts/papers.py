"""A paper as people see it: its questions with all they offer in the order shown, and what was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar, cast

from quiz.attempts.models import Attempt
from quiz.attempts.responses import longest_essay
from quiz.banks.models import ItemKind
from quiz.banks.versions import Face, faces
from quiz.banks.wording import Image
from quiz.contests.key_rulings import rulings_of
from quiz.rules import marking
from quiz.rules.answering import given, response, way
from quiz.rules.keys import Overlay, What, effective
from quiz.rules.marking import Worth
from quiz.rules.written import count_words

T = TypeVar("T")

_ANY_WORTH = Worth()
_NO_RULINGS: Mapping[int, Overlay] = {}
_NO_ANSWERS: Mapping[str, Any] = {}
MOST_RULED = 1_000
MOST_MARKS = 100_000  # some 300 bytes each
_RULED: dict[tuple[int, Overlay], tuple[Face, Face]] = {}  # (version id, ruling) → (as it was read, with the ruling)


class Line(NamedTuple):
    """A thing or a left side as it was answered.  right, given: its position, or the text of its match; "" for none."""

    text: str
    image: Image | None
    right: str
    given: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a paper. Places are those shown, from 1.

    order: of options, things or right sides, as drawn (rules.drawing.PaperItem) · offers: options, things or left sides in
    the order shown, each with its picture · given: the places of the options chosen; for each offer the number chosen in
    its list, 0 for none; or a text · ruling: on its key, in this contest · answered_after_ms: as the browser reported it, None when it did not · worth: points
    of a right answer, or the most that judges may give an essay · whole: a part of an answer earns nothing · essays: how
    many the paper has

    right and mark are for people who may know them: only the review after release and the judges' pages ask for them.
    """

    number: int
    face: Face
    order: Sequence[int]
    offers: Sequence[tuple[str, Image | None]]
    given: Sequence[int] | str
    flagged: bool
    answered_after_ms: int | None
    worth: int
    whole: bool = False
    essays: int = 0
    ruling: Overlay | None = None

    @property
    def kind(self) -> str:
        return self.face.kind

    @property
    def is_essay(self) -> bool:
        return self.face.kind == ItemKind.ESSAY

    @property
    def longest(self) -> int:
        """The most characters that the field of an essay takes, so that all essays of a paper can be stored."""
        return longest_essay(self.essays)

    @property
    def words(self) -> int:
        """Of a text, how many words it has."""
        return count_words(self.given) if isinstance(self.given, str) else 0

    @property
    def is_too_long(self) -> bool:
        return self.face.words is not None and self.words > self.face.words

    @property
    def is_answered(self) -> bool:
        return any(self.given)

    @property
    def matches(self) -> list[str]:
        """The right sides of a matching, in the order shown."""
        return [self.face.matches[number - 1] for number in self.order]

    @property
    def right(self) -> Collection[int] | Collection[str]:
        """What is right, in the terms of `given`; of a text, all that is accepted."""
        key = self.face.key
        if way(self.kind) == "w":
            return key.accepted
        if self.kind == ItemKind.ORDERING:
            return tuple(key.right.index(thing) + 1 for thing in self.order)
        if self.kind == ItemKind.MATCHING:
            return tuple(self.order.index(match) + 1 for match in key.right)
        right = {*key.right, *(option for other in key.others for option in other)}
        return frozenset(place for place, option in enumerate(self.order, 1) if option in right)

    @property
    def is_void(self) -> bool:
        return self.ruling is not None and self.ruling.what is What.VOID

    @property
    def lines(self) -> list[Line]:
        """An ordering by its right order, or a matching by its left sides, with what was given."""
        is_ordering = self.kind == ItemKind.ORDERING
        names = ["", *(map(str, range(1, len(self.order) + 1)) if is_ordering else self.matches)]
        numbered = zip(self.offers, cast("Sequence[int]", self.right), cast("Sequence[int]", self.given), strict=True)
        return [
            # a position that two things were given is right for neither (marking.in_sequence)
            Line(
                text, image, names[right], names[given], given == right and not (is_ordering and self._is_shared(given))
            )
            for (text, image), right, given in (sorted(numbered, key=itemgetter(1)) if is_ordering else numbered)
        ]

    def _is_shared(self, position: int) -> bool:
        return cast("Sequence[int]", self.given).count(position) > 1

    @property
    def mark(self) -> marking.Mark:
        """What the machine gives; nothing for an essay."""
        return marking.mark(self.face.key, response(self.kind, self.order, self.given), self.worth, whole=self.whole)


def questions(attempt: Attempt, worth: Worth = _ANY_WORTH) -> list[Question]:
    """The questions of an attempt's paper, in order.  worth: of the contest's rules, for pages that show marks."""
    return of_paper(attempt.paper, attempt.responses, worth, rulings_of(attempt.round_.contest).items)


def of_paper(
    paper: Sequence[Sequence[Any]],
    responses: Mapping[str, Any],
    worth: Worth = _ANY_WORTH,
    rulings: Mapping[int, Overlay] = _NO_RULINGS,
) -> list[Question]:
    """rulings: version id → the ruling on its key"""
    shown = _faces(paper, rulings)
    flags = set(responses["f"])
    essays = sum(face.kind == ItemKind.ESSAY for face in shown.values())
    return [
        Question(
            number=number,
            face=(face := shown[version_id]),
            order=order,
            offers=_offers(face, order),
            given=given(face.kind, len(face.options), order, responses, number),
            flagged=number in flags,
            answered_after_ms=responses["t"].get(str(number)),
            worth=worth.of(face.kind, face.level),
            whole=worth.whole,
            essays=essays,
            ruling=rulings.get(version_id),
        )
        for number, (version_id, order) in enumerate(paper, 1)
    ]


def kinds(paper: Sequence[Sequence[Any]]) -> list[str]:
    """The kinds of the paper's questions, in order."""
    shown = faces([version_id for version_id, _order in paper])
    return [shown[version_id].kind for version_id, _order in paper]


def _faces(paper: Sequence[Sequence[Any]], rulings: Mapping[int, Overlay]) -> dict[int, Face]:
    """The faces of a paper, with the keys that hold in the contest."""
    shown = faces([version_id for version_id, _order in paper])
    for version_id in rulings.keys() & shown.keys() if rulings else ():
        shown[version_id] = _ruled(shown[version_id], rulings[version_id])
    return shown


def _ruled(face: Face, overlay: Overlay) -> Face:
    """The face with the key that holds, made once."""
    known = _RULED.get((face.version_id, overlay))
    if known is None or known[0] is not face:
        known = face, replace(face, key=effective(face.key, overlay))
        if len(_RULED) >= MOST_RULED:
            _RULED.clear()
        _RULED[face.version_id, overlay] = known
    return known[1]


def answers(
    paper: Sequence[Sequence[Any]], responses: Mapping[str, Any], rulings: Mapping[int, Overlay] = _NO_RULINGS
) -> Iterator[tuple[Face, marking.Response]]:
    """Each item of a paper in order, with what was answered, as marking takes it."""
    shown = _faces(paper, rulings)
    for number, (version_id, order) in enumerate(paper, 1):
        face = shown[version_id]
        yield face, response(face.kind, order, given(face.kind, len(face.options), order, responses, number))


def score(
    paper: Sequence[Sequence[Any]],
    responses: Mapping[str, Any],
    worth: Worth,
    rulings: Mapping[int, Overlay] = _NO_RULINGS,
) -> marking.Score:
    """Mark a paper from the stored responses, but for its essays: their points come from the judges."""
    marks, maximum = [], 0
    for face, answer in answers(paper, responses, rulings):
        points = worth.of(face.kind, face.level)
        maximum += points
        if face.kind != ItemKind.ESSAY:
            marks.append(marking.mark(face.key, answer, points, whole=worth.whole))
    return marking.score(marks, maximum)


class EachItem(Generic[T]):
    """Works something out for each item of thousands of papers of one contest, and remembers it: many people see an item in
    the same order and answer it alike.

    work: takes an item and what was answered, as marking takes it; an essay comes with no text · rulings: as for `score`
    """

    def __init__(
        self, work: Callable[[Face, marking.Response], T], rulings: Mapping[int, Overlay] = _NO_RULINGS
    ) -> None:
        self._work = work
        self._rulings = rulings
        self._items: dict[int, tuple[Face, str]] = {}  # version id → (face, way)
        self._known: dict[Any, T] = {}  # (version id, order, what was answered) → what was worked out

    def of(self, paper: Sequence[Sequence[Any]], responses: Mapping[str, Any]) -> list[T]:
        """For each item of a paper, in order."""
        found = []
        for number, (version_id, order) in enumerate(paper, 1):
            face, part = self._items.get(version_id) or self._learn(paper)[version_id]
            stored = () if part == "e" else responses.get(part, _NO_ANSWERS).get(str(number), ())
            # one flat tuple, the order ended by a number that no option has: half the time of a tuple of tuples
            known = (version_id, *order, 0, stored) if isinstance(stored, str) else (version_id, *order, 0, *stored)
            try:
                found.append(self._known[known])
            except KeyError:
                found.append(self._learn_answer(known, face, order, responses, number))
        return found

    def _learn(self, paper: Sequence[Sequence[Any]]) -> Mapping[int, tuple[Face, str]]:
        for version_id, face in _faces(paper, self._rulings).items():
            self._items[version_id] = face, way(face.kind)
        return self._items

    def _learn_answer(
        self, known: Any, face: Face, order: Sequence[int], responses: Mapping[str, Any], number: int
    ) -> T:
        if face.kind == ItemKind.ESSAY:
            answer: marking.Response = ""
        else:
            answer = response(face.kind, order, given(face.kind, len(face.options), order, responses, number))
        if len(self._known) >= MOST_MARKS:
            self._known.clear()
        self._known[known] = found = self._work(face, answer)
        return found


class Marker:
    """Marks thousands of papers of one contest as `score` does."""

    def __init__(self, worth: Worth, rulings: Mapping[int, Overlay] = _NO_RULINGS) -> None:
        self._worth = worth
        self._each = EachItem(self._mark, rulings)

    def score(self, paper: Sequence[Sequence[Any]], responses: Mapping[str, Any]) -> marking.Score:
        points = maximum = correct = items = 0
        for earned, is_right, worth, is_marked in self._each.of(paper, responses):
            points += earned
            maximum += worth
            correct += is_right
            items += is_marked
        return marking.Score(points, maximum, correct, items)

    def _mark(self, face: Face, answer: marking.Response) -> tuple[int, bool, int, bool]:
        """(points, is right, worth, is marked here and not by judges)"""
        worth = self._worth.of(face.kind, face.level)
        if face.kind == ItemKind.ESSAY:
            return 0, False, worth, False
        mark = marking.mark(face.key, answer, worth, whole=self._worth.whole)
        return mark.points, mark.correct, worth, True


def _offers(face: Face, order: Sequence[int]) -> list[tuple[str, Image | None]]:
    numbers = range(1, len(face.options) + 1) if face.kind == ItemKind.MATCHING else order
    return [(face.options[number - 1], face.image_at(number)) for number in numbers]
