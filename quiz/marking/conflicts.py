"""Conflict of interest: a judge never rules on an entry of the own unit, nor on an own one.

The own unit is the one that the account names, with the units below it, because their people are its people. A judge whose
account names a topmost unit, such as the whole department, is barred from those who entered for that unit itself: barred
from everybody below it, nobody of the department could judge anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from quiz.accounts.models import Account, OrgUnit
from quiz.contests.models import Entry
from quiz.db import db


def has_conflict(judge: Account, entry: Entry) -> bool:
    return judge.id == entry.account_id or (entry.org_unit_id in own_units([judge])[judge.id])


def own_units(judges: Collection[Account]) -> dict[int, frozenset[int]]:
    """Judge → the units on whose entries they do not rule."""
    below: dict[int, list[int]] = defaultdict(list)
    topmost: set[int] = set()
    for unit_id, parent_id in db.session.execute(select(OrgUnit.id, OrgUnit.parent_id)):
        if parent_id is None:
            topmost.add(unit_id)
        else:
            below[parent_id].append(unit_id)
    return {judge.id: _with_below(judge.org_unit_id, below, topmost) for judge in judges}


def _with_below(unit_id: int | None, below: dict[int, list[int]], topmost: set[int]) -> frozenset[int]:
    if unit_id is None:
        return frozenset()
    if unit_id in topmost:
        return frozenset({unit_id})
    found, waiting = {unit_id}, [unit_id]
    while waiting:
        for child in below[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)
