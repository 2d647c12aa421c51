"""The judges' pages of essays: which papers wait, and one essay to read. Nobody's name is on them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.addresses import page_number
from quiz.attempts.models import Attempt
from quiz.attempts.papers import kinds
from quiz.attempts.queries import attempt_by_code
from quiz.banks.models import ItemKind
from quiz.codes import read_code
from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules
from quiz.db import transaction
from quiz.marking import essays as service
from quiz.marking import queries
from quiz.marking.forms import EssayMarkForm
from quiz.marking.views import bp, round_or_404

PER_PAGE = 50


def paper_or_404(code: str) -> Attempt:
    """An attempt that has been handed in and holds essays."""
    attempt = attempt_by_code(read_code(code))
    return attempt if attempt is not None and attempt.essays and attempt.state in service.HANDED_IN else abort(404)


@bp.app_template_global("essay_points")
def essay_points(attempt: Attempt) -> dict[int, int]:
    """Question → points given, for the page on which people see their outcome: it stands in a room above this one."""
    return queries.essay_points(attempt.id)


@bp.route("/xet-hang/tu-luan/<int:round_id>")
@needs(Permission.MARK_ESSAY, of=round_or_404)
def essays(round_: Round) -> Any:
    if contest_rules(round_.contest).essay_judges > 1:
        return redirect(url_for(".my_essays", round_id=round_.id))
    is_marked = request.args.get("xem") == "da-cham"
    page = page_number()
    counts = {marked: queries.count_papers_with_essays(round_.id, is_marked=marked) for marked in (False, True)}
    papers = queries.papers_with_essays(round_.id, is_marked=is_marked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    marked = queries.marked_questions([a.id for a in papers])
    return render_template(
        "marking/essays.html",
        round=round_,
        contest=round_.contest,
        papers=[(a, [(number, (a.id, number) in marked) for number in _numbers(a)]) for a in papers],
        is_marked=is_marked,
        counts=counts,
        page=page,
        per_page=PER_PAGE,
    )


def _numbers(attempt: Attempt) -> list[int]:
    return [number for number, kind in enumerate(kinds(attempt.paper), 1) if kind == ItemKind.ESSAY]


@bp.route("/xet-hang/tu-luan/bai/<code>/<int:number>", methods=["GET", "POST"])
@needs(Permission.MARK_ESSAY, of=paper_or_404)
def essay(attempt: Attempt, number: int) -> Any:
    """One essay to read and to give points; afterwards the next of its paper, or the list."""
    rules = contest_rules(attempt.round_.contest)
    if rules.essay_judges > 1:  # here a paper has the code under which other pages name its author
        return redirect(url_for(".my_essays", round_id=attempt.round_id))
    question = next((q for q in service.essays_of(attempt) if q.number == number), None) or abort(404)
    mark = queries.essay_mark(attempt.id, number)
    form = EssayMarkForm(question.worth, mark)
    if form.validate_on_submit():
        assert form.points.data is not None
        with transaction():
            service.mark_essay(
                attempt,
                number,
                form.points.data,
                current_user,
                note=form.note.data or "",
                why=(form.why.data or "") if form.why else "",
                now=g.now,
            )
        flash(_("Đã ghi %(points)s điểm cho câu %(number)s.", points=form.points.data, number=number), "ok")
        left = [n for n in _numbers(attempt) if n not in queries.essay_points(attempt.id)]
        if left:
            return redirect(url_for(".essay", code=attempt.code, number=left[0]))
        return redirect(url_for(".essays", round_id=attempt.round_id))
    return render_template(
        "marking/essay.html",
        attempt=attempt,
        round=attempt.round_,
        contest=attempt.round_.contest,
        q=question,
        given=mark,
        form=form,
        rubric=rules.essay_rubric,
    ), 422 if form.errors else 200


from quiz.marking import panel_views  # noqa: E402, F401  its routes belong to the same blueprint
