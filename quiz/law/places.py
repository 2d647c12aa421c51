"""Places in a document as people write them, one a line: "khoản 2 Điều 5"."""

from __future__ import annotations

import re
import unicodedata

from quiz.rules.validity import Place

_WORDS = {
    "điều": "article", "dieu": "article", "khoản": "clause", "khoan": "clause", "điểm": "point", "diem": "point",
}  # fmt: skip
_NUMBER = r"\d{1,4}[a-zđ]{0,2}"  # "5a": an article put in by an amendment
_VALUE = {"article": _NUMBER, "clause": _NUMBER, "point": r"[a-zđ]{1,2}\d?"}
_PART = re.compile(rf"({'|'.join(_WORDS)})\s+(\w+)")
_JOINTS = re.compile(r"[\s,.;:–-]|\bcủa\b|\bcua\b")


class BadPlace(ValueError):
    """A line that names no place.  line: as written."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_places(text: str) -> list[Place]:
    """The places that the lines name, each once, in their order; empty lines are skipped.  Raises BadPlace."""
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).splitlines()]
    return list(dict.fromkeys(read_place(line) for line in lines if line))


def read_place(line: str) -> Place:
    """One place, its parts in any order: "điểm a khoản 2 Điều 5", "Điều 5, khoản 2".  Raises BadPlace."""
    lowered = line.lower()
    found = [(_WORDS[word], value) for word, value in _PART.findall(lowered)]
    parts = dict(found)
    rest = _JOINTS.sub("", _PART.sub("", lowered))
    well_written = all(re.fullmatch(_VALUE[name], value) for name, value in found)
    if rest or len(parts) < len(found) or not well_written or "article" not in parts:
        raise BadPlace(line)
    return Place(**parts)


def read_number(text: str, name: str) -> str | None:
    """The number of an article, clause or point, typed with or without its word; None when it is none.

    name: article | clause | point
    """
    lowered = unicodedata.normalize("NFC", text).lower().strip()
    for word, meaning in _WORDS.items():
        if meaning == name:
            lowered = re.sub(rf"^{word}\s+", "", lowered)
    return lowered if not lowered or re.fullmatch(_VALUE[name], lowered) else None


def in_order(place: Place) -> tuple[tuple[int, str], ...]:
    """A key that sorts places as a document has them: Điều 9 before Điều 10, Điều 10 before Điều 10a."""
    return tuple(_number_first(part) for part in (place.article, place.clause, place.point))


def _number_first(part: str) -> tuple[int, str]:
    digits = re.match(r"\d*", part)
    assert digits is not None
    # đ comes after d in a document, and after z for a computer
    return int(digits[0] or 0), part[digits.end() :].replace("đ", "d~")
