"""Pages of essays that two judges mark: the panel and its progress, a judge's own essays, one essay, and copied passages."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import jobs
from quiz.access import Permission, needs
from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules
from quiz.db import transaction
from quiz.marking import copied, panels
from quiz.marking import essays as service
from quiz.marking.forms import PanelForm, points_form
from quiz.marking.models import EssayTask
from quiz.marking.views import bp, round_or_404
from quiz.rules.passages import marked_passages


def paired_round_or_404(round_id: int) -> Round:
    """A round whose essays two judges mark."""
    round_ = round_or_404(round_id)
    return round_ if contest_rules(round_.contest).essay_judges > 1 else abort(404)


def task_or_404(task_id: int) -> EssayTask:
    return panels.task_by_id(task_id) or abort(404)


@bp.route("/cham-thi/<int:round_id>/ban-cham")
@needs(Permission.SEE_MARKING, of=paired_round_or_404)
def panel(round_: Round) -> str:
    """Who marks, and how far it has come; nobody's points."""
    return _panel_page(round_, _panel_form(round_))


def _panel_form(round_: Round) -> PanelForm:
    made = panels.panel_of(round_.id)
    data = {"judges": made.judges, "chair": made.chair_id} if made else {}
    return PanelForm([(judge.id, judge.full_name) for judge in panels.all_judges()], data=data)


def _panel_page(round_: Round, form: PanelForm) -> str:
    return render_template(
        "marking/panel.html",
        round=round_,
        contest=round_.contest,
        panel=panels.panel_of(round_.id),
        form=form,
        progress=panels.progress(round_),
        job=jobs.latest(copied.JOB, f"round:{round_.id}"),
    )


@bp.route("/cham-thi/<int:round_id>/ban-cham", methods=["POST"])
@needs(Permission.ASSIGN_ESSAYS, of=paired_round_or_404)
def set_panel(round_: Round) -> Any:
    form = _panel_form(round_)
    if not form.validate_on_submit():
        return _panel_page(round_, form), 422
    with transaction():
        panels.set_panel(round_, form.judges.data or [], form.chair.data, current_user, now=g.now)
    flash(_("Đã lập ban chấm. Hãy bốc thăm để giao bài."), "ok")
    return redirect(url_for(".panel", round_id=round_.id))


@bp.route("/cham-thi/<int:round_id>/boc-tham", methods=["POST"])
@needs(Permission.ASSIGN_ESSAYS, of=paired_round_or_404)
def draw_judges(round_: Round) -> Any:
    with transaction():
        made = panels.draw(round_, current_user, now=g.now)
    flash(_("Đã giao %(n)s lượt chấm theo bốc thăm.", n=made) if made else _("Không có bài nào chờ giao."), "ok")
    return redirect(url_for(".panel", round_id=round_.id))


@bp.route("/cham-thi/<int:round_id>")
@needs(Permission.MARK_ESSAY, of=paired_round_or_404)
def my_essays(round_: Round) -> str:
    tasks = panels.tasks_of(current_user.id, round_.id)
    return render_template(
        "marking/my_essays.html", round=round_, contest=round_.contest, tasks=tasks,
        left=sum(task.marked_at is None for task in tasks),
    )  # fmt: skip


@bp.route("/cham-thi/bai/<int:task_id>", methods=["GET", "POST"])
@needs(Permission.MARK_ASSIGNED, of=task_or_404)
def essay_task(task: EssayTask) -> Any:
    """One essay to mark. Others' points are shown when they cannot influence any more, and to the chair who decides."""
    attempt = task.attempt
    rules = contest_rules(attempt.round_.contest)
    question = next((q for q in service.essays_of(attempt) if q.number == task.question), None) or abort(404)
    form = points_form(rules.essay_rubric, question.worth, task)
    if form.validate_on_submit():
        parts = [part.data for part in form.parts]
        with transaction():
            panels.give(task, form.points, parts, str(form.note.data or ""), current_user, now=g.now)
        flash(_("Đã ghi %(points)s điểm cho bài %(paper)s.", points=form.points, paper=task.paper), "ok")
        return redirect(url_for(".my_essays", round_id=attempt.round_id))
    tasks = panels.of_essay(attempt.id, task.question)
    shows_others = panels.may_see_others(task, tasks)
    page = render_template(
        "marking/essay_task.html",
        task=task,
        round=attempt.round_,
        contest=attempt.round_.contest,
        q=question,
        form=form,
        rules=rules,
        others=[t for t in tasks if t.id != task.id and t.marked_at] if shows_others else [],
        may_change=task.marked_at is None or not panels.are_both_in(tasks),
    )
    return page, 422 if form.errors else 200


@bp.route("/cham-thi/<int:round_id>/giong-nhau", methods=["POST"])
@needs(Permission.SEE_MARKING, of=paired_round_or_404)
def look_for_copies(round_: Round) -> Any:
    with transaction():
        jobs.ask(copied.JOB, f"round:{round_.id}", current_user, now=g.now)
    return redirect(url_for(".panel", round_id=round_.id))


@bp.route("/cham-thi/<int:round_id>/giong-nhau/<a>/<b>")
@needs(Permission.SEE_MARKING, of=paired_round_or_404)
def copied_pair(round_: Round, a: str, b: str) -> str:
    """Two essays side by side, with the passages that both have."""
    texts = copied.texts_of(round_)
    if a not in texts or b not in texts:
        abort(404)
    sides = [(a, marked_passages(texts[a], texts[b])), (b, marked_passages(texts[b], texts[a]))]
    return render_template("marking/copied_pair.html", round=round_, contest=round_.contest, sides=sides)
