"""Tables of the law library."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.db import Model, Moment
from quiz.rules.validity import Period, Place, lies_in, touches
from quiz.text import plain


class DocumentState(enum.StrEnum):
    """Where a document stands on a day.  UNDATED: a source without a period, such as a historical text."""

    IN_FORCE = "in_force"
    QUESTIONED = "questioned"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    UNDATED = "undated"


def name_of(kind: str, number: str, title: str) -> str:
    """ "Luật Thi đua, khen thưởng số 06/2022/QH15", "Nghị định 98/2023/NĐ-CP"; without a number, the title."""
    if not number[:1].isdigit():
        return title
    # laws are called by their titles, decrees and circulars by their numbers
    return f"{kind} {number}" if kind and not title.startswith(kind) else f"{title} số {number}"


def place_of(article: str, clause: str, point: str) -> str:
    """ "Điểm a khoản 2 Điều 5": where in a document, or nothing when no article is named."""
    parts = [("điểm", point), ("khoản", clause), ("Điều", article)]
    text = " ".join(f"{word} {value}" for word, value in parts if value)
    return text[:1].upper() + text[1:]


class LegalDocument(Model):
    """A law, decree, circular, plan or historical source. Days are local; `expires_on` is the first day out of force.

    questioned_from: first day from which an amendment whose content nobody here has read touches the whole text; it repeats
    what its changes say (law.service) · link: address of the official text
    """

    __tablename__ = "legal_document"
    __table_args__ = (CheckConstraint("expires_on > effective_on", name="expires_after_effective"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(160), unique=True)  # "06/2022/QH15", or a name where none was given
    title: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(80), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    questioned_from: Mapped[date | None]
    replaced_by: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")  # kept by the listener below

    provisions: Mapped[list[Provision]] = relationship(back_populates="document", order_by="Provision.id")
    changes: Mapped[list[LawChange]] = relationship(
        back_populates="document", order_by="LawChange.from_on, LawChange.id", foreign_keys="LawChange.document_id"
    )

    @property
    def period(self) -> Period:
        return Period(self.effective_on, self.expires_on)

    @property
    def name(self) -> str:
        """What citations print."""
        return name_of(self.kind, self.number, self.title)

    def state_on(self, day: date) -> DocumentState:
        if self.expires_on is not None and day >= self.expires_on:
            return DocumentState.EXPIRED
        if self.effective_on is not None and day < self.effective_on:
            return DocumentState.NOT_YET
        if self.questioned_from is not None and day >= self.questioned_from:
            return DocumentState.QUESTIONED
        dated = self.effective_on or self.expires_on or self.questioned_from
        return DocumentState.IN_FORCE if dated else DocumentState.UNDATED

    def state_at(self, place: Place, day: date) -> DocumentState:
        """Where one place of the document stands: it may end before the rest, begin later, or be amended alone."""
        whole = self.state_on(day)
        if whole not in (DocumentState.IN_FORCE, DocumentState.UNDATED):
            return whole
        periods = [p.period for p in self.provisions if lies_in(place, p.place)]
        changes = [c for c in self.changes if c.from_on <= day and c.scope and c.concerns(place)]
        gone = [c for c in changes if c.kind != ChangeKind.AMENDED and any(lies_in(place, p) for p in c.places)]
        if gone or any(p.until is not None and p.until <= day for p in periods):
            return DocumentState.EXPIRED
        if any(p.start is not None and p.start > day for p in periods):
            return DocumentState.NOT_YET
        # part of a cited article has ended, or its new text has not been read
        if any(c.kind != ChangeKind.AMENDED or not c.is_read for c in changes):
            return DocumentState.QUESTIONED
        return whole


@event.listens_for(LegalDocument, "before_insert")
@event.listens_for(LegalDocument, "before_update")
def _fill_search_text(_mapper: Any, _connection: Any, document: LegalDocument) -> None:
    document.search_text = plain(f"{document.number} {document.kind or ''} {document.title} {document.issuer or ''}")


class ChangeKind(enum.StrEnum):
    """AMENDED: what it touches goes on with another text; REPLACED, REPEALED: what it touches ends."""

    AMENDED = "amended"
    REPLACED = "replaced"
    REPEALED = "repealed"


class Provision(Model):
    """An article, clause or point of a document, with a period of its own where it differs from the document's."""

    __tablename__ = "provision"
    __table_args__ = (
        UniqueConstraint("document_id", "article", "clause", "point"),
        CheckConstraint("article <> ''", name="names_an_article"),
        CheckConstraint("expires_on > effective_on", name="expires_after_effective"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("legal_document.id"))
    article: Mapped[str] = mapped_column(String(40))
    clause: Mapped[str] = mapped_column(String(40), default="")
    point: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    document: Mapped[LegalDocument] = relationship(back_populates="provisions")

    @property
    def place(self) -> Place:
        return Place(self.article, self.clause, self.point)

    @property
    def name(self) -> str:
        return place_of(self.article, self.clause, self.point)

    @property
    def period(self) -> Period:
        return Period(self.effective_on, self.expires_on)


class LawChange(Model):
    """A document, or some places of it, is amended, replaced or repealed from a day on.

    Items that cite a touched place are not drawn for law dates from that day until somebody has checked them against it.
    scope: [[article, clause, point], …], empty for the whole document · by_number: the changing text, in the library or not ·
    is_read: has anybody here read what it says?
    """

    __tablename__ = "law_change"
    __table_args__ = (
        UniqueConstraint("document_id", "by_number", "from_on"),
        CheckConstraint("kind IN ('amended', 'replaced', 'repealed')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("legal_document.id"))
    kind: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    by_number: Mapped[str] = mapped_column(String(160), default="")
    scope: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    is_read: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    document: Mapped[LegalDocument] = relationship(back_populates="changes", foreign_keys=[document_id])

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(Place(*parts) for parts in self.scope)

    @property
    def ends_document(self) -> bool:
        """Does the whole document end with it?  Then no check of an item helps: it must cite another document."""
        return self.kind != ChangeKind.AMENDED and not self.scope

    @property
    def scope_lines(self) -> list[str]:
        """["Khoản 2 Điều 5", …], empty for the whole document."""
        return [place_of(*parts) for parts in self.scope]

    def concerns(self, place: Place) -> bool:
        return touches(self.places, place)
