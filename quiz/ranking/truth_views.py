"""The truth of a prediction: every record with how it was counted."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.queries import contest_by_id, round_by_id
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.contests.rules_text import truth_text
from quiz.db import transaction
from quiz.marking.queries import annulment_counts
from quiz.ranking import queries, truths
from quiz.ranking.views import bp
from quiz.rules.prediction import Scope

Counted = tuple[Contest, Round | None]


def counted_or_404(contest_id: int, round_id: int) -> Counted:
    """What a truth is counted over: a round, or with 0 the whole contest; as the rules say, else nothing."""
    contest = contest_by_id(contest_id)
    if contest is None or contest.state != ContestState.OPEN:
        abort(404)
    prediction = contest_rules(contest).prediction
    round_ = round_by_id(round_id) if round_id else None
    if prediction is None or (round_ is None) != (prediction.scope is Scope.CONTEST):
        abort(404)
    if round_ is not None and round_.contest_id != contest.id:
        abort(404)
    return contest, round_


@bp.route("/xet-hang/so-thuc-te/<int:contest_id>/<int:round_id>")
@needs(Permission.SEE_RANKING, of=counted_or_404)
def truth(counted: Counted) -> Any:
    contest, round_ = counted
    rounds = [round_] if round_ else contest.rounds
    records = queries.truths_of(contest.id, round_.id if round_ else None)
    ids = [r.id for r in rounds]
    basis = queries.truth_basis(ids, annulment_counts(ids), rulings_of(contest).finished)
    prediction = contest_rules(contest).prediction
    assert prediction is not None
    return render_template(
        "ranking/truth.html",
        contest=contest,
        round=round_,
        records=records,
        holds=bool(records) and records[0].basis == basis,
        ended_at=max(all_ended_at(r) for r in rounds),
        definition=truth_text(prediction),
    )


@bp.route("/xet-hang/so-thuc-te/<int:contest_id>/<int:round_id>/chot", methods=["POST"])
@needs(Permission.MAKE_RANKING, of=counted_or_404)
def freeze_truth(counted: Counted) -> Any:
    contest, round_ = counted
    with transaction():
        record = truths.freeze_truth(contest, round_, current_user, now=g.now)
    flash(_("Số thực tế là %(n)s, bản ghi số %(number)s.", n=record.value, number=record.number), "ok")
    return redirect(url_for(".truth", contest_id=contest.id, round_id=round_.id if round_ else 0))
