"""The journal: a hash-chained record of decisions that someone may have to explain later.

It holds what people in office do, and complaints as they come in, never a participant's steps: its chain is serial, and
the hot path must not be. What it does not say of a row in words it says as a seal, so that reports.record_check can tell
whether the row is what it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Protocol

import click
from flask import Flask
from sqlalchemy import JSON, ForeignKey, Integer, String, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from quiz.db import Model, Moment, db

GENESIS = "0" * 64
FORM = 2


class Actor(Protocol):
    id: Any
    full_name: Any


class JournalRecord(Model):
    """One decision. `hash` = SHA-256 over the previous hash and the SHA-256 of this record's canonical JSON, both in hex, so
    that the chain can be published without what it says.

    form: 1 for records from before, whose hash is over the JSON itself
    """

    __tablename__ = "journal"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)  # "contest:3"
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    form: Mapped[int] = mapped_column(default=FORM)


class JournalHead(Model):
    """The end of the chain, in one row. Updating it first makes writers queue, on SQLite and on PostgreSQL."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


def record(
    actor: Actor | None,
    action: str,
    subject: object,
    *,
    now: datetime,
    before: object = None,
    after: object = None,
    why: str = "",
) -> JournalRecord:
    """Append a decision in the caller's transaction.

    subject: a model with `id`, or a ready "kind:id" string.  before, after: JSON values.
    actor: None for a command run by the operator of the machine.
    """
    head = db.session.execute(text("UPDATE journal_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash")).one()
    name = subject if isinstance(subject, str) else f"{type(subject).__name__.lower()}:{subject.id}"  # type: ignore[attr-defined]
    entry = JournalRecord(
        seq=head.seq,
        at=now,
        actor_id=actor.id if actor else None,
        actor_name=actor.full_name if actor else "người vận hành",
        action=action,
        subject=name,
        before=before,
        after=after,
        reason=why,
        previous_hash=head.hash,
        form=FORM,
    )
    entry.hash = digest(entry)
    db.session.add(entry)
    db.session.execute(text("UPDATE journal_head SET hash = :hash WHERE id = 1"), {"hash": entry.hash})
    db.session.flush()
    return entry


def digest(entry: JournalRecord) -> str:
    said = canonical(entry) if entry.form == 1 else content_digest(entry)
    return hashlib.sha256((entry.previous_hash + said).encode()).hexdigest()


def content_digest(entry: JournalRecord) -> str:
    """SHA-256, in hex, of what a record says."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()


def seal(*values: Any) -> str:
    """SHA-256, in hex, of what a row says, for the record that tells of it.  values: JSON values, days and moments"""
    said = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written)
    return hashlib.sha256(said.encode()).hexdigest()


def _written(value: date) -> str:
    return value.isoformat()


def head() -> tuple[int, str]:
    """(number, hash) of the end of the chain."""
    row = db.session.execute(select(JournalHead.seq, JournalHead.hash).where(JournalHead.id == 1)).one()
    return row.seq, row.hash


def canonical(entry: JournalRecord) -> str:
    content = {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": [entry.actor_id, entry.actor_name],
        "action": entry.action,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def first_broken() -> int | None:
    """The number of the first record that does not fit the chain, or None when the whole chain holds."""
    previous = GENESIS
    last = 0
    for entry in _in_order():
        if entry is None or entry.seq != last + 1 or entry.previous_hash != previous or entry.hash != digest(entry):
            return last + 1
        previous, last = entry.hash, entry.seq
    return None if head() == (last, previous) else last + 1


def _in_order(step: int = 1_000) -> Iterator[JournalRecord | None]:
    """The whole journal; ends with None at a record that cannot even be read, because somebody has made nonsense of it."""
    last = 0
    while True:
        rows = select(JournalRecord).where(JournalRecord.seq > last).order_by(JournalRecord.seq).limit(step)
        try:
            some = db.session.scalars(rows).all()
        except (TypeError, ValueError):
            if step == 1:
                yield None
                return
            step = 1  # to come as near as can be
            continue
        yield from some
        if len(some) < step:
            return
        last = some[-1].seq


def init_app(app: Flask) -> None:
    @app.cli.command("check-journal")
    def check_journal() -> None:
        """Check the hash chain of the journal; exits with 1 and names the first record that does not fit."""
        broken = first_broken()
        click.echo("journal: whole" if broken is None else f"journal: broken at record {broken}")
        if broken is not None:
            raise SystemExit(1)
