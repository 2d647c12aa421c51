"""Headings of item tables in the many ways people write them, compared without diacritics, case and punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quiz.banks.formats.cells import text_of, words_of
from quiz.banks.wording import LETTERS, Fault, Problem, Severity

_NAMES = {
    "": ["stt", "tt", "so tt", "so thu tu", "no"],  # running numbers: known, and not read
    "code": ["ma", "ma cau", "ma cau hoi", "ma so", "id", "code"],
    "kind": ["loai", "loai cau", "loai cau hoi", "dang", "dang cau", "dang cau hoi", "kieu", "kieu cau hoi", "kind", "type"],
    "stem": [
        "cau hoi", "noi dung", "noi dung cau hoi", "noidung", "cau dan", "de bai", "cau hoi trac nghiem", "question", "stem",
        "question text",
    ],
    "key": [
        "dap an", "dap an dung", "da", "key", "phuong an dung", "dap an chinh xac", "cau tra loi dung", "tra loi dung",
        "lua chon dung", "dap so", "answer", "correct answer", "correct",
    ],
    "topic": ["chu de", "chuyen de", "linh vuc", "nhom", "nhom cau hoi", "phan", "topic"],
    "level": ["muc do", "muc", "do kho", "cap do", "muc do nhan thuc", "level"],
    "explanation": ["giai thich", "loi giai", "huong dan giai", "giai thich dap an", "explanation", "feedback"],
    "document": [
        "van ban", "so hieu", "so hieu van ban", "so ky hieu", "can cu", "can cu phap ly", "van ban can cu", "van ban phap luat",
        "document",
    ],
    "article": ["dieu", "article"],
    "clause": ["khoan", "clause"],
    "point": ["diem", "point"],
    "valid_from": ["dung tu", "dung tu ngay", "hieu luc tu", "hieu luc tu ngay", "ap dung tu", "ap dung tu ngay", "tu ngay", "valid from"],
    "valid_until": ["het dung tu", "het dung tu ngay", "het hieu luc", "het hieu luc tu", "het hieu luc tu ngay", "valid until"],
    "valid_through": ["den ngay", "dung den", "dung den ngay", "dung den het ngay", "hieu luc den", "hieu luc den ngay", "ap dung den"],
    "exemplar": ["dien hinh", "guong", "guong dien hinh", "dien hinh tien tien", "guong dien hinh tien tien", "exemplar"],
    "source": ["nguon", "tai lieu", "tai lieu tham khao", "source"],
}  # fmt: skip
_FIELDS = {name: field for field, names in _NAMES.items() for name in names}
_OPTION = re.compile(
    r"(?:(?:phuong an|lua chon|dap an|cau tra loi|tra loi|pa|option|answer|y)\s*)?([a-h])"
    r"|(?:phuong an|lua chon|cau tra loi|tra loi|pa|option|answer)\s*([1-8])"
)


@dataclass(slots=True)
class Columns:
    """Where each field stands.  places: field → index of its column; options: (number from 1, index)."""

    places: dict[str, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def suffice(self) -> bool:
        return "stem" in self.places and "key" in self.places

    def name(self, field_name: str) -> str:
        """The heading of a field, as the file writes it."""
        return self.headings[self.places[field_name]]


def read(cells: Sequence[object]) -> Columns:
    """Understand a row as headings; `suffice` says whether it is one."""
    columns = Columns(headings=[" ".join(text_of(cell).split()) for cell in cells])
    for index, heading in enumerate(columns.headings):
        name = words_of(heading.split("(")[0] or heading)
        if not name:
            continue
        option = _option_number(name)
        known: dict = columns.options if option else columns.places
        target = option or _FIELDS.get(name)
        if target is None:
            details = {"column": column_name(index), "heading": heading[:60]}
            columns.problems.append(Problem(Fault.UNKNOWN_COLUMN, details, Severity.WARNING))
        elif target in known:
            details = {"column": column_name(index), "heading": heading[:60], "first": column_name(known[target])}
            columns.problems.append(Problem(Fault.SAME_COLUMN_TWICE, details, Severity.WARNING))
        elif target:
            known[target] = index
    return columns


def _option_number(name: str) -> int | None:
    if name in _FIELDS:
        return None
    found = _OPTION.fullmatch(name)
    if found is None:
        return None
    return LETTERS.index(found[1].upper()) + 1 if found[1] else int(found[2])


def column_name(index: int) -> str:
    """0 → "A", 27 → "AB": how the spreadsheet calls a column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
