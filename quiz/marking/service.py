"""Taking attempts out of the ranking, and back. What follows for places is conducted by ranking.corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts import news
from quiz.attempts.models import Attempt, AttemptState
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.marking.models import Annulment
from quiz.marking.queries import active_annulment
from quiz.marking.refusals import MarkingRefusal


def why_not_annul(attempt: Attempt) -> Refusal | None:
    """The refusal that annulling would meet, or None."""
    if attempt.state == AttemptState.OPEN:
        return Refusal(MarkingRefusal.NOT_ENDED)
    if attempt.state == AttemptState.ABANDONED:
        return Refusal(MarkingRefusal.ABANDONED)
    if active_annulment(attempt.id) is not None:
        return Refusal(MarkingRefusal.ALREADY_ANNULLED)
    return None


def annul(attempt: Attempt, actor: Account, *, why: str, now: datetime, proposed_by: str = "") -> Annulment:
    """Take an ended attempt out of the ranking; who may do so is settled by marking.verdicts.

    proposed_by: name of the first judge, where the rules ask for two.  Raises Refusal(MarkingRefusal).
    """
    if refusal := why_not_annul(attempt):
        raise refusal
    annulment = Annulment(attempt_id=attempt.id, reason=why, annulled_at=now, annulled_by_id=actor.id)
    if not insert_unless_taken(annulment):
        raise Refusal(MarkingRefusal.ALREADY_ANNULLED)
    news.tell([attempt.id])
    journal.record(actor, "attempt.annulled", attempt, now=now, before=_told(attempt), why=why,
                   after={"proposed_by": proposed_by} if proposed_by else None)  # fmt: skip
    return db.session.get_one(Annulment, annulment.id)


def restore(attempt: Attempt, actor: Account, *, why: str, now: datetime) -> None:
    """Let an annulled attempt count again; the annulment stays on record.  Raises Refusal(MarkingRefusal.NOT_ANNULLED)."""
    restored = db.session.execute(
        update(Annulment)
        .where(Annulment.attempt_id == attempt.id, Annulment.restored_at.is_(None))
        .values(restored_at=now, restored_by_id=actor.id, restore_reason=why)
        .returning(Annulment.id)
    ).one_or_none()
    if restored is None:
        raise Refusal(MarkingRefusal.NOT_ANNULLED)
    news.tell([attempt.id])
    journal.record(actor, "attempt.restored", attempt, now=now, after=_told(attempt), why=why)


def _told(attempt: Attempt) -> dict[str, Any]:
    return {
        "code": attempt.code,
        "entry": attempt.entry_id,
        "round": attempt.round_id,
        "score": attempt.score,
        "elapsed_ms": attempt.elapsed_ms,
        "prediction": attempt.prediction,
    }
