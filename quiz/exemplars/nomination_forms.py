"""Shape of input around nominations and votes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import IntegerField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.exemplars.nomination_models import EvidenceKind, Nomination, NominationKind, Quarter
from quiz.exemplars.nominations import CONTENT, MOST_WORDS, count_words
from quiz.exemplars.vote_models import ConflictCause, VoteMode
from quiz.exemplars.words import (
    CHOICE_TEXTS,
    EVIDENCE_TEXTS,
    FIELD_TEXTS,
    KIND_TEXTS,
    MODE_TEXTS,
)
from quiz.forms import DayField, Form, MomentField, required, whole_number
from quiz.rules.quarters import YearQuarter, read_quarter
from quiz.rules.votes import Base, VoteRule

MOST_FIGURES = 8
_NOT_CHOSEN = _l("Hãy chọn một mục.")


def _text(longest: int) -> Length:
    return Length(max=longest, message=_l("Mục này dài quá %(max)s ký tự.", max=longest))


class ChecksField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReasonForm(Form):
    """A step that needs its reason."""

    why = TextAreaField(_l("Lý do"), [required(_l("Hãy ghi lý do.")), _text(1000)])


class NominationForm(Form):
    """The short report of achievements.  figures: one line each, "1.200 m² | đất hiến làm đường" """

    kind = RadioField(
        _l("Đề cử"), [required(_NOT_CHOSEN)], choices=list(KIND_TEXTS.items()), default=NominationKind.PERSON
    )
    honorific = SelectField(_l("Xưng hô"), choices=[("", _l("Không ghi")), ("Ông", "Ông"), ("Bà", "Bà")])
    name = StringField(_l("Họ và tên, hoặc tên tập thể"), [required(), _text(200)])
    position = StringField(_l("Chức vụ, nghề nghiệp"), [_text(300)])
    birth_year = IntegerField(_l("Năm sinh"), [Optional()])
    field = SelectField(_l("Lĩnh vực"), [required(_NOT_CHOSEN)], choices=list(FIELD_TEXTS.items()))
    movement_id = SelectField(_l("Phong trào thi đua"), coerce=int)
    summary = TextAreaField(_l("Tóm tắt thành tích"), [_text(4000)])
    situation = TextAreaField(_l("Đặc điểm tình hình"), [_text(4000)])
    achievements = TextAreaField(_l("Thành tích đạt được"), [_text(12000)])
    figures = TextAreaField(_l("Thành tích bằng số"), [_text(2000)])
    honours = TextAreaField(_l("Danh hiệu, hình thức khen thưởng đã được tặng"), [_text(4000)])
    grounds = TextAreaField(_l("Vì sao là điển hình"), [_text(4000)])
    consent = StringField(_l("Ai đồng ý nêu tên, bằng cách nào"), [_text(300)])
    consented_on = DayField(_l("Ngày đồng ý"))
    revision = IntegerField("revision", [Optional()], default=0)

    def validate_birth_year(self, field: Any) -> None:
        whole_number(1900, date.today().year)(self, field)  # noqa: DTZ011  only a bound against slips of the finger

    def validate_summary(self, field: Any) -> None:
        if (words := count_words(field.data or "")) > MOST_WORDS:
            raise ValidationError(_l("Tóm tắt có %(words)s chữ, nhiều hơn %(most)s chữ.", words=words, most=MOST_WORDS))

    def validate_figures(self, field: Any) -> None:
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_FIGURES:
            raise ValidationError(_l("Nhiều nhất %(most)s dòng.", most=MOST_FIGURES))
        for line in lines:
            value, bar, label = line.partition("|")
            if not (bar and value.strip() and label.strip()):
                raise ValidationError(_l("Mỗi dòng gồm số, dấu |, rồi nội dung. Ví dụ: 1.200 m² | đất hiến làm đường."))

    def validate_consented_on(self, field: Any) -> None:
        if bool(self.consent.data) != (field.data is not None):
            raise ValidationError(_l("Ghi cả người đồng ý và ngày đồng ý, hoặc để trống cả hai."))

    def content(self) -> dict[str, Any]:
        """Of CONTENT, as the service takes it."""
        values = {name: getattr(self, name).data for name in CONTENT}
        values["figures"] = [
            {"value": value.strip(), "label": label.strip()}
            for value, _bar, label in (line.partition("|") for line in (self.figures.data or "").splitlines())
            if value.strip()
        ]
        values["movement_id"] = self.movement_id.data or None
        return {name: "" if value is None and name in _TEXTS else value for name, value in values.items()}

    @classmethod
    def of(cls, nomination: Nomination) -> NominationForm:
        values = {name: getattr(nomination, name) for name in CONTENT}
        values["figures"] = "\n".join(f"{f['value']} | {f['label']}" for f in nomination.figures)
        values["movement_id"] = nomination.movement_id or 0
        return cls(**values, revision=nomination.revision)


_TEXTS = {"honorific", "position", "summary", "situation", "achievements", "honours", "grounds", "consent"}


class EvidenceForm(Form):
    kind = SelectField(
        _l("Loại tài liệu"), [required(_NOT_CHOSEN)], choices=list(EVIDENCE_TEXTS.items()), default=EvidenceKind.MINUTES
    )
    file = FileField(_l("Tệp PDF hoặc hình"), [FileRequired(_l("Hãy chọn một tệp."))])


class AskBackForm(Form):
    question = TextAreaField(_l("Câu hỏi cho đơn vị"), [required(), _text(2000)])
    due_at = MomentField(_l("Hạn trả lời"), [required()])


class AcceptForm(Form):
    why = TextAreaField(_l("Lý do nhận, nếu đã từng được đề cử hay tuyên truyền"), [_text(1000)])


class MergeForm(ReasonForm):
    into = SelectField(_l("Gộp vào hồ sơ"), [required(_NOT_CHOSEN)], coerce=int)


class CommentForm(Form):
    """What the public says; visitors without an account leave a name and a way to reach them."""

    nomination = SelectField(_l("Về đề cử"), [required(_NOT_CHOSEN)], coerce=int)
    text = TextAreaField(_l("Ý kiến"), [required(), _text(2000)])
    name = StringField(_l("Họ và tên"), [_text(200)])
    contact = StringField(_l("Điện thoại hoặc email"), [_text(200)])

    def __init__(self, *args: Any, signed_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.name, self.contact

    def validate_name(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_l("Mục này cần được điền."))

    validate_contact = validate_name


class NoteForm(Form):
    note = TextAreaField(_l("Kết quả xem xét"), [required(), _text(2000)])


class OpenQuarterForm(Form):
    quarter = SelectField(_l("Quý"), [required(_NOT_CHOSEN)])

    def of(self) -> YearQuarter:
        found = read_quarter(str(self.quarter.data))
        assert found is not None  # of the choices
        return found


class CalendarForm(ReasonForm):
    nominations_due_at = MomentField(_l("Đơn vị gửi đề cử đến trước"), [required()])
    confirmation_due_at = MomentField(_l("Thủ trưởng đơn vị xác nhận đến trước"), [required()])
    consolidation_due_at = MomentField(_l("Văn phòng tổng hợp đến trước"), [required()])
    comment_days = IntegerField(_l("Số ngày làm việc lấy ý kiến"), [whole_number(1, 60)])
    vote_due_at = MomentField(_l("Hội đồng bỏ phiếu xong trước"), [required()])
    recommendation_due_at = MomentField(_l("Gửi Hội đồng tỉnh trước"), [required()])
    publication_due_at = MomentField(_l("Công bố trước"), [required()])

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name not in ("why", "csrf_token")}


class UnitsForm(ReasonForm):
    units = ChecksField(_l("Đơn vị được mời đề cử"), [required(_l("Hãy chọn ít nhất một đơn vị."))], coerce=int)


class HeadForm(Form):
    unit = SelectField(_l("Đơn vị"), [required(_NOT_CHOSEN)], coerce=int)
    person = StringField(_l("Tên đăng nhập, điện thoại hoặc email của người xác nhận"), [required(), _text(200)])


_SHARES = [
    ("1/2", "1/2"),
    ("2/3", "2/3"),
    ("3/4", "3/4"),
    ("4/5", "4/5 (80%)"),
    ("9/10", "9/10 (90%)"),
    ("1", _l("toàn bộ")),
]


class OpenVoteForm(Form):
    members = ChecksField(_l("Thành phần hội đồng"), [required(_l("Hãy chọn ủy viên."))], coerce=int)
    chair = SelectField(_l("Chủ trì"), coerce=int)
    mode = RadioField(
        _l("Hình thức"), [required(_NOT_CHOSEN)], choices=list(MODE_TEXTS.items()), default=VoteMode.SECRET
    )
    quorum = SelectField(_l("Số người bỏ phiếu ít nhất"), choices=_SHARES, default="2/3")
    threshold = SelectField(_l("Số phiếu đồng ý để được chọn"), choices=_SHARES, default="2/3")
    more_than = BooleanField(_l("phải nhiều hơn mức này, bằng thì chưa đủ"), default=True)
    base = RadioField(
        _l("Tính trên"), [required(_NOT_CHOSEN)], default=Base.COUNCIL,
        choices=[
            (Base.COUNCIL, _l("số ủy viên được bỏ phiếu cho đề cử đó")),
            (Base.VOTERS, _l("số ủy viên đã bỏ phiếu cho đề cử đó")),
        ],
    )  # fmt: skip
    closes_at = MomentField(_l("Nhận phiếu đến"), [required()])

    def validate_more_than(self, field: Any) -> None:
        if field.data and self.threshold.data == "1":
            raise ValidationError(_l("Không có mức nào nhiều hơn toàn bộ. Hãy bỏ chọn mục này."))

    def rule(self) -> VoteRule:
        return VoteRule(
            quorum=Fraction(str(self.quorum.data)), base=Base(self.base.data),
            threshold=Fraction(str(self.threshold.data)), more_than=bool(self.more_than.data),
        )  # fmt: skip


class ExtendForm(ReasonForm):
    closes_at = MomentField(_l("Nhận phiếu đến"), [required()])


class ConflictForm(Form):
    nomination = SelectField(_l("Đề cử"), [required(_NOT_CHOSEN)], coerce=int)
    cause = RadioField(
        _l("Tôi"), [required(_NOT_CHOSEN)],
        choices=[
            (ConflictCause.NOMINEE, _l("là người, hoặc thuộc tập thể, được đề cử")),
            (ConflictCause.DECLARED, _l("có quan hệ gia đình hoặc lợi ích liên quan khác")),
        ],
    )  # fmt: skip
    reason = StringField(_l("Ghi rõ"), [_text(300)])


class RecommendForm(Form):
    document = StringField(_l("Số, ngày văn bản gửi Hội đồng tỉnh"), [required(), _text(200)])


class PublishForm(Form):
    nominations = ChecksField(_l("Công bố"), [required(_l("Hãy chọn ít nhất một đề cử."))], coerce=int)
    decision = StringField(_l("Quyết định"), [required(), _text(200)])


CHOICES = list(CHOICE_TEXTS.items())


def calendar_form_of(quarter: Quarter) -> CalendarForm:
    return CalendarForm(obj=quarter)
