"""Units: names that tell them apart, and participation: how many of a unit's people took part, counted up its tree."""

from __future__ import annotations

from collections import Counter
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

    parents: unit → unit above, None at the top; a unit above that is not among them counts as none.
    headcounts: unit → its own stated number of people, which covers the units below it; a unit without one takes the
    sum of those below, unless people took part whom none of these numbers covers: a share counts nobody above the line
    who is not below it.  participants: unit → people of just that unit.
    Raises ValueError when a unit stands above itself.
    """
    people = {unit: participants.get(unit, 0) for unit in parents}
    covered: dict[int, int] = {}  # what the stated headcounts of a unit, or else of those below it, add up to
    uncovered = dict(people)  # participants who are in none of them
    for unit in _bottom_up(parents):
        if unit in headcounts:
            covered[unit], uncovered[unit] = headcounts[unit], 0
        above = parents[unit]
        if above is not None and above in people:
            people[above] += people[unit]
            uncovered[above] += uncovered[unit]
            if unit in covered:
                covered[above] = covered.get(above, 0) + covered[unit]
    rows = [Participation(unit, people[unit], None if uncovered[unit] else covered.get(unit)) for unit in parents]
    return sorted(rows, key=lambda p: (p.ratio is None, -(p.ratio or 0), -p.participants, p.unit_id))


def _bottom_up(parents: Mapping[int, int | None]) -> list[int]:
    """All units, each after those below it; without recursion, so that a tree may be deep."""
    waiting = Counter(above for above in parents.values() if above in parents)  # for so many units below
    order = [unit for unit in parents if not waiting[unit]]
    for unit in order:  # grows while it is read
        above = parents[unit]
        if above is not None and above in parents:
            waiting[above] -= 1
            if not waiting[above]:
                order.append(above)
    if len(order) < len(parents):
        raise ValueError(f"units above themselves: {sorted(parents.keys() - set(order))}")
    return order


@dataclass(frozen=True, slots=True)
class Named:
    """A unit by its name.  above: the unit above, None at the top · code: its own, which no other has"""

    name: str
    above: int | None
    code: str


def names_apart(units: Mapping[int, Named]) -> dict[int, str]:
    """A name for each unit that no other has: "Phòng Tư pháp, UBND xã Bến Lức" where several are called "Phòng Tư pháp".

    Units above are named as far up as it takes; where that does not help, the code stands behind. A unit whose name nobody
    shares keeps it as it is.
    """
    found = {unit_id: unit.name for unit_id, unit in units.items()}
    above = {unit_id: unit.above for unit_id, unit in units.items()}  # the next one to be named
    for _level in range(DEEPEST):
        shared = [unit_id for unit_id in _shared(found) if above[unit_id] in units]
        if not shared:
            break
        for unit_id in shared:
            higher = units[above[unit_id]]  # type: ignore[index] # it is in units
            found[unit_id] = f"{found[unit_id]}, {higher.name}"
            above[unit_id] = higher.above
    for unit_id in _shared(found):
        found[unit_id] = f"{found[unit_id]} ({units[unit_id].code})"
    return found


DEEPEST = 6  # levels of the tree that a name may have; also ends where units stand above themselves


def _shared(names: Mapping[int, str]) -> list[int]:
    """Those whose name another has too."""
    counts = Counter(names.values())
    return [unit_id for unit_id, name in names.items() if counts[name] > 1]
