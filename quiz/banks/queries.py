"""Reads of banks."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import defer, joinedload, load_only, selectinload, undefer

from quiz.banks.doubts import doubts
from quiz.banks.models import Bank, ImportDraft, ImportRow, Item, ItemFigures, ItemKind, ItemVersion, KeyDoubt, Picture
from quiz.banks.search import has_words, words
from quiz.db import db
from quiz.law.models import LegalDocument
from quiz.law.queries import provision_terms
from quiz.rules.drawing import ESSAY, Candidate
from quiz.rules.statistics import TOO_EASY_ABOVE, TOO_HARD_BELOW
from quiz.rules.validity import Period, Place, drawable, lies_in


def candidates(
    bank_codes: Collection[str], law_date: date, *, essays: bool = False, only: int | None = None
) -> list[Candidate]:
    """What papers may draw from these banks on the law date.

    Live versions of items in use, whose provision holds and is not in doubt, nor is their key.  essays: also those, which people mark · only:
    id of the one version that is asked about
    """
    v, d = ItemVersion, LegalDocument
    kinds = () if essays else (v.kind != ItemKind.ESSAY,)
    if only is not None:
        kinds = (*kinds, v.id == only)
    rows = db.session.execute(
        select(
            v.id, Bank.code, v.topic, v.level, v.options, v.matches, v.kind, v.pinned, v.valid_from, v.valid_until,
            v.document_id, v.article, v.clause, v.point, d.effective_on, d.expires_on,
        )
        .join(Item, Item.id == v.item_id)
        .join(Bank, Bank.id == Item.bank_id)
        .outerjoin(d, d.id == v.document_id)
        .where(Bank.code.in_(list(bank_codes)), v.is_live, Item.retired_at.is_(None), v.id.not_in(select(KeyDoubt.version_id)), *kinds)
        .order_by(v.id)
    )  # fmt: skip
    doubted, terms = doubts(), provision_terms()
    return [
        candidate_of(r)
        for r in rows
        if drawable(
            Period(r.valid_from, r.valid_until),
            Period(r.effective_on, r.expires_on) if r.document_id is not None else None,
            doubted.days_of(r.id, r.document_id, place := Place(r.article, r.clause, r.point)),
            law_date,
        )
        and all(p.period.holds_on(law_date) for p in terms.get(r.document_id, ()) if lies_in(place, p.place))
    ]


def wrote_any(account_id: int, version_ids: Collection[int]) -> bool:
    """Is somebody the author or the reviewer of one of these versions?"""
    v, ids = ItemVersion, sorted(version_ids)
    own = select(v.id).where(or_(v.author_id == account_id, v.reviewer_id == account_id)).limit(1)
    return any(
        db.session.scalar(own.where(v.id.in_(ids[start : start + 500]))) is not None
        for start in range(0, len(ids), 500)
    )


def candidate_of(row: Any) -> Candidate:
    """row: has id, code of the bank, topic, level, kind, options, matches and pinned of a version."""
    if row.kind == ItemKind.ESSAY:
        return Candidate(row.id, row.code, row.topic, ESSAY, 0)
    shuffled = row.matches if row.kind == ItemKind.MATCHING else row.options
    return Candidate(
        row.id, row.code, row.topic, row.level, len(shuffled), row.kind != ItemKind.TRUE_FALSE, tuple(row.pinned)
    )


class ItemFilter(enum.StrEnum):
    """What the list of a bank may be narrowed to. PENDING: its latest version waits for a review."""

    PENDING = "pending"
    LIVE = "live"
    REVIEW = "review"
    DRAFT = "draft"
    RETIRED = "retired"


class FiguresFilter(enum.StrEnum):
    """What is known of an item's use. Thresholds of facility: rules.statistics."""

    UNUSED = "unused"
    SUSPECT = "suspect"
    HARD = "hard"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Counts:
    """Items of a bank by state; pending ones are counted again in their state."""

    live: int = 0
    review: int = 0
    draft: int = 0
    retired: int = 0
    pending: int = 0

    @property
    def items(self) -> int:
        return self.live + self.review + self.draft + self.retired


def banks_with_counts() -> list[tuple[Bank, Counts]]:
    """All banks by title, each with the number of its items by state."""
    counts = _counts()
    banks = db.session.scalars(select(Bank).order_by(Bank.title, Bank.code))
    return [(bank, counts.get(bank.id, Counts())) for bank in banks]


def counts_of(bank: Bank) -> Counts:
    return _counts(Item.bank_id == bank.id).get(bank.id, Counts())


def _counts(*narrow: ColumnElement[bool]) -> dict[int, Counts]:
    rows = db.session.execute(
        select(Item.bank_id, Item.state, Item.pending, func.count())
        .where(*narrow)
        .group_by(Item.bank_id, Item.state, Item.pending)
    )
    found: dict[int, dict[str, int]] = {}
    for bank_id, state, pending, count in rows:
        of_bank = found.setdefault(bank_id, {})
        for name in (state, "pending") if pending else (state,):
            of_bank[name] = of_bank.get(name, 0) + count
    return {bank_id: Counts(**counts) for bank_id, counts in found.items()}


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
    document_id: int | None = None
    figures: FiguresFilter | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of the list: an item with its latest version and the figures of its use, if there are any."""

    item: Item
    version: ItemVersion
    figures: ItemFigures | None


def items(bank: Bank, search: ItemSearch, *, limit: int, offset: int = 0) -> tuple[list[ItemLine], int]:
    """A page of the bank's items by code, and how many the search finds in all."""
    ids, in_all = _page(found_ids(bank, search), limit, offset)
    rows = db.session.execute(
        select(Item, ItemVersion, ItemFigures)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.latest_number))
        .outerjoin(ItemFigures, ItemFigures.version_id == ItemVersion.id)
        .where(Item.id.in_(ids))
        .options(defer(Item.search_text), load_only(*_ON_A_LINE), joinedload(ItemVersion.document))
        .order_by(Item.code)
    )
    return [ItemLine(*row) for row in rows], in_all


# of a version, what a line of the list says; the rest is JSON that would have to be read
_ON_A_LINE = (
    ItemVersion.stem, ItemVersion.kind, ItemVersion.topic, ItemVersion.level, ItemVersion.document_id, ItemVersion.article,
    ItemVersion.clause, ItemVersion.point, ItemVersion.valid_until, ItemVersion.declined_why,
)  # fmt: skip


def _page(found: Select[Any], limit: int, offset: int) -> tuple[Sequence[int], int]:
    """Ids of one page in order of their codes, and how many are found in all."""
    in_all = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    whole = found.add_columns(Item.code)
    if in_all > _FEW:
        return _far_page(whole.subquery(), limit, offset, in_all), in_all
    # found first and ordered then: PostgreSQL would rather go through all codes and look for the words in each item
    few = whole.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return db.session.scalars(select(few.c.id).order_by(few.c.code).limit(limit).offset(offset)).all(), in_all


_FEW = 5_000  # so many are ordered at once; more are rather taken in the order of the index


def _far_page(whole: Subquery, limit: int, offset: int, in_all: int) -> Sequence[int]:
    """A page of many, counted from the nearer end: what lies before it has to be walked."""
    if offset <= in_all // 2:
        return db.session.scalars(select(whole.c.id).order_by(whole.c.code).limit(limit).offset(offset)).all()
    here = max(0, min(limit, in_all - offset))
    behind = max(0, in_all - offset - here)
    page = select(whole.c.id).order_by(whole.c.code.desc()).limit(here).offset(behind)
    return list(reversed(db.session.scalars(page).all()))


def found_ids(bank: Bank, search: ItemSearch) -> Select[Any]:
    """Ids of the bank's items that the search finds."""
    found = select(Item.id).where(Item.bank_id == bank.id)
    if words(search.text):
        found = found.where(has_words(search.text))
    if search.topic:
        found = found.where(Item.topic == search.topic)
    if search.level is not None:
        found = found.where(Item.level == search.level)
    if search.kind is not None:
        found = found.where(Item.kind == search.kind)
    if search.document_id is not None:
        found = found.where(Item.document_id == search.document_id)
    if search.state is not None:
        pending = search.state == ItemFilter.PENDING
        found = found.where(Item.pending if pending else Item.state == search.state.value)
    if search.figures is not None:
        found = found.where(_figures_are(search.figures))
    return found


def _figures_are(wanted: FiguresFilter) -> ColumnElement[bool]:
    """Over the figures of any version of the item that has been shown."""
    shown = select(ItemVersion.item_id).join(ItemFigures, ItemFigures.version_id == ItemVersion.id)
    match wanted:
        case FiguresFilter.UNUSED:
            return Item.id.not_in(shown)
        case FiguresFilter.SUSPECT:
            return Item.id.in_(shown.where(ItemFigures.is_suspect))
        case FiguresFilter.HARD:
            return Item.id.in_(shown.where(ItemFigures.facility < TOO_HARD_BELOW))
        case FiguresFilter.EASY:
            return Item.id.in_(shown.where(ItemFigures.facility > TOO_EASY_ABOVE))


def items_by_id(bank: Bank, ids: Collection[int]) -> Sequence[Item]:
    """Items of this bank among the ids, with their versions."""
    return db.session.scalars(
        select(Item)
        .where(Item.bank_id == bank.id, Item.id.in_(list(ids)))
        .options(selectinload(Item.versions))
        .order_by(Item.code)
    ).all()


def found_items(bank: Bank, search: ItemSearch, *, limit: int) -> Sequence[Item]:
    """The first items that the search finds, by code, with their versions."""
    ids = db.session.scalars(found_ids(bank, search).order_by(Item.code).limit(limit)).all()
    return items_by_id(bank, ids)


def documents_of(bank: Bank) -> Sequence[LegalDocument]:
    """The documents that items of the bank cite, by number."""
    cited = select(Item.document_id).where(Item.bank_id == bank.id, Item.document_id.is_not(None)).distinct()
    return db.session.scalars(
        select(LegalDocument).where(LegalDocument.id.in_(cited)).order_by(LegalDocument.number)
    ).all()


def figures_of(version_id: int) -> ItemFigures | None:
    return db.session.get(ItemFigures, version_id)


def item_ids(bank: Bank, codes: Sequence[str]) -> dict[str, int]:
    """Code → id of the bank's items among the codes."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        some = Item.code.in_(codes[start : start + 500])
        rows = db.session.execute(select(Item.code, Item.id).where(Item.bank_id == bank.id, some))
        found |= {row.code: row.id for row in rows}
    return found


def items_by_code(bank: Bank, codes: Sequence[str]) -> Sequence[Item]:
    """Items of this bank among the codes, with their versions."""
    found: list[Item] = []
    for start in range(0, len(codes), 500):
        some = Item.code.in_(codes[start : start + 500])
        found += db.session.scalars(
            select(Item).where(Item.bank_id == bank.id, some).options(selectinload(Item.versions))
        )
    return found


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


class RowFilter(enum.StrEnum):
    """What the report of an upload may be narrowed to."""

    LOOK = "look"  # undecided, or worth a look
    ERROR = "error"
    WRITABLE = "writable"
    KNOWN = "known"
    ALL = "all"


def rows_of(draft: ImportDraft, filter_: RowFilter, *, limit: int, offset: int = 0) -> Sequence[ImportRow]:
    """A page of an upload's rows, in order of the file."""
    found = select(ImportRow).where(ImportRow.draft_id == draft.id, *_ROWS[filter_])
    return db.session.scalars(found.order_by(ImportRow.number).limit(limit).offset(offset)).all()


_ROWS: dict[RowFilter, tuple[ColumnElement[bool], ...]] = {
    RowFilter.LOOK: (ImportRow.worst.in_(["error", "warning"]),),
    RowFilter.ERROR: (ImportRow.worst == "error",),
    RowFilter.WRITABLE: (ImportRow.worst.not_in(["error", "known"]),),
    RowFilter.KNOWN: (ImportRow.worst == "known",),
    RowFilter.ALL: (),
}


def row_of(draft_id: int, number: int) -> ImportRow | None:
    return db.session.scalars(
        select(ImportRow).where(ImportRow.draft_id == draft_id, ImportRow.number == number)
    ).one_or_none()


def draft_by_id(draft_id: int) -> ImportDraft | None:
    return db.session.get(ImportDraft, draft_id)


@lru_cache(maxsize=10_000)
def _size_of_kept(digest: str) -> tuple[int, int]:
    """Raises NoResultFound, so that nothing is remembered of a picture that may yet come."""
    width, height = db.session.execute(select(Picture.width, Picture.height).where(Picture.digest == digest)).one()
    return width, height


def picture_size(digest: str) -> tuple[int, int] | None:
    """Width and height in pixels. A digest names its content, so a worker asks once."""
    try:
        return _size_of_kept(digest)
    except NoResultFound:
        return None


def picture_by_digest(digest: str) -> Picture | None:
    """A picture with its content."""
    return db.session.scalars(
        select(Picture).where(Picture.digest == digest).options(undefer(Picture.content))
    ).one_or_none()
