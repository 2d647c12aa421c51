"""Writes items into Moodle's GIFT. What GIFT has no field for goes into labels in a comment, where newer Moodles read tags."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence

from quiz.banks.formats import losses
from quiz.banks.formats.learning import own_fields
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.banks.models import ItemKind
from quiz.banks.wording import Wording, one_line

# in a text that names no format, these tags make Moodle's "[moodle]" HTML; a "<" of other kinds stays a letter
HTML = re.compile(
    r"</?(?:a|b|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul)"
    r"(?:\s*/?>|\s[^<>=]*=[^<>]*>)",  # "x <b và a> 5" is a comparison
    re.IGNORECASE,
)
_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\:#={}~"} | {"\n": "\\n"})
_LABEL_LOST = {"dien-hinh": Lost.EXEMPLAR, "nguon": Lost.SOURCE}
_HELD = set(Lost) - {Lost.IMAGES}


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """Items in their order, each topic as a category."""
    written = Written()
    blocks, topic = [f"// {one_line(bank.title)}"], ""
    for item in items:
        answers = _answers(item.wording)
        if answers is None:
            written.losses.append((item.code, Lost.KIND))
            continue
        if item.wording.topic != topic:
            topic = item.wording.topic
            steps = (name.replace("/", "//") for name in (bank.title, bank.topic_title(topic)) if name)
            blocks.append(f"$CATEGORY: $course$/top/{'/'.join(steps)}")
        labels, lost = _labels(item)
        blocks.append(f"{labels}::{_escaped(item.code)}::{_text(item.wording.stem)}{{{answers}}}")
        written.losses += [(item.code, name) for name in (*losses.lost(item, _HELD), *lost)]
    written.content = ("\n\n".join(blocks) + "\n").encode()
    return written


def _labels(item: OutItem) -> tuple[str, list[Lost]]:
    """The comment before an item, and what does not fit into it: several lines, or a backslash, for which Moodle has no escape."""
    w = item.wording
    labels = own_fields.labels(item)
    if w.kind in (ItemKind.MULTIPLE, ItemKind.MATCHING) and not w.partial:
        labels.append(own_fields.marking_label(w.partial))
    if w.kind == ItemKind.MATCHING:
        labels.append(own_fields.pairs_label(item))
    if Lost.PINNED in losses.lost(item, set(Lost) - {Lost.PINNED}):
        labels.append(own_fields.pinned_label(item))
    if w.words is not None:
        labels.append(own_fields.words_label(item))
    fitting = [label for label in labels if "\n" not in label and "\\" not in label]
    lost = [_LABEL_LOST.get(label.partition(":")[0], Lost.CITATION) for label in labels if label not in fitting]
    return "// " + " ".join(f"[tag:{label.replace(']', chr(92) + ']')}]" for label in fitting) + "\n", lost


def _answers(w: Wording) -> str | None:
    """What stands between the braces; None when GIFT cannot say it."""
    lines = _ANSWERS[w.kind](w) if w.kind in _ANSWERS else None
    if lines is None:
        return None
    general = f"####{_text(w.explanation)}" if w.explanation else ""
    if w.kind in (ItemKind.TRUE_FALSE, ItemKind.ESSAY):  # Moodle wants the truth right after the brace
        return "".join(lines) + general
    return "".join(f"\n\t{line}" for line in (*lines, general) if line) + "\n"


def _of_choice(w: Wording) -> list[str]:
    if w.kind == ItemKind.SINGLE:
        return [("=" if number in w.key else "~") + _text(text) for number, text in enumerate(w.options, 1)]
    # a wrong option takes a share away, as it does here (rules.marking)
    share = f"{100 / len(w.key):.5f}".rstrip("0").rstrip(".")
    return [f"~%{'' if n in w.key else '-'}{share}%{_text(text)}" for n, text in enumerate(w.options, 1)]


def _of_truth(w: Wording) -> list[str]:
    return ["TRUE" if w.key == (1,) else "FALSE"]


def _of_text(w: Wording) -> list[str] | None:
    """An arrow beside "=" would make a matching of it; one answer may stand without "=", several may not."""
    if not any("->" in text for text in w.accepted):
        return [f"=%100%{_accepted(text)}" for text in w.accepted]
    return [f"%100%{_accepted(w.accepted[0])}"] if len(w.accepted) == 1 else None


def _accepted(text: str) -> str:
    return _text(text.replace("*", "\\*"))  # "*" alone stands for any letters


def _of_number(w: Wording) -> list[str]:
    lines = []
    for text in w.accepted:
        value, _sign, tolerance = text.partition("±")
        lines.append(f"=%100%{value.strip()}:{tolerance.strip() or 0}")
    return ["#", *lines]


def _of_pairs(w: Wording) -> list[str]:
    pairs = [f"={_left(text)} -> {_escaped(w.matches[n - 1])}" for text, n in zip(w.options, w.key, strict=True)]
    others = [f"= -> {_escaped(text)}" for n, text in enumerate(w.matches, 1) if n not in w.key]
    return [*pairs, *others]


def _left(text: str) -> str:
    """An arrow in a left side is written as HTML writes it, because the first one parts the two sides."""
    return f"[html]{_escaped(html.escape(text, quote=False))}" if "->" in text else _text(text)


_ANSWERS: Mapping[str, Callable[[Wording], list[str] | None]] = {
    ItemKind.SINGLE: _of_choice,
    ItemKind.MULTIPLE: _of_choice,
    ItemKind.TRUE_FALSE: _of_truth,
    ItemKind.SHORT_TEXT: _of_text,
    ItemKind.NUMBER: _of_number,
    ItemKind.MATCHING: _of_pairs,
    ItemKind.ESSAY: lambda _w: [],
}


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _text(text: str) -> str:
    """With the format named where the beginning, or a tag, would be taken for something else."""
    return f"[plain]{_escaped(text)}" if text.startswith(("[", "%")) or HTML.search(text) else _escaped(text)
