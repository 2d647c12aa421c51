"""What a spreadsheet says of its cells beside their values: hidden rows, merged cells, errors, formulas without a value.

The library that reads values leaves all of this out, so the guards note it while they count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from xml.parsers import expat

from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import MOST_ITEMS
from quiz.errors import Refusal

# The reader builds a dense table in memory, so a small file could ask for gigabytes in four ways: by compression, by one
# cell far away from the others, by one long text that many cells repeat, and by millions of signs around empty cells.
MOST_CELLS = 1_000_000  # of the rectangles around all filled cells: 20,000 items under 50 headings
MOST_ROWS = MOST_ITEMS + 2_000  # filled ones of a sheet; titles, headings and notes may stand between the items
MOST_TEXT = 30_000_000  # characters; 20,000 items have some 15 million
MOST_SIGNS = 500_000  # hidden rows, merged cells, errors and formulas without a value, which need no filled cell


class Merged(NamedTuple):
    """Cells shown as one. Rows count from 1, columns from 0, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Anchored(NamedTuple):
    """A picture and the cell that it stands in, (0, 0) for none.

    row: from 1 · column: from 0 · part: where it is in the package, None when it is not in there · alt: its description
    """

    row: int
    column: int
    part: str | None
    alt: str


@dataclass(slots=True)
class Signs:
    """Of one sheet. Rows count from 1, as the sheet shows them, columns from 0.

    errors: (row, column) → "#REF!" · texts: (row, column) → what a cell itself says, for those that hold drawings or comments,
    whose words the library would take for the cell's
    """

    hidden: set[int] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unvalued: set[tuple[int, int]] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    pictures: list[Anchored] = field(default_factory=list)


@dataclass(slots=True)
class Size:
    """Counts, over all sheets, how large their tables would become.  Raises Refusal(FileRefusal) beyond the limits."""

    cells: int = 0
    signs: int = 0
    own_text: int = 0  # characters that stand in the cells themselves
    shared: list[int] = field(default_factory=list)  # lengths of the texts that cells quote by number
    quoted: Counter[int] = field(default_factory=Counter)  # number of a shared text → cells that quote it

    def add_sign(self) -> None:
        self.signs += 1
        if self.signs > MOST_SIGNS:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)

    def add_text(self, length: int) -> None:
        self.own_text += length
        if self.own_text > MOST_TEXT:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)

    def check_rectangle(self, bottom: int, right: int) -> None:
        """bottom, right: of the last filled cell of a sheet so far, from 1: the table begins at A1, for its rows are named."""
        if self.cells + bottom * right > MOST_CELLS:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)

    def check_rows(self, filled: int) -> None:
        if filled > MOST_ROWS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)

    def check_quotes(self) -> None:
        quoted = sum(self.shared[number] * times for number, times in self.quoted.items() if number < len(self.shared))
        if self.own_text + quoted > MOST_TEXT:
            raise Refusal(FileRefusal.TOO_LARGE_INSIDE)


class Walker(Protocol):
    """What is told of every element and text of a part."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def characters(self, text: str) -> None: ...


def walk(chunks: Iterable[bytes], walker: Walker) -> None:
    """Go through an XML part as it is unpacked; nothing of it is kept.  Raises Refusal(FileRefusal.DAMAGED), ValueError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise Refusal(FileRefusal.DAMAGED) from error


def _refuse_doctype(*_arguments: object) -> None:
    raise Refusal(FileRefusal.DAMAGED)  # no spreadsheet program writes one; entities could unfold without end
