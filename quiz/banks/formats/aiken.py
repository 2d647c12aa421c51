"""Aiken: a stem, options "A. …" one a line, "ANSWER: B". As Moodle reads it, or as people in Vietnam write it.

Source: Moodle, question/format/aiken/format.php. Where a question keeps to Moodle's grammar, that grammar alone counts. Others
are read in a dialect: "A.Nội dung" without a blank, "a)", "Đáp án: B", "Câu 1.", texts over several lines, "Giải thích: …"
below the answer. The file then says which of these habits were met, and in how many questions.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _

from quiz.banks.faults import Fault
from quiz.banks.formats import losses
from quiz.banks.formats.files import FileRefusal, decode
from quiz.banks.formats.lines.document import GUARD, fold
from quiz.banks.formats.reading import MOST_ITEMS, RawItem, Reading
from quiz.banks.formats.spelling import notation
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.banks.models import ItemKind
from quiz.banks.wording import letter, number_of
from quiz.errors import Refusal


class Habit(enum.Enum):
    """Ways of writing that Moodle does not know."""

    NO_BLANK = "no_blank"
    SMALL_LETTERS = "small_letters"
    OTHER_ANSWER = "other_answer"
    NUMBERED = "numbered"
    SEVERAL_LINES = "several_lines"
    EXPLAINED = "explained"


def _said(habit: Habit) -> str:
    return {
        Habit.NO_BLANK: _("chữ cái của phương án viết khác “A. ”"),
        Habit.SMALL_LETTERS: _("phương án “a)”, “b)”"),
        Habit.OTHER_ANSWER: _("đáp án không ghi “ANSWER: A”"),
        Habit.NUMBERED: _("số thứ tự trước câu"),
        Habit.SEVERAL_LINES: _("câu dẫn hoặc phương án nhiều dòng"),
        Habit.EXPLAINED: _("lời giải thích sau đáp án"),
    }[habit]


_OPTION = re.compile(r"([A-Z])[).][ \t]+(\S.*)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])")
_LOOSE_OPTION = re.compile(r"\(?([A-La-l])\s?[).:/](?!\w[).:/])\s*(.*)")  # "A.B.C. là…" is a name
_LOOSE_ANSWER = re.compile(r"(?:answer|dap an|d/a)(?: dung)?(?: la)?(?:\s*[:.=]\s*|\s+(?=\(?[a-l]\W*$))")
_EXPLANATION = re.compile(r"(?:giai thich|loi giai|can cu|vi)\s*:\s*")
_QUESTION = re.compile(r"cau(?: hoi)?(?: so)?\s*\d{1,4}\s*[.:)/\-–]\s*")
_NUMBER = re.compile(r"(\d{1,4})[.)]\s+")
_KEY_WITH_NOTE = re.compile(r"([A-La-l])\s*\.?\s*\((.+)\)\.?")


class _Line(NamedTuple):
    number: int
    text: str  # in NFC, without outer blanks


@dataclass(slots=True)
class _Block:
    """Lines up to an answer.  answer: what stands in its line, as it is written; None at the end of the file."""

    lines: list[_Line] = field(default_factory=list)
    answer: str | None = None
    explanation: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[_Line]:
        return [line for line in self.lines if line.text]


def read(content: bytes) -> Reading:
    """The questions of a file.  Raises Refusal(FileRefusal)."""
    reading = Reading(about="Aiken")
    reader = _Reader(reading)
    for block in _blocks(decode(content)):
        if block.texts:
            reader.take(block)
    if not reading.items:
        raise Refusal(FileRefusal.NO_ITEMS)
    if reader.habits:
        said = "; ".join(_said(habit) for habit in Habit if habit in reader.habits)
        reading.note(Fault.AIKEN_HABITS, count=reader.in_dialect, habits=said)
    return reading


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, line in enumerate(text.split("\n"), 1):
        said = unicodedata.normalize("NFC", line).strip()
        if block.answer is not None:
            if _goes_on(block, said):
                block.explanation.append(said)
                continue
            yield block
            block = _Block()
        if _LOOSE_ANSWER.match(fold(said)):
            block.answer = said
        else:
            block.lines.append(_Line(number, said))
    yield block


def _goes_on(block: _Block, text: str) -> bool:
    """Does a line below the answer still explain it? Only right below, up to the next blank line or question."""
    if not block.explanation:
        return _EXPLANATION.match(fold(text)) is not None
    return bool(text) and not _QUESTION.match(fold(text))


class _Reader:
    """habits: those met so far · in_dialect: how many questions had any of them"""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.habits: set[Habit] = set()
        self.in_dialect = 0

    def take(self, block: _Block) -> None:
        if len(self.reading.items) == MOST_ITEMS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
        ordinal = len(self.reading.items) + 1
        raw = _in_grammar(block, ordinal)
        if raw is None:
            dialect = _Dialect(block, ordinal)
            if dialect.apart:
                self.skip(dialect.apart)
            raw = dialect.raw
            self.habits |= dialect.habits
            self.in_dialect += bool(dialect.habits)
        if raw.options or block.answer is not None:
            self.reading.items.append(raw)
        else:
            self.skip(block.texts)

    def skip(self, lines: Sequence[_Line]) -> None:
        self.reading.skip(_place(lines[0].number), Fault.NO_QUESTION, start=lines[0].text[:60])


def _place(line: int) -> str:
    return _("dòng %(line)s", line=line)


def _in_grammar(block: _Block, ordinal: int) -> RawItem | None:
    """The question as Moodle reads it; None where Moodle would lose a part of it, or read it otherwise than meant."""
    lines = block.texts
    options = [_OPTION.fullmatch(line.text) for line in lines[1:]]
    answer = _ANSWER.fullmatch((block.answer or "").rstrip("."))
    if len(options) < 2 or not answer or block.explanation or _unnumbered(lines[0].text, ordinal) != lines[0].text:
        return None
    if any(found is None or found[1] != letter(n) for n, found in enumerate(options, 1)) or _OPTION.match(
        lines[0].text
    ):
        return None
    return RawItem(
        number=ordinal, place=_place(lines[0].number), stem=lines[0].text, options=[found[2] for found in options if found],
        key=[number_of(answer[1])], key_text=answer[1],
    )  # fmt: skip


def _unnumbered(text: str, ordinal: int) -> str:
    """ "Câu 3. Theo Luật…" → "Theo Luật…"; "3. Theo…" too, if this is the third question of the file."""
    if found := _QUESTION.match(fold(text)):
        return text[found.end() :]
    found = _NUMBER.match(text)
    return text[found.end() :] if found and int(found[1]) == ordinal else text


class _Dialect:
    """A question in the dialect.  apart: lines before it, parted by a blank line, that do not belong to it."""

    def __init__(self, block: _Block, ordinal: int) -> None:
        self.block = block
        self.habits: set[Habit] = set()
        self.apart: list[_Line] = []
        start = _first_option(block.lines)
        stem = self.stem(block.lines[:start], ordinal)
        place = next(line.number for line in (*stem, *block.texts))
        self.raw = RawItem(number=ordinal, place=_place(place))
        said = " ".join(line.text for line in stem)
        self.raw.stem = _unnumbered(said, ordinal)
        self.meet(Habit.NUMBERED, self.raw.stem != said)
        self.options(block.lines[start:])
        self.meet(Habit.EXPLAINED, bool(block.explanation))
        self.raw.explanation = _without(_EXPLANATION, " ".join(block.explanation))
        if block.answer is not None:
            self.meet(Habit.OTHER_ANSWER, _ANSWER.fullmatch(block.answer.rstrip(".")) is None)
            self.key(_without(_LOOSE_ANSWER, block.answer))

    def meet(self, habit: Habit, is_met: bool) -> None:
        if is_met:
            self.habits.add(habit)

    def stem(self, lines: Sequence[_Line], ordinal: int) -> list[_Line]:
        """From the line with a number on; without one, the last paragraph."""
        numbered = [n for n, line in enumerate(lines) if _unnumbered(line.text, ordinal) != line.text]
        last = max((n for n, line in enumerate(lines) if line.text), default=-1)
        blank = max((n for n, line in enumerate(lines[: last + 1]) if not line.text), default=-1)
        start = numbered[-1] if numbered else blank + 1
        self.apart = [line for line in lines[:start] if line.text]
        stem = [line for line in lines[start:] if line.text]
        self.meet(Habit.SEVERAL_LINES, len(stem) > 1)
        return stem

    def options(self, lines: Sequence[_Line]) -> None:
        small = bool(lines) and lines[0].text.lstrip("(")[:1].islower()
        self.meet(Habit.SMALL_LETTERS, small)
        texts: dict[int, list[str]] = {}
        again = ""
        for line in filter(lambda line: line.text, lines):
            found = _LOOSE_OPTION.fullmatch(line.text)
            number = number_of(found[1]) if found and found[1].islower() == small else 0
            last = max(texts, default=0)
            if found and number > last:
                texts[number] = [found[2]]
                self.meet(Habit.NO_BLANK, not small and _OPTION.fullmatch(line.text) is None)
            else:
                texts[last].append(line.text)
                self.meet(Habit.SEVERAL_LINES, True)
                again = again or (letter(number) if number else "")
        if again:
            self.raw.note(Fault.KEY_UNCERTAIN, why=_("có hai phương án cùng ghi chữ %(letter)s", letter=again))
        self.raw.options = [" ".join(texts.get(n, ())) for n in range(1, max(texts, default=0) + 1)]
        empty = [letter(n) for n, text in enumerate(self.raw.options, 1) if not text]
        if empty:
            self.raw.note(Fault.OPTION_GAP, empty=", ".join(empty), filled=letter(max(texts)))

    def key(self, said: str) -> None:
        raw = self.raw
        raw.key_text = said
        if found := _KEY_WITH_NOTE.fullmatch(said):
            said, raw.explanation = found[1], " ".join(filter(None, (found[2], raw.explanation)))
        numbers, problem = notation.read_key(said, raw.options)
        if problem:
            raw.problems.append(problem)
        elif len(numbers) > 1:
            raw.note(Fault.KEY_UNCERTAIN, why=_("mẫu Aiken chỉ có một đáp án, nhưng tệp ghi “%(key)s”", key=said[:60]))
        elif not any(problem.fault is Fault.KEY_UNCERTAIN for problem in raw.problems):
            raw.key = list(numbers)


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text behind what a folded pattern finds at its beginning."""
    found = pattern.match(fold(text))
    return text[found.end() :] if found else text


def _first_option(lines: Sequence[_Line]) -> int:
    """Place of the last "A." that a "B." follows, or "a)" and "b)": what stands before may list things too."""
    labels = [found[1] if (found := _LOOSE_OPTION.fullmatch(line.text)) else "" for line in lines]
    for first, second in (("A", "B"), ("a", "b")):
        if second in labels:
            end = len(labels) - labels[::-1].index(second)
            if first in labels[:end]:
                return end - 1 - labels[:end][::-1].index(first)
    return next((n for n, name in enumerate(labels) if name in ("A", "a")), len(lines))


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """Items with one right option, in their order; nothing but stem, options and key."""
    written, blocks = Written(), []
    for item in items:
        w = item.wording
        if w.kind not in (ItemKind.SINGLE, ItemKind.TRUE_FALSE):
            written.losses.append((item.code, Lost.KIND))
            continue
        options = [f"{letter(number)}. {text}" for number, text in enumerate(w.options, 1)]
        blocks.append("\n".join([_guarded(w.stem), *options, f"ANSWER: {letter(w.key[0])}"]))
        written.losses += [(item.code, name) for name in losses.lost(item, held=())]
    written.content = "".join(f"{block}\n\n" for block in blocks).encode()
    return written


def _guarded(stem: str) -> str:
    """The stem with an invisible sign before it where its beginning would be taken for something else."""
    folded = fold(stem)
    looks = (
        _OPTION.match(stem),
        _LOOSE_OPTION.match(stem),
        _NUMBER.match(stem),
        _LOOSE_ANSWER.match(folded),
        _QUESTION.match(folded),
    )
    return f"{GUARD}{stem}" if any(looks) or len(stem) < 2 else stem
