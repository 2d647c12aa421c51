"""News for the boards: attempts whose results they do not know yet, told in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from quiz.attempts.models import Attempt, AttemptNews
from quiz.db import db


def tell(attempt_ids: Sequence[int]) -> None:
    """One statement, however many. News that is there already says the same, but is written again: whoever is about to take
    it must wait until this transaction has ended, or he would look at the attempts too early."""
    if not attempt_ids:
        return
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    attempt: Any = Attempt.__table__
    # in the order of the ids, so that two who tell of the same attempts wait for each other in the same order
    found = select(attempt.c.id, attempt.c.round_id).where(attempt.c.id.in_(attempt_ids)).order_by(attempt.c.id)
    table: Any = AttemptNews.__table__
    news = insert(table).from_select(["attempt_id", "round_id"], found)
    db.session.execute(
        news.on_conflict_do_update(index_elements=["attempt_id"], set_={"round_id": news.excluded.round_id})
    )
