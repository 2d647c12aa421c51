"""Items in doubt: by changes of the law to what they rest on, until somebody has checked them, and by rulings on their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz import journal
from quiz.banks.models import Bank, Item, ItemVersion, KeyDoubt, LawCheck
from quiz.db import db, insert_unless_taken
from quiz.law.models import LawChange
from quiz.rules.validity import Place


@dataclass(frozen=True, slots=True)
class Doubts:
    """Every recorded change by the document it touches, and which version has been checked against which change."""

    by_document: dict[int, list[LawChange]]
    checked: frozenset[tuple[int, int]]  # (version id, change id)

    def of(self, version_id: int, document_id: int | None, place: Place) -> list[LawChange]:
        """The changes that touch what the version cites and that nobody has checked it against, the earliest first."""
        changes = self.by_document.get(document_id, ()) if document_id is not None else ()
        return [c for c in changes if (version_id, c.id) not in self.checked and c.concerns(place)]

    def days_of(self, version_id: int, document_id: int | None, place: Place) -> list[date]:
        return [change.from_on for change in self.of(version_id, document_id, place)]


def doubts() -> Doubts:
    """All of them: documents that change are few."""
    by_document: dict[int, list[LawChange]] = {}
    for change in db.session.scalars(select(LawChange).order_by(LawChange.from_on, LawChange.id)):
        by_document.setdefault(change.document_id, []).append(change)
    checked = db.session.execute(select(LawCheck.version_id, LawCheck.change_id)) if by_document else ()
    return Doubts(by_document, frozenset((row.version_id, row.change_id) for row in checked))


def place_of_version(version: ItemVersion) -> Place:
    return Place(version.article, version.clause, version.point)


def open_changes(version: ItemVersion) -> list[LawChange]:
    """The changes that keep this version out of papers from their days on."""
    return doubts().of(version.id, version.document_id, place_of_version(version))


@dataclass(frozen=True, slots=True)
class Affected:
    """An item in use that a change touches.  check: by whom it has been checked since, or None while it is in doubt."""

    bank: Bank
    item: Item
    version: ItemVersion
    check: LawCheck | None


def affected_by(change: LawChange) -> list[Affected]:
    """Items in use whose live wording cites what the change touches, by bank and code."""
    rows = db.session.execute(
        select(Bank, Item, ItemVersion, LawCheck)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .outerjoin(LawCheck, (LawCheck.version_id == ItemVersion.id) & (LawCheck.change_id == change.id))
        .where(ItemVersion.document_id == change.document_id, ItemVersion.is_live, Item.retired_at.is_(None))
        .options(joinedload(LawCheck.account))
        .order_by(Bank.title, Item.code)
    )
    return [Affected(*row) for row in rows if change.concerns(place_of_version(row.ItemVersion))]


def note_checks(
    version: ItemVersion, changes: Iterable[LawChange], by: journal.Actor, *, now: datetime, why: str = ""
) -> Sequence[LawChange]:
    """Keep that somebody has compared the version with these changes; gives those that were new."""
    return [
        change
        for change in changes
        if insert_unless_taken(
            LawCheck(version_id=version.id, change_id=change.id, account_id=by.id, why=why, checked_at=now)
        )
    ]


def doubt_key(version_id: int, *, why: str, now: datetime) -> None:
    """A contest has ruled on the key of a version: contests that open from now on do not draw it."""
    if db.session.get(KeyDoubt, version_id) is None:
        db.session.add(KeyDoubt(version_id=version_id, why=why, doubted_at=now))
        db.session.flush()


def key_doubts(version_ids: Collection[int]) -> dict[int, KeyDoubt]:
    """Version id → the doubt about its key, of those that are in doubt."""
    found = db.session.scalars(select(KeyDoubt).where(KeyDoubt.version_id.in_(version_ids)))
    return {doubt.version_id: doubt for doubt in found}
