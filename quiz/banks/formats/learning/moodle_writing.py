"""Writes Moodle XML that a Moodle reads, and that our own reader reads back whole: see moodle_xml."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from quiz.banks.formats.learning import own_fields
from quiz.banks.formats.safe.markup import in_xml
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.banks.models import ItemKind

_TYPES = {
    ItemKind.SINGLE: "multichoice",
    ItemKind.MULTIPLE: "multichoice",
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.SHORT_TEXT: "shortanswer",
    ItemKind.NUMBER: "numerical",
    ItemKind.MATCHING: "matching",
    ItemKind.ORDERING: "ordering",
    ItemKind.ESSAY: "essay",
}
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """Write items below one category for each topic."""
    written = Written()
    root = etree.Element("quiz")
    topic = None
    for item in items:
        if item.wording.topic != topic:
            topic = item.wording.topic
            _category(root, bank, topic)
        _ItemWriter(root, item, written).write()
    written.content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _category(root: etree._Element, bank: OutBank, topic: str) -> None:
    question = etree.SubElement(root, "question", type="category")
    path = [bank.title, *([bank.topic_title(topic)] if topic else [])]
    steps = "/".join(step.replace("/", "//") for step in path)
    _text(etree.SubElement(question, "category"), f"$course$/top/{steps}")


def _text(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, "text").text = in_xml(text)


class _ItemWriter:
    def __init__(self, root: etree._Element, item: OutItem, written: Written) -> None:
        self.item, self.wording, self.written = item, item.wording, written
        self.question = etree.SubElement(root, "question", type=_TYPES[ItemKind(item.wording.kind)])
        self.tags = own_fields.labels(item)

    def write(self) -> None:
        w = self.wording
        _text(self.add("name"), self.item.code)
        self.rich("questiontext", w.stem, 0)
        general = self.add("generalfeedback", format="html")
        grader = w.kind == ItemKind.ESSAY
        _text(general, "" if grader else _paragraphs(w.explanation))
        self.plain("defaultgrade", "1")
        self.plain("penalty", "0")
        self.plain("hidden", "0")
        self.plain("idnumber", self.item.code)
        _WRITERS[ItemKind(w.kind)](self)
        self._tags()
        self._losses()

    def add(self, name: str, **attributes: str) -> etree._Element:
        return etree.SubElement(self.question, name, attributes)

    def plain(self, name: str, text: str) -> None:
        self.add(name).text = in_xml(text)

    def lose(self, lost: Lost) -> None:
        self.written.losses.append((self.item.code, lost))

    def rich(self, name: str, text: str, place: int, **attributes: str) -> etree._Element:
        """An element of HTML with the picture of its place."""
        element = self.add(name, format="html", **attributes)
        image = self.wording.image_at(place)
        picture = self.item.pictures.get(image.digest) if image else None
        markup = f"<p>{html.escape(text, quote=False)}</p>"
        if image and picture:
            file = f"{image.digest[:24]}.{_EXTENSIONS.get(picture.media_type, 'png')}"
            markup += f'<p><img src="@@PLUGINFILE@@/{file}" alt="{html.escape(image.alt)}"></p>'
            _text(element, markup)
            holder = etree.SubElement(element, "file", name=file, path="/", encoding="base64")
            holder.text = base64.b64encode(picture.content).decode()
        else:
            _text(element, markup)
        return element

    def answer(self, text: str, fraction: str) -> etree._Element:
        """A plain answer, as those that are typed or chosen as true and false."""
        answer = self.add("answer", fraction=fraction, format="plain_text")
        _text(answer, text)
        return answer

    def write_choice(self) -> None:
        w = self.wording
        several = w.kind == ItemKind.MULTIPLE
        self.plain("single", "false" if several else "true")
        self.plain("shuffleanswers", "false" if w.pinned else "true")
        self.plain("answernumbering", "ABCD")
        right = _percent(len(w.key)) if several else "100"
        # a wrong option costs what a right one earns, as we mark; where every option counts, one wrong spoils all
        wrong = "0" if not several else f"-{right}" if w.partial else "-100"
        for number, option in enumerate(w.options, 1):
            self.rich("answer", option, number, fraction=right if number in w.key else wrong)
        if w.pinned:
            self.tags.append(own_fields.pinned_label(self.item))
        if several and not w.partial:
            self.mark_whole()

    def mark_whole(self) -> None:
        self.tags.append(own_fields.marking_label(partial=False))
        self.lose(Lost.PARTIAL)

    def write_true_false(self) -> None:
        for number, text in ((1, "true"), (2, "false")):
            self.answer(text, "100" if number in self.wording.key else "0")

    def write_short_text(self) -> None:
        self.plain("usecase", "0")
        for text in self.wording.accepted:
            self.answer(text.replace("*", "\\*"), "100")

    def write_number(self) -> None:
        for text in self.wording.accepted:
            value, _sign, tolerance = text.partition("±")
            answer = self.answer(value, "100")
            etree.SubElement(answer, "tolerance").text = in_xml(tolerance) or "0"

    def write_matching(self) -> None:
        w = self.wording
        self.plain("shuffleanswers", "true")
        used = dict(zip(range(1, len(w.options) + 1), w.key, strict=False))
        for number, left in enumerate(w.options, 1):
            pair = self.rich("subquestion", left, number)
            self._right(pair, w.matches[used[number] - 1])
        for number, right in enumerate(w.matches, 1):
            if number not in w.key:
                pair = self.add("subquestion", format="html")
                _text(pair, "")
                self._right(pair, right)
        self.tags.append(own_fields.pairs_label(self.item))
        if not w.partial:
            self.mark_whole()

    def _right(self, pair: etree._Element, text: str) -> None:
        _text(etree.SubElement(pair, "answer"), text)

    def write_ordering(self) -> None:
        w = self.wording
        self.plain("layouttype", "VERTICAL")
        self.plain("selecttype", "ALL")
        self.plain("selectcount", "0")
        self.plain("gradingtype", "ABSOLUTE_POSITION" if w.partial else "ALL_OR_NOTHING")
        for number, option in enumerate(w.options, 1):
            self.rich("answer", option, number, fraction=f"{number}.0000000")

    def write_essay(self) -> None:
        w = self.wording
        self.plain("responseformat", "editor")
        self.plain("responserequired", "1")
        self.plain("responsefieldlines", "15")
        if w.words:
            self.plain("maxwordlimit", str(w.words))
        self.plain("attachments", "0")
        _text(self.add("graderinfo", format="html"), _paragraphs(w.explanation))

    def _tags(self) -> None:
        tags = self.add("tags")
        for label in self.tags:
            _text(etree.SubElement(tags, "tag"), label)

    def _losses(self) -> None:
        w = self.wording
        shown = {0} if w.kind == ItemKind.TRUE_FALSE else set(range(len(w.options) + 1))
        if any(image.place not in shown or image.digest not in self.item.pictures for image in w.images):
            self.lose(Lost.IMAGES)
        if not self.item.document and (w.article or w.clause or w.point):
            self.lose(Lost.CITATION)


def _percent(parts: int) -> str:
    """100 % in equal parts, as Moodle's list of grades has them: 33.33333."""
    return f"{(Decimal(100) / max(parts, 1)).quantize(Decimal('0.00001')).normalize():f}"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(block, quote=False)}</p>" for block in text.split("\n\n") if block)


_WRITERS = {
    ItemKind.SINGLE: _ItemWriter.write_choice,
    ItemKind.MULTIPLE: _ItemWriter.write_choice,
    ItemKind.TRUE_FALSE: _ItemWriter.write_true_false,
    ItemKind.SHORT_TEXT: _ItemWriter.write_short_text,
    ItemKind.NUMBER: _ItemWriter.write_number,
    ItemKind.MATCHING: _ItemWriter.write_matching,
    ItemKind.ORDERING: _ItemWriter.write_ordering,
    ItemKind.ESSAY: _ItemWriter.write_essay,
}
