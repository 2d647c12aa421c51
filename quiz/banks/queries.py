"""Reads of banks."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.banks.models import Bank, ImportDraft, Item, ItemKind, ItemState, ItemVersion
from quiz.db import db
from quiz.law.models import LegalDocument
from quiz.rules.drawing import Candidate
from quiz.rules.validity import Period, drawable
from quiz.text import plain


def candidates(bank_codes: Collection[str], law_date: date) -> list[Candidate]:
    """What papers may draw from these banks: live versions of items in use whose provision holds on the law date."""
    v, d = ItemVersion, LegalDocument
    rows = db.session.execute(
        select(
            v.id, Bank.code, v.topic, v.level, v.options, v.kind, v.valid_from, v.valid_until, v.document_id,
            d.effective_on, d.expires_on, d.questioned_from,
        )
        .join(Item, Item.id == v.item_id)
        .join(Bank, Bank.id == Item.bank_id)
        .outerjoin(d, d.id == v.document_id)
        .where(Bank.code.in_(list(bank_codes)), v.is_live, Item.retired_at.is_(None))
        .order_by(v.id)
    )  # fmt: skip
    return [
        Candidate(r.id, r.code, r.topic, r.level, len(r.options), shuffle=r.kind != ItemKind.TRUE_FALSE)
        for r in rows
        if drawable(
            Period(r.valid_from, r.valid_until),
            Period(r.effective_on, r.expires_on) if r.document_id is not None else None,
            r.questioned_from,
            law_date,
        )
    ]


class ItemFilter(enum.StrEnum):
    """What the list of a bank may be narrowed to. PENDING: its latest version waits for a review."""

    PENDING = "pending"
    LIVE = "live"
    DRAFT = "draft"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Counts:
    """Items of a bank by state; pending ones are counted again in their state."""

    live: int = 0
    draft: int = 0
    retired: int = 0
    pending: int = 0

    @property
    def items(self) -> int:
        return self.live + self.draft + self.retired


_LATEST = ItemVersion.number == (
    select(func.max(ItemVersion.number)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
)


def _has_live() -> ColumnElement[bool]:
    version = ItemVersion.__table__.alias("live_one")
    return exists().where(version.c.item_id == Item.id, version.c.is_live)


def is_in(state: ItemFilter) -> ColumnElement[bool]:
    """Item.state, and whether a review is due, as SQL over an item joined with its latest version."""
    used = Item.retired_at.is_(None)
    return {
        ItemFilter.PENDING: and_(used, ~ItemVersion.is_live, ItemVersion.reviewed_at.is_(None)),
        ItemFilter.LIVE: and_(used, _has_live()),
        ItemFilter.DRAFT: and_(used, ~_has_live()),
        ItemFilter.RETIRED: ~used,
    }[state]


def banks_with_counts() -> list[tuple[Bank, Counts]]:
    """All banks by title, each with the number of its items by state."""
    columns = [func.count().filter(is_in(state)).label(state) for state in ItemFilter]
    rows = db.session.execute(
        select(Item.bank_id, *columns)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, _LATEST))
        .group_by(Item.bank_id)
    )
    counts = {r.bank_id: Counts(live=r.live, draft=r.draft, retired=r.retired, pending=r.pending) for r in rows}
    banks = db.session.scalars(select(Bank).order_by(Bank.title, Bank.code))
    return [(bank, counts.get(bank.id, Counts())) for bank in banks]


def counts_of(bank: Bank) -> Counts:
    columns = [func.count().filter(is_in(state)).label(state) for state in ItemFilter]
    r = db.session.execute(
        select(*columns)
        .select_from(Item)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, _LATEST))
        .where(Item.bank_id == bank.id)
    ).one()
    return Counts(live=r.live, draft=r.draft, retired=r.retired, pending=r.pending)


def bank_by_code(code: str) -> Bank | None:
    return db.session.scalars(select(Bank).where(Bank.code == code)).one_or_none()


def item_by_code(bank_code: str, code: str) -> Item | None:
    """An item with its bank and all versions, their documents, authors and reviewers."""
    versions = selectinload(Item.versions)
    return db.session.scalars(
        select(Item)
        .join(Bank)
        .where(Bank.code == bank_code, Item.code == code)
        .options(
            joinedload(Item.bank),
            versions.joinedload(ItemVersion.document),
            versions.joinedload(ItemVersion.author),
            versions.joinedload(ItemVersion.reviewer),
        )
    ).one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSearch:
    """What the list of a bank shows; empty values do not narrow it."""

    text: str = ""
    topic: str = ""
    level: int | None = None
    kind: ItemKind | None = None
    state: ItemFilter | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of the list: an item with its latest version.  pending: that version waits for a review."""

    item: Item
    version: ItemVersion
    state: ItemState
    pending: bool


def items(bank: Bank, search: ItemSearch, *, limit: int, offset: int = 0) -> tuple[list[ItemLine], int]:
    """A page of the bank's items by code, and how many the search finds in all."""
    found = _narrow(
        select(Item, ItemVersion, _has_live().label("has_live"))
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, _LATEST))
        .where(Item.bank_id == bank.id),
        search,
    )
    in_all = db.session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = db.session.execute(
        found.options(joinedload(ItemVersion.document)).order_by(Item.code, Item.id).limit(limit).offset(offset)
    )
    return [_line(item, version, has_live) for item, version, has_live in rows], in_all


def _narrow(found: Select, search: ItemSearch) -> Select:
    for word in plain(search.text).split():
        found = found.where(
            or_(
                ItemVersion.search_text.contains(word, autoescape=True),
                func.lower(Item.code).contains(word, autoescape=True),
            )
        )
    if search.topic:
        found = found.where(ItemVersion.topic == search.topic)
    if search.level is not None:
        found = found.where(ItemVersion.level == search.level)
    if search.kind is not None:
        found = found.where(ItemVersion.kind == search.kind)
    if search.state is not None:
        found = found.where(is_in(search.state))
    return found


def _line(item: Item, version: ItemVersion, has_live: bool) -> ItemLine:
    state = ItemState.RETIRED if item.retired_at else ItemState.LIVE if has_live else ItemState.DRAFT
    return ItemLine(item, version, state, pending=item.retired_at is None and version.waits_for_review)


def items_by_id(bank: Bank, ids: Collection[int]) -> Sequence[Item]:
    """Items of this bank among the ids, with their versions."""
    return db.session.scalars(
        select(Item)
        .where(Item.bank_id == bank.id, Item.id.in_(list(ids)))
        .options(selectinload(Item.versions))
        .order_by(Item.code)
    ).all()


def items_with_versions(bank: Bank) -> Sequence[Item]:
    """All items of a bank by code, with versions and their documents: for exports and imports."""
    return db.session.scalars(
        select(Item)
        .where(Item.bank_id == bank.id)
        .options(selectinload(Item.versions).joinedload(ItemVersion.document))
        .order_by(Item.code)
    ).all()


def drafts_of(bank: Bank) -> Sequence[ImportDraft]:
    """Uploads that wait for a decision, without their rows."""
    return db.session.scalars(
        select(ImportDraft)
        .where(ImportDraft.bank_id == bank.id)
        .order_by(ImportDraft.created_at.desc(), ImportDraft.id.desc())
    ).all()


def draft_by_id(draft_id: int) -> ImportDraft | None:
    return db.session.get(ImportDraft, draft_id)
