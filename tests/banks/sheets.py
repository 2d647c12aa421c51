"""Workbooks made in memory for tests."""

import io
import zipfile
from datetime import date, datetime

import xlsxwriter
from PIL import Image as Pillow

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


def book(fill, rows=(), headings=HEADINGS):
    """A workbook with a table, and what `fill(book, sheet)` does to it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Câu hỏi")
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
        fill(made, sheet)
    return file.getvalue()


def png(colour="red"):
    file = io.BytesIO()
    Pillow.new("RGB", (40, 20), colour).save(file, "PNG")
    return file.getvalue()


def with_part(name, text, content=None):
    """A workbook with one part put in place of its own, or added.  content: of the workbook; None for one of one item."""
    content = content or workbook(good())
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, text)
    return file.getvalue()
