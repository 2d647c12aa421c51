"""The table of items in a workbook that a guard has passed: values only, no formula and no macro is run."""

from __future__ import annotations

import io
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.sheets import tables
from quiz.banks.formats.sheets.signs import Signs
from quiz.banks.formats.sheets.tables import Table
from quiz.banks.formats.sheets.xlsx_guard import Sheets
from quiz.errors import Refusal

_KINDS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}  # parts that make a package a workbook, for the library


def refuse_two(package: Package) -> None:
    """Of two workbooks in one package the library might read the one that no guard has counted.  Raises Refusal(UNSAFE)."""
    if len(_KINDS & {name.lower() for name in package.names}) > 1:
        raise Refusal(FileRefusal.UNSAFE)


def find_table(content: bytes, sheets: Sheets) -> tuple[Table, str]:
    """The first visible sheet that has items, and its name; other sheets with items are named in its reading.

    Raises Refusal(FileRefusal).
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return _read_workbook(workbook, sheets)
    except PasswordError as error:
        raise Refusal(FileRefusal.PASSWORD) from error
    except CalamineError as error:
        raise Refusal(FileRefusal.DAMAGED) from error


def _read_workbook(workbook: CalamineWorkbook, sheets: Sheets) -> tuple[Table, str]:
    table, name = None, ""
    others: list[tuple[Fault, str]] = []
    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        signs = sheets.signs_of(sheet.name)
        rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        _put_right(rows, signs)
        if sheet.visible != SheetVisibleEnum.Visible:
            others += [(Fault.SHEET_HIDDEN, sheet.name)] * tables.has_headings(rows)
        elif table is None:
            table, name = tables.read(rows, signs), sheet.name
        else:
            others += [(Fault.SHEET_NOT_READ, sheet.name)] * tables.has_headings(rows)
    if table is None:
        raise Refusal(FileRefusal.NO_HEADINGS)
    if not table.reading.items:
        raise Refusal(FileRefusal.NO_ROWS)
    table.reading.about = _("trang tính “%(name)s”", name=name)
    for fault, other in others:
        table.reading.note(fault, sheet=other)
    return table, name


def _put_right(rows: list[list[Any]], signs: Signs) -> None:
    for (row, column), text in signs.texts.items():
        if row <= len(rows) and column < len(rows[row - 1]) and isinstance(rows[row - 1][column], str):
            rows[row - 1][column] = text
