"""The judges' pages: rounds and their sheets, a sheet with all criteria, why one is above another, publication."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.contests.calendar import rounds_now
from quiz.contests.models import ContestState, Division, Round
from quiz.contests.queries import round_by_id
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.contests.rules_text import CRITERION_TEXTS, PREDICTION_TEXTS, chain_lines
from quiz.db import db, transaction
from quiz.marking.queries import annulled_in, annulment_counts
from quiz.ranking import prizes, queries, results, service
from quiz.ranking.models import Ranking, Standing
from quiz.ranking.paging import Page, asked_page
from quiz.ranking.views import bp
from quiz.ranking.words import columns, value_text, verdict
from quiz.rules.tie_break import why_above

ROUNDS_PER_PAGE = 10
PER_PAGE = 50
PRINTED = 200  # standings of the print view
ANNULLED_SHOWN = 200


def sheet_or_404(ranking_id: int) -> Ranking:
    return queries.sheet_by_id(ranking_id) or abort(404)


def ranked_or_404(round_id: int, division_id: int) -> tuple[Round, Division]:
    """A round of a public contest and one of that contest's divisions."""
    round_, division = round_by_id(round_id), db.session.get(Division, division_id)
    if round_ is None or division is None or round_.contest_id != division.contest_id:
        abort(404)
    return (round_, division) if round_.contest.state == ContestState.OPEN else abort(404)


@bp.route("/xet-hang")
@needs(Permission.SEE_RANKING)
def judge() -> Any:
    """Opened rounds with the state of each division's sheet."""
    page = asked_page(ROUNDS_PER_PAGE, queries.count_opened_rounds(g.now))
    rounds = queries.opened_rounds(g.now, limit=page.size, offset=page.first - 1)
    ids = [r.id for r in rounds]
    counts = annulment_counts(ids)
    # of several rankings of the same kind the last one stays
    latest = {(r.round_id, r.division_id, r.kind): r for r in queries.rankings_of(ids)}
    sheets = {key[:2]: r for key, r in latest.items() if key[2] == RankingKind.SHEET}
    return render_template(
        "ranking/judge.html",
        page=page,
        rounds=[(round_, next(n for n in rounds_now(round_.contest, g.now) if n.round_.id == round_.id))
                for round_ in rounds],
        sheets=sheets,
        boards={key[:2]: r for key, r in latest.items() if key[2] == RankingKind.BOARD},
        out_of_date={key for key, sheet in sheets.items() if queries.is_out_of_date(sheet, counts)},
        annulled={key: ever - restored for key, (ever, restored) in counts.items()},
        ends={r.id: all_ended_at(r) for r in rounds},
    )  # fmt: skip


@bp.route("/xet-hang/lap/<int:round_id>/<int:division_id>", methods=["POST"])
@needs(Permission.MAKE_RANKING, of=ranked_or_404)
def make(ranked: tuple[Round, Division]) -> Any:
    with transaction():
        sheet = service.make_sheet(*ranked, current_user, now=g.now)
    flash(
        _(
            "Đã lập bảng kết quả số %(number)s. Chưa ai ngoài Ban Giám khảo và Ban Tổ chức nhìn thấy.",
            number=sheet.number,
        ),
        "ok",
    )
    return redirect(url_for(".sheet", ranking_id=sheet.id))  # fmt: skip


@bp.route("/xet-hang/<int:ranking_id>")
@needs(Permission.SEE_RANKING, of=sheet_or_404)
def sheet(ranking: Ranking) -> Any:
    """All criteria side by side. `?in=1` shows the first places on one page, for paper."""
    printed = request.args.get("in") == "1"
    page = Page(1, PRINTED, ranking.people) if printed else asked_page(PER_PAGE, ranking.people)
    round_ = ranking.round_
    rules = contest_rules(round_.contest)
    sheets = queries.sheets_of(round_.id, ranking.division_id)
    return render_template(
        "ranking/sheet.html",
        ranking=ranking,
        contest=round_.contest,
        round=round_,
        rules=rules,
        printed=printed,
        page=page,
        standings=queries.standings(ranking.id, page.first, page.last, with_codes=True),
        columns=columns(ranking.chain),
        prizes=prizes.proposed(ranking),
        sheets=sheets,
        is_latest=sheets[0].id == ranking.id,
        is_out_of_date=queries.is_out_of_date(ranking),
        annulled=annulled_in(round_.id, ranking.division_id, limit=ANNULLED_SHOWN),
        truth_text=PREDICTION_TEXTS[rules.prediction.target][1] if rules.prediction else "",
        chain_lines=chain_lines(tuple(ranking.chain)),
    )


@bp.route("/xet-hang/<int:ranking_id>/so-sanh")
@needs(Permission.SEE_RANKING, of=sheet_or_404)
def compare(ranking: Ranking) -> Any:
    """Why one row of the sheet stands above another, criterion by criterion."""
    rows = [_asked_row(ranking, name) for name in ("a", "b")]
    found = sorted((row for row in rows if row is not None), key=lambda row: row.position)
    pair = found if len(found) == 2 and found[0].position != found[1].position else None
    return render_template(
        "ranking/compare.html",
        ranking=ranking,
        contest=ranking.round_.contest,
        round=ranking.round_,
        asked=[request.args.get(name, "") for name in ("a", "b")],
        pair=pair,
        lines=_lines(ranking, *pair) if pair else [],
    )


def _asked_row(ranking: Ranking, name: str) -> Standing | None:
    position = request.args.get(name, type=int)
    return queries.standing_at(ranking.id, position) if position and 0 < position <= ranking.people else None


def _lines(ranking: Ranking, a: Standing, b: Standing) -> list[dict[str, Any]]:
    above = _("Hạng %(place)s", place=a.place)
    return [
        {
            "title": CRITERION_TEXTS[line.criterion][0],
            "a": value_text(line.criterion, line.a),
            "b": value_text(line.criterion, line.b),
            "state": line.verdict,
            "verdict": verdict(line, above),
        }
        for line in why_above(results.plain(a).result, results.plain(b).result, ranking.chain)
    ]


@bp.route("/xet-hang/<int:ranking_id>/cong-bo", methods=["POST"])
@needs(Permission.PUBLISH_RESULTS, of=sheet_or_404)
def publish(ranking: Ranking) -> Any:
    with transaction():
        service.publish(ranking, current_user, now=g.now)
    flash(_("Đã công bố bảng kết quả số %(number)s. Mọi người xem được ngay.", number=ranking.number), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id))
