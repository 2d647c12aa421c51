"""The end of a reading: keys from tables dealt to their items, repeated questions joined, numbers checked, items made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.lines import key_sources, other_keys
from quiz.banks.formats.lines.key_marks import MARKS
from quiz.banks.formats.lines.key_tables import Entry
from quiz.banks.formats.lines.pieces import KeyText, Piece, Section
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.spelling import cells
from quiz.banks.models import ItemKind

_WIDEST_GAP = 20  # beyond it the numbers are another count, not one with items left out


def settle(pieces: Sequence[Piece], entries: Sequence[Entry], reading: Reading, *, key_first: bool) -> None:
    """Turn the pieces into items of the reading.  key_first: the file puts the right option first."""
    kept = _without_repeated(pieces)
    _deal(entries, kept, reading)
    _check_numbers(kept, reading)
    weighings = []
    for number, piece in enumerate(kept, 1):
        kind = _kind(piece)
        if piece.options and kind not in (ItemKind.MATCHING, ItemKind.ORDERING):
            weighings.append(key_sources.weigh(piece, key_first))
        raw = piece.finish()
        raw.number, raw.kind = number, kind
        if kind == ItemKind.MATCHING:
            other_keys.settle_matching(piece)
        elif kind == ItemKind.ORDERING:
            other_keys.settle_ordering(piece)
        elif not piece.options:
            other_keys.settle(piece)
        reading.items.append(raw)
    not_trusted = key_sources.distrusted(weighings)
    for weighing in weighings:
        key_sources.settle(weighing, not_trusted)
    for mark in sorted(not_trusted):
        reading.note(Fault.MARKS_NOT_A_KEY, mark=str(MARKS[mark]))
    if key_first:
        reading.note(Fault.KEY_FIRST, Severity.INFO)


def _kind(piece: Piece) -> str:
    """The kind that the file names. "Đúng sai" with other options than these two is a list of statements."""
    kind = piece.said_kind
    words = [cells.words_of(option.text) for option in piece.options]
    return "" if kind == ItemKind.TRUE_FALSE and words not in ([], ["dung", "sai"]) else kind


def _without_repeated(pieces: Sequence[Piece]) -> list[Piece]:
    """Questions that the solutions repeat give what they say to the first one."""
    kept: list[Piece] = []
    by_number: dict[str, list[Piece]] = {}
    for piece in pieces:
        earlier = by_number.setdefault(piece.number, [])
        first = next((p for p in earlier if piece.in_solutions and p.asks_the_same(piece)), None)
        if first is None:
            kept.append(piece)
            earlier.append(piece)
            continue
        first.keys += piece.keys
        for name, lines in piece.fields.items():
            first.fields.setdefault(name, []).extend(lines)
    return kept


def _deal(entries: Sequence[Entry], pieces: Sequence[Piece], reading: Reading) -> None:
    """Give every key of the tables to its item; where it may belong to several, none gets it and all say so."""
    by_number: dict[str, list[Piece]] = {}
    for piece in pieces:
        if not piece.in_solutions:
            by_number.setdefault(piece.number, []).append(piece)
    by_group = _groups(entries, _sections(pieces))
    entries_of: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        entries_of.setdefault((entry.group, entry.number), []).append(entry)
    lost: list[str] = []
    for (group, number), keys in entries_of.items():
        found = by_number.get(number, [])
        if group in by_group:
            found = [piece for piece in found if piece.section is by_group[group]]
        if not found:
            lost.append(number)
        elif len(found) == 1:
            found[0].keys += map(_key_text, keys)
        elif len(keys) == len(found) == len({id(piece.section) for piece in found}):
            for piece, entry in zip(found, keys, strict=True):  # numbers begin again in both, in the same order
                piece.keys.append(_key_text(entry))
        else:
            for piece in found:
                _note_shared(piece)
    if lost:
        reading.note(Fault.KEYS_WITHOUT_ITEM, numbers=_listed(lost))


def _key_text(entry: Entry) -> KeyText:
    return KeyText(entry.value, _("bảng đáp án (%(number)s-%(key)s)", number=entry.number, key=entry.value))


def _note_shared(piece: Piece) -> None:
    if all(problem.fault != Fault.KEY_UNCERTAIN for problem in piece.raw.problems):
        why = _("bảng đáp án có câu %(number)s nhưng tệp có nhiều câu mang số này", number=piece.number)
        piece.raw.note(Fault.KEY_UNCERTAIN, why=why)


def _sections(pieces: Iterable[Piece]) -> list[Section]:
    found = {id(piece.section): piece.section for piece in pieces if piece.number}
    return list(found.values())


def _groups(entries: Sequence[Entry], sections: Sequence[Section]) -> dict[str, Section]:
    """Headings over tables of keys → sections: those of the same heading, or in order when there are as many of both."""
    groups = list(dict.fromkeys(entry.group for entry in entries))
    by_id: dict[str, list[Section]] = {}
    for section in sections:
        by_id.setdefault(section.id, []).append(section)
    same = {group: by_id[group] for group in groups if group and group in by_id}
    if same:
        return {group: found[0] for group, found in same.items() if len(found) == 1}
    return dict(zip(groups, sections, strict=True)) if len(groups) == len(sections) > 1 else {}


def _check_numbers(pieces: Sequence[Piece], reading: Reading) -> None:
    """Report numbers that are left out, or used for several items, in one section."""
    by_section: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.number:
            by_section.setdefault(id(piece.section), []).append(piece)
    known = {piece.number for piece in pieces}
    skipped: list[str] = []
    doubled: list[str] = []
    for numbered in by_section.values():
        doubled += [number for number, count in Counter(piece.number for piece in numbered).items() if count > 1]
        for before, after in pairwise(piece.sequence for piece in numbered):
            if before + 1 < after <= before + _WIDEST_GAP:
                skipped += (number for number in map(str, range(before + 1, after)) if number not in known)
    if skipped:
        reading.note(Fault.NUMBERS_SKIPPED, numbers=_listed(skipped))
    if doubled:
        reading.note(Fault.NUMBERS_DOUBLED, numbers=_listed(doubled))


def _listed(numbers: Sequence[str]) -> str:
    """At most twenty of them."""
    unique = list(dict.fromkeys(numbers))
    named = ", ".join(unique[:20])
    return named if len(unique) <= 20 else _("%(named)s và %(count)s số khác", named=named, count=len(unique) - 20)
