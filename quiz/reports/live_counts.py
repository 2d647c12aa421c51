"""What happens in a round at this moment, counted over indexes while organizers look on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Round
from quiz.db import db


@dataclass(frozen=True, slots=True)
class Now:
    """open: attempts that are running · last_hour: started within it · ended, expired: of the round so far"""

    open: int
    last_hour: int
    ended: int
    expired: int


def now_of(round_: Round, now: datetime) -> Now:
    """Live counts over indexes: what the monitor shows between two counts of everything."""
    of = Attempt.round_id == round_.id
    states = _counts(select(Attempt.state, func.count()).where(of), Attempt.state)
    since = now - timedelta(hours=1)
    last = db.session.scalar(select(func.count()).select_from(Attempt).where(of, Attempt.started_at > since)) or 0
    return Now(
        states.get(AttemptState.OPEN, 0), last, states.get(AttemptState.SUBMITTED, 0) + states.get(AttemptState.EXPIRED, 0),
        states.get(AttemptState.EXPIRED, 0),
    )  # fmt: skip


def _counts(rows: Any, by: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(by))}
