"""Figures of contests, computed by a command or a button and kept, so that no page works them out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from quiz.contests.models import Division
from quiz.db import Model, Moment


class PaperFigures(Model):
    """How the papers of a division have done over all its finished attempts (rules.statistics), as last computed.

    figures: those of rules.statistics.PaperFigures by their names, and "maximum", what a perfect paper has ·
    items: for each item version shown {"version": its id, "warnings": {rules.statistics.ItemWarning: [option, …]}, and what
    rules.item_record.ItemRecord holds}; those with the gravest warning first, then the hardest
    """

    __tablename__ = "paper_figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    computed_at: Mapped[datetime] = mapped_column(Moment)

    division: Mapped[Division] = relationship()


class PublicFile(Model):
    """The data of a published result sheet for whoever wants to check it (public_data.py), made once.

    content: many megabytes, so that pages which only name the file do not read it · size: of the content, in bytes
    """

    __tablename__ = "public_file"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int] = column_property(func.length(content))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)


class ContestFigures(Model):
    """Figures of a round, or of all rounds of a contest together (contest_count.Figures), as last counted.

    round_id: None for the whole contest · registered, people, attempts: those of the figures, for whoever adds up many
    contests · basis: what had happened to the attempts before they were counted (contest_figures.bases) · made_at: when
    the counting began
    """

    __tablename__ = "contest_figures"
    __table_args__ = (
        UniqueConstraint("contest_id", "round_id"),
        Index(
            "uq_contest_figures_whole", "contest_id", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
        CheckConstraint("people <= registered AND people <= attempts", name="people_are_counted_once"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    registered: Mapped[int]
    people: Mapped[int]
    attempts: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    basis: Mapped[dict[str, int]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Moment)
