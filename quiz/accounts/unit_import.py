"""Importing units in two steps: a draft that shows row by row what would change, then all of it or nothing."""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from quiz import journal
from quiz.accounts import unit_file, unit_plan, unit_service
from quiz.accounts.models import Account, OrgUnit, UnitImportDraft
from quiz.accounts.unit_plan import Count, Line, Plan, RowStatus, Unit
from quiz.db import db
from quiz.errors import Refusal
from quiz.formats import local

DRAFT_KEPT = timedelta(days=7)


class UnitImportRefusal(enum.Enum):
    HAS_PROBLEMS = "has_problems"
    NOTHING_TO_DO = "nothing_to_do"
    COMMITTED_ALREADY = "committed_already"
    CHANGED_MEANWHILE = "changed_meanwhile"


def draft_import(data: bytes, file_name: str, *, by: Account | None, now: datetime) -> UnitImportDraft:
    """Keep the rows of a file until somebody confirms them.  Raises Refusal(UnitFileRefusal)."""
    sheet = unit_file.read_sheet(data)
    db.session.execute(
        delete(UnitImportDraft).where(
            UnitImportDraft.committed_at.is_(None), UnitImportDraft.uploaded_at < now - DRAFT_KEPT
        )
    )
    draft = UnitImportDraft(
        uploaded_by_id=by.id if by else None,
        uploaded_at=now,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(data).hexdigest(),
        columns=sheet.columns,
        rows=[[row.line, row.cells] for row in sheet.rows],
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def plan_of(draft: UnitImportDraft, *, now: datetime) -> Plan:
    """What the draft would change in the tree as it is at this moment."""
    rows = [unit_file.Row(line, cells) for line, cells in draft.rows]
    return unit_plan.make_plan(rows, _units_now(), local(now).date())


def plan_digest(plan: Plan) -> str:
    """Tells whether two plans would do the same, so that nobody confirms another report than the one they read."""
    said = [(line.number, line.status, line.changes, line.count) for line in plan.lines]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def commit_import(draft: UnitImportDraft, seen_digest: str, *, by: Account | None, now: datetime) -> Plan:
    """Write all rows of the draft, or none.

    seen_digest: of the plan that the person confirms.  Raises Refusal(UnitImportRefusal).
    """
    # one UPDATE decides between two clicks; the loser finds no row left to take
    taken = db.session.execute(
        update(UnitImportDraft)
        .where(UnitImportDraft.id == draft.id, UnitImportDraft.committed_at.is_(None))
        .values(committed_at=now)
        .returning(UnitImportDraft.id)
    ).scalar_one_or_none()
    if taken is None:
        raise Refusal(UnitImportRefusal.COMMITTED_ALREADY)
    plan = plan_of(draft, now=now)
    if plan_digest(plan) != seen_digest:
        raise Refusal(UnitImportRefusal.CHANGED_MEANWHILE)
    if bad := plan.count(RowStatus.REFUSED):
        raise Refusal(UnitImportRefusal.HAS_PROBLEMS, count=bad)
    if not plan.can_commit:
        raise Refusal(UnitImportRefusal.NOTHING_TO_DO)
    written = _write(plan)
    numbers = {status.value: plan.count(status) for status in RowStatus if status is not RowStatus.REFUSED}
    journal.record(
        by, "units.imported", f"unit_import:{draft.id}", now=now,
        after=numbers | {"file": draft.file_name, "sha256": draft.file_sha256} | written,
    )  # fmt: skip
    return plan


def _units_now() -> dict[str, Unit]:
    rows = db.session.scalars(select(OrgUnit).options(joinedload(OrgUnit.parent), selectinload(OrgUnit.headcounts)))
    return {
        unit.code: Unit(
            unit.code, unit.name, unit.kind, unit.block, unit.parent.code if unit.parent else "", unit.note,
            {h.as_of: Count(h.as_of, h.people, h.source, h.obliged, h.population) for h in unit.headcounts},
        )
        for unit in rows
    }  # fmt: skip


def _write(plan: Plan) -> dict[str, Any]:
    """Write what differs; gives what it says now, as seals for the journal: [[unit, seal], …], [[unit, day, seal], …]."""
    known = {unit.code: unit for unit in db.session.scalars(select(OrgUnit).options(selectinload(OrgUnit.headcounts)))}
    lines = [line for line in plan.lines if line.status in (RowStatus.NEW, RowStatus.CHANGED)]
    for line in lines:
        unit = known.setdefault(line.code, OrgUnit(code=line.code))
        for column in ("name", "kind", "block", "note"):
            if column in line.cells:
                setattr(unit, column, line.cells[column])
        db.session.add(unit)
        _write_count(unit, line)
    # parents last, when every unit of the file exists
    for line in lines:
        if "parent" in line.cells:
            known[line.code].parent = known[line.cells["parent"]] if line.cells["parent"] else None
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(UnitImportRefusal.CHANGED_MEANWHILE) from error
    counts = [(known[line.code], line.count) for line in lines if line.count is not None]
    return {
        "units": [[known[line.code].id, journal.seal(unit_service.told(known[line.code]))] for line in lines],
        "headcounts": [[u.id, c.as_of.isoformat(), journal.seal(unit_service.told_count(c))] for u, c in counts],
    }


def _write_count(unit: OrgUnit, line: Line) -> None:
    if line.count is not None:
        unit_service.put_headcount(unit, line.count)
