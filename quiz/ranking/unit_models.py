"""Tables of collective competitions: sheets of units, which are never edited, and what judges gave units for quality."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.contests.models import WHOLE_CONTEST, Contest, Round
from quiz.db import Model, Moment

FORM = 1  # of the digest: unit_working.py


class UnitSheet(Model):
    """One ranking of units by one collective competition, in a round or in the whole contest.

    round_id: None for the whole contest; scope: the same as a number, 0 for None: NULLs would not be unique · code: of
    the competition · number: counts its sheets · rules: the competition as it was (rule_set.CollectiveRules) ·
    tier_names: code of an individual prize → its name · round_names: of the rounds counted, in order · counted_on: the
    day whose headcounts were taken · units: how many rows · basis: name of a part of what the sheet was made from → its
    digest (unit_sheets.basis); another digest now means that the sheet is out of date · sources: ids of the result sheets
    behind it · digest: SHA-256 over the rows (unit_working.digest)
    """

    __tablename__ = "unit_sheet"
    __table_args__ = (
        UniqueConstraint("contest_id", "scope", "code", "number"),
        CheckConstraint("scope = coalesce(round_id, 0)", name="scope_of_round"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_someone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    scope: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    tier_names: Mapped[dict[str, str]] = mapped_column(JSON)
    round_names: Mapped[list[str]] = mapped_column(JSON)
    counted_on: Mapped[date]
    units: Mapped[int]
    basis: Mapped[dict[str, str]] = mapped_column(JSON)
    sources: Mapped[list[int]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(default=FORM)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    contest: Mapped[Contest] = relationship()
    round_: Mapped[Round | None] = relationship()
    made_by: Mapped[Account] = relationship(foreign_keys=[made_by_id])

    @property
    def scope_code(self) -> str:
        """The round in addresses."""
        return self.round_.code if self.round_ is not None else WHOLE_CONTEST

    @property
    def name(self) -> str:
        """Of the competition."""
        return str(self.rules["name"])


class UnitStanding(Model):
    """A unit on a sheet, as it was: nothing here follows later changes of the unit.

    position: row, from 1, by block · place: inside its block where the rules rank by block; None when not ranked ·
    value: "num/den", None when not known · steps: the working · tally: the facts (unit_working) · stated: denominator →
    who said how many, and as of when (tallies.Stated) · prize: proposed tier, "" for none · contested: people in office
    must decide it
    """

    __tablename__ = "unit_standing"
    __table_args__ = (Index("uq_unit_standing_unit", "sheet_id", "unit_id", unique=True),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("unit_sheet.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    block: Mapped[str] = mapped_column(String(100))
    place: Mapped[int | None]
    tied: Mapped[bool]
    value: Mapped[str | None] = mapped_column(String(400))
    prize: Mapped[str] = mapped_column(String(40))
    contested: Mapped[bool]
    tally: Mapped[dict[str, Any]] = mapped_column(JSON)
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def points(self) -> Fraction | None:
        return Fraction(self.value) if self.value is not None else None


class UnitQuality(Model):
    """What a judge gave a unit for how it spread the word (chất lượng tuyên truyền), 0–100; the last number counts.

    scope: id of the round, 0 for the whole contest · code: of the competition
    """

    __tablename__ = "unit_quality"
    __table_args__ = (
        UniqueConstraint("contest_id", "scope", "code", "unit_id", "number"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points_of_a_hundred"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    scope: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    number: Mapped[int]
    points: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    given_at: Mapped[datetime] = mapped_column(Moment)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    given_by: Mapped[Account] = relationship()
