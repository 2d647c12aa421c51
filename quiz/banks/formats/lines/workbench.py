"""The items put together so far, the one that is open, and the place where lines go that say nothing of themselves."""

from __future__ import annotations

from flask_babel import gettext as _

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.lines import key_marks
from quiz.banks.formats.lines.document import GUARD, Line, text_of
from quiz.banks.formats.lines.line_kinds import bullet
from quiz.banks.formats.lines.option_lines import Option
from quiz.banks.formats.lines.pieces import KeyText, Piece, Section
from quiz.banks.formats.reading import MOST_ITEMS, Reading
from quiz.errors import Refusal


class Workbench:
    """piece: the open item.  slot: where a line goes that says nothing of itself, None for nowhere.

    trail: lines put since the last one that said what it is · over_items: topic and level said once for all that follow ·
    ahead: fields that stand before the item they belong to · in_solutions: items opened now may repeat earlier ones ·
    is_implied: that the slot is the explanation is only supposed
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.pieces: list[Piece] = []
        self.by_number: dict[str, list[Piece]] = {}
        self.piece: Piece | None = None
        self.section = Section()
        self.slot: list[Line] | None = None
        self.trail: list[Line] = []
        self.loose: list[Line] = []
        self.awaits_key = False
        self.in_solutions = False
        self.is_implied = False
        self.over_items: dict[str, str] = {}
        self.ahead: dict[str, list[Line]] = {}

    def open(self, place: str, number: str = "", style: str = "") -> Piece:
        """Begin a new item; the one before is closed.  Raises Refusal(TOO_MANY_ROWS)."""
        self.close()
        self.flush()
        if len(self.pieces) == MOST_ITEMS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
        piece = Piece(place, self.section, number, style, fields=self.ahead, in_solutions=self.in_solutions)
        piece.raw.topic, piece.raw.level = self.over_items.get("topic", ""), self.over_items.get("level", "")
        self.ahead = {}
        self.pieces.append(piece)
        self.by_number.setdefault(number, []).append(piece)
        self.piece = piece
        self.turn_to(piece.stem)
        return piece

    def close(self) -> None:
        if self.piece is not None:
            _take_bullets(self.piece)
        self.piece, self.awaits_key = None, False
        self.turn_to(None)

    def turn_to(self, slot: list[Line] | None) -> None:
        self.slot, self.trail, self.is_implied = slot, [], False

    def put(self, line: Line) -> None:
        (self.loose if self.slot is None else self.slot).append(line)
        self.trail.append(line)

    def flush(self) -> None:
        """Report the lines that belong to nothing."""
        lines = [line for line in self.loose if line.text.strip()]
        if lines:
            start = " ".join(text_of(lines, " ").replace(GUARD, "").split())
            self.reading.skip(lines[0].place, Fault.LOOSE_TEXT, start=start[:80])
        if place := next((line.place for line in self.loose if line.pictures), ""):
            self.reading.skip(place, Fault.LOOSE_PICTURE)
        self.loose = []

    def take_back_stem(self) -> list[Line]:
        """The last of the lines just put, and those before it that it goes on from in the middle of a sentence."""
        start = len(self.trail)
        while start and (start == len(self.trail) or self.trail[start].text.strip()[:1].islower()):
            start -= 1
        stem = self.trail[start:]
        owner = self.loose if self.slot is None else self.slot
        if stem:
            del owner[len(owner) - len(stem) :]
        self.trail = []
        if self.is_implied and self.piece is not None and not self.slot:
            raw = self.piece.raw
            raw.problems = [problem for problem in raw.problems if problem.fault != Fault.TAKEN_AS_EXPLANATION]
        return stem

    def add_key(self, piece: Piece, value: Line, line: Line | None = None) -> None:
        """line: the whole line that says the key."""
        said = " ".join((line or value).text.split())
        how = (
            _("lời giải câu %(number)s", number=piece.number)
            if self.in_solutions
            else _("dòng “%(text)s”", text=said[:40])
        )
        piece.keys.append(KeyText(value.text.strip(), how, says_itself=True))
        self.turn_to(piece.explanation if self.in_solutions else None)
        self.awaits_key = False

    @property
    def is_explaining(self) -> bool:
        return self.piece is not None and self.slot is not None and self.slot is self.piece.fields.get("explanation")


def _take_bullets(piece: Piece) -> None:
    """Options without letters, each behind a dash or a dot; only where a key tells that they are options."""
    if piece.options:
        return
    found: list[Line] = []
    for line in reversed(piece.stem[1:]):
        behind = bullet(line)
        if behind is None:
            break
        found.insert(0, behind)
    options = [Option("", [line]) for line in found]
    if 2 <= len(found) <= 8 and (piece.keys or key_marks.marked(options)):
        del piece.stem[len(piece.stem) - len(found) :]
        piece.options = options
