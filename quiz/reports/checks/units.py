"""Collective results: sheets of units, and what judges gave units for quality."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from quiz.ranking import unit_sheets
from quiz.ranking.unit_models import FORM, UnitQuality, UnitSheet, UnitStanding
from quiz.ranking.unit_working import digest
from quiz.reports.checks.told import Faults, Look, by

_ROW = (
    "position", "unit_id", "place", "tied", "value", "name", "block", "prize", "contested", "tally", "stated", "steps",
)  # fmt: skip


def sheets_of_units(look: Look) -> Faults:
    there = set()
    for sheet in look.rows(UnitSheet):
        there.add(sheet.id)
        yield from look.at(sheet, _sheet)
    for sheet_id in look.told("unit_sheet.made"):
        if sheet_id not in there:
            yield f"unit_sheet {sheet_id}: is gone"


def _sheet(look: Look, sheet: UnitSheet) -> Faults:
    made = look.last(sheet.id, "unit_sheet.made")
    if made is None:
        yield f"unit_sheet {sheet.id}: nobody made it"
        return
    stated = unit_sheets.told(sheet)
    said = {name: made.after.get(name, value) for name, value in stated.items()}
    if (stated, sheet.form, sheet.made_at, sheet.made_by_id) != (said, FORM, *by(made)):
        yield f"unit_sheet {sheet.id}: not as it was made"
    rows = [
        {name: getattr(row, name) for name in _ROW}
        for row in look.rows(UnitStanding, UnitStanding.sheet_id == sheet.id)
    ]
    if digest(sheet.rules, rows) != made.after["digest"]:
        yield f"unit_standing of unit_sheet {sheet.id}: rules or rows do not fit the digest that the journal has"
    if (sheet.published_at, sheet.published_by_id) != by(look.last(sheet.id, "unit_sheet.published")):
        yield f"unit_sheet {sheet.id}: published without the journal, or the other way round"


def qualities(look: Look) -> Faults:
    """Points for quality, of which the last ones count."""
    rows: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for q in look.rows(UnitQuality):
        rows[q.contest_id, q.scope, q.code, q.unit_id].append((q.number, q.points, q.note, q.given_at, q.given_by_id))
    said: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for contest_id, records in look.told("unit_quality.given").items():
        for record in records:
            for unit_id, (points, note) in record.after["units"].items():
                of_unit = said[contest_id, record.after["scope"], record.after["code"], int(unit_id)]
                of_unit.append((len(of_unit) + 1, points, note, *by(record)))
    for key in sorted(rows.keys() | said.keys()):
        if sorted(rows[key]) != said[key]:
            yield f"unit_quality of unit {key[-1]} in contest {key[0]}: not what judges gave"
