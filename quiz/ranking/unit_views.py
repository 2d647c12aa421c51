"""Participation by unit: the public board of units, and the page that organizers and unit contacts work with."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request
from flask_login import current_user

from quiz.access import Permission, Role, needs, public
from quiz.contests.calendar import rounds_now
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.ranking import queries, units
from quiz.ranking.paging import asked_page
from quiz.ranking.units import UnitRow
from quiz.ranking.views import bp, contest_or_404, frozen_at, is_staff, round_now_or_404
from quiz.ranking.visibility import unit_sight

PER_PAGE = 50
ROUNDS = 50  # offered for choosing, the latest ones


@bp.route("/bang-xep-hang/<slug>/<round_code>/don-vi")
@public
def unit_board(slug: str, round_code: str) -> Any:
    contest = contest_or_404(slug)
    at = round_now_or_404(contest, round_code)
    rules = contest_rules(contest)
    sight = unit_sight(rules, at, staff=is_staff())
    frame = {
        "contest": contest,
        "at": at,
        "round": at.round_,
        "code": at.round_.code,
        "name": at.round_.name,
        "division": None,
        "rules": rules,
        "sight": sight,
        "all_ended_at": all_ended_at(at.round_),
        "frozen_at": frozen_at([at.round_]),
    }
    if not sight.may_look:
        return render_template("ranking/hidden.html", **frame)
    turnout = units.turnout(at.round_, staff=sight.staff)
    rows = units.unit_rows(turnout, units.counted_on(at.round_, g.now))
    blocks = units.blocks(rows)
    block = _asked_block(blocks)
    ranked = units.placed(r for r in rows if not block or r.block == block)
    page = asked_page(PER_PAGE, len(ranked))
    return render_template(
        "ranking/unit_board.html",
        turnout=turnout,
        blocks=blocks,
        block=block,
        page=page,
        rows=ranked[page.first - 1 : page.last],
        sources=units.sources(ranked),
        **frame,
    )


def _asked_block(blocks: list[str]) -> str:
    asked = request.args.get("khoi", "")
    return asked if asked in blocks else ""


@bp.route("/to-chuc/don-vi-tham-gia")
@needs(Permission.SEE_PARTICIPATION)
def participation() -> Any:
    """All units for organizers and judges; for a unit contact the own unit and those below it."""
    rounds = queries.opened_rounds(g.now, limit=ROUNDS)
    chosen = request.args.get("ky", type=int)
    round_ = next((r for r in rounds if r.id == chosen), rounds[0] if rounds else None)
    only_own = not current_user.roles & {Role.ORGANIZER, Role.JUDGE}
    own_unit = current_user.org_unit_id if only_own else None
    turnout = units.turnout(round_, staff=not only_own) if round_ else None
    rows: list[UnitRow] = []
    if round_ is not None and not (only_own and own_unit is None):
        rows = units.unit_rows(turnout, units.counted_on(round_, g.now), under=own_unit)
    blocks = units.blocks(rows)
    block = _asked_block(blocks)
    nobody_only = request.args.get("chi") == "chua-co"
    in_block = [r for r in rows if not block or r.block == block]
    shown = [r for r in in_block if not nobody_only or r.participants == 0]
    page = asked_page(PER_PAGE, len(shown))
    return render_template(
        "ranking/participation.html",
        rounds=rounds,
        round=round_,
        at=next((r for r in rounds_now(round_.contest, g.now) if r.round_.id == round_.id), None) if round_ else None,
        turnout=turnout,
        only_own=only_own,
        own_unit=current_user.org_unit if only_own else None,
        blocks=blocks,
        block=block,
        nobody_only=nobody_only,
        in_block=in_block,
        without_people=sum(r.participants == 0 for r in in_block),
        page=page,
        rows=shown[page.first - 1 : page.last],
        sources=units.sources(in_block),
    )
