"""Reads of items by the law they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from quiz.banks.doubts import doubts, place_of_version
from quiz.banks.models import Bank, Item, ItemState, ItemVersion
from quiz.db import db
from quiz.law.models import LawChange, LegalDocument


@dataclass(frozen=True, slots=True)
class RestingItem:
    """An item with the version by which it rests on a document: the one in use, else the latest.

    open_changes: those it has not been checked against
    """

    bank: Bank
    item: Item
    version: ItemVersion
    open_changes: list[LawChange]


def items_on(document: LegalDocument, *, limit: int, offset: int = 0) -> tuple[list[RestingItem], int]:
    """A page of the items that rest on the document, by bank and code, retired ones among them; how many in all."""
    shown = or_(ItemVersion.is_live, and_(Item.state != ItemState.LIVE, ItemVersion.number == Item.latest_number))
    found = (
        select(Bank, Item, ItemVersion)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.document_id == document.id, shown)
    )
    in_all = db.session.scalar(select(func.count()).select_from(found.with_only_columns(Item.id).subquery())) or 0
    rows = db.session.execute(found.order_by(Bank.title, Item.code).limit(limit).offset(offset))
    known = doubts()
    return [RestingItem(b, i, v, known.of(v.id, v.document_id, place_of_version(v))) for b, i, v in rows], in_all
