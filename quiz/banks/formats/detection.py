"""Which format a file is in, by what it holds: names and media types of uploads are often wrong."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable

from quiz.banks.formats import aiken, bank_yaml, csv_table, docx, gift, moodle_xml, ods, pasted, qti, xlsx
from quiz.banks.formats.files import MOST_LINES, FileRefusal, decode
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe import markup, packages
from quiz.banks.formats.sheets import ods_guard
from quiz.errors import Refusal


class Format(enum.StrEnum):
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    DOCX = "docx"
    TEXT = "text"
    AIKEN = "aiken"
    GIFT = "gift"
    MOODLE_XML = "moodle_xml"
    QTI = "qti"
    YAML = "yaml"


READERS: dict[Format, Callable[[bytes], Reading]] = {
    Format.XLSX: xlsx.read,
    Format.ODS: ods.read,
    Format.CSV: csv_table.read,
    Format.DOCX: docx.read,
    Format.TEXT: pasted.read,
    Format.AIKEN: aiken.read,
    Format.GIFT: gift.read,
    Format.MOODLE_XML: moodle_xml.read,
    Format.QTI: qti.read,
    Format.YAML: bank_yaml.read_upload,
}
_YAML = re.compile(r"^(?:bank|items):\s*(?:$|#)", re.MULTILINE)
_AIKEN = re.compile(r"^ANSWER:[ \t]*[A-Z]", re.MULTILINE)
_GIFT = re.compile(r"^::|^\$CATEGORY:|\{\s*(?:[=~#]|TRUE|FALSE|T\b|F\b|\})|\{[^{}]{0,2000}?(?<!\\)[=~]", re.MULTILINE)
_ITEM_ROOTS = {
    "assessmentItem",
    "qti-assessment-item",
    "questestinterop",
    "assessmentTest",
    "qti-assessment-test",
    "manifest",
}


def detect(content: bytes) -> Format:
    """The format of a file.  Raises Refusal(FileRefusal) for one that no reader of ours understands."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refusal(FileRefusal.EMPTY)
    if b"%PDF-" in content[:1024]:
        raise Refusal(FileRefusal.PDF)
    if content.startswith((packages.ZIP, packages.OLE)):
        return _of_package(content)
    if content.startswith((b"{\\rtf", b"\x7fELF", b"MZ", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc")):
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    text = decode(content)
    if text.lstrip("\ufeff \n\t").startswith("<"):
        return _of_markup(content)
    return _of_text(text)


def _of_package(content: bytes) -> Format:
    with packages.opened(content) as package:
        if "[Content_Types].xml" in package:
            types = package.read("[Content_Types].xml")
            if b"wordprocessingml" in types or b"ms-word" in types:
                return Format.DOCX
            if b"spreadsheetml" in types or b"ms-excel" in types:
                return Format.XLSX
        if ods_guard.is_spreadsheet(package):
            return Format.ODS
        if any(name.rpartition("/")[2] == "imsmanifest.xml" for name in package.names) or qti.holds_items(package):
            return Format.QTI
    raise Refusal(FileRefusal.UNKNOWN_FORMAT)


def _of_markup(content: bytes) -> Format:
    root = markup.local_name(markup.parse(content))
    if root == "quiz":
        return Format.MOODLE_XML
    if root in _ITEM_ROOTS:
        return Format.QTI
    raise Refusal(FileRefusal.UNKNOWN_FORMAT)


def _of_text(text: str) -> Format:
    if _YAML.search(text):
        return Format.YAML
    if text.count("\n") > MOST_LINES:  # each becomes some five hundred bytes
        raise Refusal(FileRefusal.TOO_MANY_LINES, most=MOST_LINES)
    if _AIKEN.search(text):
        return Format.AIKEN
    if csv_table.has_headings(text):
        return Format.CSV
    return Format.GIFT if _GIFT.search(text) else Format.TEXT
