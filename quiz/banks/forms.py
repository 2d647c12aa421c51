"""The shape of what is typed into the pages of banks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp, ValidationError

from quiz.banks.formats.reading import Defaults
from quiz.banks.models import Bank
from quiz.banks.wording import one_line
from quiz.banks.words import LEVELS
from quiz.forms import Form, at_most, required, tidy
from quiz.law.models import LegalDocument
from quiz.text import plain

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = {"moi", "nhap"}  # addresses of other pages


def slug(title: str) -> str:
    """ "Danh hiệu thi đua" → "danh-hieu-thi-dua"."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(title)))[:60].strip("-")


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class BankForm(Form):
    """topics: one a line, "mã: Tên" or a name alone; `topic_list` after validation."""

    title = StringField(_l("Tên ngân hàng"), [required(), at_most(300)])
    code = StringField(
        _l("Mã"),
        [at_most(60), Regexp(rf"(?:{_SLUG.pattern})?$", message=_l("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    topics = TextAreaField(_l("Chủ đề"), [required(_l("Hãy ghi ít nhất một chủ đề."))])
    note = TextAreaField(_l("Ghi chú"), [at_most(2000)])
    topic_list: list[dict[str, str]]

    @classmethod
    def of(cls, bank: Bank) -> BankForm:
        lines = "\n".join(f"{topic['code']}: {topic['title']}" for topic in bank.topics)
        form = cls(data={"title": bank.title, "code": bank.code, "topics": lines, "note": bank.note})
        del form.code  # addresses and contests name a bank by it
        return form

    def validate_code(self, field: Any) -> None:
        title = (self.title.data or "").strip()
        if not field.data and not title:
            return  # the missing name is said at the name
        field.data = field.data or slug(title)
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
    """A file, or pasted text when there is none; and what its items get where they say nothing themselves."""

    file = FileField(_l("Tệp câu hỏi"))
    pasted = TextAreaField(_l("Hoặc dán văn bản"), [at_most(2_000_000)])
    topic = SelectField(_l("Chủ đề cho câu chưa ghi chủ đề"), choices=[], default="")
    level = SelectField(_l("Mức độ cho câu chưa ghi mức độ"), coerce=int, choices=[], default=0)
    document = SelectField(_l("Văn bản cho câu chưa ghi căn cứ"), coerce=int, choices=[], default=0)

    def prepare(self, bank: Bank, documents: Sequence[LegalDocument]) -> UploadForm:
        self.topic.choices = choices([("", _l("Không đặt sẵn")), *((t["code"], t["title"]) for t in bank.topics)])
        self.level.choices = choices([(0, _l("Không đặt sẵn")), *LEVELS.items()])
        self.document.choices = choices([(0, _l("Không đặt sẵn")), *((d.id, d.name) for d in documents)])
        return self

    def validate_pasted(self, field: Any) -> None:
        if not self.file.data and not (field.data or "").strip():
            raise ValidationError(_l("Hãy chọn một tệp, hoặc dán văn bản có câu hỏi."))

    @property
    def upload(self) -> tuple[str, bytes]:
        """Name and content of what was given."""
        if self.file.data:
            return tidy(self.file.data.filename) or str(_l("tệp không tên")), self.file.data.read()
        return str(_l("Văn bản dán")), (self.pasted.data or "").encode()

    @property
    def defaults(self) -> Defaults:
        return Defaults(self.topic.data or "", self.level.data or None, self.document.data or None)


class CommentForm(Form):
    body = TextAreaField(_l("Ý kiến"), [required(_l("Hãy ghi ý kiến trước khi gửi.")), at_most(2000)])


class WhyForm(Form):
    why = StringField(_l("Lý do"), [required(_l("Hãy ghi lý do để người soạn biết cần sửa gì.")), at_most(500)])
