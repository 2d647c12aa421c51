"""Boards and sheets as files for organizers and judges. Each time is written down: a file goes where no page can follow."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, redirect, stream_with_context, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import journal
from quiz.access import Permission, needs
from quiz.addresses import asked_number
from quiz.db import transaction
from quiz.formats import number
from quiz.ranking import board_queries, export, queries
from quiz.ranking.models import Board, Ranking
from quiz.ranking.views import Ranked, bp, ranked_or_404
from quiz.rules.clock import RoundPhase
from quiz.spreadsheets import MOST_ROWS, Worksheet, csv_lines, send_book

_BASE = "/to-chuc/<slug>/bang-xep-hang/<round_code>/<division_code>"


@bp.route(f"{_BASE}.csv", defaults={"kind": "csv"})
@bp.route(f"{_BASE}.xlsx", defaults={"kind": "xlsx"})
@needs(Permission.SEE_RANKING)
def export_board(slug: str, round_code: str, division_code: str, kind: str) -> Any:
    """The board as the staff see it now, or the sheet that the address names (`?bang=`)."""
    ranked = ranked_or_404(slug, round_code, division_code)
    source = _source(ranked)
    if kind == "xlsx" and source.people >= MOST_ROWS:
        flash(_("Một trang Excel chỉ chứa được %(most)s người, bảng này có %(people)s. Hãy tải tệp CSV.",
                most=number(MOST_ROWS - 1), people=number(source.people)), "warn")  # fmt: skip
        return redirect(url_for(".board", slug=slug, round_code=round_code, division_code=division_code))
    is_sheet = isinstance(source, Ranking)
    with transaction():
        after = {"kind": kind, "round": ranked.round_id, "division": ranked.division.id, "people": source.people}
        journal.record(current_user, "board.exported", f"{'ranking' if is_sheet else 'board'}:{source.id}", now=g.now,
                       after=after)  # fmt: skip
    rows = export.sheet_rows(source) if isinstance(source, Ranking) else export.board_rows(source)
    columns = export.columns(source.chain)
    name = f"{slug}-{round_code}-{division_code}.{kind}"
    if kind == "xlsx":
        return send_book(name, Worksheet(ranked.division.code, columns, rows))
    lines = csv_lines([heading for heading, _width in columns], rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    return Response(stream_with_context(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _source(ranked: Ranked) -> Board | Ranking:
    if ranked.at.phase is RoundPhase.UPCOMING:
        abort(404)
    asked = asked_number("bang")
    if asked is not None:
        sheet = queries.sheet_by_id(asked)
        fits = sheet is not None and (sheet.round_id, sheet.division_id) == (ranked.round_id, ranked.division.id)
        return sheet if sheet is not None and fits else abort(404)
    board = board_queries.live_board(ranked.round_id, ranked.division.id, staff=True)
    if board is not None:
        return board
    sheet = queries.latest_sheet(ranked.round_id, ranked.division.id)  # an old round, whose boards are gone
    return sheet or abort(404)
