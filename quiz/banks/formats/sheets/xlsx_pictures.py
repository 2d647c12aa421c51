"""Where an Excel workbook keeps the pictures of a sheet: in a drawing, which names the cell below each corner."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from quiz.banks.formats.safe import markup, relations
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.safe.relations import Relation
from quiz.banks.formats.sheets.signs import Anchored
from quiz.banks.formats.spelling import alt_texts
from quiz.errors import Refusal

_MOST_XML = 5_000_000  # bytes of a drawing: it is built as a tree


def anchored(package: Package, sheet_part: str) -> Iterator[Anchored]:
    """The pictures of a sheet. Those that are not in the package come without a part."""
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
