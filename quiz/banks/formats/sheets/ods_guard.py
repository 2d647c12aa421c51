"""What makes an OpenDocument spreadsheet safe to read: cells and rows that one element repeats are counted as they unfold."""

from __future__ import annotations

from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.sheets.signs import Anchored, Merged, Signs, Size, walk
from quiz.banks.formats.sheets.xlsx_guard import Sheets
from quiz.banks.formats.spelling import alt_texts
from quiz.errors import Refusal

CONTENT = "content.xml"
_MOST_PIECES = 500_000  # of the text of one cell, between elements; each is an object
_LONGEST_ALT = 2000  # characters; more is no description
_APART = ("frame", "annotation", "custom-shape", "g")  # elements in a cell whose words are not the cell's
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def is_spreadsheet(package: Package) -> bool:
    return "mimetype" in package and package.read("mimetype").strip() == MEDIA_TYPE.encode()


def check(package: Package) -> Sheets:
    """Pass a spreadsheet that is safe to open.  Raises Refusal(FileRefusal)."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Refusal(FileRefusal.PASSWORD)
    reader = _ContentReader(package)
    walk(package.chunks(CONTENT), reader)
    return Sheets({name: name for name in reader.sheets}, reader.sheets)


class _ContentReader:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.size = Size()
        self.sheets: dict[str, Signs] = {}
        self.signs = Signs()
        self.row = self.column = 0  # of the last one seen
        self.row_times = self.cell_times = 1
        self.row_right = self.row_text = 0  # of the row: its last filled cell, and its characters
        self.is_hidden = self.is_filled = self.is_error = False
        self.bottom = self.right = self.filled = 0
        self.length = 0  # characters of the cell, with those that stand in attributes
        self.apart: list[str] = []  # open elements of _APART
        self.had_apart = self.in_cell = False
        self.own: list[str] = []  # pieces of the text of the cell itself
        self.part, self.has_image, self.alt, self.is_alt = "", False, "", False  # of the picture

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self.apart or name in _APART:
            self._start_apart(name, attributes)
        elif name in ("table-cell", "covered-table-cell"):
            self._start_cell(attributes)
        elif name == "p":
            self.is_filled = True
            self._add_own("\n" if self.own else "")
        elif name == "s":
            spaces = _times(attributes, "text:c")
            self.length += spaces
            self._add_own(" " * min(spaces, 100))
        elif name in ("tab", "line-break"):
            self._add_own("\t" if name == "tab" else "\n")
        elif name == "table-row":
            self.row_times = _times(attributes, "table:number-rows-repeated")
            self.is_hidden = attributes.get("table:visibility") in ("collapse", "filter")
            self.column = self.row_right = self.row_text = 0
        elif name == "table":
            self.signs = self.sheets.setdefault(attributes.get("table:name", ""), Signs())
            self.row = self.bottom = self.right = self.filled = 0

    def _start_apart(self, name: str, attributes: dict[str, str]) -> None:
        if name in _APART:
            self.apart.append(name)
            self.had_apart = True
            if name == "frame":
                self.part, self.has_image, self.alt = "", False, ""
        elif name == "image" and not self.has_image:  # others are the same picture in other formats
            self.part, self.has_image = attributes.get("xlink:href", ""), True
        self.is_alt = name in ("desc", "title")
        self.is_filled |= name == "p"  # the library may take it for the cell's

    def _add_own(self, text: str) -> None:
        self.own.append(text)
        if len(self.own) > _MOST_PIECES:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cell_times = _times(attributes, "table:number-columns-repeated")
        self.is_filled = "office:value-type" in attributes
        self.is_error = attributes.get("calcext:value-type") == "error"
        self.own, self.in_cell, self.had_apart = [], True, False
        self.length = sum(len(attributes.get(name, "")) for name in ("office:string-value", "table:formula"))
        rows = _times(attributes, "table:number-rows-spanned")
        columns = _times(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top = self.row + 1
            self.size.add_sign()
            self.signs.merged.append(Merged(top, self.column, top + rows - 1, self.column + columns - 1))

    def characters(self, text: str) -> None:
        self.length += len(text)
        if not self.apart:
            self._add_own(text)
        elif self.is_alt and len(self.alt) < _LONGEST_ALT:
            self.alt = f"{self.alt} {text}".strip()

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if self.apart:
            self._end_apart(name)
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self.size.cells += self.bottom * self.right

    def _end_apart(self, name: str) -> None:
        self.is_alt = False
        if name != self.apart[-1]:
            return
        self.apart.pop()
        if name == "frame" and self.has_image:
            self.size.add_sign()
            place = (self.row + 1, self.column) if self.in_cell else (0, 0)
            alt = alt_texts.by_people(self.alt)
            self.signs.pictures.append(Anchored(*place, self.package.resolve(CONTENT, self.part), alt))

    def _end_cell(self) -> None:
        if self.had_apart:
            self.size.add_sign()
            self.signs.texts[self.row + 1, self.column] = "".join(self.own)
        self.in_cell = False
        if self.is_error:
            self.size.add_sign()
            self.signs.errors[self.row + 1, self.column] = "".join(self.own).strip()
        self.column += self.cell_times
        if self.is_filled:
            self.row_right = self.column
            self.row_text += self.length * self.cell_times
        self.is_filled = self.is_error = False

    def _end_row(self) -> None:
        self.row += self.row_times
        if self.row_right:
            self.bottom, self.right = self.row, max(self.right, self.row_right)
            self.filled += self.row_times
            self.size.check_rows(self.filled)
            self.size.check_rectangle(self.bottom, self.right)
            self.size.add_text(self.row_text * self.row_times)
            if self.is_hidden:  # the rows are few by now
                self.signs.hidden.update(range(self.row - self.row_times + 1, self.row + 1))


def _times(attributes: dict[str, str], name: str) -> int:
    """A count of repetitions, 1 without one.  Raises ValueError."""
    return max(1, int(attributes.get(name, 1)))
