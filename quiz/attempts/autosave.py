"""The save: one guarded UPDATE without a read before it. The rule is `clock.accepts_save`, repeated in SQL for speed.

The one service that commits by itself: attempts/writer.py says how and why.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Connection, bindparam, case, select, update

from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.writer import Writer
from quiz.db import db
from quiz.errors import Refusal
from quiz.rules import clock
from quiz.rules.clock import SaveRefusal

_TABLE: Any = Attempt.__table__

SAVE = (
    update(_TABLE)
    .where(
        _TABLE.c.code == bindparam("of_code"),
        _TABLE.c.account_id == bindparam("of_account"),
        _TABLE.c.state == AttemptState.OPEN.value,
        _TABLE.c.revision < bindparam("new_revision"),
        _TABLE.c.accept_until >= bindparam("moment"),
    )
    .values(
        responses=bindparam("document"),
        revision=bindparam("new_revision"),
        saved_at=bindparam("moment"),
        # the right sides see the row as it was
        network_changes=_TABLE.c.network_changes
        + case((_TABLE.c.last_network.in_((bindparam("from_network"), "")), 0), else_=1),
        last_network=bindparam("from_network"),
    )
    .returning(_TABLE.c.deadline_at)
)

WHY_NOT = select(
    _TABLE.c.state, _TABLE.c.revision, _TABLE.c.responses, _TABLE.c.deadline_at, _TABLE.c.accept_until
).where(_TABLE.c.code == bindparam("of_code"), _TABLE.c.account_id == bindparam("of_account"))


@dataclass(frozen=True, slots=True)
class Saved:
    """fresh: something was written; False for a repeat of what is stored already."""

    left_ms: int
    fresh: bool


def save(
    code: str,
    account_id: int,
    document: dict[str, Any],
    revision: int,
    *,
    now: datetime,
    network: str = "",
    connection: Connection | None = None,
) -> Saved:
    """Store the whole responses document under a growing revision; on disk when this returns.

    network: where it comes from (origins.save_network) · connection: of a transaction that the save shall be part of, instead of being one of its own
    document: canonical (responses.canonical).  A repeat of the stored revision with the same document is no refusal, so
    a browser may send again whatever it did not see acknowledged.  Raises Refusal(SaveRefusal).
    """
    values = {
        "of_code": code,
        "of_account": account_id,
        "new_revision": revision,
        "document": document,
        "moment": now,
        "from_network": network,
    }
    row = connection.execute(SAVE, values).one_or_none() if connection else _writer().execute(values)
    if row is not None:
        return Saved(left_ms(row.deadline_at, now), fresh=True)
    with db.engine.connect() if connection is None else nullcontext(connection) as reader:
        stored = reader.execute(WHY_NOT, values).one_or_none()
    if stored is None:
        raise Refusal(SaveRefusal.NOT_FOUND)
    is_open = stored.state == AttemptState.OPEN
    if is_open and (stored.revision, stored.responses) == (revision, document):
        return Saved(left_ms(stored.deadline_at, now), fresh=False)
    grace_s = (stored.accept_until - stored.deadline_at).seconds
    raise Refusal(clock.why_not_save(is_open, stored.deadline_at, grace_s, now))


def _writer() -> Writer:
    """Kept with the application: two applications of one process may have two databases."""
    writer: Writer | None = current_app.extensions.get("attempts.writer")
    if writer is None:
        writer = current_app.extensions.setdefault("attempts.writer", Writer(db.engine, SAVE))
    return writer


def left_ms(deadline_at: datetime, now: datetime) -> int:
    """Milliseconds until the deadline, never below nought."""
    return max(0, (deadline_at - now) // timedelta(milliseconds=1))
