"""Published result sheets by their number, and what a corrected one changed against the one that it replaced."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.contests.models import Entry
from quiz.contests.queries import entry_of
from quiz.ranking import comparisons, queries
from quiz.ranking.models import Ranking
from quiz.ranking.paging import asked_page
from quiz.ranking.views import PER_PAGE, Ranked, bp, frame_of, ranked_or_404, row_of, sheet_or_404
from quiz.ranking.words import columns

ADDRESS = "/bang-xep-hang/<slug>/<round_code>/<division_code>/so-<int:number>"


def _published_or_404(ranked: Ranked, number: int) -> tuple[Ranking, Ranking]:
    """(the published sheet of that number, the one that is valid now)"""
    published = [s for s in queries.sheets_of(ranked.round_id, ranked.division.id) if s.published_at is not None]
    sheet = next((s for s in published if s.number == number), None) or abort(404)
    return sheet, published[0]


@bp.route(ADDRESS)
@public
def published(slug: str, round_code: str, division_code: str, number: int) -> Any:
    """A sheet that has been replaced, as it was published. The valid one is the board itself."""
    ranked = ranked_or_404(slug, round_code, division_code)
    sheet, valid = _published_or_404(ranked, number)
    if sheet.id == valid.id:
        return redirect(url_for(".board", slug=slug, round_code=round_code, division_code=division_code))
    frame = frame_of(ranked, round_code, is_published=True)
    if not frame["sight"].may_look:
        return render_template("ranking/hidden.html", **frame)
    page = asked_page(PER_PAGE, sheet.people)
    return render_template(
        "ranking/replaced.html",
        sheet=sheet,
        valid=valid,
        columns=columns(sheet.chain),
        rows=[row_of(s, sheet) for s in queries.standings(sheet, page.first, page.last)],
        page=page,
        entry=_own_entry(ranked),
        **frame,
    )


@bp.route(f"{ADDRESS}/thay-doi")
@public
def sheet_changes(slug: str, round_code: str, division_code: str, number: int) -> Any:
    """Who moved between a corrected sheet and the published one before it."""
    ranked = ranked_or_404(slug, round_code, division_code)
    sheet, _valid = _published_or_404(ranked, number)
    before = comparisons.replaced_by(sheet) or abort(404)
    frame = frame_of(ranked, round_code, is_published=True)
    if not frame["sight"].may_look:
        return render_template("ranking/hidden.html", **frame)
    return _changes_page(before, sheet, _own_entry(ranked), is_public=True)


@bp.route("/xet-hang/<int:ranking_id>/thay-doi")
@needs(Permission.SEE_RANKING, of=sheet_or_404)
def coming_changes(ranking: Ranking) -> Any:
    """The same for judges and organizers, before the corrected sheet is published."""
    before = comparisons.replaced_by(ranking) or abort(404)
    return _changes_page(before, ranking, None, is_public=False)


def _own_entry(ranked: Ranked) -> Entry | None:
    return entry_of(ranked.contest.id, current_user.id) if current_user.is_authenticated else None


def _changes_page(before: Ranking, after: Ranking, entry: Entry | None, *, is_public: bool) -> str:
    changes = comparisons.changes(before, after)
    own = [queries.standing_of(sheet, entry.id) for sheet in (before, after)] if entry else []
    return render_template(
        "ranking/changes.html",
        contest=after.contest,
        division=after.division,
        before=before,
        after=after,
        changes=changes,
        names=changes.names(),
        own=own if any(own) else [],
        is_public=is_public,
    )
