"""The page on which organizers let the first of earlier rounds into a final."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.contests.models import ContestState, Round
from quiz.contests.queries import admitted_among, round_by_id
from quiz.contests.rule_set import round_rules
from quiz.db import transaction
from quiz.ranking import admissions
from quiz.ranking.views import bp


def limited_round_or_404(round_id: int) -> Round:
    """A round of a public contest to which only some are admitted."""
    round_ = round_by_id(round_id)
    if round_ is None or round_.contest.state != ContestState.OPEN or round_rules(round_).admission is None:
        abort(404)
    return round_


@bp.route("/to-chuc/dot/<int:round_id>/vao-vong")
@needs(Permission.MANAGE_CONTEST, of=limited_round_or_404)
def admission(round_: Round) -> Any:
    """Whom the published sheets bring into the round, and who of them has been let in."""
    people = admissions.qualified(round_)
    return render_template(
        "ranking/admission.html",
        round=round_,
        contest=round_.contest,
        rule=round_rules(round_).admission,
        sources=admissions.sources(round_),
        people=people,
        admitted=admitted_among(round_.id, [s.entry_id for s in people]),
    )


@bp.route("/to-chuc/dot/<int:round_id>/vao-vong/ghi", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=limited_round_or_404)
def admit(round_: Round) -> Any:
    with transaction():
        new = admissions.admit(round_, current_user, now=g.now)
    flash(_("Đã ghi thêm %(n)s người vào danh sách dự thi của %(round)s.", n=new, round=round_.name), "ok")
    return redirect(url_for(".admission", round_id=round_.id))
