"""The file of legal documents: a CSV with a heading row, read into rows or a list of every problem in it."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from quiz.text import plain

# heading → field of LegalDocument; headings are compared without diacritics, case and underscores
HEADINGS = {
    "number": "number", "so hieu": "number",
    "title": "title", "ten": "title",
    "kind": "kind", "loai": "kind",
    "issuer": "issuer", "co quan ban hanh": "issuer",
    "issued on": "issued_on", "ngay ban hanh": "issued_on",
    "effective on": "effective_on", "ngay hieu luc": "effective_on",
    "expires on": "expires_on", "ngay het hieu luc": "expires_on", "het hieu luc": "expires_on",
    "questioned from": "questioned_from", "can doi chieu tu": "questioned_from", "nghi van tu": "questioned_from",
    "replaced by": "replaced_by", "thay the boi": "replaced_by",
    "note": "note", "ghi chu": "note", "tinh trang": "note",
    "source": "source", "nguon": "source",
}  # fmt: skip
_DAYS = ("issued_on", "effective_on", "expires_on", "questioned_from")
_LONGEST = {"number": 160, "title": 500, "kind": 80, "issuer": 200, "replaced_by": 160}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    number: str
    title: str
    kind: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    questioned_from: date | None = None
    replaced_by: str = ""
    note: str = ""
    source: str = ""


@dataclass(slots=True)
class Reading:
    """rows: those without a fault.  problems: one sentence each, with its line."""

    rows: list[DocumentRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_file(path: Path) -> Reading:
    """Raises OSError when the file cannot be opened."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return Reading(problems=[f"{path.name}: tệp không phải văn bản UTF-8."])
    return read_rows(csv.DictReader(text.splitlines(keepends=True)))


def read_rows(lines: Iterable[Mapping[str | None, object]]) -> Reading:
    """Read rows of {heading: text}; every problem is listed, not only the first."""
    reading = Reading()
    seen: dict[str, int] = {}
    for line, cells in enumerate(lines, 2):
        values = {HEADINGS.get(plain((name or "").replace("_", " "))): value for name, value in cells.items()}
        if line == 2:
            reading.problems += _check_headings(list(cells), values)
        if None in cells:
            reading.problems.append(f"Dòng {line}: có nhiều ô hơn số cột.")
        texts = {k: unicodedata.normalize("NFC", str(v or "")).strip() for k, v in values.items() if k}
        if not any(texts.values()):
            continue
        row, problems = _read_row(texts)
        number = texts.get("number", "")
        if number in seen:
            problems.append(f"số hiệu “{number}” đã có ở dòng {seen[number]}.")
        seen.setdefault(number, line)
        reading.problems += [f"Dòng {line}: {problem}" for problem in problems]
        if row is not None and not problems:
            reading.rows.append(row)
    return reading


def _check_headings(names: list[str | None], values: Mapping[str | None, object]) -> list[str]:
    unknown = [name for name in names if name and plain(name.replace("_", " ")) not in HEADINGS]
    problems = [f"Cột không nhận ra: “{name}”." for name in unknown]
    return problems + [f"Thiếu cột {what}." for what in ("number", "title") if what not in values]


def _read_row(texts: Mapping[str, str]) -> tuple[DocumentRow | None, list[str]]:
    problems = [f"thiếu {what}." for name, what in (("number", "số hiệu"), ("title", "tên")) if not texts.get(name)]
    for name, longest in _LONGEST.items():
        if len(texts.get(name, "")) > longest:
            problems.append(f"{name} dài hơn {longest} ký tự.")
    days: dict[str, date | None] = {}
    for name in _DAYS:
        try:
            days[name] = read_day(texts.get(name, ""))
        except ValueError:
            problems.append(f"{name} “{texts[name]}” không phải ngày (2024-12-31 hoặc 31/12/2024).")
    effective, expires = days.get("effective_on"), days.get("expires_on")
    if effective and expires and expires <= effective:
        problems.append("ngày hết hiệu lực phải sau ngày có hiệu lực.")
    if problems:
        return None, problems
    return DocumentRow(**({k: v for k, v in texts.items() if k not in _DAYS} | days)), []  # type: ignore[arg-type]


def read_day(text: str) -> date | None:
    """ "2024-12-31" or "31/12/2024"; None for an empty cell.  Raises ValueError."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        d, m, y = map(int, found.groups())
        return date(y, m, d)
    return date.fromisoformat(text)
