"""Relations between the parts of an Office package: which part a picture, a style or a drawing is in."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe import markup
from quiz.banks.formats.safe.packages import Package
from quiz.errors import Refusal

MOST_XML = 5_000_000  # bytes of relations, which are built as a tree; a thousand pictures take some 200,000


class Relation(NamedTuple):
    """id: by which a part speaks of it · kind: "image", "styles" · part: that it leads to, always one of the package"""

    id: str
    kind: str
    part: str


def of(package: Package, part: str) -> list[Relation]:
    """The relations of a part; "" for those of the package as a whole. What leads out of the package is left out.

    Raises Refusal(FileRefusal).
    """
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in package:
        return []
    content = package.read(path)
    if len(content) > MOST_XML:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    found = []
    for element in markup.parse(content):
        target = package.resolve(part, element.get("Target") or "")
        if target and element.get("TargetMode") != "External":
            found.append(Relation(element.get("Id") or "", (element.get("Type") or "").rpartition("/")[2], target))
    return found
