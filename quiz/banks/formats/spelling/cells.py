"""Reading of single cells as people fill them in: kinds, levels, days, names of documents.  Keys and options: notation.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from quiz.banks.models import ItemKind
from quiz.banks.wording import one_line
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
    ItemKind.SHORT_TEXT: [
        "short text", "short answer", "dien tu", "dien khuyet", "dien vao cho trong", "dien vao cho chong", "dien chu",
        "tra loi ngan", "dien",
    ],
    ItemKind.NUMBER: ["number", "numeric", "so", "dien so", "tra loi bang so"],
    ItemKind.ORDERING: ["ordering", "order", "sap xep", "sap xep thu tu", "sap xep theo thu tu", "thu tu"],
    ItemKind.MATCHING: ["matching", "match", "ghep doi", "ghep cap", "ghep noi", "ghep cot", "noi", "noi cot", "noi cap"],
    ItemKind.ESSAY: ["essay", "tu luan", "viet", "bai viet", "cau tu luan"],
}  # fmt: skip
KINDS = {name: kind for kind, names in _KIND_NAMES.items() for name in names}
LEVELS = {
    "1": 1, "nhan biet": 1, "nb": 1, "biet": 1, "de": 1, "muc 1": 1,
    "2": 2, "thong hieu": 2, "th": 2, "hieu": 2, "trung binh": 2, "muc 2": 2,
    "3": 3, "van dung": 3, "vd": 3, "van dung cao": 3, "vdc": 3, "kho": 3, "muc 3": 3,
}  # fmt: skip
# as we write them ourselves
KIND_NAMES = {
    ItemKind.SINGLE: "Một đáp án",
    ItemKind.MULTIPLE: "Nhiều đáp án",
    ItemKind.TRUE_FALSE: "Đúng sai",
    ItemKind.SHORT_TEXT: "Điền từ",
    ItemKind.NUMBER: "Điền số",
    ItemKind.ORDERING: "Sắp xếp",
    ItemKind.MATCHING: "Ghép đôi",
    ItemKind.ESSAY: "Tự luận",
}
LEVEL_NAMES = {1: "Nhận biết", 2: "Thông hiểu", 3: "Vận dụng"}
_TRUTH = {"dung": 1, "d": 1, "true": 1, "t": 1, "a": 1, "1": 1, "sai": 2, "s": 2, "false": 2, "f": 2, "b": 2, "2": 2}
_YES = {"x", "co", "dung", "1", "yes", "true", "tung phan", "cham tung phan"}
_NO = {"", "khong", "sai", "0", "no", "false", "tron cau", "ca cau"}
_EXCEL_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}

_plain = lru_cache(maxsize=4096)(plain)  # the same topics, levels and documents stand in thousands of rows


def text_of(value: Any) -> str:
    """A cell as text: 3.0 → "3", a day → "31/12/2024", true → "Đúng"."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}".replace(".", ",")
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value).strip()


def words_of(value: Any) -> str:
    """A cell as words to compare: "Đúng/Sai" → "dung sai"."""
    return _words(text_of(value))


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", plain(text)).split())


def is_error(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in "# " and value.strip() in _EXCEL_ERRORS


def read_truth(value: Any) -> int | None:
    """1 for Đúng, 2 for Sai, None when the cell says neither."""
    return _TRUTH.get(words_of(value))


def read_yes(value: Any) -> bool | None:
    """Yes or no; None when the cell says neither. An empty cell is a no."""
    words = words_of(value)
    return True if words in _YES else False if words in _NO else None


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
    return text[len(word) :].strip(" .:") if _plain(text).startswith(_plain(word) + " ") else text


def read_topic(value: Any, topics: Iterable[Mapping[str, str]]) -> str | None:
    """The code of the topic that the cell names by code or title; None when there is no such topic."""
    text = _plain(text_of(value))
    return next((t["code"] for t in topics if text in (_plain(t["code"]), _plain(t["title"]))), None)


def find_document(text: str, documents: Sequence[LegalDocument]) -> LegalDocument | None:
    """The document that a cell names by number, by title, or by a text that holds the number. None when unsure."""
    wanted = _joined(text)
    found = [d for d in documents if _joined(d.number) == wanted]
    if len(found) != 1:
        words = _plain(text)
        found = [d for d in documents if _plain(d.title) == words]
    if len(found) == 1:
        return found[0]
    held = [d for d in documents if d.number[:1].isdigit() and _holds(wanted, _joined(d.number))]
    return max(held, key=lambda d: len(d.number)) if held else None


def _holds(text: str, number: str) -> bool:
    """Is the number in the text, and not merely the end of a longer one?"""
    return number in text and re.search(rf"(?<!\d){re.escape(number)}", text) is not None


@lru_cache(maxsize=4096)
def _joined(text: str) -> str:
    return plain(text).replace(" ", "").replace("–", "-")
