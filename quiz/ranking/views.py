"""The public boards. Judges' pages: judge_views.py; units: unit_views.py; annulling: correction_views.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, public
from quiz.addresses import asked_number
from quiz.contests.calendar import RoundNow, rounds_now
from quiz.contests.models import WHOLE_CONTEST, Contest, Division, Entry, Round
from quiz.contests.queries import contest_by_slug, entry_of
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import ContestRules, contest_rules
from quiz.contests.rules_text import chain_lines
from quiz.formats import number
from quiz.marking.queries import annulments_of_entry
from quiz.ranking import board_queries, queries, signing, unit_queries
from quiz.ranking.board_queries import BoardPage, Row, key_of
from quiz.ranking.clockwork import is_live
from quiz.ranking.freeze import stands_from
from quiz.ranking.models import Board, Ranking, Standing
from quiz.ranking.paging import asked_page
from quiz.ranking.visibility import ContestNow, Sight, board_sight, contest_now
from quiz.ranking.words import columns, comparison, moment_at
from quiz.rules.counting import Overall

bp = Blueprint("ranking", __name__)
bp.add_app_template_filter(moment_at)
bp.add_app_template_global(lambda: WHOLE_CONTEST, "whole_contest")

PER_PAGE = 20
LONGEST_NAME = 200


def contest_or_404(slug: str) -> Contest:
    return contest_by_slug(slug) or abort(404)


def round_now_or_404(contest: Contest, code: str) -> RoundNow:
    return next((r for r in rounds_now(contest, g.now) if r.round_.code == code), None) or abort(404)


def sheet_or_404(ranking_id: int) -> Ranking:
    return queries.sheet_by_id(ranking_id) or abort(404)


def is_staff() -> bool:
    return allows(current_user, Permission.SEE_RANKING)


def frozen_at(rounds: Sequence[Round]) -> datetime | None:
    """Since when the public board over these rounds has been standing still; None while it goes on."""
    at = stands_from(rounds)
    return at if at is not None and g.now >= at else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a page ranks: a division in a round, or with round_ None in the whole contest.

    rounds: over which · chain: of the final ranking
    """

    contest: Contest
    division: Division
    rules: ContestRules
    round_: Round | None
    at: RoundNow | ContestNow
    rounds: Sequence[Round]

    @property
    def round_id(self) -> int | None:
        return self.round_.id if self.round_ else None

    @property
    def chain(self) -> tuple[str, ...]:
        return self.rules.chain if self.round_ else self.rules.overall.chain

    @property
    def all_ended_at(self) -> datetime:
        return max(map(all_ended_at, self.rounds))

    @property
    def name(self) -> str:
        return self.round_.name if self.round_ else _("toàn cuộc thi")


def ranked_or_404(slug: str, round_code: str, division_code: str) -> Ranked:
    contest = contest_or_404(slug)
    division = next((d for d in contest.divisions if d.code == division_code), None) or abort(404)
    rules = contest_rules(contest)
    if round_code != WHOLE_CONTEST:
        at = round_now_or_404(contest, round_code)
        return Ranked(contest, division, rules, at.round_, at, [at.round_])
    if rules.overall.how is Overall.NONE:
        abort(404)
    whole = contest_now(rules, rounds_now(contest, g.now))
    return Ranked(contest, division, rules, None, whole, contest.rounds)


def frame_of(ranked: Ranked, round_code: str, *, is_published: bool) -> dict[str, Any]:
    """What the pages of one ranking have around their rows."""
    return {
        "contest": ranked.contest,
        "at": ranked.at,
        "round": ranked.round_,
        "name": ranked.name,
        "code": round_code,
        "division": ranked.division,
        "rules": ranked.rules,
        "sight": board_sight(ranked.rules, ranked.at, is_published=is_published, staff=is_staff()),
        "all_ended_at": ranked.all_ended_at,
        "chain_lines": chain_lines(ranked.chain),
        "frozen_at": None if is_published else frozen_at(ranked.rounds),
    }


@bp.route("/bang-xep-hang/<slug>/<round_code>/<division_code>")
@public
def board(slug: str, round_code: str, division_code: str) -> Any:
    """The provisional board, and once its sheet is published, the published sheet in its place."""
    ranked = ranked_or_404(slug, round_code, division_code)
    sheet = queries.published_sheet(ranked.round_id, ranked.division.id)
    frame = frame_of(ranked, round_code, is_published=sheet is not None)
    sight = frame["sight"]
    if not sight.may_look:
        return render_template("ranking/hidden.html", **frame)
    entry = entry_of(ranked.contest.id, current_user.id) if current_user.is_authenticated else None
    name = request.args.get("ten", "").strip()[:LONGEST_NAME]
    shown = _sheet(sheet, name, entry) if sheet else _board(ranked, sight, name, entry)
    return render_template(
        "ranking/board.html",
        entry=entry,
        asked_name=name,
        **_own(ranked, entry, shown),
        **_above_own(sight, shown),
        **shown,
        **frame,
    )


def _sheet(sheet: Ranking, name: str, entry: Entry | None) -> dict[str, Any]:
    """A published sheet, page by page as it is numbered."""
    page = asked_page(PER_PAGE, sheet.people)
    if name:
        standings, more = queries.standings_named(sheet, name)
    else:
        standings, more = queries.standings(sheet, page.first, page.last), False
    mine = queries.standing_of(sheet, entry.id) if entry else None
    others = queries.sheets_of(sheet.round_id, sheet.division_id)
    return {
        "sheet": sheet,
        "board": None,
        "columns": columns(sheet.chain),
        "rows": [row_of(s, sheet) for s in standings],
        "more_hits": more,
        "page": page,
        "keyed": None,
        "mine": row_of(mine, sheet) if mine else None,
        "mine_page": page.holding(mine.position) if mine else None,
        "signed": signing.count_signed(sheet, signing.signatures_of(sheet)),
        "replaced": [s for s in others if s.published_at and s.id != sheet.id],
        "choice": None,
    }


def row_of(standing: Standing, sheet: Ranking) -> Row:
    s = standing
    return Row(s.place, s.tied, s.key, s.entry_id, s.entry, s.attempt, sheet.chain)


def _board(ranked: Ranked, sight: Sight, name: str, entry: Entry | None) -> dict[str, Any]:
    """A live board, page by page from the keys of its rows."""
    found = board_queries.live_board(ranked.round_id, ranked.division.id, staff=sight.staff)
    choice = unit_queries.choice(request.args.get("khoi", ""), asked_number("don-vi"), entry)
    more, page = False, None
    rows: list[Row] = []
    if found is not None:
        last = board_queries.key_at(found.id, sight.places(found.people)) if sight.hides_numbers else None
        if name:
            rows, more = board_queries.by_name(found, name, last=last)
        else:
            page = _asked_page(found, sight, choice.unit_ids, last)
            rows = list(page.rows)
    return {
        "sheet": None,
        "board": found,
        "columns": columns(found.chain if found else ranked.chain),
        "rows": rows,
        "more_hits": more,
        "page": None,
        "keyed": page,
        "mine": board_queries.row_of(found, entry.id) if found and entry else None,
        "mine_page": None,
        "replaced": [],
        "choice": choice,
        "total": sight.places(found.people) if found else 0,
        **_freshness(ranked, found),
    }


def _asked_page(found: Board, sight: Sight, unit_ids: list[int] | None, last: bytes | None) -> BoardPage:
    """The page that the address asks for: behind a row (`?sau=`), before one (`?truoc=`), or from a number on (`?hang=`)."""
    behind, ahead_of = (key_of(request.args.get(name, ""), found) for name in ("sau", "truoc"))
    position = asked_number("hang")
    if position is not None:
        position = max(1, min(position, sight.places(found.people)))
        key = board_queries.key_at(found.id, position)
        behind = board_queries.just_before(key) if key else None
    return board_queries.page(
        found, size=PER_PAGE, behind=behind, ahead_of=ahead_of if behind is None else None, units=unit_ids, last=last
    )


def _freshness(ranked: Ranked, found: Board | None) -> dict[str, Any]:
    """checked_at: up to when the board knows all attempts · within_s: how late that is at most, None when it is later"""
    every_s: int = current_app.extensions["settings"].board_every_s
    checked_at = found.checked_at if found else None
    late = checked_at is not None and g.now - checked_at > timedelta(seconds=max(30, 4 * every_s))
    return {
        "checked_at": checked_at,
        "within_s": 2 * every_s,
        "is_late": late and found is not None and not found.is_settled and any(is_live(r, g.now) for r in ranked.rounds
                                                                               if r.opens_at <= g.now),
    }  # fmt: skip


def _own(ranked: Ranked, entry: Entry | None, shown: dict[str, Any]) -> dict[str, Any]:
    """waits: an attempt of the visitor's has ended but is not on the board yet · annulled: what judges took out of the
    ranking, which its person must be told with the reason"""
    waits = (
        entry is not None
        and shown["mine"] is None
        and entry.division_id == ranked.division.id
        and queries.has_valid_attempt(entry.id, [r.id for r in ranked.rounds])
    )
    annulled = [a for r in ranked.rounds for a in annulments_of_entry(entry.id, r.id)] if entry else []
    return {"waits": waits, "annulled": annulled}


def _above_own(sight: Sight, shown: dict[str, Any]) -> dict[str, Any]:
    """may_ask: somebody whom the visitor may see stands above the own place · above: who does, when it is asked
    (`?vi-sao=1`) · why: the comparison, criterion by criterion"""
    mine, sheet, board = shown["mine"], shown["sheet"], shown["board"]
    is_shown = mine is not None and (sheet is not None or not sight.hides_numbers or mine.place <= shown["total"])
    may_ask = is_shown and mine.place > 1
    above = None
    if may_ask and "vi-sao" in request.args:
        if sheet is not None:  # a place is numbered by how many stand above it, so the nearest of them is one before
            standing = queries.standing_at(sheet, mine.place - 1)
            above = row_of(standing, sheet) if standing else None
        else:
            above = board_queries.row_above(board, mine)
    called = _("Hạng %(place)s", place=number(above.place)) if above else ""
    why = comparison(above.values, mine.values, mine.chain, called) if above else []
    return {"may_ask": may_ask, "above": above, "why": why}


from quiz.ranking import (  # noqa: E402  their routes
    corrected_views,  # noqa: F401
    correction_views,  # noqa: F401
    export_views,  # noqa: F401
    judge_views,  # noqa: F401
    key_views,  # noqa: F401
    rehearsal_views,  # noqa: F401
    unit_views,  # noqa: F401
)
