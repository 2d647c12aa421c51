"""Annulling and restoring an attempt. The routes belong to marking's pages; they stand here because places move with them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.attempts import submission
from quiz.attempts.models import Attempt, AttemptState
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.marking import verdicts
from quiz.marking.conflicts import conflict
from quiz.marking.forms import WhyForm
from quiz.marking.queries import active_annulment, proposed_annulment
from quiz.marking.refusals import MarkingRefusal
from quiz.marking.views import attempt_or_404, attempt_page
from quiz.marking.views import bp as marking_bp
from quiz.ranking import corrections, queries
from quiz.ranking.models import Ranking
from quiz.ranking.prizes import prizes_of


@marking_bp.route("/xet-hang/luot/<code>/huy", methods=["POST"])
@needs(Permission.ANNUL_ATTEMPT, of=attempt_or_404)
def annul(attempt: Attempt) -> Any:
    return _correct(attempt, annul=True)


@marking_bp.route("/xet-hang/luot/<code>/khoi-phuc", methods=["POST"])
@needs(Permission.ANNUL_ATTEMPT, of=attempt_or_404)
def restore(attempt: Attempt) -> Any:
    return _correct(attempt, annul=False)


def _correct(attempt: Attempt, *, annul: bool) -> Any:
    """First what would follow, and only when that page is sent too, the deed."""
    with transaction():
        submission.end_if_over(attempt, now=g.now)
    if refusal := _why_not(attempt, annul):
        raise refusal
    form = WhyForm()
    if not form.validate_on_submit():
        return attempt_page(attempt, form), 422
    if not form.confirmed.data:
        return _look_ahead(attempt, form, annul=annul)
    why = form.why.data or ""
    with transaction():
        if annul and verdicts.needs_two(attempt):
            said = _annul_by_two(attempt, why)
        else:
            deed = corrections.annul if annul else corrections.restore
            said = _said(deed(attempt, current_user, why=why, now=g.now), annul)
    flash(said, "ok")
    return redirect(url_for("marking.attempt", code=attempt.code))


def _annul_by_two(attempt: Attempt, why: str) -> str:
    """The first judge proposes, the second confirms; gives what was done."""
    proposed = proposed_annulment(attempt.id)
    if proposed is None:
        verdicts.propose_annulment(attempt, current_user, why=why, now=g.now)
        return _("Đã gửi đề nghị hủy. Lượt thi vẫn được tính cho đến khi giám khảo thứ hai xác nhận.")
    return _said(corrections.confirm_annulment(proposed, current_user, why=why, now=g.now), annul=True)


def _why_not(attempt: Attempt, annul: bool) -> Refusal | None:
    """Before anything is shown; the deed itself is guarded again by the database."""
    if reason := conflict(current_user, attempt.entry):
        return Refusal(reason)
    proposed = proposed_annulment(attempt.id) if annul else None
    if proposed is not None and proposed.judge_id == current_user.id:
        return Refusal(MarkingRefusal.SAME_JUDGE)
    if attempt.state == AttemptState.OPEN:
        return Refusal(MarkingRefusal.NOT_ENDED)
    is_annulled = active_annulment(attempt.id) is not None
    if annul == is_annulled:
        return Refusal(MarkingRefusal.ALREADY_ANNULLED if annul else MarkingRefusal.NOT_ANNULLED)
    return None


def _look_ahead(attempt: Attempt, form: WhyForm, *, annul: bool) -> str:
    sheet = queries.latest_sheet(attempt.round_id, attempt.entry.division_id)
    tiers = prizes_of(attempt.entry.division, attempt.round_)
    return render_template(
        "ranking/correction.html",
        attempt=attempt,
        contest=attempt.round_.contest,
        round=attempt.round_,
        annul=annul,
        form=form,
        sheet=sheet,
        prize_names={tier.code: tier.name for tier in tiers},
        proposed=proposed_annulment(attempt.id) if annul else None,
        needs_two=annul and verdicts.needs_two(attempt),
        follows=corrections.consequences(attempt, annul=annul, now=g.now),
    )


def _said(sheets: list[Ranking], annul: bool) -> str:
    done = _("Đã hủy lượt thi.") if annul else _("Đã khôi phục lượt thi.")
    if not sheets:
        return done
    made = ngettext("Đã lập bảng kết quả mới.", "Đã lập %(num)s bảng kết quả mới.", len(sheets))
    return f"{done} {made}"
