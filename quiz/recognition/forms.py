"""Shape of input of recognition."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, StopValidation, ValidationError

from quiz.contests.forms import NumberField
from quiz.forms import DayField, Form, required
from quiz.recognition.models import ComplaintAbout, Outcome, RevokeCause, Template
from quiz.recognition.refusals import CAUSE_TEXTS
from quiz.recognition.words import IMAGE_TEXTS, OUTCOME_TEXTS, TEMPLATE_TEXTS

# numbers of administrative papers are written "45/QĐ-BTC"
_PAPER_NUMBER = r"^\d{1,6}[^\W\d_]?/[^\W_][\w\-/.&]*$"
_NUMBER_MESSAGE = _l("Số văn bản gồm số, dấu gạch chéo và ký hiệu. Ví dụ: 45/QĐ-BTC.")

# a certificate is issued anew because its words are wrong, or because its paper is lost or spoilt
REISSUE_CAUSES = {
    RevokeCause.WRONG_DETAILS: CAUSE_TEXTS[RevokeCause.WRONG_DETAILS],
    RevokeCause.OTHER: _l("Giấy cũ mất hoặc hỏng"),
}


def _at_most(length: int) -> Length:
    return Length(max=length, message=_l("Mục này dài quá %(max)d ký tự."))


class DecisionForm(Form):
    number = StringField(
        _l("Số quyết định"), validators=[required(), _at_most(60), Regexp(_PAPER_NUMBER, message=_NUMBER_MESSAGE)]
    )
    signed_on = DayField(_l("Ngày ký"))
    place_name = StringField(_l("Nơi ký"), validators=[required(), _at_most(100)])
    signer_name = StringField(_l("Họ và tên người ký"), validators=[required(), _at_most(200)])
    signer_title = StringField(_l("Chức vụ người ký"), validators=[required(), _at_most(200)])
    template = RadioField(
        _l("Mẫu giấy"),
        choices=[(template.value, text) for template, text in TEMPLATE_TEXTS.items()],
        default=Template.CERTIFICATE.value,
        invalid_choice_message=_l("Hãy chọn một mẫu giấy."),
    )
    confirmed = BooleanField(_l("Tôi đã đọc các lưu ý và xác nhận trao giải như danh sách"))

    def __init__(
        self, *args: Any, needs_confirmation: bool = False, why_not_signed_on: Any = None, **kwargs: Any
    ) -> None:
        """why_not_signed_on: takes the day, returns the Refusal that speaks against it, or None"""
        super().__init__(*args, **kwargs)
        self.needs_confirmation = needs_confirmation
        self.why_not_signed_on = why_not_signed_on

    def validate_signed_on(self, field: DayField) -> None:
        if field.data is None:
            if not field.errors:
                raise StopValidation(str(_l("Mục này cần được điền.")))
            return
        if refusal := self.why_not_signed_on(field.data):
            raise StopValidation(refusal.sentence)

    def validate_confirmed(self, field: BooleanField) -> None:
        if self.needs_confirmation and not field.data:
            raise StopValidation(str(_l("Hãy đọc các lưu ý ở trên rồi đánh dấu vào ô này.")))


class RevokeForm(Form):
    cause = RadioField(
        _l("Lý do công khai"),
        choices=[(cause.value, text) for cause, text in CAUSE_TEXTS.items()],
        invalid_choice_message=_l("Hãy chọn một lý do."),
        validators=[required(_l("Hãy chọn một lý do."))],
    )
    decision_number = StringField(
        _l("Số quyết định thu hồi"),
        validators=[required(), _at_most(60), Regexp(_PAPER_NUMBER, message=_NUMBER_MESSAGE)],
    )
    why = TextAreaField(
        _l("Diễn giải"),
        validators=[
            required(),
            Length(min=10, max=1000, message=_l("Hãy diễn giải từ 10 đến 1000 ký tự.")),
        ],
    )


class ReissueForm(Form):
    """What the new paper says; the entry and the award stay as they are."""

    name = StringField(_l("Họ và tên, hoặc tên tập thể in trên giấy"), validators=[required(), _at_most(200)])
    belongs_to = StringField(_l("Đơn vị, nơi ở hoặc khối in trên giấy"), validators=[_at_most(300)])
    signer_name = StringField(_l("Họ và tên người ký"), validators=[required(), _at_most(200)])
    signer_title = StringField(_l("Chức vụ người ký"), validators=[required(), _at_most(200)])
    decision_number = StringField(
        _l("Số văn bản cho cấp lại"),
        validators=[required(), _at_most(60), Regexp(_PAPER_NUMBER, message=_NUMBER_MESSAGE)],
    )
    issued_on = DayField(_l("Ngày cấp lại"))
    cause = RadioField(
        _l("Lý do công khai"),
        choices=[(cause.value, text) for cause, text in REISSUE_CAUSES.items()],
        default=RevokeCause.WRONG_DETAILS.value,
        invalid_choice_message=_l("Hãy chọn một lý do."),
    )
    why = TextAreaField(
        _l("Diễn giải"),
        validators=[
            required(),
            Length(min=10, max=1000, message=_l("Hãy diễn giải từ 10 đến 1000 ký tự.")),
        ],
    )

    def __init__(self, *args: Any, why_not_issued_on: Any, **kwargs: Any) -> None:
        """why_not_issued_on: takes the day, returns the Refusal that speaks against it, or None"""
        super().__init__(*args, **kwargs)
        self.why_not_issued_on = why_not_issued_on

    def validate_issued_on(self, field: DayField) -> None:
        if field.data is None:
            if not field.errors:
                raise StopValidation(str(_l("Mục này cần được điền.")))
            return
        if refusal := self.why_not_issued_on(field.data):
            raise StopValidation(refusal.sentence)


class ImageForm(Form):
    kind = RadioField(
        _l("Loại hình"),
        choices=[(kind.value, text) for kind, text in IMAGE_TEXTS.items()],
        invalid_choice_message=_l("Hãy chọn một loại."),
        validators=[required(_l("Hãy chọn một loại."))],
    )
    title = StringField(_l("Của ai"), validators=[required(), _at_most(200)])
    file = FileField(_l("Tệp hình"))
    permitted = BooleanField(_l("Người có thẩm quyền đã cho phép dùng hình này trên giấy do hệ thống in"))

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise StopValidation(str(_l("Hãy chọn một tệp hình.")))

    def validate_permitted(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(str(_l("Chỉ tải hình lên khi đã được người có thẩm quyền cho phép.")))


class ImageChoiceForm(Form):
    """Which images a decision's papers bear; 0: none."""

    seal = SelectField(_l("Hình dấu"), coerce=int)
    signature = SelectField(_l("Hình chữ ký"), coerce=int)


class ComplaintForm(Form):
    """What somebody objects to.  attempts: [(code, words), …] · abouts: [(value, words), …]"""

    attempt = SelectField(_l("Lượt thi"), validate_choice=True)
    about = RadioField(_l("Bạn khiếu nại về điều gì?"), [required(_l("Hãy chọn một mục."))])
    question = NumberField(_l("Câu số (khi khiếu nại về một câu hỏi)"), low=1, high=200, blank=True)
    text = TextAreaField(
        _l("Nội dung"),
        [
            required(_l("Hãy viết nội dung khiếu nại.")),
            Length(min=20, message=_l("Nội dung quá ngắn. Hãy nói rõ điều gì sai và vì sao, ít nhất 20 ký tự.")),
            Length(max=3000, message=_l("Nội dung dài quá 3.000 ký tự. Hãy viết gọn lại.")),
        ],
    )

    def validate_question(self, field: Any) -> None:
        if self.about.data == ComplaintAbout.QUESTION and not field.data:
            raise ValidationError(_l("Hãy ghi số thứ tự của câu trên bài của bạn."))


class AssignForm(Form):
    """choices of `account`: (id, name)"""

    account = SelectField(_l("Người trả lời"), coerce=int)


class AnswerForm(Form):
    """choices of `sheet`: (id, words), first of them 0 for none"""

    outcome = RadioField(_l("Kết luận"), [required(_l("Hãy chọn kết luận."))], choices=list(OUTCOME_TEXTS.items()))
    answer = TextAreaField(
        _l("Trả lời người khiếu nại"),
        [
            required(_l("Hãy viết trả lời: người khiếu nại đọc nguyên văn.")),
            Length(min=20, message=_l("Trả lời quá ngắn. Hãy nêu căn cứ, ít nhất 20 ký tự.")),
            Length(max=5000, message=_l("Trả lời dài quá 5.000 ký tự.")),
        ],
    )
    remedy = StringField(_l("Đã xử lý bằng"), [_at_most(300)])
    sheet = SelectField(_l("Bảng kết quả đính chính"), coerce=int, default=0)

    def validate_remedy(self, field: Any) -> None:
        if self.outcome.data in (Outcome.UPHELD, Outcome.PARTLY) and not field.data:
            raise ValidationError(
                _l("Khiếu nại đúng thì phải ghi đã xử lý thế nào, ví dụ: đính chính đáp án, lập bảng kết quả số 2.")
            )
