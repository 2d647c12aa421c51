"""Figures of use: what attempts have shown of item versions. Counted by reports, kept here, beside the items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from quiz.banks.models import ItemFigures
from quiz.db import db
from quiz.rules.item_record import ItemRecord, figures_of
from quiz.rules.statistics import item_warnings

_STEP = 500  # ids in one statement


def record_figures(records: Mapping[int, ItemRecord | None], *, now: datetime) -> None:
    """Replace what is known of these item versions.  records: by version id; None: no attempt tells anything of it now"""
    ids = sorted(records)
    for start in range(0, len(ids), _STEP):
        some = ids[start : start + _STEP]
        db.session.execute(delete(ItemFigures).where(ItemFigures.version_id.in_(some)))
        rows = [_row(id_, of_item, now) for id_ in some if (of_item := records[id_]) is not None]
        if rows:
            db.session.execute(insert(ItemFigures), rows)


def _row(version_id: int, of_item: ItemRecord, now: datetime) -> dict[str, Any]:
    figures = figures_of(of_item)
    warnings = {name: list(options) for name, options in item_warnings(figures).items()}
    return {
        "version_id": version_id,
        "shown": figures.shown,
        "facility": figures.facility,
        "discrimination": figures.discrimination,
        "index": figures.upper_lower,
        "median_ms": None if figures.median_s is None else round(figures.median_s * 1000),
        "choices": choices(of_item),
        "warnings": warnings,
        "is_suspect": bool(warnings),
        "computed_at": now,
    }


def choices(of_item: ItemRecord) -> dict[str, list[float]]:
    """As the column `choices` of ItemFigures has them."""
    return {str(number): list(choice) for number, choice in enumerate((of_item.shown, *of_item.choices))}
