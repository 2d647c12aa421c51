"""The builder: one long form for a whole draft, whose lines come and go without a script.

Every button of the form posts all of it with `act`: "save" and "preview" check and store; "refresh" only checks; the
others (`rearrange`) add, drop or move lines and show the form again with everything that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from quiz.contests.builder_parts import ChainField, DivisionPart, RoundPart, named, refuse
from quiz.contests.forms import ChecksField, NumberField
from quiz.contests.models import Contest
from quiz.contests.rule_set import DivisionAudience, RuleSet, rule_set
from quiz.contests.rules_text import BARRED_TEXTS, CRITERION_TEXTS
from quiz.contests.slugs import free_slug, slug
from quiz.contests.topics import Titles, TopicSupply
from quiz.formats import local
from quiz.forms import DayField, Form
from quiz.rules.clock import LateStart
from quiz.rules.counting import Counted
from quiz.rules.prediction import Target
from quiz.rules.visibility import Release

CHECKING = ("save", "preview", "refresh")

_RELEASES = {
    Release.AFTER_SUBMIT: _l("Ngay sau khi nộp bài"),
    Release.AFTER_CLOSE: _l("Sau khi kỳ thi kết thúc"),
    Release.AFTER_PUBLISH: _l("Sau khi công bố kết quả"),
    Release.NEVER: _l("Không mở"),
}
_BOARD_RELEASES = _RELEASES | {Release.AFTER_SUBMIT: _l("Ngay từ khi kỳ thi mở")}


class BuilderForm(Form):
    seen = HiddenField()
    title = named(_l("Tên cuộc thi"), 300)
    summary = TextAreaField(_l("Lời giới thiệu"), [Length(max=2000, message=_l("Lời giới thiệu dài quá 2.000 ký tự."))])
    rules_number = StringField(_l("Số thể lệ"), [Length(max=100, message=_l("Số thể lệ dài quá 100 ký tự."))])
    law_date = DayField(_l("Nội dung pháp luật tính đến ngày"))
    min_age = NumberField(_l("Tuổi tối thiểu"), low=0, high=100)
    barred_roles = ChecksField(_l("Người không được dự thi"), choices=[(r.value, t) for r, t in BARRED_TEXTS.items()])
    divisions = FieldList(FormField(DivisionPart), label=_l("Bảng"))
    rounds = FieldList(FormField(RoundPart), label=_l("Kỳ thi"))
    minutes = NumberField(_l("Thời gian làm bài, phút"), low=1, high=240)
    attempt_limit = NumberField(_l("Số lượt mỗi kỳ"), low=1, high=1000, blank=True)
    counted = SelectField(
        _l("Lấy kết quả"),
        choices=[
            (Counted.BEST.value, _l("Lượt tốt nhất")),
            (Counted.FIRST.value, _l("Lượt đầu tiên")),
            (Counted.LAST.value, _l("Lượt cuối cùng")),
        ],
    )
    points_per_item = NumberField(_l("Điểm mỗi câu đúng"), low=1, high=1000)
    late_start = SelectField(
        _l("Bắt đầu sát giờ đóng"),
        choices=[
            (LateStart.CUT.value, _l("Kết thúc đúng giờ đóng của kỳ")),
            (LateStart.FULL.value, _l("Vẫn được làm đủ thời gian")),
        ],
    )
    grace_s = NumberField(_l("Nhận câu trả lời đến chậm, giây"), low=0, high=60)
    prediction = SelectField(
        _l("Câu dự đoán"),
        choices=[
            ("", _l("Không có câu dự đoán")),
            (Target.PEOPLE_ALL_CORRECT.value, _l("Số người trả lời đúng tất cả các câu")),
            (Target.PEOPLE.value, _l("Số người dự thi")),
            (Target.ATTEMPTS.value, _l("Số lượt dự thi")),
        ],
    )
    chain = ChainField(_l("Chuỗi xét hạng"))
    score_release = SelectField(_l("Xem điểm của mình"), choices=[(r.value, t) for r, t in _RELEASES.items()])
    review_release = SelectField(_l("Xem đáp án và giải thích"), choices=[(r.value, t) for r, t in _RELEASES.items()])
    board_release = SelectField(_l("Xem bảng xếp hạng"), choices=[(r.value, t) for r, t in _BOARD_RELEASES.items()])
    announce_days = NumberField(_l("Công bố kết quả trong, ngày"), low=1, high=90)
    complaint_days = NumberField(_l("Nhận khiếu nại trong, ngày"), low=0, high=30)

    def offer(self, topics: list[TopicSupply], names: Titles) -> None:
        """Fill the lists of banks and topics; a topic that is gone stays visible, so that it can be exchanged."""
        offered = [
            (
                f"{t.bank}|{t.topic}",
                _("%(title)s, có %(n)s câu (%(bank)s)", title=t.title, n=t.total, bank=names.bank(t.bank)),
            )
            for t in topics
        ]
        known = {value for value, _text in offered}
        for division in self.divisions:
            division.form.fill.choices = list(names.banks.items())
            for line in division.form.cells:
                field = line.form.topic
                gone = (
                    [(field.data, _("(không còn trong ngân hàng)"))] if field.data and field.data not in known else []
                )
                field.choices = offered + gone

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if not self.divisions.entries:
            fine = refuse(self.divisions, _("Cuộc thi cần ít nhất một bảng."))
        if not self.rounds.entries:
            fine = refuse(self.rounds, _("Cuộc thi cần ít nhất một kỳ thi."))
        if not self.chain.data:
            fine = refuse(self.chain, _("Chuỗi xét hạng cần ít nhất một tiêu chí."))
        if self.prediction.data and "prediction" not in self.chain.data:
            fine = refuse(
                self.chain, _("Có câu dự đoán thì chuỗi xét hạng phải có tiêu chí “Dự đoán”. Hãy thêm vào chuỗi.")
            )
        if not self.prediction.data and "prediction" in self.chain.data:
            fine = refuse(
                self.chain, _("Không có câu dự đoán thì chuỗi xét hạng không dùng được tiêu chí “Dự đoán”. Hãy bỏ ra.")
            )
        if fine:
            try:
                self.rules()
            except ValidationError as error:  # pydantic is the last gate; what only it finds is named here
                places = ", ".join(".".join(str(p) for p in e["loc"]) or e["msg"] for e in error.errors())
                self.form_errors = [_("Bộ quy tắc chưa hợp lệ ở: %(places)s.", places=places)]
                fine = False
        return fine

    def rules(self) -> RuleSet:
        """The rule set as typed.  Raises pydantic.ValidationError."""
        return RuleSet.model_validate(self._document())

    def readable_rules(self) -> RuleSet | None:
        """The rule set as typed so far, for reading along; None while it is not whole."""
        try:
            return self.rules()
        except ValidationError:
            return None

    def _document(self) -> dict[str, Any]:
        rounds = sorted((r.form for r in self.rounds), key=lambda r: (r.opens_at.data is None, r.opens_at.data or 0))
        first = rounds[0].opens_at.data if rounds else None
        names = (
            "min_age", "barred_roles", "minutes", "attempt_limit", "counted", "points_per_item", "late_start", "grace_s",
            "score_release", "review_release", "board_release", "announce_days", "complaint_days",
        )  # fmt: skip
        contest: dict[str, Any] = {name: self[name].data for name in names} | {"chain": self.chain.data}
        contest["prediction"] = {"target": self.prediction.data} if self.prediction.data else None
        return {
            "title": self.title.data,
            "law_date": self.law_date.data or (local(first).date() if first else None),
            "contest": contest,
            "divisions": _coded("bang", [_division(d.form) for d in self.divisions]),
            "rounds": _coded("ky", [{n: r[n].data for n in ("code", "name", "opens_at", "closes_at")} for r in rounds]),
        }

    def rearrange(self, act: str, topics: list[TopicSupply]) -> str:
        """Add, drop or move a line as the pressed button says; gives the id of the place to look at next."""
        verb, _sep, name = act.partition(":")
        if verb in ("up", "down", "on", "off"):
            self.chain.data = _moved(self.chain.data, verb, name)
            return "chain"
        lists = dict(self._lists())
        if verb == "add" and name in lists:
            entry = lists[name].append_entry(self._next_line(name))
            return str(entry.id)
        if verb == "drop":
            for line in lists.values():
                line.entries = [entry for entry in line.entries if entry.name != name]
        if verb == "fill":
            for division in self.divisions:
                if division.name == name:
                    _fill(division.form, topics)
        return name.rpartition("-")[0] if verb == "drop" else name

    def _lists(self) -> Iterator[tuple[str, FieldList]]:
        yield from (("divisions", self.divisions), ("rounds", self.rounds))
        for division in self.divisions:
            yield from ((f.name, f) for f in (division.form.cells, division.form.prizes))

    def _next_line(self, name: str) -> dict[str, Any]:
        """What a new line starts with: it goes on from the last one of its kind."""
        if name == "rounds":
            last = self.rounds.entries[-1].form if self.rounds.entries else None
            start = last.closes_at.data if last else None
            span = start - last.opens_at.data if last and start and last.opens_at.data else timedelta(days=7)
            title = _("Kỳ %(n)s", n=len(self.rounds) + 1)
            return {"name": title, "opens_at": start, "closes_at": start + span if start else None}
        if name == "divisions":
            last = self.divisions.entries[-1].form if self.divisions.entries else None
            copied = {"cells": last.cells.data, "prizes": last.prizes.data} if last else {}
            return {
                "name": _("Bảng %(n)s", n=len(self.divisions) + 1),
                "audience": DivisionAudience.ALL.value,
                **copied,
            }
        return {}

    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong) of everything, in the order of the page."""
        found = list(_problems(self))
        return found + [("", "", str(error)) for error in self.form_errors]


def form_for(contest: Contest, mark: str) -> BuilderForm:
    """The form over a draft; a posted one holds what was typed instead."""
    rules = rule_set(contest)
    data = rules.contest.model_dump(mode="json") | {
        "seen": mark,
        "title": rules.title,
        "summary": contest.summary,
        "rules_number": contest.rules_number,
        "law_date": rules.law_date,
        "prediction": rules.contest.prediction.target.value if rules.contest.prediction else "",
        "divisions": [
            {
                "code": d.code,
                "name": d.name,
                "audience": d.rules.audience.value,
                "cells": _lines(d.rules.blueprint),
                "prizes": [t.model_dump(include={"name", "quota", "amount"}) for t in d.rules.prizes],
            }
            for d in rules.divisions
        ],
        "rounds": [r.model_dump() for r in rules.rounds],
    }
    return BuilderForm(data=data)


def _lines(blueprint: Any) -> list[dict[str, Any]]:
    lines: dict[str, dict[str, Any]] = {}
    for cell in blueprint:
        line = lines.setdefault(f"{cell.bank}|{cell.topic}", {"topic": f"{cell.bank}|{cell.topic}"})
        name = f"level_{cell.level}" if cell.level else "any_level"
        line[name] = line.get(name, 0) + cell.count
    return list(lines.values())


def _division(form: Any) -> dict[str, Any]:
    prizes: list[dict[str, Any]] = []
    for line in form.prizes:
        name = line.form.name.data or ""
        prizes.append(
            {"code": slug(name, 40), "name": name, "quota": line.form.quota.data, "amount": line.form.amount.data or 0}
        )
    blueprint = [cell for line in form.cells for cell in line.form.cells()]
    rules = {"audience": form.audience.data, "blueprint": blueprint, "prizes": prizes}
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


def _fill(division: Any, topics: list[TopicSupply]) -> None:
    """Add a line for each topic of the chosen bank that has none yet."""
    there = {line.form.topic.data for line in division.cells}
    for t in topics:
        if t.bank == division.fill.data and f"{t.bank}|{t.topic}" not in there:
            division.cells.append_entry({"topic": f"{t.bank}|{t.topic}"})


def _moved(chain: list[str], verb: str, name: str) -> list[str]:
    if verb == "on":
        return [*chain, name] if name in CRITERION_TEXTS and name not in chain else chain
    if name not in chain:
        return chain
    i = chain.index(name)
    rest = [other for other in chain if other != name]
    if verb == "off":
        return rest
    rest.insert(max(0, i - 1) if verb == "up" else i + 1, name)
    return rest


def _problems(form: Any) -> Iterator[tuple[str, str, str]]:
    for field in form:
        if isinstance(field, FormField):
            yield from _problems(field.form)
            continue
        anchor = f"{field.id}-d" if isinstance(field, DayField) else field.id
        yield from ((anchor, str(field.label.text), str(e)) for e in field.errors if not isinstance(e, dict))
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _problems(entry.form)
