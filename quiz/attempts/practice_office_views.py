"""Pages on which organizers give banks to practice, and see what contests keep back of them and how they are used."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.attempts import practice
from quiz.attempts import practice_queries as queries
from quiz.attempts.practice_forms import PracticeBankForm
from quiz.attempts.practice_models import PracticeBank
from quiz.attempts.views import bp
from quiz.banks.models import Bank
from quiz.banks.queries import bank_by_code
from quiz.db import transaction
from quiz.rules.practice import Why

HARDEST = 10
ANSWERS_ENOUGH = 5  # before a share of them says anything, and nobody can be guessed from it

WHY_TEXTS = {
    Why.DRAFT: _l("bản nháp hỏi chủ đề này"),
    Why.TO_COME: _l("kỳ thi sắp mở"),
    Why.OPEN: _l("kỳ thi đang mở"),
    Why.SITTING: _l("kỳ thi đã đóng, còn người đang làm bài"),
    Why.KEY_KEPT: _l("theo thể lệ, người đã thi cũng chưa được xem đáp án"),
}


def bank_or_404(code: str) -> Bank:
    return bank_by_code(code) or abort(404)


@bp.route("/to-chuc/on-luyen")
@needs(Permission.MANAGE_PRACTICE)
def practice_office() -> Any:
    given = queries.settings_by_bank()
    lines = []
    for bank in queries.all_banks():
        setting = given.get(bank.id)
        found = queries.practicable(setting or _as_if_given(bank), g.now)
        uses = queries.use_by_topic(bank).values()
        lines.append(
            {
                "bank": bank,
                "setting": setting,
                "drawable": len(found),
                "free": len(queries.free(found, g.now)),
                "kept": queries.kept(found, g.now),
                "answered": sum(answered for answered, _correct in uses),
            }
        )
    return render_template("practice/office.html", lines=lines, why_texts=WHY_TEXTS)


@bp.route("/to-chuc/on-luyen/<code>", methods=["GET", "POST"])
@needs(Permission.MANAGE_PRACTICE, of=bank_or_404)
def practice_bank(bank: Bank) -> Any:
    setting = queries.setting_of(bank)
    form = PracticeBankForm.of(bank, setting)
    if form.validate_on_submit():
        with transaction():
            practice.give(
                bank, is_on=form.is_on.data, closed_topics=form.closed_topics, law_date=form.law_date.data,
                actor=current_user, now=g.now,
            )  # fmt: skip
        flash(_("Đã lưu cách ôn luyện của ngân hàng này."), "ok")
        return redirect(url_for(".practice_office"))
    found = queries.practicable(setting or _as_if_given(bank), g.now)
    return render_template(
        "practice/bank.html",
        bank=bank,
        setting=setting,
        form=form,
        drawable=queries.count_by_topic(found),
        free=queries.count_by_topic(queries.free(found, g.now)),
        kept=queries.kept(found, g.now),
        why_texts=WHY_TEXTS,
        uses=queries.use_by_topic(bank),
        hardest=queries.hardest(bank, limit=HARDEST, at_least=ANSWERS_ENOUGH),
        at_least=ANSWERS_ENOUGH,
    ), 422 if form.errors else 200


def _as_if_given(bank: Bank) -> PracticeBank:
    """What giving the whole bank would mean; it is not written."""
    return PracticeBank(bank=bank, closed_topics=[], law_date=None)
