"""Tables of stories and movements."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    true,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account, OrgUnit
from quiz.db import Model, Moment
from quiz.law.models import LegalDocument, place_of
from quiz.text import plain


class Scope(enum.StrEnum):
    """How far a movement reaches: who launched it."""

    NATIONAL = "national"
    PROVINCE = "province"
    DEPARTMENT = "department"


class Movement(Model):
    """A patriotic emulation movement.

    started, ended: "1948-06-11", "1948", or empty: sources often name only a year · sources: [{"fact", "note"}, …] ·
    position: order of display
    """

    __tablename__ = "movement"
    __table_args__ = (CheckConstraint("scope IN ('national', 'province', 'department')", name="scope_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    scope: Mapped[str] = mapped_column(String(12))
    launched_by: Mapped[str] = mapped_column(String(200), default="")
    started: Mapped[str] = mapped_column(String(10), default="")
    ended: Mapped[str] = mapped_column(String(10), default="")
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    is_shown: Mapped[bool] = mapped_column(default=True)
    search_text: Mapped[str] = mapped_column(Text, default="")  # kept by the listener below
    origin: Mapped[str] = mapped_column(String(64), default="")  # digest of the shipped text; an import mends only that
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    exemplars: Mapped[list[Exemplar]] = relationship(secondary="exemplar_movement", back_populates="movements")


class ExemplarKind(enum.StrEnum):
    """EVENT: a call, a congress: what exemplars come from, told as a story beside theirs."""

    PERSON = "person"
    GROUP = "group"
    EVENT = "event"


class Field(enum.StrEnum):
    """The part of life an exemplar is from."""

    PRODUCTION = "production"
    AGRICULTURE = "agriculture"
    INDUSTRY = "industry"
    DEFENCE = "defence"
    EDUCATION = "education"
    HEALTH = "health"
    SCIENCE = "science"
    JUSTICE = "justice"
    CULTURE = "culture"
    ADMINISTRATION = "administration"
    HISTORY = "history"


class StoryState(enum.StrEnum):
    """A draft is written; approved, it waits to be published; published, everybody reads it; archived, its address still
    answers but no list shows it."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    ARCHIVED = "archived"


def _one_of(words: type[enum.StrEnum]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Exemplar(Model):
    """A person or group to follow, with their story.

    name: of the exemplar · title: headline of the story · unit_name: as published; org_unit_id: the unit in our tree, if it
    is there · period: as told, "1948–1952"; year: by which lists are filtered · quarter: "2026-Q3" of those chosen by the
    council, else empty · figures: achievement in figures, [{"value", "label"}, …] · body: Markdown · sources:
    [{"title", "publisher", "address", "fact"}, …] · pending: content that waits for a second pair of eyes after the story
    was approved (the same columns as the content, and the pictures), or nothing · revision: counts edits, so that two
    editors do not overwrite each other · submitted_at: when the author said that a draft is ready · edited_by_id: who last
    wrote a part of it; edit_seen_by_id: the second pair of eyes on that part · origin: digest of the shipped text; an import
    mends only what nobody has touched
    """

    __tablename__ = "exemplar"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_one_of(ExemplarKind)})", name="kind_known"),
        CheckConstraint(f"field IN ({_one_of(Field)})", name="field_known"),
        CheckConstraint(f"state IN ({_one_of(StoryState)})", name="state_known"),
        CheckConstraint("approved_by_id IS NULL OR author_id IS NULL OR approved_by_id <> author_id", name="two_people"),
        CheckConstraint("edit_seen_by_id IS NULL OR edit_seen_by_id <> edited_by_id", name="edit_two_people"),
        CheckConstraint("(pending IS NULL) = (pending_by_id IS NULL)", name="pending_has_editor"),
        CheckConstraint("pending IS NULL OR state <> 'draft'", name="drafts_change_at_once"),
        CheckConstraint("submitted_at IS NULL OR state = 'draft'", name="only_drafts_wait"),
        CheckConstraint("(state IN ('published', 'archived')) = (published_at IS NOT NULL)", name="published_has_moment"),
        CheckConstraint("(state = 'archived') = (archived_at IS NOT NULL)", name="archived_has_moment"),
        CheckConstraint("(state = 'draft') = (approved_at IS NULL)", name="approved_has_moment"),
        Index("ix_exemplar_state_published", "state", "published_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(500), default="")
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    field: Mapped[str] = mapped_column(String(16), index=True)
    period: Mapped[str] = mapped_column(String(100), default="")
    year: Mapped[int | None] = mapped_column(index=True)
    quarter: Mapped[str] = mapped_column(String(7), default="")
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    body: Mapped[str] = mapped_column(Text, default="")
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    topics: Mapped[str] = mapped_column(String(500), default="")  # words for the search
    pending: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pending_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revision: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")  # kept by the listener below
    state: Mapped[str] = mapped_column(String(10), default=StoryState.DRAFT)
    is_demo: Mapped[bool] = mapped_column(default=False)  # its page says that it is made up
    origin: Mapped[str] = mapped_column(String(64), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: came with the product
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    edit_seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    org_unit: Mapped[OrgUnit | None] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    pending_by: Mapped[Account | None] = relationship(foreign_keys=[pending_by_id])
    movements: Mapped[list[Movement]] = relationship(
        secondary="exemplar_movement", back_populates="exemplars", order_by=Movement.position
    )
    pictures: Mapped[list[StoryPicture]] = relationship(
        back_populates="exemplar", order_by="StoryPicture.position", cascade="all, delete-orphan"
    )
    provisions: Mapped[list[StoryProvision]] = relationship(order_by="StoryProvision.id", cascade="all, delete-orphan")

    @property
    def is_public(self) -> bool:
        """May everybody read it at its address?"""
        return self.state in (StoryState.PUBLISHED, StoryState.ARCHIVED)

    @property
    def shown_pictures(self) -> list[StoryPicture]:
        return [picture for picture in self.pictures if picture.is_shown]


class ExemplarMovement(Model):
    """A movement that an exemplar took part in."""

    __tablename__ = "exemplar_movement"

    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True)
    movement_id: Mapped[int] = mapped_column(
        ForeignKey("movement.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class StoryPicture(Model):
    """A picture of a story, encoded anew (quiz.pictures).

    alt: what it shows, for those who do not see it · consent: who agreed to its use, when and how, or why nobody had to ·
    credit: who made it · is_shown: not yet, when it was added to an approved story and waits with the pending content
    """

    __tablename__ = "story_picture"
    __table_args__ = (
        UniqueConstraint("exemplar_id", "digest"),
        CheckConstraint("alt <> ''", name="has_alt"),
        CheckConstraint("consent <> ''", name="has_consent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplar.id", ondelete="CASCADE"))
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    alt: Mapped[str] = mapped_column(String(300))
    caption: Mapped[str] = mapped_column(String(300), default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    consent: Mapped[str] = mapped_column(String(500))
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    is_shown: Mapped[bool] = mapped_column(default=True, server_default=true())

    exemplar: Mapped[Exemplar] = relationship(back_populates="pictures")


class FileKind(enum.StrEnum):
    """CARD: the picture that others show beside a shared link, of a story that has none of its own."""

    CARD = "card"
    POSTER_A4 = "poster-a4"
    POSTER_A3 = "poster-a3"


class StoryFile(Model):
    """What typst has set of a story, kept so that no reader waits for it.  digest: of all that went into it"""

    __tablename__ = "story_file"
    __table_args__ = (CheckConstraint(f"kind IN ({_one_of(FileKind)})", name="kind_known"),)

    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class StoryProvision(Model):
    """A provision of the law that a story is about."""

    __tablename__ = "story_provision"
    __table_args__ = (UniqueConstraint("exemplar_id", "document_id", "article", "clause", "point"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplar.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("legal_document.id"), index=True)
    article: Mapped[str] = mapped_column(String(40), default="")
    clause: Mapped[str] = mapped_column(String(40), default="")
    point: Mapped[str] = mapped_column(String(40), default="")

    document: Mapped[LegalDocument] = relationship()

    @property
    def name(self) -> str:
        return place_of(self.article, self.clause, self.point)


class Origin(enum.StrEnum):
    """From where a reader came to a story; as far as the address says it, never who."""

    DIRECT = "direct"
    LIST = "list"
    SEARCH = "search"
    CONTEST = "contest"
    REVIEW = "review"
    PRACTICE = "practice"
    FEED = "feed"
    QR = "qr"
    SHARED = "shared"


class Reach(Model):
    """How often a story was read on a day, by origin; sums only, no row tells of a person.

    opened: pages shown · read: of them, those that stayed open to the end of the text · finished: attempts that ended, in
    the same browser, after the story had been read
    """

    __tablename__ = "story_reach"
    __table_args__ = (CheckConstraint(f"origin IN ({_one_of(Origin)})", name="origin_known"),)

    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column("on_day", primary_key=True)
    origin: Mapped[str] = mapped_column(String(10), primary_key=True)
    opened: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column("read_through", default=0)
    finished: Mapped[int] = mapped_column(default=0)


@event.listens_for(Exemplar, "before_insert")
@event.listens_for(Exemplar, "before_update")
def _fill_search_text(_mapper: Any, _connection: Any, e: Exemplar) -> None:
    e.search_text = plain(
        " ".join(filter(None, (e.name, e.title, e.summary, e.unit_name, e.place, e.period, e.topics, e.body)))
    )


@event.listens_for(Movement, "before_insert")
@event.listens_for(Movement, "before_update")
def _fill_movement_search_text(_mapper: Any, _connection: Any, m: Movement) -> None:
    m.search_text = plain(" ".join(filter(None, (m.title, m.launched_by, m.summary, m.body))))
