"""QTI of any version, in a package with its manifest or as one bare file; the version is found by what the file says.

A manifest may name another version than the items have, so every part is asked itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.learning import qti2, qti12
from quiz.banks.formats.learning.qti2 import Part
from quiz.banks.formats.learning.qti_names import normalise, text_of
from quiz.banks.formats.learning.qti_writing import write
from quiz.banks.formats.learning.rich_text import FindPicture, next_number
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe import markup, packages
from quiz.errors import Refusal

__all__ = ["holds_items", "read", "write"]

_MANIFEST = "imsmanifest.xml"
_ROOTS = {"questestinterop", "assessmentItem"}
_ITEMLESS = {"assessmentTest", "manifest"}  # they only name the files of items
_OPENING = re.compile(rb"<(?:\w+:)?(?:questestinterop|assessmentItem|qti-assessment-item)\b")
_LARGEST_PART = 64 * 1024 * 1024  # of XML: 10,000 items of QTI 1.2 are some 30 MB
_CANVAS_FILES = ("$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/", "$IMS_CC_FILEBASE$/", "%24IMS_CC_FILEBASE%24/")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read(content: bytes) -> Reading:
    """Read a package or a bare file.  Raises Refusal(FileRefusal)."""
    reading = Reading()
    if content.startswith((packages.ZIP, packages.OLE)):
        with packages.opened(content) as package:
            _PackageReader(package, reading).read()
    else:
        root = _parsed(content)
        if root.tag not in _ROOTS:
            raise Refusal(FileRefusal.NO_ITEMS if root.tag in _ITEMLESS else FileRefusal.UNKNOWN_FORMAT)
        _read_root(root, Part(), reading, lambda _address: Fault.IMAGE_NOT_FOUND)
    if not reading.items and not reading.skipped:
        raise Refusal(FileRefusal.NO_ITEMS)
    return reading


def holds_items(package: packages.Package) -> bool:
    """Does a package without a manifest hold a file of items?"""
    return any(_OPENING.search(package.read(name), 0, 4000) for name in _xml_of(package))


def _xml_of(package: packages.Package) -> list[str]:
    return sorted(name for name in package.names if name.lower().endswith((".xml", ".qti")))


def _parsed(content: bytes) -> etree._Element:
    if len(content) > _LARGEST_PART:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    root = markup.parse(content.lstrip(b" \t\r\n"))
    normalise(root)
    return root


def _read_root(root: etree._Element, part: Part, reading: Reading, find: FindPicture) -> None:
    if root.tag == "questestinterop":
        qti12.read(root, reading, find)
    elif root.tag == "assessmentItem":
        qti2.read(root, part, reading, find)


class _PackageReader:
    def __init__(self, package: packages.Package, reading: Reading) -> None:
        self.package = package
        self.reading = reading
        self.pictures: dict[str, bytes] = {}  # unpacked once, however often they are shown

    def read(self) -> None:
        for part in self._parts():
            try:
                root = _parsed(self.package.read(part.name))
            except Refusal as refusal:
                if refusal.reason is not FileRefusal.DAMAGED:
                    raise
                self._skip(part.name)
                continue
            _read_root(root, part, self.reading, self._finder(part.name))

    def _skip(self, name: str) -> None:
        next_number(self.reading)
        self.reading.skip(name[:120], Fault.PART_NOT_READ)

    def _parts(self) -> list[Part]:
        """Parts that may hold items: those of the manifest in its order, or all XML where it names none."""
        manifests = sorted(
            (n for n in self.package.names if posixpath.basename(n).lower() == _MANIFEST), key=lambda n: n.count("/")
        )
        found: dict[str, Part] = {}
        if manifests:
            for part in self._of_manifest(manifests[0]):
                found.setdefault(part.name, part)
        if not found:
            found = {name: Part(name) for name in _xml_of(self.package) if name not in manifests}
        return [part for part in found.values() if not self._is_lesser_copy(part.name, found)]

    def _is_lesser_copy(self, name: str, found: dict[str, Part]) -> bool:
        """Canvas puts each quiz twice into a course: once poorer, for other systems."""
        folder, base = posixpath.split(name)
        richer = f"non_cc_assessments/{posixpath.basename(folder)}.xml.qti"
        return base == "assessment_qti.xml" and any(other.endswith(richer) for other in found)

    def _of_manifest(self, manifest: str) -> Iterator[Part]:
        root = _parsed(self.package.read(manifest))
        for resource in root.iter("resource"):
            bases = [e.get(_XML_BASE) or "" for e in (root, resource.getparent(), resource) if e is not None]
            general = resource.find("metadata//general")
            code = _entry(general)
            words = general.iterfind("keyword") if general is not None else ()
            keywords = ["".join(word.itertext()).strip() for word in words]
            addresses = [resource.get("href"), *(file.get("href") for file in resource.iterfind("file"))]
            for address in dict.fromkeys(filter(None, addresses)):
                if not unquote(address).lower().endswith((".xml", ".qti")):
                    continue
                name = self.package.resolve(manifest, posixpath.join(*bases, address))
                if name is not None and name != manifest:
                    yield Part(name, code, keywords)
                elif (resource.get("type") or "").startswith("imsqti"):
                    self._skip(address)

    def _finder(self, base: str) -> FindPicture:
        def find(address: str) -> bytes | Fault:
            inside = address.split("?")[0].split("#")[0]
            name = self._canvas_file(inside) or self.package.resolve(base, inside)
            if name is None:
                meant = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(inside)))
                return Fault.IMAGE_OUTSIDE if meant.startswith(("..", "/")) else Fault.IMAGE_NOT_FOUND
            if name not in self.pictures:
                self.pictures[name] = self.package.read(name)
            return self.pictures[name] or Fault.IMAGE_NOT_FOUND

        return find

    def _canvas_file(self, address: str) -> str | None:
        """Canvas calls the folder of its files by a word."""
        for mark in _CANVAS_FILES:
            if address.startswith(mark):
                rest = address[len(mark) :]
                found = (self.package.resolve("", folder + rest) for folder in ("web_resources/", ""))
                return next(filter(None, found), None)
        return None


def _entry(general: etree._Element | None) -> str:
    """The identifier that metadata give an item: <identifier>, with an <entry> in it since LOM 1.0."""
    identifier = general.find("identifier") if general is not None else None
    return text_of(identifier)
