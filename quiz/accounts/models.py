"""Tables of people and units."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from quiz.access import Role
from quiz.db import Model, Moment
from quiz.text import plain


class Audience(enum.StrEnum):
    """What a person says of themselves at registration; divisions may ask for one of them."""

    STAFF = "staff"
    STUDENT = "student"
    CITIZEN = "citizen"


class OrgUnit(Model):
    """A body that people belong to: a department, its divisions, the units below."""

    __tablename__ = "org_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60), default="")  # "phòng", "đơn vị trực thuộc", …
    block: Mapped[str] = mapped_column(String(100), default="")  # khối thi đua
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")

    parent: Mapped[OrgUnit | None] = relationship(remote_side=[id])
    headcounts: Mapped[list[Headcount]] = relationship(back_populates="org_unit", order_by="Headcount.as_of")


class Headcount(Model):
    """How many people a unit had on a day, and who says so. Ratios quote the day and the source.

    obliged: those of them who have to take part · population: people of the locality; both may be unknown
    """

    __tablename__ = "headcount"
    __table_args__ = (
        UniqueConstraint("org_unit_id", "as_of"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint("obliged > 0 AND obliged <= people", name="obliged_within_people"),
        CheckConstraint("population > 0", name="population_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    as_of: Mapped[date]
    people: Mapped[int]
    obliged: Mapped[int | None]
    population: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(300), default="")

    org_unit: Mapped[OrgUnit] = relationship(back_populates="headcounts")


class UnitImportDraft(Model):
    """A unit file that was read but not yet written to the tree.

    It waits here and not on a disk, because the next request may reach another worker.
    rows: [[line, {column: text}], …] (unit_file.Row) · columns: those the file has, in its order
    """

    __tablename__ = "unit_import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[list[Any]]] = mapped_column(JSON)
    committed_at: Mapped[datetime | None] = mapped_column(Moment)


def folded_name(full_name: str) -> str:
    """The name as it is searched; cut, because folding makes some signs longer ("ß" becomes "ss")."""
    return plain(full_name)[:200]


def _folded_name(context: Any) -> str:
    return folded_name(context.get_current_parameters()["full_name"])


class Account(UserMixin, Model):
    """A person who can sign in, by phone, e-mail or user name."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL OR username IS NOT NULL", name="can_sign_in"),
        CheckConstraint("audience IN ('staff', 'student', 'citizen')", name="audience_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str | None] = mapped_column(String(60), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)  # normalised: 0912345678
    email: Mapped[str | None] = mapped_column(String(200), unique=True)  # lower case
    full_name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200), default=_folded_name)  # searched without diacritics
    birth_date: Mapped[date]
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment)  # sign-ins from before it no longer count
    must_change_password: Mapped[bool] = mapped_column(default=False)  # it was set by somebody else
    audience: Mapped[str] = mapped_column(String(20))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    province_code: Mapped[int | None]  # codes of the package vietnam-provinces
    ward_code: Mapped[int | None]
    place_name: Mapped[str] = mapped_column(String(200), default="")  # "Xã Bến Cầu, tỉnh Tây Ninh"
    consented_at: Mapped[datetime | None] = mapped_column(Moment)
    consent_text: Mapped[str] = mapped_column(String(40), default="")  # version of the text agreed to
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    notices_seen_at: Mapped[datetime | None] = mapped_column(Moment)  # up to when the person has read the notices
    takes_letters: Mapped[bool] = mapped_column(default=True)  # notices by e-mail too
    failed_signins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)

    org_unit: Mapped[OrgUnit | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin", foreign_keys="RoleGrant.account_id"
    )

    @validates("full_name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_folded = folded_name(name)
        return name

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({Role.PARTICIPANT, *(Role(grant.role) for grant in self.grants)})


class RoleGrant(Model):
    """A role given to a person, by whom and when."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role IN ('organizer', 'judge', 'unit_contact', 'council_member', 'admin')", name="role_known"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(Moment)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])


class Letter(Model):
    """A notice on its way by e-mail.  key: of the notice; nobody is written to twice about one thing · due_at: when it may
    be tried next · sent_at, failed_at: how it ended
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index(
            "ix_letter_due", "due_at",
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="ended_once"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(500))  # of the page that it leads to
    made_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship()


class LetterMark(Model):
    """Up to when notices have been made into letters; one row."""

    __tablename__ = "letter_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(Moment)
