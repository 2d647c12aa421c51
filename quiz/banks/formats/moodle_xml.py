"""Moodle XML: question categories and questions, pictures inside as base64.

Source: Moodle, question/format/xml/format.php. Moodle marks choices, matchings and most orderings part by part, and has no
citation, level or period: these travel as tags (own_fields), which Moodle keeps, cut to 50 characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from flask_babel import gettext as _
from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.learning import own_fields, weights
from quiz.banks.formats.learning.moodle_writing import write
from quiz.banks.formats.learning.rich_text import RichText, from_base64, is_overgrown, next_number, without_tags
from quiz.banks.formats.reading import RawItem, Reading
from quiz.banks.formats.safe import markup
from quiz.banks.formats.spelling.cells import words_of
from quiz.banks.models import ItemKind
from quiz.banks.wording import bad_code, letter, one_line
from quiz.errors import Refusal

__all__ = ["read", "write"]

_FULL = 100.0
_PLAIN_FORMATS = {"plain_text", "markdown"}
_TRUTH = {"true": 1, "dung": 1, "false": 2, "sai": 2}
# what Moodle itself puts there when a question is made
_STOCK_NOTES = {
    "your answer is correct", "your answer is partially correct", "your answer is incorrect",
    "cau tra loi cua ban dung", "cau tra loi cua ban dung mot phan", "cau tra loi cua ban sai",
    "cau tra loi cua ban la dung", "cau tra loi cua ban la sai", "cau tra loi cua ban chi dung mot phan",
}  # fmt: skip
_NO_TOPIC = re.compile(r"\$\w+\$|top|(?:default for|mặc định cho) .*", re.IGNORECASE)


def read(content: bytes) -> Reading:
    """Read an export of a question bank.  Raises Refusal(FileRefusal)."""
    root = markup.parse(content.lstrip(b" \t\r\n"))
    if markup.local_name(root) != "quiz":
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    reading, category, named = Reading(), "", set()
    for element in root.iterchildren("question"):
        kind = (element.get("type") or "").strip().lower()
        if kind == "category":
            category = _text_of(element.find("category"))
            continue
        number = next_number(reading)
        if is_overgrown(element):
            reading.skip(_("câu thứ %(number)s", number=number), Fault.KIND_NOT_HELD, kind=_("câu có quá nhiều phần"))
            continue
        question = _Question(element, number)
        if kind not in _READERS:
            reading.skip(question.raw.place, Fault.KIND_NOT_HELD, kind=str(_other_kinds().get(kind, kind or "?"))[:60])
            continue
        _READERS[kind](question)
        question.finish(category)
        reading.items.append(question.raw)
        if question.code_is_name:
            named.add(question.raw.number)
    if not reading.items and not reading.skipped:
        raise Refusal(FileRefusal.NO_ITEMS)
    _clear_common_names(reading, named)
    return reading


def _clear_common_names(reading: Reading, named: set[int]) -> None:
    """A name that looks like a code is one only if no other question has it."""
    times = Counter(item.code for item in reading.items)
    for item in reading.items:
        if item.number in named and times[item.code] > 1:
            item.code = ""


def _other_kinds() -> dict[str, str]:
    return {
        "cloze": _("đoạn văn có nhiều ô trống (cloze)"),
        "multianswer": _("đoạn văn có nhiều ô trống (cloze)"),
        "description": _("lời dẫn, không phải câu hỏi (description)"),
        "calculated": _("tính toán với số thay đổi (calculated)"),
        "calculatedsimple": _("tính toán với số thay đổi (calculatedsimple)"),
        "calculatedmulti": _("tính toán với số thay đổi (calculatedmulti)"),
        "ddwtos": _("kéo chữ vào đoạn văn (ddwtos)"),
        "gapselect": _("chọn chữ cho đoạn văn (gapselect)"),
        "ddimageortext": _("kéo thả lên hình (ddimageortext)"),
        "ddmarker": _("đánh dấu trên hình (ddmarker)"),
        "randomsamatch": _("ghép đôi ngẫu nhiên (randomsamatch)"),
        "random": _("câu rút ngẫu nhiên (random)"),
    }


def _text_of(element: etree._Element | None) -> str:
    """What the <text> of an element says, also where markup stands in it unescaped; old files have no <text>."""
    if element is None:
        return ""
    holder = element.find("text")
    if holder is None:
        return element.text or ""
    inner = (etree.tostring(child, encoding="unicode", with_tail=True) for child in holder)
    return (holder.text or "") + "".join(inner)


def _path(file: etree._Element) -> str:
    return ((file.get("path") or "/") + (file.get("name") or "")).lstrip("/")


class _Question:
    """One <question> on its way to a raw item."""

    def __init__(self, element: etree._Element, number: int) -> None:
        self.element = element
        name = one_line(_text_of(element.find("name")))
        place = _("câu thứ %(number)s", number=number) + (f" (“{name[:60]}”)" if name else "")
        self.raw = RawItem(number=number, place=place)
        self.rich = RichText(self.raw, self._file)
        self.files: dict[str, etree._Element] | None = None
        self.notes: list[str] = []
        self.own = own_fields.read(_text_of(tag) for tag in element.iterfind(".//tag"))
        self.name = name
        self.code_is_name = False

    def finish(self, category: str) -> None:
        """What all kinds have: stem, explanation, code, tags, topic."""
        raw = self.raw
        raw.stem = self.said(self.element.find("questiontext"), 0)
        self._old_picture()
        general = self.element.find("generalfeedback")
        notes = [self.paragraphs(general), *self.notes]
        raw.explanation = "\n\n".join(filter(None, notes))
        self._code()
        if not self.own.are_ours:
            self._topic(category)
        self.own.fill(raw)
        if self.own.others:
            raw.note(Fault.LABELS_LEFT_OUT, Severity.INFO, labels="; ".join(self.own.others)[:200])
        if any(self._speaks(element) for element in self._common_notes()):
            raw.note(Fault.NOTES_LEFT_OUT, Severity.INFO)
        if self.flag("shuffleanswers") is False and raw.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE) and not raw.pinned:
            raw.note(Fault.SHUFFLED_HERE, Severity.INFO)

    def said(self, element: etree._Element | None, place: int | None) -> str:
        text = _text_of(element)
        if element is not None and element.get("format") in _PLAIN_FORMATS:
            return text
        return self.rich.line(text, place)

    def paragraphs(self, element: etree._Element | None) -> str:
        text = _text_of(element)
        if element is not None and element.get("format") in _PLAIN_FORMATS:
            return text
        return self.rich.paragraphs(text)

    def flag(self, name: str) -> bool | None:
        """Moodle writes true, false, 1 and 0; None where it writes nothing."""
        text = _text_of(self.element.find(name)).strip().lower()
        return text in ("true", "1", "yes") if text else None

    def weighted_options(self) -> list[float]:
        """Read the answers as options; their fractions, in percent."""
        answers = self.element.findall("answer")
        self.raw.options = [self.said(answer, n) for n, answer in enumerate(answers, 1)]
        for n, answer in enumerate(answers, 1):
            self.note_on(letter(n), answer)
        return [weights.number(answer.get("fraction")) for answer in answers]

    def note_on(self, what: str, answer: etree._Element) -> None:
        """Keep the feedback on one answer as a paragraph of the explanation."""
        if feedback := self.said(answer.find("feedback"), None):
            self.notes.append(f"{what}: {feedback}")
            self.rich.note_once(Fault.NOTES_MERGED, Severity.INFO)

    def accepted(self) -> Iterator[tuple[str, etree._Element]]:
        """Typed answers that earn all points; what earns a part of them is noted."""
        for answer in self.element.iterfind("answer"):
            text, points = one_line(_text_of(answer)), weights.number(answer.get("fraction"))
            if text != "*":  # anything else: it only carries feedback
                self.note_on(f"“{text}”", answer)
            if points >= _FULL * 0.999:
                yield text, answer
            elif points > 0:
                self.raw.note(Fault.HALF_RIGHT, Severity.WARNING, answer=text[:60])

    def _file(self, address: str) -> bytes | Fault:
        """A file of the question, which texts call @@PLUGINFILE@@/name."""
        mark, slash, name = address.partition("/")
        if mark != "@@PLUGINFILE@@" or not slash:
            return Fault.IMAGE_OUTSIDE
        if self.files is None:
            self.files = {_path(file): file for file in self.element.iter("file")}
        file = self.files.get(name, self.files.get(unquote(name)))
        return Fault.IMAGE_NOT_FOUND if file is None else from_base64(file.text or "") or Fault.IMAGE_NOT_FOUND

    def _old_picture(self) -> None:
        """Moodle 1 had one picture beside the stem."""
        if data := _text_of(self.element.find("image_base64")).strip():
            self.rich.picture(f"data:image/any;base64,{data}", "", 0)

    def _code(self) -> None:
        given = one_line(_text_of(self.element.find("idnumber")))
        if given and not bad_code(given):
            self.raw.code = given
            return
        if given:
            self.raw.note(Fault.CODE_LEFT_OUT, Severity.INFO, code=given[:70])
        if not bad_code(self.name):
            self.raw.code, self.code_is_name = self.name, True

    def _topic(self, category: str) -> None:
        """The last category is the topic, the whole path says where the question came from. "//" is a slash in a name."""
        steps = [one_line(step.replace("//", "/")) for step in re.split(r"(?<!/)/(?!/)", category)]
        steps = [step for step in steps if step and not _NO_TOPIC.fullmatch(step)]
        if steps:
            self.raw.topic = steps[-1]
        if len(steps) > 1:
            self.raw.source = f"Moodle: {' / '.join(steps)}"

    def _common_notes(self) -> Iterator[etree._Element]:
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint"):
            yield from self.element.iterfind(name)

    def _speaks(self, element: etree._Element) -> bool:
        said = words_of(without_tags(_text_of(element)))
        return bool(said) and said not in _STOCK_NOTES


def _choice(question: _Question) -> None:
    if question.own.marks_whole:
        _choice_of_set(question)
        return
    points = question.weighted_options()
    if question.flag("single") is False:
        weights.multiple(question.raw, points, _FULL)
    else:
        weights.single(question.raw, points, _FULL)


def _choice_of_set(question: _Question) -> None:
    """The plugin "multichoiceset": several right options, all or nothing."""
    points = question.weighted_options()
    question.raw.kind = ItemKind.MULTIPLE
    weights.set_key(question.raw, [n for n, p in enumerate(points, 1) if p > 0])


def _true_false(question: _Question) -> None:
    raw, right = question.raw, []
    raw.kind = ItemKind.TRUE_FALSE
    for answer in question.element.iterfind("answer"):
        text = _text_of(answer)
        truth = _TRUTH.get(words_of(text))
        question.note_on({1: "Đúng", 2: "Sai"}.get(truth or 0, one_line(text)), answer)
        if weights.number(answer.get("fraction")) > 0:
            right.append(truth)
    if len(right) == 1 and right[0]:
        weights.set_key(raw, [right[0]])
    elif right:
        weights.doubt(raw, _("tệp không nói rõ đúng hay sai"))


def _short_answer(question: _Question) -> None:
    raw = question.raw
    raw.kind = ItemKind.SHORT_TEXT
    for text, _answer in question.accepted():
        if re.search(r"(?<!\\)\*", text):
            raw.note(Fault.WILDCARD, Severity.WARNING, answer=text[:60])
        else:
            raw.accepted.append(text.replace("\\*", "*"))
    if question.flag("usecase"):
        raw.note(Fault.CASE_IGNORED, Severity.WARNING)


def _numerical(question: _Question) -> None:
    raw = question.raw
    raw.kind = ItemKind.NUMBER
    for text, answer in question.accepted():
        value = text.replace(",", ".")
        tolerance = one_line(_text_of(answer.find("tolerance"))).replace(",", ".")
        raw.accepted.append(f"{value}±{tolerance}" if weights.number(tolerance) else value)
    units = [one_line(_text_of(unit.find("unit_name"))) for unit in question.element.iterfind("units/unit")]
    if units:
        raw.note(Fault.UNITS_LEFT_OUT, Severity.WARNING, units=", ".join(units)[:100])


def _matching(question: _Question) -> None:
    """Right sides that are the same text are one; a pair without a left side only adds a right side."""
    raw, places = question.raw, {}
    raw.kind, raw.partial = ItemKind.MATCHING, True
    for pair in question.element.iterfind("subquestion"):
        left = question.said(pair, len(raw.options) + 1)
        right = one_line(_text_of(pair.find("answer")))
        if right and right not in places:
            raw.matches.append(right)
            places[right] = len(raw.matches)
        if left or any(picture.place > len(raw.options) for picture in raw.pictures):
            raw.options.append(left)
            raw.key.append(places.get(right, 0))


def _ordering(question: _Question) -> None:
    """The fraction of each answer is its place."""
    raw = question.raw
    raw.kind = ItemKind.ORDERING
    answers = question.element.findall("answer")
    places = [weights.number(answer.get("fraction")) for answer in answers]
    if len(set(places)) == len(places):
        answers = [answer for _place, answer in sorted(zip(places, answers, strict=True), key=lambda pair: pair[0])]
    elif len(set(places)) > 1:
        raw.note(Fault.KEY_UNCERTAIN, why=_("hai mục có cùng số thứ tự"))
    raw.options = [question.said(answer, n) for n, answer in enumerate(answers, 1)]
    for n, answer in enumerate(answers, 1):
        question.note_on(str(n), answer)
    raw.partial = _text_of(question.element.find("gradingtype")).strip() not in ("ALL_OR_NOTHING", "-1")
    if _text_of(question.element.find("selecttype")).strip().upper() in ("RANDOM", "CONTIGUOUS", "1", "2"):
        raw.note(Fault.SUBSET_ASKED, Severity.WARNING)


def _essay(question: _Question) -> None:
    raw = question.raw
    raw.kind = ItemKind.ESSAY
    question.notes.append(question.paragraphs(question.element.find("graderinfo")))
    limit = _text_of(question.element.find("maxwordlimit")).strip()
    if re.fullmatch(r"\d{1,6}", limit) and int(limit):
        raw.words = int(limit)


_READERS: dict[str, Callable[[_Question], None]] = {
    "multichoice": _choice,
    "multichoiceset": _choice_of_set,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "match": _matching,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
