"""Draws on a sheet: the judges' forms, and the public page on which anybody can follow a draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.db import db, transaction
from quiz.ranking import lots, queries
from quiz.ranking.forms import LotForm, NoticeForm
from quiz.ranking.judge_views import sheet_page
from quiz.ranking.models import Lot, LotKind, LotNotice, Ranking
from quiz.ranking.views import bp, is_staff, sheet_or_404
from quiz.rules.lots import draw_lots, ticket

SHARED_SHOWN = 20  # shared places that a draw is offered for, the first ones


@dataclass(frozen=True, slots=True)
class OpenDraw:
    """A draw that has not been held.  place: 0 for the lucky draw · people: who share the place, or the prizes ·
    notice: None while its source has not been announced"""

    place: int
    people: int
    notice: LotNotice | None


def lots_of_page(ranking: Ranking) -> dict[str, Any]:
    """What the page of a sheet says and offers of draws."""
    drawn = queries.lots_of(ranking.id)
    held = {lot.place for lot in drawn}
    notices = {notice.place: notice for notice in queries.lot_notices(ranking.id)}
    rules = lots.lucky_rules(ranking)
    offered = [(0, rules.quota)] if rules is not None else []
    offered += queries.shared_places(ranking, limit=SHARED_SHOWN)
    return {
        "drawn": drawn,
        "lot_order": queries.lot_order(ranking.id),
        "open_draws": [OpenDraw(place, n, notices.get(place)) for place, n in offered if place not in held],
        "lucky": rules,
        "notice_form": NoticeForm(formdata=None),
        "lot_form": LotForm(formdata=None),
    }


def _kind(place: int) -> LotKind:
    return LotKind.TIE if place else LotKind.LUCKY


@bp.route("/xet-hang/<int:ranking_id>/boc-tham/bao-truoc", methods=["POST"])
@needs(Permission.DRAW_LOTS, of=sheet_or_404)
def announce_draw(ranking: Ranking) -> Any:
    form = NoticeForm()
    if not form.validate_on_submit():
        return sheet_page(ranking, refused_form=form), 422
    place = form.place_number
    with transaction():
        lots.announce(ranking, _kind(place), place, form.source.data or "", current_user, now=g.now)
    flash(_("Đã ghi nguồn của dãy số vào nhật ký. Khi dãy số được công bố, hãy trở lại trang này để bốc thăm."), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id, _anchor="boc-tham"))


@bp.route("/xet-hang/<int:ranking_id>/boc-tham", methods=["POST"])
@needs(Permission.DRAW_LOTS, of=sheet_or_404)
def draw(ranking: Ranking) -> Any:
    """Lots for one shared place, or with place 0 the lucky draw."""
    form = LotForm()
    if not form.validate_on_submit():
        return sheet_page(ranking, refused_form=form), 422
    place = form.place_number
    with transaction():
        lot = lots.draw(ranking, _kind(place), place, (form.seed.data or "").strip(), current_user, now=g.now)
    flash(_("Đã bốc thăm và ghi vào nhật ký. Không bốc lại được."), "ok")
    return redirect(url_for(".lot", lot_id=lot.id))


@bp.route("/boc-tham/<int:lot_id>")
@public
def lot(lot_id: int) -> Any:
    """The seed, the tickets and the order, drawn again while the page is made.

    For everybody once the sheet is published; before, for whoever sees the sheet.
    """
    lot = db.session.get(Lot, lot_id)
    if lot is None or not (lot.ranking.published_at or is_staff()):
        abort(404)
    ranking = queries.sheet_by_id(lot.ranking_id)
    assert ranking is not None
    people = {s.entry_id: s for s in queries.standings_of(ranking, lot.entries)}
    rules = lots.lucky_rules(ranking) if lot.kind == LotKind.LUCKY else None
    return render_template(
        "ranking/lot.html",
        lot=lot,
        ranking=ranking,
        contest=ranking.contest,
        rows=[(people[e].entry, ticket(lot.seed, ranking.digest, e)) for e in lot.entries],
        winners=rules.quota if rules else len(lot.entries),
        agrees=draw_lots(lot.seed, ranking.digest, lot.entries) == lot.entries,
    )
