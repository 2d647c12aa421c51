"""Which law holds on a day: an item may be drawn only while its provision is in force, and undoubted, on that day.

Source: design.md §6. Periods are half-open: `until` is the first day on which we no longer vouch for the text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    start: date | None = None  # None: since ever
    until: date | None = None  # None: no end known

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document: article, clause, point, as written there; "" leaves the rest of the way open."""

    article: str = ""
    clause: str = ""
    point: str = ""

    @property
    def way(self) -> tuple[str, ...]:
        """The parts that are named, from the article down."""
        parts = (self.article, self.clause, self.point)
        return tuple(part.casefold() for part in parts[: next((i for i, p in enumerate(parts) if not p), 3)])


def touches(scope: Collection[Place], place: Place) -> bool:
    """Does a change of these places touch what cites `place`?  An empty scope is the whole document.

    Whoever cites a whole article is touched by a change of one of its clauses, and the other way round; a citation that
    names no article may mean any, so every change touches it.
    """
    return not scope or any(_one_within_the_other(changed.way, place.way) for changed in scope)


def lies_in(place: Place, outer: Place) -> bool:
    """Is `place` the same as `outer`, or a part of it?"""
    return place.way[: len(outer.way)] == outer.way


def _one_within_the_other(a: Sequence[str], b: Sequence[str]) -> bool:
    shorter = min(len(a), len(b))
    return tuple(a[:shorter]) == tuple(b[:shorter])


def drawable(item: Period, document: Period | None, doubted_from: Iterable[date], law_date: date) -> bool:
    """May an item be drawn for a contest with this law date?

    item: the period in which the item's key is right.  document: the cited document's period in force; None when
    the item cites no document of the library.  doubted_from: first days of the changes that touch the cited provision
    and that nobody has checked the item against.
    """
    return (
        item.holds_on(law_date)
        and (document is None or document.holds_on(law_date))
        and all(law_date < day for day in doubted_from)
    )
