"""Pages of the patriotic emulation movements, and where organizers write them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, needs, public
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.exemplars import movements as service
from quiz.exemplars import story_queries
from quiz.exemplars.models import Movement
from quiz.exemplars.movement_sections import sections_of
from quiz.exemplars.story_forms import MovementForm
from quiz.exemplars.story_text import address_of
from quiz.exemplars.story_words import SCOPES
from quiz.exemplars.views import bp


@bp.route("/phong-trao")
@public
def movements() -> Any:
    shown = [m for m in story_queries.all_movements() if m.is_shown]
    by_scope = [(word, [m for m in shown if m.scope == scope]) for scope, word in SCOPES.items()]
    return render_template(
        "exemplars/movements.html", by_scope=[(word, found) for word, found in by_scope if found],
        counts=story_queries.stories_by_movement(),
    )  # fmt: skip


@bp.route("/phong-trao/<slug>")
@public
def movement(slug: str) -> Any:
    shown = _movement_or_404(slug)
    return render_template(
        "exemplars/movement.html", movement=shown, stories=story_queries.stories_of(shown), sections=sections_of(shown),
        address=address_of(shown),
    )  # fmt: skip


def _movement_or_404(slug: str) -> Movement:
    found = story_queries.movement_by_slug(slug)
    if found is None or not (found.is_shown or allows(current_user, Permission.EDIT_MOVEMENT)):
        abort(404)
    return found


# where organizers write them


def movement_by_id_or_404(movement_id: int) -> Movement:
    return story_queries.movement_by_id(movement_id) or abort(404)


@bp.route("/to-chuc/phong-trao")
@needs(Permission.EDIT_MOVEMENT)
def manage_movements() -> Any:
    return render_template(
        "exemplars/manage_movements.html", movements=story_queries.all_movements(),
        counts=story_queries.stories_by_movement(),
    )  # fmt: skip


@bp.route("/to-chuc/phong-trao/moi", methods=["GET", "POST"])
@needs(Permission.EDIT_MOVEMENT)
def new_movement() -> Any:
    form = MovementForm.of(None)
    if form.validate_on_submit():
        with transaction():
            added = service.add_movement(form.said(None), current_user, now=g.now)
        flash(_("Đã thêm phong trào."), "ok")
        return redirect(url_for(".movement", slug=added.slug))
    return render_template("exemplars/movement_form.html", form=form, movement=None), 422 if form.errors else 200


@bp.route("/to-chuc/phong-trao/<int:movement_id>", methods=["GET", "POST"])
@needs(Permission.EDIT_MOVEMENT, of=movement_by_id_or_404)
def edit_movement(movement: Movement) -> Any:
    form, movement_id = MovementForm.of(movement), movement.id
    status = 200
    if not form.is_submitted():
        form.seen.data = service.digest_of(movement)
    if form.validate_on_submit():
        try:
            with transaction():
                said = form.said(movement)
                edited = service.edit_movement(movement, said, current_user, seen=form.seen.data or "", now=g.now)
        except Refusal as refusal:
            form.form_errors.append(refusal.sentence)
            movement, status = movement_by_id_or_404(movement_id), 409
            form.seen.data = service.digest_of(movement)  # saved again, it is meant to stand over the other one
        else:
            flash(_("Đã lưu phong trào.") if edited else _("Không có gì khác so với trước nên không ghi gì."), "ok")
            return redirect(url_for(".movement", slug=movement_by_id_or_404(movement_id).slug))
    elif form.errors:
        status = 422
    return render_template("exemplars/movement_form.html", form=form, movement=movement), status
