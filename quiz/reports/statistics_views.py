"""Pages of figures for those who run contests: what happens now, and the statistics with their charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import jobs, journal
from quiz.access import Permission, needs
from quiz.contests.calendar import current_round
from quiz.contests.models import Contest, ContestState, Round
from quiz.db import db, transaction
from quiz.ranking import units
from quiz.reports import charts, contest_figures, live_counts, statistics_words
from quiz.reports.contest_count import Figures
from quiz.reports.models import ContestFigures
from quiz.reports.views import bp
from quiz.spreadsheets import Cell, Worksheet, send_book

LAGGING_PERCENT = 60  # of its headcount: a unit below is shown to those who may remind it
REFRESH_S = 30


def counted_contest_or_404(contest_id: int) -> Contest:
    contest = db.session.get(Contest, contest_id)
    return contest if contest is not None and contest.state == ContestState.OPEN else abort(404)


def _asked_round(contest: Contest) -> Round | None:
    return next((r for r in contest.rounds if r.code == request.args.get("ky")), None)


def before_what(contest: Contest, kept: ContestFigures | None) -> str:
    """A sentence on what has happened since the figures were counted; "" when nothing has, or there are none."""
    return "" if kept is None else statistics_words.before(contest_figures.since(kept, contest, g.now))


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/theo-doi")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def monitor(contest: Contest) -> str:
    """The round that runs, or comes next, or was last: live counts, and the last hours from what was counted."""
    round_ = current_round(contest, g.now) or max(contest.rounds, key=lambda r: r.closes_at)
    kept = contest_figures.kept_of(contest.id, round_.id)
    figures = contest_figures.figures_of(kept) if kept else Figures()
    turnout = units.turnout(round_, staff=True)
    rows = units.unit_rows(turnout, units.counted_on(round_, g.now)) if turnout else []
    return render_template(
        "reports/monitor.html",
        refresh_s=REFRESH_S,
        turnout=turnout,
        lagging=units.lagging(rows, LAGGING_PERCENT),
        lagging_percent=LAGGING_PERCENT,
        contest=contest,
        round=round_,
        at=live_counts.now_of(round_, g.now),
        kept=kept,
        before=before_what(contest, kept),
        figures=figures,
        hours=figures.hours[-24:],
        most=max((n for _hour, n in figures.hours[-24:]), default=1),
        job=jobs.latest(contest_figures.JOB, contest_figures.subject_of(contest.id)),
        is_running=round_.opens_at <= g.now < round_.closes_at,
    )


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def statistics(contest: Contest) -> str:
    round_ = _asked_round(contest)
    kept = contest_figures.kept_of(contest.id, round_.id if round_ else None)
    figures = contest_figures.figures_of(kept) if kept else None
    return render_template(
        "reports/statistics.html",
        contest=contest,
        round=round_,
        kept=kept,
        before=before_what(contest, kept),
        headline=statistics_words.headline(figures) if figures else [],
        tables=statistics_words.tables(figures) if figures else [],
        growth=_growth(contest, round_),
        job=jobs.latest(contest_figures.JOB, contest_figures.subject_of(contest.id)),
    )


def _growth(contest: Contest, round_: Round | None) -> tuple[str, int, int] | None:
    """(name of the round before, its people, people of this one); None where there is none to compare with."""
    at = contest.rounds.index(round_) if round_ is not None else 0
    if at == 0 or round_ is None:
        return None
    before = contest.rounds[at - 1]
    kept = [contest_figures.kept_of(contest.id, r.id) for r in (before, round_)]
    people = [row.people for row in kept if row is not None]
    return (before.name, people[0], people[1]) if len(people) == 2 else None


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke/tinh", methods=["POST"])
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def count_statistics(contest: Contest) -> Any:
    with transaction():
        jobs.ask(contest_figures.JOB, contest_figures.subject_of(contest.id), current_user, now=g.now)
    back = {"theo-doi": ".monitor", "van-ban": ".papers_of"}.get(request.form.get("back", ""), ".statistics")
    return redirect(url_for(back, contest_id=contest.id, ky=request.form.get("ky") or None))


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke/<key>.svg")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def chart(contest: Contest, key: str) -> Response:
    round_ = _asked_round(contest)
    kept = contest_figures.kept_of(contest.id, round_.id if round_ else None) or abort(404)
    tables = statistics_words.tables(contest_figures.figures_of(kept))
    found = next((t.chart for t in tables if t.key == key), None) or abort(404)
    look = charts.Look(narrow="hep" in request.args, dark="toi" in request.args)
    response = Response(charts.as_svg(found, look), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke.xlsx")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def statistics_xlsx(contest: Contest) -> Response:
    """Every table in full, a sheet for each, with the headline first."""
    round_ = _asked_round(contest)
    kept = contest_figures.kept_of(contest.id, round_.id if round_ else None) or abort(404)
    figures = contest_figures.figures_of(kept)
    with transaction():
        journal.record(
            current_user, "statistics.exported", contest, now=g.now, after={"round": round_.id if round_ else None}
        )
    return send_book(
        f"thong-ke-{contest.slug}.xlsx",
        tabular(_("Tổng hợp"), [_("Số liệu"), _("Giá trị")], statistics_words.headline(figures)),
        *(tabular(t.title, t.head, t.rows) for t in statistics_words.tables(figures)),
    )


def tabular(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Worksheet:
    """A sheet of a workbook whose first column names what the others count."""
    return Worksheet(title, [(heading, 44 if n == 0 else 16) for n, heading in enumerate(head)], rows)
