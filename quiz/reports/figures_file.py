"""Figures of items as a table to take away: CSV for programs, XLSX for people. No cell is ever run as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from quiz.banks.models import ItemKind
from quiz.banks.wording import letter
from quiz.banks.words import KINDS, warning_texts
from quiz.reports.figures_queries import ItemRow
from quiz.reports.words import paper_lines
from quiz.spreadsheets import Cell, csv_lines


def as_csv(rows: Sequence[ItemRow]) -> bytes:
    """The items, numbers with a decimal point."""
    return b"".join(csv_lines([heading for heading, _width in _columns(rows)], _cells(rows)))


def as_xlsx(figures: Mapping[str, Any], rows: Sequence[ItemRow]) -> bytes:
    """The items on one sheet, the papers on another.  figures: as PaperFigures of reports keeps them"""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _write(book.add_worksheet(_("Câu hỏi")), _columns(rows), _cells(rows), head, wrap)
        lines: list[list[Cell]] = [[str(line.title), line.value, str(line.meaning)] for line in paper_lines(figures)]
        headings = [(_("Số liệu"), 26), (_("Giá trị"), 18), (_("Nghĩa là gì"), 90)]
        _write(book.add_worksheet(_("Bài thi")), headings, lines, head, wrap)
    return file.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[tuple[str, int]],
    rows: Iterator[list[Cell]] | Sequence[list[Cell]],
    head: object,
    wrap: object,
) -> None:
    sheet.freeze_panes(1, 0)
    for index, (heading, width) in enumerate(columns):
        sheet.write_string(0, index, heading, head)
        sheet.set_column(index, index, width, wrap)
    for number, cells in enumerate(rows, 1):
        for index, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, index, cell)
            elif cell is not None:
                sheet.write_number(number, index, cell)


def _columns(rows: Sequence[ItemRow]) -> list[tuple[str, int]]:
    """Heading and width. Shares are from 0 to 1."""
    columns = [
        (_("Mã câu"), 14),
        (_("Phiên bản"), 10),
        (_("Loại câu"), 14),
        (_("Câu hỏi"), 60),
        (_("Đáp án"), 10),
        (_("Số lượt gặp"), 10),
        (_("Tỉ lệ trả lời đúng (độ khó)"), 12),
        (_("Độ phân biệt"), 12),
        (_("Độ phân biệt, tính cả câu này"), 14),
        (_("Chỉ số 27%"), 14),
        (_("Thời gian giữa (giây)"), 12),
        (_("Bỏ trống"), 10),
        (_("Cần xem lại"), 50),
    ]
    for number in range(1, _most_options(rows) + 1):
        option = letter(number)
        columns += [
            (_("%(option)s: tỉ lệ chọn", option=option), 10),
            (_("%(option)s: nhóm điểm cao", option=option), 10),
            (_("%(option)s: nhóm điểm thấp", option=option), 10),
        ]
    return columns


def _most_options(rows: Sequence[ItemRow]) -> int:
    return max((len(row.figures.options) for row in rows), default=0)


def _cells(rows: Sequence[ItemRow]) -> Iterator[list[Cell]]:
    for row in rows:
        version, figures = row.version, row.figures
        key = [letter(option.number) for option in figures.options if option.is_key]
        cells: list[Cell] = [
            version.item_code,
            version.number,
            str(KINDS[ItemKind(version.kind)]),
            version.stem,
            ", ".join(key),
            figures.shown,
            figures.facility,
            figures.discrimination,
            figures.discrimination_plain,
            figures.upper_lower,
            figures.median_s,
            figures.blank if figures.options else None,
            "; ".join(f"{text.label}: {text.sentence}" for text in warning_texts(row.warnings)),
        ]
        for option in figures.options:
            cells += [option.share, option.upper_share, option.lower_share]
        yield cells
