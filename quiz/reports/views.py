"""The front page: the contest that is open, what it asks, and who won last."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

from quiz.access import public
from quiz.contests.calendar import current_round
from quiz.contests.models import Contest
from quiz.contests.queries import ended_contests, open_contests, upcoming_contests
from quiz.contests.rule_set import rule_set
from quiz.contests.rules_text import attempts_line
from quiz.exemplars.story_queries import newest_stories
from quiz.ranking.board_queries import people_counted
from quiz.reports import models, queries  # noqa: F401  models: known to the migrations
from quiz.rules.clock import RoundPhase, phase

bp = Blueprint("reports", __name__)


@bp.route("/")
@public
def home() -> Any:
    open_ = open_contests(g.now)
    coming = upcoming_contests(g.now)
    first = next(iter([*open_, *coming, *ended_contests(g.now, limit=1)]), None)
    page = _first_contest(first) if first else {"contest": None}
    others = [contest for contest in [*open_, *coming] if contest is not first]
    return render_template(
        "reports/home.html",
        winners=queries.latest_winners(),
        others=others,
        story=next(iter(newest_stories(1)), None),
        **page,
    )


def _first_contest(contest: Contest) -> dict[str, Any]:
    rules = rule_set(contest)
    round_ = current_round(contest, g.now)
    is_open = round_ is not None and phase(round_.window, g.now) is RoundPhase.OPEN
    # a public count would answer the prediction question
    counted = people_counted(round_.id) if round_ and is_open and rules.contest.prediction is None else None
    return {
        "contest": contest,
        "rules": rules,
        "round_": round_,
        "is_open": is_open,
        "counted": counted,
        "attempts_line": attempts_line(rules),
    }
