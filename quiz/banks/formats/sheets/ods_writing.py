"""The OpenDocument spreadsheet of a bank: the rows of the Excel workbook, pictures in their cells.

Source: OASIS OpenDocument 1.3, part 2 (packages: `mimetype` first and not compressed) and part 3 (§9 tables, §10.4 frames,
§6.1.2 white space). No library that writes it is kept well enough, and a table of texts needs few of its elements.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from quiz.banks.formats.losses import gone_pictures
from quiz.banks.formats.sheets import table_rows
from quiz.banks.formats.sheets.ods_guard import CONTENT, MEDIA_TYPE
from quiz.banks.formats.sheets.picture_places import Placed, placed
from quiz.banks.formats.sheets.xlsx_writing import WIDTHS
from quiz.banks.formats.writing import OutBank, OutItem, Written

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {
    "office": f"{_OASIS}office:1.0", "table": f"{_OASIS}table:1.0", "text": f"{_OASIS}text:1.0", "style": f"{_OASIS}style:1.0",
    "draw": f"{_OASIS}drawing:1.0", "number": f"{_OASIS}datastyle:1.0", "fo": f"{_OASIS}xsl-fo-compatible:1.0",
    "svg": f"{_OASIS}svg-compatible:1.0", "xlink": "http://www.w3.org/1999/xlink",
}  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CHARACTER = 0.075  # inches, of a column's width
_PIXEL = 1 / 96  # inches
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no place for them
_WHITE = re.compile(r"\t|^ +| +$| {2,}")


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """A spreadsheet under the headings of the template, with the pictures in the cells of their stems and options."""
    styles, rows = _Styles(), []
    pictures: dict[str, bytes] = {}
    names: list[str] = []
    for number, row in enumerate(table_rows.rows(bank, items)):
        if not number:
            names = row
            rows.append(f"<table:table-header-rows>{_row(row, 'head', styles.row(0))}</table:table-header-rows>")
            continue
        found, height = placed(items[number - 1], row, names.index(table_rows.STEM))
        frames: dict[int, str] = {}
        for picture in found:
            part = f"Pictures/{picture.digest}.{_ENDINGS[picture.picture.media_type]}"
            pictures[part] = picture.picture.content
            frames[picture.column] = _frame(picture, part)
        rows.append(_row(row, "text", styles.row(height if found else 0), frames))
    widths = [WIDTHS.get(name, 26) for name in names]
    columns = "".join(f'<table:table-column table:style-name="{styles.column(w)}"/>' for w in widths)
    body = f'<table:table table:name="Câu hỏi">{columns}{"".join(rows)}</table:table>'
    content = _document(
        "content", f"{styles.xml()}<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    )
    lost = gone_pictures(items)
    return Written(_package(content, pictures), table_rows.losses(items) + lost)


class _Styles:
    """The automatic styles: cells wrap and hold text, columns are as wide and rows as high as asked for."""

    def __init__(self) -> None:
        self._widths: set[int] = set()
        self._heights: set[int] = set()

    def column(self, characters: int) -> str:
        self._widths.add(characters)
        return f"c{characters}"

    def row(self, pixels: int) -> str:
        """pixels: 0 for as high as the texts"""
        self._heights.add(pixels)
        return f"r{pixels}"

    def xml(self) -> str:
        cell = '<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"{}/>'
        shade = ' fo:background-color="#f4eee1" fo:border="0.5pt solid #000000"'
        families = [
            # as text, because a spreadsheet would turn "1,3" into a number and "1-2" into a day
            '<number:text-style style:name="as-text"><number:text-content/></number:text-style>',
            _style("text", "table-cell", cell.format(""), ' style:data-style-name="as-text"'),
            _style("head", "table-cell", cell.format(shade) + '<style:text-properties fo:font-weight="bold"/>'),
        ]
        for characters in sorted(self._widths):
            width = f'<style:table-column-properties style:column-width="{characters * _CHARACTER:.3f}in"/>'
            families.append(_style(f"c{characters}", "table-column", width))
        for pixels in sorted(self._heights):
            height = f'style:row-height="{pixels * _PIXEL:.3f}in" ' if pixels else ""
            optimal = "false" if pixels else "true"
            row = f'<style:table-row-properties {height}style:use-optimal-row-height="{optimal}"/>'
            families.append(_style(f"r{pixels}", "table-row", row))
        return f"<office:automatic-styles>{''.join(families)}</office:automatic-styles>"


def _style(name: str, family: str, properties: str, more: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}"{more}>{properties}</style:style>'


def _row(texts: Sequence[str], style: str, row_style: str, frames: dict[int, str] | None = None) -> str:
    cells = "".join(_cell(text, style, (frames or {}).get(column, "")) for column, text in enumerate(texts))
    return f'<table:table-row table:style-name="{row_style}">{cells}</table:table-row>'


def _cell(text: str, style: str, frame: str) -> str:
    if not text and not frame:
        return f'<table:table-cell table:style-name="{style}"/>'
    paragraphs = "".join(f"<text:p>{_text(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}{frame}</table:table-cell>'


def _text(line: str) -> str:
    """A line in which white space stays as it is: readers fold runs of it into one space."""
    return _WHITE.sub(_white, escape(_CONTROL.sub("", line)))


def _white(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _frame(picture: Placed, part: str) -> str:
    size = f'svg:width="{picture.width * _PIXEL:.3f}in" svg:height="{picture.height * _PIXEL:.3f}in"'
    image = f'<draw:image xlink:href={quoteattr(part)} xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
    alt = escape(_CONTROL.sub("", picture.alt))
    return f'<draw:frame {size} svg:x="0in" svg:y="{picture.top * _PIXEL:.3f}in">{image}<svg:desc>{alt}</svg:desc></draw:frame>'


def _document(name: str, inside: str) -> str:
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    return f'{_HEAD}<office:document-{name}{spaces} office:version="1.3">{inside}</office:document-{name}>'


def _styles_part() -> str:
    """A4 turned sideways."""
    page = '<style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape"/>'
    layout = f'<style:page-layout style:name="A4">{page}</style:page-layout>'
    master = '<style:master-page style:name="Default" style:page-layout-name="A4"/>'
    inside = f"<office:automatic-styles>{layout}</office:automatic-styles><office:master-styles>{master}</office:master-styles>"
    return _document("styles", inside)


def _package(content: str, pictures: dict[str, bytes]) -> bytes:
    types = {"/": MEDIA_TYPE, CONTENT: "text/xml", "styles.xml": "text/xml"}
    types |= {part: "image/png" if part.endswith("png") else "image/jpeg" for part in pictures}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="{media_type}"/>'
        for part, media_type in types.items()
    )
    space = f"{_OASIS}manifest:1.0"
    manifest = (
        f'{_HEAD}<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">{entries}</manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("styles.xml", _styles_part())
        archive.writestr(CONTENT, content)
        for part, picture in pictures.items():
            archive.writestr(part, picture, zipfile.ZIP_STORED)
    return file.getvalue()
