"""A text document as plain values: lines of runs with their looks, and tables of cells. What Word files and pasted text become."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from quiz.banks.formats.spelling.repair import BLANKS, UNSEEN

# keeps a text from being read as something else ("A\u2060. …" is no option); the writer sets it, assembly drops it
GUARD = "\u2060"


class Look(NamedTuple):
    """How characters look.  highlight, colour: "" for none and for black, otherwise a name or RRGGBB."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    highlight: str = ""
    colour: str = ""


PLAIN = Look()


class Run(NamedTuple):
    """Characters of one look.  look: None for the number that a list gives, which has none of its own."""

    text: str
    look: Look | None = PLAIN


class Shown(NamedTuple):
    """A picture in a line.  alt: "" when the file has none.  at: its place in the text."""

    content: bytes
    alt: str = ""
    at: int = 0


@dataclass(slots=True)
class Line:
    """Text up to an end of line.  place: for people, "đoạn 31".  opens: it begins a paragraph rather than going on with one.

    text: in NFC, its blanks plain · folded: the same without diacritics and capitals, character for character
    """

    place: str
    runs: Sequence[Run]
    pictures: list[Shown] = field(default_factory=list)
    opens: bool = True
    text: str = field(init=False)
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        self.runs = _composed(self.runs)
        self.text = "".join(run.text for run in self.runs)
        self.folded = self.text.translate(_FOLDED)

    @property
    def is_blank(self) -> bool:
        return not self.pictures and not self.text.strip()

    @property
    def is_guarded(self) -> bool:
        return self.text.startswith(GUARD)

    def at(self, place: str) -> Line:
        return Line(place, self.runs, self.pictures, self.opens)

    def look_at(self, index: int) -> Look | None:
        """The look of one character of its text."""
        at = 0
        for run in self.runs:
            at += len(run.text)
            if index < at:
                return run.look
        return None

    def cut(self, start: int, end: int | None = None) -> Line:
        """The part between two places of its text, with the pictures in it."""
        last = len(self.text)
        end = last if end is None else end
        pictures = [s._replace(at=s.at - start) for s in self.pictures if start <= s.at < end or end == last <= s.at]
        return Line(self.place, self._runs(start, end), pictures, self.opens)

    def behind(self, start: int) -> Line:
        """The part from a place on, with all pictures: what stands before it only says what the line is."""
        pictures = [shown._replace(at=max(shown.at - start, 0)) for shown in self.pictures]
        return Line(self.place, self._runs(start, len(self.text)), pictures, self.opens)

    def _runs(self, start: int, end: int) -> list[Run]:
        runs, at = [], 0
        for run in self.runs:
            low, high = max(start, at), min(end, at + len(run.text))
            if low < high:
                runs.append(Run(run.text[low - at : high - at], run.look))
            at += len(run.text)
        return runs


@dataclass(slots=True)
class Cell:
    """span: columns it takes.  continues: it is the lower part of the cell above."""

    lines: list[Line] = field(default_factory=list)
    span: int = 1
    continues: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text.strip() for line in self.lines if line.text.strip())


@dataclass(slots=True)
class Table:
    place: str
    rows: list[list[Cell]] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """All lines, row by row, cell by cell."""
        for row in self.rows:
            for cell in row:
                yield from cell.lines


Block = Line | Table


def text_of(lines: Sequence[Line], between: str = "\n") -> str:
    """The lines as one text."""
    return between.join(text for line in lines if (text := line.text.strip()))


def paragraphs_of(lines: Sequence[Line]) -> str:
    """The lines as one text with an empty line before each new paragraph."""
    parts: list[str] = []
    for line in lines:
        if text := line.text.strip():
            parts += ["\n\n" if line.opens else "\n", text]
    return "".join(parts[1:])


def fold(text: str) -> str:
    """ "Đáp án" → "dap an", as long as the text when that is in NFC, so that what is found in one is found in the other."""
    return text.translate(_FOLDED)


class _Folding(dict[int, str]):
    """Learns each character when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0].lower()
        self[code] = folded = base if len(base) == 1 else char
        return folded


# Cyrillic, out of PDF files
_LIKE_LATIN = {"А": "a", "В": "b", "С": "c", "Е": "e", "Н": "h", "а": "a", "с": "c", "е": "e"}
_FOLDED = _Folding({ord("đ"): "d", ord("Đ"): "d", ord("ð"): "d", ord("Ð"): "d", ord("ƣ"): "u", ord("Ƣ"): "u"})
_FOLDED.update({ord(char): latin for char, latin in _LIKE_LATIN.items()})

_CLEAN = {code: sign for code, sign in (UNSEEN | BLANKS).items() if chr(code) != GUARD}
_CLEAN |= {code: None for code in range(0x20) if chr(code) != "\t"}
_CLEAN |= {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0FE: "☑", 0xFF1A: ":", 0xFF0E: "."}

_WIDEST = 16  # blanks in a row
_LONGEST = 20_000  # characters of a line; the longest text of an item has 4,000


def _composed(runs: Sequence[Run]) -> list[Run]:
    """Runs in NFC, cleaned; a mark that opens a run goes to the letter before it; runs of one look are joined."""
    kept: list[Run] = []
    for text, look in runs:
        text = text.translate(_CLEAN)
        if not text:
            continue
        if kept and (kept[-1].look == look or unicodedata.combining(text[0])):
            marks = len(text) if kept[-1].look == look else _leading_marks(text)
            kept[-1] = Run(kept[-1].text + text[:marks], kept[-1].look)
            text = text[marks:]
        if text:
            kept.append(Run(text, look))
    return _narrowed([Run(unicodedata.normalize("NFC", text), look) for text, look in kept])


def _narrowed(runs: list[Run]) -> list[Run]:
    """Without blanks beyond the widest that layout needs, and cut where no question is so long: searches stay fast."""
    if sum(len(run.text) for run in runs) < _WIDEST:
        return runs
    kept: list[Run] = []
    blanks, left = 0, _LONGEST
    for text, look in runs:
        chars = []
        for char in text[:left]:
            blanks = blanks + 1 if char in " \t" else 0
            if blanks <= _WIDEST:
                chars.append(char)
        left -= len(chars)
        kept.append(Run("".join(chars), look))
    return [run for run in kept if run.text]


def _leading_marks(text: str) -> int:
    return next((n for n, char in enumerate(text) if not unicodedata.combining(char)), len(text))
