"""Reads of the figures of papers and items."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from quiz.banks.figures import choices
from quiz.banks.models import Bank, Item, ItemVersion
from quiz.contests.models import Contest, ContestState, Division
from quiz.db import db
from quiz.reports.models import PaperFigures
from quiz.rules.item_record import ItemRecord, figures_of
from quiz.rules.statistics import ItemFigures


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item version with its figures in one division.

    version: id, number, kind, stem, options and key of the version, item_code, bank_code · choices: as in banks' ItemFigures ·
    warnings: rules.statistics.ItemWarning → numbers of the options concerned
    """

    version: Any
    figures: ItemFigures
    choices: Mapping[str, Sequence[float]]
    warnings: Mapping[str, Sequence[int]]


def opened_divisions(slug: str | None) -> Sequence[Division]:
    """Divisions of all contests that were opened, or of one, with their contests."""
    found = select(Division).join(Division.contest).where(Contest.state == ContestState.OPEN)
    if slug is not None:
        found = found.where(Contest.slug == slug)
    return db.session.scalars(found.options(joinedload(Division.contest)).order_by(Contest.id, Division.position)).all()


def figures_of_division(division_id: int) -> PaperFigures | None:
    """With its items."""
    return db.session.scalars(
        select(PaperFigures).where(PaperFigures.division_id == division_id).options(undefer(PaperFigures.items))
    ).one_or_none()


def item_rows(items: Sequence[Mapping[str, Any]]) -> list[ItemRow]:
    """Some of the items of a division's figures, in the same order."""
    versions = _versions([item["version"] for item in items])
    return [_row(item, versions[item["version"]]) for item in items]


def _row(item: Mapping[str, Any], version: Any) -> ItemRow:
    kept = ItemRecord.from_json(item)
    return ItemRow(version, figures_of(kept), choices(kept), item["warnings"])


def _versions(ids: Collection[int]) -> dict[int, Any]:
    """Version id → what pages show of it."""
    v = ItemVersion
    columns = (
        select(
            v.id, v.number, v.kind, v.stem, v.options, v.key, Item.code.label("item_code"), Bank.code.label("bank_code")
        )
        .join(Item, Item.id == v.item_id)
        .join(Bank, Bank.id == Item.bank_id)
    )
    wanted = list(ids)
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), 500):
        rows = db.session.execute(columns.where(v.id.in_(wanted[start : start + 500])))
        found |= {row.id: row for row in rows}
    return found
