"""The shape of what is typed into the pages of the law library."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from quiz.forms import DayField, Form, at_most, required
from quiz.law.changes import ChangeFacts
from quiz.law.csv_file import LONGEST, is_web_address
from quiz.law.models import ChangeKind, LawChange, LegalDocument, Provision
from quiz.law.places import BadPlace, read_number, read_places
from quiz.law.words import CHANGES, FIELDS
from quiz.rules.validity import Place


class _Period(Form):
    """A form with the days from which something holds and no longer holds."""

    effective_on = DayField(FIELDS["effective_on"])
    expires_on = DayField(FIELDS["expires_on"])

    def validate_expires_on(self, field: Any) -> None:
        if field.data and self.effective_on.data and field.data <= self.effective_on.data:
            raise ValidationError(_l("Ngày hết hiệu lực phải sau ngày có hiệu lực."))


class DocumentForm(_Period):
    number = StringField(FIELDS["number"], [required(_l("Hãy điền số hiệu.")), at_most(LONGEST["number"])])
    title = StringField(FIELDS["title"], [required(_l("Hãy điền tên văn bản.")), at_most(LONGEST["title"])])
    kind = StringField(FIELDS["kind"], [at_most(LONGEST["kind"])])
    issuer = StringField(FIELDS["issuer"], [at_most(LONGEST["issuer"])])
    issued_on = DayField(FIELDS["issued_on"])
    replaced_by = StringField(FIELDS["replaced_by"], [at_most(LONGEST["replaced_by"])])
    link = StringField(FIELDS["link"], [at_most(LONGEST["link"])])
    source = TextAreaField(FIELDS["source"], [at_most(LONGEST["source"])])
    note = TextAreaField(FIELDS["note"], [at_most(LONGEST["note"])])

    def validate_link(self, field: Any) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(_l("Địa chỉ phải bắt đầu bằng http:// hoặc https:// và không có khoảng trắng."))

    def values(self) -> dict[str, Any]:
        """Columns of a LegalDocument."""
        return _columns(self, LegalDocument)


class ProvisionForm(_Period):
    """article, clause, point: the numbers alone after validation, "Điều 5" as well as "5" typed."""

    article = StringField(FIELDS["article"], [required(_l("Hãy điền số của điều."))])
    clause = StringField(FIELDS["clause"])
    point = StringField(FIELDS["point"])
    title = StringField(_l("Tên điều"), [at_most(300)])
    note = StringField(FIELDS["note"], [at_most(1000)])

    def _number(self, field: Any, example: str) -> None:
        number = read_number(field.data or "", field.short_name)
        if number is None:
            raise ValidationError(_l("Chưa đọc được. Ví dụ: %(example)s.", example=example))
        field.data = number

    def validate_article(self, field: Any) -> None:
        self._number(field, "5, 12a")

    def validate_clause(self, field: Any) -> None:
        self._number(field, "2")

    def validate_point(self, field: Any) -> None:
        self._number(field, "a, đ")

    def values(self) -> dict[str, Any]:
        """Columns of a Provision."""
        return _columns(self, Provision)


def _columns(form: Form, model: Any) -> dict[str, Any]:
    names = set(model.__table__.columns.keys())
    return {f.name: f.data if isinstance(f, DayField) else f.data or "" for f in form if f.name in names}


class ChangeForm(Form):
    """What happens to a document; `facts` after validation."""

    kind = RadioField(
        _l("Việc gì xảy ra"),
        choices=[SelectChoice(kind.value, word) for kind, word in CHANGES.items()],
        default=ChangeKind.AMENDED.value,
    )
    from_on = DayField(_l("Từ ngày"), [required(_l("Hãy điền ngày thay đổi có hiệu lực."))])
    by_number = StringField(_l("Số hiệu văn bản sửa đổi, thay thế hoặc bãi bỏ"), [at_most(LONGEST["amended_by"])])
    scope = TextAreaField(_l("Điều khoản bị thay đổi"), [at_most(4000)])
    is_read = BooleanField(_l("Đã đọc nội dung thay đổi"))
    note = TextAreaField(FIELDS["note"], [at_most(LONGEST["note"])])

    places: list[Place]

    @classmethod
    def of(cls, change: LawChange) -> ChangeForm:
        return cls(
            data={
                "kind": change.kind, "from_on": change.from_on, "by_number": change.by_number,
                "scope": "\n".join(change.scope_lines), "is_read": change.is_read, "note": change.note,
            }
        )  # fmt: skip

    def validate_scope(self, field: Any) -> None:
        try:
            self.places = read_places(field.data or "")
        except BadPlace as bad:
            raise ValidationError(
                _l("Chưa đọc được dòng “%(line)s”. Mỗi dòng một nơi, có số của điều, ví dụ: khoản 2 Điều 5.",
                   line=bad.line[:60])
            ) from None  # fmt: skip

    def validate_by_number(self, field: Any) -> None:
        if not field.data and self.kind.data == ChangeKind.REPLACED:
            raise ValidationError(_l("Hãy điền số hiệu của văn bản thay thế."))

    @property
    def facts(self) -> ChangeFacts:
        assert self.from_on.data is not None
        return ChangeFacts(
            kind=ChangeKind(self.kind.data), from_on=self.from_on.data, by_number=self.by_number.data or "",
            scope=tuple(self.places), is_read=self.is_read.data, note=self.note.data or "",
        )  # fmt: skip


class WithdrawForm(Form):
    why = StringField(_l("Lý do xóa"), [required(_l("Hãy ghi lý do, nhật ký giữ lại.")), at_most(500)])
    keep_end = BooleanField(_l("Văn bản vẫn hết hiệu lực từ ngày này"))


class FileForm(Form):
    file = FileField(_l("Tệp CSV"), [FileRequired(_l("Hãy chọn một tệp CSV."))])
