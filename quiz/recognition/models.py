"""Tables of recognition."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.contests.models import Contest, Entry
from quiz.db import Model, Moment
from quiz.ranking.models import Ranking


class Decision(Model):
    """The signed act that names the winners of one published ranking."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), unique=True)
    number: Mapped[str] = mapped_column(String(60))  # "45/QĐ-BTC"
    signed_on: Mapped[date]
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_title: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    contest: Mapped[Contest] = relationship()
    ranking: Mapped[Ranking] = relationship()
    awards: Mapped[list[Award]] = relationship(back_populates="decision", order_by="Award.position")


class Award(Model):
    """A prize given to an entry.  tier: code of the prize tier · position: order in the list of winners"""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("decision_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    position: Mapped[int]
    place: Mapped[int]
    tier: Mapped[str] = mapped_column(String(40))
    tier_name: Mapped[str] = mapped_column(String(100))  # "Giải Nhất"
    amount: Mapped[int]  # đồng

    decision: Mapped[Decision] = relationship(back_populates="awards")
    entry: Mapped[Entry] = relationship()
    certificate: Mapped[Certificate | None] = relationship(back_populates="award")


class Certificate(Model):
    """serial: number in the register (sổ cấp), "0127/2026" · code: random, printed and in the QR code"""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("year", "register_number"),
        CheckConstraint("revoked_at IS NULL OR revoke_reason <> ''", name="revoked_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    register_number: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoke_reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(back_populates="certificate")

    @property
    def serial(self) -> str:
        return f"{self.register_number:04d}/{self.year}"
