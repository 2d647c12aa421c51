"""Reads of the law library."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from quiz.db import db
from quiz.law.models import DocumentState, LawChange, LegalDocument, Provision
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


def documents_by_number(numbers: Collection[str]) -> dict[str, LegalDocument]:
    """Those of these numbers that the library has, by number."""
    found = db.session.scalars(select(_D).where(_D.number.in_(list(numbers))))
    return {document.number: document for document in found}


def change_by_id(change_id: int) -> LawChange | None:
    return db.session.get(LawChange, change_id)


def changes_made_by(document: LegalDocument) -> Sequence[LawChange]:
    """What this document changes in others, the earliest first."""
    return db.session.scalars(
        select(LawChange)
        .where(LawChange.by_number == document.number)
        .options(joinedload(LawChange.document))
        .order_by(LawChange.from_on, LawChange.id)
    ).all()


def provision_by_id(provision_id: int) -> Provision | None:
    return db.session.get(Provision, provision_id)


def provision_at(document: LegalDocument, article: str, clause: str, point: str) -> Provision | None:
    return db.session.scalars(
        select(Provision).filter_by(document_id=document.id, article=article, clause=clause, point=point)
    ).one_or_none()


def provision_terms() -> dict[int, list[Provision]]:
    """document id → its provisions that have a period of their own."""
    found: dict[int, list[Provision]] = {}
    dated = or_(Provision.effective_on.is_not(None), Provision.expires_on.is_not(None))
    for provision in db.session.scalars(select(Provision).where(dated).order_by(Provision.id)):
        found.setdefault(provision.document_id, []).append(provision)
    return found
