"""Participation by unit: how many of a unit's people took part, counted up its tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Participation:
    """participants: people with a finished attempt, own and of units below · headcount: None when none is recorded."""

    unit_id: int
    participants: int
    headcount: int | None

    @property
    def ratio(self) -> float | None:
        """Share in percent, at most 100: a headcount that is too small must not make a unit look better than full."""
        if not self.headcount:
            return None
        return min(100.0, 100 * self.participants / self.headcount)


def participation(
    parents: Mapping[int, int | None], headcounts: Mapping[int, int], participants: Mapping[int, int]
) -> list[Participation]:
    """Participation of every unit, highest ratio first, then more participants, then the lower id; without a
    headcount last.

    parents: unit → unit above, None at the top.  headcounts: unit → its own stated number of people, which covers the
    units below it; a unit without one takes the sum of those below.  participants: unit → people of just that unit.
    """
    below: dict[int, list[int]] = {}
    for unit, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(unit)
    people: dict[int, int] = {}
    heads: dict[int, int | None] = {}

    def count(unit: int) -> None:
        for child in below.get(unit, ()):
            count(child)
        people[unit] = participants.get(unit, 0) + sum(people[c] for c in below.get(unit, ()))
        own = headcounts.get(unit)
        known = [h for c in below.get(unit, ()) if (h := heads[c]) is not None]
        heads[unit] = own if own is not None else sum(known) if known else None

    for unit, parent in parents.items():
        if parent is None:
            count(unit)
    rows = [Participation(u, people[u], heads[u]) for u in parents if u in people]
    return sorted(rows, key=lambda p: (p.ratio is None, -(p.ratio or 0), -p.participants, p.unit_id))
