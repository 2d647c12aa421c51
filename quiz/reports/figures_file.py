"""Figures of items as a table to take away: CSV for programs, XLSX for people. No cell is ever run as a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from quiz.banks.models import ItemKind
from quiz.banks.wording import letter
from quiz.banks.words import KINDS, warning_texts
from quiz.reports.figures_queries import ItemRow
from quiz.reports.words import paper_lines
from quiz.spreadsheets import Cell, Worksheet, csv_lines


def as_csv(rows: Sequence[ItemRow]) -> bytes:
    """The items, numbers with a decimal point."""
    return b"".join(csv_lines([heading for heading, _width in _columns(rows)], _cells(rows)))


def sheets(figures: Mapping[str, Any], rows: Sequence[ItemRow]) -> list[Worksheet]:
    """The items on one sheet, the papers on another.  figures: as PaperFigures of reports keeps them"""
    lines: list[list[Cell]] = [[str(line.title), line.value, str(line.meaning)] for line in paper_lines(figures)]
    headings = [(_("Số liệu"), 26), (_("Giá trị"), 18), (_("Nghĩa là gì"), 90)]
    return [
        Worksheet(_("Câu hỏi"), _columns(rows), _cells(rows), wraps=True),
        Worksheet(_("Bài thi"), headings, lines, wraps=True),
    ]


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
