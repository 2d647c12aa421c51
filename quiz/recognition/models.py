"""Tables of recognition."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemVersion
from quiz.contests.models import Contest, Entry
from quiz.db import Model, Moment
from quiz.ranking.models import Ranking


class Decision(Model):
    """The signed act that names the winners of one published ranking.

    organization, place_name: as printed on its certificates, kept here because settings change and papers do not
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), unique=True)
    number: Mapped[str] = mapped_column(String(60))  # "45/QĐ-BTC"; one paper may name the winners of several divisions
    signed_on: Mapped[date]
    place_name: Mapped[str] = mapped_column(String(100))  # "Tây Ninh", before the day
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_title: Mapped[str] = mapped_column(String(200))
    organization: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    contest: Mapped[Contest] = relationship()
    ranking: Mapped[Ranking] = relationship()
    awards: Mapped[list[Award]] = relationship(back_populates="decision", order_by="Award.position")

    @property
    def valid_certificates(self) -> list[Certificate]:
        return [a.certificate for a in self.awards if a.certificate is not None and a.certificate.revoked_at is None]


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
    amount: Mapped[int] = mapped_column(BigInteger)  # đồng

    decision: Mapped[Decision] = relationship(back_populates="awards")
    entry: Mapped[Entry] = relationship()
    certificate: Mapped[Certificate | None] = relationship(back_populates="award")

    @property
    def account_id(self) -> int:
        return self.entry.account_id


class RevokeCause(enum.StrEnum):
    """Why a certificate is void, in the words that anybody may read; the full reason stays in the journal."""

    WRONG_DETAILS = "wrong_details"
    RESULT_CHANGED = "result_changed"
    RULES_BROKEN = "rules_broken"
    OTHER = "other"


class Certificate(Model):
    """One numbered paper of the register (sổ cấp). It is revoked, never deleted.

    code: random, printed and in the QR code · year: of the decision's day, which the paper bears · revoke_decision:
    number of the paper that revoked it
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("year", "register_number"),
        CheckConstraint("revoked_at IS NULL OR revoke_reason <> ''", name="revoked_with_reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoke_cause IS NULL)", name="revoked_with_cause"),
        CheckConstraint(
            "revoke_cause IN ('wrong_details', 'result_changed', 'rules_broken', 'other')", name="revoke_cause_known"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    register_number: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoke_cause: Mapped[str | None] = mapped_column(String(20))
    revoke_decision: Mapped[str] = mapped_column(String(60), default="")
    revoke_reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(back_populates="certificate")

    @property
    def serial(self) -> str:
        """ "0127/2026", as printed."""
        return f"{self.register_number:04d}/{self.year}"

    @property
    def account_id(self) -> int:
        return self.award.account_id


class ComplaintAbout(enum.StrEnum):
    QUESTION = "question"
    ATTEMPT = "attempt"
    RESULT = "result"


class Outcome(enum.StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


class Complaint(Model):
    """A complaint in the register of its year. The answer is written once; nothing is deleted.

    question: its number in the paper, 0 when it is not about one; version: the wording that it had there · due_at: until when an answer is promised · assigned_to:
    who is to answer · remedy: what was done about it · sheet: the result sheet that puts it right
    """

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index(
            "uq_complaint_open", "attempt_id", "about", "question", unique=True,
            sqlite_where=text("answered_at IS NULL"), postgresql_where=text("answered_at IS NULL"),
        ),
        CheckConstraint("about IN ('question', 'attempt', 'result')", name="about_known"),
        CheckConstraint("outcome IN ('upheld', 'partly', 'rejected')", name="outcome_known"),
        CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answered_by_id IS NULL) "
            "AND (answered_at IS NULL OR answer <> '')",
            name="answered_whole",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    number: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    about: Mapped[str] = mapped_column(String(8))
    question: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(Moment)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(String(8))
    answer: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("ranking.id"))

    entry: Mapped[Entry] = relationship()
    attempt: Mapped[Attempt] = relationship()
    version: Mapped[ItemVersion | None] = relationship()
    assigned_to: Mapped[Account | None] = relationship(foreign_keys=[assigned_to_id])
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])
    sheet: Mapped[Ranking | None] = relationship()

    @property
    def serial(self) -> str:
        """ "12/2026", as in the register."""
        return f"{self.number}/{self.year}"

    @property
    def account_id(self) -> int:
        return self.entry.account_id
