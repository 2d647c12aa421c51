"""Pages of a person's notices, and where letters are turned off."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from quiz.access import Permission, needs, public
from quiz.accounts import mailing, notices
from quiz.accounts.models import Account
from quiz.accounts.views import bp
from quiz.db import db, transaction


@bp.app_template_global()
def unread_notices() -> int:
    """How many notices the visitor has not read; for pages off the hot path."""
    return notices.count_unread(current_user, now=g.now) if current_user.is_authenticated else 0


@bp.route("/thong-bao", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_ACCOUNT)
def my_notices() -> Any:
    """The latest notices; a post says that they have been read."""
    form = FlaskForm()
    if form.validate_on_submit():
        with transaction():
            db.session.get_one(Account, current_user.id).notices_seen_at = g.now
        return redirect(url_for(".my_notices"))
    found = notices.inbox(current_user, now=g.now)
    unread = {n.key for n in found if notices.is_unread(n, current_user)}
    return render_template("accounts/notices.html", notices=found, unread=unread)


@bp.route("/thong-bao/thu", methods=["POST"])
@needs(Permission.SEE_OWN_ACCOUNT)
def choose_letters() -> Any:
    if not FlaskForm().validate_on_submit():
        abort(400)
    wants = request.form.get("wants") == "yes"
    with transaction():
        db.session.get_one(Account, current_user.id).takes_letters = wants
    flash(_("Từ nay thông báo được gửi cả qua email.") if wants else _("Từ nay không gửi email thông báo nữa."), "ok")
    return redirect(url_for(".my_notices"))


@bp.route("/thong-bao/thoi-nhan-thu/<token>", methods=["GET", "POST"])
@public
def stop_letters(token: str) -> Any:
    """Where the link of a letter leads: nobody has to sign in to be left alone."""
    account = mailing.account_of(token)
    if account is None:
        abort(404)
    form = FlaskForm()
    if form.validate_on_submit():
        with transaction():
            account.takes_letters = False
    return render_template("accounts/stop_letters.html", account=account)
