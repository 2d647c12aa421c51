"""What "Đáp án: …" says of the options of an item: letters, numbers, texts, Đúng and Sai."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Problem
from quiz.banks.formats.lines.document import fold
from quiz.banks.formats.lines.option_lines import Option
from quiz.banks.wording import LETTERS, essence, letter, number_of

_PREFIX = re.compile(r"(?:la|chon|dap an|phuong an|lua chon|cau|y|=>|:|\s)+(?=[\W_]*[a-lA-L0-9đĐ])")
_LABEL = re.compile(r"\s*(?:(?:phương án|đáp án|câu|ý)\s+)?[(\[]?(?P<word>[A-Za-zĐđ]{1,8})(?!\w)", re.IGNORECASE)
_BETWEEN = re.compile(r"[)\]]?\s*(?:[,;&+/]|và(?=\s)|\s(?=[A-L](?:\W|$)))\s*", re.IGNORECASE)
_END = re.compile(r"\s*[.):\]–\-,;(]+\s*")
_NUMBERS = re.compile(r"\s*\d{1,2}(?:\s*[,;&+]\s*\d{1,2})*\s*\.?\s*$")
_TRUTH_PAIR = re.compile(r"(?<![a-z])(?P<label>[a-l])\s*[-–.):=]*\s*(?P<said>dung|sai|d|s)(?![a-z])[\s,;.|]*")
_TRUTH_ONLY = re.compile(r"(?<![a-z])(dung|sai|d|s)(?![a-z])")
_TRUTH_JOINED = re.compile(r"\s*([ds]{2,8})\s*\.?\s*$")
_TRUTH_WORDS = {"dung": 1, "d": 1, "true": 1, "t": 1, "sai": 2, "s": 2, "false": 2, "f": 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """numbers: of the right options, from 1 · truths: for a list of statements, what each of them is · rest: what follows."""

    numbers: tuple[int, ...] = ()
    truths: tuple[bool, ...] = ()
    rest: str = ""
    problem: Problem | None = None

    @property
    def says(self) -> bool:
        return bool(self.numbers or self.truths)


def read_answer(text: str, options: Sequence[Option]) -> Answer:
    """What an answer means for these options. A letter that none of them has is returned as the number it would have."""
    text = text.strip()
    if truths := _truths(text, len(options)):
        return Answer(tuple(n for n, true in enumerate(truths, 1) if true), tuple(truths))
    by_text = _by_text(text, options)
    labelled = _labelled(text, options)
    if labelled and by_text and len(by_text) == 1 and labelled.numbers != by_text and not labelled.rest:
        if max(labelled.numbers) <= len(options):
            details = {"key": text, "place": _letters(labelled.numbers, options), "text": _letters(by_text, options)}
            return Answer(problem=Problem(Fault.AMBIGUOUS_KEY, details))
        return Answer(by_text)
    if labelled:
        return labelled
    if by_text:
        return Answer(by_text)
    return Answer(problem=Problem(Fault.UNREADABLE_KEY, {"key": " ".join(text.split())[:80]}))


def read_truth(text: str) -> int | None:
    """1 for Đúng, 2 for Sai, None for anything else: D is the letter of an option, Đ is not."""
    if text.strip(" .;:()[]").upper() == "D":
        return None
    return _TRUTH_WORDS.get(fold(text).strip(" .;:()[]\"'“”"))


def is_label_list(text: str) -> bool:
    """Nothing but letters: "B", "A, C", "AC"."""
    labels, rest = _labels(text)
    return bool(labels) and not rest.strip(" .;)]")


def _truths(text: str, count: int) -> list[bool] | None:
    if count < 2:
        return None
    folded = fold(text)
    pairs = _TRUTH_PAIR.findall(folded)
    if len(pairs) == count and not _TRUTH_PAIR.sub("", folded).strip():
        return [said[0] == "d" for _label, said in sorted(pairs)]
    if (joined := _TRUTH_JOINED.match(folded)) and len(joined[1]) == count and set(text.strip(" .")) <= set("ĐSđs"):
        return [said == "d" for said in joined[1]]
    said = _TRUTH_ONLY.findall(folded)
    if len(said) == count and not _TRUTH_ONLY.sub("", folded).strip(" ,;.-–/|\t"):
        return [word[0] == "d" for word in said]
    return None


def _labelled(text: str, options: Sequence[Option]) -> Answer | None:
    start = found.end() if (found := _PREFIX.match(fold(text))) else 0
    text = text[start:]
    if _NUMBERS.match(text):
        numbers = tuple(sorted({int(number) for number in re.findall(r"\d+", text)}))
        return Answer(numbers) if 0 not in numbers else None
    labels, rest = _labels(text)
    if not labels:
        return None
    numbers = tuple(sorted({_number(label, options) for label in labels}))
    end = _END.match(rest)
    rest = rest[end.end() :].strip() if end else rest.strip()
    if not rest:
        return Answer(numbers)
    if end is None and rest[0].islower():
        return None  # "B phải nộp phạt" is a text
    return _with_text(numbers, rest.rstrip(")") if end and "(" in end[0] else rest, options)


def _labels(text: str) -> tuple[list[str], str]:
    """The letters at the beginning, and what stands behind them."""
    labels: list[str] = []
    at = behind = 0
    while (found := _LABEL.match(text, at)) and _is_label(found["word"]):
        labels += found["word"].upper()
        behind = found.end()
        between = _BETWEEN.match(text, behind)
        if between is None:
            break
        at = between.end()
    return labels, text[behind:]


def _is_label(word: str) -> bool:
    """One letter; or several in capitals, each once: "AC", not "ba"."""
    if len(word) == 1:
        return word in "đĐ" or word.upper() in LETTERS
    return len(set(word)) == len(word) and all(char in LETTERS for char in word)


def _with_text(numbers: tuple[int, ...], rest: str, options: Sequence[Option]) -> Answer:
    """A letter and a text: the text of that option, of another one, or words that explain."""
    named = _by_text(rest, options)
    if named and len(named) == 1 and len(numbers) == 1:
        if named == numbers:
            return Answer(numbers)
        why = _(
            "đáp án ghi %(key)s nhưng kèm nội dung của phương án %(options)s",
            key=_letters(numbers, options),
            options=_letters(named, options),
        )
        return Answer(problem=Problem(Fault.KEY_UNCERTAIN, {"why": why}))
    for n in numbers:
        if n <= len(options) and (text := essence(options[n - 1].text)) and essence(rest).startswith(text + " "):
            return Answer(numbers, rest=rest[len(options[n - 1].text) :].strip(" .;,"))
    return Answer(numbers, rest=rest)


def _by_text(text: str, options: Sequence[Option]) -> tuple[int, ...]:
    wanted = essence(text)
    return tuple(n for n, option in enumerate(options, 1) if option.lines and essence(option.text) == wanted)


def _number(label: str, options: Sequence[Option]) -> int:
    """The number of the option that the file calls so, or the number that a letter has by itself, beyond the options."""
    places = [n for n, option in enumerate(options, 1) if option.letter == label]
    if places:
        return places[0]
    by_itself = number_of(label)
    return by_itself if by_itself > len(options) or not any(o.letter for o in options) else len(options) + 1


def _letters(numbers: Sequence[int], options: Sequence[Option]) -> str:
    return ", ".join(letter_at(n, options) for n in numbers)


def letter_at(number: int, options: Sequence[Option]) -> str:
    """What the file calls an option: "B"."""
    if number <= len(options) and options[number - 1].letter:
        return options[number - 1].letter
    return letter(number)
