"""Excel workbooks and OpenDocument spreadsheets: values only, no formula and no macro is run.  Pictures in Excel only."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe.packages import Package, opened
from quiz.banks.formats.sheets import ods_guard, tables, xlsx_guard, xlsx_pictures
from quiz.banks.formats.sheets.tables import Table
from quiz.banks.formats.sheets.xlsx_guard import Sheets
from quiz.banks.formats.sheets.xlsx_writing import write
from quiz.errors import Refusal

__all__ = ["read", "write"]

_BINARY = "xl/workbook.bin"
_PICTURES_ELSEWHERE = ("pictures/", "xl/richdata/")  # of OpenDocument, and those that Excel puts into cells


def read(content: bytes) -> Reading:
    """The items of the first visible sheet that has them; other sheets with items are named."""
    with opened(content) as package:
        sheets = _check(package)
        table, sheet = _find_table(content, sheets)
        reading = table.reading
        part = sheets.parts.get(sheet, "")
        options = {index: number for number, index in table.columns.options.items()}
        xlsx_pictures.add(package, part, table.items, options, reading)
        names = [name.lower() for name in package.names]
    if any(name.startswith(_PICTURES_ELSEWHERE) for name in names):
        reading.note(Fault.PICTURES_NOT_READ)
    if any(name.endswith("vbaproject.bin") for name in names):
        reading.note(Fault.MACROS_NOT_READ)
    return reading


def _check(package: Package) -> Sheets:
    """What is known of the sheets once they are found safe.  Raises Refusal(FileRefusal)."""
    names = {name.lower() for name in package.names}
    is_excel = xlsx_guard.WORKBOOK in names
    is_open = ods_guard.CONTENT in package and ods_guard.is_spreadsheet(package)
    if not is_excel and not is_open:
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    if is_excel and (_BINARY in names or ods_guard.CONTENT in names):
        raise Refusal(FileRefusal.UNSAFE)  # two workbooks in one: the other one would not have been counted
    return xlsx_guard.check(package) if is_excel else ods_guard.check(package)


def _find_table(content: bytes, sheets: Sheets) -> tuple[Table, str]:
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
        rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        if sheet.visible != SheetVisibleEnum.Visible:
            others += [(Fault.SHEET_HIDDEN, sheet.name)] * tables.has_headings(rows)
        elif table is None:
            table, name = tables.read(rows, sheets.signs_of(sheet.name)), sheet.name
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
