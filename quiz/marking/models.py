"""Tables of the judges' work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemVersion
from quiz.contests.models import Contest
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


class KeyRuling(Model):
    """A ruling on the key of an item version, for one contest: proposed by one person in office, confirmed by another.

    number: counts the rulings of the contest that were applied · what, keys, accepted: rules.keys.Overlay · finished_at:
    when every attempt had been marked by it · counts: {"marked": …, "up": …, "down": …}
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
