"""Conflict of interest: a judge never rules on an entry of the own unit, nor on an own one.

The own unit is the one that the account names today, with the units below it, because their people are its people, and those
above it, because their people are the judge's superiors. The topmost unit of a tree, such as the whole department, is in
everybody's line, so it counts only for those who belong to it themselves: barred from everybody below it, nobody of the
department could judge anybody. The entry's unit is the one frozen at registration.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from quiz.accounts.models import Account, OrgUnit
from quiz.contests.models import Entry
from quiz.db import db
from quiz.errors import Refusal
from quiz.marking.refusals import MarkingRefusal
from quiz.rules.conflicts import own_line


def has_conflict(judge: Account, entry: Entry) -> bool:
    return conflict(judge, entry) is not None


def conflict(judge: Account, entry: Entry) -> MarkingRefusal | None:
    """Why the judge does not rule on the entry, or None."""
    if judge.id == entry.account_id:
        return MarkingRefusal.OWN_ENTRY
    return MarkingRefusal.OWN_UNIT if entry.org_unit_id in own_units([judge])[judge.id] else None


def must_be_free(judge: Account, entry: Entry) -> None:
    """Raises Refusal where the judge has a conflict."""
    if reason := conflict(judge, entry):
        raise Refusal(reason)


def own_units(judges: Collection[Account]) -> dict[int, frozenset[int]]:
    """Judge → the units on whose entries they do not rule."""
    parents = {row.id: row.parent_id for row in db.session.execute(select(OrgUnit.id, OrgUnit.parent_id))}
    return {judge.id: own_line(judge.org_unit_id, parents) for judge in judges}
