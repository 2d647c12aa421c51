"""Tables of recognition."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemVersion
from quiz.contests.models import Contest, Entry
from quiz.db import Model, Moment
from quiz.ranking.models import Ranking
from quiz.ranking.unit_models import UnitSheet


class Template(enum.StrEnum):
    """What kind of paper a decision gives: of the contest's organizers, or of the head of the office."""

    CERTIFICATE = "certificate"  # giấy chứng nhận
    COMMENDATION = "commendation"  # giấy khen


class Decision(Model):
    """The signed act that names the winners of one published ranking, of people or of units.

    One paper (number) may name the winners of several rankings: it is a row for each of them. organization, place_name:
    as printed on its certificates, kept here because settings change and papers do not. Rows are fixed by triggers.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("(ranking_id IS NULL) <> (unit_sheet_id IS NULL)", name="of_one_sheet"),
        CheckConstraint("template IN ('certificate', 'commendation')", name="template_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    ranking_id: Mapped[int | None] = mapped_column(ForeignKey("ranking.id"), unique=True)
    unit_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("unit_sheet.id"), unique=True)
    number: Mapped[str] = mapped_column(String(60))  # "45/QĐ-BTC"
    signed_on: Mapped[date]
    place_name: Mapped[str] = mapped_column(String(100))  # "Tây Ninh", before the day
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_title: Mapped[str] = mapped_column(String(200))
    organization: Mapped[str] = mapped_column(String(200))
    template: Mapped[str] = mapped_column(String(20), default=Template.CERTIFICATE)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    contest: Mapped[Contest] = relationship()
    ranking: Mapped[Ranking | None] = relationship()
    unit_sheet: Mapped[UnitSheet | None] = relationship()
    awards: Mapped[list[Award]] = relationship(back_populates="decision", order_by="Award.position")

    @property
    def sheet(self) -> Ranking | UnitSheet:
        sheet = self.ranking or self.unit_sheet
        assert sheet is not None  # of_one_sheet
        return sheet

    @property
    def ranked(self) -> str:
        """What was ranked: the division, or the competition of units."""
        return self.ranking.division.name if self.ranking is not None else self.sheet.name  # type: ignore[union-attr]

    @property
    def valid_certificates(self) -> list[Certificate]:
        return [a.certificate for a in self.awards if a.certificate is not None and a.certificate.revoked_at is None]


class Award(Model):
    """A prize given to an entry or a unit.  tier: code of the prize tier · position: order in the list of winners · place:
    of a unit inside its block, where the rules rank by block.  Rows are fixed by triggers."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("decision_id", "entry_id"),
        UniqueConstraint("decision_id", "unit_id"),
        CheckConstraint("(entry_id IS NULL) <> (unit_id IS NULL)", name="to_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    position: Mapped[int]
    place: Mapped[int]
    tier: Mapped[str] = mapped_column(String(40))
    tier_name: Mapped[str] = mapped_column(String(100))  # "Giải Nhất"
    amount: Mapped[int] = mapped_column(BigInteger)  # đồng

    decision: Mapped[Decision] = relationship(back_populates="awards")
    entry: Mapped[Entry | None] = relationship()
    certificates: Mapped[list[Certificate]] = relationship(back_populates="award", order_by="Certificate.id")
    certificate: Mapped[Certificate | None] = relationship(  # the one that no other has replaced
        primaryjoin="and_(Award.id == Certificate.award_id, Certificate.is_replaced.is_(False))", viewonly=True
    )

    @property
    def account_id(self) -> int | None:
        return self.entry.account_id if self.entry is not None else None

    @property
    def name(self) -> str:
        """Of the winner, as the last certificate has it: a corrected name is corrected wherever the prize is shown."""
        return self.certificate.name if self.certificate is not None else self.entry.full_name  # type: ignore[union-attr]

    @property
    def belongs_to(self) -> str:
        """Unit or place of a person, block of a unit; may be empty."""
        return self.certificate.belongs_to if self.certificate is not None else self.entry.belongs_to  # type: ignore[union-attr]


class RevokeCause(enum.StrEnum):
    """Why a certificate is void, in the words that anybody may read; the full reason stays in the journal."""

    WRONG_DETAILS = "wrong_details"
    RESULT_CHANGED = "result_changed"
    RULES_BROKEN = "rules_broken"
    OTHER = "other"


class Certificate(Model):
    """One numbered paper of the register (sổ cấp). It is revoked, never deleted; all it prints is kept with it.

    code: random, printed and in the QR code · issued_on: the day it bears, and year of it · name, belongs_to: as printed ·
    name_folded: for searching · printed: the other words (printing.Words) · replaces_id: the certificate of the same
    award that it was issued in place of; that one is_replaced · revoke_decision: number of the paper that revoked it.
    Only revocation and replacement are ever written again, each once: triggers see to it.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("year", "register_number"),
        # one that stands for the award; the others have been replaced
        Index(
            "uq_certificate_of_award", "award_id", unique=True,
            sqlite_where=text("NOT is_replaced"), postgresql_where=text("NOT is_replaced"),
        ),
        CheckConstraint("revoked_at IS NULL OR revoke_reason <> ''", name="revoked_with_reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoke_cause IS NULL)", name="revoked_with_cause"),
        CheckConstraint(
            "revoke_cause IN ('wrong_details', 'result_changed', 'rules_broken', 'other')", name="revoke_cause_known"
        ),
        CheckConstraint("NOT is_replaced OR revoked_at IS NOT NULL", name="revoked_before_replaced"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    register_number: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(400))
    belongs_to: Mapped[str] = mapped_column(String(300), default="")
    printed: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    is_replaced: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoke_cause: Mapped[str | None] = mapped_column(String(20))
    revoke_decision: Mapped[str] = mapped_column(String(60), default="")
    revoke_reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(back_populates="certificates")
    replaces: Mapped[Certificate | None] = relationship(remote_side=[id], back_populates="replaced_by")
    replaced_by: Mapped[Certificate | None] = relationship(back_populates="replaces", uselist=False)

    @property
    def serial(self) -> str:
        """ "0127/2026", as printed."""
        return f"{self.register_number:04d}/{self.year}"

    @property
    def template(self) -> Template:
        return Template(self.printed["template"])

    @property
    def account_id(self) -> int | None:
        return self.award.account_id

    @property
    def org_unit_id(self) -> int | None:
        """Of the unit that it honours."""
        return self.award.unit_id


class ImageKind(enum.StrEnum):
    SEAL = "seal"
    SIGNATURE = "signature"


class PrintImage(Model):
    """An image of a seal or a signature, encoded anew by us (quiz.pictures). It can be deleted, and then is on no paper.

    title: whose it is · digest: SHA-256 of content, in hex
    """

    __tablename__ = "print_image"
    __table_args__ = (CheckConstraint("kind IN ('seal', 'signature')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    added_by: Mapped[Account] = relationship()


class PrintChoice(Model):
    """The images that the certificates of a decision bear; no row: none."""

    __tablename__ = "print_choice"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True, autoincrement=False)
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("print_image.id"), index=True)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("print_image.id"), index=True)


class PrintFile(Model):
    """The certificates of a decision in one file, which a job has made; kept until expires_at.

    digest: SHA-256 over the certificates and images in it, so that one that says something else now is not handed out
    """

    __tablename__ = "print_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))  # "pdf" | "zip"
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


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
