"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quiz.db import db
from quiz.journal import GENESIS, JournalHead, JournalRecord, digest


def records(*, action: str, subject: str, before_seq: int | None, limit: int) -> Sequence[JournalRecord]:
    """The latest records, newest first; paged by number, so that late pages cost no more than the first.

    action, subject: only these, "" for all
    """
    wanted = select(JournalRecord).order_by(JournalRecord.seq.desc()).limit(limit)
    if action:
        wanted = wanted.where(JournalRecord.action == action)
    if subject:
        wanted = wanted.where(JournalRecord.subject == subject)
    if before_seq is not None:
        wanted = wanted.where(JournalRecord.seq < before_seq)
    return db.session.scalars(wanted).all()


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """checked: how many records, the latest ones · broken_at: the first that does not fit, None when all do"""

    checked: int
    broken_at: int | None


def check_chain_end(limit: int) -> ChainCheck:
    """Check the end of the chain; `flask check-journal` checks all of it."""
    head = db.session.get_one(JournalHead, 1, populate_existing=True)
    rows = db.session.scalars(
        select(JournalRecord)
        .where(JournalRecord.seq > head.seq - limit, JournalRecord.seq <= head.seq)
        .order_by(JournalRecord.seq)
    ).all()
    start = max(0, head.seq - limit)
    # the record before the first is not read: its hash is taken at the word of the first, unless that begins the chain
    previous = GENESIS if start == 0 else rows[0].previous_hash if rows else ""
    for seq, row in enumerate(rows, start + 1):
        if (row.seq, row.previous_hash, row.hash) != (seq, previous, digest(row)):
            return ChainCheck(len(rows), seq)
        previous = row.hash
    last = start + len(rows)
    return ChainCheck(len(rows), None if (last, previous) == (head.seq, head.hash) else last + 1)
