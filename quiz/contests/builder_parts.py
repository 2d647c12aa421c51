"""The lines of the builder: a division with its matrix and prizes, a round, the chain."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from quiz.contests.forms import NumberField
from quiz.contests.rule_set import DivisionAudience
from quiz.contests.rules_text import CRITERION_TEXTS
from quiz.contests.slugs import slug
from quiz.contests.topics import LEVELS
from quiz.forms import Form, MomentField, required


def refuse(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False


def named(label: Any, limit: int = 200) -> StringField:
    return StringField(label, [required(), Length(max=limit, message=_l("Tên dài quá %(n)s ký tự.", n=limit))])


class Part(Form):
    """A line of the form; the token stands once, on the form itself."""

    class Meta(Form.Meta):
        csrf = False


class MatrixLine(Part):
    """How many questions a topic gives, by level. topic: "bank|topic"."""

    topic = SelectField(_l("Chủ đề"), validate_choice=False)
    level_1 = NumberField(_l("Nhận biết"), low=0, high=200, blank=True)
    level_2 = NumberField(_l("Thông hiểu"), low=0, high=200, blank=True)
    level_3 = NumberField(_l("Vận dụng"), low=0, high=200, blank=True)
    any_level = NumberField(_l("Mức bất kỳ"), low=0, high=200, blank=True)

    @property
    def counts(self) -> list[tuple[int | None, Any]]:
        return [*((level, self[f"level_{level}"]) for level in LEVELS), (None, self.any_level)]

    @property
    def total(self) -> int:
        return sum(field.data or 0 for _level, field in self.counts)

    def cells(self) -> list[dict[str, Any]]:
        bank, _sep, topic = (self.topic.data or "").partition("|")
        return [{"bank": bank, "topic": topic, "level": n, "count": f.data} for n, f in self.counts if f.data]


class PrizeLine(Part):
    name = named(_l("Tên giải"), 100)
    quota = NumberField(_l("Số giải"), low=1, high=1000)
    amount = NumberField(_l("Mức thưởng, đồng"), low=0, high=10**12, blank=True)


class DivisionPart(Part):
    code = HiddenField()
    name = named(_l("Tên bảng"))
    audience = SelectField(
        _l("Dành cho"),
        choices=[
            (DivisionAudience.ALL.value, _l("Mọi người")),
            (DivisionAudience.STAFF.value, _l("Cán bộ, công chức, viên chức, người lao động")),
            (DivisionAudience.CITIZEN.value, _l("Người dân, học sinh, sinh viên")),
        ],
    )
    cells = FieldList(FormField(MatrixLine), label=_l("Ma trận đề"))
    fill = SelectField(_l("Ngân hàng"), validate_choice=False)
    prizes = FieldList(FormField(PrizeLine), label=_l("Giải thưởng"))

    @property
    def total(self) -> int:
        return sum(line.form.total for line in self.cells)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        counted = all(not field.errors for line in self.cells for _level, field in line.form.counts)
        if counted and not 1 <= self.total <= 200:
            fine = refuse(self.cells, _("Ma trận đề phải có từ 1 đến 200 câu; đang có %(n)s câu.", n=self.total))
        names = [slug(prize.form.name.data or "") for prize in self.prizes]
        if len(set(names)) < len(names):
            fine = refuse(self.prizes, _("Hai giải trùng tên. Mỗi giải cần một tên riêng."))
        return fine


class RoundPart(Part):
    code = HiddenField()
    name = named(_l("Tên kỳ thi"))
    opens_at = MomentField(_l("Mở lúc"), [required(_l("Hãy chọn giờ mở."))])
    closes_at = MomentField(_l("Đóng lúc"), [required(_l("Hãy chọn giờ đóng."))])

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.opens_at.data and self.closes_at.data and self.closes_at.data <= self.opens_at.data:
            fine = refuse(self.closes_at, _("Giờ đóng phải sau giờ mở."))
        return fine


class ChainField(Field):
    """Names of criteria in order, one hidden input each."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [name for name in dict.fromkeys(valuelist) if name in CRITERION_TEXTS]

    @property
    def unused(self) -> list[str]:
        return [name for name in CRITERION_TEXTS if name not in self.data]
