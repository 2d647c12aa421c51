"""Tables of a quarter's nominations: whom units propose, with what evidence, and what people say of it."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from quiz.accounts.models import Account, OrgUnit, folded_name
from quiz.db import Model, Moment
from quiz.exemplars.models import Exemplar, Field, Movement, _one_of
from quiz.rules.quarters import YearQuarter


class Quarter(Model):
    """A quarter for which units are asked for exemplars.

    n: 1 to 4 · …_due_at: until when each step is done, half-open · comment_days: working days for which the public may
    comment · decision: by which the chosen were made public
    """

    __tablename__ = "quarter"
    __table_args__ = (
        UniqueConstraint("year", "n"),
        CheckConstraint("n BETWEEN 1 AND 4", name="n_of_four"),
        CheckConstraint("comment_days BETWEEN 1 AND 60", name="comment_days_possible"),
        CheckConstraint(
            "nominations_due_at <= confirmation_due_at AND confirmation_due_at <= consolidation_due_at"
            " AND consolidation_due_at <= vote_due_at AND vote_due_at <= recommendation_due_at"
            " AND recommendation_due_at <= publication_due_at",
            name="steps_in_order",
        ),
        CheckConstraint("(published_at IS NULL) = (decision = '')", name="published_by_decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    n: Mapped[int]
    nominations_due_at: Mapped[datetime] = mapped_column(Moment)
    confirmation_due_at: Mapped[datetime] = mapped_column(Moment)
    consolidation_due_at: Mapped[datetime] = mapped_column(Moment)
    comment_days: Mapped[int]
    vote_due_at: Mapped[datetime] = mapped_column(Moment)
    recommendation_due_at: Mapped[datetime] = mapped_column(Moment)
    publication_due_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str] = mapped_column(String(200), default="")

    units: Mapped[list[OrgUnit]] = relationship(secondary="quarter_unit", order_by=OrgUnit.id)

    @property
    def of(self) -> YearQuarter:
        return YearQuarter(self.year, self.n)

    @property
    def name(self) -> str:
        """ "2026-Q4", as addresses have it."""
        return str(self.of)


class QuarterUnit(Model):
    """A unit that is asked for exemplars of a quarter."""

    __tablename__ = "quarter_unit"

    quarter_id: Mapped[int] = mapped_column(ForeignKey("quarter.id", ondelete="CASCADE"), primary_key=True)
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), primary_key=True, index=True)


class UnitHead(Model):
    """Who confirms what a unit sends, named by the office; a unit may have several (head, deputy)."""

    __tablename__ = "unit_head"

    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    named_at: Mapped[datetime] = mapped_column(Moment)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    org_unit: Mapped[OrgUnit] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class NominationKind(enum.StrEnum):
    PERSON = "person"
    GROUP = "group"


class NominationState(enum.StrEnum):
    """Where a nomination is; each has one owner and one term (nomination_queries.task_of)."""

    DRAFT = "draft"  # the unit writes
    SENT = "sent"  # the head of the unit confirms
    CONFIRMED = "confirmed"  # the office looks at it
    RETURNED = "returned"  # the unit answers a question of the office
    ACCEPTED = "accepted"  # the office puts it before the public
    COMMENTING = "commenting"  # the public comments; after the term the office puts it before the council
    VOTING = "voting"  # the council votes
    CHOSEN = "chosen"  # the office recommends it to the provincial council
    NOT_CHOSEN = "not_chosen"
    RECOMMENDED = "recommended"  # the office waits for the decision
    PUBLISHED = "published"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


WITH_THE_UNIT = (NominationState.DRAFT, NominationState.RETURNED)
BEFORE_THE_VOTE = (
    NominationState.DRAFT, NominationState.SENT, NominationState.CONFIRMED, NominationState.RETURNED,
    NominationState.ACCEPTED, NominationState.COMMENTING,
)  # fmt: skip
BEFORE_THE_COUNCIL = (
    NominationState.COMMENTING, NominationState.VOTING, NominationState.CHOSEN, NominationState.NOT_CHOSEN,
    NominationState.RECOMMENDED, NominationState.PUBLISHED,
)  # fmt: skip
DECIDED_BY_VOTE = (NominationState.CHOSEN, NominationState.NOT_CHOSEN, NominationState.RECOMMENDED)


class Nomination(Model):
    """A proposal of an exemplar by a unit, with its short report of achievements (báo cáo thành tích tóm tắt).

    birth_year: only where it tells two people apart · situation, achievements, honours, grounds: the parts of the report;
    figures: achievement in figures, [{"value", "label"}, …] · consent: who agreed to be named and shown, and how ·
    revision: counts edits · question, return_due_at: what the office asks back, and until when · comments_until: end of
    the public term · announced_at: when the outcome of the vote was made public, with the decision
    """

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_one_of(NominationKind)})", name="kind_known"),
        CheckConstraint(f"field IN ({_one_of(Field)})", name="field_known"),
        CheckConstraint(f"state IN ({_one_of(NominationState)})", name="state_known"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> author_id", name="two_people"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> edited_by_id", name="editor_confirms_not"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint(
            "state IN ('draft', 'sent', 'returned', 'withdrawn') OR confirmed_at IS NOT NULL", name="office_takes_confirmed"
        ),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR consent <> ''", name="sent_with_consent"),
        CheckConstraint("(consent = '') = (consented_on IS NULL)", name="consent_has_day"),
        CheckConstraint("state <> 'returned' OR (question <> '' AND return_due_at IS NOT NULL)", name="returned_with_term"),
        CheckConstraint(
            "state NOT IN ('commenting', 'voting', 'chosen', 'not_chosen', 'recommended', 'published')"
            " OR comments_until IS NOT NULL",
            name="public_has_commented",
        ),
        CheckConstraint("state <> 'published' OR announced_at IS NOT NULL", name="published_is_announced"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_possible"),
        Index("ix_nomination_quarter_state", "quarter_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter_id: Mapped[int] = mapped_column(ForeignKey("quarter.id"))
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    honorific: Mapped[str] = mapped_column(String(10), default="")  # "Ông", "Bà", as lists print it
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200), index=True)  # kept by the validator below
    position: Mapped[str] = mapped_column(String(300), default="")
    birth_year: Mapped[int | None]
    field: Mapped[str] = mapped_column(String(16))
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id", ondelete="SET NULL"))
    summary: Mapped[str] = mapped_column(Text, default="")
    situation: Mapped[str] = mapped_column(Text, default="")
    achievements: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    honours: Mapped[str] = mapped_column(Text, default="")
    grounds: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[str] = mapped_column(String(300), default="")
    consented_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default=NominationState.DRAFT)
    is_demo: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    question: Mapped[str] = mapped_column(Text, default="")
    return_due_at: Mapped[datetime | None] = mapped_column(Moment)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"), index=True)
    comments_from: Mapped[datetime | None] = mapped_column(Moment)
    comments_until: Mapped[datetime | None] = mapped_column(Moment)
    announced_at: Mapped[datetime | None] = mapped_column(Moment)
    exemplar_id: Mapped[int | None] = mapped_column(ForeignKey("exemplar.id", ondelete="SET NULL"), unique=True)

    quarter: Mapped[Quarter] = relationship()
    org_unit: Mapped[OrgUnit] = relationship()
    movement: Mapped[Movement | None] = relationship()
    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])
    merged_into: Mapped[Nomination | None] = relationship(remote_side=[id])
    exemplar: Mapped[Exemplar | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(back_populates="nomination", order_by="Evidence.id")
    steps: Mapped[list[NominationStep]] = relationship(back_populates="nomination", order_by="NominationStep.id")
    heads: Mapped[list[UnitHead]] = relationship(
        primaryjoin="foreign(UnitHead.org_unit_id) == Nomination.org_unit_id", viewonly=True, uselist=True
    )

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_folded = folded_name(name)
        return name

    @property
    def head_ids(self) -> frozenset[int]:
        """Who may confirm it: the heads of the unit who have not written it."""
        return frozenset(h.account_id for h in self.heads) - {self.author_id, self.edited_by_id}

    @property
    def is_before_council(self) -> bool:
        return self.state in BEFORE_THE_COUNCIL

    @property
    def is_with_unit(self) -> bool:
        return self.state in WITH_THE_UNIT

    @property
    def has_minutes(self) -> bool:
        return any(e.kind == EvidenceKind.MINUTES for e in self.evidence)


class EvidenceKind(enum.StrEnum):
    MINUTES = "minutes"  # biên bản bình xét of the unit
    REPORT = "report"  # the signed report
    CONSENT = "consent"
    ACHIEVEMENT = "achievement"
    PORTRAIT = "portrait"
    OTHER = "other"


class Evidence(Model):
    """A file with a nomination: a PDF as it came, or a picture encoded anew. In the database: workers share no disk."""

    __tablename__ = "nomination_evidence"
    __table_args__ = (
        UniqueConstraint("nomination_id", "digest"),
        CheckConstraint(f"kind IN ({_one_of(EvidenceKind)})", name="kind_known"),
        CheckConstraint("media_type IN ('application/pdf', 'image/png', 'image/jpeg')", name="media_type_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    nomination: Mapped[Nomination] = relationship(back_populates="evidence")

    @property
    def is_picture(self) -> bool:
        return self.media_type != "application/pdf"


class NominationStep(Model):
    """A step of a nomination from one state to another, for those who may not read the journal.

    actor_name: empty where the clock or the whole council did it · note: reason, question, or what came of it
    """

    __tablename__ = "nomination_step"
    __table_args__ = (CheckConstraint(f"to_state IN ({_one_of(NominationState)})", name="state_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    from_state: Mapped[str] = mapped_column(String(12), default="")
    to_state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")

    nomination: Mapped[Nomination] = relationship(back_populates="steps")


class PublicComment(Model):
    """What somebody says of a nomination in the public term; read by the office alone.

    name, contact: of a visitor without an account · sender: keyed hash of the address and the day, only against floods,
    emptied when the term is over · note: what the office found about it
    """

    __tablename__ = "nomination_comment"
    __table_args__ = (
        CheckConstraint("account_id IS NOT NULL OR (name <> '' AND contact <> '')", name="from_somebody"),
        CheckConstraint("(noted_at IS NULL) = (note = '')", name="noted_has_moment"),
        Index("ix_nomination_comment_sender", "sender", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    sender: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[datetime | None] = mapped_column(Moment)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    nomination: Mapped[Nomination] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])


class Reminder(Model):
    """A unit without nominations has been reminded.  occasion: "7", "2" (days before the end), or "2026-11-27": by the
    office on that day; each once
    """

    __tablename__ = "nomination_reminder"
    __table_args__ = (UniqueConstraint("quarter_id", "org_unit_id", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter_id: Mapped[int] = mapped_column(ForeignKey("quarter.id", ondelete="CASCADE"))
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    occasion: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
