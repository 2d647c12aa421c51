"""Shape of input of recognition."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Regexp, StopValidation

from quiz.forms import DayField, Form, required
from quiz.recognition.refusals import CAUSE_TEXTS

# numbers of administrative papers are written "45/QĐ-BTC"
_PAPER_NUMBER = r"^\d{1,6}[^\W\d_]?/[^\W_][\w\-/.&]*$"
_NUMBER_MESSAGE = _l("Số văn bản gồm số, dấu gạch chéo và ký hiệu. Ví dụ: 45/QĐ-BTC.")


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
