"""Tables of posts: news, articles, and events with their place and time."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account, OrgUnit
from quiz.db import Model, Moment
from quiz.exemplars.models import Exemplar
from quiz.text import plain


class PostKind(enum.StrEnum):
    """NEWS: what has happened, in brief · ARTICLE: a longer piece · the others: events to come to."""

    NEWS = "news"
    ARTICLE = "article"
    TALK = "talk"  # tọa đàm
    MEETING = "meeting"  # giao lưu
    VISIT = "visit"  # tham quan, học tập kinh nghiệm

    @property
    def is_event(self) -> bool:
        return self in (PostKind.TALK, PostKind.MEETING, PostKind.VISIT)


class PostState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Post(Model):
    """News, an article or an event of a unit.

    body: Markdown · org_unit_id: the unit it is about, None for the whole office · revision: counts edits; calendars take a
    greater one for the newer word · cancelled_why: an event that does not take place stays, and says so
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("kind IN ('news', 'article', 'talk', 'meeting', 'visit')", name="kind_known"),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state_known"),
        CheckConstraint("(kind IN ('talk', 'meeting', 'visit')) = (starts_at IS NOT NULL)", name="events_have_a_start"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_has_moment"),
        CheckConstraint("published_by_id IS NULL OR author_id IS NULL OR published_by_id <> author_id", name="two_people"),
        CheckConstraint("cancelled_why = '' OR starts_at IS NOT NULL", name="only_events_are_cancelled"),
        Index("ix_post_state_published", "state", "published_at"),
        Index("ix_post_state_starts", "state", "starts_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(300), default="")
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=PostState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    cancelled_why: Mapped[str] = mapped_column(String(300), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")  # kept by the listener below
    is_demo: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    org_unit: Mapped[OrgUnit | None] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    published_by: Mapped[Account | None] = relationship(foreign_keys=[published_by_id])
    exemplars: Mapped[list[Exemplar]] = relationship(secondary="post_exemplar", order_by=Exemplar.name)

    @property
    def is_event(self) -> bool:
        return PostKind(self.kind).is_event

    @property
    def is_public(self) -> bool:
        return self.state == PostState.PUBLISHED


class PostExemplar(Model):
    """An exemplar that a post is about."""

    __tablename__ = "post_exemplar"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(
        ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True, index=True
    )


@event.listens_for(Post, "before_insert")
@event.listens_for(Post, "before_update")
def _fill_search_text(_mapper: Any, _connection: Any, p: Post) -> None:
    p.search_text = plain(" ".join(filter(None, (p.title, p.summary, p.place, p.body))))
