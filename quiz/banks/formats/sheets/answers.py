"""The answer of an item in a table, by its kind: what its options and its key come to.  How they are written: notation.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import RawItem
from quiz.banks.formats.spelling import notation
from quiz.banks.formats.spelling.cells import KINDS, read_truth, text_of, words_of
from quiz.banks.formats.spelling.notation import ReadOptions
from quiz.banks.models import ItemKind
from quiz.banks.wording import LETTERS, TRUE_FALSE, letter, one_line

_TRUTH_IN_WORDS = {"dung", "sai", "true", "false"}
_NUMBER_OF_WORDS = re.compile(r"\D*(\d{1,3}(?:[. ]\d{3})+|\d{1,9})\D*")


@dataclass(frozen=True, slots=True)
class AnswerCells:
    """The cells of a row that have to do with its answer.  options: of their own columns; choices: all in one cell."""

    kind: str = ""
    key: Any = ""
    options: Sequence[str] = ()
    choices: str = ""
    words: str = ""
    key_heading: str = "Đáp án"
    words_heading: str = ""


def read(item: RawItem, said: AnswerCells) -> list[int]:
    """Fill in kind, options and key.  Gives the key as numbers when it is written in numbers: they may count from nought."""
    item.key_text = one_line(text_of(said.key))
    kind = KINDS.get(words_of(said.kind)) if said.kind else None
    if said.kind and kind is None:
        item.note(Fault.UNKNOWN_KIND, kind=said.kind[:60])
    if said.words and kind != ItemKind.ESSAY:
        _not_read(item, said.words_heading, said.words)
    if kind in _OTHER_KINDS:
        item.kind = str(kind)
        _OTHER_KINDS[kind](item, said)
        return []
    return _read_choice(item, said, kind)


def _not_read(item: RawItem, heading: str, text: str) -> None:
    item.note(Fault.CELL_NOT_READ, Severity.WARNING, column=heading, text=one_line(text)[:60])


# Options to choose among


def _read_choice(item: RawItem, said: AnswerCells, kind: ItemKind | None) -> list[int]:
    options = _options(item, said)
    if kind == ItemKind.TRUE_FALSE or (not said.kind and _speaks_of_truth(item, options)):
        _read_truth(item, said, options)
        return []
    item.kind, item.options = kind or "", options.texts
    key, problem = notation.read_key(said.key, options.texts)
    item.key = list(key)
    if options.starred:
        _compare_with_stars(item, options)
    elif problem:
        item.problems.append(problem)
    numerals = notation.numerals(said.key)
    return numerals if numerals and (not key or set(key) == set(numerals)) else []


def _options(item: RawItem, said: AnswerCells) -> ReadOptions:
    if any(said.options) or not said.choices:
        return notation.read_options(_without_gap(item, said.options))
    options, letters = notation.read_choices(said.choices)
    if letters != LETTERS[: len(letters)]:
        item.note(Fault.OPTION_LETTERS, letters=", ".join(letters))
    return options


def _without_gap(item: RawItem, options: Sequence[str]) -> list[str]:
    """The filled options; they must be filled without a gap, because the key calls them by letter."""
    last = max((number for number, text in enumerate(options, 1) if text), default=0)
    gaps = [letter(number) for number in range(1, last) if not options[number - 1]]
    if gaps:
        item.note(Fault.OPTION_GAP, empty=", ".join(gaps), filled=letter(last))
    return list(options[:last])


def _compare_with_stars(item: RawItem, options: ReadOptions) -> None:
    starred = ", ".join(map(letter, options.starred))
    if len(options.starred) == len(options.texts):
        item.key = []
        item.note(Fault.KEY_UNCERTAIN, why=_("mọi phương án đều có dấu *"))
    elif not item.key_text:
        item.key, item.key_text = options.starred, f"* {starred}"
    elif sorted(item.key) != options.starred:
        item.key = []
        item.note(
            Fault.KEYS_DISAGREE,
            a=_("cột đáp án ghi %(key)s", key=item.key_text[:60]),
            b=_("dấu * đặt ở phương án %(options)s", options=starred),
        )


def _speaks_of_truth(item: RawItem, options: ReadOptions) -> bool:
    """Does a row that names no kind ask whether something is true?"""
    if options.texts:
        is_pair = len(options.texts) == 2 and sorted(map(words_of, options.texts)) == ["dung", "sai"]
        return is_pair and bool(options.starred or read_truth(item.key_text))
    # without options, A and 1 may name one that is missing, and so may D
    return item.key_text.casefold() in ("đ", "s", "t", "f") or words_of(item.key_text) in _TRUTH_IN_WORDS


def _read_truth(item: RawItem, said: AnswerCells, options: ReadOptions) -> None:
    item.kind, item.options = ItemKind.TRUE_FALSE, list(TRUE_FALSE)
    truth = read_truth(said.key)
    words = tuple(words_of(text) for text in options.texts)
    if len(options.starred) == 1 and not item.key_text:
        item.key_text = "* " + letter(options.starred[0])
        truth = read_truth(options.texts[options.starred[0] - 1])
    elif words == ("sai", "dung") and truth and item.key_text.upper() in ("A", "B", "1", "2"):
        truth = read_truth(words[truth - 1])  # the letters then mean the other way round
    elif words and sorted(words) != ["dung", "sai"]:
        item.note(Fault.OPTIONS_NOT_READ, Severity.WARNING)
    if truth:
        item.key = [truth]
    else:
        item.note(Fault.TRUE_FALSE_KEY if item.key_text else Fault.NO_KEY, key=item.key_text[:60])


# The other kinds


def _read_short_text(item: RawItem, said: AnswerCells) -> None:
    text = text_of(said.key)
    item.accepted = notation.read_list(text if "|" in text else text.replace("\n", " | "))
    _leave_options(item, said)


def _read_number(item: RawItem, said: AnswerCells) -> None:
    item.accepted = notation.read_number_list(text_of(said.key))
    _leave_options(item, said)


def _leave_options(item: RawItem, said: AnswerCells) -> None:
    if any(said.options) or said.choices:
        item.note(Fault.OPTIONS_NOT_READ, Severity.WARNING)


def _things(item: RawItem, said: AnswerCells) -> list[str]:
    """What is to be put in order or matched: the cells as they are, or the lines of the one cell."""
    if any(said.options) or not said.choices:
        return _without_gap(item, said.options)
    return notation.read_choices(said.choices)[0].texts


def _read_ordering(item: RawItem, said: AnswerCells) -> None:
    """The things stand in their right order, unless the key names another one."""
    item.options = _things(item, said)
    if not item.key_text:
        return
    order = notation.places(item.key_text) or []
    if sorted(order) != list(range(1, len(item.options) + 1)):
        item.note(Fault.UNREADABLE_KEY, key=item.key_text[:80])
    else:
        item.options = [item.options[number - 1] for number in order]


def _read_matching(item: RawItem, said: AnswerCells) -> None:
    """Pairs, and right sides that belong to nothing; the key may only say in which order the right sides are listed."""
    for left, right in map(notation.read_pair, _things(item, said)):
        if right and right not in item.matches:
            item.matches.append(right)
        if left:
            item.options.append(left)
            item.key.append(item.matches.index(right) + 1 if right else 0)
    if not item.key_text:
        return
    order = notation.places(item.key_text) or []
    if sorted(order) != list(range(1, len(item.matches) + 1)):
        _not_read(item, said.key_heading, item.key_text)
        return
    matches = dict(zip(order, item.matches, strict=True))
    item.matches = [matches[place] for place in sorted(order)]
    item.key = [order[number - 1] if number else 0 for number in item.key]


def write_matching(lefts: Sequence[str], rights: Sequence[str], key: Sequence[int]) -> tuple[list[str], str]:
    """Cells and key that _read_matching takes for the same; the key is empty when the right sides come in their order."""
    pairs = [notation.write_pair(left, rights[number - 1]) for left, number in zip(lefts, key, strict=True)]
    order = list(dict.fromkeys([*key, *range(1, len(rights) + 1)]))
    pairs += [notation.write_pair("", rights[number - 1]) for number in order if number not in key]
    return pairs, "" if order == sorted(order) else "; ".join(map(str, order))


def _read_essay(item: RawItem, said: AnswerCells) -> None:
    """The column of the key may hold the limit of words, when there is no column for it."""
    _leave_options(item, said)
    for text, heading in ((said.words, said.words_heading), (text_of(said.key), said.key_heading)):
        found = _NUMBER_OF_WORDS.fullmatch(text)
        if found and item.words is None:
            item.words = int(re.sub(r"\D", "", found[1]))
        elif text:
            _not_read(item, heading, text)


_OTHER_KINDS: dict[ItemKind | None, Callable[[RawItem, AnswerCells], None]] = {
    ItemKind.SHORT_TEXT: _read_short_text,
    ItemKind.NUMBER: _read_number,
    ItemKind.ORDERING: _read_ordering,
    ItemKind.MATCHING: _read_matching,
    ItemKind.ESSAY: _read_essay,
}
