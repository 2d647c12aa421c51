"""Collective competitions for judges and organizers: their sheets, the working of every unit, points for quality, and the
public page of a published sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.contests.models import WHOLE_CONTEST, Contest, ContestState
from quiz.contests.queries import contest_by_id
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import CollectiveRules
from quiz.contests.rule_words import DENOMINATOR_TEXTS
from quiz.db import transaction
from quiz.ranking import collective_words, tallies, unit_lines, unit_sheet_queries, unit_sheets
from quiz.ranking.collective_words import Speaker
from quiz.ranking.paging import Page, asked_page
from quiz.ranking.quality_form import QualityForm
from quiz.ranking.unit_models import UnitSheet, UnitStanding
from quiz.ranking.unit_sheets import Competition, Known
from quiz.ranking.unit_working import result_of
from quiz.ranking.views import bp, contest_or_404, is_staff
from quiz.rules.collective import Problem, why_above
from quiz.spreadsheets import Worksheet, csv_lines, send_book

PER_PAGE = 50
PRINTED = 1000  # units of the print view
NAMED = 12  # units named for each problem


def public_contest_or_404(contest_id: int) -> Contest:
    """A public contest that has collective competitions."""
    contest = contest_by_id(contest_id)
    if contest is None or contest.state != ContestState.OPEN or not unit_sheets.competitions(contest):
        abort(404)
    return contest


def competition_or_404(contest_id: int, code: str, scope_code: str) -> Competition:
    return _competition(public_contest_or_404(contest_id), code, scope_code)


def _competition(contest: Contest, code: str, scope_code: str) -> Competition:
    found = (c for c in unit_sheets.competitions(contest) if c.rules.code == code and scope_of(c) == scope_code)
    return next(found, None) or abort(404)


def scope_of(competition: Competition) -> str:
    """The round in addresses."""
    return competition.round_.code if competition.round_ is not None else WHOLE_CONTEST


def unit_sheet_or_404(sheet_id: int) -> UnitSheet:
    return unit_sheet_queries.unit_sheet_by_id(sheet_id) or abort(404)


def _file_of(sheet_id: int, kind: str) -> tuple[UnitSheet, str]:
    return unit_sheet_or_404(sheet_id), kind


def _rules(sheet: UnitSheet) -> CollectiveRules:
    return CollectiveRules.model_validate(sheet.rules)


@bp.app_template_filter()
def unit_scope_name(sheet: Any) -> str:
    """The round of a sheet of units or a competition, or that it is of the whole contest."""
    return sheet.round_.name if sheet.round_ is not None else _("Toàn cuộc thi")


# All competitions of a contest


@bp.route("/xet-hang/tap-the/<int:contest_id>")
@needs(Permission.SEE_RANKING, of=public_contest_or_404)
def collective(contest: Contest) -> Any:
    """Every competition with its rules in sentences, what it waits for, and its sheet."""
    known = Known(contest)
    sheets = unit_sheet_queries.latest_unit_sheets(contest.id)
    groups: dict[str, tuple[CollectiveRules, list[dict[str, Any]]]] = {}
    for competition in unit_sheets.competitions(contest):
        _rules_of, rows = groups.setdefault(competition.rules.code, (competition.rules, []))
        rows.append(_state(competition, known, sheets))
    return render_template(
        "ranking/collective.html",
        contest=contest,
        groups=[(rules, collective_words.rule_lines(contest, rules), rows) for rules, rows in groups.values()],
        competing=len(known.tree.competing),
        by_block=any(unit.block for unit in known.tree.competing),
    )


def _state(competition: Competition, known: Known, sheets: dict[tuple[str, int], UnitSheet]) -> dict[str, Any]:
    ends_at = max(all_ended_at(r) for r in competition.rounds)
    found = unit_sheets.sources(competition, known)
    sheet = sheets.get((competition.rules.code, competition.scope))
    stated = known.headcounts(competition.counted_on)[competition.rules.denominator]
    units = [unit.id for unit in known.tree.competing]
    contest_id = competition.contest.id
    return {
        "competition": competition,
        "scope": scope_of(competition),
        "ends_at": ends_at,
        "has_ended": g.now >= ends_at,
        "missing": found.missing,
        "out_of_date": found.out_of_date,
        "sheet": sheet,
        "changed": unit_sheets.changed_parts(sheet, known) if sheet else [],
        "without_number": sum(unit_id not in stated for unit_id in units),
        "judged": unit_sheet_queries.count_quality(contest_id, competition.scope, competition.rules.code, units)
        if competition.asks_quality
        else None,
    }


@bp.route("/xet-hang/tap-the/<int:contest_id>/<code>/<scope_code>/lap", methods=["POST"])
@needs(Permission.MAKE_RANKING, of=competition_or_404)
def make_units(competition: Competition) -> Any:
    with transaction():
        sheet = unit_sheets.make_unit_sheet(
            competition.contest, competition.round_, competition.rules, current_user, now=g.now
        )
    flash(
        _(
            "Đã lập bảng xếp hạng đơn vị số %(number)s. Chưa ai ngoài Ban Giám khảo và Ban Tổ chức nhìn thấy.",
            number=sheet.number,
        ),
        "ok",
    )
    return redirect(url_for(".unit_sheet", sheet_id=sheet.id))


# One sheet


@bp.route("/xet-hang/tap-the/bang/<int:sheet_id>")
@needs(Permission.SEE_RANKING, of=unit_sheet_or_404)
def unit_sheet(sheet: UnitSheet) -> Any:
    """The units with their figures. `?in=1` shows all on one page, with the working of each, for paper."""
    printed = request.args.get("in") == "1"
    rules, block = _rules(sheet), _asked_block(sheet)
    total = unit_sheet_queries.count_rows(sheet.id, block)
    page = Page(1, PRINTED, total) if printed else asked_page(PER_PAGE, total)
    rows = unit_sheet_queries.unit_standings(sheet.id, block, limit=page.size, offset=page.first - 1)
    sheets = unit_sheet_queries.unit_sheets_of(sheet.contest_id, sheet.scope, sheet.code)
    is_latest = sheets[0].id == sheet.id
    return render_template(
        "ranking/unit_sheet.html",
        sheet=sheet,
        contest=sheet.contest,
        rules=rules,
        rule_lines=collective_words.rule_lines(sheet.contest, rules),
        denominator=DENOMINATOR_TEXTS[rules.denominator],
        printed=printed,
        page=page,
        blocks=unit_sheet_queries.blocks_of(sheet.id),
        block=block,
        lines=[unit_lines.line(sheet, rules, row) for row in rows],
        workings={row.unit_id: collective_words.working(sheet, row) for row in rows} if printed else {},
        sheets=sheets,
        is_latest=is_latest,
        changed=collective_words.changed_text(unit_sheets.changed_parts(sheet)) if is_latest else "",
        waiting=unit_sheets.unpublished_sources(sheet) if sheet.published_at is None else [],
        problems=_problems(sheet),
        asks_quality=unit_sheets.competition_of(sheet).asks_quality,
    )


def _asked_block(sheet: UnitSheet) -> str | None:
    asked = request.args.get("khoi", "")
    return asked if asked and asked in unit_sheet_queries.blocks_of(sheet.id) else None


def _problems(sheet: UnitSheet) -> list[dict[str, Any]]:
    """What is wrong with the facts of units, what to do about it, and with which units."""
    rows = unit_sheet_queries.standings_with_problems(sheet.id)
    found = []
    for problem, text in collective_words.WHAT_TO_DO.items():
        units = [row for row in rows if any(step.get("problem") == problem for step in row.steps)]
        if units:
            kind = "info" if problem is Problem.OBLIGED_NOT_TOLD_APART else "warn"
            name = collective_words.PROBLEMS[problem]
            found.append({"name": name, "text": text, "kind": kind, "units": units[:NAMED], "count": len(units),
                          "is_quality": problem is Problem.NO_QUALITY})  # fmt: skip
    return found


def unit_row_or_404(sheet_id: int, unit_id: int) -> tuple[UnitSheet, UnitStanding]:
    sheet = unit_sheet_or_404(sheet_id)
    row = unit_sheet_queries.standing_of_unit(sheet.id, unit_id)
    return (sheet, row) if row is not None else abort(404)


@bp.route("/xet-hang/tap-the/bang/<int:sheet_id>/<int:unit_id>")
@needs(Permission.SEE_RANKING, of=unit_row_or_404)
def unit_working(found: tuple[UnitSheet, UnitStanding]) -> Any:
    """How the place of a unit came about, line by line."""
    sheet, row = found
    return render_template(
        "ranking/unit_working.html",
        sheet=sheet,
        contest=sheet.contest,
        line=unit_lines.line(sheet, _rules(sheet), row),
        working=collective_words.working(sheet, row),
    )


@bp.route("/xet-hang/tap-the/bang/<int:sheet_id>/so-sanh")
@needs(Permission.SEE_RANKING, of=unit_sheet_or_404)
def compare_units(sheet: UnitSheet) -> Any:
    """Why one unit of a block stands above another: the first line in which their workings part."""
    rows = [_asked_row(sheet, name) for name in ("a", "b")]
    pair = sorted((row for row in rows if row is not None), key=lambda row: row.position)
    rules, complete = _rules(sheet), len(pair) == 2 and pair[0].position != pair[1].position
    apart = complete and rules.by_block and pair[0].block != pair[1].block
    parts = None
    if complete and not apart:
        parts = why_above(result_of(pair[0]), result_of(pair[1]), rules.scheme)
    return render_template(
        "ranking/unit_compare.html",
        sheet=sheet,
        contest=sheet.contest,
        asked=[request.args.get(name, "") for name in ("a", "b")],
        pair=pair if complete else None,
        apart=apart,
        heading=collective_words.line_name(parts.a, rules) if parts else "",
        decisive=collective_words.compared(parts, partial(_speakers, sheet, pair[0], pair[1])) if parts else None,
        workings=[collective_words.working(sheet, row) for row in pair] if complete else [],
    )


def _speakers(sheet: UnitSheet, a: UnitStanding, b: UnitStanding, digits: int) -> tuple[Speaker, Speaker]:
    return collective_words.speaker(sheet, a, digits), collective_words.speaker(sheet, b, digits)


def _asked_row(sheet: UnitSheet, name: str) -> UnitStanding | None:
    position = request.args.get(name, type=int)
    return unit_sheet_queries.standing_at(sheet.id, position) if position and 0 < position <= sheet.units else None


@bp.route("/xet-hang/tap-the/bang/<int:sheet_id>/cong-bo", methods=["POST"])
@needs(Permission.PUBLISH_RESULTS, of=unit_sheet_or_404)
def publish_units(sheet: UnitSheet) -> Any:
    with transaction():
        unit_sheets.publish_unit_sheet(sheet, current_user, now=g.now)
    flash(_("Đã công bố bảng xếp hạng đơn vị số %(number)s. Mọi người xem được ngay.", number=sheet.number), "ok")
    return redirect(url_for(".unit_sheet", sheet_id=sheet.id))


@bp.route("/xet-hang/tap-the/bang/<int:sheet_id>.<any(csv, xlsx):kind>")
@needs(Permission.SEE_RANKING, of=_file_of)
def unit_sheet_file(asked: tuple[UnitSheet, str]) -> Any:
    """The whole sheet as a file; it holds no personal data."""
    sheet, kind = asked
    rules = _rules(sheet)
    rows = (unit_lines.cells(unit_lines.line(sheet, rules, row)) for row in unit_sheet_queries.unit_standings(sheet.id))
    name = f"tap-the-{sheet.contest.slug}-{sheet.scope_code}-{sheet.code}-{sheet.number}.{kind}"
    if kind == "xlsx":
        return send_book(name, Worksheet(sheet.code, unit_lines.columns(), rows))
    content = b"".join(csv_lines([heading for heading, _width in unit_lines.columns()], rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


# Points for quality


@bp.route("/xet-hang/tap-the/<int:contest_id>/<code>/<scope_code>/chat-luong", methods=["GET", "POST"])
@needs(Permission.JUDGE_UNITS, of=competition_or_404)
def unit_quality(competition: Competition) -> Any:
    """All competing units with the points that judges gave them, page by page."""
    if not competition.asks_quality:
        abort(404)
    units = sorted(tallies.tree().competing, key=lambda unit: (unit.block, unit.name, unit.id))
    blocks = sorted({unit.block for unit in units if unit.block})
    asked = request.args.get("khoi", "")
    block = asked if asked in blocks else ""
    shown = [unit for unit in units if not block or unit.block == block]
    page = asked_page(PER_PAGE, len(shown))
    on_page = shown[page.first - 1 : page.last]
    form = QualityForm()
    if request.method == "POST":
        # the units of the form, not those of the page: the list may have changed since
        form = QualityForm.read(request.form, [u.id for u in units if f"p-{u.id}" in request.form])
        if not form.errors:
            with transaction():
                changed = unit_sheets.give_quality(competition, form.given, current_user, now=g.now)
            flash(_("Đã ghi điểm của %(n)s đơn vị.", n=len(changed)), "ok")
            return redirect(_quality_url(competition, block, page.number))
    code, scope = competition.rules.code, competition.scope
    return render_template(
        "ranking/unit_quality.html",
        competition=competition,
        contest=competition.contest,
        scope=scope_of(competition),
        units=on_page,
        total=len(shown),
        page=page,
        blocks=blocks,
        block=block,
        form=form,
        last=unit_sheet_queries.quality_rows(competition.contest.id, scope, code),
    ), 422 if form.errors else 200


def _quality_url(competition: Competition, block: str, page: int) -> str:
    return url_for(
        ".unit_quality", contest_id=competition.contest.id, code=competition.rules.code,
        scope_code=scope_of(competition), khoi=block or None, trang=page if page > 1 else None,
    )  # fmt: skip


# For everybody


@bp.route("/bang-xep-hang/<slug>/tap-the/<code>")
@public
def unit_results(slug: str, code: str) -> Any:
    """A published sheet of units. `?ky=` says of which round, where the competition is held in each."""
    contest = contest_or_404(slug)
    held = [c for c in unit_sheets.competitions(contest) if c.rules.code == code]
    asked = request.args.get("ky", "")
    competition = next((c for c in held if scope_of(c) == asked), None) or _latest_shown(held) or abort(404)
    sheet = unit_sheet_queries.published_unit_sheet(contest.id, competition.scope, code)
    frame = {
        "contest": contest,
        "competition": competition,
        "scope": scope_of(competition),
        "scopes": [(scope_of(c), unit_scope_name(c)) for c in held] if len(held) > 1 else [],
        "staff_may_make": is_staff(),
    }
    if sheet is None:
        return render_template("ranking/unit_results.html", sheet=None, **frame)
    rules, block = _rules(sheet), _asked_block(sheet)
    page = asked_page(PER_PAGE, unit_sheet_queries.count_rows(sheet.id, block))
    rows = unit_sheet_queries.unit_standings(sheet.id, block, limit=page.size, offset=page.first - 1)
    return render_template(
        "ranking/unit_results.html",
        sheet=sheet,
        rules=rules,
        rule_lines=collective_words.rule_lines(sheet.contest, rules),
        denominator=DENOMINATOR_TEXTS[rules.denominator],
        blocks=unit_sheet_queries.blocks_of(sheet.id),
        block=block or "",
        page=page,
        lines=[unit_lines.line(sheet, rules, row) for row in rows],
        workings={row.unit_id: collective_words.working(sheet, row) for row in rows},
        **frame,
    )


def _latest_shown(held: Sequence[Competition]) -> Competition | None:
    """Without a round asked for: the last one with a published sheet, else the first."""
    for competition in reversed(held):
        if unit_sheet_queries.published_unit_sheet(competition.contest.id, competition.scope, competition.rules.code):
            return competition
    return held[0] if held else None
