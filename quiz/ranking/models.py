"""Tables of rankings. A board and a result sheet are the same thing, built from the same rules."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Entry, Round
from quiz.db import Model, Moment


class RankingKind(enum.StrEnum):
    BOARD = "board"  # provisional, without the prediction, replaced every few seconds
    SHEET = "sheet"  # numbered, kept, may be published


class Ranking(Model):
    """One numbering of one division's results in one round.

    number: counts the sheets of a round and division; for boards it grows with every rebuild · is_ready: all standings are
    written, readers may use it · truth: of the prediction, None on boards · participation: [[unit_id, people], …] of
    people with a valid finished attempt, all divisions together · digest: SHA-256 over the standings of a sheet (seal.py) ·
    basis: what was there to rank (queries.board_basis, sheet_basis); another basis now means that this one is out of date ·
    checked_at: of a board, when the clock last found that its basis still holds
    """

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("round_id", "division_id", "kind", "number"),
        CheckConstraint("kind IN ('board', 'sheet')", name="kind_known"),
        CheckConstraint("published_at IS NULL OR (kind = 'sheet' AND is_ready)", name="only_ready_sheets_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[int]
    is_ready: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    basis: Mapped[str] = mapped_column(String(60), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    chain: Mapped[list[str]] = mapped_column(JSON)
    truth: Mapped[int | None] = mapped_column(BigInteger)
    people: Mapped[int] = mapped_column(default=0)  # ranked entries
    attempts: Mapped[int] = mapped_column(default=0)  # valid finished attempts
    participation: Mapped[list[Any]] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round_: Mapped[Round] = relationship()
    division: Mapped[Division] = relationship()
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])


class Standing(Model):
    """A place with its result. The columns after attempt_id are the values the chain compared."""

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_entry", "entry_id", "ranking_id"),)

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # row, from 1
    place: Mapped[int]
    tied: Mapped[bool]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    score: Mapped[int]
    max_score: Mapped[int]
    elapsed_ms: Mapped[int]
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    registered_at: Mapped[datetime] = mapped_column(Moment)
    attempts_used: Mapped[int]
    prediction: Mapped[int | None] = mapped_column(BigInteger)
    prediction_gap: Mapped[int | None] = mapped_column(BigInteger)

    ranking: Mapped[Ranking] = relationship()
    entry: Mapped[Entry] = relationship()
    attempt: Mapped[Attempt] = relationship()


class Lease(Model):
    """Who may do a piece of clockwork for the next moments; taken by one guarded UPDATE, so that nodes do not double it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80), default="")
    until: Mapped[datetime] = mapped_column(Moment)
