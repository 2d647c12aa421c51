"""Reading a unit file: bytes of a CSV or XLSX file → rows of text under known columns. Writes nothing, asks no database."""

from __future__ import annotations

import csv
import enum
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from quiz.errors import Refusal
from quiz.text import plain

MOST_ROWS = 5000
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024  # an XLSX file is a ZIP archive and may unpack to far more than it weighs


class UnitFileRefusal(enum.Enum):
    TOO_BIG = "too_big"
    NOT_A_TABLE = "not_a_table"
    OLD_EXCEL = "old_excel"
    UNREADABLE_TEXT = "unreadable_text"
    EMPTY = "empty"
    TOO_MANY_ROWS = "too_many_rows"
    UNKNOWN_COLUMNS = "unknown_columns"
    DOUBLED_COLUMN = "doubled_column"
    MISSING_COLUMNS = "missing_columns"


# column → the heading we write, then others that people use; compared without case and diacritics
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("mã", "mã đơn vị", "ký hiệu", "code"),
    "name": ("tên", "tên đơn vị", "đơn vị", "tên cơ quan, đơn vị", "name"),
    "kind": ("loại", "loại đơn vị", "loại hình", "kind"),
    "block": ("khối", "khối thi đua", "block"),
    "parent": ("mã cấp trên", "cấp trên", "mã đơn vị cấp trên", "đơn vị cấp trên", "trực thuộc", "parent"),
    "people": ("tổng số người", "số người", "tổng số", "biên chế", "headcount"),
    "obliged": ("số người phải dự thi", "số người thuộc diện dự thi", "phải dự thi", "obliged"),
    "population": ("dân số", "số dân", "population"),
    "as_of": ("ngày", "tính đến ngày", "ngày số liệu", "ngày tính", "as of"),
    "source": ("nguồn", "nguồn số liệu", "source"),
    "note": ("ghi chú", "note"),
}
_COLUMN_OF = {plain(heading): column for column, headings in HEADINGS.items() for heading in headings}
_IGNORED = {"stt", "so thu tu", "tt", "no"}
NEEDED = ("code", "name")


@dataclass(frozen=True)
class Row:
    """line: as the spreadsheet numbers it · cells: column → text; numbers and dates in the forms that unit_plan reads"""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    columns: list[str]
    rows: list[Row]


def read_sheet(data: bytes) -> Sheet:
    """Rows below the first line that is not empty, which names the columns. Lines that begin with # are remarks.

    Raises Refusal(UnitFileRefusal).
    """
    if len(data) > MOST_BYTES:
        raise Refusal(UnitFileRefusal.TOO_BIG, most=MOST_BYTES // 1024 // 1024)
    grid = [(line, cells) for line, cells in enumerate(_grid(data), 1) if any(cells) and not cells[0].startswith("#")]
    if len(grid) < 2:
        raise Refusal(UnitFileRefusal.EMPTY)
    if len(grid) - 1 > MOST_ROWS:
        raise Refusal(UnitFileRefusal.TOO_MANY_ROWS, most=MOST_ROWS, found=len(grid) - 1)
    columns = _columns(grid[0][1])
    rows = [
        Row(line, {column: cells[i] if i < len(cells) else "" for i, column in columns.items()})
        for line, cells in grid[1:]
    ]
    # a row that only counts itself (STT) holds nothing
    return Sheet(list(columns.values()), [row for row in rows if any(row.cells.values())])


def _columns(headings: list[str]) -> dict[int, str]:
    """Position → column.  Names every unknown and every missing heading at once."""
    columns: dict[int, str] = {}
    unknown: list[str] = []
    for i, heading in enumerate(headings):
        folded = plain(heading).strip(" .:*")
        if not folded or folded in _IGNORED:
            continue
        column = _COLUMN_OF.get(folded)
        if column is None:
            unknown.append(f"“{heading}”")
        elif column in columns.values():
            raise Refusal(UnitFileRefusal.DOUBLED_COLUMN, heading=heading)
        else:
            columns[i] = column
    missing = [f"“{HEADINGS[column][0]}”" for column in NEEDED if column not in columns.values()]
    if missing:
        raise Refusal(UnitFileRefusal.MISSING_COLUMNS, headings=", ".join(missing))
    if unknown:
        raise Refusal(UnitFileRefusal.UNKNOWN_COLUMNS, headings=", ".join(unknown))
    return columns


def _grid(data: bytes) -> list[list[str]]:
    if data.startswith(b"PK\x03\x04"):
        return _xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(UnitFileRefusal.OLD_EXCEL)
    return _csv(_text(data))


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Refusal(UnitFileRefusal.TOO_BIG, most=MOST_BYTES // 1024 // 1024)
            if "xl/workbook.xml" not in archive.namelist():
                raise Refusal(UnitFileRefusal.NOT_A_TABLE)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        # skip_empty_area=False keeps the line numbers that the spreadsheet shows
        grid = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError) as error:
        raise Refusal(UnitFileRefusal.NOT_A_TABLE) from error
    return [[_cell(value) for value in row] for row in grid]


def _cell(value: Any) -> str:
    """The text of a spreadsheet's cell: 25.0 → "25", a date as 2024-12-31."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else _tidy(str(value))


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").split())


def _text(data: bytes) -> str:
    """Decode what spreadsheets save as CSV: UTF-8 with or without mark, UTF-16 with mark."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        kind = UnitFileRefusal.NOT_A_TABLE if b"\0" in data[:4000] else UnitFileRefusal.UNREADABLE_TEXT
        raise Refusal(kind) from error
    if "\0" in text or text.startswith("%PDF"):
        raise Refusal(UnitFileRefusal.NOT_A_TABLE)
    return text


def _csv(text: str) -> list[list[str]]:
    if text[:4].lower() == "sep=":  # a hint that Excel writes for itself and does not show
        text = text.partition("\n")[2]
    # one record is one line of the spreadsheet, even when a quoted cell runs over several lines of the file
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.splitlines()))
    try:
        return [[_tidy(cell) for cell in cells] for cells in reader]
    except csv.Error as error:
        raise Refusal(UnitFileRefusal.NOT_A_TABLE) from error


def _delimiter(lines: list[str]) -> str:
    """The sign that splits the line of headings into the most columns we know."""
    heading = next((line for line in lines if line.strip() and not line.startswith("#")), "")

    def known(delimiter: str) -> int:
        return sum(plain(cell).strip(' ."*:') in _COLUMN_OF for cell in heading.split(delimiter))

    return max((";", "\t", ","), key=known)
