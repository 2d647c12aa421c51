"""Workbooks made in memory for tests."""

import io
from datetime import date, datetime

import xlsxwriter

HEADINGS = ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "Chủ đề", "Mức độ"]
GOOD = ["Câu hỏi thứ nhất?", "một", "hai", "ba", "bốn", "B", "chung", 1]


def workbook(*rows, headings=HEADINGS, sheets=(), above=()):
    """The bytes of a workbook: `above`, headings and rows in its first sheet; `sheets`: {name: rows} of further ones."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, table in {"Câu hỏi": [*above, headings, *rows], **dict(sheets)}.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(table):
                for c, value in enumerate(row):
                    if isinstance(value, (date, datetime)):
                        sheet.write_datetime(r, c, value, day)
                    elif value is not None:
                        sheet.write(r, c, value)
    return file.getvalue()


def good(stem="Câu hỏi thứ nhất?", **changes):
    """A row without a fault, changed by position names of HEADINGS: good(key="AC")."""
    names = {"key": 5, "topic": 6, "level": 7} | {letter: i for i, letter in enumerate("abcd", 1)}
    row = [stem, *GOOD[1:]]
    for name, value in changes.items():
        row[names[name]] = value
    return row
