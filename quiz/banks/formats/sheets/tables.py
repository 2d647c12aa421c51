"""Items from a table, the same for every format that has tables: rows of cells under a row of headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import MOST_ITEMS, RawItem, Reading
from quiz.banks.formats.sheets import answers
from quiz.banks.formats.sheets.answers import AnswerCells
from quiz.banks.formats.sheets.signs import Merged, Signs
from quiz.banks.formats.spelling import cells, citations, headings, notation
from quiz.banks.formats.spelling.headings import Columns
from quiz.banks.wording import letter, one_line
from quiz.errors import Refusal

Row = Sequence[Any]  # texts, numbers, days; "" or None where nothing stands

_HEADING_ROWS = 20  # titles and notes may stand above the table
# what one merged cell may say for all the rows beside it
_SHARED = {
    "kind", "topic", "level", "document", "article", "valid_from", "valid_until", "valid_through", "exemplar", "source",
}  # fmt: skip
_WIDE = 3  # columns: a merged cell as wide as this is a title between the items
_TEXTS = (
    "code", "stem", "topic", "level", "explanation", "document", "article", "clause", "point", "exemplar", "source",
)  # fmt: skip
_DAYS = ("valid_from", "valid_until", "valid_through")
_DAY_TYPES = (date, time, timedelta)


@dataclass(slots=True)
class Table:
    """What a table holds.  items: by number of their row"""

    reading: Reading
    columns: Columns
    items: dict[int, RawItem] = field(default_factory=dict)


def read(rows: Sequence[Row], signs: Signs | None = None) -> Table | None:
    """The items of a table, with every problem; None when it has no headings of items.

    rows: all of one length, the first one is row 1 · signs: what is known of the cells beside their values
    Raises Refusal(FileRefusal.TOO_MANY_ROWS).
    """
    start, columns = _find_headings(rows)
    return _TableReader(rows, start, columns, signs or Signs()).read() if columns else None


def has_headings(rows: Sequence[Row]) -> bool:
    return _find_headings(rows)[1] is not None


def _find_headings(rows: Sequence[Row]) -> tuple[int, Columns | None]:
    found = [(index, headings.read(row)) for index, row in enumerate(rows[:_HEADING_ROWS])]
    for index, columns in found:
        if columns.suffice:
            return index, columns
    for index, columns in found:
        if columns.may_have_stars and _has_stars(rows[index + 1 :], columns):
            return index, columns
    return 0, None


def _has_stars(rows: Sequence[Row], columns: Columns) -> bool:
    places = [*columns.options.values(), *filter(None, [columns.places.get("choices")])]
    return any("*" in value for row in rows for value in (row[index] for index in places) if isinstance(value, str))


class _TableReader:
    def __init__(self, rows: Sequence[Row], start: int, columns: Columns, signs: Signs) -> None:
        self.rows = rows
        self.start = start
        self.columns = columns
        self.signs = signs
        self.reading = Reading(problems=list(columns.problems))
        self.table = Table(self.reading, columns)
        self.numbered: list[tuple[RawItem, list[int], int]] = []  # items with keys in numbers, and how many options
        self.merged: dict[int, list[Merged]] = {}  # by first row
        for merged in signs.merged:
            self.merged.setdefault(merged.top, []).append(merged)
        self.open: dict[int, tuple[int, int]] = {}  # column → first and last row of the merged cell it is in
        self.marked = signs.hidden | {row for row, _column in (*signs.errors, *signs.unvalued)}

    def read(self) -> Table:
        for index, heading in enumerate(self.columns.headings):
            if not heading and any(cells.text_of(row[index]) for row in self.rows[self.start + 1 :]):
                self.reading.note(Fault.UNNAMED_COLUMN, column=headings.column_name(index))
        for number, row in enumerate(self.rows[self.start + 1 :], self.start + 2):
            self._take(number, row)
        self._doubt_numbers()
        return self.table

    def _take(self, number: int, row: Row) -> None:
        titles = self._open_merged(number)
        is_filled = any(row[index] not in ("", None) and cells.text_of(row[index]) for index in self.columns.indexes)
        if titles and 0 < sum(bool(cells.text_of(value)) for value in row) <= len(titles):
            self.reading.skip(
                _("dòng %(number)s", number=number), Fault.TITLE_ROW, text=cells.text_of(row[titles[0].left])[:80]
            )
        elif not is_filled and (number not in self.marked or not self._has_signs(number)):
            self.reading.empty += 1
        elif self._repeats_headings(row):
            self.reading.skip(_("dòng %(number)s", number=number), Fault.HEADINGS_AGAIN)
        elif len(self.reading.items) == MOST_ITEMS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
        else:
            self.table.items[number] = item = self._item(number, row)
            self.reading.items.append(item)

    def _open_merged(self, number: int) -> list[Merged]:
        """Note the merged cells that begin in a row.  Gives those so wide that they are a title."""
        if self.open:
            self.open = {column: rows for column, rows in self.open.items() if rows[1] >= number}
        begun = self.merged.get(number, ())
        for merged in begun:
            if merged.bottom > merged.top:
                for column in self.columns.indexes:
                    if merged.left <= column <= merged.right:
                        self.open[column] = (merged.top, merged.bottom)
        return [merged for merged in begun if merged.right - merged.left >= _WIDE - 1]

    def _has_signs(self, number: int) -> bool:
        """Does an error, or a formula without a value, stand in the row where it is read?"""
        places = [(number, column) for column in self.columns.indexes]
        return any(place in self.signs.errors or place in self.signs.unvalued for place in places)

    def _repeats_headings(self, row: Row) -> bool:
        if not headings.is_heading(row[self.columns.places["stem"]]):
            return False
        again = headings.read(row)
        if again.suffice:  # of a table of its own, it may be, with its columns in another order
            self.reading.problems += [problem for problem in again.problems if problem not in self.reading.problems]
            self.columns = again
        return again.suffice or (again.places, again.options) == (self.columns.places, self.columns.options)

    def _item(self, number: int, row: Row) -> RawItem:
        reader = _RowReader(len(self.reading.items) + 1, number, row, self)
        item = reader.read()
        if number in self.signs.hidden:
            item.note(Fault.HIDDEN_ROW, Severity.WARNING)
        if reader.numerals:
            self.numbered.append((item, reader.numerals, len(item.options)))
        return item

    def _doubt_numbers(self) -> None:
        """A nought in a column of keys, where no key is as high as its options are many, tells of counting from nought."""
        has_nought = any(0 in numbers for _item, numbers, _options in self.numbered)
        from_one = any(max(numbers) >= options for _item, numbers, options in self.numbered if options)
        if not has_nought or from_one:
            return
        for item, numbers, _options in self.numbered:
            item.key = []
            item.problems = [problem for problem in item.problems if problem.fault not in _OF_NUMBERS]
            shifted = ", ".join(letter(number + 1) for number in numbers)
            why = _(
                "cột đáp án có số 0 nên có thể đếm từ 0, khi đó %(numbers)s là %(key)s",
                numbers=", ".join(map(str, numbers)),
                key=shifted,
            )
            item.note(Fault.KEY_UNCERTAIN, why=why)


_OF_NUMBERS = {Fault.UNREADABLE_KEY, Fault.AMBIGUOUS_KEY}


class _RowReader:
    """Reads one row; what has to do with the answer is left to `answers`."""

    def __init__(self, item_number: int, row_number: int, row: Row, table: _TableReader) -> None:
        self.row_number = row_number
        self.row = row
        self.table = table
        self.columns = table.columns
        self.places = table.columns.places
        self.item = RawItem(number=item_number, place=_("dòng %(number)s", number=row_number))
        self.numerals: list[int] = []

    def read(self) -> RawItem:
        item = self.item
        if self.table.open:
            self._fill_merged()
        if self.row_number in self.table.marked:
            self._note_signs()
        for name in _TEXTS:
            if name in self.places:
                setattr(item, name, self._text(name))
        for name in _DAYS:
            if name in self.places:
                value = self.row[self.places[name]]
                setattr(item, name, value if isinstance(value, date) else self._text(name) or None)
        self._split_citation()
        self.numerals = answers.read(item, self._answer())
        self._read_switches()
        return item

    def _split_citation(self) -> None:
        """ "Khoản 2 Điều 5 Luật số …" in the one cell of the document."""
        item = self.item
        cited = citations.split(one_line(item.document)) if item.document and not item.article else None
        if cited and cited.article:
            item.document, item.article = cited.document, cited.article
            item.clause, item.point = item.clause or cited.clause, item.point or cited.point

    def _answer(self) -> AnswerCells:
        options = [""] * max(self.columns.options, default=0)
        for number, index in self.columns.options.items():
            options[number - 1] = self._cell(index)
        key = self.row[self.places["key"]] if "key" in self.places else ""
        if cells.is_error(key):
            self._cell(self.places["key"])
            key = ""
        return AnswerCells(
            self._text("kind"), key, options, self._text("choices"), self._text("words"),
            self._heading("key"), self._heading("words"),
        )  # fmt: skip

    def _heading(self, name: str) -> str:
        return self.columns.name(self.places[name]) if name in self.places else ""

    def _text(self, name: str) -> str:
        index = self.places.get(name)
        return "" if index is None else self._cell(index)

    def _cell(self, index: int) -> str:
        value = self.row[index]
        if isinstance(value, _DAY_TYPES):
            text = cells.text_of(value)
            self.item.note(Fault.DAY_BY_EXCEL, Severity.WARNING, column=self.columns.name(index), text=text)
        elif cells.is_error(value):
            self.item.note(Fault.ERROR_CELL, column=self.columns.name(index), text=value.strip())
        return cells.text_of(value)

    def _note_signs(self) -> None:
        for index in self.columns.indexes:
            place = (self.row_number, index)
            if place in self.table.signs.errors:
                error = self.table.signs.errors[place]
                self.item.note(Fault.ERROR_CELL, column=self.columns.name(index), text=error[:20])
            elif place in self.table.signs.unvalued:
                self.item.note(Fault.FORMULA_WITHOUT_VALUE, column=self.columns.name(index))

    def _fill_merged(self) -> None:
        """Cells merged with ones above: what one cell says for many rows is filled in, the others are reported."""
        row = list(self.row)
        shared = {index for name, index in self.places.items() if name in _SHARED}
        for index, (top, _bottom) in self.table.open.items():
            if top == self.row_number:
                continue
            details = {"column": self.columns.name(index), "row": top}
            if index in shared:
                row[index] = self.table.rows[top - 1][index]
                self.item.note(Fault.FILLED_FROM_MERGED, Severity.INFO, **details)
            else:
                self.item.note(Fault.MERGED_CELL, Severity.WARNING, **details)
        self.row = row

    def _read_switches(self) -> None:
        said = self._text("partial")
        partial = cells.read_yes(said)
        pinned = self._text("pinned")
        places = notation.places(pinned)
        self.item.partial, self.item.pinned = bool(partial), places or []
        for name, text in (("partial", said if partial is None else ""), ("pinned", pinned if places is None else "")):
            if text:
                self.item.note(Fault.CELL_NOT_READ, Severity.WARNING, column=self._heading(name), text=text[:60])
