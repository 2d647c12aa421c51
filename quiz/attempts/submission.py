"""Ending an attempt: by its person, or by the clock with what was saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update

from quiz.attempts import autosave, news
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import score
from quiz.contests.key_rulings import rulings_from
from quiz.contests.models import Contest, Round
from quiz.contests.rule_set import ContestRules
from quiz.db import db
from quiz.errors import Refusal
from quiz.rules.clock import SaveRefusal, elapsed_ms

_TABLE: Any = Attempt.__table__

_UNMARKED = select(
    Attempt.id, Attempt.paper, Attempt.responses, Attempt.revision, Attempt.started_at, Attempt.deadline_at, Contest.rules,
    Contest.key_rulings,
).join(Round, Round.id == Attempt.round_id).join(Contest, Contest.id == Round.contest_id)  # fmt: skip


def submit(
    attempt: Attempt, document: dict[str, Any] | None, revision: int, *, now: datetime, network: str = ""
) -> None:
    """Store the last answers, if there are any, and end the attempt. Submitting twice is the same as once.

    document: canonical responses, or None to end with what is stored.  Past the grace the attempt ends as expired, with
    what was saved in time.  Raises Refusal(SaveRefusal.OTHER_DEVICE) when another device has saved since.
    """
    if document is not None:
        try:
            connection = db.session.connection()
            autosave.save(
                attempt.code, attempt.account_id, document, revision, now=now, network=network, connection=connection
            )
        except Refusal as refusal:
            if refusal.reason is SaveRefusal.OTHER_DEVICE:
                raise
    over = now > attempt.accept_until
    if _end(attempt.id, AttemptState.EXPIRED if over else AttemptState.SUBMITTED, attempt.deadline_at if over else now):
        news.tell([attempt.id])
    db.session.expire(attempt)


def end_if_over(attempt: Attempt, *, now: datetime) -> bool:
    """End an attempt whose time has run out; whoever sees it first does so. True when it is not open any more."""
    if attempt.state == AttemptState.OPEN and now > attempt.accept_until:
        if _end(attempt.id, AttemptState.EXPIRED, attempt.deadline_at):
            news.tell([attempt.id])
        db.session.expire(attempt)
    return attempt.state != AttemptState.OPEN


def end_expired(now: datetime, round_id: int | None = None, limit: int = 500) -> int:
    """The sweep: end attempts that ran out of time and that nobody came back to. Returns how many; 0 when none is left."""
    # written out and not as a parameter: only so do both databases see that the index of open attempts fits
    over = select(Attempt.id, Attempt.deadline_at).where(text("attempt.state = 'open'"), Attempt.accept_until < now)
    if round_id is not None:
        over = over.where(Attempt.round_id == round_id)
    rows = db.session.execute(over.limit(limit)).all()
    news.tell([row.id for row in rows if _end(row.id, AttemptState.EXPIRED, row.deadline_at)])
    return len(rows)


def _end(attempt_id: int, state: AttemptState, ended_at: datetime) -> bool:
    """Mark what is stored and close the row, unless somebody else has: then False. A save in between makes us mark again."""
    while True:
        row = db.session.execute(
            _UNMARKED.where(Attempt.id == attempt_id, Attempt.state == AttemptState.OPEN)
        ).one_or_none()
        if row is None:
            return False
        rules = ContestRules.model_validate(row.rules)
        rulings = rulings_from(row.key_rulings)
        result = score(row.paper, row.responses, rules.worth, rulings.items)
        moment = max(row.started_at, min(ended_at, row.deadline_at))
        done = db.session.execute(
            update(_TABLE)
            .where(
                _TABLE.c.id == attempt_id, _TABLE.c.state == AttemptState.OPEN.value, _TABLE.c.revision == row.revision
            )
            .values(
                state=state.value,
                ended_at=moment,
                elapsed_ms=elapsed_ms(row.started_at, moment, row.deadline_at),
                score=result.points,
                max_score=result.maximum,
                correct=result.correct,
                all_correct=result.all_correct,
                ruling=rulings.number,
                prediction=row.responses["p"] if rules.predicts_in_paper else None,
            )
        )
        if done.rowcount == 1:  # type: ignore[attr-defined]
            return True
