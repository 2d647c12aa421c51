"""Tables of the judges' work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.db import Model, Moment


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
