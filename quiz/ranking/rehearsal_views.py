"""The page on which organizers rehearse a contest with artificial people before real ones come."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from flask import abort, g, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectField

from quiz.access import Permission, needs
from quiz.contests import queries
from quiz.contests.forms import NumberField
from quiz.contests.models import Contest
from quiz.contests.rule_set import rule_set
from quiz.db import transaction
from quiz.forms import Form
from quiz.ranking import rehearsal, rehearsal_words
from quiz.ranking.rehearsal import Report, Wishes
from quiz.ranking.views import bp
from quiz.ranking.words import SKIP_TEXTS, columns, value_text
from quiz.rules.drawing import BankTooSmall
from quiz.rules.rehearsal_people import Assumptions
from quiz.rules.tie_break import values_of

MOST_PEOPLE = 20_000  # on the page; the command takes more
BUDGET_S = 8.0  # of one request

_SPREADS = {"0.5": _l("Gần như nhau"), "1.0": _l("Chênh nhau vừa phải"), "1.5": _l("Chênh nhau nhiều")}


class RehearsalForm(Form):
    people = NumberField(_l("Số người mô phỏng"), low=1, high=MOST_PEOPLE)
    seed = NumberField(_l("Số gieo"), low=0, high=10**9)
    share_1 = NumberField(_l("Câu nhận biết"), low=1, high=99)
    share_2 = NumberField(_l("Câu thông hiểu"), low=1, high=99)
    share_3 = NumberField(_l("Câu vận dụng"), low=1, high=99)
    spread = SelectField(_l("Trình độ người dự thi"), choices=list(_SPREADS.items()))
    takes_part = NumberField(_l("Dự mỗi kỳ, %"), low=1, high=100)
    goes_on = NumberField(_l("Thi lại khi còn lượt, %"), low=0, high=100)

    @property
    def wishes(self) -> Wishes:
        how = Assumptions(
            people=self.people.data or 1,
            seed=self.seed.data or 0,
            spread=float(self.spread.data),
            takes_part=(self.takes_part.data or 0) / 100,
            goes_on=(self.goes_on.data or 0) / 100,
        )
        return Wishes(how, {level: (self[f"share_{level}"].data or 0) / 100 for level in (1, 2, 3)})


USUAL: dict[str, Any] = {
    "people": 1_000, "seed": 1, "share_1": 85, "share_2": 70, "share_3": 55, "spread": "1.0", "takes_part": 80,
    "goes_on": 60,
}  # fmt: skip


def contest_by_id_or_404(contest_id: int) -> Contest:
    return queries.contest_by_id(contest_id) or abort(404)


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/tong-duyet", methods=["GET", "POST"])
@needs(Permission.MANAGE_CONTEST, of=contest_by_id_or_404)
def rehearse(contest: Contest) -> Any:
    """The form, and below it what came out; nothing is kept but a line of the journal."""
    form = RehearsalForm(data=USUAL)
    report: Report | None = None
    took = 0.0
    if form.validate_on_submit() and _fits(form, contest):
        started = perf_counter()
        try:
            report = rehearsal.rehearse(contest, form.wishes)
        except BankTooSmall:
            form.form_errors = [
                _(
                    "Ngân hàng chưa đủ câu cho ma trận đề nên chưa rút được đề nào. Trang xem trước nói rõ thiếu chủ đề nào."
                )
            ]
        else:
            took = perf_counter() - started
            with transaction():
                rehearsal.note(report, contest, current_user, now=g.now)
    rules = rule_set(contest)
    names, rounds = {d.code: d.name for d in rules.divisions}, {r.code: r.name for r in rules.rounds}
    return render_template(
        "ranking/rehearsal.html",
        contest=contest,
        form=form,
        report=report,
        took=took,
        rules=rules,
        advice=rehearsal_words.advice(report, rules) if report else [],
        name_of=lambda f: rehearsal_words.name_of(f, names, rounds),
        round_names=rounds,
        tier_names={t.code: t.name for d in rules.divisions for t in (*d.rules.prizes, *d.rules.overall_prizes)},
        percent=rehearsal_words.percent,
        step_name=rehearsal_words.step_name,
        skip_texts=SKIP_TEXTS,
        columns=columns,
        cells=lambda standing, chain: values_of(standing.result, chain) | {"score": standing.result.score},
        value_text=value_text,
        most_people=MOST_PEOPLE,
    ), 422 if form.errors else 200


def _fits(form: RehearsalForm, contest: Contest) -> bool:
    """Would it be done within a request?"""
    most = rehearsal.most_people(contest, form.wishes, BUDGET_S)
    if (form.people.data or 0) <= most:
        return True
    said = _(
        "Cuộc thi này có nhiều kỳ, nhiều lượt, nên trang mô phỏng được nhiều nhất %(n)s người. Hãy giảm số người; muốn nhiều "
        "hơn, hãy nhờ người quản trị chạy lệnh flask ranking rehearse %(id)s trên máy chủ.",
        n=f"{most:,}".replace(",", "."), id=contest.id,
    )  # fmt: skip
    form.people.errors = [*form.people.errors, said]
    return False
