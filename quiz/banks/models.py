"""Tables of banks. Versions are guarded against change by the database itself (migration guard_fixed_rows)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.db import Model, Moment
from quiz.exemplars.models import Exemplar
from quiz.law.models import LegalDocument, place_of
from quiz.rules.validity import Period


class ItemKind(enum.StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT_TEXT = "short_text"
    NUMBER = "number"
    ORDERING = "ordering"
    MATCHING = "matching"
    ESSAY = "essay"

    @property
    def has_options(self) -> bool:
        """Are options chosen among?"""
        return self in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE)

    @property
    def may_be_partial(self) -> bool:
        """Can an answer be right in part?"""
        return self in (ItemKind.MULTIPLE, ItemKind.ORDERING, ItemKind.MATCHING)


class ItemState(enum.StrEnum):
    """A live item has an approved version in use; review: its only wording so far waits for the second pair of eyes."""

    DRAFT = "draft"
    REVIEW = "review"
    LIVE = "live"
    RETIRED = "retired"


class Bank(Model):
    """A set of items with its own topics.  topics: [{"code": …, "title": …}, …] in order of display."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    topics: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment)

    items: Mapped[list[Item]] = relationship(back_populates="bank")


class Item(Model):
    """A question through all its versions. Papers draw the one that `is_live`; a retired item is drawn no more.

    From latest_number on the columns repeat its latest version (banks.standing), so that lists of 50,000 items are filtered
    and searched in one table.  pending: the latest version waits for a review.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("bank_id", "code"),
        CheckConstraint("state IN ('draft', 'review', 'live', 'retired')", name="state_known"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_has_moment"),
        Index("ix_item_bank_state", "bank_id", "state", "pending"),
        Index("ix_item_bank_topic_level", "bank_id", "topic", "level"),
        Index("ix_item_bank_document", "bank_id", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    code: Mapped[str] = mapped_column(String(60))
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(12), default=ItemState.DRAFT)
    pending: Mapped[bool] = mapped_column(default=False)
    latest_number: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20), default=ItemKind.SINGLE)
    topic: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[int] = mapped_column(default=1)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    search_text: Mapped[str] = mapped_column(Text, default="")  # indexed by word, see search.py

    bank: Mapped[Bank] = relationship(back_populates="items")
    document: Mapped[LegalDocument | None] = relationship()
    versions: Mapped[list[ItemVersion]] = relationship(back_populates="item", order_by="ItemVersion.number")
    comments: Mapped[list[ItemComment]] = relationship(order_by="ItemComment.id")

    @property
    def latest(self) -> ItemVersion:
        return self.versions[-1]

    @property
    def live_version(self) -> ItemVersion | None:
        return next((v for v in self.versions if v.is_live), None)


class ItemVersion(Model):
    """One wording of an item; immutable but for its way through review and whether it is live.

    options: texts in the author's order; for true_false always ["Đúng", "Sai"]; of an ordering the things in their right
    order; of a matching its left sides · key: numbers of right options, from 1; of a matching, for each left side the
    number of its right side · matches: right sides of a matching, which may be more than the left ones ·
    accepted: texts that are right, or numbers as rules.written keeps them · partial: may a part earn a part of the points? ·
    pinned: options that stay in their place · images: [[place, digest of a Picture, alternative text], …], place 0 the
    stem, n the option n · words: the most an essay may have · level: 1 recall, 2 understand, 3 apply ·
    valid_from, valid_until: days on which the key is right, until exclusive · origin: digest of what was imported, by
    which a second import of the same file knows the item even after people have mended it ·
    sent_at: when its author sent it to review
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint(
            "kind IN ('single', 'multiple', 'true_false', 'short_text', 'number', 'ordering', 'matching', 'essay')",
            name="kind_known",
        ),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_in_range"),
        CheckConstraint("reviewer_id IS NULL OR author_id IS NULL OR reviewer_id <> author_id", name="reviewer_not_author"),
        CheckConstraint("NOT is_live OR declined_why = ''", name="declined_not_live"),
        CheckConstraint("reviewed_at IS NULL OR sent_at IS NOT NULL", name="reviewed_was_sent"),
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until > valid_from", name="valid_until_after_from"),
        Index(
            "uq_item_version_one_live", "item_id", unique=True,
            sqlite_where=text("is_live"), postgresql_where=text("is_live"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)
    key: Mapped[list[int]] = mapped_column(JSON)
    matches: Mapped[list[str]] = mapped_column(JSON, default=list)
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)
    partial: Mapped[bool] = mapped_column(default=False)
    pinned: Mapped[list[int]] = mapped_column(JSON, default=list)
    images: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    words: Mapped[int | None]
    topic: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    explanation: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"), index=True)
    article: Mapped[str] = mapped_column(String(40), default="")
    clause: Mapped[str] = mapped_column(String(40), default="")
    point: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    exemplar: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")  # where it was imported from; ids of the facts
    origin: Mapped[str] = mapped_column(String(64), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: came with the product
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_why: Mapped[str] = mapped_column(Text, default="")  # the reviewer's reason; empty unless declined
    is_live: Mapped[bool] = mapped_column(default=False)

    item: Mapped[Item] = relationship(back_populates="versions")
    document: Mapped[LegalDocument | None] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Account | None] = relationship(foreign_keys=[reviewer_id])

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_until)

    @property
    def waits_for_review(self) -> bool:
        return self.sent_at is not None and not self.is_live and self.reviewed_at is None

    @property
    def place(self) -> str:
        return place_of(self.article, self.clause, self.point)


class Picture(Model):
    """An image of a stem or an option, encoded anew by us (quiz.pictures).  is_used: False while only an upload shows it."""

    __tablename__ = "picture"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of content, in hex
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    is_used: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)


class ItemStory(Model):
    """An item asks about an exemplar: the review of an answer shows the story beside it."""

    __tablename__ = "item_story"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(
        ForeignKey("exemplar.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: came with the product
    linked_at: Mapped[datetime] = mapped_column(Moment)

    exemplar: Mapped[Exemplar] = relationship()


class ItemComment(Model):
    """What people in office say to each other about an item; number: the version they had before their eyes."""

    __tablename__ = "item_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship()


class LawCheck(Model):
    """Somebody has compared an item version with a change of the law and found its key still right."""

    __tablename__ = "law_check"
    __table_args__ = (UniqueConstraint("version_id", "change_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("law_change.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship()


class KeyDoubt(Model):
    """A contest has ruled that the key of a version is not right: no later paper draws it, until a new version is in use."""

    __tablename__ = "key_doubt"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    why: Mapped[str] = mapped_column(Text)
    doubted_at: Mapped[datetime] = mapped_column(Moment)


class ItemFigures(Model):
    """How a version has done in all finished attempts (rules.statistics), as last computed; None where undefined.

    discrimination: point-biserial, corrected · index: upper less lower 27 %; both are means over divisions (rules.item_record) ·
    median_ms: time on the question, as browsers say · choices: option number → [chosen, in the upper group, in the lower
    group], of the groups with parts of attempts; "0": how many had the item · warnings: rules.statistics.ItemWarning →
    numbers of the options concerned
    """

    __tablename__ = "item_figures"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    shown: Mapped[int]
    facility: Mapped[float | None]
    discrimination: Mapped[float | None]
    index: Mapped[float | None]
    median_ms: Mapped[int | None]
    choices: Mapped[dict[str, list[float]]] = mapped_column(JSON)
    warnings: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    is_suspect: Mapped[bool]  # has warnings
    computed_at: Mapped[datetime] = mapped_column(Moment)


class ImportDraft(Model):
    """An uploaded file between its report and its commit; kept in the database, because workers share no disk.

    report: counts and problems of the file as a whole · defaults: topic, level and document for items that name none ·
    deleted, with its rows, when committed or dropped
    """

    __tablename__ = "import_draft"
    __table_args__ = {"sqlite_autoincrement": True}  # an old tab must not decide on another upload

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # becomes the author of what is committed
    file_name: Mapped[str] = mapped_column(String(300))
    file_sha256: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20))
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)

    bank: Mapped[Bank] = relationship()
    account: Mapped[Account] = relationship()


class ImportRow(Model):
    """One item of an upload, as understood so far.

    number: from 1, in the order of the file · place: where in the file · key_text: the key as the file writes it ·
    wording: Wording.to_json · problems: Problem.to_json each · worst: the gravest severity among them, "" without any ·
    origin: digest of what the file says · is_mended: a person has changed it on the page
    """

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("draft_id", "number"), Index("ix_import_row_draft_worst", "draft_id", "worst"))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("import_draft.id", ondelete="CASCADE"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(60), default="")
    key_text: Mapped[str] = mapped_column(String(300), default="")
    wording: Mapped[dict[str, Any]] = mapped_column(JSON)
    problems: Mapped[list[list[Any]]] = mapped_column(JSON)
    worst: Mapped[str] = mapped_column(String(12), default="")
    origin: Mapped[str] = mapped_column(String(64))
    is_mended: Mapped[bool] = mapped_column(default=False)
