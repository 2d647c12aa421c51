"""Tables of items in a Word file, one item a row: read as the lines that the same items would have outside a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from quiz.banks.faults import Problem
from quiz.banks.formats.lines.document import Cell, Line, Run, Table
from quiz.banks.formats.lines.line_kinds import ALL_LETTERS, Kind, Token, classify, tokens_of
from quiz.banks.formats.spelling import headings
from quiz.banks.formats.spelling.cells import words_of
from quiz.banks.formats.spelling.headings import Columns

_NOT_READ = {"ghi chu", "diem", "so diem", "thang diem"}
_FIELDS = {"document": "citation", "valid_from": "period", "valid_until": "period", "valid_through": "period"}
_PERIODS = {"valid_from": "Đúng từ ngày ", "valid_until": "Đúng đến trước ngày ", "valid_through": "Đúng đến ngày "}
_BEFORE_OPTIONS = ("code", "kind", "topic", "level")
_HEADING_ROWS = 3
_CROSSES = {"x", "✓", "✔", "√", "☑", "☒", "+", "d", "dung"}
Row = list[Cell | None]  # by columns; None where a cell further left reaches


@dataclass(slots=True)
class ItemColumns:
    """Where the fields of items stand.  first_row: behind the headings.  names: the headings."""

    columns: Columns
    first_row: int
    names: list[str]

    @property
    def problems(self) -> list[Problem]:
        return self.columns.problems

    @property
    def options_at(self) -> int | None:
        """The column with all options in one cell."""
        return self.columns.places.get("choices")


def columns_of(table: Table, previous: ItemColumns | None) -> ItemColumns | None:
    """The columns, when it is a table of items.  previous: those of a table directly above, which it may go on with."""
    rows = [_by_columns(row) for row in table.rows[:_HEADING_ROWS]]
    best: ItemColumns | None = None
    for index, row in enumerate(rows):
        names = _heading_texts(row, rows[index - 1] if index else [])
        found = _read_headings(names, index + 1)
        if (found.columns.suffice or found.columns.may_have_stars) and (
            best is None or len(found.columns.options) >= 2 > len(best.columns.options)
        ):
            best = found
    if best is None and previous and rows and len(rows[0]) == len(previous.names):
        first = rows[0][0]
        if first is not None and first.text.strip(" .").isdecimal():
            return ItemColumns(previous.columns, 0, previous.names)
    return best


def _by_columns(row: Sequence[Cell]) -> Row:
    return [part for cell in row for part in (cell, *[None] * (cell.span - 1))]


def _heading_texts(row: Row, above: Row) -> list[str]:
    """Headings of a row; where a heading reaches down from the row above, that one."""
    texts = []
    for index, cell in enumerate(row):
        source = above[index] if cell is not None and cell.continues and index < len(above) else cell
        texts.append(" ".join(source.text.split()) if source else "")
    return texts


def _read_headings(names: Sequence[str], first_row: int) -> ItemColumns:
    words = [words_of(name.split("(")[0]) for name in names]
    read = headings.read(["" if name in _NOT_READ else names[n] for n, name in enumerate(words)])
    return ItemColumns(read, first_row, list(names))


def tokens(table: Table, columns: ItemColumns) -> Iterator[Token]:
    """The rows as tokens of items."""
    letters = iter(ALL_LETTERS)
    for number, cells in enumerate(table.rows[columns.first_row :], columns.first_row + 1):
        row = _Row(_by_columns(cells), columns, _("%(table)s, hàng %(number)s", table=table.place, number=number))
        if row.is_blank or row.repeats_headings:
            continue
        if heading := row.heading:
            yield from _heading_tokens(heading)
        elif row.goes_on:
            yield from row.options(letters)
        else:
            letters = iter(ALL_LETTERS)
            yield from row.tokens(letters)


def _heading_tokens(line: Line) -> Iterator[Token]:
    token = classify(line)
    known = token.kind in (Kind.SECTION, Kind.FIELD)
    yield token if known else Token(Kind.SECTION, line, line, line.folded.strip())


class _Row:
    def __init__(self, cells: Row, columns: ItemColumns, place: str) -> None:
        self.cells = cells
        self.columns = columns
        self.place = place

    def cell(self, index: int | None) -> Cell:
        found = self.cells[index] if index is not None and index < len(self.cells) else None
        return found or Cell()

    def named(self, name: str) -> Cell:
        return self.cell(self.columns.columns.places.get(name))

    def lines(self, cell: Cell) -> list[Line]:
        return [line.at(self.place) for line in cell.lines if not line.is_blank]

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell is not None and any(not line.is_blank for line in cell.lines)]

    @property
    def is_blank(self) -> bool:
        return not self.filled

    @property
    def repeats_headings(self) -> bool:
        texts = [" ".join(cell.text.split()) if cell else "" for cell in self.cells]
        return texts == self.columns.names

    @property
    def heading(self) -> Line | None:
        """The one line of a row that is one wide cell."""
        wide = [cell for cell in self.filled if cell.span >= max(2, len(self.cells) - 1)]
        lines = self.lines(wide[0]) if wide and len(self.filled) == 1 else []
        return lines[0] if len(lines) == 1 else None

    @property
    def goes_on(self) -> bool:
        """Its stem is that of the row above: one row for each option."""
        return self.named("stem").continues

    def tokens(self, letters: Iterator[str]) -> Iterator[Token]:
        yield from self.stem()
        yield from self.fields(before_options=True)
        yield from self.options(letters)
        yield from self.fields(before_options=False)

    def stem(self) -> Iterator[Token]:
        lines = self.lines(self.named("stem")) or [Line(self.place, [])]
        first = classify(lines[0])
        rest = first.rest if first.kind in (Kind.QUESTION, Kind.NUMBERED) else lines[0]
        number = self.running_number or (first.name if rest is not lines[0] else "")
        yield Token(Kind.QUESTION, rest, rest, number, "hàng")
        for line in lines[1:]:
            for token in tokens_of(line):
                if token.kind in (Kind.QUESTION, Kind.NUMBERED, Kind.SECTION, Kind.KEYS, Kind.END):
                    token = Token(Kind.TEXT, line, line)
                yield token

    @property
    def running_number(self) -> str:
        """What stands in the first column, when that is no field of an item."""
        columns = self.columns.columns
        if 0 in columns.indexes:
            return ""
        digits = "".join(filter(str.isdecimal, self.cell(0).text))[:4]
        return str(int(digits)) if digits else ""

    def options(self, letters: Iterator[str]) -> Iterator[Token]:
        places = self.columns.columns.options
        for number, index in sorted(places.items()):
            yield from self.option(self.lines(self.cell(index)), ALL_LETTERS[number - 1])
        lines = self.lines(self.cell(self.columns.options_at)) if self.columns.options_at is not None else []
        found = [token for line in lines for token in tokens_of(line)]
        if any(token.kind == Kind.OPTION for token in found):
            for token in found:
                if token.kind == Kind.OPTION:
                    next(letters, None)
                yield self.crossed(token) if len(found) == 1 else token
        else:
            for line in lines:
                token = Token(Kind.OPTION, line, line, next(letters, "L"), "A.")
                yield self.crossed(token) if len(lines) == 1 else token

    def option(self, lines: list[Line], letter: str) -> Iterator[Token]:
        if lines:
            first = classify(lines[0])
            rest = first.rest if first.kind == Kind.OPTION and first.name == letter else lines[0]
            yield Token(Kind.OPTION, lines[0], rest, letter, "A.", first.mark if rest is not lines[0] else "")
            yield from (Token(Kind.TEXT, line, line) for line in lines[1:])

    def crossed(self, token: Token) -> Token:
        """In tables with a row for each option, a cross in the column of keys marks the right one."""
        if words_of(self.named("key").text) in _CROSSES or self.named("key").text.strip() in _CROSSES:
            token.mark = "x"
        return token

    def fields(self, *, before_options: bool) -> Iterator[Token]:
        for name in self.columns.columns.places:
            if name in ("stem", "choices") or (name in _BEFORE_OPTIONS) != before_options:
                continue
            lines = self.lines(self.named(name))
            if name == "key" and self.has_crosses:
                continue
            for line in lines[:1] if name in _PERIODS else lines:
                if name in _PERIODS:
                    line = Line(self.place, [Run(_PERIODS[name] + line.text.strip())])
                first = line is lines[0] or name in _PERIODS
                kind = Kind.FIELD if first or name == "key" else Kind.TEXT
                yield Token(kind, line, line, _FIELDS.get(name, name) if kind == Kind.FIELD else "")

    @property
    def has_crosses(self) -> bool:
        cell = self.named("key")
        return (
            self.columns.options_at is not None and cell.text.strip().lower() in ("x", "✓", "✔", "√")
        ) or not cell.lines
