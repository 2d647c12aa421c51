"""The shape of what organizers type about units."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from quiz.accounts.forms import unit_choices
from quiz.accounts.models import OrgUnit
from quiz.accounts.unit_plan import LONGEST, MOST_PEOPLE, MOST_POPULATION, Count
from quiz.db import db
from quiz.formats import local
from quiz.forms import DayField, Form, required, whole_number


class UnitForm(Form):
    name = StringField(_l("Tên đơn vị"), [required(_l("Hãy điền tên đơn vị.")), Length(max=LONGEST["name"])])
    kind = StringField(_l("Loại"), [Length(max=LONGEST["kind"])])
    block = StringField(_l("Khối thi đua"), [Length(max=LONGEST["block"])])
    parent = SelectField(_l("Đơn vị cấp trên"), coerce=str, default="")
    note = TextAreaField(_l("Ghi chú"), [Length(max=LONGEST["note"])])

    def __init__(self, unit: OrgUnit | None = None, *args: Any, **kwargs: Any) -> None:
        if unit is not None:
            kwargs["data"] = {
                "name": unit.name, "kind": unit.kind, "block": unit.block, "note": unit.note,
                "parent": str(unit.parent_id or ""),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.parent.choices = unit_choices(_l("Không có, đây là đơn vị cao nhất"))

    def values(self) -> dict[str, Any]:
        parent = db.session.get(OrgUnit, int(self.parent.data)) if self.parent.data else None
        return {
            "name": self.name.data, "kind": self.kind.data, "block": self.block.data, "note": self.note.data,
            "parent": parent,
        }  # fmt: skip


class NewUnitForm(UnitForm):
    code = StringField(
        _l("Mã"),
        [
            required(_l("Hãy điền mã đơn vị.")),
            Length(max=LONGEST["code"]),
            Regexp(r"[\w][\w./-]*$", message=_l("Mã chỉ gồm chữ, số, dấu chấm, gạch nối, gạch dưới, gạch chéo.")),
        ],
    )


class HeadcountForm(Form):
    people = IntegerField(_l("Tổng số người"), [whole_number(1, MOST_PEOPLE)])
    obliged = IntegerField(_l("Số người phải dự thi"), [Optional(), whole_number(1, MOST_PEOPLE)])
    population = IntegerField(_l("Dân số"), [Optional(), whole_number(1, MOST_POPULATION)])
    as_of = DayField(_l("Tính đến ngày"), [required(_l("Hãy điền ngày của số liệu."))])
    source = StringField(
        _l("Nguồn"), [required(_l("Hãy ghi nguồn của số liệu.")), Length(max=LONGEST["source"])]
    )  # fmt: skip

    def validate_obliged(self, field: Any) -> None:
        if field.data and self.people.data and field.data > self.people.data:
            raise ValidationError(_l("Số người phải dự thi nhiều hơn tổng số người."))

    @property
    def count(self) -> Count:
        assert self.as_of.data is not None
        assert self.people.data is not None
        return Count(self.as_of.data, self.people.data, self.source.data or "", self.obliged.data, self.population.data)

    def validate_as_of(self, field: Any) -> None:
        if field.data and field.data > local(g.now).date():
            raise ValidationError(_l("Ngày này ở tương lai."))


class UnitFileForm(Form):
    file = FileField(_l("Tệp CSV hoặc XLSX"), [FileRequired(_l("Hãy chọn một tệp."))])
