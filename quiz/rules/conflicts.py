"""Conflict of interest between people in office and the units they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping


def own_line(unit_id: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    """The units on which somebody of a unit does not rule or vote: the own one, those below it, whose people are its people,
    and those above it, whose people are its superiors.

    The topmost unit of a tree, such as the whole department, is in everybody's line, so it counts only for those who belong
    to it themselves, and they are not barred from the units below: otherwise nobody of the department could rule on anybody.
    parents: unit → the one above it, None for the topmost
    """
    if unit_id is None:
        return frozenset()
    found = {unit_id}
    above = parents.get(unit_id)
    if above is None:
        return frozenset(found)
    while above is not None and parents.get(above) is not None and above not in found:
        found.add(above)
        above = parents[above]
    below: dict[int, list[int]] = defaultdict(list)
    for unit, parent in parents.items():
        if parent is not None:
            below[parent].append(unit)
    waiting = [unit_id]
    while waiting:
        for child in below[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)
