"""Judges answer flags: look anew, two papers side by side, notes, verdicts. And the public page on what can be seen at all."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import jobs
from quiz.access import Permission, needs, public
from quiz.attempts import submission
from quiz.attempts.models import Attempt
from quiz.attempts.papers import Question, questions
from quiz.banks.models import ItemKind
from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules
from quiz.db import transaction
from quiz.marking import flags, queries, replay, verdicts
from quiz.marking.forms import NoteForm, VerdictForm, WhyForm
from quiz.marking.models import Flag, Ruling
from quiz.marking.views import attempt_or_404, attempt_page, bp, round_or_404
from quiz.marking.words import INNOCENT, KINDS, STRENGTHS, seen


@bp.app_template_global("flag_words")
def flag_words(flag: Flag) -> tuple[object, str, object, tuple[object, str]]:
    """(kind, what was seen, innocent reason, (strength, kind of its tag))"""
    kind, strength = flags.Kind(flag.kind), flags.Strength(flag.strength)
    return KINDS[kind], seen(flag), INNOCENT[kind], STRENGTHS[strength]


def pair_or_404(flag_id: int) -> Flag:
    """A flag that is about two papers."""
    flag = queries.flag_by_id(flag_id)
    return flag if flag is not None and flag.kind in replay.PAIRS and len(flag.attempts) == 2 else abort(404)


@bp.route("/xet-hang/canh-bao/<int:round_id>/do", methods=["POST"])
@needs(Permission.SEE_ATTEMPT, of=round_or_404)
def compute_flags(round_: Round) -> Any:
    with transaction():
        jobs.ask(flags.JOB, flags.subject_of(round_.id), current_user, now=g.now)
    return redirect(url_for(".flags", round_id=round_.id))


@bp.route("/xet-hang/canh-bao/cap/<int:flag_id>")
@needs(Permission.SEE_ATTEMPT, of=pair_or_404)
def pair(flag: Flag) -> Any:
    """Two papers side by side, question by question of those that both had."""
    a, b = (link.attempt for link in flag.attempts)
    round_ = a.round_
    worth = contest_rules(round_.contest).worth
    mine, theirs = ({q.face.version_id: q for q in questions(attempt, worth)} for attempt in (a, b))
    run = queries.flag_run(round_.id)
    return render_template(
        "marking/pair.html",
        flag=flag,
        round=round_,
        contest=round_.contest,
        pair=(a, b),
        lines=[(q, theirs[version]) for version, q in mine.items() if version in theirs],
        shares=dict(flag.evidence.get("shared", [])),
        usual=run.times if run is not None else {},
    )


@bp.app_template_filter("chosen")
def chosen(q: Question) -> str:
    """What was answered, in words; of an essay nothing, because who marks it must not find its author here."""
    if q.is_essay:
        return _("tự luận")
    if isinstance(q.given, str):
        return q.given or _("bỏ trống")
    if not q.is_answered:
        return _("bỏ trống")
    if q.kind == ItemKind.MATCHING:
        return "; ".join(q.matches[n - 1] if n else "–" for n in q.given)
    if q.kind == ItemKind.ORDERING:
        return ", ".join(str(n) for n in q.given)
    return "; ".join(q.offers[place - 1][0] for place in q.given)


@bp.route("/xet-hang/luot/<code>/phan-quyet", methods=["POST"])
@needs(Permission.ANNUL_ATTEMPT, of=attempt_or_404)
def rule(attempt: Attempt) -> Any:
    """Keep, or ask for identity."""
    with transaction():
        submission.end_if_over(attempt, now=g.now)
    form = VerdictForm()
    if not form.validate_on_submit():
        return attempt_page(attempt, WhyForm(formdata=None), verdict_form=form), 422
    with transaction():
        verdicts.rule(attempt, Ruling(form.ruling.data), current_user, why=form.why.data or "", now=g.now)
    flash(_("Đã ghi phán quyết."), "ok")
    return redirect(url_for(".attempt", code=attempt.code))


@bp.route("/xet-hang/luot/<code>/khong-huy", methods=["POST"])
@needs(Permission.ANNUL_ATTEMPT, of=attempt_or_404)
def decline(attempt: Attempt) -> Any:
    """The second judge does not agree to an annulment that was proposed."""
    proposed = queries.proposed_annulment(attempt.id) or abort(404)
    form = WhyForm()
    if not form.validate_on_submit():
        return attempt_page(attempt, form), 422
    with transaction():
        verdicts.decline(proposed, current_user, why=form.why.data or "", now=g.now)
    flash(_("Đã ghi ý kiến không đồng ý hủy. Lượt thi vẫn được tính."), "ok")
    return redirect(url_for(".attempt", code=attempt.code))


@bp.route("/xet-hang/luot/<code>/ghi-chu", methods=["POST"])
@needs(Permission.SEE_ATTEMPT, of=attempt_or_404)
def note(attempt: Attempt) -> Any:
    form = NoteForm()
    if not form.validate_on_submit():
        return attempt_page(attempt, WhyForm(formdata=None), note_form=form), 422
    with transaction():
        verdicts.note(attempt, current_user, form.text.data or "", now=g.now)
    flash(_("Đã ghi chú."), "ok")
    return redirect(url_for(".attempt", code=attempt.code, _anchor="ghi-chu"))


@bp.route("/tro-giup/canh-bao")
@public
def about_flags() -> Any:
    return render_template("marking/about_flags.html", kinds=KINDS, innocent=INNOCENT)
