"""Attempts as lists of answers, tallied, for the tests of statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quiz.rules.statistics import PaperFigures, paper_figures
from quiz.rules.tally import UPPER_LOWER_SHARE, ItemTally, upper_lower_groups


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt gave to one item."""

    item: int
    points: int
    chosen: frozenset[int] = frozenset()
    seconds: int | None = None


Attempt = Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Item:
    options: int = 0
    key: frozenset[int] = frozenset()
    maximum: int = 1


def from_marks(rows: Iterable[Sequence[int]]) -> list[Attempt]:
    """Attempts on the same items, numbered from 1; a row has the points of one attempt."""
    return [[Answer(number, points) for number, points in enumerate(row, start=1)] for row in rows]


def score(attempt: Attempt) -> int:
    return sum(answer.points for answer in attempt)


def tallies(
    attempts: Sequence[Attempt],
    items: Mapping[int, Item] | None = None,
    *,
    share: Fraction = UPPER_LOWER_SHARE,
) -> dict[int, ItemTally]:
    """A tally for every item; without `items`, for those of the attempts, worth one point each."""
    groups = upper_lower_groups(Counter(map(score, attempts)), share)
    if items is None:
        items = {answer.item: Item() for attempt in attempts for answer in attempt}
    found = {number: ItemTally(groups, item.options, item.key, item.maximum) for number, item in items.items()}
    for attempt in attempts:
        for answer in attempt:
            found[answer.item].add(answer.points, score(attempt), answer.chosen, answer.seconds)
    return found


def paper(attempts: Sequence[Attempt], items: Mapping[int, Item] | None = None) -> PaperFigures:
    found = tallies(attempts, items)
    rights = Counter(sum(answer.points == found[answer.item].maximum for answer in attempt) for attempt in attempts)
    return paper_figures(Counter(map(score, attempts)), rights, found.values())
