"""Reads of complaints: a person's own, and the register."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from quiz.attempts.models import Attempt
from quiz.banks.models import Item, ItemVersion
from quiz.contests.models import Contest, Entry
from quiz.db import db
from quiz.recognition.models import Complaint


class RegisterPart(enum.StrEnum):
    """What a page of the register shows, as in its address."""

    WAITING = "cho"
    OVERDUE = "qua-han"
    MINE = "cua-toi"
    ANSWERED = "xong"
    ALL = ""


def _complaints() -> Select[Complaint]:
    return (
        select(Complaint)
        .join(Complaint.entry)
        .join(Complaint.attempt)
        .options(
            contains_eager(Complaint.entry).joinedload(Entry.contest),
            contains_eager(Complaint.attempt).joinedload(Attempt.round_),
            joinedload(Complaint.answered_by),
            joinedload(Complaint.assigned_to),
            joinedload(Complaint.version).joinedload(ItemVersion.item).joinedload(Item.bank),
        )
    )


def complaint_by_code(code: str) -> Complaint | None:
    return db.session.scalars(_complaints().where(Complaint.code == code)).one_or_none()


def complaints_of(account_id: int) -> Sequence[Complaint]:
    """A person's own, the latest first."""
    own = _complaints().where(Entry.account_id == account_id)
    return db.session.scalars(own.order_by(Complaint.id.desc())).all()


def contests_of(account_id: int) -> Sequence[Contest]:
    """The contests that a person has entered, the latest first."""
    entered = select(Contest).join(Entry, Entry.contest_id == Contest.id).where(Entry.account_id == account_id)
    return db.session.scalars(entered.order_by(Contest.id.desc())).all()


def whole_register() -> Sequence[Complaint]:
    """All complaints by their numbers."""
    return db.session.scalars(_complaints().order_by(Complaint.year, Complaint.number)).all()


def register(part: RegisterPart, account_id: int, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Complaint]:
    """Those that wait first, the one that is due next above.  account_id: whose are MINE"""
    order = (Complaint.answered_at.is_not(None), Complaint.due_at, Complaint.id)
    rows = _complaints().where(_in_part(part, account_id, now)).order_by(*order)
    return db.session.scalars(rows.limit(limit).offset(offset)).all()


def count_register(part: RegisterPart, account_id: int, now: datetime) -> int:
    rows = select(func.count()).select_from(Complaint).where(_in_part(part, account_id, now))
    return db.session.scalar(rows) or 0


def _in_part(part: RegisterPart, account_id: int, now: datetime) -> ColumnElement[bool]:
    waits = Complaint.answered_at.is_(None)
    return {
        RegisterPart.WAITING: waits,
        RegisterPart.OVERDUE: waits & (Complaint.due_at < now),
        RegisterPart.MINE: waits & (Complaint.assigned_to_id == account_id),
        RegisterPart.ANSWERED: Complaint.answered_at.is_not(None),
        RegisterPart.ALL: true(),
    }[part]
