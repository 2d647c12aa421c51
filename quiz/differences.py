"""What two texts differ in, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 4_000  # compared word by word; the time grows with the square


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words.  kind: "same", "gone" from the earlier version, or "new" in the later one."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """Runs of words that went, came or stayed; the "gone" and "same" ones make `before`, the "new" and "same" ones `after`.

    Of long texts, lines that stayed are set apart first, and very long runs of lines that differ are shown as they are.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) <= _MOST_WORDS:
        return _compared(old, new)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new).get_opcodes():  # which passes over the many empty lines
        gone, came = _WORDS.findall("".join(old[a:b])), _WORDS.findall("".join(new[c:d]))
        few = len(gone) + len(came) <= _MOST_WORDS
        found += _compared(gone, came) if tag == "replace" and few else _run(tag, gone, came)
    return _joined(found)


def _joined(found: list[Piece]) -> list[Piece]:
    runs = [(kind, "".join(piece.text for piece in run)) for kind, run in groupby(found, key=lambda piece: piece.kind)]
    return [Piece(kind, text) for kind, text in runs]


def _compared(old: list[str], new: list[str]) -> list[Piece]:
    opcodes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [piece for tag, a, b, c, d in opcodes for piece in _run(tag, old[a:b], new[c:d])]


def _run(tag: str, gone: list[str], came: list[str]) -> list[Piece]:
    if tag == "equal":
        return [Piece("same", "".join(gone))]
    found = [Piece("gone", "".join(gone)), Piece("new", "".join(came))]
    return [piece for piece in found if piece.text]
