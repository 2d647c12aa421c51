"""Pages on which admins find people, give roles, shut accounts and replace forgotten passwords."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, Role, needs
from quiz.accounts import contacts, queries, service
from quiz.accounts.forms import GrantForm, ReasonForm
from quiz.accounts.models import Account
from quiz.accounts.views import bp
from quiz.accounts.words import ROLE_NAMES, ROLE_TASKS
from quiz.addresses import asked_number
from quiz.db import db, transaction


def account_or_404(account_id: int) -> Account:
    return db.get_or_404(Account, account_id)


bp.add_app_template_filter(contacts.masked_phone, "masked_phone")
bp.add_app_template_filter(contacts.masked_email, "masked_email")


@bp.route("/quan-tri/tai-khoan")
@needs(Permission.MANAGE_ACCOUNTS)
def people() -> str:
    search = request.args.get("tim", "").strip()[:100]
    role = request.args.get("vai_tro", "")
    page = queries.people(
        search,
        Role(role) if role in ROLE_NAMES else None,
        older_than=asked_number("cu_hon"),
        newer_than=asked_number("moi_hon"),
    )
    return render_template("accounts/people.html", page=page, search=search, role=role, role_names=ROLE_NAMES)


@bp.route("/quan-tri/tai-khoan/<int:account_id>")
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def person(account: Account) -> str:
    return _person_page(account)


def _person_page(account: Account, **extra: Any) -> str:
    """extra: what a post shows once: unmasked contacts, a one-time password, a form with errors"""
    values: dict[str, Any] = {
        "grant_form": GrantForm(account), "reason_form": ReasonForm(formdata=None), "contacts_shown": False,
        "one_time_password": None, "tasks": ROLE_TASKS,
    }  # fmt: skip
    return render_template("accounts/person.html", person=account, **values | extra)


@bp.route("/quan-tri/tai-khoan/<int:account_id>/lien-he", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def show_contacts(account: Account) -> str:
    # answered with the page itself: an address that shows them would open without a note in the journal
    with transaction():
        service.note_contact_shown(account, by=current_user, now=g.now)
    return _person_page(account, contacts_shown=True)


@bp.route("/quan-tri/tai-khoan/<int:account_id>/vai-tro", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def grant_role(account: Account) -> Any:
    form = GrantForm(account)
    if not form.validate_on_submit():
        return _person_page(account, grant_form=form), 422
    with transaction():
        service.grant_role(account, form.chosen, by=current_user, now=g.now, why=form.why.data or "")
    flash(_("Đã giao vai trò “%(role)s”.", role=ROLE_NAMES[form.chosen]), "ok")
    return redirect(url_for(".person", account_id=account.id))


@bp.route("/quan-tri/tai-khoan/<int:account_id>/vai-tro/<role>/thu-hoi", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def revoke_role(account: Account, role: str) -> Any:
    if role not in ROLE_NAMES:
        abort(404)
    with transaction():
        service.revoke_role(account, Role(role), by=current_user, now=g.now)
    flash(_("Đã thu hồi vai trò “%(role)s”.", role=ROLE_NAMES[Role(role)]), "ok")
    # an admin may have given up the right to see this page
    return redirect(url_for(".person", account_id=account.id) if account.id != current_user.id else url_for(".profile"))


@bp.route("/quan-tri/tai-khoan/<int:account_id>/khoa", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def disable(account: Account) -> Any:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _person_page(account, reason_form=form), 422
    with transaction():
        service.disable(account, by=current_user, now=g.now, why=form.why.data or "")
    flash(_("Đã khóa tài khoản. Người này không đăng nhập được nữa; dữ liệu và kết quả thi vẫn giữ nguyên."), "ok")
    return redirect(url_for(".person", account_id=account.id))


@bp.route("/quan-tri/tai-khoan/<int:account_id>/mo-khoa", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def enable(account: Account) -> Any:
    with transaction():
        service.enable(account, by=current_user, now=g.now)
    flash(_("Đã mở lại tài khoản."), "ok")
    return redirect(url_for(".person", account_id=account.id))


@bp.route("/quan-tri/tai-khoan/<int:account_id>/mat-khau", methods=["POST"])
@needs(Permission.MANAGE_ACCOUNTS, of=account_or_404)
def one_time_password(account: Account) -> str:
    with transaction():
        password = service.set_one_time_password(account, by=current_user, now=g.now)
    # shown in this answer only: a redirect would have to carry the password in a cookie or an address
    return _person_page(account, one_time_password=password)
