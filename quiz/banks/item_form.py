"""The form an item is worded in, one for all kinds; the editor and the mending of an upload share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from quiz.banks import picture_store, pins
from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.forms import choices
from quiz.banks.models import Bank, ItemKind
from quiz.banks.wording import (
    LETTERS,
    LONGEST,
    MOST_THINGS,
    TRUE_FALSE,
    Image,
    Wording,
    flaws,
    letter,
    one_line,
    several_lines,
)
from quiz.banks.words import LEVELS
from quiz.errors import Refusal, sentence
from quiz.forms import DayField, Form, at_most
from quiz.law.models import LegalDocument
from quiz.pictures import Encoded, encode
from quiz.rules import written

# where a flaw of the wording is shown
_PLACE = {
    Fault.NO_STEM: "stem",
    Fault.TOO_FEW_OPTIONS: "option_1",
    Fault.TOO_FEW_THINGS: "option_1",
    Fault.TOO_FEW_PAIRS: "option_1",
    Fault.SAME_OPTION_TWICE: "option_1",
    Fault.LEFT_WITHOUT_MATCH: "option_1",
    Fault.OPTION_GAP: "option_1",
    Fault.NO_ACCEPTED: "accepted",
    Fault.SAME_ACCEPTED_TWICE: "accepted",
    Fault.NOT_A_NUMBER: "accepted",
    Fault.BAD_WORD_LIMIT: "words",
    Fault.NO_KEY: "key",
    Fault.TWO_KEYS: "key",
    Fault.KEY_NAMES_NO_OPTION: "key",
    Fault.UNKNOWN_TOPIC: "topic",
    Fault.UNKNOWN_LEVEL: "level",
    Fault.ENDS_BEFORE_START: "valid_until",
}
_SAME = (
    "stem", "explanation", "topic", "level", "article", "clause", "point", "valid_from", "valid_until", "exemplar", "source",
    "partial",
)  # fmt: skip


class ItemForm(Form):
    """The wording of an item; `wording` after validation. The kind is chosen by the address, before anything is typed.

    after: number of the version that the author sees as the latest; 0 for a new item · option_n: options, things in
    their right order, or left sides; match_n: the right side of the left side n, or one more right side ·
    accepted: one a line · image_n, kept_n, alt_n, drop_n: the picture of the stem (0) or the option n, uploaded now or before
    """

    after = HiddenField(default="0")
    stem = TextAreaField(_l("Câu dẫn"), [at_most(LONGEST["stem"])])
    key = SelectMultipleField(_l("Đáp án"), coerce=int, choices=choices(enumerate(LETTERS, 1)))
    pinned = SelectMultipleField(_l("Giữ nguyên chỗ"), coerce=int, choices=choices(enumerate(LETTERS, 1)))
    accepted = TextAreaField(_l("Câu trả lời được coi là đúng"), [at_most(4000)])
    partial = BooleanField(_l("Chấm từng phần: đúng phần nào được điểm phần đó"))
    words = StringField(_l("Số chữ tối đa"), [Optional(), at_most(6)])
    explanation = TextAreaField(_l("Giải thích cho người thi"), [at_most(LONGEST["explanation"])])
    topic = SelectField(_l("Chủ đề"), choices=[])
    level = SelectField(_l("Mức độ"), coerce=int, choices=choices(LEVELS.items()))
    document = SelectField(_l("Văn bản"), coerce=int, choices=[])
    article = StringField(_l("Điều"), [at_most(LONGEST["article"])])
    clause = StringField(_l("Khoản"), [at_most(LONGEST["clause"])])
    point = StringField(_l("Điểm"), [at_most(LONGEST["point"])])
    valid_from = DayField(_l("Đúng từ ngày"))
    valid_until = DayField(_l("Hết đúng từ ngày"))
    exemplar = TextAreaField(_l("Điển hình liên quan"), [at_most(LONGEST["exemplar"])])
    source = StringField(_l("Nguồn"), [at_most(LONGEST["source"])])

    kind: ItemKind
    topics: Sequence[Mapping[str, str]]
    wording: Wording
    pictures: list[Encoded]  # uploaded with the form, to be kept whether it is valid or not

    def prepare(self, bank: Bank, kind: str, documents: Sequence[LegalDocument]) -> ItemForm:
        self.kind, self.topics, self.pictures = ItemKind(kind), bank.topics, []
        topics = [(topic["code"], topic["title"]) for topic in bank.topics]
        if not self.topic.data or self.topic.data not in dict(topics):
            topics.insert(0, ("", _l("Chọn chủ đề")))
        self.topic.choices = choices(topics)
        for number, field in enumerate(self.options, 1):
            if self.kind == ItemKind.MATCHING:
                field.label.text = _l("Vế trái %(n)s", n=number)
            elif self.kind == ItemKind.ORDERING:
                field.label.text = _l("Mục %(n)s", n=number)
        self.document.choices = choices([(0, _l("Chưa có văn bản")), *((d.id, d.name) for d in documents)])
        return self

    @property
    def options(self) -> list[Any]:
        """The fields of the options, things or left sides, in order."""
        count = len(LETTERS) if self.kind.has_options else MOST_THINGS
        return [self[f"option_{number}"] for number in range(1, count + 1)]

    @property
    def matches(self) -> list[Any]:
        return [self[f"match_{number}"] for number in range(1, MOST_THINGS + 1)]

    @property
    def image_places(self) -> range:
        """Where pictures may stand: at the stem, and at each option that is chosen among."""
        return range(len(LETTERS) + 1 if self.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE) else 1)

    def validate(self, extra_validators: Any = None) -> bool:
        shape_is_right = super().validate(extra_validators)
        images, unread = self._images()
        self.wording, gap = self._read(images)
        found = [
            problem
            for problem in flaws(self.wording, [t["code"] for t in self.topics])
            if problem.severity == Severity.ERROR
        ]
        if gap:
            found = [gap] + [p for p in found if p.fault != Fault.SAME_OPTION_TWICE]
        for problem in found:
            self._show(problem, shape_is_right)
        if self.wording.document_id is None and (self.article.data or self.clause.data or self.point.data):
            self.document.errors = [*self.document.errors, sentence(Fault.PLACE_WITHOUT_DOCUMENT)]
            return False
        return shape_is_right and not found and not unread

    def _show(self, problem: Problem, shape_is_right: bool) -> None:
        if problem.fault == Fault.TOO_LONG and not shape_is_right:
            return  # said at its field already
        text = sentence(problem.fault, **problem.details)
        place = _PLACE.get(problem.fault)
        if problem.fault == Fault.UNKNOWN_TOPIC:
            text = str(_l("Hãy chọn chủ đề."))  # from the list beside it, whose titles people know
        if problem.fault == Fault.IMAGE_WITHOUT_TEXT:
            place = f"alt_{problem.details['place']}"
        if place is None:
            self.form_errors.append(text)
        elif not (problem.fault in (Fault.UNKNOWN_TOPIC, Fault.UNKNOWN_LEVEL) and self[place].errors):
            self[place].errors = [*self[place].errors, text]

    def _read(self, images: tuple[Image, ...]) -> tuple[Wording, Problem | None]:
        options, gap = self._options()
        key = tuple(sorted(set(self.key.data or ()))) if self.kind.has_options else ()
        matches: tuple[str, ...] = ()
        if self.kind == ItemKind.MATCHING:
            options, matches, key = self._pairs()
            gap = None
        chosen = self.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE)
        pinned = {*pins.pins(options), *(n for n in self.pinned.data or () if n <= len(options))} if chosen else set()
        words = (self.words.data or "").strip()
        wording = Wording(
            kind=self.kind.value, stem=one_line(self.stem.data or ""), options=options, key=key, matches=matches,
            accepted=tuple(self._accepted()), partial=bool(self.partial.data) and self.kind.may_be_partial,
            pinned=tuple(sorted(pinned)), images=images,
            words=(int(words) if words.isdecimal() else -1) if words and self.kind == ItemKind.ESSAY else None,
            topic=self.topic.data or "", level=self.level.data or 0, explanation=several_lines(self.explanation.data or ""),
            document_id=self.document.data or None, article=one_line(self.article.data or ""),
            clause=one_line(self.clause.data or ""), point=one_line(self.point.data or ""),
            valid_from=self.valid_from.data, valid_until=self.valid_until.data,
            exemplar=several_lines(self.exemplar.data or ""), source=one_line(self.source.data or ""),
        )  # fmt: skip
        return wording, gap

    def _options(self) -> tuple[tuple[str, ...], Problem | None]:
        """The filled fields; without a gap, because a key calls them by letter."""
        if self.kind == ItemKind.TRUE_FALSE:
            return TRUE_FALSE, None
        if not (self.kind.has_options or self.kind == ItemKind.ORDERING):
            return (), None
        texts = [one_line(field.data or "") for field in self.options]
        last = max((n for n, text in enumerate(texts, 1) if text), default=0)
        empty = [letter(n) for n, text in enumerate(texts[:last], 1) if not text]
        gap = Problem(Fault.OPTION_GAP, {"empty": ", ".join(empty), "filled": letter(last)}) if empty else None
        return tuple(texts[:last]), gap

    def _pairs(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
        """Left sides, right sides, and which right side belongs to which left one."""
        rows = [
            (one_line(a.data or ""), one_line(b.data or "")) for a, b in zip(self.options, self.matches, strict=True)
        ]
        rights = list(dict.fromkeys(right for _left, right in rows if right))
        lefts = [(left, right) for left, right in rows if left]
        key = tuple(rights.index(right) + 1 if right else 0 for _left, right in lefts)
        return tuple(left for left, _right in lefts), tuple(rights), key

    def _accepted(self) -> Iterator[str]:
        if self.kind not in (ItemKind.SHORT_TEXT, ItemKind.NUMBER):
            return
        for line in filter(None, map(one_line, (self.accepted.data or "").splitlines())):
            number = written.read_typed_number(line) if self.kind == ItemKind.NUMBER else None
            yield str(number) if number else line  # what is no number stays, to be found faulty

    def _images(self) -> tuple[tuple[Image, ...], bool]:
        """The pictures of the form, and whether one of them could not be read."""
        found, unread = [], False
        for place in self.image_places:
            field = self[f"image_{place}"]
            digest = "" if self[f"drop_{place}"].data else (self[f"kept_{place}"].data or "")
            if digest and not field.data and not picture_store.is_kept(digest):
                field.errors = [str(_l("Hình này không còn được giữ. Hãy chọn lại tệp hình."))]
                digest, unread = "", True
                self[f"kept_{place}"].data = ""
            if field.data:
                try:
                    encoded = encode(field.data.read())
                except Refusal as refusal:
                    field.errors = [sentence(Fault.IMAGE_NOT_KEPT, why=refusal.sentence)]
                    unread = True
                else:
                    self.pictures.append(encoded)
                    digest = self[f"kept_{place}"].data = encoded.digest
            if digest:
                found.append(Image(place, digest, one_line(self[f"alt_{place}"].data or "")))
        return tuple(found), unread


def _add_fields() -> None:
    for number in range(1, MOST_THINGS + 1):
        of_letter = {"letter": letter(number)}
        setattr(
            ItemForm,
            f"option_{number}",
            StringField(_l("Phương án %(letter)s", **of_letter), [at_most(LONGEST["option"])]),
        )
        setattr(ItemForm, f"match_{number}", StringField(_l("Vế phải %(n)s", n=number), [at_most(LONGEST["match"])]))
    for place in range(len(LETTERS) + 1):
        where = _l("phương án %(letter)s", letter=letter(place)) if place else _l("câu dẫn")
        setattr(ItemForm, f"image_{place}", FileField(_l("Hình của %(where)s", where=where)))
        setattr(ItemForm, f"kept_{place}", HiddenField(default=""))
        setattr(
            ItemForm,
            f"alt_{place}",
            StringField(_l("Mô tả hình của %(where)s", where=where), [at_most(LONGEST["alt"])]),
        )
        setattr(ItemForm, f"drop_{place}", BooleanField(_l("Bỏ hình của %(where)s", where=where)))


_add_fields()


def item_data(wording: Wording) -> dict[str, Any]:
    """A wording as data of an ItemForm."""
    data: dict[str, Any] = {name: getattr(wording, name) for name in _SAME}
    data |= {f"option_{n}": text for n, text in enumerate(wording.options, 1)}
    rights = (
        [wording.matches[n - 1] if 1 <= n <= len(wording.matches) else "" for n in wording.key]
        if wording.matches
        else []
    )
    spare = [text for n, text in enumerate(wording.matches, 1) if n not in wording.key]
    data |= {f"match_{n}": text for n, text in enumerate((*rights, *spare), 1)}
    for image in wording.images:
        data |= {f"kept_{image.place}": image.digest, f"alt_{image.place}": image.alt}
    accepted = [text.replace(".", ",") if wording.kind == ItemKind.NUMBER else text for text in wording.accepted]
    return data | {
        "key": list(wording.key), "pinned": list(wording.pinned), "accepted": "\n".join(accepted),
        "words": str(wording.words or ""), "document": wording.document_id or 0,
    }  # fmt: skip
