"""Tables in text files as spreadsheets save them: commas, semicolons or tabs, UTF-8 or UTF-16.

A record is one row, as the spreadsheet shows it, even when a quoted cell runs over several lines of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal, decode
from quiz.banks.formats.reading import MOST_ITEMS, Reading
from quiz.banks.formats.sheets import table_rows, tables
from quiz.banks.formats.sheets.signs import MOST_CELLS, MOST_ROWS
from quiz.banks.formats.spelling import headings
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.errors import Refusal

_DELIMITERS = ",;\t|"
_HINT = re.compile(r"sep=([,;\t|])\n", re.IGNORECASE)  # Excel writes it for itself and does not show it
_MOST_OF_HEAD = 20  # rows that may hold the headings
# a cell that begins so would be run as a formula by the spreadsheet that opens the file
_DANGEROUS = re.compile(r"'*[=+\-@\t]")


def read(content: bytes) -> Reading:
    """The items of a text table.  Raises Refusal(FileRefusal)."""
    text = decode(content)
    if not text.strip():
        raise Refusal(FileRefusal.EMPTY)
    text, delimiter = _delimiter(text)
    rows, bad_line = _rows(text, delimiter)
    table = tables.read(rows)
    if table is None:
        raise Refusal(FileRefusal.NO_HEADINGS)
    if not table.reading.items:
        raise Refusal(FileRefusal.NO_ROWS)
    if bad_line:
        table.reading.note(Fault.QUOTES_NOT_CLOSED, line=bad_line)
    return table.reading


def has_headings(text: str) -> bool:
    """Does a text begin like a table of items?  text: as files.decode gives it"""
    text, delimiter = _delimiter(text)
    return tables.has_headings(_even(_head(text, delimiter)))


def _delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's hint, and the sign that parts its headings into the most columns we know."""
    if hint := _HINT.match(text):
        return text[hint.end() :], hint[1]

    def known(delimiter: str) -> int:
        return max((len(headings.read(row).indexes) for row in _head(text, delimiter)), default=0)

    return text, max(_DELIMITERS, key=known)


def _head(text: str, delimiter: str) -> list[list[str]]:
    # enough for the headings; a quote left open must not swallow the whole file once for each sign
    start = text[:20_000]
    try:
        return list(islice(_reader(start, delimiter), _MOST_OF_HEAD))
    except csv.Error:
        return []


def _reader(text: str, delimiter: str, *, strict: bool = False) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    """The rows, all of one length, and the line where the quotes go wrong, 0 when they are right."""
    reader = _reader(text, delimiter, strict=True)
    try:
        return _even(_taken(reader)), 0
    except csv.Error:
        line = reader.line_num
    try:
        return _even(_taken(_reader(text, delimiter))), line
    except csv.Error as error:
        raise Refusal(FileRefusal.DAMAGED) from error


def _taken(reader: Iterable[list[str]]) -> list[list[str]]:
    rows, filled, size = [], 0, 0
    for row in reader:
        filled, size = filled + any(row), size + len(row)
        if filled > MOST_ROWS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
        if size > MOST_CELLS:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
        rows.append([_without_guard(cell) for cell in row] if any(row) else [])
    return rows


def _even(rows: Sequence[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    return [row + [""] * (width - len(row)) for row in rows]


def _without_guard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _DANGEROUS.match(cell) else cell


def _guarded(cell: str) -> str:
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """A table that Excel opens with the right letters: UTF-8 with its mark. Pictures have no place in it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in table_rows.rows(bank, items):
        writer.writerow(map(_guarded, row))
    return Written(
        b"\xef\xbb\xbf" + file.getvalue().encode(), table_rows.losses(items, table_rows.HELD - {Lost.IMAGES})
    )
