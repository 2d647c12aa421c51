"""Word files: paragraphs and tables become lines, and `lines.layouts` understands them. Nothing in a file is run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import MOST_LINES, FileRefusal
from quiz.banks.formats.lines import layouts
from quiz.banks.formats.lines.document import PLAIN, Block, Cell, Line, Look, Run, Shown, Table
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe import markup, relations
from quiz.banks.formats.safe.packages import Package, opened
from quiz.banks.formats.spelling import alt_texts
from quiz.banks.formats.word.docx_writing import write
from quiz.banks.formats.word.numbering import Numbering
from quiz.banks.formats.word.styles import NOTHING, Styles, shade
from quiz.errors import Refusal

__all__ = ["read", "write"]

_LARGEST = 64 * 1024 * 1024  # bytes of one part; a thousand items take some three million
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # the strict variant
)
_SYMBOLS = {"F0FC": "✓", "F0FE": "☑", "F0FD": "☒", "F0FB": "✗", "F0A8": "☐", "F0E0": "→", "F0AE": "→", "F0D6": "√"}
_REPORTED = {
    Fault.CHANGES_ACCEPTED: Severity.WARNING, Fault.COMMENTS_NOT_READ: Severity.INFO, Fault.FOOTNOTES_NOT_READ: Severity.WARNING,
    Fault.TEXT_BOXES_READ: Severity.WARNING, Fault.EQUATIONS_AS_TEXT: Severity.WARNING, Fault.LINKED_PICTURES: Severity.WARNING,
    Fault.HIDDEN_TEXT_NOT_READ: Severity.WARNING, Fault.INSERTED_NOT_READ: Severity.WARNING, Fault.MACROS_NOT_RUN: Severity.INFO,
}  # fmt: skip


def read(content: bytes) -> Reading:
    """Read a Word file.  Raises Refusal(FileRefusal)."""
    with opened(content) as package:
        document = _Document(package)
        blocks = document.blocks()
    reading = Reading()
    for fault, severity in _REPORTED.items():
        if document.seen[fault]:
            reading.note(fault, severity, count=document.seen[fault])
    return layouts.read(blocks, reading)


@dataclass(slots=True)
class _Paragraph:
    """What of a paragraph has been read so far: its lines, and what goes behind them.

    look: of characters that say nothing themselves (paragraph shading) · boxes: text boxes anchored in it
    """

    style: str = ""
    shade: str = ""
    lines: list[tuple[list[Run], list[Shown]]] = field(default_factory=lambda: [([], [])])
    boxes: list[etree._Element] = field(default_factory=list)
    length: int = 0  # of the last line

    def add(self, text: str, look: Look | None) -> None:
        self.lines[-1][0].append(Run(text, look))
        self.length += len(text)

    def show(self, content: bytes, alt: str) -> None:
        self.lines[-1][1].append(Shown(content, alt, self.length))

    def end_line(self) -> None:
        self.lines.append(([], []))
        self.length = 0


class _Document:
    """The main part of a package, with its styles, lists and pictures.  seen: what is to be reported, and how often."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.seen: Counter[Fault] = Counter()
        self.pictures: dict[str, bytes] = {}  # one picture may be shown a thousand times
        self.part = _main_part(package)
        self.root = self._parse(self.part)
        name = etree.QName(self.root)
        if name.localname != "document" or name.namespace not in _WORD:
            raise Refusal(FileRefusal.UNKNOWN_FORMAT)
        self.w = f"{{{name.namespace}}}"
        self.relations = relations.of(package, self.part)
        self.targets = {relation.id: relation.part for relation in self.relations}
        self.styles = Styles(self._part_of_kind("styles"), self.w)
        self.numbering = Numbering(self._part_of_kind("numbering"), self.styles, self.w)
        self.count = self.tables = self.lines = 0
        self.carried: _Paragraph | None = None  # a paragraph whose end has been deleted: the next one goes on with it
        if any(part.endswith("vbaProject.bin") for part in package.names):
            self.seen[Fault.MACROS_NOT_RUN] = 1
        self._take = self._takers()

    def _parse(self, part: str) -> etree._Element:
        content = self.package.read(part)
        if len(content) > _LARGEST:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
        return markup.parse(content)

    def _part_of_kind(self, kind: str) -> etree._Element | None:
        part = next((relation.part for relation in self.relations if relation.kind == kind), None)
        return self._parse(part) if part else None

    # blocks

    def blocks(self) -> list[Block]:
        body = self.root.find(self.w + "body")
        return list(self._blocks(body)) if body is not None else []

    def _blocks(self, parent: etree._Element, place: str = "") -> Iterator[Block]:
        """place: of what is in cells and boxes; elsewhere the paragraphs and tables that people see are counted."""
        for element in parent:
            name = self._name(element)
            if name == "p":
                lines = list(self._lines(element, place or _("đoạn %(number)s", number=self.count + 1)))
                self.lines += len(lines)
                if self.lines > MOST_LINES:
                    raise Refusal(FileRefusal.TOO_MANY_LINES, most=MOST_LINES)
                self.count += not place and any(not line.is_blank for line in lines)
                yield from lines
            elif name == "tbl":
                self.tables += not place
                yield self._table(element, place or _("bảng %(number)s", number=self.tables))
            elif name in ("del", "moveFrom"):
                self.seen[Fault.CHANGES_ACCEPTED] += 1
            elif name == "altChunk":
                self.seen[Fault.INSERTED_NOT_READ] += 1
            elif name in _TRANSPARENT:
                yield from self._blocks(element, place)
            elif name == "AlternateContent":
                yield from self._blocks(_chosen(element), place)

    def _name(self, element: etree._Element) -> str:
        """Local name of an element of Word, or of another vocabulary; "" for what is no element."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        return tag[len(self.w) :] if tag.startswith(self.w) else tag.rpartition("}")[2]

    def _lines(self, element: etree._Element, place: str) -> Iterator[Line]:
        """The lines of a paragraph, then those of the text boxes in it."""
        w = self.w
        properties = element.find(w + "pPr")
        paragraph, self.carried = self.carried or _Paragraph(), None
        style = properties.find(w + "pStyle") if properties is not None else None
        paragraph.style = style.get(w + "val", "") if style is not None else ""
        mark = properties.find(w + "rPr") if properties is not None else None
        if properties is not None and (shading := properties.find(w + "shd")) is not None:
            paragraph.shade = shade(shading, w)
        if label := self.numbering.label(properties, paragraph.style):
            paragraph.add(label + "\t", None)
        self._walk(element, paragraph)
        if mark is not None and mark.find(w + "del") is not None:
            self.seen[Fault.CHANGES_ACCEPTED] += 1
            self.carried = paragraph
            return
        for number, (runs, pictures) in enumerate(paragraph.lines):
            yield Line(place, runs, pictures, opens=not number)
        for box in paragraph.boxes:
            self.seen[Fault.TEXT_BOXES_READ] += 1
            for block in self._blocks(box, place):
                yield from [block] if isinstance(block, Line) else block.lines()

    def _table(self, element: etree._Element, place: str) -> Table:
        rows = []
        for number, row in enumerate(self._children(element, "tr"), 1):
            where = _("%(table)s, hàng %(number)s", table=place, number=number)
            rows.append([self._cell(cell, where) for cell in self._children(row, "tc")])
        return Table(place, rows)

    def _children(self, parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
        for element in parent:
            name = self._name(element)
            if name == wanted:
                yield element
            elif name in _TRANSPARENT:
                yield from self._children(element, wanted)

    def _cell(self, element: etree._Element, place: str) -> Cell:
        w = self.w
        span, merge = element.find(f"{w}tcPr/{w}gridSpan"), element.find(f"{w}tcPr/{w}vMerge")
        lines: list[Line] = []
        for block in self._blocks(element, place):
            lines += [block] if isinstance(block, Line) else block.lines()
        columns = span.get(w + "val", "1") if span is not None else "1"
        continues = merge is not None and merge.get(w + "val", "continue") == "continue"
        return Cell(lines, min(int(columns), 63) if columns.isdecimal() and int(columns) else 1, continues)

    # inside paragraphs

    def _walk(self, parent: etree._Element, paragraph: _Paragraph) -> None:
        for element in parent:
            name = self._name(element)
            if name == "r":
                self._run(element, paragraph)
            elif name in ("del", "moveFrom"):
                self.seen[Fault.CHANGES_ACCEPTED] += 1
            elif name in ("oMath", "oMathPara"):
                self._equation(element, paragraph)
            elif name in _TRANSPARENT:
                if name in ("ins", "moveTo"):
                    self.seen[Fault.CHANGES_ACCEPTED] += 1
                self._walk(element, paragraph)
            elif name == "AlternateContent":
                self._walk(_chosen(element), paragraph)
            elif name in self._take:
                self._take[name](element, paragraph, PLAIN)

    def _run(self, element: etree._Element, paragraph: _Paragraph) -> None:
        w = self.w
        properties = element.find(w + "rPr")
        direct, style = NOTHING, ""
        if properties is not None:
            direct = self.styles.format(properties)
            character = properties.find(w + "rStyle")
            style = character.get(w + "val", "") if character is not None else ""
        look, is_hidden = self.styles.look(paragraph.style, style, direct)
        if is_hidden:
            self.seen[Fault.HIDDEN_TEXT_NOT_READ] += 1
            return
        if paragraph.shade and not look.highlight:
            look = look._replace(highlight=paragraph.shade)
        self._parts_of_run(element, paragraph, look)

    def _parts_of_run(self, element: etree._Element, paragraph: _Paragraph, look: Look) -> None:
        for part in element:
            name = self._name(part)
            if name == "AlternateContent":
                self._parts_of_run(_chosen(part), paragraph, look)
            elif name in self._take:
                self._take[name](part, paragraph, look)

    def _takers(self) -> dict[str, Callable[[etree._Element, _Paragraph, Look], None]]:
        return {
            "t": lambda e, p, look: p.add(e.text or "", look),
            "tab": lambda _e, p, look: p.add("\t", look),
            "ptab": lambda _e, p, look: p.add("\t", look),
            "br": lambda _e, p, _look: p.end_line(),
            "cr": lambda _e, p, _look: p.end_line(),
            "noBreakHyphen": lambda _e, p, look: p.add("-", look),
            "sym": lambda e, p, look: p.add(_SYMBOLS.get(e.get(self.w + "char", "").upper(), "•"), look),
            "drawing": lambda e, p, _look: self._drawing(e, p),
            "pict": lambda e, p, _look: self._drawing(e, p),
            "object": lambda e, p, _look: self._drawing(e, p),
            "commentReference": lambda _e, _p, _look: self.seen.update([Fault.COMMENTS_NOT_READ]),
            "footnoteReference": lambda _e, _p, _look: self.seen.update([Fault.FOOTNOTES_NOT_READ]),
            "endnoteReference": lambda _e, _p, _look: self.seen.update([Fault.FOOTNOTES_NOT_READ]),
        }

    def _equation(self, element: etree._Element, paragraph: _Paragraph) -> None:
        self.seen[Fault.EQUATIONS_AS_TEXT] += 1
        texts = [part.text or "" for part in element.iter() if self._name(part) == "t"]
        paragraph.add("".join(texts), PLAIN)

    def _drawing(self, element: etree._Element, paragraph: _Paragraph, alt: str = "") -> None:
        """Pictures and text boxes of a drawing, in today's form or in VML; what is in a box belongs to the box."""
        for part in element:
            name = self._name(part)
            if name in ("docPr", "shape"):
                alt = alt_texts.by_people(part.get("descr") or part.get("alt") or "")
            elif name == "blip":
                self._picture(_attribute(part, "embed"), _attribute(part, "link"), alt, paragraph)
            elif name == "imagedata":
                self._picture(_attribute(part, "id"), _attribute(part, "href"), alt, paragraph)
            if name == "txbxContent":
                paragraph.boxes.append(part)
            elif name == "AlternateContent":
                self._drawing(_chosen(part), paragraph, alt)
            elif name:
                self._drawing(part, paragraph, alt)

    def _picture(self, embedded: str, linked: str, alt: str, paragraph: _Paragraph) -> None:
        part = self.targets.get(embedded)
        if part:
            if part not in self.pictures:
                self.pictures[part] = self.package.read(part)
            paragraph.show(self.pictures[part], alt)
        elif linked or embedded:
            self.seen[Fault.LINKED_PICTURES] += 1


_TRANSPARENT = {
    "sdt", "sdtContent", "hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "customXml", "dir", "bdo", "ruby", "rubyBase",
}  # fmt: skip


def _chosen(element: etree._Element) -> etree._Element:
    """Of the variants of one content the first; the fallback says the same for older programs."""
    return next((part for part in element if etree.QName(part).localname in ("Choice", "Fallback")), element)


def _attribute(element: etree._Element, name: str) -> str:
    """Of any vocabulary: strict files use other ones."""
    return next((value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _main_part(package: Package) -> str:
    mains = (relation.part for relation in relations.of(package, "") if relation.kind == "officeDocument")
    part = next(mains, None) or package.resolve("", "word/document.xml")
    if part is None:
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    return part
