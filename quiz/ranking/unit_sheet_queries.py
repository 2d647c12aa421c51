"""Reads of collective competitions: their sheets, the rows on them, and points for quality."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from quiz.contests.models import Contest
from quiz.db import db
from quiz.ranking.unit_models import UnitQuality, UnitSheet, UnitStanding


def _sheets(contest_id: int, scope: int, code: str) -> Select[UnitSheet]:
    return (
        select(UnitSheet)
        .where(UnitSheet.contest_id == contest_id, UnitSheet.scope == scope, UnitSheet.code == code)
        .options(joinedload(UnitSheet.round_), joinedload(UnitSheet.made_by))
        .order_by(UnitSheet.number.desc())
    )


def latest_unit_sheet(contest_id: int, scope: int, code: str) -> UnitSheet | None:
    """scope: id of the round, 0 for the whole contest"""
    return db.session.scalars(_sheets(contest_id, scope, code).limit(1)).one_or_none()


def published_unit_sheet(contest_id: int, scope: int, code: str) -> UnitSheet | None:
    """The valid published sheet: the newest of them."""
    sheets = _sheets(contest_id, scope, code).where(UnitSheet.published_at.is_not(None))
    return db.session.scalars(sheets.limit(1)).one_or_none()


def unit_sheets_of(contest_id: int, scope: int, code: str) -> Sequence[UnitSheet]:
    """All sheets of a competition, the newest first."""
    return db.session.scalars(_sheets(contest_id, scope, code)).all()


def latest_unit_sheets(contest_id: int) -> dict[tuple[str, int], UnitSheet]:
    """(code, scope) → the newest sheet of each competition of a contest."""
    sheets = db.session.scalars(
        select(UnitSheet)
        .where(UnitSheet.contest_id == contest_id)
        .options(joinedload(UnitSheet.made_by))
        .order_by(UnitSheet.number)
    )
    return {(sheet.code, sheet.scope): sheet for sheet in sheets}


def unit_sheet_by_id(sheet_id: int) -> UnitSheet | None:
    return db.session.scalars(
        select(UnitSheet)
        .where(UnitSheet.id == sheet_id)
        .options(
            joinedload(UnitSheet.contest).selectinload(Contest.rounds),
            joinedload(UnitSheet.round_),
            joinedload(UnitSheet.made_by),
        )
    ).one_or_none()


def _rows(sheet_id: int, block: str | None) -> Select[UnitStanding]:
    rows = select(UnitStanding).where(UnitStanding.sheet_id == sheet_id)
    return rows if block is None else rows.where(UnitStanding.block == block)


def count_rows(sheet_id: int, block: str | None) -> int:
    return db.session.scalar(select(func.count()).select_from(_rows(sheet_id, block).subquery())) or 0


def unit_standings(
    sheet_id: int, block: str | None = None, *, limit: int | None = None, offset: int = 0
) -> Sequence[UnitStanding]:
    """Rows in the order of the sheet, of one block or of all."""
    rows = _rows(sheet_id, block).order_by(UnitStanding.position).limit(limit).offset(offset)
    return db.session.scalars(rows).all()


def standing_at(sheet_id: int, position: int) -> UnitStanding | None:
    return db.session.get(UnitStanding, (sheet_id, position))


def standing_of_unit(sheet_id: int, unit_id: int) -> UnitStanding | None:
    return db.session.scalars(
        select(UnitStanding).where(UnitStanding.sheet_id == sheet_id, UnitStanding.unit_id == unit_id)
    ).one_or_none()


def blocks_of(sheet_id: int) -> list[str]:
    rows = select(UnitStanding.block).where(UnitStanding.sheet_id == sheet_id, UnitStanding.block != "").distinct()
    return sorted(db.session.scalars(rows))


def standings_with_problems(sheet_id: int) -> list[Row[Any]]:
    """(unit_id, name, block, steps) of the rows whose working names something that is wrong with the facts."""
    s = UnitStanding
    rows = db.session.execute(
        select(s.unit_id, s.name, s.block, s.steps).where(s.sheet_id == sheet_id).order_by(s.position)
    )
    return [row for row in rows if any("problem" in step for step in row.steps)]


# Points for quality


def quality_rows(contest_id: int, scope: int, code: str) -> dict[int, UnitQuality]:
    """Unit → the last points it was given, with the judge."""
    rows = db.session.scalars(
        select(UnitQuality)
        .where(UnitQuality.contest_id == contest_id, UnitQuality.scope == scope, UnitQuality.code == code)
        .options(joinedload(UnitQuality.given_by))
        .order_by(UnitQuality.number)
    )
    return {row.unit_id: row for row in rows}


def quality_of(contest_id: int, scope: int, code: str) -> dict[int, int]:
    """Unit → the last points it was given."""
    rows = db.session.execute(
        select(UnitQuality.unit_id, UnitQuality.points)
        .where(UnitQuality.contest_id == contest_id, UnitQuality.scope == scope, UnitQuality.code == code)
        .order_by(UnitQuality.number)
    )
    return dict(rows.all())


def count_quality(contest_id: int, scope: int, code: str, units: Collection[int]) -> int:
    """How many of the units have points."""
    return len(quality_of(contest_id, scope, code).keys() & set(units))
