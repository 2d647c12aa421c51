"""A Word file being written: paragraphs, pictures and tables on A4 in the letters of Vietnamese offices."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from PIL import Image as Pillow

from quiz.banks.formats.safe.markup import in_xml

_WIDEST, _HIGHEST = Cm(15), Cm(9)  # of a picture
_FONT = "Times New Roman"


class Paper:
    """title: at the head of every page, where no reader takes it for a question."""

    def __init__(self, title: str) -> None:
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = _FONT, Pt(13)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        style.paragraph_format.space_after = Pt(4)
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        head.add_run(in_xml(title)).font.size = Pt(11)
        head.paragraph_format.space_after = Pt(12)
        _add_page_number(foot)
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._document.core_properties.title = in_xml(title)[:255]
        self._document.core_properties.author = self._document.core_properties.comments = ""
        self._body = self._document.element.body

    def line(self, text: str, *, strong: str = "", gap: bool = False, marked: bool = False, keep: bool = False) -> None:
        """A paragraph.  strong: a beginning in bold.  gap: room above.  marked: all of it in bold.  keep: with the next."""
        paragraph = self._paragraph()
        if strong:
            paragraph.add_run(in_xml(strong)).bold = True
        if text:
            run = paragraph.add_run(in_xml(text))
            if marked:
                run.bold = True
        if gap:
            paragraph.paragraph_format.space_before = Pt(10)
        if keep:
            paragraph.paragraph_format.keep_with_next = True

    def _paragraph(self) -> Paragraph:
        # python-docx looks for the end of the body at every paragraph, which adds up in large banks
        element = OxmlElement("w:p")
        self._body.sectPr.addprevious(element)
        return Paragraph(element, self._document._body)

    def picture(self, content: bytes, alt: str) -> None:
        with Pillow.open(io.BytesIO(content)) as picture:
            width, height = Cm(picture.width / 38), Cm(picture.height / 38)  # 96 dots an inch
        scale = min(1.0, _WIDEST / width, _HIGHEST / height)
        run = self._paragraph().add_run()
        shape = run.add_picture(io.BytesIO(content), width=int(width * scale))
        shape._inline.docPr.set("descr", in_xml(alt))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """The first row holds the headings. A line of a cell becomes a paragraph."""
        table = self._document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                first, *others = in_xml(text).split("\n")
                cell.paragraphs[0].text = first
                for line in others:
                    cell.add_paragraph(line)

    def new_page(self) -> None:
        self._paragraph().add_run().add_break(WD_BREAK.PAGE)

    def content(self) -> bytes:
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()


def _add_page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
