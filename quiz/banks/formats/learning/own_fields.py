"""What other systems have no field for (citation, level, period, exemplar …), as labels "tên:giá trị" that they carry along.

Moodle calls them tags, IMS metadata keywords; both keep what they do not understand, so that our own files come back whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from quiz.banks.formats.reading import RawItem
from quiz.banks.formats.safe.markup import in_xml
from quiz.banks.formats.spelling import cells
from quiz.banks.formats.writing import OutItem
from quiz.text import plain

_TEXTS = {
    "chu-de": "topic",
    "muc-do": "level",
    "van-ban": "document",
    "dieu": "article",
    "khoan": "clause",
    "diem": "point",
    "dung-tu": "valid_from",
    "het-dung-tu": "valid_until",
    "dung-den": "valid_through",
    "dien-hinh": "exemplar",
    "nguon": "source",
}
_MARKING, _PINNED, _PAIRS, _WORDS = "cham", "giu-cho", "ghep", "so-chu"
_NAMES = {*_TEXTS, _MARKING, _PINNED, _PAIRS, _WORDS}
_WHOLE, _IN_PART = "tron-cau", "tung-phan"


def labels(item: OutItem) -> list[str]:
    """Labels of an item for the fields that neither Moodle nor QTI has."""
    w = item.wording
    values = {
        "chu-de": w.topic,
        "muc-do": w.level,
        "van-ban": item.document,
        "dieu": w.article,
        "khoan": w.clause,
        "diem": w.point,
        "dung-tu": w.valid_from or "",
        "het-dung-tu": w.valid_until or "",
        "dien-hinh": w.exemplar,
        "nguon": w.source,
    }
    return [in_xml(f"{name}:{value}") for name, value in values.items() if value]


def marking_label(partial: bool) -> str:
    """For formats that mark otherwise, or leave it open, how an item is marked."""
    return f"{_MARKING}:{_IN_PART if partial else _WHOLE}"


def pinned_label(item: OutItem) -> str:
    return f"{_PINNED}:{_joined(item.wording.pinned)}"


def pairs_label(item: OutItem) -> str:
    """Which right side each left side has: the file alone tells only who belongs to whom, not the order of the right sides."""
    return f"{_PAIRS}:{_joined(item.wording.key)}"


def words_label(item: OutItem) -> str:
    return f"{_WORDS}:{item.wording.words}"


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


@dataclass(slots=True)
class OwnFields:
    """The labels of an item that are ours, by name, and the others."""

    values: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def are_ours(self) -> bool:
        """Did we write the file?  We never leave out the topic."""
        return "chu-de" in self.values

    @property
    def marks_whole(self) -> bool:
        """Does nothing but the whole right answer earn points, whatever the points of the file say?"""
        return self.values.get(_MARKING) == _WHOLE

    def fill(self, raw: RawItem) -> None:
        """Put the values into an item whose texts and key have been read."""
        for name, attribute in _TEXTS.items():
            if name in self.values:
                setattr(raw, attribute, self.values[name])
        if _MARKING in self.values:
            raw.partial = self.values[_MARKING] == _IN_PART
        if _PINNED in self.values:
            raw.pinned = self._numbers(_PINNED)
        if words := self._numbers(_WORDS):
            raw.words = words[0]
        self._reorder_matches(raw)

    def _reorder_matches(self, raw: RawItem) -> None:
        wanted = self._numbers(_PAIRS)
        places = range(1, len(raw.matches) + 1)
        if len(wanted) != len(raw.key) or not set(wanted) <= set(places):
            return
        moved = dict(zip(raw.key, wanted, strict=True))
        if [moved[n] for n in raw.key] != wanted or len(set(moved.values())) != len(moved):
            return  # the file has been changed since: what it says itself counts
        free = (n for n in places if n not in moved.values())
        moved |= {n: next(free) for n in places if n not in moved}
        ordered = sorted(places, key=lambda n: moved[n])
        raw.matches, raw.key = [raw.matches[n - 1] for n in ordered], wanted

    def _numbers(self, name: str) -> list[int]:
        return [int(found) for found in re.findall(r"\d{1,5}", self.values.get(name, ""))]


def read(texts: Iterable[str]) -> OwnFields:
    """Sort labels into ours and others. "Chủ đề: X" by hand is understood like "chu-de:X", and so is a bare "thông hiểu"."""
    found = OwnFields()
    for text in filter(None, (text.strip() for text in texts)):
        name, colon, value = text.partition(":")
        name = re.sub(r"[\s_]+", "-", plain(name))
        if colon and name in _NAMES:
            found.values.setdefault(name, value.strip())
        elif not text.isdecimal() and cells.words_of(text) in cells.LEVELS:
            found.values.setdefault("muc-do", text)
        else:
            found.others.append(text)
    return found
