"""QTI 2.1, 2.2 and 3.0: one <assessmentItem>, its names normalised (qti_names), with one interaction of a usual kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from lxml import etree

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.learning import own_fields, weights
from quiz.banks.formats.learning.qti_names import inner_html, is_made_up, text_of
from quiz.banks.formats.learning.qti_scoring import Declaration, Processing, Scoring
from quiz.banks.formats.learning.rich_text import FindPicture, RichText, is_overgrown, next_number
from quiz.banks.formats.reading import RawItem, Reading
from quiz.banks.models import ItemKind
from quiz.banks.wording import bad_code, one_line

_INLINE = {"textEntryInteraction", "inlineChoiceInteraction"}
_GAP = "_____"
_NUMBERS = {"integer", "float"}


@dataclass(frozen=True, slots=True)
class Part:
    """An item file.  name: in its package, or "".  code, keywords: what the manifest says of it."""

    name: str = ""
    code: str = ""
    keywords: Sequence[str] = ()


def read(root: etree._Element, part: Part, reading: Reading, find: FindPicture) -> None:
    """Add the item of a file whose names are normalised."""
    number = next_number(reading)
    item = _Item(root, number, part, find)
    if kind := item.foreign_kind():
        reading.skip(item.raw.place, Fault.KIND_NOT_HELD, kind=kind[:80])
    else:
        item.read()
        reading.items.append(item.raw)


def _foreign_kinds() -> dict[str, str]:
    return {
        "gapMatchInteraction": _("kéo chữ vào đoạn văn (gap match)"),
        "hottextInteraction": _("chọn chữ trong đoạn văn (hottext)"),
        "hotspotInteraction": _("chỉ vào hình (hotspot)"),
        "selectPointInteraction": _("chỉ vào hình (select point)"),
        "graphicOrderInteraction": _("sắp xếp trên hình (graphic order)"),
        "graphicAssociateInteraction": _("ghép đôi trên hình (graphic associate)"),
        "graphicGapMatchInteraction": _("kéo thả lên hình (graphic gap match)"),
        "positionObjectInteraction": _("đặt vật lên hình (position object)"),
        "sliderInteraction": _("thanh trượt (slider)"),
        "drawingInteraction": _("vẽ (drawing)"),
        "uploadInteraction": _("nộp tệp (upload)"),
        "mediaInteraction": _("âm thanh, phim (media)"),
        "customInteraction": _("cách trả lời riêng của hệ thống khác (custom)"),
        "portableCustomInteraction": _("cách trả lời riêng của hệ thống khác (custom)"),
    }


class _Item:
    def __init__(self, root: etree._Element, number: int, part: Part, find: FindPicture) -> None:
        self.root, self.part = root, part
        title = part.name or one_line(root.get("title") or "")
        place = _("câu thứ %(number)s", number=number) + (f" (“{title[:80]}”)" if title else "")
        self.raw = RawItem(number=number, place=place)
        self.rich = RichText(self.raw, find)
        body = root.find("itemBody")
        self.body = body if body is not None else etree.Element("itemBody")
        self.interactions = [
            element
            for element in self.body.iterdescendants()
            if str(element.tag).endswith("Interaction") and element.tag != "endAttemptInteraction"
        ]
        self.notes: list[str] = []

    def foreign_kind(self) -> str:
        """The kind of an item that has no counterpart here, or nothing."""
        if is_overgrown(self.root):
            return _("câu có quá nhiều phần")
        if not self.interactions:
            return _("lời dẫn, không phải câu hỏi")
        if len(self.interactions) > 1:
            return _("nhiều ô trả lời trong một câu")
        if self.root.get("adaptive") == "true" or self.root.find("templateDeclaration") is not None:
            return _("câu thay đổi theo từng lượt làm (adaptive, template)")
        name = str(self.interactions[0].tag)
        if name not in _READERS:
            return _foreign_kinds().get(name, name)
        if name in ("matchInteraction", "associateInteraction") and not self._is_one_to_one():
            return _("ghép nhiều vế với nhiều vế")
        return ""

    def _is_one_to_one(self) -> bool:
        """Has each left side at most one right side?"""
        declaration = Declaration.of(self.root, self.interactions[0].get("responseIdentifier") or "")
        ends = [pair.split() for pair in declaration.correct or declaration.points]
        if self.interactions[0].tag == "associateInteraction":
            used = [end for pair in ends for end in pair]
            return all(len(pair) == 2 for pair in ends) and len(set(used)) == len(used)
        if not declaration.correct:
            ends = [pair.split() for pair, points in declaration.points.items() if points > 0]
        return all(len(pair) == 2 for pair in ends) and len({pair[0] for pair in ends}) == len(ends)

    def read(self) -> None:
        [interaction] = self.interactions
        self.interaction = interaction
        self.identifier = interaction.get("responseIdentifier") or ""
        self.declaration = Declaration.of(self.root, self.identifier)
        self.processing = Processing.of(self.root, self.identifier, self.declaration)
        self._read_rubrics()
        _READERS[str(interaction.tag)](self)
        self._read_stem()
        self._read_feedback()
        self._read_own()

    def choices(self, name: str) -> list[etree._Element]:
        """Read the choices of the interaction as options, their feedback as notes."""
        found = list(self.interaction.iter(name))
        self.raw.options = [self.option(choice, n) for n, choice in enumerate(found, 1)]
        return found

    def option(self, choice: etree._Element, place: int | None) -> str:
        for feedback in list(choice.iter("feedbackInline", "feedbackBlock")):
            if text := self.rich.line(inner_html(feedback), None):
                self.notes.append(f"{weights.letters([place]) if place else ''}: {text}")
                self.rich.note_once(Fault.NOTES_MERGED, Severity.INFO)
            _remove(feedback)
        return self.rich.line(inner_html(choice), place)

    def doubt_rules(self) -> bool:
        """Leave the key open if the item is scored by rules of its own; the declared key is shown for the decision."""
        if self.processing.scoring is not Scoring.OWN_RULES:
            return False
        what = self.processing.what or "responseProcessing"
        weights.doubt(self.raw, _("tệp chấm câu này bằng quy tắc riêng (%(what)s)", what=what))
        return True

    def disagree(self, declared: str, scored: str) -> None:
        self.raw.key = []
        a, b = _("phần đáp án ghi %(key)s", key=declared), _("phần chấm điểm cho điểm %(key)s", key=scored)
        self.raw.note(Fault.KEYS_DISAGREE, a=a, b=b)

    def _read_rubrics(self) -> None:
        """Guidance for those who mark is an explanation; what candidates see stays in the stem."""
        for rubric in list(self.body.iter("rubricBlock")):
            seen_by = (rubric.get("view") or "candidate").split()
            if "candidate" not in seen_by:
                self.notes.insert(0, self.rich.paragraphs(inner_html(rubric)))
                _remove(rubric)

    def _read_stem(self) -> None:
        """Everything beside the interaction and its prompt; an answer to be typed within a sentence leaves a gap."""
        interaction = self.interaction
        prompt = interaction.find("prompt")
        asked = inner_html(prompt) if prompt is not None else ""
        parent = interaction.getparent()
        assert parent is not None
        within_sentence = interaction.tag in _INLINE and text_of(parent) != text_of(interaction)
        _remove(interaction, f" {_GAP} " if within_sentence else "")
        self.raw.stem = self.rich.line(f"{inner_html(self.body)}<p>{asked}</p>", 0)

    def _read_feedback(self) -> None:
        named = [choice.get("identifier") for choice in self.interaction.iter("simpleChoice")]
        general, on_answers = [], []
        for feedback in self.root.iterchildren("modalFeedback"):
            text = self.rich.paragraphs(inner_html(feedback))
            identifier = feedback.get("identifier")
            if text and identifier in named and self.raw.kind != ItemKind.ORDERING:
                on_answers.append(f"{weights.letters([named.index(identifier) + 1])}: {text}")
                self.rich.note_once(Fault.NOTES_MERGED, Severity.INFO)
            elif text and "incorrect" in (identifier or "").lower():
                self.rich.note_once(Fault.NOTES_LEFT_OUT, Severity.INFO)
            elif text:
                general.append(text)
        self.raw.explanation = "\n\n".join(filter(None, [*general, *self.notes, *on_answers]))

    def _read_own(self) -> None:
        raw = self.raw
        identifier = one_line(self.root.get("identifier") or "")
        codes = [self.part.code, identifier]
        raw.code = next((code for code in codes if not bad_code(code) and not is_made_up(code)), "")
        own = own_fields.read(self.part.keywords)
        own.fill(raw)
        if own.others:
            raw.note(Fault.LABELS_LEFT_OUT, Severity.INFO, labels="; ".join(own.others)[:200])


def _remove(element: etree._Element, left: str = "") -> None:
    """Take an element out of its parent but keep the text behind it, after `left`."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    text = left + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    element.tail = None
    parent.remove(element)


def _choice(item: _Item) -> None:
    raw, declaration = item.raw, item.declaration
    choices = item.choices("inlineChoice" if item.interaction.tag == "inlineChoiceInteraction" else "simpleChoice")
    names = [choice.get("identifier") or "" for choice in choices]
    raw.kind = _kind_of_choice(item)
    _choice_key(item, names)
    weights.as_true_false(raw)
    if raw.kind == ItemKind.TRUE_FALSE:
        return
    raw.pinned = [n for n, choice in enumerate(choices, 1) if choice.get("fixed") == "true"]
    if item.interaction.get("shuffle") == "false":
        raw.note(Fault.SHUFFLED_HERE, Severity.INFO)
    if raw.kind == ItemKind.SINGLE and declaration.cardinality == "multiple" and len(raw.key) > 1:
        raw.kind = ItemKind.MULTIPLE


def _kind_of_choice(item: _Item) -> str:
    """The response declares one or several; maxChoices, where 0 is any number, only where it does not."""
    most = item.interaction.get("maxChoices") or ("1" if item.interaction.tag in _INLINE else "")
    several = item.declaration.cardinality == "multiple" if item.declaration.cardinality else most not in ("", "1")
    return ItemKind.MULTIPLE if several and most != "1" else ItemKind.SINGLE


def _choice_key(item: _Item, names: list[str]) -> None:
    raw, declaration = item.raw, item.declaration
    correct = [n for n, name in enumerate(names, 1) if name in declaration.correct]
    raw.key_text = weights.letters(correct)
    if set(declaration.correct) - set(names) or declaration.cardinality == "ordered":
        weights.doubt(raw, _("đáp án của tệp nhắc đến phương án không có"))
    elif item.doubt_rules():
        return
    elif item.processing.scoring is Scoring.MAP:
        _mapped_key(item, names, correct)
    elif item.processing.scoring is Scoring.COMPARE:
        accepted = [n for n, name in enumerate(names, 1) if name in item.processing.accepted]
        if correct and accepted != correct:
            item.disagree(weights.letters(correct), weights.letters(accepted))
        else:
            weights.set_key(raw, accepted)
    else:
        weights.set_key(raw, correct)


def _mapped_key(item: _Item, names: list[str], correct: list[int]) -> None:
    """Points for each option; they and what is called correct must say the same."""
    raw, declaration = item.raw, item.declaration
    points = [declaration.points.get(name, declaration.default) for name in names]
    if raw.kind == ItemKind.MULTIPLE:
        weights.multiple(raw, points, declaration.upper or None)
    else:
        weights.single(raw, points)
    if correct and raw.key and raw.key != correct:
        item.disagree(weights.letters(correct), weights.letters(raw.key))


def _ordering(item: _Item) -> None:
    raw = item.raw
    raw.kind = ItemKind.ORDERING
    choices = list(item.interaction.iter("simpleChoice"))
    names = [choice.get("identifier") or "" for choice in choices]
    wanted = item.declaration.correct
    in_order = sorted(wanted) == sorted(names) and len(set(names)) == len(names)
    if in_order:
        choices = [choices[names.index(name)] for name in wanted]
    raw.options = [item.option(choice, n) for n, choice in enumerate(choices, 1)]
    if item.doubt_rules():
        return
    if not in_order:
        weights.doubt(raw, _("tệp không cho một thứ tự đúng của tất cả các mục"))
    elif item.processing.scoring is Scoring.MAP:
        weights.doubt(raw, _("tệp cho điểm từng mục mà không theo thứ tự"))


def _matching(item: _Item) -> None:
    sets = item.interaction.findall("simpleMatchSet")
    if item.interaction.tag == "associateInteraction":
        lefts, rights = _halves(item)
    else:
        lefts, rights = (list(s.iter("simpleAssociableChoice")) for s in sets) if len(sets) == 2 else ([], [])
    raw, declaration = item.raw, item.declaration
    raw.kind = ItemKind.MATCHING
    raw.options = [item.option(left, n) for n, left in enumerate(lefts, 1)]
    raw.matches = [item.option(right, None) for right in rights]
    scored = {pair for pair, points in declaration.points.items() if points > 0}
    use_map = item.processing.scoring is Scoring.MAP
    pairs = dict(pair.split(maxsplit=1) for pair in (scored if use_map else declaration.correct) if " " in pair)
    if item.interaction.tag == "associateInteraction":
        pairs |= {b: a for a, b in pairs.items()}
    numbers = {right.get("identifier") or "": n for n, right in enumerate(rights, 1)}
    raw.key = [numbers.get(pairs.get(left.get("identifier") or "", ""), 0) for left in lefts]
    raw.partial = use_map
    if item.doubt_rules():
        return
    if use_map and declaration.correct and set(declaration.correct) != scored:
        item.disagree(", ".join(declaration.correct)[:80], ", ".join(sorted(scored))[:80])
    elif use_map and len({declaration.points[pair] for pair in scored}) > 1:
        raw.note(Fault.WEIGHTS_EVENED, Severity.WARNING)


def _halves(item: _Item) -> tuple[list[etree._Element], list[etree._Element]]:
    """An associateInteraction has one set: of each right pair the first is a left side, all the others right sides."""
    choices = list(item.interaction.iter("simpleAssociableChoice"))
    correct = item.declaration.correct or [p for p, points in item.declaration.points.items() if points > 0]
    first = [pair.split()[0] for pair in correct if pair.split()]
    lefts = [choice for name in first for choice in choices if choice.get("identifier") == name]
    return lefts, [choice for choice in choices if choice.get("identifier") not in first]


def _text_entry(item: _Item) -> None:
    raw, declaration, processing = item.raw, item.declaration, item.processing
    raw.kind = ItemKind.NUMBER if declaration.base_type in _NUMBERS else ItemKind.SHORT_TEXT
    raw.key_text = "; ".join(declaration.correct)[:200]
    if item.doubt_rules():
        return
    minds_case = processing.minds_case
    if processing.scoring is Scoring.COMPARE:
        raw.accepted = processing.accepted
    elif processing.scoring is Scoring.MAP:
        minds_case = declaration.minds_case
        most = max(declaration.points.values(), default=0.0)
        raw.accepted = [value for value, points in declaration.points.items() if points == most and points > 0]
        if some := [value for value, points in declaration.points.items() if 0 < points < most]:
            raw.note(Fault.HALF_RIGHT, Severity.WARNING, answer="; ".join(some)[:60])
    else:
        raw.accepted = list(dict.fromkeys(declaration.correct))
    if minds_case and raw.kind == ItemKind.SHORT_TEXT:
        raw.note(Fault.CASE_IGNORED, Severity.WARNING)


def _essay(item: _Item) -> None:
    """An answer that people mark; what the file calls correct is a model answer."""
    item.raw.kind = ItemKind.ESSAY
    if item.declaration.correct:
        item.notes.append(_("Gợi ý trả lời: %(text)s", text="; ".join(item.declaration.correct)))


_READERS: dict[str, Callable[[_Item], None]] = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _choice,
    "orderInteraction": _ordering,
    "matchInteraction": _matching,
    "associateInteraction": _matching,
    "textEntryInteraction": _text_entry,
    "extendedTextInteraction": _essay,
}
