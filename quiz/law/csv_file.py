"""The files of the law library: a CSV of documents or of provisions, read into rows or a list of every problem in it."""

from __future__ import annotations

import csv
import enum
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from flask_babel import gettext as _

from quiz.law.places import read_number
from quiz.text import plain

MOST_BYTES = 300 * 1024  # some thousand documents
MOST_ROWS = 5000


class FileKind(enum.StrEnum):
    DOCUMENTS = "documents"
    PROVISIONS = "provisions"


# column → its headings, the first as the shipped file writes it; compared without diacritics, case and underscores
_DOCUMENT_HEADINGS = {
    "number": ("so_hieu", "number"),
    "title": ("ten", "title"),
    "kind": ("loai", "kind"),
    "issuer": ("co_quan_ban_hanh", "issuer"),
    "issued_on": ("ngay_ban_hanh", "issued_on"),
    "effective_on": ("ngay_hieu_luc", "effective_on"),
    "expires_on": ("ngay_het_hieu_luc", "het_hieu_luc", "expires_on"),
    "questioned_from": ("nghi_van_tu", "can_doi_chieu_tu", "questioned_from"),
    "amended_by": ("sua_doi_boi", "amended_by"),
    "replaced_by": ("thay_the_boi", "replaced_by"),
    "note": ("ghi_chu", "note"),
    "status": ("tinh_trang", "status"),
    "source": ("nguon", "source"),
    "link": ("lien_ket", "link"),
}
_PROVISION_HEADINGS = {
    "number": ("so_hieu", "number"),
    "article": ("dieu", "article"),
    "clause": ("khoan", "clause"),
    "point": ("diem", "point"),
    "title": ("ten", "title"),
    "effective_on": ("ngay_hieu_luc", "effective_on"),
    "expires_on": ("ngay_het_hieu_luc", "het_hieu_luc", "expires_on"),
    "note": ("ghi_chu", "note"),
}
_COLUMNS = {FileKind.DOCUMENTS: _DOCUMENT_HEADINGS, FileKind.PROVISIONS: _PROVISION_HEADINGS}
_NEEDED = {FileKind.DOCUMENTS: ("number", "title"), FileKind.PROVISIONS: ("number", "article")}
_DAYS = {"issued_on", "effective_on", "expires_on", "questioned_from"}
LONGEST = {
    "number": 160, "title": 500, "kind": 80, "issuer": 200, "amended_by": 160, "replaced_by": 160, "link": 500,
    "note": 4000, "status": 4000, "source": 2000,
}  # fmt: skip
_PROVISION_TITLE = 300

Value = str | date | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line about a document.  values: column of LegalDocument → what the file says of it, columns left empty left out.

    questioned_from, amended_by: an amendment of unknown content, if the line tells of one
    """

    line: int
    number: str
    values: Mapping[str, Value]
    questioned_from: date | None = None
    amended_by: str = ""


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """A line about a provision.  values: title, days and note, those left empty left out."""

    line: int
    number: str
    place: tuple[str, str, str]
    values: Mapping[str, Value]


@dataclass(slots=True)
class Reading:
    """rows: those without a fault, of one kind.  problems: one sentence each, with its line."""

    kind: FileKind = FileKind.DOCUMENTS
    rows: list[DocumentRow] = field(default_factory=list)
    provisions: list[ProvisionRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_file(path: Path) -> Reading:
    """Raises OSError when the file cannot be opened."""
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> Reading:
    """Read a CSV in UTF-8 or UTF-16, its cells apart by comma, semicolon or tab; every problem is listed."""
    if len(data) > MOST_BYTES:
        return Reading(problems=[_("Tệp lớn hơn %(kb)s KB.", kb=MOST_BYTES // 1024)])
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return Reading(problems=[_("Tệp không phải văn bản CSV dùng bảng mã UTF-8 hoặc UTF-16.")])
    try:
        return _read_lines(list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))))
    except csv.Error:
        return Reading(problems=[_("Tệp không phải bảng CSV: có ô quá dài hoặc dấu nháy không khép.")])


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _read_lines(lines: Sequence[Sequence[str]]) -> Reading:
    headings = [plain(cell.replace("_", " ")) for cell in lines[0]] if lines else []
    kind = FileKind.PROVISIONS if {"dieu", "article"} & set(headings) else FileKind.DOCUMENTS
    reading = Reading(kind)
    known = {plain(h.replace("_", " ")): name for name, names in _COLUMNS[kind].items() for h in names}
    columns = [known.get(heading, "") for heading in headings]
    reading.problems += _check_headings(lines[0] if lines else [], columns, kind)
    if len(lines) - 1 > MOST_ROWS:
        reading.problems.append(_("Tệp có hơn %(most)s dòng.", most=MOST_ROWS))
    if reading.problems:
        return reading
    read_row = _read_document if kind == FileKind.DOCUMENTS else _read_provision
    seen: dict[object, int] = {}
    for line, cells in enumerate(lines[1:], 2):
        values = {n: tidy for n, cell in zip(columns, cells, strict=False) if n and (tidy := _tidy(cell))}
        if not values:
            continue
        problems = [_("có nhiều ô hơn số cột.")] if any(map(str.strip, cells[len(columns) :])) else []
        row = read_row(line, values, problems)
        same = row.number if isinstance(row, DocumentRow) else (row.number, row.place)
        if same in seen:
            problems.append(_("trùng với dòng %(line)s.", line=seen[same]))
        seen.setdefault(same, line)
        reading.problems += [_("Dòng %(line)s: %(problem)s", line=line, problem=problem) for problem in problems]
        if not problems:
            (reading.rows if isinstance(row, DocumentRow) else reading.provisions).append(row)  # type: ignore[arg-type]
    return reading


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).replace("\r\n", "\n").strip()


def _check_headings(cells: Iterable[str], columns: Sequence[str], kind: FileKind) -> Iterator[str]:
    for cell, name in zip(cells, columns, strict=True):
        if cell.strip() and not name:
            yield _("Cột không nhận ra: “%(name)s”.", name=cell.strip())
    for name, headings in _COLUMNS[kind].items():
        if name in _NEEDED[kind] and name not in columns:
            yield _("Thiếu cột %(name)s.", name=headings[0])
        elif columns.count(name) > 1:
            yield _("Hai cột cùng là %(name)s.", name=headings[0])


def _read_document(line: int, texts: Mapping[str, str], problems: list[str]) -> DocumentRow:
    values = _read_values(texts, FileKind.DOCUMENTS, problems)
    status = str(values.pop("status", ""))
    for name, day in _days_told(status):
        values.setdefault(name, day)
    if status:
        values.setdefault("note", status)
    if (link := str(values.get("link", ""))) and not is_web_address(link):
        problems.append(_("lien_ket phải bắt đầu bằng http:// hoặc https://."))
    number, questioned_from = str(values.pop("number", "")), values.pop("questioned_from", None)
    amended_by = str(values.pop("amended_by", ""))
    if amended_by and not questioned_from:
        problems.append(_("có sua_doi_boi mà thiếu nghi_van_tu, ngày sửa đổi có hiệu lực."))
    if amended_by and amended_by == number:
        problems.append(_("văn bản không tự sửa đổi chính nó."))
    return DocumentRow(line, number, values, questioned_from, amended_by)  # type: ignore[arg-type]


_TOLD = {
    "expires_on": re.compile(r"^hết hiệu lực(?: từ)?(?: ngày)? (\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4})", re.I),
    "questioned_from": re.compile(
        r"được sửa(?: đổi)? từ(?: ngày)? (\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4}) \(nội dung sửa chưa đọc được\)", re.I
    ),
}


def _days_told(status: str) -> Iterator[tuple[str, date]]:
    """Days that the column of the status tells in its usual words: "Hết hiệu lực 2024-01-01"."""
    for name, wording in _TOLD.items():
        if found := wording.search(status):
            try:
                day = read_day(found[1])
            except ValueError:
                continue  # no day of the calendar: the words stay as a note
            if day:
                yield name, day


def _read_provision(line: int, texts: Mapping[str, str], problems: list[str]) -> ProvisionRow:
    values = _read_values(texts, FileKind.PROVISIONS, problems)
    place = []
    for name in ("article", "clause", "point"):
        text = str(values.pop(name, ""))
        number = read_number(text, name)
        if number is None:
            problems.append(_("%(name)s “%(text)s” không phải số hiệu của điều, khoản, điểm.",
                              name=_PROVISION_HEADINGS[name][0], text=text[:40]))  # fmt: skip
        place.append(number or "")
    return ProvisionRow(line, str(values.pop("number", "")), (place[0], place[1], place[2]), values)


def _read_values(texts: Mapping[str, str], kind: FileKind, problems: list[str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    headings = {name: names[0] for name, names in _COLUMNS[kind].items()}
    problems += [_("thiếu %(name)s.", name=headings[name]) for name in _NEEDED[kind] if name not in texts]
    for name, text in texts.items():
        most = _PROVISION_TITLE if kind == FileKind.PROVISIONS and name == "title" else LONGEST.get(name, 100)
        if len(text) > most:
            problems.append(_("%(name)s dài hơn %(most)s ký tự.", name=headings[name], most=most))
        elif name not in _DAYS:
            values[name] = text
        else:
            try:
                values[name] = read_day(text)
            except ValueError:
                problems.append(_("%(name)s “%(text)s” không phải ngày (2024-12-31 hoặc 31/12/2024).",
                                  name=headings[name], text=text))  # fmt: skip
    effective, expires = values.get("effective_on"), values.get("expires_on")
    if isinstance(effective, date) and isinstance(expires, date) and expires <= effective:
        problems.append(_("ngày hết hiệu lực phải sau ngày có hiệu lực."))
    return values


def is_web_address(text: str) -> bool:
    """May pages link to it?  Only http and https, so that no link runs a script."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.netloc) and not re.search(r"\s", text)


def read_day(text: str) -> date | None:
    """ "2024-12-31" or "31/12/2024"; None for an empty cell.  Raises ValueError."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        d, m, y = map(int, found.groups())
        return date(y, m, d)
    return date.fromisoformat(text)
