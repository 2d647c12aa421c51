"""Tables of contests."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account, OrgUnit
from quiz.db import Model, Moment
from quiz.exemplars.models import Exemplar, Movement
from quiz.rules.clock import Window
from quiz.text import plain

WHOLE_CONTEST = "chung"  # stands in addresses where a round's code would
RESERVED_CODES = (WHOLE_CONTEST, "tap-the")  # no round may have them: addresses of boards use them


class ContestState(enum.StrEnum):
    """A draft can be edited freely; an open contest is public and its rules are fixed. Phases within come from the clock."""

    DRAFT = "draft"
    OPEN = "open"


class Contest(Model):
    """rules: the contest-wide part of the rule set (contests.rule_set.ContestRules) · slug: its address"""

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open')", name="state_known"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="open_has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    rules_number: Mapped[str] = mapped_column(String(100), default="")  # "12/TL-BTC", printed on the thể lệ
    law_date: Mapped[date]  # "nội dung pháp luật tính đến ngày …"
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=ContestState.DRAFT)
    key_rulings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # key_rulings.Rulings
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)

    divisions: Mapped[list[Division]] = relationship(
        back_populates="contest", order_by="Division.position", cascade="all, delete-orphan"
    )
    rounds: Mapped[list[Round]] = relationship(
        back_populates="contest", order_by="Round.position", cascade="all, delete-orphan"
    )


class Division(Model):
    """A group ranked by itself.  rules: its part of the rule set (rule_set.DivisionRules: audience, blueprint, prizes)"""

    __tablename__ = "division"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)

    contest: Mapped[Contest] = relationship(back_populates="divisions")


class Round(Model):
    """A span for attempts. `secret` seeds its papers; `commitment` is published at opening, the secret after the close.

    rules: what it has of its own (rule_set.RoundRules)
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secret: Mapped[str | None] = mapped_column(String(64))  # hex of 32 bytes, drawn at opening
    commitment: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(Moment)  # when the results of all its divisions were out
    first_published_at: Mapped[datetime | None] = mapped_column(Moment)  # the first of them; for a whole contest too
    planned_closes_at: Mapped[datetime | None] = mapped_column(Moment)  # only of a round closed early: its former close

    contest: Mapped[Contest] = relationship(back_populates="rounds")

    @property
    def window(self) -> Window:
        return Window(self.opens_at, self.closes_at)


class Pool(Model):
    """The item versions that papers of a division draw from, frozen at the contest's opening and never changed.

    round_id: of the one round that draws from it, None for all rounds that have no pool of their own

    candidates: [[version_id, bank, topic, level, options, shuffle], …], sorted · digest: SHA-256 of its canonical JSON
    """

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("division_id", "round_id"),
        Index(
            "uq_pool_of_division", "division_id", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    candidates: Mapped[list[list[Any]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(Moment)


def _folded(context: Any) -> str:
    return plain(context.get_current_parameters()["full_name"])[:200]


def _reversed(context: Any) -> str:
    return " ".join(reversed(_folded(context).split()))


# sorted letter by letter on both databases, so that a prefix is a range of the index
LETTERS = String(200).with_variant(String(200, collation="C"), "postgresql")


class Entry(Model):
    """One person in one division of one contest, with the identity frozen as it was at registration.

    name_folded, name_reversed: the name without diacritics, and its words backwards: a search begins with the family
    name or with the given name, which stands last · declared: has declared what the rules ask people to declare
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("contest_id", "account_id"),
        Index("ix_entry_name", "division_id", "name_folded"),
        Index("ix_entry_given_name", "division_id", "name_reversed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(LETTERS, default=_folded)
    name_reversed: Mapped[str] = mapped_column(LETTERS, default=_reversed)
    birth_date: Mapped[date]
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    belongs_to: Mapped[str] = mapped_column(String(300), default="")  # name of unit or place, as published
    declared: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime] = mapped_column(Moment)

    contest: Mapped[Contest] = relationship()
    division: Mapped[Division] = relationship()
    account: Mapped[Account] = relationship()
    org_unit: Mapped[OrgUnit | None] = relationship()


class ContestStory(Model):
    """An exemplar that the page of a contest features.  position: from 1, in the order of the page"""

    __tablename__ = "contest_story"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(
        ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]

    exemplar: Mapped[Exemplar] = relationship()


class ContestMovement(Model):
    """A movement that a contest is part of."""

    __tablename__ = "contest_movement"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    movement_id: Mapped[int] = mapped_column(
        ForeignKey("movement.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    movement: Mapped[Movement] = relationship()


class Qualification(Model):
    """An entry that may take part in a round to which only some are admitted."""

    __tablename__ = "qualification"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    admitted_at: Mapped[datetime] = mapped_column(Moment)
    admitted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class RuleVersion(Model):
    """The rule set as it was from a moment on: the first at opening, another with every change; never edited.

    rules: the whole rule_set.RuleSet · changes: [[place, before, after], …] · is_harmless: decides no place, so nobody is
    told
    """

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    is_harmless: Mapped[bool] = mapped_column(default=True)
    why: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    made_by: Mapped[Account | None] = relationship()


class RuleNotice(Model):
    """A person has read of a change to the rules of a contest that they have entered."""

    __tablename__ = "rule_notice"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Moment)
