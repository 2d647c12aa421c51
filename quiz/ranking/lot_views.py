"""Draws on a sheet: the judges' forms, and the public page on which anybody can follow a draw."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.db import db, transaction
from quiz.ranking import lots, queries
from quiz.ranking.forms import LotForm
from quiz.ranking.judge_views import sheet_or_404, sheet_page
from quiz.ranking.models import Lot, LotKind, Ranking
from quiz.ranking.views import bp
from quiz.rules.lots import draw_lots, ticket

SHARED_SHOWN = 20  # shared places that a draw is offered for, the first ones


def lots_of_page(ranking: Ranking) -> dict[str, Any]:
    """What the page of a sheet says and offers of draws."""
    drawn = queries.lots_of(ranking.id)
    of_ties = {lot.place: lot for lot in drawn if lot.kind == LotKind.TIE}
    rules = lots.lucky_rules(ranking)
    return {
        "drawn": drawn,
        "lot_order": queries.lot_order(ranking.id),
        "shared": [row for row in queries.shared_places(ranking, limit=SHARED_SHOWN) if row[0] not in of_ties],
        "lucky": rules if rules is not None and not any(lot.kind == LotKind.LUCKY for lot in drawn) else None,
        "lot_form": LotForm(formdata=None),
    }


@bp.route("/xet-hang/<int:ranking_id>/boc-tham", methods=["POST"])
@needs(Permission.DRAW_LOTS, of=sheet_or_404)
def draw(ranking: Ranking) -> Any:
    """Lots for one shared place, or with place 0 the lucky draw."""
    form = LotForm()
    place = int(form.place.data) if (form.place.data or "").isdecimal() else 0
    if not form.validate_on_submit():
        return sheet_page(ranking, refused_form=form), 422
    with transaction():
        if place:
            lot = lots.draw_tie(ranking, place, form.typed, current_user, now=g.now)
        else:
            lot = lots.draw_lucky(ranking, form.typed, current_user, now=g.now)
    flash(_("Đã bốc thăm và ghi vào nhật ký. Không bốc lại được."), "ok")
    return redirect(url_for(".lot", lot_id=lot.id))


def lot_or_404(lot_id: int) -> Lot:
    return db.session.get(Lot, lot_id) or abort(404)


def _may_follow(lot: Lot) -> bool:
    """Everybody, once the sheet is published; before, whoever sees the sheet."""
    from quiz.ranking.views import is_staff

    return lot.ranking.published_at is not None or is_staff()


@bp.route("/boc-tham/<int:lot_id>")
@public
def lot(lot_id: int) -> Any:
    """The seed, the tickets and the order, drawn again while the page is made."""
    lot = lot_or_404(lot_id)
    if not _may_follow(lot):
        abort(404)
    ranking = queries.sheet_by_id(lot.ranking_id)
    assert ranking is not None
    people = {s.entry_id: s for s in queries.standings_of(ranking, lot.entries)}
    again = draw_lots(lot.seed, ranking.digest, lot.entries)
    rules = lots.lucky_rules(ranking) if lot.kind == LotKind.LUCKY else None
    return render_template(
        "ranking/lot.html",
        lot=lot,
        ranking=ranking,
        contest=ranking.contest,
        rows=[(people[e].entry, ticket(lot.seed, ranking.digest, e)) for e in lot.entries],
        winners=rules.quota if rules else len(lot.entries),
        agrees=again == lot.entries,
    )
