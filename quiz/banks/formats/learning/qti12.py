"""QTI 1.2 (questestinterop) as Canvas and text2qti write it, and what other systems write in the same way.

Points are conditions here (<respcondition>), not lists of right answers: a key is read only from those that leave no doubt.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.learning import own_fields, weights
from quiz.banks.formats.learning.qti_names import inner_html, is_made_up, text_of
from quiz.banks.formats.learning.rich_text import FindPicture, RichText, is_overgrown, next_number
from quiz.banks.formats.reading import RawItem, Reading
from quiz.banks.models import ItemKind
from quiz.banks.wording import bad_code, letter, one_line

_RESPONSES = {"response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension"}
_BOUNDS = {"vargte": "low", "vargt": "low", "varlte": "high", "varlt": "high"}


def read(root: etree._Element, reading: Reading, find: FindPicture) -> None:
    """Add the items of a file whose names are normalised."""
    for section in root.iter("section"):
        if section.find("selection_ordering//sourcebank_ref") is not None:
            kind = _("câu rút từ ngân hàng không nằm trong gói")
            reading.skip(one_line(section.get("title") or "?")[:80], Fault.KIND_NOT_HELD, kind=kind)
    for element in root.iter("item"):
        number = next_number(reading)
        if is_overgrown(element):
            reading.skip(_("câu thứ %(number)s", number=number), Fault.KIND_NOT_HELD, kind=_("câu có quá nhiều phần"))
            continue
        item = _Item(element, number, find)
        if kind := item.foreign_kind():
            reading.skip(item.raw.place, Fault.KIND_NOT_HELD, kind=kind[:80])
        else:
            item.read()
            reading.items.append(item.raw)


@dataclass(slots=True)
class _Award:
    """A condition and the points it brings.  equals: (response, value); bounds: "low" and "high" of a number."""

    points: float = 0.0
    equals: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    bounds: dict[str, str] = field(default_factory=dict)
    alternatives: bool = False
    others: list[str] = field(default_factory=list)
    minds_case: bool = False
    feedback: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, condition: etree._Element) -> _Award:
        award = cls()
        for setting in condition.iterfind("setvar"):
            value = weights.number(setting.text)
            award.points += -value if (setting.get("action") or "").lower() == "subtract" else value
        award.feedback = [shown.get("linkrefid") or "" for shown in condition.iterfind("displayfeedback")]
        for part in condition.iterfind("conditionvar"):
            award._take(part, negated=False)
        return award

    def _take(self, node: etree._Element, *, negated: bool) -> None:
        for child in node.iterchildren():
            name, value = str(child.tag), one_line(child.text or "")
            if name == "varequal":
                if negated:
                    self.refused.append(value)
                else:
                    self.equals.append((child.get("respident") or "", value))
                    self.minds_case |= (child.get("case") or "").lower() == "yes"
            elif name in ("not", "and", "or"):
                self.alternatives |= name == "or"
                self._take(child, negated=negated != (name == "not"))
            elif name in _BOUNDS and not negated:
                self.bounds[_BOUNDS[name]] = value
            else:
                self.others.append(name)

    @property
    def values(self) -> list[str]:
        return [value for _response, value in self.equals]

    @property
    def is_plain(self) -> bool:
        """Does it only say which answers are given and which are not?"""
        return not self.others and not self.bounds


class _Item:
    def __init__(self, element: etree._Element, number: int, find: FindPicture) -> None:
        self.element = element
        title = one_line(element.get("title") or "")
        place = _("câu thứ %(number)s", number=number) + (f" (“{title[:60]}”)" if title else "")
        self.raw = RawItem(number=number, place=place)
        self.rich = RichText(self.raw, find)
        self.fields = dict(_metadata(element))
        presentation = element.find("presentation")
        self.presentation = presentation if presentation is not None else etree.Element("presentation")
        self.responses = list(self.presentation.iter(*_RESPONSES))
        self.awards = [_Award.of(condition) for condition in element.iterfind("resprocessing/respcondition")]
        self.type = self.fields.get("question_type", "").lower()

    def foreign_kind(self) -> str:
        """The kind of an item that has no counterpart here, or nothing."""
        known = {
            "text_only_question": _("lời dẫn, không phải câu hỏi (text only)"),
            "file_upload_question": _("nộp tệp (file upload)"),
            "fill_in_multiple_blanks_question": _("nhiều ô trống (fill in multiple blanks)"),
            "multiple_dropdowns_question": _("nhiều ô chọn (multiple dropdowns)"),
            "calculated_question": _("tính toán với số thay đổi (formula)"),
            "categorization_question": _("xếp nhóm (categorization)"),
            "hot_spot_question": _("chỉ vào hình (hot spot)"),
        }
        names = {str(response.tag) for response in self.responses}
        if self.type in known:
            return known[self.type]
        if not self.responses:
            return known["text_only_question"]
        if names - {"response_lid", "response_str", "response_num"}:
            return _("cách trả lời %(name)s", name=", ".join(sorted(names)))
        if len(self.responses) > 1 and not self._is_matching():
            return _("nhiều ô trả lời trong một câu")
        return ""

    def _is_matching(self) -> bool:
        """Several choices among the same options: each is a left side."""
        offered = [tuple(text_of(label) for label in r.iter("response_label")) for r in self.responses]
        return all(r.tag == "response_lid" for r in self.responses) and all(
            set(labels) == set(offered[0]) for labels in offered
        )

    def read(self) -> None:
        self.raw.stem = self.rich.line(self._html(self.presentation, stem=True), 0)
        response = self.responses[0]
        if len(self.responses) > 1 or self.type == "matching_question":
            self._read_matching()
        elif response.tag == "response_lid":
            self._read_choice(response)
        else:
            self._read_typed(response)
        self._read_notes()
        self._read_own()

    def _html(self, holder: etree._Element, *, stem: bool = False) -> str:
        """The material of an element as HTML.  stem: without that of its responses."""
        parts = []
        for child in holder.iterchildren():
            if child.tag in _RESPONSES and stem:
                continue
            if child.tag in ("mattext", "matemtext"):
                plain = (child.get("texttype") or "text/plain").lower() == "text/plain"
                parts.append(inner_html(child) if plain or len(child) else child.text or "")
            elif child.tag == "matimage":
                parts.append(_image(child))
            else:
                parts.append(self._html(child, stem=stem))
        return "<br>".join(filter(None, parts))

    def _labels(self, response: etree._Element) -> list[str]:
        """Read the options of a response; their identifiers."""
        labels = list(response.iter("response_label"))
        self.raw.options = [self.rich.line(self._html(label), n) for n, label in enumerate(labels, 1)]
        return [label.get("ident") or "" for label in labels]

    def _positive(self) -> list[_Award]:
        return [award for award in self.awards if award.points > 0]

    def _read_choice(self, response: etree._Element) -> None:
        names = self._labels(response)
        cardinality = (response.get("rcardinality") or "Single").lower()
        if cardinality == "ordered":
            self._read_ordering(names)
            return
        self.raw.kind = ItemKind.MULTIPLE if cardinality == "multiple" else ItemKind.SINGLE
        why = self._why_doubtful(names)
        if why:
            weights.doubt(self.raw, why)
        elif cardinality != "multiple":
            weights.single(self.raw, self._points(names))
            weights.as_true_false(self.raw)
        elif len(whole := self._positive()) == 1 and not whole[0].alternatives:
            weights.set_key(self.raw, [names.index(value) + 1 for value in whole[0].values])
        else:
            weights.multiple(self.raw, self._points(names))

    def _why_doubtful(self, names: list[str]) -> str:
        """What in the points cannot be put as right options, or nothing."""
        several = self.raw.kind == ItemKind.MULTIPLE
        for award in self._positive():
            if not award.is_plain or not award.equals:
                what = ", ".join(dict.fromkeys([*award.others, *award.bounds])) or "other"
                return _("tệp chấm bằng điều kiện không quy được về đáp án (%(what)s)", what=what[:60])
            if not set(award.values) <= set(names):
                return _("đáp án của tệp nhắc đến phương án không có")
            if set(award.values) & set(award.refused):
                return _("tệp vừa coi một phương án là đúng vừa coi là sai")
            mixed = len(award.values) > 1 and (award.alternatives if several else not award.alternatives)
            if mixed or (several and len(award.values) > 1 and len(self._positive()) > 1):
                return _("tệp cho điểm theo nhiều cách chọn khác nhau")
        return ""

    def _points(self, names: list[str]) -> list[float]:
        points = dict.fromkeys(names, 0.0)
        for award in self.awards:
            if award.is_plain and award.points and not set(award.values) - points.keys():
                for value in award.values:
                    points[value] += award.points
        return [points[name] for name in names]

    def _read_ordering(self, names: list[str]) -> None:
        raw, positive = self.raw, self._positive()
        raw.kind = ItemKind.ORDERING
        if len(positive) == 1 and sorted(positive[0].values) == sorted(names) and len(set(names)) == len(names):
            order = [names.index(value) for value in positive[0].values]
            raw.options = [raw.options[n] for n in order]
            for picture in raw.pictures:
                picture.place = order.index(picture.place - 1) + 1 if picture.place else 0
        else:
            weights.doubt(raw, _("tệp không cho một thứ tự đúng duy nhất"))

    def _read_matching(self) -> None:
        raw = self.raw
        raw.kind, raw.options = ItemKind.MATCHING, []
        numbers: dict[str, int] = {}  # identifier of a right side → its number; systems may name one twice
        wanted = {response: value for award in self._positive() for response, value in award.equals}
        for number, response in enumerate(self.responses, 1):
            for label in response.iter("response_label"):
                right = self.rich.line(self._html(label), None)
                if right not in raw.matches:
                    raw.matches.append(right)
                numbers[label.get("ident") or ""] = raw.matches.index(right) + 1
            raw.options.append(self.rich.line(self._left(response), number))
            raw.key.append(numbers.get(wanted.get(response.get("ident") or "", ""), 0))
        raw.partial = len(self._positive()) > 1
        if any(not award.is_plain or award.alternatives for award in self._positive()):
            weights.doubt(raw, _("tệp chấm ghép đôi theo nhiều cách khác nhau"))

    def _left(self, response: etree._Element) -> str:
        return "<br>".join(self._html(child) for child in response.iterchildren("material", "flow_mat", "flow"))

    def _read_typed(self, response: etree._Element) -> None:
        raw = self.raw
        box = response.find(".//render_fib")
        kind = (box.get("fibtype") or "").lower() if box is not None else ""
        if self.type == "numerical_question" or response.tag == "response_num" or kind in ("decimal", "integer"):
            self._read_number()
        elif self.type == "essay_question" or not self._positive():
            raw.kind = ItemKind.SHORT_TEXT if self.type == "short_answer_question" else ItemKind.ESSAY
        else:
            self._read_short_text()

    def _read_short_text(self) -> None:
        raw = self.raw
        raw.kind = ItemKind.SHORT_TEXT
        most = max(award.points for award in self._positive())
        for award in self._positive():
            if award.others or award.bounds or award.refused:
                what = ", ".join([*award.others, *award.bounds, *(["not"] if award.refused else [])])
                raw.note(
                    Fault.KEY_UNCERTAIN, why=_("tệp chấm câu trả lời bằng điều kiện riêng (%(what)s)", what=what[:60])
                )
            elif award.points < most:
                raw.note(Fault.HALF_RIGHT, Severity.WARNING, answer=", ".join(award.values)[:60])
            else:
                raw.accepted += [value for value in award.values if value not in raw.accepted]
            if award.minds_case:
                self.rich.note_once(Fault.CASE_IGNORED)

    def _read_number(self) -> None:
        raw = self.raw
        raw.kind = ItemKind.NUMBER
        for award in self._positive():
            low, high = (weights.decimal(award.bounds.get(side)) for side in ("low", "high"))
            if low is not None and high is not None and low <= high:
                raw.accepted.append(weights.accepted_between(low, high))
            elif award.values and not award.bounds and not award.others:
                raw.accepted += award.values
            else:
                raw.note(Fault.KEY_UNCERTAIN, why=_("tệp chấm con số bằng điều kiện riêng"))

    def _read_notes(self) -> None:
        """Feedback: on the item and on the right answer explain, on single answers is added, on wrong ones has no place."""
        shown = {name: award for award in self.awards for name in award.feedback}
        named = [label.get("ident") or "" for label in self.responses[0].iter("response_label")]
        general, on_answers = [], []
        for note in self.element.iter("itemfeedback"):
            award = shown.get(note.get("ident") or "", _Award())
            text = self.rich.paragraphs(self._html(note))
            if not text:
                continue
            if len(award.values) == 1 and not award.points and not award.others:
                value = award.values[0]
                what = letter(named.index(value) + 1) if value in named else f"“{value}”"
                on_answers.append(f"{what}: {text}")
                self.rich.note_once(Fault.NOTES_MERGED, Severity.INFO)
            elif "incorrect" in (note.get("ident") or "").lower():
                self.rich.note_once(Fault.NOTES_LEFT_OUT, Severity.INFO)
            else:
                general.append(text)
        self.raw.explanation = "\n\n".join([*general, *on_answers])

    def _read_own(self) -> None:
        raw, identifier = self.raw, one_line(self.element.get("ident") or "")
        if not bad_code(identifier) and not is_made_up(identifier):
            raw.code = identifier
        own_fields.read(f"{name}:{value}" for name, value in self.fields.items()).fill(raw)


def _metadata(element: etree._Element) -> Iterator[tuple[str, str]]:
    for entry in element.iterfind("itemmetadata//qtimetadatafield"):
        yield one_line(entry.findtext("fieldlabel") or ""), one_line(entry.findtext("fieldentry") or "")


def _image(element: etree._Element) -> str:
    source, alt = element.get("uri") or "", element.get("label") or ""
    if (element.get("embedded") or "").lower() == "base64":
        source = f"data:{element.get('imagtype') or 'image/any'};base64,{''.join((element.text or '').split())}"
    return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">'
