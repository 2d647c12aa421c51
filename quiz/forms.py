"""The shape of input that several domains share: the base form, dates as three fields, local moments, Vietnamese errors."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.fields import DateTimeLocalField
from wtforms.validators import DataRequired, StopValidation

from quiz.formats import from_local, local


class Form(FlaskForm):
    """A form page shows, re-shows and accepts. Texts come in NFC without outer blanks."""

    class Meta(FlaskForm.Meta):
        locales = ("vi",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, StringField):
                filters.insert(0, tidy)
            options["filters"] = filters
            unbound_field.kwargs.pop("filters", None)
            bound = unbound_field.bind(form=form, **options)
            unbound_field.kwargs["filters"] = [f for f in filters if f is not tidy]
            return bound


def tidy(value: Any) -> Any:
    """NFC without outer blanks; passwords use a field class of their own and are left as typed."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def required(message: Any = None) -> DataRequired:
    return DataRequired(message=message or _l("Mục này cần được điền."))


class DayField(Field):
    """A date typed as three numbers: day, month, year. Posts `name-d`, `name-m`, `name-y`; data is a date or None."""

    data: date | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        self.data = data if isinstance(data, date) else self.default if isinstance(self.default, date) else None
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is not None and f"{self.name}-d" in formdata:
            d, m, y = (formdata.get(f"{self.name}-{part}", "").strip() for part in "dmy")
            self.parts = (d, m, y)
            self.raw_data = [f"{d} {m} {y}".strip()]
            self.data = None
            if d or m or y:
                try:
                    self.data = _read_day(d, m, y)
                except ValueError as error:
                    self.process_errors.append(error.args[0])

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:  # what is wrong with the date says more than that a date is needed
            raise StopValidation()


def _read_day(d: str, m: str, y: str) -> date:
    if not (d.isdecimal() and m.isdecimal() and y.isdecimal()):
        raise ValueError(_l("Ngày, tháng, năm phải là số."))
    if len(y) != 4:
        raise ValueError(_l("Năm phải có 4 chữ số."))
    try:
        return date(int(y), int(m), int(d))
    except ValueError:
        raise ValueError(_l("Ngày này không có trong lịch.")) from None


class MomentField(DateTimeLocalField):
    """A wall time in Asia/Ho_Chi_Minh on the page, an aware UTC moment in `data`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    data: datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not "".join(valuelist).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Ngày giờ chưa đúng. Ví dụ: 30/11/2026 17:00.")) from None
        if self.data is not None:
            self.data = from_local(self.data)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:  # what is wrong with the moment says more than that a moment is needed
            raise StopValidation()

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return local(self.data).strftime("%Y-%m-%dT%H:%M") if isinstance(self.data, datetime) else ""


def whole_number(low: int, high: int) -> Any:
    """Validator of an IntegerField: within low and high; says so in one sentence whatever was typed."""

    def check(_form: Any, field: Any) -> None:
        if field.data is None or not low <= field.data <= high:
            field.errors[:] = []
            raise StopValidation(str(_l("Hãy nhập số nguyên từ %(low)s đến %(high)s.", low=low, high=high)))

    return check
