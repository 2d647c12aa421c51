"""The look of administrative papers: paper, letters and parts as Decree 30/2020/NĐ-CP, Appendix I, lays them down.

A4, margins 20 (top, bottom), 30 (left) and 15–20 mm (right); Times New Roman, 13–14 points; the page's number in the middle of
the top from the second page on.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
TITLE, BODY, SMALL, TINY = Pt(14), Pt(14), Pt(13), Pt(11)
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_CENTER, _JUSTIFY, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


@dataclass(frozen=True, slots=True)
class Head:
    """above: the body above the one that issues, "" for none · symbol: behind the number, "/QĐ-BTC" · place: "Tây Ninh" ·
    day: None leaves it open · kind: "QUYẾT ĐỊNH" · subject: trích yếu"""

    above: str
    issuer: str
    symbol: str
    place: str
    kind: str
    subject: str
    number: str = ""
    day: date | None = None


class Paper:
    """A paper being written, from its head to its signature."""

    def __init__(self, head: Head, *, landscape: bool = False) -> None:
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(18)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = _CENTER
        _page_number(number)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = FONT, BODY
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)
        self._document.core_properties.title = f"{head.kind.capitalize()} {head.subject}"[:255]
        self._document.core_properties.author = head.issuer[:255]
        self._document.core_properties.comments = ""
        self.begin(head)

    def begin(self, head: Head) -> None:
        """The head of a paper; again where one file holds several, as certificates."""
        table = self._document.add_table(rows=2, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _widen(table, (6.3, 10.2))
        left, right = table.rows[0].cells
        first = left.paragraphs[0]
        if head.above:
            _say(first, head.above.upper(), Pt(12))
            first = left.add_paragraph()
        _say(first, head.issuer.upper(), Pt(12), bold=True)
        _rule(left.add_paragraph(), "–––––––")
        _say(right.paragraphs[0], COUNTRY, Pt(12), bold=True)
        _say(right.add_paragraph(), MOTTO, SMALL, bold=True)
        _rule(right.add_paragraph(), "–––––––––––––––––––")
        number, day = table.rows[1].cells
        _say(number.paragraphs[0], f"Số: {head.number or '……'}{'' if head.number else head.symbol}", SMALL)
        _say(day.paragraphs[0], f"{head.place}, {written_day(head.day)}", SMALL, italic=True)
        self.gap()
        _say(self._document.add_paragraph(), head.kind.upper(), TITLE, bold=True)
        if head.subject:
            _say(self._document.add_paragraph(), head.subject, TITLE, bold=True)
        _rule(self._document.add_paragraph(), "–––––––––––")

    def gap(self) -> None:
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)

    def heading(self, text: str) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
        _run(paragraph, text, BODY, bold=True)

    def text(self, text: str, *, italic: bool = False, bold_start: str = "") -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = _JUSTIFY
        form = paragraph.paragraph_format
        form.first_line_indent, form.space_before, form.space_after = Cm(1.27), Pt(3), Pt(3)
        if bold_start:
            _run(paragraph, bold_start, BODY, bold=True)
        _run(paragraph, text, BODY, italic=italic)

    def centred(self, text: str, *, bold: bool = True) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(6)
        _say(paragraph, text, BODY, bold=bold)

    def bullet(self, text: str) -> None:
        self.text(f"- {text}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> None:
        """A table whose head is repeated on every page.  widths: of the columns in cm, as far as they are given"""
        table = self._document.add_table(rows=1, cols=len(head))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            _say(cell.paragraphs[0], text, TINY, bold=True)
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.alignment = _LEFT
                _run(paragraph, text, TINY)
        if widths:
            table.autofit = False
            _widen(table, widths)
        self.gap()

    def picture(self, png: bytes, says: str) -> None:
        """A chart, with its finding below and as its text alternative."""
        self._document.add_picture(io.BytesIO(png), width=Cm(15))
        self._document.paragraphs[-1].alignment = _CENTER
        for described in self._document.paragraphs[-1]._p.iter(qn("wp:docPr")):
            described.set("descr", says)
        _say(self._document.add_paragraph(), says, SMALL, italic=True)

    def page_break(self) -> None:
        self._document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def signed(self, receivers: Sequence[str], title: str, name: str = "", *, on_behalf: str = "") -> None:
        """Nơi nhận on the left, the signature on the right."""
        self.gap()
        table = self._document.add_table(rows=1, cols=2)
        left, right = table.rows[0].cells
        if receivers:
            _run(left.paragraphs[0], "Nơi nhận:", Pt(12), bold=True, italic=True)
            for receiver in (*receivers[:-1], f"{receivers[-1]}."):
                _run(left.add_paragraph(), f"- {receiver}{'' if receiver.endswith('.') else ';'}", TINY)
        paragraph = right.paragraphs[0]
        if on_behalf:
            _say(paragraph, on_behalf.upper(), TITLE, bold=True)
            paragraph = right.add_paragraph()
        _say(paragraph, title.upper(), TITLE, bold=True)
        for _line in range(4):
            right.add_paragraph()
        _say(right.add_paragraph(), name, TITLE, bold=True)

    def signatures(self, titles: Sequence[str]) -> None:
        """Several signatures side by side, as under minutes."""
        self.gap()
        table = self._document.add_table(rows=1, cols=len(titles))
        for cell, title in zip(table.rows[0].cells, titles, strict=True):
            _say(cell.paragraphs[0], title.upper(), SMALL, bold=True)
            _say(cell.add_paragraph(), "(ký, ghi rõ họ tên)", SMALL, italic=True)
            for _line in range(4):
                cell.add_paragraph()

    def as_bytes(self) -> bytes:
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()


def written_day(day: date | None) -> str:
    """ "ngày 05 tháng 01 năm 2026": days below ten, January and February have two digits; open where it is not known."""
    if day is None:
        return "ngày …… tháng …… năm 20……"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day.year}"


def _run(paragraph: Paragraph, text: str, size: Any, *, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run("".join(c for c in text if c in "\n\t" or c >= " "))
    run.font.size, run.bold, run.italic = size, bold, italic


def _say(paragraph: Paragraph, text: str, size: Any, *, bold: bool = False, italic: bool = False) -> None:
    paragraph.alignment = _CENTER
    _run(paragraph, text, size, bold=bold, italic=italic)


def _widen(table: Any, widths: Sequence[float]) -> None:
    """Word reads the widths of cells, LibreOffice those of columns.  widths: in cm"""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _rule(paragraph: Paragraph, line: str) -> None:
    paragraph.paragraph_format.line_spacing = Pt(8)
    _say(paragraph, line, Pt(8), bold=True)


def _page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = SMALL
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
