"""What stands behind the items of a file: tables of keys, and solutions under the numbers of the items."""

from __future__ import annotations

import enum
import re

from quiz.banks.faults import Fault
from quiz.banks.formats.lines import key_tables
from quiz.banks.formats.lines.document import Line, Run, Table, fold
from quiz.banks.formats.lines.key_tables import Entry, is_value
from quiz.banks.formats.lines.key_values import is_label_list
from quiz.banks.formats.lines.line_kinds import Kind, Token, classify
from quiz.banks.formats.lines.parts import Parts
from quiz.banks.formats.lines.pieces import Piece
from quiz.banks.formats.lines.workbench import Workbench

_TRUTHS = re.compile(r"(?:[a-h]\s*[-–.):=]?\s*(?:dung|sai|d|s)\b[\s,;.|]*){2,8}")
_KEY_AND_WHY = re.compile(
    r"\s*(?:(?:chọn|đáp án)\s*:?\s*)?(?P<key>[A-H])\s*(?:[.:)–-]|\s-)\s*(?P<why>\S.*)", re.IGNORECASE | re.DOTALL
)


class Region(enum.Enum):
    ITEMS = "items"
    KEYS = "keys"
    SOLUTIONS = "solutions"


class Endings:
    """is_near: "HẾT" has been met.  group: the heading above the keys or solutions, folded.  entries: keys as found."""

    def __init__(self, bench: Workbench, parts: Parts) -> None:
        self.bench = bench
        self.parts = parts
        self.region = Region.ITEMS
        self.is_near = False
        self.group = ""
        self.entries: list[Entry] = []
        self._numbers: list[str] = []  # a row of numbers that waits for the row of its keys

    def begin(self, region: Region) -> None:
        self.bench.close()
        self.region, self.group, self._numbers = region, "", []
        self.bench.in_solutions = region == Region.SOLUTIONS

    def leave(self) -> None:
        """Items follow again."""
        self.region, self.is_near = Region.ITEMS, False
        self.bench.in_solutions = False

    def is_text(self, piece: Piece | None) -> bool:
        """Is a line that looks like an option a part of a solution?"""
        return self.region != Region.ITEMS and not (piece and piece.in_solutions and not piece.keys)

    def take_key_line(self, token: Token) -> bool:
        """Keys of several items in one line, "1-A 2.C 3b", or a row of numbers above a row of keys."""
        if self.region == Region.SOLUTIONS or not self.bench.pieces or token.line.is_guarded:
            return False
        entries = key_tables.pairs_of(token.line)
        if self.region == Region.ITEMS:
            if not self._begins_keys(entries, token):
                return False
            self.begin(Region.KEYS)
        entries = entries or self._of_rows(token.line) or self._of_one(token)
        self.entries += [entry._replace(group=self.group) for entry in entries]
        return bool(entries) or bool(self._numbers)

    def _begins_keys(self, entries: list[Entry], token: Token) -> bool:
        """Do keys or solutions begin here, without a heading?"""
        if not self.is_near and (not entries or (len(entries) < 3 and token.kind == Kind.TEXT)):
            return False
        if self.parts.leads_to_options(sequential=False, only_options=True):
            return False
        known = self.bench.by_number
        if self.is_near:
            return bool(entries) or bool(token.number and token.name in known) or _is_row_of_numbers(token.line)
        return all(entry.number in known for entry in entries)

    def _of_rows(self, line: Line) -> list[Entry]:
        cells = key_tables.row_of(line)
        entries = key_tables.entries_of_rows(self._numbers, cells, line.place)
        self._numbers = cells if not entries and _is_row_of_numbers(line) else []
        return entries

    def _of_one(self, token: Token) -> list[Entry]:
        """ "Câu 5: a) Đ b) S", "Câu 7: 1822" where item 7 has no options, "Câu 9. B. Theo Điều 5…"."""
        text = token.rest.text.strip()
        if not token.number or not text:
            return []
        piece = next(iter(self._numbered(token.name)), None)
        if is_value(text) or _TRUTHS.fullmatch(fold(text)):
            return [Entry(token.name, text, token.line.place)]
        if piece is None or self.parts.leads_to_options(sequential=False, only_options=True):
            return []
        if not piece.options and len(text) <= 60:
            return [Entry(token.name, text, token.line.place)]
        if found := _KEY_AND_WHY.fullmatch(text):
            piece.explanation.append(Line(token.line.place, [Run(found["why"])]))
            return [Entry(token.name, found["key"], token.line.place)]
        return []

    def take_solution(self, token: Token) -> bool:
        """ "Câu 5: …" behind the items: the solution of item 5, unless options follow."""
        if self.region == Region.ITEMS:
            return False
        if self.parts.leads_to_options(sequential=False, only_options=True):
            if self.region == Region.KEYS:
                self.leave()
            return False
        bench = self.bench
        self.region, bench.in_solutions = Region.SOLUTIONS, True
        bench.close()
        piece = next((piece for piece in self._numbered(token.name) if not piece.is_solved), None)
        if piece is None:
            bench.reading.skip(token.line.place, Fault.SOLUTION_WITHOUT_ITEM, number=token.name)
            bench.turn_to([])
            return True
        piece.is_solved = True
        bench.piece = piece
        bench.turn_to(piece.explanation)
        if token.rest.text.strip():
            self._take_first_line(piece, token.rest)
        return True

    def _numbered(self, number: str) -> list[Piece]:
        """The items of a number; only those of the group, where a heading over keys or solutions names one."""
        found = [piece for piece in self.bench.by_number.get(number, ()) if not piece.in_solutions]
        return [piece for piece in found if self.group and piece.section.id == self.group] or found

    def _take_first_line(self, piece: Piece, line: Line) -> None:
        token = classify(line)
        if token.kind == Kind.FIELD and token.name == "key":
            self.bench.add_key(piece, token.rest, line)
        elif is_label_list(line.text):
            self.bench.add_key(piece, line)
        elif found := _KEY_AND_WHY.fullmatch(line.text):
            self.bench.add_key(piece, line.cut(found.start("key"), found.end("key")), line)
            self.bench.put(line.cut(found.start("why")))
        else:
            self.bench.put(token.rest if token.kind == Kind.FIELD and token.name == "explanation" else line)

    def take_table(self, table: Table) -> None:
        """A table of keys."""
        group = self.group if self.region == Region.KEYS else ""
        self.begin(Region.KEYS)
        self.group = group
        self.entries += [entry._replace(group=group) for entry in key_tables.entries_of_table(table)]


def _is_row_of_numbers(line: Line) -> bool:
    cells = key_tables.row_of(line)
    return len(cells) > 1 and all(cell.strip(".").isdecimal() for cell in cells)
