"""ZIP packages (XLSX, DOCX, QTI) opened safely: what they unpack to is bounded, and no name leads out of them."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from quiz.banks.formats.files import FileRefusal
from quiz.errors import Refusal

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 5_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of old Office files, and of encrypted new ones
ZIP = b"PK\x03\x04"


class Package:
    """An archive whose real sizes have been counted. Names are kept with forward slashes, as the format demands."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = {part.filename: part for part in archive.infolist() if not part.is_dir()}

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """The content of a part.  Raises KeyError for a name that is not there."""
        return self._archive.read(self._parts[name])

    def chunks(self, name: str) -> Iterator[bytes]:
        """The same in pieces, for a part that may be as large as the whole.  Raises KeyError."""
        with self._archive.open(self._parts[name]) as part:
            while chunk := part.read(1 << 18):
                yield chunk

    def resolve(self, base: str, target: str) -> str | None:
        """The part that `target` means in the part `base`: relative or from the root, percent-encoded or not.

        None when it is not in the package: a name that leads out of it finds nothing.
        """
        for name in (target, unquote(target)):
            start = "" if name.startswith("/") else posixpath.dirname(base)
            found = posixpath.normpath(posixpath.join(start, name.lstrip("/")))
            if found in self._parts:
                return found
        return None


@contextmanager
def opened(content: bytes) -> Iterator[Package]:
    """Open a package that is safe to read.  Raises Refusal(FileRefusal), also for damage found while it is being read."""
    if content.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refusal(FileRefusal.PASSWORD if encrypted else FileRefusal.OLD_OFFICE)
    if not content.startswith(ZIP):
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, content)
            yield Package(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError) as error:
        raise Refusal(FileRefusal.DAMAGED) from error
    except RuntimeError as error:
        # zipfile: encrypted, or packed in a way no office program uses
        if isinstance(error, RecursionError):
            raise
        raise Refusal(FileRefusal.DAMAGED) from error


def _check(archive: zipfile.ZipFile, content: bytes) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal(FileRefusal.PASSWORD)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    # of two parts with one name another library might read the one that was not counted
    if any(_leads_out(part.filename) for part in parts) or len({p.filename.lower() for p in parts}) < len(parts):
        raise Refusal(FileRefusal.UNSAFE)
    left = MOST_UNPACKED  # the directory may lie about sizes, so they are counted as well
    for part in parts:
        left -= _unpacked_size(part, content, left)


def _leads_out(name: str) -> bool:
    normal = posixpath.normpath(name.replace("\\", "/"))
    return normal.startswith(("../", "/")) or normal == ".." or normal[1:2] == ":"


def _unpacked_size(part: zipfile.ZipInfo, content: bytes, most: int) -> int:
    """Bytes that the packed data of a part really unfold to.  Raises Refusal beyond `most`."""
    name_length, extra_length = struct.unpack_from("<HH", content, part.header_offset + 26)
    start = part.header_offset + 30 + name_length + extra_length
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in a way no office program uses")
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    while packed and not unpack.eof:
        size += len(unpack.decompress(packed, 1 << 20))
        packed = unpack.unconsumed_tail
        if size > most:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    return size
