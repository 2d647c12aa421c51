"""Reads of stories and movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from quiz.db import db
from quiz.exemplars.models import (
    Exemplar,
    ExemplarMovement,
    FileKind,
    Movement,
    StoryFile,
    StoryPicture,
    StoryState,
)
from quiz.text import plain

MOST_UNITS = 200  # that a filter offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to.  text: words that all occur, diacritics or not · movement: its slug · unit: its name"""

    text: str = ""
    kind: str = ""
    field: str = ""
    unit: str = ""
    movement: str = ""
    year: int | None = None

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()


def slugs_like(stem: str) -> set[str]:
    return set(db.session.scalars(select(Exemplar.slug).where(Exemplar.slug.startswith(stem, autoescape=True))))


def story_by_slug(slug: str) -> Exemplar | None:
    return db.session.scalars(select(Exemplar).where(Exemplar.slug == slug)).one_or_none()


def story_by_id(story_id: int) -> Exemplar | None:
    return db.session.get(Exemplar, story_id)


def published(wanted: Wanted, *, limit: int, offset: int = 0) -> tuple[Sequence[Exemplar], int]:
    """A page of published stories, the newest first, and how many there are in all."""
    conditions = [Exemplar.state == StoryState.PUBLISHED, *_conditions(wanted)]
    in_all = db.session.scalar(select(func.count()).select_from(Exemplar).where(*conditions)) or 0
    page = _newest().where(*conditions).limit(limit).offset(offset)
    return db.session.scalars(page).all(), in_all


def _newest() -> Any:
    return (
        select(Exemplar)
        .options(selectinload(Exemplar.pictures), selectinload(Exemplar.movements))
        .order_by(Exemplar.published_at.desc(), Exemplar.id.desc())
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Exemplar.search_text.contains(word, autoescape=True) for word in plain(wanted.text).split()
    ]
    if wanted.kind:
        found.append(Exemplar.kind == wanted.kind)
    if wanted.field:
        found.append(Exemplar.field == wanted.field)
    if wanted.unit:
        found.append(Exemplar.unit_name == wanted.unit)
    if wanted.movement:
        found.append(Exemplar.movements.any(Movement.slug == wanted.movement))
    if wanted.year is not None:
        found.append(Exemplar.year == wanted.year)
    return found


def newest_stories(count: int) -> Sequence[Exemplar]:
    return db.session.scalars(_newest().where(Exemplar.state == StoryState.PUBLISHED).limit(count)).all()


def counts_by(column: Any) -> list[tuple[Any, int]]:
    """(value, published stories that have it), for a column by which lists are narrowed."""
    rows = db.session.execute(
        select(column, func.count()).where(Exemplar.state == StoryState.PUBLISHED).group_by(column).order_by(column)
    )
    return [(value, count) for value, count in rows if value not in (None, "")][:MOST_UNITS]


def others(story: Exemplar, count: int) -> Sequence[Exemplar]:
    """Published stories to go on with: of the same movements first, then of the same field, then the newest."""
    movements = [m.id for m in story.movements]
    beside = Exemplar.movements.any(Movement.id.in_(movements))
    near = case((beside, 0), (Exemplar.field == story.field, 1), else_=2)
    return db.session.scalars(
        select(Exemplar)
        .where(Exemplar.state == StoryState.PUBLISHED, Exemplar.id != story.id)
        .options(selectinload(Exemplar.pictures))
        .order_by(near, Exemplar.published_at.desc(), Exemplar.id.desc())
        .limit(count)
    ).all()


def picture_of(story: Exemplar, digest: str) -> StoryPicture | None:
    """With its bytes."""
    return db.session.scalars(
        select(StoryPicture)
        .where(StoryPicture.exemplar_id == story.id, StoryPicture.digest == digest)
        .options(undefer(StoryPicture.content))
    ).one_or_none()


def file_of(story_id: int, kind: FileKind) -> StoryFile | None:
    return db.session.get(StoryFile, (story_id, kind.value))


def to_manage(unit_id: int | None = None) -> Sequence[Exemplar]:
    """Stories as people in office list them, what was touched last first.  unit_id: only those of a unit"""
    stories = select(Exemplar).options(
        joinedload(Exemplar.author), joinedload(Exemplar.org_unit), joinedload(Exemplar.pending_by)
    )
    if unit_id is not None:
        stories = stories.where(Exemplar.org_unit_id == unit_id)
    return db.session.scalars(stories.order_by(Exemplar.updated_at.desc(), Exemplar.id.desc())).all()


def movement_by_slug(slug: str) -> Movement | None:
    return db.session.scalars(select(Movement).where(Movement.slug == slug)).one_or_none()


def movement_by_id(movement_id: int) -> Movement | None:
    return db.session.get(Movement, movement_id)


def all_movements() -> Sequence[Movement]:
    """In their order, those that are not shown too."""
    return db.session.scalars(select(Movement).order_by(Movement.position, Movement.id)).all()


def movement_slugs_like(stem: str) -> set[str]:
    return set(db.session.scalars(select(Movement.slug).where(Movement.slug.startswith(stem, autoescape=True))))


def stories_by_movement() -> dict[int, int]:
    """movement id → how many published stories it has"""
    rows = db.session.execute(
        select(ExemplarMovement.movement_id, func.count())
        .join(Exemplar, Exemplar.id == ExemplarMovement.exemplar_id)
        .where(Exemplar.state == StoryState.PUBLISHED)
        .group_by(ExemplarMovement.movement_id)
    )
    return dict(rows.all())


def stories_of(movement: Movement) -> Sequence[Exemplar]:
    return db.session.scalars(
        _newest().where(Exemplar.state == StoryState.PUBLISHED, Exemplar.movements.any(Movement.id == movement.id))
    ).all()
