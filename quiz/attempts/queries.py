"""Reads of attempts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Entry, Round
from quiz.db import db


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


def count_used(entry_id: int, round_id: int) -> int:
    """How many attempts of the round the entry has consumed; starting one consumes it."""
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
