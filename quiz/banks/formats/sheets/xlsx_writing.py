"""The Excel workbook of a bank: every item a row under the headings of the template, pictures in their cells."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quiz.banks.formats.losses import gone_pictures
from quiz.banks.formats.sheets import table_rows
from quiz.banks.formats.sheets.picture_places import placed
from quiz.banks.formats.writing import OutBank, OutItem, Written

# nothing that people have written is run or linked
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTHS = {
    table_rows.CODE: 12, table_rows.KIND: 14, table_rows.TOPIC: 22, table_rows.LEVEL: 14, table_rows.STEM: 50,
    table_rows.KEY: 14, table_rows.PARTIAL: 12, table_rows.PINNED: 10, table_rows.WORDS: 10, table_rows.EXPLANATION: 50,
    table_rows.DOCUMENT: 18, table_rows.ARTICLE: 8, table_rows.CLAUSE: 8, table_rows.POINT: 8, table_rows.VALID_FROM: 14,
    table_rows.VALID_UNTIL: 14, table_rows.EXEMPLAR: 30, table_rows.SOURCE: 20,
}  # fmt: skip


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """A workbook under the headings of the template, with the pictures in the cells of their stems and options."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as book:
        head, text = formats(book)
        sheet = book.add_worksheet("Câu hỏi")
        set_up(sheet)
        names: list[str] = []
        for number, row in enumerate(table_rows.rows(bank, items)):
            names = names or row
            for index, value in enumerate(row):
                if value:
                    sheet.write_string(number, index, value, text if number else head)
            if number:
                _insert_pictures(sheet, number, names.index(table_rows.STEM), row, items[number - 1])
        for index, name in enumerate(names):
            sheet.set_column(index, index, WIDTHS.get(name, 26), text)
    lost = gone_pictures(items)
    return Written(file.getvalue(), table_rows.losses(items) + lost)


def formats(book: xlsxwriter.Workbook) -> tuple[Format, Format]:
    """For headings and for cells; text cells, because Excel would turn "1,3" into a number and "1-2" into a day."""
    head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1, "text_wrap": True, "valign": "top"})
    return head, book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})


def set_up(sheet: Worksheet) -> None:
    """The headings stay in sight, and are repeated on each sheet of A4 turned sideways."""
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)


def _insert_pictures(sheet: Worksheet, row: int, stem: int, texts: Sequence[str], item: OutItem) -> None:
    """row, stem: of the stem's cell, from 0"""
    found, height = placed(item, texts, stem)
    for picture in found:
        options = {
            "image_data": io.BytesIO(picture.picture.content), "description": picture.alt, "x_scale": picture.scale,
            "y_scale": picture.scale, "y_offset": picture.top, "object_position": 1,
        }  # fmt: skip
        sheet.insert_image(row, picture.column, f"{picture.digest}.png", options)
    if found:
        sheet.set_row_pixels(row, height)
