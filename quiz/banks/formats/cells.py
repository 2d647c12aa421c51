"""Reading of single cells as people fill them in: keys, kinds, levels, days, numbers of articles, names of documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from quiz.banks.models import ItemKind
from quiz.banks.wording import LETTERS, Fault, Problem, letter, one_line
from quiz.law.models import LegalDocument
from quiz.text import plain

_KIND_NAMES = {
    ItemKind.SINGLE: [
        "single", "mot", "mot dap an", "1 dap an", "mot lua chon", "1 lua chon", "chon mot", "don", "trac nghiem",
        "trac nghiem mot dap an", "trac nghiem 1 dap an",
    ],
    ItemKind.MULTIPLE: [
        "multiple", "nhieu", "nhieu dap an", "nhieu lua chon", "chon nhieu", "trac nghiem nhieu dap an",
    ],
    ItemKind.TRUE_FALSE: ["true false", "dung sai", "d s", "ds", "dung hay sai", "dung hoac sai"],
}  # fmt: skip
KINDS = {name: kind for kind, names in _KIND_NAMES.items() for name in names}
LEVELS = {
    "1": 1, "nhan biet": 1, "nb": 1, "biet": 1, "de": 1, "muc 1": 1,
    "2": 2, "thong hieu": 2, "th": 2, "hieu": 2, "trung binh": 2, "muc 2": 2,
    "3": 3, "van dung": 3, "vd": 3, "van dung cao": 3, "vdc": 3, "kho": 3, "muc 3": 3,
}  # fmt: skip
_TRUTH = {"dung": 1, "d": 1, "true": 1, "t": 1, "a": 1, "1": 1, "sai": 2, "s": 2, "false": 2, "f": 2, "b": 2, "2": 2}
_EXCEL_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}
_KEY_PREFIX = re.compile(r"^(?:đáp án|phương án|câu|chọn|ý)(?:\s+đúng)?(?:\s+là)?\s*:?\s+(?=\S)", re.IGNORECASE)
_KEY_SPLIT = re.compile(r"\s*(?:[,;/&+\n]|\bvà\b|\s)\s*", re.IGNORECASE)


def text_of(value: Any) -> str:
    """A cell as text: 3.0 → "3", a day → "31/12/2024", true → "Đúng"."""
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value).strip()


def words_of(value: Any) -> str:
    """A cell as words to compare: "Đúng/Sai" → "dung sai"."""
    return " ".join(re.sub(r"[\W_]+", " ", plain(text_of(value))).split())


def is_error(value: Any) -> bool:
    return isinstance(value, str) and value.strip() in _EXCEL_ERRORS


def read_truth(value: Any) -> int | None:
    """1 for Đúng, 2 for Sai, None when the cell says neither."""
    return _TRUTH.get(words_of(value))


def read_key(value: Any, options: Sequence[str]) -> tuple[tuple[int, ...], Problem | None]:
    """Numbers of the right options, from 1, or what is wrong with the cell.

    Understands a letter, a number from 1, the text of an option, and several of them: "A,C", "AC", "A;C", "1, 3".
    A name beyond the options is returned as it is, for the wording to be found faulty.
    """
    if isinstance(value, float) and not value.is_integer():
        return (), Problem(Fault.DECIMAL_KEY, {"key": text_of(value)})  # "1,3" became a number in Excel
    text = one_line(text_of(value))
    if not text:
        return (), Problem(Fault.NO_KEY)
    by_text = [n for n, option in enumerate(options, 1) if one_line(option).casefold() == text.casefold()]
    by_place = _places(_KEY_PREFIX.sub("", text))
    if len(by_text) == 1:
        if by_place and by_place != by_text and max(by_place) <= len(options):
            details = {"key": text, "place": ", ".join(map(letter, by_place)), "text": letter(by_text[0])}
            return (), Problem(Fault.AMBIGUOUS_KEY, details)
        return tuple(by_text), None
    if by_place is None:
        return (), Problem(Fault.UNREADABLE_KEY, {"key": text[:80]})
    return tuple(by_place), None


def _places(text: str) -> list[int] | None:
    """ "A, C." → [1, 3]; None when a part is neither a letter nor a number."""
    found: set[int] = set()
    for part in filter(None, _KEY_SPLIT.split(text)):
        name = part.strip(".()[]: ").upper()
        if name.isdecimal() and len(name) <= 2 and int(name):
            found.add(int(name))
        elif name and len(set(name)) == len(name) and all(c in LETTERS for c in name):
            found.update(LETTERS.index(c) + 1 for c in name)
        elif len(name) == 1 and "I" <= name <= "Z":
            found.add(ord(name) - 64)  # no such option; said so rather than "not understood"
        else:
            return None
    return sorted(found) or None


def read_day(value: Any) -> date | None:
    """A day from a date cell or "31/12/2024", "31-12-2024", "2024-12-31".  Raises ValueError; None for an empty cell."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        d, m, y = map(int, found.groups())
        return date(y, m, d)
    return date.fromisoformat(text)


def read_place(value: Any, word: str) -> str:
    """ "Điều 5" or 5.0 in the column of articles → "5".  word: "điều", "khoản" or "điểm"."""
    text = one_line(text_of(value))
    return text[len(word) :].strip(" .:") if plain(text).startswith(plain(word) + " ") else text


def read_topic(value: Any, topics: Iterable[Mapping[str, str]]) -> str | None:
    """The code of the topic that the cell names by code or title; None when there is no such topic."""
    text = plain(text_of(value))
    return next((t["code"] for t in topics if text in (plain(t["code"]), plain(t["title"]))), None)


def find_document(text: str, documents: Sequence[LegalDocument]) -> LegalDocument | None:
    """The document that a cell names by number, by title, or by a text that holds the number. None when unsure."""
    wanted = _joined(text)
    for same in (lambda d: _joined(d.number) == wanted, lambda d: plain(d.title) == plain(text)):
        found = [d for d in documents if same(d)]
        if len(found) == 1:
            return found[0]
    found = [
        d for d in documents if d.number[:1].isdigit() and re.search(rf"(?<!\d){re.escape(_joined(d.number))}", wanted)
    ]
    return max(found, key=lambda d: len(d.number)) if found else None


def _joined(text: str) -> str:
    return plain(text).replace(" ", "").replace("–", "-")
