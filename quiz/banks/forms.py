"""The shape of what is typed into the pages of banks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp, ValidationError

from quiz.banks.models import Bank, ItemKind
from quiz.banks.wording import (
    LETTERS,
    LONGEST,
    TRUE_FALSE,
    Fault,
    Problem,
    Severity,
    Wording,
    flaws,
    one_line,
    several_lines,
)
from quiz.banks.words import LEVELS
from quiz.errors import sentence
from quiz.forms import DayField, Form, required
from quiz.law.models import LegalDocument
from quiz.text import plain

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = {"moi", "nhap"}  # addresses of other pages


def slug(title: str) -> str:
    """ "Danh hiệu thi đua" → "danh-hieu-thi-dua"."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(title)))[:60].strip("-")


def _at_most(count: int) -> Length:
    return Length(max=count, message=_l("Nhiều nhất %(count)s ký tự.", count=count))


def _choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class BankForm(Form):
    """topics: one a line, "mã: Tên" or a name alone; `topic_list` after validation."""

    title = StringField(_l("Tên ngân hàng"), [required(), _at_most(300)])
    code = StringField(
        _l("Mã"),
        [_at_most(60), Regexp(rf"(?:{_SLUG.pattern})?$", message=_l("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    topics = TextAreaField(_l("Chủ đề"), [required(_l("Hãy ghi ít nhất một chủ đề."))])
    note = TextAreaField(_l("Ghi chú"), [_at_most(2000)])
    topic_list: list[dict[str, str]]

    @classmethod
    def of(cls, bank: Bank) -> BankForm:
        lines = "\n".join(f"{topic['code']}: {topic['title']}" for topic in bank.topics)
        form = cls(data={"title": bank.title, "code": bank.code, "topics": lines, "note": bank.note})
        del form.code  # addresses and contests name a bank by it
        return form

    def validate_code(self, field: Any) -> None:
        field.data = field.data or slug(self.title.data or "")
        if not field.data or field.data in _RESERVED:
            raise ValidationError(_l("Hãy chọn mã khác, ví dụ “luat-thi-dua-2024”."))

    def validate_topics(self, field: Any) -> None:
        self.topic_list = []
        for line in filter(None, map(one_line, field.data.splitlines())):
            code, colon, title = (part.strip() for part in line.partition(":"))
            if not (colon and title and _SLUG.fullmatch(code)):
                code, title = slug(line), line
            if not code or len(code) > 60 or len(title) > 200:
                raise ValidationError(
                    _l("Dòng “%(line)s” chưa thành chủ đề được: tên dài nhất 200 ký tự.", line=line[:40])
                )
            if code in {topic["code"] for topic in self.topic_list}:
                raise ValidationError(_l("Chủ đề “%(code)s” được ghi hai lần.", code=code))
            self.topic_list.append({"code": code, "title": title})


class UploadForm(Form):
    file = FileField(_l("Tệp câu hỏi"), [FileRequired(_l("Hãy chọn một tệp Excel (.xlsx)."))])


class WhyForm(Form):
    why = StringField(_l("Lý do"), [required(_l("Hãy ghi lý do để người soạn biết cần sửa gì.")), _at_most(500)])


# where a flaw of the wording is shown
_PLACE = {
    Fault.NO_STEM: "stem",
    Fault.TOO_FEW_OPTIONS: "option_1",
    Fault.SAME_OPTION_TWICE: "option_1",
    Fault.OPTION_GAP: "option_1",
    Fault.NO_KEY: "key",
    Fault.TWO_KEYS: "key",
    Fault.KEY_NAMES_NO_OPTION: "key",
    Fault.UNKNOWN_TOPIC: "topic",
    Fault.UNKNOWN_LEVEL: "level",
    Fault.ENDS_BEFORE_START: "valid_until",
}


class ItemForm(Form):
    """The wording of an item; `wording` after validation. The kind is chosen by the address, before anything is typed.

    after: number of the version that the author sees as the latest; 0 for a new item
    """

    after = HiddenField(default="0")
    stem = TextAreaField(_l("Câu dẫn"), [_at_most(LONGEST["stem"])])
    key = SelectMultipleField(_l("Đáp án"), coerce=int, choices=_choices(enumerate(LETTERS, 1)))
    explanation = TextAreaField(_l("Giải thích cho người thi"), [_at_most(LONGEST["explanation"])])
    topic = SelectField(_l("Chủ đề"), choices=[])
    level = SelectField(_l("Mức độ"), coerce=int, choices=_choices(LEVELS.items()))
    document = SelectField(_l("Văn bản"), coerce=int, choices=[])
    article = StringField(_l("Điều"), [_at_most(LONGEST["article"])])
    clause = StringField(_l("Khoản"), [_at_most(LONGEST["clause"])])
    point = StringField(_l("Điểm"), [_at_most(LONGEST["point"])])
    valid_from = DayField(_l("Đúng từ ngày"))
    valid_until = DayField(_l("Hết đúng từ ngày"))
    exemplar = TextAreaField(_l("Điển hình liên quan"), [_at_most(LONGEST["exemplar"])])
    source = StringField(_l("Nguồn"), [_at_most(LONGEST["source"])])

    kind: str
    topics: Sequence[Mapping[str, str]]
    wording: Wording

    def prepare(self, bank: Bank, kind: str, documents: Sequence[LegalDocument]) -> ItemForm:
        self.kind, self.topics = kind, bank.topics
        self.topic.choices = _choices((topic["code"], topic["title"]) for topic in bank.topics)
        self.document.choices = _choices([(0, _l("Chưa có văn bản")), *((d.id, d.name) for d in documents)])
        return self

    @property
    def options(self) -> list[Any]:
        """The fields of the options, in order."""
        return [self[f"option_{number}"] for number in range(1, len(LETTERS) + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        shape_is_right = super().validate(extra_validators)
        self.wording, gap = self._read()
        found = [
            problem
            for problem in flaws(self.wording, [t["code"] for t in self.topics])
            if problem.severity == Severity.ERROR
        ]
        if gap:
            found = [gap] + [p for p in found if p.fault != Fault.SAME_OPTION_TWICE]
        for problem in found:
            if problem.fault == Fault.TOO_LONG and not shape_is_right:
                continue  # said at its field already
            if problem.fault in (Fault.UNKNOWN_TOPIC, Fault.UNKNOWN_LEVEL) and self[_PLACE[problem.fault]].errors:
                continue
            text = sentence(problem.fault, **problem.details)
            if place := _PLACE.get(problem.fault):
                self[place].errors = [*self[place].errors, text]
            else:
                self.form_errors.append(text)
        if self.wording.document_id is None and (self.article.data or self.clause.data or self.point.data):
            self.document.errors = [*self.document.errors, sentence(Fault.PLACE_WITHOUT_DOCUMENT)]
            return False
        return shape_is_right and not found

    def _read(self) -> tuple[Wording, Problem | None]:
        options: tuple[str, ...] = TRUE_FALSE
        gap = None
        if self.kind != ItemKind.TRUE_FALSE:
            texts = [one_line(field.data or "") for field in self.options]
            last = max((n for n, text in enumerate(texts, 1) if text), default=0)
            empty = [LETTERS[n] for n, text in enumerate(texts[:last]) if not text]
            options = tuple(texts[:last])
            if empty:
                gap = Problem(Fault.OPTION_GAP, {"empty": ", ".join(empty), "filled": LETTERS[last - 1]})
        wording = Wording(
            kind=self.kind, stem=one_line(self.stem.data or ""), options=options, key=tuple(sorted(set(self.key.data or ()))),
            topic=self.topic.data or "", level=self.level.data or 0, explanation=several_lines(self.explanation.data or ""),
            document_id=self.document.data or None, article=one_line(self.article.data or ""),
            clause=one_line(self.clause.data or ""), point=one_line(self.point.data or ""),
            valid_from=self.valid_from.data, valid_until=self.valid_until.data,
            exemplar=several_lines(self.exemplar.data or ""), source=one_line(self.source.data or ""),
        )  # fmt: skip
        return wording, gap


for _number, _letter in enumerate(LETTERS, 1):
    setattr(
        ItemForm,
        f"option_{_number}",
        StringField(_l("Phương án %(letter)s", letter=_letter), [_at_most(LONGEST["option"])]),
    )


def item_data(wording: Wording) -> dict[str, Any]:
    """A wording as data of an ItemForm."""
    same = (
        "stem",
        "explanation",
        "topic",
        "level",
        "article",
        "clause",
        "point",
        "valid_from",
        "valid_until",
        "exemplar",
        "source",
    )
    data: dict[str, Any] = {name: getattr(wording, name) for name in same}
    data |= {f"option_{n}": text for n, text in enumerate(wording.options, 1)}
    return data | {"key": list(wording.key), "document": wording.document_id or 0}
