"""Tables of practice: what organizers allow, what each person remembers, and sums of use without persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.banks.models import Bank, Item
from quiz.db import Model, Moment


class PracticeBank(Model):
    """A bank that organizers have given to practice, or taken back from it; one without a row is not practised.

    closed_topics: codes of its topics that are not practised · law_date: on which the answers hold, None for the day of
    practice
    """

    __tablename__ = "practice_bank"

    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool]
    closed_topics: Mapped[list[str]] = mapped_column(JSON)
    law_date: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(Moment)

    bank: Mapped[Bank] = relationship()


class PracticeCard(Model):
    """How well a person remembers an item.

    card: of the FSRS scheduler · before: the card before the last answer, {} for a new one, as long as the person may still
    say how hard the answer was, else None · question: the mark of the question answered last, so that the same page sent
    twice counts once · seen, correct: how many times it was answered, and answered right
    """

    __tablename__ = "practice_card"
    __table_args__ = (
        UniqueConstraint("account_id", "item_id"),
        Index("ix_practice_card_due", "account_id", "due_at"),
        CheckConstraint("seen >= 1", name="was_seen"),
        CheckConstraint("correct BETWEEN 0 AND seen", name="correct_among_seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    question: Mapped[str] = mapped_column(String(24))
    answered_at: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[int] = mapped_column(default=1)
    correct: Mapped[int] = mapped_column(default=0)

    account: Mapped[Account] = relationship()
    item: Mapped[Item] = relationship()


class PracticeUse(Model):
    """How often an item has been practised by everybody together; who did is not kept."""

    __tablename__ = "practice_use"
    __table_args__ = (CheckConstraint("correct BETWEEN 0 AND answered", name="correct_among_answered"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    answered: Mapped[int]
    correct: Mapped[int]

    item: Mapped[Item] = relationship()
