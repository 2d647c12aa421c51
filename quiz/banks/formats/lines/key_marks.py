"""The key as looks tell it: which options of an item stand out by bold letters, colour, underlining."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.banks.formats.lines.document import Line, Look
from quiz.banks.formats.lines.option_lines import Option

# struck-through options are not among them: they may be the wrong ones, or an older wording
MARKS = {
    "bold": _l("chữ in đậm"),
    "italic": _l("chữ nghiêng"),
    "underline": _l("gạch chân"),
    "highlight": _l("tô nền"),
    "colour": _l("màu chữ"),
}
_MOST = 0.8  # of a text must have a look for the text to have it: a single word in bold is emphasis


@dataclass(frozen=True, slots=True)
class Marked:
    """mark: a name of MARKS.  numbers: of the options that it singles out.  whole: their texts have it, not the letters alone."""

    mark: str
    numbers: tuple[int, ...]
    whole: bool

    @property
    def name(self) -> str:
        name = str(MARKS[self.mark])
        return name if self.whole else _("%(mark)s ở chữ cái", mark=name)


def marked(options: Sequence[Option]) -> list[Marked]:
    """Every look that some options have and others of the same item have not."""
    found = []
    for mark in MARKS:
        texts = _singled([_look_of(option.lines, mark) for option in options])
        letters = _singled([_value(option.letter_look, mark) for option in options])
        if texts or letters:
            found.append(Marked(mark, texts or letters, bool(texts)))
    return found


def partly_marked(options: Sequence[Option]) -> list[int]:
    """Numbers of the options of which a part, not the whole, stands out."""
    return [
        n
        for n, option in enumerate(options, 1)
        if any(
            _value(run.look, mark) for mark in MARKS for line in option.lines for run in line.runs if run.text.strip()
        )
    ]


def struck(options: Sequence[Option]) -> list[int]:
    return [n for n, option in enumerate(options, 1) if _look_of(option.lines, "strike")]


def _value(look: Look | None, mark: str) -> str:
    value = getattr(look, mark) if look else ""
    return value if isinstance(value, str) else "yes" if value else ""


def _look_of(lines: Sequence[Line], mark: str) -> str:
    """The look that nearly all characters of the text have, or ""."""
    counts: Counter[str] = Counter()
    for line in lines:
        for run in line.runs:
            counts[_value(run.look, mark)] += sum(map(str.isalnum, run.text))
    total = counts.total()
    value, count = counts.most_common(1)[0] if total else ("", 0)
    return value if total and count >= _MOST * total else ""


def _singled(values: Sequence[str]) -> tuple[int, ...]:
    """Numbers of those that differ from what is usual among them; () when nothing is usual, or nothing differs."""
    counts = Counter(values)
    if len(counts) < 2:
        return ()
    usual = "" if "" in counts else counts.most_common(1)[0][0]
    if usual and list(counts.values()).count(counts[usual]) > 1:
        return ()
    return tuple(n for n, value in enumerate(values, 1) if value != usual)
