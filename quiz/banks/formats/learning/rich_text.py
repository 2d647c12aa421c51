"""Texts of other learning systems, which are HTML, in one item: plain text kept, images kept, what is dropped noted once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from itertools import islice
from urllib.parse import unquote_to_bytes

from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import MOST_ITEMS, RawItem, RawPicture, Reading
from quiz.banks.formats.safe.markup import HtmlText
from quiz.errors import Refusal

FindPicture = Callable[[str], bytes | Fault]  # what an address within the file means, or why nothing

_ABROAD = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_FORMULA = re.compile(r"<(?:\w+:)?math\b", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>?")
_MOST_TAGS = 1_000  # in one text; an HTML parser takes time with the square of their depth
_LONGEST_NAME = 80
_MOST_ELEMENTS = 2_000  # in one item; nobody writes more, and reading takes time with their square


def is_overgrown(element: etree._Element) -> bool:
    """Does an item have more parts than an item can have?"""
    return next(islice(element.iter(), _MOST_ELEMENTS, None), None) is not None


def next_number(reading: Reading) -> int:
    """The number of the next item.  Raises Refusal(FileRefusal.TOO_MANY_ROWS)."""
    number = len(reading.items) + len(reading.skipped) + 1
    if number > MOST_ITEMS:
        raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
    return number


class RichText:
    """Reads the texts of one item."""

    def __init__(self, raw: RawItem, find: FindPicture) -> None:
        self._raw = raw
        self._find = find

    def line(self, source: str, place: int | None) -> str:
        """A stem or an option.  place: of its images, as in RawPicture; None where an item has no place for them."""
        return self._read(source, place).replace("\n", " ")

    def paragraphs(self, source: str) -> str:
        """An explanation: each block becomes a paragraph."""
        return self._read(source, None).replace("\n", "\n\n")

    def note_once(self, fault: Fault, severity: Severity = Severity.WARNING, **details: object) -> None:
        if all(problem.fault is not fault for problem in self._raw.problems):
            self._raw.note(fault, severity, **details)

    def picture(self, source: str, alt: str, place: int | None) -> None:
        """Keep the picture of an address, or note why not."""
        name = source if len(source) <= _LONGEST_NAME else source[:_LONGEST_NAME] + "…"
        if place is None or any(picture.place == place for picture in self._raw.pictures):
            self._raw.note(Fault.IMAGE_NO_PLACE, Severity.WARNING, name=name)
            return
        content = self._content(source)
        if isinstance(content, Fault):
            self._raw.note(content, Severity.WARNING, name=name or alt)
        else:
            self._raw.pictures.append(RawPicture(place, content, alt))

    def _content(self, source: str) -> bytes | Fault:
        if source.lower().startswith("data:"):
            return _inline(source) or Fault.IMAGE_NOT_FOUND
        if not source or _ABROAD.match(source):  # nh3 has emptied addresses of other schemes, file: among them
            return Fault.IMAGE_OUTSIDE
        return self._find(source)

    def _read(self, source: str, place: int | None) -> str:
        if not source or source.isspace():
            return ""
        if source.count("<") > 2 * _MOST_TAGS:
            source = without_tags(source)
            self.note_once(Fault.HTML_CLEANED, Severity.INFO)
        found = HtmlText(source)
        if found.was_rich:
            self.note_once(Fault.HTML_CLEANED, Severity.INFO)
        if _FORMULA.search(source):
            self.note_once(Fault.FORMULA_LOST)
        for address, alt in found.images:
            self.picture(address, alt, place)
        return found.text


def without_tags(source: str) -> str:
    return _ANY_TAG.sub(" ", source)


def from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _inline(source: str) -> bytes | None:
    """What a data: address holds."""
    head, comma, data = source.partition(",")
    if not comma:
        return None
    return from_base64(unquote_to_bytes(data).decode("latin-1")) if head.endswith(";base64") else unquote_to_bytes(data)
