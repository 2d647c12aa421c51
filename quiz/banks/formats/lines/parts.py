"""The parts of a file in order, and what stands around each: the looking ahead that tells an item from a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from quiz.banks.formats.lines import item_tables, key_tables, option_lines
from quiz.banks.formats.lines.document import Block, Line, Table
from quiz.banks.formats.lines.line_kinds import Kind, Token, is_heading, tokens_of
from quiz.banks.formats.reading import Reading

Part = Token | Table  # a table in it is one of keys; others have become their lines

_FAR = 80  # parts to look ahead
_STOPS = (Kind.QUESTION, Kind.END, Kind.KEYS, Kind.SOLUTIONS)
HEADING_FIELDS = ("topic", "level")  # may be said once for all items that follow


class Parts:
    """Steps through the parts; `at` is the place of the current one."""

    def __init__(self, blocks: Sequence[Block], reading: Reading) -> None:
        self.all = list(_parts(blocks, reading))
        self.at = 0
        kinds = Counter(part.kind for part in self.all if isinstance(part, Token))
        self.key_first = kinds[Kind.PINNED] > 0
        self.items = kinds[Kind.QUESTION] or kinds[Kind.NUMBERED]
        self.of_items = self._fields_of_items()
        self.running = self._running_heads()

    def __iter__(self) -> Iterator[Part]:
        for at, part in enumerate(self.all):
            self.at = at
            yield part

    @property
    def following(self) -> Sequence[Part]:
        return self.all[self.at + 1 : self.at + _FAR]

    def leads_to_options(self, *, sequential: bool, only_options: bool = False) -> bool:
        """Do options, or a key, follow before the next item?  sequential: lists of numbers may stand before them."""
        part = self.all[self.at]
        if isinstance(part, Token) and len(self.split(part.rest)) > 1:
            return True
        for part in self.following:
            if isinstance(part, Table) or part.kind in _STOPS:
                return False
            if part.kind == Kind.PINNED or (part.kind == Kind.OPTION and (self.key_first or part.name == "A")):
                return True
            if part.kind == Kind.FIELD and part.name in ("key", "kind"):
                return not only_options
            if part.kind == Kind.NUMBERED and not sequential:
                return False
        return False

    def next_letter(self) -> str:
        """The letter of the next option of the same item, or ""."""
        for part in self.following[:12]:
            if isinstance(part, Table) or part.kind not in (Kind.OPTION, Kind.TEXT, Kind.BLANK, Kind.FOOT):
                return ""
            if part.kind == Kind.OPTION:
                return part.name
        return ""

    def next_text(self) -> str:
        part = next((part for part in self.following if isinstance(part, Table) or part.kind != Kind.BLANK), None)
        return part.line.text.strip() if isinstance(part, Token) else ""

    def next_opens_item(self) -> bool:
        for part in self.following:
            if isinstance(part, Table):
                return False
            if part.kind == Kind.FIELD and part.name in (*HEADING_FIELDS, "code"):
                continue
            if part.kind not in (Kind.BLANK, Kind.FOOT, Kind.SECTION):
                return part.kind in (Kind.QUESTION, Kind.NUMBERED) or (part.kind == Kind.TEXT and is_heading(part.line))
        return False

    def stands_over_items(self, name: str) -> bool:
        """Is the topic or level at hand meant for the items that follow it, rather than for the one before?"""
        if name in self.of_items or not self.next_opens_item():
            return False
        before, after = (self._is_blank(self.at + step) for step in (-1, 1))
        return before if before != after else name == "topic"

    def _is_blank(self, at: int) -> bool:
        part = self.all[at] if 0 <= at < len(self.all) else None
        return isinstance(part, Token) and part.kind == Kind.BLANK

    def split(self, line: Line, *, last: str = "", style: str = "") -> list[tuple[str, Line]]:
        """The options within a line.  last, style: of the option at its very beginning, "" when it begins with none."""
        return option_lines.split(line, last=last, style=style, stop=self.next_letter(), starts_with_option=bool(last))

    def _fields_of_items(self) -> set[str]:
        """Topic and level, where they stand below nearly every item rather than above many."""
        found: set[str] = set()
        for name in HEADING_FIELDS:
            places = [
                n for n, p in enumerate(self.all) if isinstance(p, Token) and p.kind == Kind.FIELD and p.name == name
            ]
            first_item = next((n for n, p in enumerate(self.all) if isinstance(p, Token) and p.number), 0)
            if places and places[0] > first_item and len(places) * 2 > self.items:
                found.add(name)
        return found

    def _running_heads(self) -> set[str]:
        """Lines that stand again and again beside the foot of a page: its head."""
        texts: Counter[str] = Counter()
        tokens = [part for part in self.all if isinstance(part, Token) and part.kind != Kind.BLANK]
        for before, part, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            beside = (before and before.kind == Kind.FOOT) or (after and after.kind == Kind.FOOT)
            if part.kind == Kind.TEXT and beside and len(part.line.text) >= 8:
                texts[part.line.folded.strip()] += 1
        return {text for text, count in texts.items() if count >= 2}


def _parts(blocks: Sequence[Block], reading: Reading) -> Iterator[Part]:
    """Lines as tokens; rows of items as tokens; a table of keys as it is, any other table as its lines."""
    columns = None
    for block in blocks:
        if isinstance(block, Line):
            columns = columns if block.is_blank else None
            yield from tokens_of(block)
            continue
        found = item_tables.columns_of(block, columns)
        if found is not None:
            if columns is None or found.columns is not columns.columns:
                reading.problems += found.problems
            columns = found
            yield from item_tables.tokens(block, found)
        elif key_tables.entries_of_table(block):
            yield block
        else:
            for line in block.lines():
                yield from tokens_of(line)
