"""Choosing the exemplars and movements of a contest's page."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.access import Permission, needs
from quiz.contests import featured
from quiz.contests.models import Contest
from quiz.contests.organizer_views import contest_by_id_or_404
from quiz.contests.views import bp
from quiz.db import transaction
from quiz.exemplars import choices
from quiz.forms import Form


class FeaturedForm(Form):
    """Exemplars in the order of the list; chosen ones stand first, in the order of the page."""

    exemplars = SelectMultipleField(
        _l("Gương điển hình"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    movements = SelectMultipleField(
        _l("Phong trào thi đua"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def validate_exemplars(self, field: Any) -> None:
        if len(field.data) > featured.MOST:
            raise ValidationError(_("Một trang nêu nhiều nhất %(n)s gương. Hãy bỏ bớt.", n=featured.MOST))


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/guong", methods=["GET", "POST"])
@needs(Permission.MANAGE_CONTEST, of=contest_by_id_or_404)
def choose_featured(contest: Contest) -> Any:
    chosen = featured.featured(contest, everything=True)
    first = {exemplar.id for exemplar in chosen}
    offered = [*chosen, *(e for e in choices.published() if e.id not in first)]
    movements = choices.shown_movements()
    form = FeaturedForm(
        data={"exemplars": [e.id for e in chosen], "movements": [m.id for m in featured.movements_of(contest)]}
    )
    form.exemplars.choices = [(e.id, f"{e.name}: {e.title}") for e in offered]
    form.movements.choices = [(m.id, m.title) for m in movements]
    if form.validate_on_submit():
        with transaction():
            featured.feature(contest, form.exemplars.data or [], form.movements.data or [], current_user, now=g.now)
        flash(_("Đã ghi. Trang cuộc thi nêu các gương và phong trào đã chọn."), "ok")
        return redirect(url_for(".edit", contest_id=contest.id))
    return render_template("contests/featured.html", contest=contest, form=form), 422 if form.errors else 200
