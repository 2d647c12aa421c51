"""Pictures of an Excel sheet, by the cell that each one stands in: the stem of its row, or one of its options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import RawItem, RawPicture, Reading
from quiz.banks.formats.safe import markup, relations
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.safe.relations import Relation
from quiz.banks.formats.spelling import alt_texts
from quiz.banks.pictures import MOST_BYTES
from quiz.errors import Refusal

_MOST_XML = 5_000_000  # bytes of a drawing: it is built as a tree
_MOST_OF_ALL = 60_000_000  # bytes of the pictures of a file


@dataclass(frozen=True, slots=True)
class Anchored:
    """row: from 1 · column: from 0 · part: where the picture is in the package, None when it is not in there"""

    row: int
    column: int
    part: str | None
    alt: str


def add(package: Package, sheet_part: str, rows: dict[int, RawItem], options: dict[int, int], reading: Reading) -> None:
    """Give the pictures of a sheet to its items; those that belong to no item are reported.

    rows: item of each row, from 1 · options: column → number of the option
    """
    contents: dict[str, bytes] = {}
    left = _MOST_OF_ALL
    for picture in _anchored(package, sheet_part):
        item = rows.get(picture.row)
        place = options.get(picture.column, 0)
        if item is None:
            reading.skip(_("hình ở dòng %(number)s", number=picture.row), Fault.PICTURE_NOT_READ)
            continue
        if picture.part and picture.part not in contents:
            contents[picture.part] = package.read(picture.part)
            left -= len(contents[picture.part])
        content = contents.get(picture.part or "", b"")
        if not content or left < 0 or len(content) > MOST_BYTES or any(p.place == place for p in item.pictures):
            item.note(Fault.PICTURE_NOT_READ, Severity.WARNING)
        else:
            item.pictures.append(RawPicture(place, content, picture.alt))


def _anchored(package: Package, sheet_part: str) -> Iterator[Anchored]:
    drawings = [relation.part for relation in _related(package, sheet_part) if relation.kind == "drawing"]
    for drawing in drawings:
        targets = {relation.id: relation.part for relation in _related(package, drawing)}
        for anchor in _tree(package, drawing):
            corner = next((e for e in anchor if markup.local_name(e) == "from"), None)
            if corner is None:
                continue
            where = {markup.local_name(e): int(e.text or "") for e in corner if (e.text or "").strip().isdecimal()}
            for picture in anchor.iter("{*}pic"):
                names = list(picture.iter("{*}cNvPr"))
                blips = list(picture.iter("{*}blip"))
                relation = next((v for blip in blips for k, v in blip.attrib.items() if k.endswith("}embed")), "")
                alt = names[0].get("descr", "") if names else ""
                yield Anchored(
                    where.get("row", 0) + 1, where.get("col", 0), targets.get(relation), alt_texts.by_people(alt)
                )


def _related(package: Package, part: str) -> list[Relation]:
    """The relations of a part; none when they are damaged: pictures are not worth a refusal."""
    try:
        return relations.of(package, part)
    except Refusal:
        return []


def _tree(package: Package, part: str) -> list[etree._Element]:
    """The elements at the top of a part; none when it is too large or damaged."""
    content = package.read(part)
    try:
        return list(markup.parse(content)) if len(content) <= _MOST_XML else []
    except Refusal:
        return []
