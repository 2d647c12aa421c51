"""Pages of figures for those who run contests: what happens now, the statistics with their charts, a period for the director."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import jobs, journal
from quiz.access import Permission, needs
from quiz.contests.calendar import current_round
from quiz.contests.models import Contest, ContestState, Round
from quiz.db import db, transaction
from quiz.formats import local
from quiz.reports import charts, contest_figures, statistics_words
from quiz.reports.contest_figures import Figures, PeriodFigures
from quiz.reports.views import bp
from quiz.spreadsheets import Cell, Worksheet, send_book


def counted_contest_or_404(contest_id: int) -> Contest:
    contest = db.session.get(Contest, contest_id)
    return contest if contest is not None and contest.state == ContestState.OPEN else abort(404)


def _asked_round(contest: Contest) -> Round | None:
    return next((r for r in contest.rounds if r.code == request.args.get("ky")), None)


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/theo-doi")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def monitor(contest: Contest) -> str:
    """The round that runs, or comes next, or was last: live counts, and the last hours from what was counted."""
    round_ = current_round(contest, g.now) or max(contest.rounds, key=lambda r: r.closes_at)
    kept = contest_figures.kept_of(contest.id)
    figures = contest_figures.figures_of(kept, round_.id) if kept else Figures()
    return render_template(
        "reports/monitor.html",
        contest=contest,
        round=round_,
        at=contest_figures.now_of(round_, g.now),
        kept=kept,
        figures=figures,
        hours=figures.hours[-24:],
        most=max((n for _hour, n in figures.hours[-24:]), default=1),
        job=jobs.latest(contest_figures.JOB, f"contest:{contest.id}"),
        is_running=round_.opens_at <= g.now < round_.closes_at,
    )


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def statistics(contest: Contest) -> str:
    kept = contest_figures.kept_of(contest.id)
    round_ = _asked_round(contest)
    figures = contest_figures.figures_of(kept, round_.id if round_ else None) if kept else None
    return render_template(
        "reports/statistics.html",
        contest=contest,
        round=round_,
        kept=kept,
        headline=statistics_words.headline(figures) if figures else [],
        tables=statistics_words.tables(figures) if figures else [],
        shown=statistics_words.SHOWN,
        growth=_growth(contest, round_, kept),
        job=jobs.latest(contest_figures.JOB, f"contest:{contest.id}"),
    )


def _growth(contest: Contest, round_: Round | None, kept: Any) -> tuple[str, int, int] | None:
    """(name of the round before, its people, people of this one); None where there is none to compare with."""
    at = contest.rounds.index(round_) if round_ is not None else 0
    if kept is None or at == 0 or round_ is None:
        return None
    before = contest.rounds[at - 1]
    people = [contest_figures.figures_of(kept, r.id).people for r in (before, round_)]
    return before.name, people[0], people[1]


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke/tinh", methods=["POST"])
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def count_statistics(contest: Contest) -> Any:
    with transaction():
        jobs.ask(contest_figures.JOB, f"contest:{contest.id}", current_user, now=g.now)
    back = ".monitor" if request.form.get("back") == "theo-doi" else ".statistics"
    return redirect(url_for(back, contest_id=contest.id, ky=request.form.get("ky") or None))


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke/<key>.svg")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def chart(contest: Contest, key: str) -> Response:
    kept = contest_figures.kept_of(contest.id) or abort(404)
    round_ = _asked_round(contest)
    tables = statistics_words.tables(contest_figures.figures_of(kept, round_.id if round_ else None))
    found = next((t.chart for t in tables if t.key == key), None) or abort(404)
    response = Response(charts.as_svg(found), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/thong-ke.xlsx")
@needs(Permission.SEE_STATISTICS, of=counted_contest_or_404)
def statistics_xlsx(contest: Contest) -> Response:
    """Every table in full, a sheet for each, with the headline first."""
    kept = contest_figures.kept_of(contest.id) or abort(404)
    round_ = _asked_round(contest)
    figures = contest_figures.figures_of(kept, round_.id if round_ else None)
    with transaction():
        journal.record(
            current_user, "statistics.exported", contest, now=g.now, after={"round": round_.id if round_ else None}
        )
    return send_book(
        f"thong-ke-{contest.slug}.xlsx",
        _sheet(_("Tổng hợp"), [_("Số liệu"), _("Giá trị")], statistics_words.headline(figures)),
        *(_sheet(t.title, t.head, t.rows) for t in statistics_words.tables(figures)),
    )


def _sheet(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Worksheet:
    return Worksheet(title, [(heading, 44 if n == 0 else 16) for n, heading in enumerate(head)], rows)


# A period


@bp.route("/to-chuc/bao-cao")
@needs(Permission.SEE_STATISTICS)
def period() -> str:
    """The figures of a quarter, or of any days (`?tu=…&den=…`), beside those of the period before."""
    begins, ends = asked_days()
    now, past = (
        contest_figures.of_period(begins, ends),
        contest_figures.of_period(*contest_figures.before(begins, ends)),
    )
    return render_template(
        "reports/period.html", now_=now, past=past, lines=period_lines(now, past), begins=begins, ends=ends,
        quarters=_quarters(local(g.now).date()),
    )  # fmt: skip


@bp.route("/to-chuc/bao-cao.xlsx")
@needs(Permission.SEE_STATISTICS)
def period_xlsx() -> Response:
    begins, ends = asked_days()
    now, past = (
        contest_figures.of_period(begins, ends),
        contest_figures.of_period(*contest_figures.before(begins, ends)),
    )
    with transaction():
        after = {"begins": begins.isoformat(), "ends": ends.isoformat()}
        journal.record(current_user, "period.exported", "statistics:period", now=g.now, after=after)
    heads = [_("Cuộc thi"), _("Đăng ký"), _("Người dự thi"), _("Lượt thi"), _("Giải")]
    name = f"bao-cao-{begins:%Y%m%d}-{ends:%Y%m%d}.xlsx"
    return send_book(
        name,
        _sheet(_("Tổng hợp"), [_("Số liệu"), _("Kỳ này"), _("Kỳ trước")], period_lines(now, past)),
        _sheet(_("Từng cuộc thi"), heads, now.lines),
    )


def period_lines(now: PeriodFigures, past: PeriodFigures) -> list[tuple[str, int, int]]:
    """(what, this period, the one before)."""
    return [
        (_("Cuộc thi kết thúc trong kỳ"), now.contests, past.contests),
        (_("Lượt người đăng ký"), now.registered, past.registered),
        (_("Lượt người dự thi"), now.people, past.people),
        (_("Lượt thi hợp lệ"), now.attempts, past.attempts),
        (_("Giải đã trao"), now.prizes, past.prizes),
        (_("Tiền thưởng (đồng)"), now.amount, past.amount),
        (_("Khiếu nại đã nhận"), now.complaints, past.complaints),
        (_("Khiếu nại đúng hoặc đúng một phần"), now.upheld, past.upheld),
    ]


def _quarters(today: date) -> list[tuple[str, date, date]]:
    """The running quarter and the four before it: (name, first day, last day)."""
    found = []
    year, quarter = today.year, (today.month - 1) // 3
    for _back in range(5):
        begins = date(year, 3 * quarter + 1, 1)
        after = date(year + 1, 1, 1) if quarter == 3 else date(year, 3 * quarter + 4, 1)
        found.append(
            (_("Quý %(q)s/%(year)s", q=quarter + 1, year=year), begins, date.fromordinal(after.toordinal() - 1))
        )
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return found


def asked_days() -> tuple[date, date]:
    _name, begins, ends = _quarters(local(g.now).date())[0]
    try:
        begins = date.fromisoformat(request.args.get("tu", begins.isoformat()))
        ends = date.fromisoformat(request.args.get("den", ends.isoformat()))
    except ValueError:
        flash(_("Ngày trong địa chỉ chưa đúng nên trang hiện quý này."), "warn")
        return _quarters(local(g.now).date())[0][1:]
    is_sensible = date(2000, 1, 1) <= begins <= ends <= date(2100, 1, 1)
    return (begins, ends) if is_sensible else _quarters(local(g.now).date())[0][1:]
