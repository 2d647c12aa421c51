"""The shape of input that several domains share: the base form, dates as three fields, local moments, Vietnamese errors."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.fields import DateTimeLocalField
from wtforms.validators import DataRequired, Length, StopValidation

from quiz.formats import from_local, local

_CHOOSE_AGAIN = _l("Lựa chọn này không có trong danh sách. Hãy tải lại trang rồi chọn lại.")

# what WTForms itself says; it has no Vietnamese of its own
_SAID_BY_FIELDS = {
    "Not a valid choice.": _CHOOSE_AGAIN,
    "Invalid Choice: could not coerce.": _CHOOSE_AGAIN,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE_AGAIN,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE_AGAIN,
    "Not a valid integer value.": _l("Hãy nhập số nguyên."),
    "Not a valid decimal value.": _l("Hãy nhập một số."),
    "Not a valid float value.": _l("Hãy nhập một số."),
    "Not a valid datetime value.": _l("Ngày giờ chưa đúng. Ví dụ: 30/11/2026 17:00."),
    "Not a valid date value.": _l("Ngày chưa đúng. Ví dụ: 30/11/2026."),
    "Not a valid time value.": _l("Giờ chưa đúng. Ví dụ: 17:00."),
    "Not a valid week value.": _l("Tuần chưa đúng."),
    "Field cannot be longer than %(max)d character.": _l("Mục này dài quá %(max)d ký tự."),
}


class _Vietnamese:
    """The translator that WTForms asks for: its sentences by their English."""

    def gettext(self, text: str) -> str:
        return str(_SAID_BY_FIELDS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_SAID_BY_FIELDS.get(singular, singular if n == 1 else plural))


class Form(FlaskForm):
    """A form page shows, re-shows and accepts. Texts come in NFC without outer blanks."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> _Vietnamese:
            return _Vietnamese()

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
    """NFC without outer blanks and without signs that nobody sees but that turn a line around or steer a printer;
    passwords use a field class of their own and are left as typed."""
    if not isinstance(value, str):
        return value
    return "".join(c for c in unicodedata.normalize("NFC", value) if not _steers(c)).strip()


def _steers(sign: str) -> bool:
    """A control sign other than the ends of lines and tabs, one without width, or one that turns the direction of writing."""
    if unicodedata.category(sign) == "Cc":
        return sign not in "\t\n\r"
    if sign in _WIDTHLESS:
        return True
    return unicodedata.bidirectional(sign) in _TURNS


_WIDTHLESS = "\u00ad\u200b\u2060\ufeff"  # with them two texts that look the same would differ
_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def required(message: Any = None) -> DataRequired:
    return DataRequired(message=message or _l("Mục này cần được điền."))


def at_most(count: int) -> Length:
    """Validator of a text: so many signs."""
    return Length(max=count, message=_l("Nhiều nhất %(count)s ký tự.", count=count))


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
    except (ValueError, OverflowError):
        raise ValueError(_l("Ngày này không có trong lịch.")) from None


YEARS = range(2000, 2101)  # of a moment; sums with one at the end of the calendar have no date


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
            if self.data.year not in YEARS:
                self.data = None
                raise ValueError(_l("Năm phải từ %(first)s đến %(last)s.", first=YEARS.start, last=YEARS.stop - 1))
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
