"""The builder: one long form for a whole draft, whose lines come and go without a script.

Every button of the form posts all of it with `act`: "save" and "preview" check and store; "refresh" only checks; the
others (`rearrange`) add, drop or move lines and show the form again with everything that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from quiz.accounts.places import HOME_PROVINCE, provinces
from quiz.contests.builder_parts import (
    AreaLine,
    ChainField,
    ClockField,
    CollectivePart,
    DivisionPart,
    RoundPart,
    named,
    refuse,
)
from quiz.contests.forms import ChecksField, NumberField, RubricField
from quiz.contests.hours import WEEKDAYS
from quiz.contests.models import Contest
from quiz.contests.rule_faults import Path, RuleFault, rule_faults
from quiz.contests.rule_set import (
    ESSAY_LEVEL,
    CollectiveRules,
    DivisionAudience,
    LuckyAmong,
    LuckyRules,
    RuleSet,
    rule_set,
)
from quiz.contests.rule_words import BARRED_TEXTS, COUNTED_TEXTS
from quiz.contests.topics import Titles, TopicSupply
from quiz.formats import local
from quiz.forms import DayField, Form
from quiz.rules.clock import Consumed, LateStart
from quiz.rules.counting import Overall
from quiz.rules.prediction import Placement, Scope, Target, Use
from quiz.rules.visibility import Release
from quiz.slugs import free_slug, slug

CHECKING = ("save", "preview", "refresh")

_RELEASES = {
    Release.AFTER_SUBMIT: _l("Ngay sau khi nộp bài"),
    Release.AFTER_CLOSE: _l("Sau khi kỳ thi kết thúc"),
    Release.AFTER_PUBLISH: _l("Sau khi công bố kết quả"),
    Release.NEVER: _l("Không mở"),
}
_BOARD_RELEASES = _RELEASES | {Release.AFTER_SUBMIT: _l("Ngay từ khi kỳ thi mở")}


def _choices(texts: Any) -> list[tuple[str, Any]]:
    return [(name.value, text) for name, text in texts.items()]


class BuilderForm(Form):
    seen = HiddenField()
    title = named(_l("Tên cuộc thi"), 300)
    summary = TextAreaField(_l("Lời giới thiệu"), [Length(max=2000, message=_l("Lời giới thiệu dài quá 2.000 ký tự."))])
    rules_number = StringField(_l("Số thể lệ"), [Length(max=100, message=_l("Số thể lệ dài quá 100 ký tự."))])
    law_date = DayField(_l("Nội dung pháp luật tính đến ngày"))

    min_age = NumberField(_l("Tuổi tối thiểu"), low=0, high=100)
    max_age = NumberField(_l("Tuổi tối đa"), low=1, high=120, blank=True)
    areas = FieldList(FormField(AreaLine), label=_l("Nơi ở"))
    barred_roles = ChecksField(_l("Người không được dự thi"), choices=_choices(BARRED_TEXTS))
    bars_authors = BooleanField(_l("người biên soạn, thẩm định câu hỏi của cuộc thi"))
    bars_relatives = BooleanField(_l("người thân của người làm nhiệm vụ (người dự thi tự cam đoan khi đăng ký)"))

    divisions = FieldList(FormField(DivisionPart), label=_l("Bảng"))
    rounds = FieldList(FormField(RoundPart), label=_l("Kỳ thi"))
    split_pool = BooleanField(_l("Mỗi kỳ rút đề từ một phần riêng của ngân hàng, câu hỏi không gặp lại ở kỳ khác"))

    minutes = NumberField(_l("Thời gian làm bài, phút"), low=1, high=240)
    late_start = SelectField(
        _l("Bắt đầu sát giờ đóng"),
        choices=[
            (LateStart.CUT.value, _l("Kết thúc đúng giờ đóng của kỳ")),
            (LateStart.FULL.value, _l("Vẫn được làm đủ thời gian")),
        ],
    )
    grace_s = NumberField(_l("Nhận câu trả lời đến chậm, giây"), low=0, high=60)
    attempt_limit = NumberField(_l("Số lượt mỗi kỳ"), low=1, high=1000, blank=True)
    total_limit = NumberField(_l("Số lượt cả cuộc thi"), low=1, high=10_000, blank=True)
    week_limit = NumberField(_l("Số lượt mỗi tuần"), low=1, high=1000, blank=True)
    week_weekday = SelectField(_l("Tuần bắt đầu từ"), choices=[(str(n), text) for n, text in WEEKDAYS.items()])
    week_at = ClockField(_l("Lúc"))
    consumed = SelectField(
        _l("Khi nào mất một lượt"),
        choices=[
            (Consumed.AT_START.value, _l("Khi bấm Bắt đầu, thoát ra vẫn mất lượt")),
            (Consumed.AT_SUBMIT.value, _l("Khi nộp bài hoặc hết giờ")),
        ],
    )
    counted = SelectField(_l("Lấy kết quả"))

    points_per_item = NumberField(_l("Điểm mỗi câu đúng"), low=1, high=1000)
    points_1 = NumberField(_l("Điểm câu nhận biết"), low=1, high=1000, blank=True)
    points_2 = NumberField(_l("Điểm câu thông hiểu"), low=1, high=1000, blank=True)
    points_3 = NumberField(_l("Điểm câu vận dụng"), low=1, high=1000, blank=True)
    all_or_nothing = BooleanField(_l("Câu nào cũng phải đúng toàn bộ mới có điểm, không chấm từng phần"))
    essay_points = NumberField(_l("Điểm tối đa mỗi bài tự luận"), low=1, high=1000)
    essay_rubric = RubricField(_l("Phiếu điểm tự luận"))
    essay_judges = NumberField(_l("Số giám khảo chấm độc lập mỗi bài"), low=1, high=2)
    essay_spread_percent = NumberField(_l("Lệch điểm phải chấm lại khi quá, % điểm tối đa"), low=1, high=100)

    prediction = SelectField(
        _l("Câu dự đoán"),
        choices=[
            ("", _l("Không có câu dự đoán")),
            (Target.PEOPLE_ALL_CORRECT.value, _l("Số người trả lời đúng tất cả các câu")),
            (Target.PEOPLE.value, _l("Số người dự thi")),
            (Target.ATTEMPTS.value, _l("Số lượt dự thi")),
        ],
    )
    prediction_scope = SelectField(
        _l("Hỏi về"), choices=[(Scope.ROUND.value, _l("Từng kỳ")), (Scope.CONTEST.value, _l("Cả cuộc thi"))]
    )
    prediction_placement = SelectField(
        _l("Trả lời lúc nào"),
        choices=[
            (Placement.IN_PAPER.value, _l("Cuối đề, trong thời gian làm bài")),
            (Placement.AFTER_PAPER.value, _l("Sau khi nộp bài")),
        ],
    )
    prediction_use = SelectField(
        _l("Dùng để"),
        choices=[
            (Use.CRITERION.value, _l("Xét hạng")),
            (Use.CONDITION.value, _l("Xét hạng, và là điều kiện xét giải")),
        ],
    )
    prediction_max_gap = NumberField(_l("Lệch nhiều nhất để được xét giải"), low=0, high=10**9, blank=True)

    chain = ChainField(_l("Chuỗi xét hạng mỗi kỳ"))
    overall_how = SelectField(
        _l("Xếp hạng chung cuộc"),
        choices=[
            (Overall.NONE.value, _l("Không xếp, mỗi kỳ riêng")),
            (Overall.SUM.value, _l("Cộng kết quả các kỳ")),
            (Overall.BEST.value, _l("Lấy kỳ tốt nhất")),
        ],
    )
    overall_chain = ChainField(_l("Chuỗi xét hạng chung cuộc"))

    min_score = NumberField(_l("Điểm tối thiểu để được xét giải"), low=0, high=10**6)
    prize_all_correct = BooleanField(_l("Chỉ xét giải người đúng tất cả các câu"))
    one_per_person = BooleanField(_l("Mỗi người một giải trong cả cuộc thi, giữ giải cao hơn"))
    one_per_period = BooleanField(_l("Mỗi người một giải kỳ trong mỗi đợt, vẫn được xét giải chung cuộc"))
    share_percent = NumberField(_l("Số giải không quá, % số người dự thi"), low=1, high=100, blank=True)

    has_lucky = BooleanField(_l("Có bốc thăm may mắn"))
    lucky_name = StringField(_l("Tên giải"), [Length(max=100, message=_l("Tên dài quá 100 ký tự."))])
    lucky_quota = NumberField(_l("Số suất mỗi bảng"), low=1, high=1000)
    lucky_amount = NumberField(_l("Mức thưởng, đồng"), low=0, high=10**12, blank=True)
    lucky_among = SelectField(
        _l("Bốc trong"),
        choices=[
            (LuckyAmong.EVERYBODY.value, _l("Mọi người dự thi")),
            (LuckyAmong.ALL_CORRECT.value, _l("Người có lượt đúng tất cả các câu")),
            (LuckyAmong.WITHOUT_PRIZE.value, _l("Người chưa được giải khác")),
        ],
    )
    lucky_scope = SelectField(
        _l("Bốc thăm"),
        choices=[(Scope.ROUND.value, _l("Mỗi kỳ")), (Scope.CONTEST.value, _l("Một lần cho cả cuộc thi"))],
    )

    collective = FieldList(FormField(CollectivePart), label=_l("Thi đua tập thể"))

    score_release = SelectField(_l("Xem điểm của mình"), choices=_choices(_RELEASES))
    review_release = SelectField(_l("Xem đáp án và giải thích"), choices=_choices(_RELEASES))
    board_release = SelectField(_l("Xem bảng xếp hạng"), choices=_choices(_BOARD_RELEASES))
    freeze_hours = NumberField(_l("Giữ nguyên bảng trước giờ đóng, giờ"), low=0, high=168)
    announce_days = NumberField(_l("Công bố kết quả trong, ngày"), low=1, high=90)
    complaint_days = NumberField(_l("Nhận khiếu nại trong, ngày"), low=0, high=30)
    answer_days = NumberField(_l("Trả lời khiếu nại trong, ngày"), low=1, high=60)
    annulment_judges = NumberField(_l("Số giám khảo đồng ý để hủy một lượt thi"), low=1, high=2)
    signing_judges = NumberField(_l("Số giám khảo ký chốt bảng kết quả"), low=0, high=9)
    open_answers = BooleanField(
        _l("Sau công bố, mở phương án trả lời theo số đăng ký, không kèm họ tên, để ai cũng kiểm tra được")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted.choices = [(name.value, _capital(str(text))) for name, text in COUNTED_TEXTS.items()]

    def offer(self, topics: list[TopicSupply], names: Titles) -> None:
        """Fill the lists of banks, topics, places, divisions and rounds; what is gone stays visible, so that it can be
        exchanged."""
        offered = [
            (
                f"{t.bank}|{t.topic}",
                _("%(title)s, có %(n)s câu (%(bank)s)", title=t.title, n=t.total, bank=names.bank(t.bank)),
            )
            for t in topics
        ]
        gone = _("(không còn trong ngân hàng)")
        for holder in self._holders():
            holder.fill.choices = list(names.banks.items())
            for line in holder.cells:
                line.form.topic.choices = _with(offered, line.form.topic.data, gone)
        for line in self.areas:
            places = [(str(code), name) for code, name in provinces().items()]
            line.form.province.choices = _with(places, line.form.province.data, _("(không còn trong danh mục)"))
        divisions = [(d.form.code.data, d.form.name.data or d.form.code.data) for d in self.divisions]
        rounds = [(r.form.code.data, r.form.name.data or r.form.code.data) for r in self.rounds]
        for r in self.rounds:
            r.form.admission_rounds.choices = [(code, name) for code, name in rounds if code != r.form.code.data]
            for own in (*r.form.papers, *r.form.own_prizes):
                own.form.division.choices = _with(divisions, own.form.division.data, _("(không còn bảng này)"))
        tiers = self._tiers()
        for scheme in self.collective:
            for line in scheme.form.prize_points:
                line.form.tier.choices = _with(tiers, line.form.tier.data, _("(không còn giải này)"))

    def _holders(self) -> Iterator[Any]:
        """The forms that hold a matrix."""
        yield from (d.form for d in self.divisions)
        yield from (paper.form for r in self.rounds for paper in r.form.papers)

    def _tiers(self) -> list[tuple[str, str]]:
        """Individual prizes by code, once each."""
        lists = [f for d in self.divisions for f in (d.form.prizes, d.form.overall_prizes)]
        lists += [own.form.prizes for r in self.rounds for own in r.form.own_prizes]
        names = [line.form.name.data for lines in lists for line in lines if line.form.name.data]
        return list({slug(name, 40): name for name in reversed(names)}.items())[::-1]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.has_lucky.data and not self.lucky_name.data:
            fine = refuse(self.lucky_name, _("Mục này cần được điền."))
        for lines in (self.divisions, self.rounds):  # sheets and certificates tell them apart by name only
            names = [" ".join((entry.form.name.data or "").split()).casefold() for entry in lines]
            for n, name in enumerate(names):
                if name and name in names[:n]:
                    fine = refuse(
                        lines[n].form.name, _("Tên này đã dùng cho một mục ở trên. Mỗi bảng, mỗi kỳ cần một tên riêng.")
                    )
        if fine:
            try:
                self.rules()
            except ValidationError as error:
                self._say(error)
                fine = False
        return fine

    def _say(self, error: ValidationError) -> None:
        """Put each fault where it can be mended, or at the head of the form where there is no such place."""
        for fault in rule_faults(error):
            field = self._field_at(fault.path)
            if field is None:
                self.form_errors.append(fault.sentence)
            else:
                refuse(field, fault.sentence)

    def _field_at(self, path: Path) -> Any:
        """The field of the form that makes a place of the document; where that has none, the one around it."""
        at: Any = self
        found = None
        for step in self._form_path(path):
            if isinstance(at, FieldList):
                entries = at.entries
                if not isinstance(step, int) or step >= len(entries):
                    break
                at = entries[step]
            elif isinstance(step, str) and isinstance(at, Form) and step in at:
                at = at[step]
            else:
                continue  # a part that the form does not show as one, such as the rules of a division
            if isinstance(at, FormField):
                at = at.form
            else:
                found = at
        return found

    def _form_path(self, path: Path) -> Path:
        """Where the form has a place of the document."""
        match path:
            case ("contest", group, *rest):
                name = ".".join(str(p) for p in (group, *rest) if isinstance(p, str))
                if name in _FIELDS:
                    return (_FIELDS[name],)
                if group == "collective":
                    return ("collective", *(_SCHEME_FIELDS.get(p, p) if isinstance(p, str) else p for p in rest))
                return (_FIELDS.get(str(group), group), *rest)
            case ("divisions", int() as n, *rest):
                return ("divisions", n, *_renamed(rest))
            case ("rounds", int() as n, *rest):
                order = self._rounds_in_order()
                at = list(self.rounds.entries).index(order[n]) if n < len(order) else n
                return ("rounds", at, *_renamed(rest))
        return path

    def _rounds_in_order(self) -> list[Any]:
        return sorted(self.rounds.entries, key=lambda r: (r.form.opens_at.data is None, r.form.opens_at.data or 0))

    def rules(self) -> RuleSet:
        """The rule set as typed.  Raises pydantic.ValidationError."""
        return RuleSet.model_validate(self._document())

    def readable_rules(self) -> RuleSet | None:
        """The rule set as typed so far, for reading along; None while it is not whole."""
        try:
            return self.rules()
        except ValidationError:
            return None

    def missing(self) -> list[RuleFault]:
        """Why there is nothing to read yet."""
        try:
            self.rules()
        except ValidationError as error:
            return rule_faults(error)
        return []

    def _document(self) -> dict[str, Any]:
        rounds = [entry.form for entry in self._rounds_in_order()]
        first = rounds[0].opens_at.data if rounds else None
        return {
            "title": self.title.data,
            "law_date": self.law_date.data or (local(first).date() if first else None),
            "contest": self._contest(),
            "divisions": _coded("bang", [_division(d.form) for d in self.divisions]),
            "rounds": _coded(
                "ky",
                [
                    {n: r[n].data for n in ("code", "name", "opens_at", "closes_at")} | {"rules": r.rules()}
                    for r in rounds
                ],
            ),
        }

    def _contest(self) -> dict[str, Any]:
        contest: dict[str, Any] = {name: self[name].data for name in _SAME}
        contest["areas"] = [int(a.form.province.data) for a in self.areas if (a.form.province.data or "").isdecimal()]
        contest["week_starts"] = {"weekday": int(self.week_weekday.data or 1), "at": self.week_at.data or "00:00"}
        points = [self[f"points_{n}"].data for n in (1, 2, 3)]
        if any(points):
            contest["level_points"] = {f"level_{n}": value for n, value in enumerate(points, 1)}
        if self.prediction.data:
            contest["prediction"] = {
                "target": self.prediction.data,
                "scope": self.prediction_scope.data,
                "placement": self.prediction_placement.data,
                "use": self.prediction_use.data,
                "max_gap": self.prediction_max_gap.data,
            }
        contest["overall"] = {"how": self.overall_how.data, "chain": self.overall_chain.data}
        contest["prize_rules"] = {
            "min_score": self.min_score.data,
            "all_correct": self.prize_all_correct.data,
            "one_per_person": self.one_per_person.data,
            "one_per_period": self.one_per_period.data,
            "share_percent": self.share_percent.data,
        }
        if self.has_lucky.data:
            contest["lucky"] = {
                "name": self.lucky_name.data,
                "quota": self.lucky_quota.data,
                "amount": self.lucky_amount.data or 0,
                "among": self.lucky_among.data,
                "scope": self.lucky_scope.data,
            }
        contest["collective"] = _coded("tap-the", [part.form.rules() for part in self.collective])
        return contest

    def rearrange(self, act: str, topics: list[TopicSupply]) -> str:
        """Add, drop or move a line as the pressed button says; gives the id of the place to look at next."""
        verb, _sep, name = act.partition(":")
        if verb in ("up", "down", "on", "off", "turn"):
            name, _sep, what = name.partition(":")
            for chain in self._every(ChainField):
                if chain.name == name:
                    chain.rearrange(verb, what)
            return name
        lists = {f.name: f for f in self._every(FieldList)}
        if verb == "add" and name in lists:
            return str(lists[name].append_entry(self._next_line(name)).id)
        if verb == "drop":
            for line in lists.values():
                line.entries = [entry for entry in line.entries if entry.name != name]
        if verb == "fill":
            for holder in self._holders():
                if holder.cells.name == name:
                    _fill(holder, topics)
        return name.rpartition("-")[0] if verb == "drop" else name

    def _every(self, kind: type, form: Any = None) -> Iterator[Any]:
        """Every field of a kind, at any depth."""
        for field in form or self:
            if isinstance(field, kind):
                yield field
            if isinstance(field, FieldList):
                for entry in field.entries:
                    yield from self._every(kind, entry.form)

    def _next_line(self, name: str) -> dict[str, Any]:
        """What a new line starts with: it goes on from the last one of its kind."""
        kind = name.rpartition("-")[2]
        if name == "rounds":
            last = self.rounds.entries[-1].form if self.rounds.entries else None
            start = last.closes_at.data if last else None
            span = start - last.opens_at.data if last and start and last.opens_at.data else timedelta(days=7)
            title = _("Kỳ %(n)s", n=len(self.rounds) + 1)
            return {
                "code": self._free_code("ky", self.rounds),
                "name": title,
                "opens_at": start,
                "closes_at": start + span if start else None,
            }
        if name == "divisions":
            last = self.divisions.entries[-1].form if self.divisions.entries else None
            lines = ("cells", "prizes", "overall_prizes")
            return {
                "code": self._free_code("bang", self.divisions),
                "name": _("Bảng %(n)s", n=len(self.divisions) + 1),
                "audience": DivisionAudience.ALL.value,
                **({line: last[line].data for line in lines} if last else {}),
            }
        if name == "collective":
            fresh = CollectiveRules(code=self._free_code("tap-the", self.collective), name=_("Giải tập thể"))
            return _collective(fresh)
        if kind == "areas":
            return {"province": str(HOME_PROVINCE)}
        if kind in ("papers", "own_prizes"):
            first = self.divisions.entries[0].form if self.divisions.entries else None
            if first is None:
                return {}
            lines_ = {"cells": first.cells.data} if kind == "papers" else {"prizes": first.prizes.data}
            return {"division": first.code.data, **lines_}
        return {}

    def _free_code(self, stem: str, lines: FieldList) -> str:
        taken = {entry.form.code.data for entry in lines}
        return free_slug(f"{stem}-{len(lines) + 1}", taken)

    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong) of everything, in the order of the page."""
        found = list(_problems(self))
        return found + [("", "", str(error)) for error in self.form_errors]


# options that the form and the contest's rules name alike
_SAME = (
    "min_age", "max_age", "barred_roles", "bars_authors", "bars_relatives", "minutes", "late_start", "grace_s",
    "attempt_limit", "total_limit", "week_limit", "consumed", "counted", "points_per_item", "all_or_nothing",
    "essay_points", "chain", "split_pool", "score_release", "review_release", "board_release", "freeze_hours",
    "announce_days", "complaint_days", "essay_judges", "essay_spread_percent", "essay_rubric", "annulment_judges", "signing_judges",
    "answer_days",
    "open_answers",
)  # fmt: skip

# places of the contest's rules that the form names otherwise
_FIELDS = {
    "week_starts.weekday": "week_weekday", "week_starts.at": "week_at",
    "level_points": "points_1", "level_points.level_1": "points_1", "level_points.level_2": "points_2",
    "level_points.level_3": "points_3",
    "prediction.target": "prediction", "prediction.scope": "prediction_scope",
    "prediction.placement": "prediction_placement", "prediction.use": "prediction_use",
    "prediction.max_gap": "prediction_max_gap",
    "overall.how": "overall_how", "overall.chain": "overall_chain", "overall": "overall_how",
    "prize_rules.min_score": "min_score", "prize_rules.all_correct": "prize_all_correct",
    "prize_rules.one_per_person": "one_per_person", "prize_rules.one_per_period": "one_per_period",
    "prize_rules.share_percent": "share_percent", "prize_rules": "min_score",
    "lucky.name": "lucky_name", "lucky.quota": "lucky_quota", "lucky.amount": "lucky_amount",
    "lucky.among": "lucky_among", "lucky.scope": "lucky_scope", "lucky": "has_lucky",
}  # fmt: skip

_SCHEME_FIELDS = {
    "weights": "weight_ratio",
    "ratio": "weight_ratio",
    "quality": "weight_quality",
    "winners": "weight_winners",
}

# parts of divisions and rounds that the form names otherwise
_PART_FIELDS = {"blueprint": "cells", "blueprints": "papers"}


def _renamed(rest: Iterable[str | int]) -> list[str | int]:
    parts = list(rest)
    if "admission" in parts:
        return ["admission_quota" if parts[-1] == "quota" else "admission_rounds"]
    if (
        "rules" in parts[:1]
        and "prizes" in parts
        and parts[1] == "prizes"
        and len(parts) > 2
        and isinstance(parts[2], str)
    ):
        return ["own_prizes"]
    if "hours" in parts:
        return [{"opens": "hours_opens", "closes": "hours_closes"}.get(str(parts[-1]), "weekdays")]
    return [_PART_FIELDS.get(p, p) if isinstance(p, str) else p for p in parts]


def form_for(contest: Contest, mark: str) -> BuilderForm:
    """The form over a draft; a posted one holds what was typed instead."""
    rules = rule_set(contest)
    c = rules.contest
    lucky = c.lucky or LuckyRules()
    prediction = c.prediction.model_dump(mode="json") if c.prediction else {}
    data = c.model_dump(mode="json") | {
        "seen": mark,
        "title": rules.title,
        "summary": contest.summary,
        "rules_number": contest.rules_number,
        "law_date": rules.law_date,
        "areas": [{"province": str(code)} for code in c.areas],
        "week_weekday": str(c.week_starts.weekday),
        "week_at": c.week_starts.at,
        "prediction": prediction.get("target", ""),
        **{f"prediction_{name}": value for name, value in prediction.items()},
        "overall_how": c.overall.how.value,
        "overall_chain": c.overall.chain,
        "min_score": c.prize_rules.min_score,
        "prize_all_correct": c.prize_rules.all_correct,
        "one_per_person": c.prize_rules.one_per_person,
        "one_per_period": c.prize_rules.one_per_period,
        "share_percent": c.prize_rules.share_percent,
        "has_lucky": c.lucky is not None,
        **{f"lucky_{name}": value for name, value in lucky.model_dump(mode="json").items()},
        "collective": [_collective(scheme) for scheme in c.collective],
        "divisions": [
            {
                "code": d.code,
                "name": d.name,
                "audience": d.rules.audience.value,
                "cells": _lines(d.rules.blueprint),
                "prizes": _prize_lines(d.rules.prizes),
                "overall_prizes": _prize_lines(d.rules.overall_prizes),
            }
            for d in rules.divisions
        ],
        "rounds": [_round(r) for r in rules.rounds],
    }
    if c.level_points:
        data |= {f"points_{n}": value for n, value in c.level_points.by_level.items()}
    return BuilderForm(data=data)


def _round(part: Any) -> dict[str, Any]:
    rules = part.rules
    hours, admission = rules.hours, rules.admission
    return {
        "code": part.code,
        "name": part.name,
        "opens_at": part.opens_at,
        "closes_at": part.closes_at,
        "period": rules.period,
        "minutes": rules.minutes,
        "attempt_limit": rules.attempt_limit,
        "weekdays": [str(n) for n in hours.weekdays] if hours else [],
        "hours_opens": hours.opens if hours else "",
        "hours_closes": hours.closes if hours else "",
        "admission_rounds": list(admission.rounds) if admission else [],
        "admission_quota": admission.quota if admission else None,
        "papers": [{"division": code, "cells": _lines(cells)} for code, cells in rules.blueprints.items()],
        "own_prizes": [{"division": code, "prizes": _prize_lines(tiers)} for code, tiers in rules.prizes.items()],
    }


def _collective(scheme: CollectiveRules) -> dict[str, Any]:
    weights = scheme.weights.model_dump()
    return scheme.model_dump(mode="json", exclude={"weights", "prizes", "prize_points"}) | {
        "prizes": _prize_lines(scheme.prizes),
        "prize_points": [{"tier": code, "points": n} for code, n in scheme.prize_points.items()],
        **{f"weight_{name}": value for name, value in weights.items()},
    }


def _prize_lines(tiers: Any) -> list[dict[str, Any]]:
    return [t.model_dump(include={"name", "quota", "amount"}) for t in tiers]


def _lines(blueprint: Any) -> list[dict[str, Any]]:
    lines: dict[str, dict[str, Any]] = {}
    for cell in blueprint:
        line = lines.setdefault(f"{cell.bank}|{cell.topic}", {"topic": f"{cell.bank}|{cell.topic}"})
        name = {None: "any_level", ESSAY_LEVEL: "essays"}.get(cell.level, f"level_{cell.level}")
        line[name] = line.get(name, 0) + cell.count
    return list(lines.values())


def _division(form: Any) -> dict[str, Any]:
    rules = {
        "audience": form.audience.data,
        "blueprint": form.blueprint(),
        "prizes": [line.form.tier() for line in form.prizes],
        "overall_prizes": [line.form.tier() for line in form.overall_prizes],
    }
    return {"code": form.code.data, "name": form.name.data, "rules": rules}


def _coded(stem: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every part a code of its own; a code that is there already stays."""
    taken = {p["code"] for p in parts if p["code"]}
    used: set[str] = set()
    for n, part in enumerate(parts, 1):
        code = part["code"]
        if not code or code in used or not re.fullmatch(r"[a-z0-9-]{1,40}", code):
            part["code"] = free_slug(f"{stem}-{n}", taken | used)
        used.add(part["code"])
    return parts


def _fill(holder: Any, topics: list[TopicSupply]) -> None:
    """Add a line for each topic of the chosen bank that has none yet."""
    there = {line.form.topic.data for line in holder.cells}
    for t in topics:
        if t.bank == holder.fill.data and f"{t.bank}|{t.topic}" not in there:
            holder.cells.append_entry({"topic": f"{t.bank}|{t.topic}"})


def _with(offered: list[tuple[str, Any]], chosen: str | None, gone: str) -> list[tuple[str, Any]]:
    known = {value for value, _text in offered}
    return [*offered, (chosen, gone)] if chosen and chosen not in known else offered


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _problems(form: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """where: the lines that the form stands in, "Tuần 1, ", because several have fields of the same label"""
    for field in form:
        if isinstance(field, FormField):
            yield from _problems(field.form, where)
            continue
        anchor = f"{field.id}-d" if isinstance(field, DayField) else field.id
        yield from ((anchor, f"{where}{field.label.text}", str(e)) for e in field.errors if not isinstance(e, dict))
        if isinstance(field, FieldList):
            for n, entry in enumerate(field.entries, 1):
                yield from _problems(entry.form, f"{where}{_line_name(field, entry.form, n)}, ")


def _line_name(lines: FieldList, line: Any, n: int) -> str:
    """What the organizer calls a line of a list, or else its number."""
    name = getattr(line, "name", None)
    return (name is not None and name.data) or _("%(list)s %(n)s", list=lines.label.text, n=n)
