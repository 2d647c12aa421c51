"""From the lines of a question file to its items, whatever layout, or mixture of layouts, people have used.

Layouts L1 to L9 and their noise: facts/contest-practice.md §4. A line is understood by its beginning (line_kinds) and by what
stands around it (parts); everything that tells a key is collected first and weighed at the end (key_sources).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.lines.document import Block, Line, Table
from quiz.banks.formats.lines.endings import Endings, Region
from quiz.banks.formats.lines.key_values import is_label_list, read_truth
from quiz.banks.formats.lines.line_kinds import ALL_LETTERS, DOTS, Kind, Token, is_heading, option_of
from quiz.banks.formats.lines.option_lines import Option, follows
from quiz.banks.formats.lines.parts import HEADING_FIELDS, Parts
from quiz.banks.formats.lines.pieces import Piece, Section
from quiz.banks.formats.lines.settling import settle
from quiz.banks.formats.lines.workbench import Workbench
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.spelling import cells
from quiz.banks.models import ItemKind
from quiz.errors import Refusal


def read(blocks: Sequence[Block], reading: Reading) -> Reading:
    """Understand the lines and tables of a file; items and problems are added to `reading`.

    Raises Refusal(FileRefusal): NO_ITEMS, TOO_MANY_ROWS.
    """
    parts = Parts(blocks, reading)
    builder = _Builder(parts, Workbench(reading))
    builder.build()
    settle(builder.bench.pieces, builder.endings.entries, reading, key_first=parts.key_first)
    if not reading.items:
        raise Refusal(FileRefusal.NO_ITEMS)
    return reading


class _Builder:
    """Goes through the parts once and puts each where it belongs."""

    def __init__(self, parts: Parts, bench: Workbench) -> None:
        self.parts = parts
        self.bench = bench
        self.endings = Endings(bench, parts)
        self.feet: list[Line] = []

    def build(self) -> None:
        for part in self.parts:
            if isinstance(part, Table):
                self.endings.take_table(part)
            elif part.kind != Kind.BLANK:
                _TAKE[part.kind](self, part)
        self.bench.close()
        self.bench.flush()
        if self.feet:
            start = " ".join(self.feet[0].text.split())[:60]
            self.bench.reading.note(Fault.FEET_DROPPED, Severity.INFO, count=len(self.feet), start=start)

    @property
    def piece(self) -> Piece | None:
        return self.bench.piece

    def start(self, token: Token) -> None:
        """Open an item at a token that has its number."""
        bench = self.bench
        if self.endings.region == Region.KEYS:
            self.endings.leave()
        if token.number == 1 and any(piece.section is bench.section for piece in bench.pieces[-1:]):
            bench.section = Section(bench.section.id, bench.section.title)  # numbers begin again
        piece = bench.open(token.line.place, token.name, token.style)
        if token.kind == Kind.QUESTION:
            piece.take_notes(token.mark)
        self.take_stem_line(piece, token.rest)

    # numbers

    def take_question(self, token: Token) -> None:
        if token.style == "hàng":
            self.endings.leave()
            self.start(token)
        elif self.take_match(token) or self.endings.take_key_line(token) or self.endings.take_solution(token):
            return
        elif (token.kind == Kind.QUESTION and token.style == "câu") or self.opens_item(token):
            self.start(token)
        else:
            self.take_text(token)

    def opens_item(self, token: Token) -> bool:
        """Is "12." the beginning of an item, rather than a line of a list?"""
        piece = self.piece
        if self.parts.key_first or piece is None:
            return self.parts.leads_to_options(sequential=True)
        goes_on = token.number == piece.sequence + 1
        if goes_on and piece.style == token.style:
            return piece.is_complete or bool(piece.options) or self.parts.leads_to_options(sequential=True)
        return piece.is_complete and self.parts.leads_to_options(sequential=goes_on)

    def take_match(self, token: Token) -> bool:
        """The right side of a matching: "1) …"."""
        piece = self.piece
        if piece is None or token.kind != Kind.NUMBERED or token.number != len(piece.matches) + 1:
            return False
        if piece.said_kind != ItemKind.MATCHING or not piece.options or piece.keys:
            return False
        piece.matches.append(Option("", [token.rest]))
        self.bench.turn_to(piece.matches[-1].lines)
        return True

    # options

    def take_option(self, token: Token) -> None:
        piece = self.piece
        if self.bench.awaits_key:
            self.take_awaited(token.line)
        elif self.parts.key_first and piece is not None and not piece.keys:
            self.add_option(piece, token, "", token.rest)
        elif self.endings.is_text(piece) or (
            (piece is None or (token.name == "A" and piece.options)) and not self.restarts(token)
        ):
            self.bench.put(token.line)
        else:
            piece = self.piece
            assert piece is not None
            if not self.may_follow(piece, token):
                self.bench.put(token.line)
                return
            parts = self.parts.split(token.rest, last=token.name, style=token.style)
            self.add_option(piece, token, token.name, parts[0][1])
            self.add_inner(piece, parts[1:], token.style)

    def restarts(self, token: Token) -> bool:
        """Make "A." begin the options of an item: of an unnumbered one, or of this one when its list was part of the stem."""
        piece = self.piece
        if piece is not None and piece.options[0].style[:1] != token.style[:1]:
            if token.style[:1] == "a" or piece.keys:
                return False  # "a)" within the last option, or in an explanation
            piece.stem += [
                line for option in piece.options for line in (option.head or option.lines[0], *option.lines[1:])
            ]
            piece.options = []
            return True
        if token.name != "A" or (
            piece is not None and self.bench.is_explaining and piece.number and not self.bench.is_implied
        ):
            return False
        stem = self.bench.take_back_stem()
        if piece is None and not stem:
            return False
        opened = self.bench.open(stem[0].place if stem else token.line.place)
        opened.stem += stem
        opened.raw.note(Fault.NO_NUMBER, Severity.WARNING)
        return True

    def may_follow(self, piece: Piece, token: Token) -> bool:
        last, letter = piece.last_letter, token.name
        if not piece.options:
            return letter == "A" or (letter == "B" and not piece.keys)
        if piece.options[-1].style[:1] != token.style[:1] or self.bench.is_explaining:
            return False
        if follows(letter, last):
            return True
        following = self.parts.next_letter()
        if letter == last:  # a letter typed twice: the next one goes on as if it had been right
            return not following or not follows(following, last)
        if letter not in ALL_LETTERS or last not in ALL_LETTERS:
            return False
        return ALL_LETTERS.index(letter) == ALL_LETTERS.index(last) + 2

    def add_option(self, piece: Piece, token: Token, letter: str, line: Line) -> None:
        option = Option(letter, [line], token.style, head=token.line)
        if token.at >= 0:
            option.letter_look = token.line.look_at(token.at)
        if token.mark:
            option.note(token.mark)
        piece.options.append(option)
        self.bench.turn_to(option.lines)

    def add_inner(self, piece: Piece, parts: Sequence[tuple[str, Line]], style: str) -> None:
        """Options from the middle of a line."""
        for name, line in parts:
            option = Option(name.rstrip("*"), [line], style)
            if name.endswith("*"):
                option.note("*")
            piece.options.append(option)
            self.bench.turn_to(option.lines)

    def take_pinned(self, token: Token) -> None:
        """An option of the layout that puts the key first: "#!" the right one, "#$" a wrong one, each fixed in its place."""
        piece = self.piece
        if piece is None:
            self.bench.put(token.line)
            return
        self.add_option(piece, Token(Kind.PINNED, token.line, token.rest), "", token.rest)
        if token.name == "!":
            piece.options[-1].note("#!")
        piece.raw.pinned.append(len(piece.options))

    # text

    def take_text(self, token: Token) -> None:
        line, piece = token.line, self.piece
        if token.kind == Kind.TEXT and line.folded.strip() in self.parts.running:
            self.feet.append(line)
        elif self.endings.take_key_line(token):
            return
        elif self.bench.awaits_key:
            self.take_awaited(line)
        elif piece is not None and self.bench.slot is piece.stem and not piece.options:
            self.take_stem_line(piece, line)
        elif piece is not None and is_heading(line) and self.is_behind(piece):
            self.bench.close()
            self.bench.put(line)
        elif piece is not None and self.bench.slot is None:
            self.take_behind_key(piece, line)
        else:
            self.bench.put(line)

    def is_behind(self, piece: Piece) -> bool:
        """Can nothing that follows belong to the item any more, but a heading?"""
        return bool(piece.keys or (piece.is_complete and self.parts.next_opens_item())) and not self.parts.next_letter()

    def take_stem_line(self, piece: Piece, line: Line) -> None:
        parts = self.parts.split(line)
        if not parts[0][1].is_blank:
            self.bench.put(parts[0][1])
        self.add_inner(piece, parts[1:], "A.")

    def take_behind_key(self, piece: Piece, line: Line) -> None:
        """Words behind a key that do not say what they are: most likely they explain it."""
        if not piece.fields.get("explanation"):
            piece.raw.note(Fault.TAKEN_AS_EXPLANATION, Severity.WARNING, start=" ".join(line.text.split())[:60])
        self.bench.turn_to(piece.explanation)
        self.bench.is_implied = True
        self.bench.put(line)

    def take_awaited(self, line: Line) -> None:
        """The line behind "Đáp án:" that has nothing behind it."""
        if self.piece is not None:
            self.bench.add_key(self.piece, line)

    # fields

    def take_field(self, token: Token) -> None:
        name, piece = token.name, self.piece
        if (name == "kind" and cells.words_of(token.rest.text) not in cells.KINDS) or (
            name == "or" and not (piece and piece.keys)
        ):
            self.take_text(token)
        elif name in HEADING_FIELDS and (piece is None or self.parts.stands_over_items(name)):
            self.bench.close()
            self.bench.over_items[name] = token.rest.text.strip()
        elif name == "code" and (piece is None or self.parts.next_opens_item()):
            self.bench.close()
            self.bench.ahead["code"] = [token.rest]
        elif piece is None:
            self.bench.put(token.line)
        elif name in ("key", "or"):
            self.take_key(piece, token)
        else:
            lines = piece.fields.setdefault(name, [])
            if not token.rest.is_blank:
                lines.append(token.rest)
            self.bench.turn_to(lines if name in _LONG_FIELDS else None)

    def take_key(self, piece: Piece, token: Token) -> None:
        if token.rest.text.strip(DOTS):
            self.bench.add_key(piece, token.rest, token.line)
        else:
            self.await_key()

    def await_key(self) -> None:
        """The key stands on the next line, or nowhere when that opens something else."""
        self.bench.turn_to(None)
        self.bench.awaits_key = True

    # headings

    def take_section(self, token: Token) -> None:
        if self.piece is not None and self.piece.last_letter == "H" and (option := option_of(token.line)):
            self.take_option(option)  # "I." is the ninth letter as well as the Roman one
            return
        self.bench.close()
        self.endings.group = token.name
        if self.endings.region == Region.ITEMS:
            self.bench.flush()
            self.bench.section = Section(token.name, token.line.folded)

    def take_keys_heading(self, token: Token) -> None:
        """ "ĐÁP ÁN" alone: over a table of keys, or over the key of one item."""
        text = self.parts.next_text()
        is_one = len(text) < 20 and (is_label_list(text) or read_truth(text) is not None)
        if self.piece is not None and self.endings.region == Region.ITEMS and is_one:
            self.await_key()
        elif self.bench.pieces:
            self.endings.begin(Region.KEYS)
        else:
            self.bench.put(token.line)

    def take_end(self, _token: Token) -> None:
        self.bench.close()
        self.endings.is_near = True

    def take_solutions_heading(self, token: Token) -> None:
        if self.bench.pieces:
            self.endings.begin(Region.SOLUTIONS)
        else:
            self.bench.put(token.line)

    def take_foot(self, token: Token) -> None:
        self.feet.append(token.line)


_LONG_FIELDS = ("explanation", "citation", "source", "exemplar")  # may go on in the next line
_TAKE: dict[Kind, Callable[[_Builder, Token], None]] = {
    Kind.QUESTION: _Builder.take_question,
    Kind.NUMBERED: _Builder.take_question,
    Kind.OPTION: _Builder.take_option,
    Kind.PINNED: _Builder.take_pinned,
    Kind.FIELD: _Builder.take_field,
    Kind.SECTION: _Builder.take_section,
    Kind.END: _Builder.take_end,
    Kind.KEYS: _Builder.take_keys_heading,
    Kind.SOLUTIONS: _Builder.take_solutions_heading,
    Kind.FOOT: _Builder.take_foot,
    Kind.TEXT: _Builder.take_text,
}
