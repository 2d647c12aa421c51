"""Tables of the judges' work."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemVersion
from quiz.contests.models import Contest, Entry
from quiz.db import Model, Moment
from quiz.rules.keys import Overlay


class Annulment(Model):
    """A judge took an attempt out of the ranking; `restored_at` says that the judges took it back."""

    __tablename__ = "annulment"
    __table_args__ = (
        Index(
            "uq_annulment_one_active", "attempt_id", unique=True,
            sqlite_where=text("restored_at IS NULL"), postgresql_where=text("restored_at IS NULL"),
        ),
        CheckConstraint("(restored_at IS NULL) = (restored_by_id IS NULL)", name="restored_by_someone"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    annulled_at: Mapped[datetime] = mapped_column(Moment)
    annulled_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    restored_at: Mapped[datetime | None] = mapped_column(Moment)
    restored_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    restore_reason: Mapped[str] = mapped_column(Text, default="")

    attempt: Mapped[Attempt] = relationship()
    annulled_by: Mapped[Account] = relationship(foreign_keys=[annulled_by_id])
    restored_by: Mapped[Account | None] = relationship(foreign_keys=[restored_by_id])


class EssayMark(Model):
    """What a judge gave an essay of an attempt.  question: its number in the paper"""

    __tablename__ = "essay_mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[int]
    points: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    marked_at: Mapped[datetime] = mapped_column(Moment)

    attempt: Mapped[Attempt] = relationship()
    judge: Mapped[Account] = relationship()


class Ruling(enum.StrEnum):
    KEEP = "keep"
    ANNUL = "annul"
    IDENTITY = "identity"  # the person's identity is to be asked first


class VerdictState(enum.StrEnum):
    """Where the rules ask for two judges, an annulment is proposed by one and confirmed or declined by another."""

    GIVEN = "given"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Verdict(Model):
    """What a judge ruled on an attempt; never changed, but that a second judge settles what was proposed."""

    __tablename__ = "verdict"
    __table_args__ = (
        Index(
            "uq_verdict_one_proposed", "attempt_id", unique=True,
            sqlite_where=text("state = 'proposed'"), postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("ruling IN ('keep', 'annul', 'identity')", name="ruling_known"),
        CheckConstraint(
            "state = 'given' OR (ruling = 'annul' AND state IN ('proposed', 'confirmed', 'declined'))", name="state_known"
        ),
        CheckConstraint("second_id <> judge_id", name="two_judges"),
        CheckConstraint("(state IN ('confirmed', 'declined')) = (second_id IS NOT NULL)", name="second_settles"),
        CheckConstraint("(second_id IS NULL) = (second_at IS NULL)", name="second_has_moment"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    ruling: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default=VerdictState.GIVEN)
    reason: Mapped[str] = mapped_column(Text)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_at: Mapped[datetime | None] = mapped_column(Moment)
    second_reason: Mapped[str] = mapped_column(Text, default="")

    attempt: Mapped[Attempt] = relationship()
    judge: Mapped[Account] = relationship(foreign_keys=[judge_id])
    second: Mapped[Account | None] = relationship(foreign_keys=[second_id])


class Flag(Model):
    """A sign that judges may look at.  kind: rules.suspicion.Kind · key: SHA-256 over kind and attempts, so that counting
    again finds it · strength: rules.suspicion.Strength · evidence: plain values by kind (marking.flags), no personal data
    """

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("strength BETWEEN 1 AND 3", name="strength_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    strength: Mapped[int] = mapped_column(SmallInteger)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime] = mapped_column(Moment)

    attempts: Mapped[list[FlagAttempt]] = relationship(order_by="FlagAttempt.attempt_id")


class FlagAttempt(Model):
    """An attempt that a flag is about, and the verdict that a judge gave with the flag in view."""

    __tablename__ = "flag_attempt"

    flag_id: Mapped[int] = mapped_column(ForeignKey("flag.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    verdict_id: Mapped[int | None] = mapped_column(ForeignKey("verdict.id"))

    attempt: Mapped[Attempt] = relationship()
    verdict: Mapped[Verdict | None] = relationship()


class FlagRun(Model):
    """The last look for flags in a round.  unsaid: kinds that the field was too small for · times: item version → the field's
    usual milliseconds for an answer"""

    __tablename__ = "flag_run"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    computed_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int]
    unsaid: Mapped[list[str]] = mapped_column(JSON)
    times: Mapped[dict[str, int]] = mapped_column(JSON)


class AttemptNote(Model):
    """What a judge noted beside an attempt for other judges; never changed."""

    __tablename__ = "attempt_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)

    judge: Mapped[Account] = relationship()


class IdentityResult(enum.StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


class IdentityCheck(Model):
    """Whether the person of an entry is who they say. asked: by a judge's verdict, before or after it was checked."""

    __tablename__ = "identity_check"
    __table_args__ = (
        CheckConstraint("result IN ('pending', 'confirmed', 'refuted')", name="result_known"),
        CheckConstraint("result = 'pending' OR checked_by_id IS NOT NULL", name="checked_by_someone"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, autoincrement=False)
    result: Mapped[str] = mapped_column(String(12), default=IdentityResult.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)

    entry: Mapped[Entry] = relationship()
    checked_by: Mapped[Account | None] = relationship(foreign_keys=[checked_by_id])


class KeyRuling(Model):
    """A ruling on the key of an item version, for one contest: proposed by one person in office, confirmed by another.

    number: counts the rulings of the contest that were applied · what, keys, accepted: rules.keys.Overlay · finished_at:
    when every attempt had been marked by it · counts: {"up": …, "down": …}, of attempts
    """

    __tablename__ = "key_ruling"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        # one at a time in a contest: the next one is looked at with the marks that this one leaves
        Index(
            "uq_key_ruling_waiting", "contest_id", unique=True,
            sqlite_where=text("finished_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("finished_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint("what IN ('correct', 'accept', 'void')", name="what_known"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("finished_at IS NULL OR number IS NOT NULL", name="finished_has_number"),
        CheckConstraint("withdrawn_at IS NULL OR confirmed_at IS NULL", name="withdrawn_before"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(8))
    keys: Mapped[list[list[int]]] = mapped_column(JSON)
    accepted: Mapped[list[str]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    contest: Mapped[Contest] = relationship()
    version: Mapped[ItemVersion] = relationship()
    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])

    @property
    def overlay(self) -> Overlay:
        return Overlay.from_json({"what": self.what, "keys": self.keys, "accepted": self.accepted})


class Remark(Model):
    """An attempt whose points a ruling has changed."""

    __tablename__ = "remark"

    ruling_id: Mapped[int] = mapped_column(ForeignKey("key_ruling.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    score_before: Mapped[int]
    score_after: Mapped[int]

    ruling: Mapped[KeyRuling] = relationship()
    attempt: Mapped[Attempt] = relationship()


class EssayPanel(Model):
    """Who marks the essays of a round where the rules want two judges for each.

    judges: account ids · chair_id: decides where no third judge is left · seed: of the lots, drawn when the panel is made
    """

    __tablename__ = "essay_panel"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    judges: Mapped[list[int]] = mapped_column(JSON)
    chair_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    seed: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    chair: Mapped[Account] = relationship(foreign_keys=[chair_id])


class EssayTask(Model):
    """One essay for one judge to mark.  slot: 1 and 2 by lot, 3 where those two lie too far apart · decides: it is the
    chair's, whose points are the mark, because no third judge was left · paper: the random code under which judges know the
    essay · parts: points by criterion of the rubric, in its order, empty without one

    Triggers keep the lots, keep points once both judges have given theirs, and let no mark be written before that.
    """

    __tablename__ = "essay_task"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question", "slot"),
        UniqueConstraint("attempt_id", "question", "judge_id"),
        Index("ix_essay_task_judge_id", "judge_id"),
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot_known"),
        CheckConstraint("slot = 3 OR NOT decides", name="third_decides"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("(points IS NULL) = (marked_at IS NULL)", name="marked_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question: Mapped[int]
    slot: Mapped[int]
    decides: Mapped[bool] = mapped_column(default=False)
    paper: Mapped[str] = mapped_column(String(24), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    assigned_at: Mapped[datetime] = mapped_column(Moment)
    points: Mapped[int | None]
    parts: Mapped[list[int]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    marked_at: Mapped[datetime | None] = mapped_column(Moment)

    attempt: Mapped[Attempt] = relationship()
    judge: Mapped[Account] = relationship()

    @property
    def assigned_to_id(self) -> int:
        return self.judge_id
