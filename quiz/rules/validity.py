"""Which law holds on a day: an item may be drawn only while its provision is in force, and unquestioned.

Source: design.md §6. Periods are half-open: `until` is the first day on which we no longer vouch for the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    start: date | None = None  # None: since ever
    until: date | None = None  # None: no end known

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


def drawable(item: Period, document: Period | None, questioned_from: date | None, law_date: date) -> bool:
    """May an item be drawn for a contest with this law date?

    item: the period in which the item's key is right.  document: the cited document's period in force; None when
    the item cites no document of the library.  questioned_from: first day from which an amendment of unknown
    content makes the document doubtful.
    """
    return (
        item.holds_on(law_date)
        and (document is None or document.holds_on(law_date))
        and (questioned_from is None or law_date < questioned_from)
    )
