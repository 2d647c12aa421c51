"""Reads of attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import defer, joinedload

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Entry, Round
from quiz.db import db
from quiz.rules.clock import Limits, Used, week_of


def attempt_by_code(code: str) -> Attempt | None:
    """The attempt with its entry, round and contest, in one query."""
    return db.session.scalars(
        select(Attempt)
        .where(Attempt.code == code)
        .options(
            joinedload(Attempt.round_).joinedload(Round.contest),
            joinedload(Attempt.entry).joinedload(Entry.division),
        )
    ).one_or_none()


def open_attempt(entry_id: int) -> Attempt | None:
    return db.session.scalars(
        select(Attempt).where(Attempt.entry_id == entry_id, Attempt.state == AttemptState.OPEN)
    ).one_or_none()


def used(entry_id: int, round_id: int, limits: Limits, now: datetime) -> Used:
    """The attempts that an entry has consumed; those it left where only handing in consumes are not among them."""
    a = Attempt
    week = week_of(now, limits.week_starts)
    in_week = case((a.started_at >= week, 1), else_=0)
    in_round = case((a.round_id == round_id, 1), else_=0)
    row = db.session.execute(
        select(func.count(), func.sum(in_round), func.sum(in_week)).where(
            a.entry_id == entry_id, a.state != AttemptState.ABANDONED
        )
    ).one()
    return Used(row[0], row[1] or 0, row[2] or 0)


def count_started(entry_id: int, round_id: int) -> int:
    """How many attempts of the round the entry has started, whatever became of them."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.entry_id == entry_id, Attempt.round_id == round_id)
        )
        or 0
    )


def attempts_of(entry_id: int) -> Sequence[Attempt]:
    """All attempts of an entry, oldest first; paper and responses are not read."""
    return db.session.scalars(
        select(Attempt)
        .where(Attempt.entry_id == entry_id)
        .options(joinedload(Attempt.round_), defer(Attempt.paper), defer(Attempt.responses))
        .order_by(Attempt.started_at, Attempt.id)
    ).all()
