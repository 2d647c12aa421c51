"""Pages of long lists, by the number in the address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Page:
    """first, last: positions on this page, from 1; an empty list has the page 1 with last 0"""

    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.last < self.total else None

    def holding(self, position: int) -> int:
        """The number of the page on which a position stands."""
        return (position - 1) // self.size + 1


def asked_page(size: int, total: int) -> Page:
    """The page that the address asks for (`?trang=`), moved to the nearest one that exists."""
    asked = request.args.get("trang", 1, type=int)
    return Page(max(1, min(asked, -(-total // size))), size, total)
