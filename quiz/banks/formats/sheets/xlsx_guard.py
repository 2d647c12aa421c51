"""What makes an Excel workbook safe to read: its tables are counted before they are built. Its signs are noted on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.sheets.signs import Merged, Signs, Size, walk
from quiz.errors import Refusal

WORKBOOK = "xl/workbook.xml"
_LONGEST_VALUE = (
    5_000  # characters of a cell that are kept: enough for a number or an error; adding up more takes minutes
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Sheets:
    """The sheets of a workbook that may be read.  parts: name of a sheet → its part; signs: by part"""

    parts: dict[str, str] = field(default_factory=dict)
    signs: dict[str, Signs] = field(default_factory=dict)

    def signs_of(self, sheet: str) -> Signs:
        return self.signs.get(self.parts.get(sheet, ""), Signs())


def check(package: Package) -> Sheets:
    """Pass a workbook that is safe to open.  Raises Refusal(FileRefusal)."""
    size, sheets = Size(), Sheets()
    relations: dict[str, str] = {}
    names: dict[str, str] = {}
    for name in package.names:
        if name.lower().endswith((".xml", ".rels")):
            part = _PartReader(size)
            walk(package.chunks(name), part)
            size.cells += part.bottom * part.right
            sheets.signs[name] = part.signs
            names |= part.sheets
            if name.lower() == "xl/_rels/workbook.xml.rels":
                relations = part.relations
    size.check_quotes()
    found = {sheet: package.resolve(WORKBOOK, relations.get(relation, "")) for sheet, relation in names.items()}
    sheets.parts = {sheet: part for sheet, part in found.items() if part}
    return sheets


class _PartReader:
    """Reads one part, whatever it is named: workbook, sheet, shared texts or relations."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.signs = Signs()
        self.sheets: dict[str, str] = {}  # name → id of its relation
        self.relations: dict[str, str] = {}  # id → target
        self.bottom = self.right = self.row = self.column = 0
        self.filled = self.last_filled = 0  # rows with values, and the latest of them
        self.type = ""
        self.value: str | None = None  # of the cell
        self.has_formula = self.in_value = self.in_shared = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.type = attributes.get("t", "")
            self.value, self.has_formula = None, False
            if "r" in attributes:
                self.row, self.column = _place(attributes["r"])
            else:
                self.column += 1
        elif name == "v" or name == "is":
            self.in_value, self.value = True, ""
            self._widen()
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                self.size.add_sign()
                self.signs.hidden.add(self.row)
        elif name == "si":
            self.in_shared = True
            self.size.shared.append(0)
        else:
            self._start_other(name, attributes)

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            first, _colon, last = attributes.get("ref", "").partition(":")
            (top, left), (bottom, right) = _place(first), _place(last or first)
            self.size.add_sign()
            self.signs.merged.append(Merged(top, left - 1, bottom, right - 1))
        elif name == "sheet" and "name" in attributes:
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets[attributes["name"]] = relation
        elif name == "Relationship":
            target = attributes.get("Target", "")
            self.relations[attributes.get("Id", "")] = target
            is_counted = attributes.get("Type", "").endswith(("/worksheet", "/sharedStrings"))
            if is_counted and not target.lower().endswith(".xml"):
                raise Refusal(FileRefusal.DAMAGED)  # a table under another name would escape the count

    def _widen(self) -> None:
        if self.row > self.bottom or self.column > self.right:
            self.bottom, self.right = max(self.row, self.bottom), max(self.column, self.right)
            self.size.check_rectangle(self.bottom, self.right)
        if self.row != self.last_filled:
            self.filled, self.last_filled = self.filled + 1, self.row
            self.size.check_rows(self.filled)

    def characters(self, text: str) -> None:
        if self.in_shared:
            self.size.shared[-1] += len(text)
        else:
            if self.in_value and len(self.value or "") < _LONGEST_VALUE:
                self.value = (self.value or "") + text
            self.size.add_text(len(text))

    def end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._end_cell()
        elif name == "v" or name == "is":
            self.in_value = False
        elif name == "si":
            self.in_shared = False

    def _end_cell(self) -> None:
        if self.type == "s":
            if self.value and self.value.strip().isdecimal():
                self.size.quoted[int(self.value)] += 1
        elif self.type == "e":
            self.size.add_sign()
            self.signs.errors[self.row, self.column - 1] = (self.value or "").strip()
        elif self.has_formula and not self.value and self.type != "str":  # "str" is a formula that gives an empty text
            self.size.add_sign()
            self.signs.unvalued.add((self.row, self.column - 1))
        self.type = ""


def _place(name: str) -> tuple[int, int]:
    """ "B3" → (3, 2).  Raises ValueError."""
    found = _CELL.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return int(found[2]), _column(found[1])


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    column = 0
    for c in letters:
        column = column * 26 + ord(c) - 64
    return column
