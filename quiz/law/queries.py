"""Reads of the law library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from quiz.db import db
from quiz.law.models import DocumentState, LegalDocument
from quiz.text import plain

_D = LegalDocument


def is_in_state(state: DocumentState, day: date) -> ColumnElement[bool]:
    """LegalDocument.state_on as SQL; a test compares the two."""
    expired = and_(_D.expires_on.is_not(None), _D.expires_on <= day)
    not_yet = and_(_D.effective_on.is_not(None), _D.effective_on > day)
    questioned = and_(_D.questioned_from.is_not(None), _D.questioned_from <= day)
    undated = and_(_D.effective_on.is_(None), _D.expires_on.is_(None), _D.questioned_from.is_(None))
    return {
        DocumentState.EXPIRED: expired,
        DocumentState.NOT_YET: and_(~expired, not_yet),
        DocumentState.QUESTIONED: and_(~expired, ~not_yet, questioned),
        DocumentState.UNDATED: undated,
        DocumentState.IN_FORCE: and_(~expired, ~not_yet, ~questioned, ~undated),
    }[state]


def documents(
    text: str, state: DocumentState | None, day: date, *, limit: int, offset: int = 0
) -> tuple[Sequence[LegalDocument], int]:
    """A page of documents that hold every word of `text`, the youngest first, and how many there are in all."""
    found = select(_D)
    for word in plain(text).split():
        found = found.where(_D.search_text.contains(word, autoescape=True))
    if state is not None:
        found = found.where(is_in_state(state, day))
    in_all = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    age = func.coalesce(_D.issued_on, _D.effective_on, date.min)
    page = db.session.scalars(found.order_by(age.desc(), _D.number).limit(limit).offset(offset)).all()
    return page, in_all


def document_by_id(document_id: int) -> LegalDocument | None:
    return db.session.get(LegalDocument, document_id)


def document_by_number(number: str) -> LegalDocument | None:
    return db.session.scalars(select(_D).where(_D.number == number)).one_or_none()


def replaced_by(document: LegalDocument) -> Sequence[LegalDocument]:
    """The documents that this one took the place of."""
    return db.session.scalars(select(_D).where(_D.replaced_by == document.number).order_by(_D.number)).all()


def all_documents() -> Sequence[LegalDocument]:
    return db.session.scalars(select(_D).order_by(_D.number)).all()
