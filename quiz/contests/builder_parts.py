"""The lines of the builder: a division with its matrix and prizes, a round, a chain, a collective competition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from quiz.contests.forms import ChecksField, NumberField
from quiz.contests.hours import WEEKDAYS
from quiz.contests.rule_set import ESSAY_LEVEL, DivisionAudience
from quiz.contests.rule_words import CRITERION_TEXTS, FORMULA_TEXTS, MEASURE_TEXTS, criterion_text
from quiz.contests.topics import LEVELS
from quiz.forms import Form, MomentField, required
from quiz.rules.collective import Denominator, Formula, GateKind
from quiz.rules.prediction import Scope
from quiz.rules.tie_break import criterion_name, turned
from quiz.slugs import slug


def refuse(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False


def named(label: Any, limit: int = 200) -> StringField:
    return StringField(label, [required(), Length(max=limit, message=_l("Tên dài quá %(n)s ký tự.", n=limit))])


class Part(Form):
    """A line of the form; the token stands once, on the form itself."""

    class Meta(Form.Meta):
        csrf = False


class ClockField(StringField):
    """A time of the day: "7:30", "7h30" and "07:30" are all "07:30"."""

    data: str | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        text = (self.data or "").strip()
        found = re.fullmatch(r"(\d{1,2})\s*[:hg.]\s*(\d{2})?", text, re.IGNORECASE) or re.fullmatch(
            r"(\d{1,2})()", text
        )
        if not text:
            return
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise ValueError(_l("Giờ chưa đúng. Ví dụ: 07:30."))
        self.data = f"{int(found[1]):02d}:{int(found[2] or 0):02d}"

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            self.errors = list(self.process_errors)


class ChainField(Field):
    """Steps in order, one hidden input each; unknown ones are dropped.

    known: name → words · turns: may a step be turned round ("attempts:more")?
    """

    data: list[str]

    def __init__(
        self, label: Any = None, *, known: Mapping[str, Any] = CRITERION_TEXTS, turns: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.known, self.turns = known, turns

    def process_data(self, value: Iterable[str] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [step for step in valuelist if self._is_known(step)]

    def _is_known(self, step: str) -> bool:
        if step in self.known:
            return True
        return self.turns and criterion_name(step) in self.known and step == turned(criterion_name(step))

    def text_of(self, step: str) -> tuple[Any, Any]:
        """(title, which value stands above)."""
        if self.turns:
            return criterion_text(step)
        title = str(self.known[step])
        return title[:1].upper() + title[1:], _("nhiều hơn hoặc cao hơn xếp trên")

    @property
    def lines(self) -> list[tuple[str, Any, Any]]:
        return [(step, *self.text_of(step)) for step in self.data]

    @property
    def unused(self) -> list[tuple[str, Any]]:
        used = {criterion_name(step) for step in self.data}
        return [(name, self.text_of(name)[0]) for name in self.known if name not in used]

    def rearrange(self, verb: str, what: str) -> None:
        """verb: "on" adds the criterion `what`; "up", "down", "off", "turn" are about the step at that position."""
        if verb == "on":
            if what in self.known and what not in map(criterion_name, self.data):
                self.data = [*self.data, what]
            return
        at = int(what) if what.isdecimal() else len(self.data)
        if at >= len(self.data):
            return
        step = self.data[at]
        rest = self.data[:at] + self.data[at + 1 :]
        match verb:
            case "off":
                self.data = rest
            case "turn":
                if self.turns:
                    self.data = [*self.data[:at], turned(step), *self.data[at + 1 :]]
            case "up" | "down":
                to = max(0, at - 1) if verb == "up" else at + 1
                self.data = [*rest[:to], step, *rest[to:]]


class MatrixLine(Part):
    """How many questions a topic gives, by level. topic: "bank|topic"."""

    topic = SelectField(_l("Chủ đề"), validate_choice=False)
    level_1 = NumberField(_l("Nhận biết"), low=0, high=200, blank=True)
    level_2 = NumberField(_l("Thông hiểu"), low=0, high=200, blank=True)
    level_3 = NumberField(_l("Vận dụng"), low=0, high=200, blank=True)
    any_level = NumberField(_l("Mức bất kỳ"), low=0, high=200, blank=True)
    essays = NumberField(_l("Tự luận"), low=0, high=20, blank=True)

    @property
    def counts(self) -> list[tuple[int | None, Any]]:
        return [
            *((level, self[f"level_{level}"]) for level in LEVELS),
            (None, self.any_level),
            (ESSAY_LEVEL, self.essays),
        ]

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

    def tier(self) -> dict[str, Any]:
        name = self.name.data or ""
        return {"code": slug(name, 40), "name": name, "quota": self.quota.data, "amount": self.amount.data or 0}


class _WithMatrix(Part):
    """A part that holds a matrix. fill: the bank whose topics a button adds"""

    cells = FieldList(FormField(MatrixLine), label=_l("Ma trận đề"))
    fill = SelectField(_l("Ngân hàng"), validate_choice=False)

    @property
    def total(self) -> int:
        return sum(line.form.total for line in self.cells)

    def blueprint(self) -> list[dict[str, Any]]:
        return [cell for line in self.cells for cell in line.form.cells()]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        counted = all(not field.errors for line in self.cells for _level, field in line.form.counts)
        if counted and not 1 <= self.total <= 200:
            fine = refuse(self.cells, _("Ma trận đề phải có từ 1 đến 200 câu; đang có %(n)s câu.", n=self.total))
        return fine


AUDIENCES = [
    (DivisionAudience.ALL.value, _l("Mọi người")),
    (DivisionAudience.STAFF.value, _l("Cán bộ, công chức, viên chức, người lao động")),
    (DivisionAudience.CITIZEN.value, _l("Người dân, kể cả học sinh, sinh viên")),
    (DivisionAudience.STUDENT.value, _l("Học sinh, sinh viên, học viên")),
    (DivisionAudience.FREE.value, _l("Thí sinh tự do: người dân không đi học")),
]


class DivisionPart(_WithMatrix):
    code = HiddenField()
    name = named(_l("Tên bảng"))
    audience = SelectField(_l("Dành cho"), choices=AUDIENCES)
    prizes = FieldList(FormField(PrizeLine), label=_l("Giải mỗi kỳ"))
    overall_prizes = FieldList(FormField(PrizeLine), label=_l("Giải chung cuộc"))


class OwnPaper(_WithMatrix):
    """A matrix that a division has in one round only."""

    division = SelectField(_l("Bảng"), validate_choice=False)


class OwnPrizes(Part):
    """Prizes that a division has in one round only; without any line there are none in the round."""

    division = SelectField(_l("Bảng"), validate_choice=False)
    prizes = FieldList(FormField(PrizeLine), label=_l("Giải của kỳ này"))


class RoundPart(Part):
    code = HiddenField()
    name = named(_l("Tên kỳ thi"))
    opens_at = MomentField(_l("Mở lúc"), [required(_l("Hãy chọn giờ mở."))])
    closes_at = MomentField(_l("Đóng lúc"), [required(_l("Hãy chọn giờ đóng."))])
    period = StringField(_l("Thuộc đợt"), [Length(max=100, message=_l("Tên dài quá 100 ký tự."))])
    weekdays = ChecksField(_l("Chỉ thi vào các ngày"), choices=[(str(n), text) for n, text in WEEKDAYS.items()])
    hours_opens = ClockField(_l("Từ giờ"))
    hours_closes = ClockField(_l("Đến trước giờ"))
    minutes = NumberField(_l("Thời gian làm bài riêng, phút"), low=1, high=240, blank=True)
    attempt_limit = NumberField(_l("Số lượt riêng"), low=1, high=1000, blank=True)
    admission_rounds = ChecksField(_l("Chỉ nhận người xếp đầu ở các kỳ"), validate_choice=False, choices=[])
    admission_quota = NumberField(_l("Số người mỗi bảng mỗi kỳ"), low=1, high=100_000, blank=True)
    papers = FieldList(FormField(OwnPaper), label=_l("Ma trận đề riêng"))
    own_prizes = FieldList(FormField(OwnPrizes), label=_l("Giải riêng"))

    @property
    def has_rules(self) -> bool:
        """Does the round have anything of its own, beside its calendar?"""
        return bool(
            self.weekdays.data or self.minutes.data or self.attempt_limit.data
            or self.admission_rounds.data or self.admission_quota.data or self.papers.entries or self.own_prizes.entries
        )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.opens_at.data and self.closes_at.data and self.closes_at.data <= self.opens_at.data:
            fine = refuse(self.closes_at, _("Giờ đóng phải sau giờ mở."))
        if self.admission_rounds.data and not self.admission_quota.data and not self.admission_quota.errors:
            fine = refuse(self.admission_quota, _("Hãy ghi số người được vào kỳ này từ mỗi bảng của mỗi kỳ đã chọn."))
        if self.admission_quota.data and not self.admission_rounds.data:
            fine = refuse(self.admission_rounds, _("Hãy chọn những kỳ mà người xếp đầu được vào kỳ này."))
        if not self.weekdays.data and (self.hours_opens.data or self.hours_closes.data):
            fine = refuse(self.weekdays, _("Hãy chọn các ngày có giờ này, hoặc để trống cả giờ."))
        return fine

    def rules(self) -> dict[str, Any]:
        hours = None
        if self.weekdays.data:
            hours = {
                "weekdays": [int(n) for n in self.weekdays.data],
                "opens": self.hours_opens.data or "00:00",
                "closes": self.hours_closes.data or "23:59",
            }
        admission = None
        if self.admission_rounds.data:
            admission = {"rounds": self.admission_rounds.data, "quota": self.admission_quota.data}
        return {
            "hours": hours,
            "period": self.period.data or "",
            "minutes": self.minutes.data,
            "attempt_limit": self.attempt_limit.data,
            "admission": admission,
            "blueprints": {p.form.division.data: p.form.blueprint() for p in self.papers},
            "prizes": {p.form.division.data: [t.form.tier() for t in p.form.prizes] for p in self.own_prizes},
        }


class AreaLine(Part):
    province = SelectField(_l("Tỉnh, thành phố"), validate_choice=False)


class GateLine(Part):
    kind = SelectField(
        _l("Điều kiện"),
        choices=[
            (GateKind.OBLIGED_SHARE.value, _l("% người bắt buộc đã dự thi, ít nhất")),
            (GateKind.SHARE.value, _l("% người của đơn vị đã dự thi, ít nhất")),
            (GateKind.PARTICIPANTS.value, _l("Số người dự thi, ít nhất")),
            (GateKind.WINNERS.value, _l("Số giải cá nhân, ít nhất")),
            (GateKind.ALL_ROUNDS.value, _l("Số người dự thi ở mỗi kỳ, ít nhất")),
        ],
    )
    at_least = NumberField(_l("Con số"), low=1, high=10**6)


class BandLine(Part):
    below = NumberField(_l("Dưới số người (trống: lớn hơn)"), low=1, high=10**7, blank=True)
    percent = NumberField(_l("Tỷ lệ ít nhất, %"), low=0, high=100)


class PointLine(Part):
    tier = SelectField(_l("Giải cá nhân"), validate_choice=False)
    points = NumberField(_l("Điểm"), low=0, high=1000)


SCOPES = [(Scope.CONTEST.value, _l("Cả cuộc thi")), (Scope.ROUND.value, _l("Từng kỳ"))]


_LISTS = ("participants", "score_sum", "attempts", "winners", "perfect")  # of rules.collective, the usual three first


class CollectivePart(Part):
    code = HiddenField()
    name = named(_l("Tên nội dung thi đua"))
    formula = SelectField(_l("Cách tính"), choices=[(f.value, FORMULA_TEXTS[f]) for f in Formula])
    scope = SelectField(_l("Xét theo"), choices=SCOPES)
    denominator = SelectField(
        _l("Tỷ lệ tính trên"),
        choices=[
            (Denominator.HEADCOUNT.value, _l("Tổng số người của đơn vị")),
            (Denominator.OBLIGED.value, _l("Số người bắt buộc dự thi")),
            (Denominator.POPULATION.value, _l("Dân số của địa bàn")),
        ],
    )
    by_block = BooleanField(_l("Xếp riêng trong từng khối thi đua"))
    gates = FieldList(FormField(GateLine), label=_l("Điều kiện được xét"))
    bands = FieldList(FormField(BandLine), label=_l("Tỷ lệ theo quy mô"))
    lists = ChecksField(_l("Các danh sách"), choices=[(name, MEASURE_TEXTS[name]) for name in _LISTS])
    top = NumberField(_l("Số đơn vị có điểm trong mỗi danh sách"), low=1, high=1000)
    prize_points = FieldList(FormField(PointLine), label=_l("Điểm của giải cá nhân"))
    weight_ratio = NumberField(_l("Trọng số tỷ lệ, %"), low=0, high=100)
    weight_quality = NumberField(_l("Trọng số chất lượng, %"), low=0, high=100)
    weight_winners = NumberField(_l("Trọng số giải, %"), low=0, high=100)
    tie_breaks = ChainField(_l("Khi bằng nhau"), known=MEASURE_TEXTS, turns=False)
    prizes = FieldList(FormField(PrizeLine), label=_l("Giải tập thể"))

    def uses(self, part: str) -> bool:
        """Does the chosen formula, or a condition, use this part of the fields?"""
        formula = self.formula.data
        shares = {Formula.RATIO.value, Formula.SUM.value, Formula.COMPOSITE.value}
        return {
            "denominator": formula in shares or any(g.form.kind.data == GateKind.SHARE.value for g in self.gates),
            "lists": formula == Formula.RANK_POINTS.value,
            "points": formula in (Formula.SUM.value, Formula.COMPOSITE.value),
            "weights": formula == Formula.COMPOSITE.value,
        }[part]

    def rules(self) -> dict[str, Any]:
        return {
            "code": self.code.data,
            "name": self.name.data,
            "formula": self.formula.data,
            "scope": self.scope.data,
            "denominator": self.denominator.data,
            "by_block": self.by_block.data,
            "gates": [{"kind": g.form.kind.data, "at_least": g.form.at_least.data} for g in self.gates],
            "bands": [{"below": b.form.below.data, "percent": b.form.percent.data} for b in self.bands],
            "lists": self.lists.data or [],
            "top": self.top.data,
            "prize_points": {p.form.tier.data: p.form.points.data for p in self.prize_points if p.form.tier.data},
            "weights": {
                "ratio": self.weight_ratio.data,
                "quality": self.weight_quality.data,
                "winners": self.weight_winners.data,
            },
            "tie_breaks": self.tie_breaks.data,
            "prizes": [line.form.tier() for line in self.prizes],
        }
