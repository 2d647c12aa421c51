"""Shape of input around a contest; the builder has a file of its own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import IntegerField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from quiz.forms import DayField, Form, MomentField, required


class NumberField(IntegerField):
    """A whole number within low and high, also typed with dots between thousands. blank: may be left out, data None."""

    widget = TextInput()

    def __init__(self, label: Any = None, *, low: int, high: int, blank: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high, self.blank = low, high, blank

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text and self.blank:
            return
        digits = "".join(c for c in text if c not in ". \u00a0")
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= 20
        if not is_number or not self.low <= int(digits) <= self.high:
            raise ValueError(
                _l("Hãy nhập số nguyên từ %(low)s đến %(high)s.", low=_dots(self.low), high=_dots(self.high))
            )
        self.data = int(digits)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _dots(self.data)


def _dots(value: int) -> str:
    return f"{value:,}".replace(",", ".")


class ChecksField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CreateForm(Form):
    """A new draft from a preset."""

    title = StringField(_l("Tên cuộc thi"), [required(), Length(max=300, message=_l("Tên dài quá 300 ký tự."))])
    preset = RadioField(_l("Bắt đầu từ mẫu thể lệ"), [required(_l("Hãy chọn một mẫu."))])
    banks = ChecksField(_l("Lấy câu hỏi từ"), [required(_l("Hãy chọn ít nhất một ngân hàng câu hỏi."))])
    opens_at = MomentField(_l("Kỳ đầu mở lúc"), [required(_l("Hãy chọn ngày giờ mở kỳ đầu."))])
    law_date = DayField(_l("Nội dung pháp luật tính đến ngày"))


class SummaryForm(Form):
    summary = TextAreaField(_l("Lời giới thiệu"), [Length(max=2000, message=_l("Lời giới thiệu dài quá 2.000 ký tự."))])


_WHY = [
    required(_l("Hãy ghi lý do: lý do được lưu vào nhật ký.")),
    Length(max=500, message=_l("Lý do dài quá 500 ký tự.")),
]


class CloseForm(Form):
    why = StringField(_l("Lý do đóng sớm"), _WHY)


class ExtendForm(Form):
    closes_at = MomentField(_l("Giờ đóng mới"), [required(_l("Hãy chọn giờ đóng mới."))])
    why = StringField(_l("Lý do gia hạn"), _WHY)


class EntryForm(Form):
    """Which division, asked only where a person fits several; and the declaration, only where the rules ask for it."""

    division = RadioField(_l("Bảng dự thi"), [required(_l("Hãy chọn bảng dự thi."))])
    declared = BooleanField(
        _l("Cam đoan"), [required(_l("Hãy đọc và đánh dấu vào ô này. Ai không cam đoan được thì không dự thi được."))]
    )


class RubricField(TextAreaField):
    """A rubric as lines of "name: points". data: [{"name": …, "points": …}, …]"""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Any = []
        lines = valuelist[0].splitlines() if valuelist else []
        for line in filter(None, map(str.strip, lines)):
            name, _colon, points = line.rpartition(":")
            digits = points.strip().replace(".", "")
            if not name.strip() or not (digits.isascii() and digits.isdecimal()) or len(digits) > 4:
                raise ValueError(
                    _l("Dòng “%(line)s” chưa đúng. Hãy viết tên tiêu chí, dấu hai chấm, số điểm.", line=line[:80])
                )
            self.data.append({"name": name.strip()[:200], "points": int(digits)})

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(f"{c['name']}: {c['points']}" for c in self.data or [])
