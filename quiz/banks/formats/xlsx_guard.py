"""What makes a workbook safe to open: its kind by content, and what it would unpack to.

The reader builds a dense table in memory, so a small file could ask for gigabytes in three ways: by compression, by one cell far
away from the others, and by one long shared text that many cells quote. All three are counted before it is opened.
"""

from __future__ import annotations

import enum
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from quiz.errors import Refusal

MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 1_000_000  # of the rectangle around all filled cells
MOST_TEXT = 100_000_000  # characters

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of old Excel files, and of encrypted new ones
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class FileRefusal(enum.Enum):
    NOT_EXCEL = "not_excel"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"
    DAMAGED = "damaged"
    TOO_LARGE_INSIDE = "too_large_inside"
    TOO_MANY_ROWS = "too_many_rows"
    NO_HEADINGS = "no_headings"
    NO_ROWS = "no_rows"


def check(content: bytes) -> None:
    """Pass a workbook that is safe to open.  Raises Refusal(FileRefusal)."""
    if content.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refusal(FileRefusal.PASSWORD if encrypted else FileRefusal.OLD_EXCEL)
    if not content.startswith(b"PK\x03\x04"):
        raise Refusal(FileRefusal.NOT_EXCEL)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, content)
    except (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, ValueError) as error:
        raise Refusal(FileRefusal.DAMAGED) from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile: encrypted, or packed in a way Excel never uses
        raise Refusal(FileRefusal.DAMAGED) from error


def _check_archive(archive: zipfile.ZipFile, content: bytes) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal(FileRefusal.PASSWORD)
    if "xl/workbook.xml" not in archive.NameToInfo:
        raise Refusal(FileRefusal.NOT_EXCEL)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    left = MOST_UNPACKED  # the directory may lie about sizes, so they are counted as well
    for part in parts:
        left -= _unpacked_size(part, content, left)
    cells = _Cells()
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            cells.count(archive.read(part))
    if cells.text > MOST_TEXT:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)


def _unpacked_size(part: zipfile.ZipInfo, content: bytes, most: int) -> int:
    """Bytes that the packed data of a part really unfold to.  Raises Refusal beyond `most`."""
    name_length, extra_length = struct.unpack_from("<HH", content, part.header_offset + 26)
    start = part.header_offset + 30 + name_length + extra_length
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in a way Excel never uses")
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    while packed and not unpack.eof:
        size += len(unpack.decompress(packed, 1 << 20))
        packed = unpack.unconsumed_tail
        if size > most:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    return size


class _Cells:
    """Counts, over all parts, how large a table would become and how much text its cells quote."""

    def __init__(self) -> None:
        self.shared: list[int] = []  # lengths of the shared texts
        self.quoted: Counter[int] = Counter()  # number of a shared text → cells that quote it
        self.own_text = 0

    @property
    def text(self) -> int:
        lengths = dict(enumerate(self.shared))
        return self.own_text + sum(lengths.get(number, 0) * times for number, times in self.quoted.items())

    def count(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        reader = _PartReader(self)
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(xml, True)


def _refuse_doctype(*_arguments: object) -> None:
    raise Refusal(FileRefusal.DAMAGED)  # no spreadsheet program writes one; entities could unfold without end


class _PartReader:
    def __init__(self, cells: _Cells) -> None:
        self.cells = cells
        self.bottom = (0, 0)  # row and column of the last filled cell
        self.at = (0, 0)
        self.is_shared = False
        self.in_value = False
        self.in_shared = False
        self.number = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self.at = (int(attributes.get("r", self.at[0] + 1)), 0)
        elif name == "c":
            self.is_shared = attributes.get("t") == "s"
            self.at = _place(attributes["r"]) if "r" in attributes else (self.at[0], self.at[1] + 1)
        elif name in ("v", "is"):
            self.in_value, self.number = name == "v", ""
            self._widen()
        elif name == "si":
            self.in_shared = True
            self.cells.shared.append(0)
        elif name == "Relationship":
            is_counted = attributes.get("Type", "").endswith(("/worksheet", "/sharedStrings"))
            if is_counted and not attributes.get("Target", "").endswith(".xml"):
                raise Refusal(FileRefusal.DAMAGED)  # a table under another name would escape the count

    def _widen(self) -> None:
        self.bottom = (max(self.at[0], self.bottom[0]), max(self.at[1], self.bottom[1]))
        # counted from A1, because sheet rows are named in the report
        if self.bottom[0] * self.bottom[1] > MOST_CELLS:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)

    def characters(self, text: str) -> None:
        if self.in_value and self.is_shared:
            self.number += text
        elif self.in_shared:
            self.cells.shared[-1] += len(text)
        else:
            self.cells.own_text += len(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            self.in_shared = False
        elif name == "v" and self.in_value:
            if self.is_shared and self.number.strip().isdigit():
                self.cells.quoted[int(self.number)] += 1
            self.in_value = False


def _place(name: str) -> tuple[int, int]:
    """ "B3" → (3, 2).  Raises ValueError."""
    found = _CELL.fullmatch(name)
    if found is None:
        raise ValueError(name)
    column = 0
    for c in found[1]:
        column = column * 26 + ord(c) - 64
    return int(found[2]), column
