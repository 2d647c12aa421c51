"""The prediction that is asked for after the paper: given once, before the round is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, update

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.errors import Refusal
from quiz.rules import prediction
from quiz.rules.prediction import PredictionRefusal

HANDED_IN = (AttemptState.SUBMITTED, AttemptState.EXPIRED)

_TABLE: Any = Attempt.__table__
_ROUND: Any = Round.__table__


def last_moment_of(attempt: Attempt) -> datetime:
    """Until when the attempt's prediction is taken."""
    round_ = attempt.round_
    return prediction.last_moment(round_.closes_at, attempt.deadline_at, contest_rules(round_.contest).grace_s)


def why_not_predict(attempt: Attempt, *, now: datetime) -> Refusal | None:
    """The refusal that giving the attempt's prediction would meet, or None."""
    if not contest_rules(attempt.round_.contest).predicts_after_paper:
        return Refusal(PredictionRefusal.NOT_ASKED)
    if attempt.state not in HANDED_IN:
        return Refusal(PredictionRefusal.NOT_HANDED_IN)
    if attempt.prediction is not None:
        return Refusal(PredictionRefusal.GIVEN_ALREADY)
    return Refusal(PredictionRefusal.TOO_LATE) if now > last_moment_of(attempt) else None


def predict(attempt: Attempt, value: int, *, now: datetime) -> None:
    """Write the prediction by one guarded UPDATE, so that of two clicks the first counts.  Raises Refusal(PredictionRefusal)."""
    rules = contest_rules(attempt.round_.contest)
    if not rules.predicts_after_paper:
        raise Refusal(PredictionRefusal.NOT_ASKED)
    grace = timedelta(seconds=rules.grace_s)
    round_is_open = exists().where(_ROUND.c.id == _TABLE.c.round_id, _ROUND.c.closes_at >= now - grace)
    written = db.session.execute(
        update(_TABLE)
        .where(
            _TABLE.c.id == attempt.id,
            _TABLE.c.account_id == attempt.account_id,
            _TABLE.c.state.in_(HANDED_IN),
            _TABLE.c.prediction.is_(None),
            or_(round_is_open, _TABLE.c.deadline_at >= now - grace),
        )
        .values(prediction=value)
    )
    db.session.expire(attempt)
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise why_not_predict(attempt, now=now) or Refusal(PredictionRefusal.GIVEN_ALREADY)
