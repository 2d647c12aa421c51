"""What makes an OpenDocument spreadsheet safe to read: cells and rows that one element repeats are counted as they unfold."""

from __future__ import annotations

from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.sheets.signs import Merged, Signs, Size, walk
from quiz.banks.formats.sheets.xlsx_guard import Sheets
from quiz.errors import Refusal

CONTENT = "content.xml"
_MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def is_spreadsheet(package: Package) -> bool:
    return "mimetype" in package and package.read("mimetype").strip() == _MEDIA_TYPE


def check(package: Package) -> Sheets:
    """Pass a spreadsheet that is safe to open.  Raises Refusal(FileRefusal)."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Refusal(FileRefusal.PASSWORD)
    reader = _ContentReader()
    walk(package.chunks(CONTENT), reader)
    return Sheets({name: name for name in reader.sheets}, reader.sheets)


class _ContentReader:
    def __init__(self) -> None:
        self.size = Size()
        self.sheets: dict[str, Signs] = {}
        self.signs = Signs()
        self.row = self.column = 0  # of the last one seen
        self.row_times = self.cell_times = 1
        self.row_right = self.row_text = 0  # of the row: its last filled cell, and its characters
        self.is_hidden = self.is_filled = self.is_error = False
        self.bottom = self.right = self.filled = 0
        self.text = ""  # of the cell
        self.unseen = 0  # characters of the cell that stand in attributes

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in ("table-cell", "covered-table-cell"):
            self._start_cell(attributes)
        elif name == "p":
            self.is_filled = True
        elif name == "s":
            self.unseen += _times(attributes, "text:c")
        elif name == "table-row":
            self.row_times = _times(attributes, "table:number-rows-repeated")
            self.is_hidden = attributes.get("table:visibility") in ("collapse", "filter")
            self.column = self.row_right = self.row_text = 0
        elif name == "table":
            self.signs = self.sheets.setdefault(attributes.get("table:name", ""), Signs())
            self.row = self.bottom = self.right = self.filled = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cell_times = _times(attributes, "table:number-columns-repeated")
        self.is_filled = "office:value-type" in attributes
        self.is_error = attributes.get("calcext:value-type") == "error"
        self.text = ""
        self.unseen = sum(len(attributes.get(name, "")) for name in ("office:string-value", "table:formula"))
        rows = _times(attributes, "table:number-rows-spanned")
        columns = _times(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top = self.row + 1
            self.size.add_sign()
            self.signs.merged.append(Merged(top, self.column, top + rows - 1, self.column + columns - 1))

    def characters(self, text: str) -> None:
        self.text = text if not self.text else self.text + text

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self.size.cells += self.bottom * self.right

    def _end_cell(self) -> None:
        if self.is_error:
            self.size.add_sign()
            self.signs.errors[self.row + 1, self.column] = self.text.strip()
        self.column += self.cell_times
        if self.is_filled:
            self.row_right = self.column
            self.row_text += (len(self.text) + self.unseen) * self.cell_times
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
