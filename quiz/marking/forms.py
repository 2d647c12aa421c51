"""Shape of the judges' input."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length, ValidationError

from quiz.banks.forms import choices
from quiz.contests.forms import NumberField
from quiz.forms import Form, required
from quiz.marking.models import EssayMark, Ruling

SHORTEST_WHY = 10  # characters


class EssayMarkForm(Form):
    """Points of an essay. A reason is asked for only where points are changed."""

    points = NumberField(_l("Điểm"), low=0, high=1000)
    note = TextAreaField(_l("Nhận xét"), [Length(max=2000, message=_l("Nhận xét dài quá 2.000 ký tự."))])
    why = TextAreaField(_l("Lý do đổi điểm"), [Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự."))])

    def __init__(self, worth: int, mark: EssayMark | None) -> None:
        super().__init__(obj=mark)
        self.worth = worth
        if mark is None:
            del self.why

    def validate_points(self, field: Any) -> None:
        if field.data is not None and field.data > self.worth:
            raise ValidationError(_l("Hãy nhập số nguyên từ 0 đến %(high)s.", high=self.worth))

    def validate_why(self, field: Any) -> None:
        if len(field.data or "") < SHORTEST_WHY:
            raise ValidationError(
                _l("Bài đã có điểm; muốn đổi, hãy ghi lý do, ít nhất 10 ký tự. Lý do được lưu vào nhật ký.")
            )


class WhyForm(Form):
    """A reason for the record.  confirmed: posted by the page that shows the consequences"""

    why = TextAreaField(
        _l("Lý do"),
        [
            required(_l("Hãy ghi lý do: lý do được lưu vào nhật ký và biên bản.")),
            Length(min=SHORTEST_WHY, message=_l("Lý do quá ngắn. Hãy ghi ít nhất 10 ký tự, đủ để người khác hiểu.")),
            Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự.")),
        ],
    )
    confirmed = BooleanField()


class VerdictForm(WhyForm):
    """Keep the attempt, or ask for the person's identity; an annulment goes through the page that shows what follows."""

    confirmed = None
    ruling = RadioField(
        _l("Phán quyết"),
        [required(_l("Hãy chọn một phán quyết."))],
        choices=choices(
            [(Ruling.KEEP, _l("Giữ nguyên lượt thi")), (Ruling.IDENTITY, _l("Đề nghị xác minh người dự thi"))]
        ),
    )


class NoteForm(Form):
    text = TextAreaField(
        _l("Ghi chú cho giám khảo khác"),
        [required(_l("Hãy viết ghi chú.")), Length(max=2000, message=_l("Ghi chú dài quá 2.000 ký tự."))],
    )
