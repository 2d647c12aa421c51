"""What pages choose from: exemplars to link with, movements to be part of."""

from __future__ import annotations

from sqlalchemy import select

from quiz.db import db
from quiz.exemplars.models import Exemplar, Movement, StoryState


def exemplar_by_id(exemplar_id: int) -> Exemplar | None:
    return db.session.get(Exemplar, exemplar_id)


def linkable() -> list[Exemplar]:
    """Every exemplar but archived ones, by name: something may be linked before the story is published."""
    return list(
        db.session.scalars(select(Exemplar).where(Exemplar.state != StoryState.ARCHIVED).order_by(Exemplar.name))
    )


def published() -> list[Exemplar]:
    """The published exemplars, the newest first."""
    newest = select(Exemplar).where(Exemplar.state == StoryState.PUBLISHED)
    return list(db.session.scalars(newest.order_by(Exemplar.published_at.desc(), Exemplar.id.desc())))


def shown_movements() -> list[Movement]:
    return list(db.session.scalars(select(Movement).where(Movement.is_shown).order_by(Movement.position, Movement.id)))
