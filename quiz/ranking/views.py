"""The public boards. Judges' pages: judge_views.py; units: unit_views.py; annulling: correction_views.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template
from flask_login import current_user

from quiz.access import Permission, allows, public
from quiz.contests.calendar import RoundNow, rounds_now
from quiz.contests.models import Contest, Division
from quiz.contests.queries import contest_by_slug, entry_of
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import ContestRules, contest_rules
from quiz.contests.rules_text import chain_lines
from quiz.marking.queries import annulments_of_entry
from quiz.ranking import queries
from quiz.ranking.clockwork import is_live
from quiz.ranking.models import Ranking
from quiz.ranking.paging import asked_page
from quiz.ranking.visibility import board_sight
from quiz.ranking.words import columns, moment_at

bp = Blueprint("ranking", __name__)
bp.add_app_template_filter(moment_at)

PER_PAGE = 20


def contest_or_404(slug: str) -> Contest:
    return contest_by_slug(slug) or abort(404)


def round_now_or_404(contest: Contest, code: str) -> RoundNow:
    return next((r for r in rounds_now(contest, g.now) if r.round_.code == code), None) or abort(404)


def is_staff() -> bool:
    return allows(current_user, Permission.SEE_RANKING)


@bp.route("/bang-xep-hang/<slug>/<round_code>/<division_code>")
@public
def board(slug: str, round_code: str, division_code: str) -> Any:
    """The provisional board, and once its sheet is published, the published sheet in its place."""
    contest = contest_or_404(slug)
    at = round_now_or_404(contest, round_code)
    division = next((d for d in contest.divisions if d.code == division_code), None) or abort(404)
    rules = contest_rules(contest)
    sheet = queries.published_sheet(at.round_.id, division.id)
    sight = board_sight(rules, at, is_published=sheet is not None, staff=is_staff())
    frame = {
        "contest": contest,
        "at": at,
        "round": at.round_,
        "division": division,
        "rules": rules,
        "sight": sight,
        "all_ended_at": all_ended_at(at.round_),
        "chain_lines": chain_lines(rules.chain),
    }
    if not sight.may_look:
        return render_template("ranking/hidden.html", **frame)
    ranking = sheet or queries.latest_board(at.round_.id, division.id)
    page = asked_page(PER_PAGE, sight.places(ranking.people) if ranking else 0)
    return render_template(
        "ranking/board.html",
        ranking=ranking,
        columns=columns(ranking.chain if ranking else rules.chain),
        standings=queries.standings(ranking.id, page.first, page.last) if ranking else [],
        page=page,
        replaced=[s for s in queries.sheets_of(at.round_.id, division.id) if s.published_at and s.id != sheet.id]
        if sheet
        else [],
        **_freshness(ranking, at),
        **_own(contest, division, rules, at, ranking),
        **frame,
    )


def _freshness(ranking: Ranking | None, at: RoundNow) -> dict[str, Any]:
    """checked_at: up to when the board knows all attempts · within_s: how late that is at most, None when it is later"""
    every_s: int = current_app.extensions["settings"].board_every_s
    checked_at = (ranking.checked_at or ranking.made_at) if ranking else None
    late = checked_at is not None and g.now - checked_at > timedelta(seconds=max(30, 4 * every_s))
    return {
        "checked_at": checked_at,
        "within_s": 2 * every_s,
        "is_late": late and is_live(at.round_, g.now),
    }


def _own(
    contest: Contest, division: Division, rules: ContestRules, at: RoundNow, ranking: Ranking | None
) -> dict[str, Any]:
    """The visitor's entry and standing; waits: an attempt of theirs has ended but is not on the board yet;
    annulled: what judges took out of the ranking, which its person must be told with the reason."""
    entry = entry_of(contest.id, current_user.id) if current_user.is_authenticated else None
    mine = queries.standing_of(ranking.id, entry.id) if entry and ranking else None
    waits = (
        entry is not None
        and mine is None
        and entry.division_id == division.id
        and queries.has_valid_attempt(entry.id, at.round_.id)
    )
    annulled = annulments_of_entry(entry.id, at.round_.id) if entry else []
    return {"entry": entry, "mine": mine, "waits": waits, "annulled": annulled}


from quiz.ranking import correction_views, judge_views, rehearsal_views, unit_views  # noqa: E402, F401  their routes belong here
