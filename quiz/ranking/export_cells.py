"""Tables that organizers download: CSV and XLSX that no spreadsheet runs as formulas, whatever people have written in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

Cell = str | int | float | None

# a text that begins so would be run as a formula by the spreadsheet that opens the file; blanks before it do not help
_DANGEROUS = re.compile(r"[\s']*[=+\-@\t\r]")

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def guarded(cell: Cell) -> Cell:
    """The cell with a ' before a text that a spreadsheet would run; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and _DANGEROUS.match(cell) else cell


def csv_table(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table that Excel opens with the right letters: UTF-8 with its mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in rows:
        writer.writerow(["" if cell is None else guarded(cell) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def xlsx_table(
    title: str, above: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]
) -> bytes:
    """A workbook of one sheet: lines of text, then a table with its head, for A4 turned sideways.

    Texts are written as texts, never as formulas or links.
    """
    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, safe) as book:
        bold = book.add_format({"bold": True})
        heading = book.add_format(
            {"bold": True, "bg_color": "#f4eee1", "border": 1, "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Bảng")
        for number, line in enumerate(above):
            sheet.write_string(number, 0, line, None if number else bold)
        first = len(above) + (1 if above else 0)
        for column, name in enumerate(head):
            sheet.write_string(first, column, name, heading)
            sheet.set_column(column, column, widths[column])
        for number, row in enumerate(rows, first + 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, text)
                elif cell is None:
                    sheet.write_blank(number, column, None, text)
                else:
                    sheet.write_number(number, column, cell, text)
        sheet.freeze_panes(first + 1, 0)
        sheet.repeat_rows(first)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return file.getvalue()
