"""Headings of item tables in the many ways people write them, compared without diacritics, case and punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.formats.spelling.cells import text_of, words_of
from quiz.banks.wording import number_of

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
        "lua chon dung", "dap so", "answer", "correct answer", "correct", "correctanswer",
    ],
    "choices": [
        "phuong an", "cac phuong an", "phuong an tra loi", "cac phuong an tra loi", "lua chon", "cac lua chon",
        "phuong an lua chon", "cac phuong an lua chon", "cac dap an", "dap an lua chon", "noi dung phuong an",
        "cac cau tra loi", "noi dung tra loi", "options", "choices",
    ],
    "partial": ["cham tung phan", "tinh diem tung phan", "cach cham", "partial"],
    "pinned": ["giu cho", "giu nguyen cho", "khong tron", "phuong an giu cho", "pinned"],
    "words": ["gioi han chu", "gioi han so chu", "so chu", "so chu toi da", "so tu toi da", "word limit", "words"],
    "topic": ["chu de", "chuyen de", "linh vuc", "nhom", "nhom cau hoi", "phan", "topic"],
    "level": ["muc do", "muc", "do kho", "cap do", "muc do nhan thuc", "level", "difficulty", "difficulty level", "difficultylevel"],
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
    r"(?:phuong an|lua chon|dap an|cau tra loi|tra loi|pa|option|answer|y)\s*([a-l])|([a-h])"
    r"|(?:phuong an|lua chon|cau tra loi|tra loi|pa|option|answer)\s*(1[0-2]|[1-9])"
)
_BARE_KEYS = {"dap an", "da", "answer"}  # beside a heading that says "right answer" they mean the options


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

    @property
    def may_have_stars(self) -> bool:
        """Without a column for the key, options may still tell it by stars."""
        return "stem" in self.places and (len(self.options) > 1 or "choices" in self.places)

    @property
    def indexes(self) -> list[int]:
        """Indexes of the columns that are read."""
        return sorted([*self.places.values(), *self.options.values()])

    def name(self, index: int) -> str:
        """The heading of a column, as the file writes it."""
        return self.headings[index] or column_name(index)


def read(cells: Sequence[object]) -> Columns:
    """Understand a row as headings; `suffice` says whether it is one."""
    columns = Columns(headings=[" ".join(text_of(cell).split()) for cell in cells])
    names = [words_of(heading.split("(")[0] or heading) for heading in columns.headings]
    fields = [_field(name, names) for name in names]
    for index, (heading, target) in enumerate(zip(columns.headings, fields, strict=True)):
        if target == "" or not names[index]:
            continue
        known: dict = columns.options if isinstance(target, int) else columns.places
        details = {"column": column_name(index), "heading": heading[:60]}
        if target is None:
            columns.problems.append(Problem(Fault.UNKNOWN_COLUMN, details, Severity.WARNING))
        elif target in known:
            details["first"] = column_name(known[target])
            columns.problems.append(Problem(Fault.SAME_COLUMN_TWICE, details, Severity.WARNING))
        else:
            known[target] = index
    return columns


def is_heading(cell: object) -> bool:
    """Is the cell the heading of some column?  Asked of every question, so long texts are passed over at once."""
    if not isinstance(cell, str) or len(cell) > 40:
        return False
    name = words_of(cell.split("(")[0])
    return name in _FIELDS or _option_number(name) is not None


def _field(name: str, names: Sequence[str]) -> str | int | None:
    """The field that a heading names beside the other ones; the number of an option; None when it is not known."""
    known = _FIELDS.get(name)
    if known is None:
        return _option_number(name)
    others = {_FIELDS.get(other) for other in names if other != name}
    if name in _BARE_KEYS and "key" in others and not {"choices"} & others and not any(map(_option_number, names)):
        return "choices"
    if known == "point" and not {"document", "article", "clause"} & others:
        return None  # "Điểm" alone counts points
    return known


def _option_number(name: str) -> int | None:
    found = None if name in _FIELDS else _OPTION.fullmatch(name)
    if found is None:
        return None
    by_letter = found[1] or found[2]
    return number_of(by_letter) if by_letter else int(found[3])


def column_name(index: int) -> str:
    """0 → "A", 27 → "AB": how the spreadsheet calls a column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
