"""The problems of an upload as a workbook, to mend the file by."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from flask_babel import gettext as _

from quiz.banks.formats.sheets.xlsx_writing import SAFE


def write(rows: Iterable[tuple[int, str, str, str]]) -> bytes:
    """A workbook with one problem a line.  rows: (row of the sheet, stem, severity, sentence)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Cần xem"))
        sheet.freeze_panes(1, 0)
        headings = ((_("Dòng"), 8), (_("Câu hỏi"), 60), (_("Mức"), 12), (_("Vấn đề"), 80))
        for index, (heading, width) in enumerate(headings):
            sheet.write_string(0, index, heading, head)
            sheet.set_column(index, index, width, wrap)
        for number, (row, *texts) in enumerate(rows, 1):
            sheet.write_number(number, 0, row)
            for index, text in enumerate(texts, 1):
                sheet.write_string(number, index, text)
    return file.getvalue()
