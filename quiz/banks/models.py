"""Tables of banks. Versions are guarded against change by the database itself (migration guard_fixed_rows)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.db import Model, Moment
from quiz.law.models import LegalDocument
from quiz.rules.validity import Period
from quiz.text import plain


class ItemKind(enum.StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class ItemState(enum.StrEnum):
    """Derived: a draft has no approved version yet, a live item has one."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


def place_of(article: str, clause: str, point: str) -> str:
    """ "Điểm a khoản 2 Điều 5": where in the document, or nothing when only the document is cited."""
    parts = [("điểm", point), ("khoản", clause), ("Điều", article)]
    text = " ".join(f"{word} {value}" for word, value in parts if value)
    return text[:1].upper() + text[1:]


def _search_text(context: Any) -> str:
    values = context.get_current_parameters()
    return plain(" ".join([values["stem"], *values["options"]]))


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
    """A question through all its versions. Papers draw the one that `is_live`; a retired item is drawn no more."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    code: Mapped[str] = mapped_column(String(60))
    retired_at: Mapped[datetime | None] = mapped_column(Moment)

    bank: Mapped[Bank] = relationship(back_populates="items")
    versions: Mapped[list[ItemVersion]] = relationship(back_populates="item", order_by="ItemVersion.number")

    @property
    def latest(self) -> ItemVersion:
        return self.versions[-1]

    @property
    def live_version(self) -> ItemVersion | None:
        return next((v for v in self.versions if v.is_live), None)

    @property
    def state(self) -> ItemState:
        if self.retired_at is not None:
            return ItemState.RETIRED
        return ItemState.LIVE if self.live_version else ItemState.DRAFT


class ItemVersion(Model):
    """One wording of an item; immutable but for its review and whether it is live.

    options: texts in the author's order; for true_false always ["Đúng", "Sai"] · key: numbers of right options, from 1 ·
    level: 1 recall, 2 understand, 3 apply · valid_from, valid_until: days on which the key is right, until exclusive
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("kind IN ('single', 'multiple', 'true_false')", name="kind_known"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_in_range"),
        CheckConstraint("reviewer_id IS NULL OR author_id IS NULL OR reviewer_id <> author_id", name="reviewer_not_author"),
        CheckConstraint("NOT is_live OR declined_why = ''", name="declined_not_live"),
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until > valid_from", name="valid_until_after_from"),
        Index("ix_item_version_topic_level", "topic", "level"),
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
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: came with the product
    created_at: Mapped[datetime] = mapped_column(Moment)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_why: Mapped[str] = mapped_column(Text, default="")  # the reviewer's reason; empty unless declined
    is_live: Mapped[bool] = mapped_column(default=False)
    # derived from stem and options, so it may be rebuilt, unlike the wording
    search_text: Mapped[str] = mapped_column(Text, default=_search_text)

    item: Mapped[Item] = relationship(back_populates="versions")
    document: Mapped[LegalDocument | None] = relationship()
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[Account | None] = relationship(foreign_keys=[reviewer_id])

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_until)

    @property
    def shuffles(self) -> bool:
        """May the order of options change? True and false stay where readers expect them."""
        return self.kind != ItemKind.TRUE_FALSE

    @property
    def waits_for_review(self) -> bool:
        return not self.is_live and self.reviewed_at is None

    @property
    def place(self) -> str:
        return place_of(self.article, self.clause, self.point)


class ImportDraft(Model):
    """An uploaded file between its report and its commit; kept in the database, because workers share no disk.

    rows: what was read, one object a row, with its problems (banks/drafts) · report: counts and problems of the file
    as a whole · deleted when committed or dropped
    """

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # becomes the author of what is committed
    file_name: Mapped[str] = mapped_column(String(300))
    file_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)  # megabytes; lists do without
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)

    bank: Mapped[Bank] = relationship()
    account: Mapped[Account] = relationship()
