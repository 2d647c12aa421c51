"""Tables to take away: no cell that a person typed is ever run as a formula by the spreadsheet that opens them."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, NamedTuple

import xlsxwriter
from flask import Response, send_file

Cell = str | int | float | None

MOST_ROWS = 1_048_576  # of a sheet of Excel, with its head
ROWS_AT_ONCE = 1_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TITLE = 31  # that Excel takes
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Cell) -> Cell:
    """A text that spreadsheets would run gets a mark before it, which tells them that it is a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUN_BY_SPREADSHEETS) else cell


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table bit by bit, as UTF-8 with the mark that tells Excel so; numbers with a decimal point."""
    rows = iter(rows)
    part: list[Sequence[Cell]] = [head]
    yield "\ufeff".encode()
    while part:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([harmless(cell) for cell in row] for row in part)
        yield text.getvalue().encode()
        part = list(islice(rows, ROWS_AT_ONCE))


class Worksheet(NamedTuple):
    """One table of a workbook.  title: on its tab · columns: heading and width · wraps: long texts go on below"""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]
    wraps: bool = False


def write_book(file: IO[bytes], *sheets: Worksheet) -> None:
    """The tables as a workbook, row by row, so that its size does not matter."""
    options: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for title, columns, rows, wraps in sheets:
            sheet = book.add_worksheet(title[:_LONGEST_TITLE])
            sheet.freeze_panes(1, 0)
            for index, (heading, width) in enumerate(columns):
                sheet.set_column(index, index, width, wrap if wraps else None)
                sheet.write_string(0, index, heading, head)
            for number, row in enumerate(rows, 1):
                for index, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, index, cell)
                    elif cell is not None:
                        sheet.write_number(number, index, cell)


def send_book(name: str, *sheets: Worksheet) -> Response:
    """The tables as a workbook to take away.  name: of the file"""
    file = tempfile.TemporaryFile()  # noqa: SIM115 closed with the response
    write_book(file, *sheets)
    file.seek(0)
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name=name)
