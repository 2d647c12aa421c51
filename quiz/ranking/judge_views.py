"""The judges' pages: rounds and their sheets, a sheet with all criteria, why one is above another, publication."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, needs
from quiz.contests.calendar import rounds_now
from quiz.contests.models import WHOLE_CONTEST, ContestState, Division, Round
from quiz.contests.queries import round_by_id
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules, round_rules, rule_set
from quiz.contests.rules_text import chain_lines
from quiz.db import db, transaction
from quiz.marking.forms import WhyForm
from quiz.marking.queries import annulled_in, annulment_counts
from quiz.ranking import identity, prizes, queries, service, signing
from quiz.ranking.board_queries import staff_boards
from quiz.ranking.models import Ranking, Standing
from quiz.ranking.paging import Page, asked_page
from quiz.ranking.views import bp, sheet_or_404
from quiz.ranking.words import columns, comparison, scope_name
from quiz.rules.counting import Overall
from quiz.rules.prediction import Scope

ROUNDS_PER_PAGE = 10
PER_PAGE = 50
PRINTED = 200  # standings of the print view
ANNULLED_SHOWN = 200

bp.add_app_template_filter(scope_name)


def ranked_or_404(round_id: int, division_id: int) -> tuple[Round, Division]:
    """A round of a public contest and one of that contest's divisions."""
    round_, division = round_by_id(round_id), db.session.get(Division, division_id)
    if round_ is None or division is None or round_.contest_id != division.contest_id:
        abort(404)
    return (round_, division) if round_.contest.state == ContestState.OPEN else abort(404)


def _links(round_: Round) -> list[tuple[str, str]]:
    """[(text, address), …] of what else judges and organizers do about a round, as its rules ask for it."""
    contest, rules = round_.contest, rule_set(round_.contest)
    links = [
        (_("Theo dõi"), url_for("reports.monitor", contest_id=contest.id)),
        (_("Thống kê"), url_for("reports.statistics", contest_id=contest.id, ky=round_.code)),
        (_("Số liệu câu hỏi"), url_for("reports.figures", contest_id=contest.id)),
    ]
    links.append((_("Đính chính đáp án"), url_for(".key_rulings", contest_id=contest.id)))
    if rules.contest.prediction is not None:
        of = round_.id if rules.contest.prediction.scope is Scope.ROUND else 0
        links.append((_("Số thực tế"), url_for(".truth", contest_id=contest.id, round_id=of)))
    if allows(current_user, Permission.SEE_ATTEMPT):
        links.append((_("Cảnh báo"), url_for("marking.flags", round_id=round_.id)))
    if rules.has_essays and allows(current_user, Permission.MARK_ESSAY):
        links.append((_("Chấm tự luận"), url_for("marking.essays", round_id=round_.id)))
    if rules.has_essays and rules.contest.essay_judges > 1:
        links.append((_("Ban chấm tự luận"), url_for("marking.panel", round_id=round_.id)))
    if rules.contest.collective:
        links.append((_("Kết quả tập thể"), url_for(".collective", contest_id=contest.id)))
    if round_rules(round_).admission is not None and allows(current_user, Permission.MANAGE_CONTEST):
        links.append((_("Danh sách vào vòng"), url_for(".admission", round_id=round_.id)))
    return links


def public_division_or_404(division_id: int) -> Division:
    """A division of a public contest."""
    division = db.session.get(Division, division_id)
    return division if division is not None and division.contest.state == ContestState.OPEN else abort(404)


@bp.route("/xet-hang")
@needs(Permission.SEE_RANKING)
def judge() -> Any:
    """Opened rounds with the state of each division's sheet, and the whole contests that their rules rank."""
    page = asked_page(ROUNDS_PER_PAGE, queries.count_opened_rounds(g.now))
    rounds = queries.opened_rounds(g.now, limit=page.size, offset=page.first - 1)
    contests = list({r.contest.id: r.contest for r in rounds}.values())
    overall = [c for c in contests if contest_rules(c).overall.how is not Overall.NONE]
    counts = annulment_counts({r.id for c in contests for r in c.rounds})
    # of several sheets of the same round and division the last one stays
    sheets = {(s.round_id, s.division_id): s for s in queries.sheets_of_rounds([r.id for r in rounds])}
    sheets |= {
        (None, s.division_id): s for s in queries.sheets_of_contests([d.id for c in overall for d in c.divisions])
    }
    return render_template(
        "ranking/judge.html",
        page=page,
        rounds=[(round_, next(n for n in rounds_now(round_.contest, g.now) if n.round_.id == round_.id))
                for round_ in rounds],
        overall=overall,
        sheets=sheets,
        out_of_date={key for key, sheet in sheets.items() if queries.is_out_of_date(sheet, counts)},
        annulled={key: ever - restored for key, (ever, restored) in counts.items()},
        boards=staff_boards([r.id for r in rounds], contests),
        links={r.id: _links(r) for r in rounds},
        whole=WHOLE_CONTEST,
        ends={r.id: all_ended_at(r) for r in rounds},
        contest_ends={c.id: max(all_ended_at(r) for r in c.rounds) for c in overall},
    )  # fmt: skip


@bp.route("/xet-hang/lap/<int:round_id>/<int:division_id>", methods=["POST"])
@needs(Permission.MAKE_RANKING, of=ranked_or_404)
def make(ranked: tuple[Round, Division]) -> Any:
    return _make(*ranked)


@bp.route("/xet-hang/lap-chung/<int:division_id>", methods=["POST"])
@needs(Permission.MAKE_RANKING, of=public_division_or_404)
def make_overall(division: Division) -> Any:
    """The sheet of the whole contest."""
    return _make(None, division)


def _make(round_: Round | None, division: Division) -> Any:
    with transaction():
        sheet = service.make_sheet(round_, division, current_user, now=g.now)
    flash(
        _(
            "Đã lập bảng kết quả số %(number)s. Chưa ai ngoài Ban Giám khảo và Ban Tổ chức nhìn thấy.",
            number=sheet.number,
        ),
        "ok",
    )
    return redirect(url_for(".sheet", ranking_id=sheet.id))


@bp.route("/xet-hang/<int:ranking_id>")
@needs(Permission.SEE_RANKING, of=sheet_or_404)
def sheet(ranking: Ranking) -> Any:
    """All criteria side by side. `?in=1` shows the first places on one page, for paper."""
    return sheet_page(ranking)


def sheet_page(ranking: Ranking, **more: Any) -> str:
    """more: what a page that comes back with errors has instead"""
    from quiz.ranking.lot_views import lots_of_page  # its routes are registered after these

    more = {"decline_form": WhyForm(formdata=None), "withdraw_form": WhyForm(formdata=None)} | more
    printed = request.args.get("in") == "1"
    page = Page(1, PRINTED, ranking.people) if printed else asked_page(PER_PAGE, ranking.people)
    sheets = queries.sheets_of(ranking.round_id, ranking.division_id)
    proposed = prizes.proposed(ranking).given
    names = prizes.names_of(ranking)
    return render_template(
        "ranking/sheet.html",
        ranking=ranking,
        contest=ranking.contest,
        rules=contest_rules(ranking.contest),
        printed=printed,
        page=page,
        standings=queries.standings(ranking, page.first, page.last),
        columns=columns(ranking.chain),
        prizes={p.standing.entry_id: (names[p.tier.code], p.contested) for p in proposed},
        sheets=sheets,
        is_latest=sheets[0].id == ranking.id,
        is_out_of_date=queries.is_out_of_date(ranking),
        replaces=next((s for s in sheets if s.number < ranking.number and s.published_at is not None), None),
        annulled=annulled_in(queries.round_ids_of(ranking), ranking.division_id, limit=ANNULLED_SHOWN),
        chain_lines=chain_lines(tuple(ranking.chain)),
        unverified=len(identity.unverified(ranking)),
        **_signing(ranking),
        **lots_of_page(ranking),
        **more,
    )


def _signing(ranking: Ranking) -> dict[str, Any]:
    signatures = signing.signatures_of(ranking)
    own = next((s for s in signing.standing(signatures) if s.judge_id == current_user.id), None)
    return {
        "signatures": signatures,
        "missing": signing.missing(ranking, signatures),
        "unsigned": signing.unsigned(ranking, signatures),
        "own_word": own,
    }


@bp.route("/xet-hang/<int:ranking_id>/so-sanh")
@needs(Permission.SEE_RANKING, of=sheet_or_404)
def compare(ranking: Ranking) -> Any:
    """Why one row of the sheet stands above another, criterion by criterion."""
    rows = [_asked_row(ranking, name) for name in ("a", "b")]
    found = sorted((row for row in rows if row is not None), key=lambda row: row.position)
    pair = found if len(found) == 2 and found[0].position != found[1].position else None
    lots = queries.lot_order(ranking.id)
    return render_template(
        "ranking/compare.html",
        ranking=ranking,
        contest=ranking.contest,
        asked=[request.args.get(name, "") for name in ("a", "b")],
        pair=pair,
        lines=_lines(ranking, *pair) if pair else [],
        lots=[lots.get(row.entry_id) for row in pair] if pair else [],
    )


def _asked_row(ranking: Ranking, name: str) -> Standing | None:
    position = request.args.get(name, type=int)
    return queries.standing_at(ranking, position) if position and 0 < position <= ranking.people else None


def _lines(ranking: Ranking, a: Standing, b: Standing) -> list[dict[str, Any]]:
    above = _("Hạng %(place)s", place=a.place)
    return comparison(a.values(ranking.chain), b.values(ranking.chain), ranking.chain, above)


@bp.route("/xet-hang/<int:ranking_id>/cong-bo", methods=["POST"])
@needs(Permission.PUBLISH_RESULTS, of=sheet_or_404)
def publish(ranking: Ranking) -> Any:
    with transaction():
        service.publish(ranking, current_user, now=g.now)
    flash(_("Đã công bố bảng kết quả số %(number)s. Mọi người xem được ngay.", number=ranking.number), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id))


from quiz.ranking import admission_views, collective_views, flag_views, lot_views, signing_views, truth_views  # noqa: E402, F401  their routes belong here
