"""How answers are written in the cells of a table, and how each is read back: keys, stars, lists, pairs, numbers.

What a writer here gives, the reader beside it takes for the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.banks.faults import Fault, Problem
from quiz.banks.formats.spelling.cells import text_of
from quiz.banks.wording import LETTERS, letter, number_of, one_line
from quiz.rules.written import read_typed_number

_KEY_PREFIX = re.compile(r"^(?:đáp án|phương án|câu|chọn|ý)(?:\s+đúng)?(?:\s+là)?\s*:?\s+(?=\S)", re.IGNORECASE)
_KEY_SPLIT = re.compile(r"\s*(?:[,;/&+\n]|\bvà\b|\s)\s*", re.IGNORECASE)
_TEXTS_SPLIT = re.compile(r"\s*[;|\n]\s*")
_LABELLED_KEY = re.compile(r"([A-La-l])\s*[.):]\s*(\S.*)")
_LABEL = re.compile(r"\(?([A-La-l])\s*[.):]\s*(?=\S)")
_LABEL_IN_LINE = re.compile(r"(?:^|(?<=\s))\*?\s*([A-L])\s*[.)]\s*(?=\S)")
_ARROWS = re.compile("→+|⇒+|(?<!-)-+>|=>")


# Keys


def read_key(value: object, options: Sequence[str]) -> tuple[tuple[int, ...], Problem | None]:
    """Numbers of the right options, from 1, or what is wrong with the cell.

    Understands a letter, a number from 1, the text of an option, a letter with its text, and several of them: "A,C", "AC",
    "A;C", "1, 3". A name beyond the options is returned as it is, for the wording to be found faulty.
    """
    if isinstance(value, float) and not value.is_integer():
        return (), Problem(Fault.DECIMAL_KEY, {"key": text_of(value)})  # "1,3" became a number in Excel
    text = text_of(value)
    line = one_line(text)
    if not line:
        return (), Problem(Fault.NO_KEY)
    by_text = _by_text(text, options)
    by_place = places(_KEY_PREFIX.sub("", line))
    if by_text:
        if by_place and sorted(by_place) != by_text and max(by_place) <= len(options):
            details = {"key": line[:80], "place": _letters(sorted(by_place)), "text": _letters(by_text)}
            return (), Problem(Fault.AMBIGUOUS_KEY, details)
        return tuple(by_text), None
    if by_place is None:
        return (), Problem(Fault.UNREADABLE_KEY, {"key": line[:80]})
    return tuple(sorted(by_place)), None


def _by_text(text: str, options: Sequence[str]) -> list[int]:
    """Numbers of the options whose texts the cell holds; empty when a part is no such text, or the text of two."""
    known: dict[str, int] = {}
    for number, option in enumerate(options, 1):
        folded = one_line(option).casefold()
        known[folded] = 0 if folded in known else number
    for parts in ([text], _TEXTS_SPLIT.split(text)):
        found = [known.get(one_line(part).casefold(), 0) for part in parts if part.strip()]
        if found and all(found):
            return sorted(set(found))
    labelled = _LABELLED_KEY.fullmatch(one_line(text))
    if labelled and (number := known.get(labelled[2].casefold(), 0)) == number_of(labelled[1]):
        return [number]
    return []


def places(text: str) -> list[int] | None:
    """ "C, A." → [3, 1], in the order of writing; None when a part is neither a letter nor a number from 1."""
    found: list[int] = []
    for part in filter(None, _KEY_SPLIT.split(text)):
        name = part.strip(".()[]: ").upper()
        if name.isdecimal() and len(name) <= 2 and int(name):
            found.append(int(name))
        elif name and len(set(name)) == len(name) and all(c in LETTERS for c in name):
            found += [LETTERS.index(c) + 1 for c in name]
        elif len(name) == 1 and "I" <= name <= "Z":
            found.append(number_of(name))  # no such option; said so rather than "not understood"
        else:
            return None
    return list(dict.fromkeys(found)) or None


def numerals(value: object) -> list[int]:
    """The numbers of a key that is written in numbers alone, noughts among them; empty for any other."""
    if isinstance(value, float):
        return [int(value)] if value.is_integer() and 0 <= value < 100 else []
    parts = [part.strip(".()[]: ") for part in _KEY_SPLIT.split(text_of(value))]
    return [int(part) for part in parts] if all(part.isdecimal() and len(part) <= 2 for part in parts) else []


def write_key(key: Sequence[int], options: Sequence[str]) -> str:
    """The key in letters, in a form that is not the text of an option: "B", or "B." beside an option "B"."""
    names = [letter(number) for number in key]
    forms = [", ".join(names), ",".join(names), " và ".join(names), *(f"{o}{', '.join(names)}{c}" for o, c in _AROUND)]
    return next((form for form in forms if read_key(form, options) == (tuple(key), None)), forms[0])


_AROUND = (("", "."), ("(", ")"), ("[", "]"), ("", ")"), ("", ":"), ("(", ")."), ("[", "]."))


def _letters(numbers: Sequence[int]) -> str:
    return ", ".join(map(letter, numbers))


# Options


@dataclass(slots=True)
class ReadOptions:
    """texts: without their labels and stars · starred: numbers of those that a star marks as right, from 1"""

    texts: list[str]
    starred: list[int]


def read_options(texts: Sequence[str]) -> ReadOptions:
    """Options from cells of their own: "*hai" is marked as right, "B. hai" in the column of B says its letter twice."""
    found, starred = [], []
    for number, text in enumerate(texts, 1):
        if is_escaped(text):
            found.append(text[1:])
        elif "*" in (text[:1], text[-1:]) and text.strip("* "):
            starred.append(number)
            found.append(text.strip("* "))
        else:
            found.append(text)
    labels = [_LABEL.match(text) for text in found]
    own = [label is None or label[1].upper() == letter(n) for n, label in enumerate(labels, 1)]
    if all(own) and all(labels[n] or not text or is_escaped(texts[n]) for n, text in enumerate(found)):
        found = [t if is_escaped(w) else _without_label(t) for t, w in zip(found, texts, strict=True)]
    return ReadOptions(found, starred)


def _without_label(text: str) -> str:
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def is_escaped(text: str) -> bool:
    """Does a backslash keep the text behind it from being read otherwise?"""
    return text[:1] == "\\" and _needs_escape(text[1:])


def write_option(text: str) -> str:
    return f"\\{text}" if _needs_escape(text) else text


def _needs_escape(text: str) -> bool:
    return "*" in (text[:1], text[-1:]) or is_escaped(text) or _LABEL.match(text) is not None


def read_choices(text: str) -> tuple[ReadOptions, str]:
    """All options from one cell, one a line or all in one line, each with its letter, or lines without letters.

    Gives them with the letters that were found: "ABCD", or "" when there are none.
    """
    letters, starred = "", []
    texts: list[str] = []
    for line in _lines_of_choices(text):
        label = _LABEL.match(line.lstrip("* "))
        if letters and not label:  # a further line of the same option
            texts[-1] += f" {line}"
            continue
        said = line.lstrip("* ")[label.end() :] if label else line
        letters += label[1].upper() if label else ""
        if said.strip("* ") and "*" in (line[:1], said[:1], said[-1:]):
            starred.append(len(texts) + 1)
            said = said.strip("* ")
        texts.append(said)
    return ReadOptions(texts, starred), letters


def _lines_of_choices(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) != 1:
        return lines
    starts: list[int] = []
    for found in _LABEL_IN_LINE.finditer(lines[0]):
        if found[1] == letter(len(starts) + 1):
            starts.append(found.start())
    parts = zip([0, *starts[1:]], [*starts[1:], None], strict=True) if starts else [(0, None)]
    return [lines[0][start:end].strip() for start, end in parts]


# Lists, pairs and numbers


def read_list(text: str) -> list[str]:
    """ "chất vấn | phiên chất vấn" → two texts. The longest run of strokes parts, so that a text may hold a shorter one."""
    longest = max(re.findall(r"\|+", text), key=len, default="")
    parts = re.split(rf"(?<!\|){re.escape(longest)}(?!\|)", text) if longest else [text]
    return [part.strip() for part in parts if part.strip()]


def write_list(texts: Sequence[str]) -> str:
    stroke = "|" * (1 + max((len(run) for text in texts for run in re.findall(r"\|+", text)), default=0))
    return f" {stroke} ".join(texts) + (f" {stroke}" if len(texts) == 1 and len(stroke) > 1 else "")


def read_pair(text: str) -> tuple[str, str]:
    """ "trái → phải", "trái -> phải" or "trái = phải"; an empty left side for a right side that nothing belongs to.

    The longest arrow parts, so that a side may hold a shorter one.  ("…", "") when there is nothing to part it by.
    """
    arrows = list(_ARROWS.finditer(text))
    if arrows:
        parting = max(arrows, key=lambda found: found.end() - found.start())
        return text[: parting.start()].strip(), text[parting.end() :].strip()
    left, _sign, right = text.partition("=")
    return left.strip(), right.strip()


def write_pair(left: str, right: str) -> str:
    longest = max((len(run) for text in (left, right) for run in _ARROWS.findall(text)), default=0)
    return f"{left} {'→' * (longest + 1)} {right}".strip()


def read_number_list(text: str) -> list[str]:
    """ "1.500 | 3,5 ± 0,25" → ["1500", "3.5±0.25"] as items keep numbers; what is no number stays as it is written."""
    return [_stored_number(part) for part in read_list(text)]


def _stored_number(text: str) -> str:
    accepted = read_typed_number(text)
    return str(accepted) if accepted else text


def write_number_list(accepted: Sequence[str]) -> str:
    return write_list([text.replace(".", ",") for text in accepted])
