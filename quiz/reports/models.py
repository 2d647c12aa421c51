"""Figures of contests, computed by a command or a button and kept, so that no page works them out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, func
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
    """Figures of a contest (contest_figures.Figures), as last counted.  figures: id of the round, "0" for all → them"""

    __tablename__ = "contest_figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Moment)
