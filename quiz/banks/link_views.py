"""Saying which exemplars an item asks about."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.banks import links
from quiz.banks.item_views import item_or_404
from quiz.banks.models import Item
from quiz.banks.views import bp
from quiz.db import transaction
from quiz.exemplars import choices


@bp.route("/ngan-hang/<code>/cau/<item_code>/guong", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def link_story(item: Item) -> Any:
    """Add one exemplar (`add`) or take one away (`drop`)."""
    add, drop = request.form.get("add", type=int), request.form.get("drop", type=int)
    there = {exemplar.id: exemplar for exemplar in links.stories_of_item(item)}
    if add is not None:
        chosen = choices.exemplar_by_id(add) or abort(400)
        wanted, said = {*there, chosen.id}, _("Đã gắn câu này với gương “%(name)s”.", name=chosen.name)
    elif drop in there:
        wanted, said = there.keys() - {drop}, _("Đã bỏ gương “%(name)s” khỏi câu này.", name=there[drop].name)
    else:
        flash(_("Chưa chọn gương nào nên chưa có gì thay đổi."), "warn")
        return _back(item)
    with transaction():
        links.link_stories(item, wanted, current_user, now=g.now)
    flash(said, "ok")
    return _back(item)


def _back(item: Item) -> Any:
    return redirect(url_for(".item", code=item.bank.code, item_code=item.code, _anchor="guong"))
