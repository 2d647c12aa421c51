"""Commands on single units: make, correct, remove, and state how many people they have."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.accounts.unit_plan import Count
from quiz.db import db
from quiz.errors import Refusal


class UnitRefusal(enum.Enum):
    CODE_TAKEN = "code_taken"
    BELOW_ITSELF = "below_itself"
    IN_USE = "in_use"


def create_unit(
    *, code: str, name: str, kind: str, block: str, parent: OrgUnit | None, note: str, by: Account | None, now: datetime
) -> OrgUnit:
    """Raises Refusal(UnitRefusal)."""
    unit = OrgUnit(code=code.upper(), name=name, kind=kind, block=block, parent=parent, note=note)
    db.session.add(unit)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(UnitRefusal.CODE_TAKEN, code=unit.code) from error
    journal.record(by, "unit.created", unit, now=now, after=told(unit))
    return unit


def correct_unit(
    unit: OrgUnit,
    *,
    name: str,
    kind: str,
    block: str,
    parent: OrgUnit | None,
    note: str,
    by: Account | None,
    now: datetime,
) -> None:
    """Change a unit. Its code stays: files and lists refer to it.  Raises Refusal(UnitRefusal)."""
    if parent is not None and _is_below(parent, unit):
        raise Refusal(UnitRefusal.BELOW_ITSELF, parent=parent.name)
    before = told(unit)
    unit.name, unit.kind, unit.block, unit.parent, unit.note = name, kind, block, parent, note
    db.session.flush()
    if told(unit) != before:
        journal.record(by, "unit.corrected", unit, now=now, before=before, after=told(unit))


def state_headcount(unit: OrgUnit, count: Count, *, by: Account | None, now: datetime) -> None:
    """Write how many people the unit had on a day; a second statement for the same day replaces the first."""
    known = next((h for h in unit.headcounts if h.as_of == count.as_of), None)
    before = told_count(known) if known else None
    put_headcount(unit, count)
    db.session.flush()
    journal.record(by, "unit.headcount_stated", unit, now=now, before=before, after=told_count(count))


def put_headcount(unit: OrgUnit, count: Count) -> None:
    row = next((h for h in unit.headcounts if h.as_of == count.as_of), None)
    if row is None:
        row = Headcount(as_of=count.as_of)
        unit.headcounts.append(row)
    row.people, row.source = count.people, count.source
    row.obliged, row.population = count.obliged, count.population


def told_count(count: Count | Headcount) -> dict[str, str | int | None]:
    """A headcount as the journal tells of it."""
    return {
        "as_of": count.as_of.isoformat(), "people": count.people, "obliged": count.obliged,
        "population": count.population, "source": count.source,
    }  # fmt: skip


def remove_unit(unit: OrgUnit, *, by: Account | None, now: datetime) -> None:
    """Remove a unit that nothing refers to.  Raises Refusal(UnitRefusal.IN_USE)."""
    before, name = told(unit), f"orgunit:{unit.id}"
    for count in list(unit.headcounts):
        db.session.delete(count)
    db.session.delete(unit)
    try:
        db.session.flush()  # the foreign keys know of people and entries, also those of domains we do not know
    except IntegrityError as error:
        raise Refusal(UnitRefusal.IN_USE) from error
    journal.record(by, "unit.removed", name, now=now, before=before)


def _is_below(unit: OrgUnit, other: OrgUnit) -> bool:
    """Is `unit` the other one, or somewhere below it?"""
    above: OrgUnit | None = unit
    while above is not None:
        if above.id == other.id:
            return True
        above = above.parent
    return False


def told(unit: OrgUnit) -> dict[str, str]:
    """A unit as the journal tells of it."""
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind, "block": unit.block, "note": unit.note,
        "parent": unit.parent.code if unit.parent else "",
    }  # fmt: skip
