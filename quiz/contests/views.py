"""Pages of contests for everybody: the list, the thể lệ, registration, help. Organizers' pages: organizer_views.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.addresses import page_number
from quiz.contests import featured, queries, rule_versions, service
from quiz.contests.calendar import PHASE_TAGS, ContestPhase, contest_phase, current_round, rounds_now, timeline
from quiz.contests.forms import EntryForm
from quiz.contests.models import Contest
from quiz.contests.rule_set import contest_rules, division_rules, minutes_of, rule_set
from quiz.contests.rules_text import AUDIENCE_TEXTS, COUNTED_TEXTS, limits_text, one_attempt, question_text, rules_text
from quiz.contests.topics import titles
from quiz.db import transaction

bp = Blueprint("contests", __name__)
bp.add_app_template_filter(question_text)  # the paper asks in the words of the thể lệ

ENDED_PER_PAGE = 20


def contest_or_404(slug: str) -> Contest:
    return queries.contest_by_slug(slug) or abort(404)


@bp.route("/cuoc-thi")
@public
def index() -> Any:
    page = page_number()
    return render_template(
        "contests/index.html",
        open_contests=queries.open_contests(g.now),
        upcoming=queries.upcoming_contests(g.now),
        ended=queries.ended_contests(g.now, limit=ENDED_PER_PAGE, offset=(page - 1) * ENDED_PER_PAGE),
        ended_count=queries.count_ended(g.now),
        page=page,
        per_page=ENDED_PER_PAGE,
        current_round=current_round,
        tag_of=lambda contest: PHASE_TAGS[contest_phase(contest, g.now)],
    )


@bp.route("/cuoc-thi/<slug>")
@public
def show(slug: str) -> Any:
    contest = contest_or_404(slug)
    entry = queries.entry_of(contest.id, current_user.id) if current_user.is_authenticated else None
    refusal = None
    if current_user.is_authenticated and entry is None:
        refusal = service.why_not_enter(current_user, contest, contest.divisions, now=g.now)
    return render_template(
        "contests/show.html", entry=entry, refusal=refusal, notices=rule_versions.notices(entry), **public_page(contest)
    )


def public_page(contest: Contest) -> dict[str, Any]:
    """What contests/_rules.html needs; the organizer's preview shows the same."""
    rules = rule_set(contest)
    at = contest_phase(contest, g.now)
    current = current_round(contest, g.now)
    return {
        "contest": contest,
        "rules": rules,
        "sections": rules_text(rules, titles()),
        "counted_texts": COUNTED_TEXTS,
        "phase_tag": PHASE_TAGS[at],
        "takes_entries": at in (ContestPhase.UPCOMING, ContestPhase.OPEN, ContestPhase.BETWEEN),
        "current": current,
        "minutes_now": minutes_of(current) if current else rules.contest.minutes,
        "limits_text": limits_text(rules.contest),
        "one_attempt": one_attempt(rules),
        "rounds": rounds_now(contest, g.now),
        "timeline_lines": timeline(contest, g.now),
        "told_version": rule_versions.latest_told(contest.id),
        "digests": queries.pool_digests(contest.id),
        "stories": featured.featured(contest),
        "movements": featured.movements_of(contest),
    }


@bp.route("/cuoc-thi/<slug>/dang-ky", methods=["GET", "POST"])
@needs(Permission.TAKE_PART, of=contest_or_404)
def enter(contest: Contest) -> Any:
    """Sign up; who has signed up goes on to the attempts."""
    if queries.entry_of(contest.id, current_user.id):
        return redirect(url_for("attempts.mine", slug=contest.slug))
    divisions = service.fitting_divisions(current_user, contest)
    refusal = service.why_not_enter(current_user, contest, contest.divisions, now=g.now)
    form = EntryForm(division=divisions[0].code if len(divisions) == 1 else None)
    form.division.choices = [(d.code, d.name) for d in divisions]
    if not contest_rules(contest).bars_relatives:
        del form.declared
    if form.validate_on_submit() or (form.is_submitted() and refusal):
        if refusal:
            raise refusal
        division = next(d for d in divisions if d.code == form.division.data)
        with transaction():
            entry = service.register_entry(current_user, contest, division, now=g.now, declared="declared" in form)
        flash(_("Bạn đã đăng ký dự thi ở %(division)s.", division=entry.division.name), "ok")
        return redirect(url_for("attempts.mine", slug=contest.slug))
    hints = {
        d.code: _("Dành cho %(audience)s.", audience=AUDIENCE_TEXTS[division_rules(d).audience]) for d in divisions
    }
    return render_template(
        "contests/enter.html", contest=contest, form=form, refusal=refusal, divisions=divisions, hints=hints,
        belongs_to=service.belongs_to(current_user),
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/tro-giup")
@public
def help_page() -> Any:
    return render_template("contests/help_page.html")


from quiz.contests import featured_views, movement_views, organizer_views, rule_change_views  # noqa: E402, F401  their routes belong here
