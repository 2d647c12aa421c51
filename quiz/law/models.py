"""Tables of the law library."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from quiz.db import Model
from quiz.rules.validity import Period
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


class LegalDocument(Model):
    """A law, decree, circular, plan or historical source. Days are local; `expires_on` is the first day out of force.

    questioned_from: first day from which a change of unknown content makes the text doubtful
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
    search_text: Mapped[str] = mapped_column(Text, default="")  # kept by the listener below

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


@event.listens_for(LegalDocument, "before_insert")
@event.listens_for(LegalDocument, "before_update")
def _fill_search_text(_mapper: Any, _connection: Any, document: LegalDocument) -> None:
    document.search_text = plain(f"{document.number} {document.kind or ''} {document.title} {document.issuer or ''}")
