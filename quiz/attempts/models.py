"""The one table of the hot path."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.contests.models import Entry, Round
from quiz.db import Model, Moment


class AttemptState(enum.StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    EXPIRED = "expired"  # ended by the clock with what was saved
    ABANDONED = "abandoned"  # left by its person where only handing in uses up an attempt; it counts for nothing


class Attempt(Model):
    """One sitting of a paper, in one row.

    code: random, used in addresses and as the receipt, because a running number would tell how many take part ·
    paper: [[version_id, [order of options]], …] (rules.drawing.PaperItem) · seed: as text, it has 64 bits ·
    responses: {"a": {"3": [2]}, "f": [5], "p": 850, "t": {"3": 8123}} and more (attempts.responses) — answers by question
    number as places shown, all from 1; flagged questions; prediction; milliseconds, as the browser says ·
    revision: grows with every save · account_id: owner, repeated from the entry for the guard of the save ·
    accept_until: the deadline and the grace of the contest, until when saves are taken · score, max_score: points, without and with what judges
    give · essays: how many its paper holds · written: points that judges have given its essays, None while some are unmarked or there are none ·
    prediction: as submitted, or as given after the paper · device_mark, network: where it was started; last_network: of the
    last save, not to be compared with those of other attempts (attempts.origins); "" where nothing is known ·
    network_changes: saves that came from another network than the one before
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("entry_id", "round_id", "number"),
        # two clicks, two tabs, two devices: an entry has one open attempt
        Index(
            "uq_attempt_one_open", "entry_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_round_state", "round_id", "state"),
        # those whose time is over are asked for every few seconds
        Index(
            "ix_attempt_open_until", "accept_until",
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        # all that ranks, in the order of the entries: a million attempts are ranked without reading their papers
        Index(
            "ix_attempt_ended", "round_id", "entry_id", "ended_at", "id", "pool_id", "state", "score", "correct",
            "all_correct", "elapsed_ms", "started_at", "prediction", "written", "max_score",
            sqlite_where=text("state <> 'open'"), postgresql_where=text("state <> 'open'"),
        ),
        Index(
            "ix_attempt_unmarked", "round_id",
            sqlite_where=text("essays > 0 AND written IS NULL AND state <> 'open'"),
            postgresql_where=text("essays > 0 AND written IS NULL AND state <> 'open'"),
        ),
        # people are told of those that the clock has ended
        Index(
            "ix_attempt_expired", "ended_at",
            sqlite_where=text("state = 'expired'"), postgresql_where=text("state = 'expired'"),
        ),
        CheckConstraint("state IN ('open', 'submitted', 'expired', 'abandoned')", name="state_known"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_has_moment"),
        CheckConstraint("(state = 'open') = (score IS NULL)", name="ended_has_score"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("accept_until >= deadline_at", name="accepts_past_deadline"),
        CheckConstraint("revision >= 0", name="revision_not_negative"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=AttemptState.OPEN)
    seed: Mapped[str] = mapped_column(String(24))
    paper: Mapped[list[list[Any]]] = mapped_column(JSON)
    responses: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Moment)
    deadline_at: Mapped[datetime] = mapped_column(Moment)
    accept_until: Mapped[datetime] = mapped_column(Moment)
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    elapsed_ms: Mapped[int | None]
    score: Mapped[int | None]
    max_score: Mapped[int | None]
    correct: Mapped[int | None]  # how many items are right
    all_correct: Mapped[bool | None]
    essays: Mapped[int] = mapped_column(default=0)
    written: Mapped[int | None]
    prediction: Mapped[int | None] = mapped_column(BigInteger)
    ruling: Mapped[int] = mapped_column(default=0)  # number of the last ruling on keys by which it was marked
    device: Mapped[str] = mapped_column(String(12), default="")  # "phone" or "computer", as the browser says
    device_mark: Mapped[str] = mapped_column(String(20), default="", server_default="")
    network: Mapped[str] = mapped_column(String(20), default="", server_default="")
    last_network: Mapped[str] = mapped_column(String(20), default="", server_default="")
    network_changes: Mapped[int] = mapped_column(default=0, server_default="0")

    entry: Mapped[Entry] = relationship()
    round_: Mapped[Round] = relationship()

    @property
    def awaits_marks(self) -> bool:
        """Are there essays that judges have not marked yet?"""
        return self.essays > 0 and self.written is None

    @property
    def points(self) -> int:
        """What the machine and the judges have given so far."""
        return (self.score or 0) + (self.written or 0)


class AttemptNews(Model):
    """An attempt that has ended, was annulled, restored or marked anew, which the boards do not know yet.

    Written in the transaction that changes the attempt, deleted in the one that changes the boards (ranking.boards).
    """

    __tablename__ = "attempt_news"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
