"""The figures of a quarter's exemplars, and the papers that the office makes of them."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, render_template
from flask_babel import gettext as _
from flask_login import current_user

from quiz import journal
from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.exemplars import nomination_queries, votes
from quiz.exemplars.nomination_models import Quarter
from quiz.exemplars.words import quarter_title
from quiz.reports.documents import quarter_papers as papers
from quiz.reports.documents_views import office, send_paper
from quiz.reports.quarter_figures import of_quarter
from quiz.reports.statistics_views import tabular
from quiz.reports.views import bp
from quiz.spreadsheets import Worksheet, send_book


def quarter_or_404(quarter_name: str) -> Quarter:
    return nomination_queries.quarter_by_name(quarter_name) or abort(404)


@bp.route("/to-chuc/de-cu/<quarter_name>/bao-cao")
@needs(Permission.MAKE_PAPERS, of=quarter_or_404)
def quarter_report(quarter: Quarter) -> str:
    """What the quarter brought, by unit, with everything that can be downloaded."""
    figures = of_quarter(quarter)
    return render_template(
        "reports/quarter.html", quarter=quarter, figures=figures, words=quarter_title(quarter.name),
        summary=papers.summary_rows(figures), heads=papers.UNIT_HEADS, rows=papers.unit_rows(figures),
    )  # fmt: skip


def _write_down(quarter: Quarter, paper: str) -> None:
    with transaction():
        journal.record(current_user, "paper.made", quarter, now=g.now, after={"paper": paper})


@bp.route("/to-chuc/de-cu/<quarter_name>/<any('bao-cao', 'danh-sach', 'bien-ban'):key>.docx")
@needs(Permission.MAKE_PAPERS, of=quarter_or_404)
def quarter_paper(quarter: Quarter, key: str) -> Response:
    name = f"{key}-dien-hinh-{quarter.name}"
    match key:
        case "bao-cao":
            content = papers.quarter_report(of_quarter(quarter), office())
        case "danh-sach":
            content = papers.recommendation(nomination_queries.consolidated(quarter), office())
        case _:
            content = papers.vote_minutes(votes.minutes(quarter) or abort(404), office())
    _write_down(quarter, key)
    return send_paper(content, name)


@bp.route("/to-chuc/de-cu/<quarter_name>/bao-cao.xlsx")
@needs(Permission.MAKE_PAPERS, of=quarter_or_404)
def quarter_workbook(quarter: Quarter) -> Any:
    """The report by unit, the list for the provincial council, and all that were before the council."""
    figures, found = of_quarter(quarter), nomination_queries.consolidated(quarter)
    name = quarter.name
    _write_down(quarter, "bao-cao.xlsx")
    return send_book(
        f"dien-hinh-{name}.xlsx",
        tabular(_("Tổng hợp"), [_("Số liệu"), _("Trong quý")], papers.summary_rows(figures)),
        tabular(_("Từng đơn vị"), list(papers.UNIT_HEADS), papers.unit_rows(figures)),
        _listed(_("Giới thiệu với tỉnh"), papers.list_rows(found, chosen=True)),
        _listed(_("Danh sách tổng hợp"), papers.list_rows(found, chosen=False)),
    )


def _listed(title: str, rows: list[list[str]]) -> Worksheet:
    widths = (6, 10, 30, 36, 24, 60, 16)
    return Worksheet(title, list(zip(papers.LIST_HEADS, widths, strict=True)), rows)
