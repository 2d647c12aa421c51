"""Pasted text, and text files: the same layouts as in Word files, without looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _

from quiz.banks.formats.files import FileRefusal, decode
from quiz.banks.formats.lines import layouts
from quiz.banks.formats.lines.document import Block, Cell, Line, Look, Run, Table
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.spelling import headings
from quiz.errors import Refusal

LONGEST = 20_000_000  # characters
# "**B. Quốc hội**", as chat programs write bold; no mark within and nothing given back, so that nothing is read twice
_STRONG = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)++)(?<=\S)\1")
_TITLE = re.compile(r"^\s*#{1,6}\s+(?=\S)")


def read(content: bytes) -> Reading:
    """Read a text file.  Raises Refusal(FileRefusal)."""
    return read_text(decode(content))


def read_text(text: str) -> Reading:
    """Read text from a form.  Raises Refusal(FileRefusal)."""
    if not text.strip():
        raise Refusal(FileRefusal.EMPTY)
    if len(text) > LONGEST:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    return layouts.read(list(_blocks(text)), Reading())


def _blocks(text: str) -> Iterator[Block]:
    """Lines, and tables of items whose cells are parted by tabs, as they come out of spreadsheets and Word."""
    table: Table | None = None
    gap = True
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\f\v\u2028\u2029]", text), 1):
        place = _("dòng %(number)s", number=number)
        cells = raw.split("\t")
        if table is not None and len(cells) == len(table.rows[0]):
            table.rows.append(_cells(cells, place))
            continue
        if table is not None:
            yield table
            table = None
        if len(cells) > 2 and headings.read(cells).suffice:
            table = Table(place, [_cells(cells, place)])
            continue
        yield Line(place, _runs(raw), opens=gap)
        gap = not raw.strip()
    if table is not None:
        yield table


def _cells(texts: list[str], place: str) -> list[Cell]:
    return [Cell([Line(place, _runs(text))]) for text in texts]


def _runs(text: str) -> list[Run]:
    text = _TITLE.sub("", text)
    if "**" not in text and "__" not in text:
        return [Run(text)]
    runs: list[Run] = []
    at = 0
    for found in _STRONG.finditer(text):
        runs += [Run(text[at : found.start()]), Run(found[2], Look(bold=True))]
        at = found.end()
    return [*runs, Run(text[at:])]
