"""Reads of posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from quiz.db import db
from quiz.exemplars.post_models import Post, PostExemplar, PostKind, PostState
from quiz.text import plain

EVENTS = [kind.value for kind in PostKind if kind.is_event]
KEPT_IN_CALENDAR = timedelta(days=366)  # past events that a subscribed calendar still holds


def slugs_like(stem: str) -> set[str]:
    return set(db.session.scalars(select(Post.slug).where(Post.slug.startswith(stem, autoescape=True))))


def post_by_slug(slug: str) -> Post | None:
    return db.session.scalars(select(Post).where(Post.slug == slug)).one_or_none()


def post_by_id(post_id: int) -> Post | None:
    return db.session.get(Post, post_id)


def published(*, text: str = "", kind: str = "", page: int = 1, size: int = 20) -> tuple[list[Post], int]:
    """A page of published posts, the newest first, and how many there are in all.  text: words that all occur"""
    wanted = [Post.state == PostState.PUBLISHED]
    if kind:
        wanted.append(Post.kind == kind)
    wanted += [Post.search_text.contains(word, autoescape=True) for word in plain(text).split()]
    newest = select(Post).where(*wanted).order_by(Post.published_at.desc(), Post.id.desc())
    posts = db.session.scalars(newest.options(joinedload(Post.org_unit)).limit(size).offset((page - 1) * size)).all()
    return list(posts), db.session.scalar(select(func.count()).select_from(Post).where(*wanted)) or 0


def events(*, after: datetime, until: datetime | None = None) -> list[Post]:
    """Published events that end after a moment, or have no end and begin after it, the earliest first.

    until: only those that begin before it
    """
    wanted = [Post.state == PostState.PUBLISHED, func.coalesce(Post.ends_at, Post.starts_at) >= after]
    if until is not None:
        wanted.append(Post.starts_at < until)
    return list(
        db.session.scalars(
            select(Post)
            .where(Post.kind.in_(EVENTS), *wanted)
            .options(joinedload(Post.org_unit))
            .order_by(Post.starts_at, Post.id)
        )
    )


def past_events(before: datetime, limit: int = 20) -> list[Post]:
    """Events that are over, the latest first."""
    over = func.coalesce(Post.ends_at, Post.starts_at) < before
    held = select(Post).where(Post.state == PostState.PUBLISHED, Post.kind.in_(EVENTS), over)
    return list(db.session.scalars(held.order_by(Post.starts_at.desc(), Post.id.desc()).limit(limit)))


def about(exemplar_id: int, limit: int = 10) -> list[Post]:
    """Published posts about an exemplar, the newest first."""
    linked = select(Post).join(PostExemplar, PostExemplar.post_id == Post.id)
    of = (PostExemplar.exemplar_id == exemplar_id, Post.state == PostState.PUBLISHED)
    return list(db.session.scalars(linked.where(*of).order_by(Post.published_at.desc(), Post.id.desc()).limit(limit)))


def for_staff(unit_ids: Collection[int] | None, *, page: int = 1, size: int = 50) -> tuple[list[Post], int]:
    """Posts in every state, drafts first.  unit_ids: only those of these units, None for all"""
    wanted = [] if unit_ids is None else [Post.org_unit_id.in_(unit_ids)]
    rank = {PostState.DRAFT: 0, PostState.PUBLISHED: 1, PostState.WITHDRAWN: 2}
    order = db.case(*((Post.state == state, n) for state, n in rank.items()))
    rows = select(Post).where(*wanted).order_by(order, Post.updated_at.desc(), Post.id.desc())
    posts = db.session.scalars(rows.limit(size).offset((page - 1) * size)).all()
    return list(posts), db.session.scalar(select(func.count()).select_from(Post).where(*wanted)) or 0
