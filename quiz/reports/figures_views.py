"""How the papers and the items of a contest have done: for organizers and judges, keys included."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz.access import Permission, needs
from quiz.banks.words import KINDS
from quiz.contests.models import Contest, ContestState, Division
from quiz.contests.queries import contest_by_id
from quiz.db import transaction
from quiz.ranking.paging import asked_page
from quiz.reports import figures_file, figures_queries, item_figures
from quiz.reports.models import PaperFigures
from quiz.reports.views import bp
from quiz.reports.words import paper_lines
from quiz.rules.statistics import MIN_SHOWN, ItemWarning
from quiz.spreadsheets import send_book

PER_PAGE = 25
_BASE = "/to-chuc/cuoc-thi/<int:contest_id>/so-lieu-cau-hoi"


def opened_contest_or_404(contest_id: int) -> Contest:
    contest = contest_by_id(contest_id)
    return contest if contest and contest.state == ContestState.OPEN else abort(404)


@bp.route(_BASE)
@needs(Permission.SEE_FIGURES, of=opened_contest_or_404)
def figures(contest: Contest) -> Any:
    division = _asked_division(contest)
    kept = figures_queries.figures_of_division(division.id)
    page = asked_page(PER_PAGE, len(kept.items) if kept else 0)
    return render_template(
        "reports/figures.html",
        contest=contest,
        division=division,
        kept=kept,
        lines=paper_lines(kept.figures) if kept else [],
        page=page,
        rows=figures_queries.item_rows(kept.items[page.first - 1 : page.last]) if kept else [],
        wrong_keys=_with_wrong_key(kept) if kept else [],
        warned=sum(bool(item["warnings"]) for item in kept.items) if kept else 0,
        kinds=KINDS,
        few=MIN_SHOWN,
    )


def _asked_division(contest: Contest) -> Division:
    """That of `?bang=`, or the first."""
    code = request.args.get("bang")
    return next((d for d in contest.divisions if d.code == code), contest.divisions[0])


def _with_wrong_key(kept: PaperFigures) -> list[figures_queries.ItemRow]:
    return figures_queries.item_rows([i for i in kept.items if ItemWarning.LIKELY_WRONG_KEY in i["warnings"]])


@bp.route(f"{_BASE}/tinh", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=opened_contest_or_404)
def compute_figures(contest: Contest) -> Any:
    item_figures.refuse_if_many(contest)
    for division in contest.divisions:
        with transaction():
            item_figures.compute(division, now=g.now)
    flash(_("Đã tính lại số liệu từ mọi lượt thi đã xong."), "ok")
    return redirect(url_for(".figures", contest_id=contest.id, bang=request.args.get("bang")))


@bp.route(f"{_BASE}/tai-ve")
@needs(Permission.SEE_FIGURES, of=opened_contest_or_404)
def figures_download(contest: Contest) -> Any:
    """`?dang=csv` or an Excel workbook, of the division asked for."""
    division = _asked_division(contest)
    kept = figures_queries.figures_of_division(division.id) or abort(404)
    rows = figures_queries.item_rows(kept.items)
    name = f"so-lieu-{contest.slug}-{division.code}"
    if request.args.get("dang") == "csv":
        headers = {"Content-Disposition": f"attachment; filename={name}.csv"}
        return Response(figures_file.as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
    return send_book(f"{name}.xlsx", *figures_file.sheets(kept.figures, rows))
