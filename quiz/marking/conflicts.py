"""Conflict of interest: on whose attempts a judge does not rule.

A judge rules neither on the own attempts nor on those of the own unit, of a unit above it or below it: superiors and
subordinates in one line. The topmost unit of a tree is in everybody's line, so it counts only for those who belong to it
itself; else nobody of a department could judge the department's contest. The judge's unit is the one of today, the entry's
the one frozen at registration.
"""

from __future__ import annotations

from quiz.accounts.models import Account, OrgUnit
from quiz.contests.models import Entry
from quiz.db import db
from quiz.errors import Refusal
from quiz.marking.refusals import MarkingRefusal


def has_conflict(judge: Account, entry: Entry) -> bool:
    return conflict(judge, entry) is not None


def conflict(judge: Account, entry: Entry) -> MarkingRefusal | None:
    """Why the judge does not rule on the entry, or None."""
    if entry.account_id == judge.id:
        return MarkingRefusal.OWN_ENTRY
    if judge.org_unit_id is None or entry.org_unit_id is None:
        return None
    if judge.org_unit_id == entry.org_unit_id:
        return MarkingRefusal.OWN_UNIT
    if judge.org_unit_id in _line(entry.org_unit_id) or entry.org_unit_id in _line(judge.org_unit_id):
        return MarkingRefusal.OWN_UNIT
    return None


def must_be_free(judge: Account, entry: Entry) -> None:
    """Raises Refusal where the judge has a conflict."""
    if reason := conflict(judge, entry):
        raise Refusal(reason)


def _line(unit_id: int) -> set[int]:
    """The unit and those above it, but for the topmost."""
    line: set[int] = set()
    unit = db.session.get(OrgUnit, unit_id)
    while unit is not None and unit.parent_id is not None and unit.id not in line:
        line.add(unit.id)
        unit = unit.parent
    return line
