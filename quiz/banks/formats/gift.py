"""Reads items from a file in Moodle's GIFT.

What GIFT has no field for stands in labels, `// [tag:tên:giá trị]` (own_fields). Anything that Moodle would take for a key
although its author may not have meant it, such as an unescaped "=" in a link, leaves the key open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import FileRefusal, decode
from quiz.banks.formats.learning import gift_grammar, own_fields, weights
from quiz.banks.formats.learning.gift_grammar import Answer, Entry, Form, Text
from quiz.banks.formats.learning.gift_writing import HTML, write
from quiz.banks.formats.learning.rich_text import RichText
from quiz.banks.formats.reading import MOST_ITEMS, RawItem, Reading
from quiz.banks.models import ItemKind
from quiz.banks.wording import TRUE_FALSE, bad_code, one_line
from quiz.errors import Refusal

__all__ = ["read", "write"]

_NO_ITEM = {
    Form.DESCRIPTION: Fault.NO_QUESTION,
    Form.BROKEN: Fault.UNPAIRED_BRACES,
    Form.TOO_LONG: Fault.BLOCK_TOO_LONG,
}
_KINDS = {
    Form.ESSAY: ItemKind.ESSAY,
    Form.TRUE_FALSE: ItemKind.TRUE_FALSE,
    Form.SHORT: ItemKind.SHORT_TEXT,
    Form.NUMBER: ItemKind.NUMBER,
    Form.MATCHING: ItemKind.MATCHING,
}
_FULL = 100.0
_LONGEST_NAME = 100
_CATEGORY_STEP = re.compile(r"(?<!/)/(?!/)")  # "//" is a stroke within a name
_NO_TOPIC = re.compile(r"\$\w+\$|top|(?:default for|mặc định cho) .*", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")


def read(content: bytes) -> Reading:
    """The items of a GIFT file.  Raises Refusal(FileRefusal)."""
    reading = Reading(about="GIFT")
    for entry in gift_grammar.entries(decode(content)):
        if entry.form in _NO_ITEM:
            reading.skip(_place(entry), _NO_ITEM[entry.form], start=one_line(entry.stem.source or entry.name)[:60])
        elif len(reading.items) == MOST_ITEMS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
        else:
            reading.items.append(_Item(entry, len(reading.items) + 1).raw)
    if not reading.items and not reading.skipped:
        raise Refusal(FileRefusal.NO_ITEMS)
    _clear_common_names(reading.items)
    return reading


def _clear_common_names(items: Sequence[RawItem]) -> None:
    """A name that looks like a code is one only if no other item has it ("Q1" in Moodle)."""
    times = Counter(item.code for item in items)
    for item in items:
        if times[item.code] > 1:
            item.code, item.source = "", item.source or item.code


def _place(entry: Entry) -> str:
    return _("dòng %(line)s", line=entry.line)


def _is_html(text: Text) -> bool:
    return text.format == "html" or (text.format == "moodle" and HTML.search(text.source) is not None)


def topic_of(category: str) -> str:
    """The last name of a path of categories: "$course$/top/Thi đua" → "Thi đua"."""
    name = _CATEGORY_STEP.split(category)[-1].replace("//", "/").strip()
    return "" if _NO_TOPIC.fullmatch(name) else name


class _Item:
    """Turns one block into a raw item."""

    def __init__(self, entry: Entry, number: int) -> None:
        self.entry = entry
        self.raw = RawItem(number=number, place=_place(entry), topic=topic_of(entry.category))
        self.rich = RichText(self.raw, lambda _name: Fault.IMAGE_NOT_FOUND)
        self.raw.kind = _KINDS.get(entry.form, "")  # of a choice the key tells
        self.raw.stem = self.line(entry.stem, 0)
        _TAKE[entry.form](self)
        if entry.more_braces:
            self.leave_open(_("sau cặp { } đầu tiên còn dấu { hoặc } nên chưa rõ phần nào là câu trả lời"))
        self.raw.explanation = "\n\n".join(self.explanation())
        self.take_names()

    def line(self, text: Text, place: int | None) -> str:
        """place: of an image, as in RawPicture."""
        return self.rich.line(text.source, place) if _is_html(text) else self.as_written(text)

    def paragraphs(self, text: Text) -> str:
        return self.rich.paragraphs(text.source) if _is_html(text) else self.as_written(text)

    def as_written(self, text: Text) -> str:
        if text.format == "markdown" and text.source:
            self.rich.note_once(Fault.MARKDOWN_KEPT)
        return text.source

    def leave_open(self, why: str) -> None:
        self.raw.key, self.raw.accepted = [], []
        self.raw.note(Fault.KEY_UNCERTAIN, why=why)

    def take_names(self) -> None:
        entry, raw = self.entry, self.raw
        raw.code = next((name for name in (entry.id, entry.name) if name and not bad_code(name)), "")
        raw.source = entry.name if entry.name != raw.code else ""
        if entry.id not in ("", raw.code):
            raw.note(Fault.CODE_LEFT_OUT, Severity.INFO, code=entry.id[:70])
        fields = own_fields.read(entry.tags)
        fields.fill(raw)
        if fields.others:
            raw.note(Fault.LABELS_LEFT_OUT, Severity.INFO, labels=", ".join(fields.others)[:300])

    def explanation(self) -> list[str]:
        """Feedback for everybody, then that of each answer under its text, because letters change when options are shuffled."""
        entry = self.entry
        general = self.paragraphs(entry.general) if entry.general else ""
        notes = [(self.called(n, a), self.line(a.feedback, None)) for n, a in enumerate(entry.answers) if a.feedback]
        if entry.other:
            notes.append((_("Số khác"), self.line(entry.other, None)))
        said = [f"{name}: {one_line(note)}" for name, note in notes if note]
        if said:
            self.raw.note(Fault.NOTES_MERGED, Severity.INFO)
        return [general, *said] if general else said

    def called(self, number: int, answer: Answer) -> str:
        """The name of an answer in the explanation.  number: from 0."""
        if answer.text.source == "*":
            return _("Câu trả lời khác")
        if self.entry.form in (Form.CHOICE, Form.TRUE_FALSE):
            text = one_line((self.raw.options or TRUE_FALSE)[number])
        else:
            text = one_line(self.line(answer.text, None))
            text = (self.entry.form == Form.NUMBER and accepted_number(text)) or text
        return f"“{text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + '…'}”"

    def take_essay(self) -> None:
        """An essay has only its stem."""

    def take_truth(self) -> None:
        self.raw.key = [1 if self.entry.answers[0].right else 2]
        self.raw.key_text = TRUE_FALSE[self.raw.key[0] - 1]

    def take_choice(self) -> None:
        answers, raw = self.entry.answers, self.raw
        raw.options = [self.line(answer.text, place) for place, answer in enumerate(answers, 1)]
        marked = [number for number, answer in enumerate(answers, 1) if answer.right]
        points = [_FULL if answer.right else float(answer.weight or 0) for answer in answers]
        earning = [number for number, earned in enumerate(points, 1) if earned > 0]
        if why := _why_no_weight(answers) or (self.why_not_one(marked) if marked else _why_not_several(points)):
            raw.key_text = weights.letters(marked or earning)
            self.leave_open(why)
        elif marked:
            weights.single(raw, points, _FULL)
        elif earning:
            weights.multiple(raw, points, _FULL)

    def why_not_one(self, marked: list[int]) -> str:
        """Why "=" does not name the right option.  marked: numbers of the answers after it."""
        answers = self.entry.answers
        full = [n for n, answer in enumerate(answers, 1) if n in marked or answer.weight == _FULL]
        if len(full) > 1:
            return _(
                "câu một đáp án mà có %(count)s phương án đúng (%(letters)s), vì trong GIFT mỗi dấu = không có dấu \\ đứng trước "
                "mở một phương án đúng, kể cả dấu = trong đường dẫn hay trong “Khoản 1 = …”",
                count=len(full), letters=weights.letters(full),
            )  # fmt: skip
        if (weight := answers[marked[0] - 1].weight) not in (None, _FULL):
            return _("phương án sau dấu = phải được 100 %% số điểm, nhưng tệp ghi %(weight)s %%", weight=weight)
        only, others = answers[marked[0] - 1], [answer.start for answer in answers[1:] if not answer.right]
        if marked[0] > 1 and others and only.start > max(others):
            return _(
                "dấu = duy nhất nằm giữa chữ, ngay trước “%(text)s”, nên có thể thuộc nội dung chứ không chỉ phương án đúng",
                text=one_line(only.text.source)[:60],
            )
        return ""

    def take_written(self) -> None:
        self.raw.key_text = "; ".join(one_line(answer.text.source) for answer in self.entry.answers)[:300]
        if why := _why_no_weight(self.entry.answers):
            self.leave_open(why)
            return
        for answer in self.entry.answers:
            if answer.weight in (None, _FULL):
                self.accept(self.line(answer.text, None))
            elif answer.weight > 0:
                self.raw.note(Fault.HALF_RIGHT, Severity.WARNING, answer=one_line(answer.text.source)[:60])

    def accept(self, text: str) -> None:
        if self.entry.form == Form.NUMBER:
            number = accepted_number(text)
            if number is None:
                self.raw.note(Fault.KEY_UNCERTAIN, why=_(
                    "“%(text)s” không phải số như GIFT viết (1822, 1822:5, 1..5; dấu thập phân là dấu chấm)", text=text[:60]
                ))  # fmt: skip
            else:
                self.raw.accepted.append(number)
        elif "*" in text.replace("\\*", ""):
            self.raw.note(Fault.WILDCARD, Severity.WARNING, answer=one_line(text)[:60])
        else:
            self.raw.accepted.append(text.replace("\\*", "*"))

    def take_pairs(self) -> None:
        raw = self.raw
        raw.partial = True
        for answer in self.entry.answers:
            if answer.match and answer.match not in raw.matches:
                raw.matches.append(answer.match)
            left = self.line(answer.text, len(raw.options) + 1)
            if left or not answer.match:  # a right side alone is one more to choose from
                raw.options.append(left)
                raw.key.append(raw.matches.index(answer.match) + 1 if answer.match else 0)


_TAKE: dict[Form, Callable[[_Item], None]] = {
    Form.ESSAY: _Item.take_essay,
    Form.TRUE_FALSE: _Item.take_truth,
    Form.CHOICE: _Item.take_choice,
    Form.SHORT: _Item.take_written,
    Form.NUMBER: _Item.take_written,
    Form.MATCHING: _Item.take_pairs,
}


def _why_no_weight(answers: Sequence[Answer]) -> str:
    odd = [a.weight for a in answers if a.weight is not None and abs(a.weight) > _FULL]
    return _("trọng số %(weight)s %% vượt quá 100 %%", weight=odd[0]) if odd else ""


def _why_not_several(points: Sequence[float]) -> str:
    total = sum(earned for earned in points if earned > 0)
    if total == 0 or total > _FULL * 0.99:  # three thirds are 99.99999
        return ""
    return _("các phương án đúng cộng lại chỉ được %(total)s %% số điểm", total=f"{total:g}")


def accepted_number(text: str) -> str | None:
    """ "1822:5" → "1822±5", "1..5" → "3±2", "1822" → "1822"; None for what is no number."""
    low, dots, high = (part.strip() for part in text.partition(".."))
    if dots:
        lowest, highest = _decimal(low), _decimal(high)
        if lowest is None or highest is None or lowest > highest:
            return None
        return weights.accepted_between(lowest, highest)
    value, _colon, tolerance = (part.strip() for part in text.partition(":"))
    if _decimal(value) is None or _decimal(tolerance or "0") is None:
        return None
    return f"{value}±{tolerance}" if tolerance and Decimal(tolerance) else value


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None
