"""Pages of a person's own account: sign-in, registration, own data, privacy."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user

from quiz.access import Permission, Role, needs, public
from quiz.accounts import consent, places, refusals, service, signin  # noqa: F401  refusals: gives them their sentences
from quiz.accounts.forms import ChangePasswordForm, CorrectForm, RegisterForm, SignInForm
from quiz.accounts.models import Account
from quiz.accounts.passwords import PasswordRefusal
from quiz.accounts.service import AccountRefusal
from quiz.accounts.words import AUDIENCE_HINTS, AUDIENCE_NAMES, ROLE_NAMES
from quiz.db import db, transaction
from quiz.errors import Refusal, wants_json

bp = Blueprint("accounts", __name__)

# what a person with a password set by somebody else may still open
_OPEN_BEFORE_CHANGE = {
    "static",
    "bootstrap.static",
    "accounts.change_password",
    "accounts.sign_out",
    "accounts.privacy",
}


def init_login(login: LoginManager) -> None:
    login.login_view = "accounts.sign_in"
    login.user_loader(_load)
    login.unauthorized_handler(_send_to_sign_in)


def _load(account_id: str) -> Account | None:
    """The account of a session, with its roles, in two queries; nobody if it was shut or its password replaced."""
    account = db.session.get(Account, int(account_id))
    if account is None or not account.is_active or session.get("stamp", "") != signin.session_stamp(account):
        return None
    return account


def _send_to_sign_in() -> Any:
    """To the sign-in page and, after that, back; a form that was posted leads back to the page it stood on."""
    if wants_json():
        abort(401)
    back: str | None = request.full_path.removesuffix("?")
    if request.method not in ("GET", "HEAD"):
        back = _path_here(request.referrer or "")
    flash(_("Hãy đăng nhập để tiếp tục."), "info")
    return redirect(url_for("accounts.sign_in", next=signin.safe_next(back)))


def _path_here(address: str) -> str | None:
    """The path of a whole address, if that is one of this site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.path if parts.netloc == request.host else None


@bp.app_template_filter("role_name")
def role_name(role: Role) -> str:
    return str(ROLE_NAMES[role])


@bp.app_template_filter("audience_name")
def audience_name(audience: str) -> str:
    return str(AUDIENCE_NAMES[audience])


@bp.before_app_request
def change_password_first() -> Any:
    """A password that somebody else has set opens nothing but the page that replaces it."""
    if request.endpoint not in _OPEN_BEFORE_CHANGE and session.get("must_change_password"):
        if wants_json():
            abort(401)
        return redirect(url_for("accounts.change_password"))
    return None


def _enter(account: Account) -> None:
    """Sign in with a new session: nothing that an anonymous visitor was given goes on."""
    session.clear()
    login_user(account)
    session["stamp"] = signin.session_stamp(account)
    if account.must_change_password:
        session["must_change_password"] = True


def _asked_next() -> str | None:
    return signin.safe_next(request.values.get("next"))


@bp.route("/dang-nhap", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(_asked_next() or url_for(".profile"))
    form = SignInForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        with transaction():
            account = signin.sign_in(form.name.data or "", form.password.data, now=g.now)
        if isinstance(account, Account):
            _enter(account)
            return redirect(_asked_next() or url_for("reports.home"))
        form.form_errors.append(Refusal(account).sentence)
    return render_template("accounts/sign_in.html", form=form, next=_asked_next()), status


@bp.route("/dang-xuat", methods=["POST"])
@public
def sign_out() -> Any:
    logout_user()
    session.clear()
    flash(_("Bạn đã đăng xuất."), "ok")
    return redirect(url_for("reports.home"))


@bp.route("/dang-ky", methods=["GET", "POST"])
@public
def register() -> Any:
    if current_user.is_authenticated:
        return redirect(_asked_next() or url_for(".profile"))
    form = RegisterForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                account = service.create_account(
                    **form.identity(), password=form.password.data, consented_at=g.now, now=g.now
                )
        except Refusal as refusal:
            _beside_its_field(form, refusal)
            status = 409
        else:
            _enter(account)
            flash(
                _("Đã lập tài khoản và đăng nhập. Lần sau hãy đăng nhập bằng số điện thoại hoặc email vừa khai."), "ok"
            )
            return redirect(_asked_next() or url_for("reports.home"))
    form.consent_version.data = consent.CURRENT
    return render_template(
        "accounts/register.html", form=form, sign_in_form=SignInForm(formdata=None), next=_asked_next(),
        consent=consent.TEXTS[consent.CURRENT], hints=AUDIENCE_HINTS,
    ), status  # fmt: skip


def _beside_its_field(form: Any, refusal: Refusal) -> None:
    """Show a refusal where the person can mend it."""
    fields = {
        AccountRefusal.PHONE_TAKEN: "phone",
        AccountRefusal.EMAIL_TAKEN: "email",
        AccountRefusal.NO_NAME: "full_name",
        AccountRefusal.BIRTH_DATE: "birth_date",
        AccountRefusal.UNIT_GOES_WITH_ROLE: "org_unit",
        PasswordRefusal.NOT_THE_OLD_ONE: "old",
    }
    name = fields.get(refusal.reason, "new" if isinstance(refusal.reason, PasswordRefusal) else None)
    if name is None:
        form.form_errors.append(refusal.sentence)
    else:
        form[name].errors = [*form[name].errors, refusal.sentence]


@bp.route("/tai-khoan")
@needs(Permission.SEE_OWN_ACCOUNT)
def profile() -> str:
    return render_template("accounts/profile.html", account=current_user)


@bp.route("/tai-khoan/sua", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_ACCOUNT)
def correct() -> Any:
    account = db.session.get_one(Account, current_user.id)
    form = CorrectForm(account)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                service.correct_account(account, **form.identity(), now=g.now)
        except Refusal as refusal:
            _beside_its_field(form, refusal)
            status = 409
        else:
            flash(_("Đã lưu thông tin. Các cuộc thi đã đăng ký vẫn giữ thông tin lúc đăng ký."), "ok")
            return redirect(url_for(".profile"))
    return render_template("accounts/correct.html", form=form, hints=AUDIENCE_HINTS), status


@bp.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_ACCOUNT)
def change_password() -> Any:
    account = db.session.get_one(Account, current_user.id)
    form = ChangePasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                service.change_password(account, old=form.old.data, new=form.new.data, now=g.now)
        except Refusal as refusal:
            _beside_its_field(form, refusal)
            status = 422
        else:
            _enter(account)
            flash(_("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."), "ok")
            return redirect(url_for(".profile"))
    forced = bool(session.get("must_change_password"))
    return render_template("accounts/change_password.html", form=form, forced=forced, account=account), status


@bp.route("/du-lieu-ca-nhan")
@public
def privacy() -> str:
    return render_template("accounts/privacy.html", consent=consent.TEXTS[consent.CURRENT], version=consent.CURRENT)


@bp.route("/du-lieu/xa-phuong/<int:province_code>")
@public
def wards(province_code: int) -> Any:
    """Names of the communes of a province, for the list that completes the ward field."""
    names = list(places.wards(province_code).values())
    if not names:
        abort(404)
    response = jsonify(names)
    response.headers["Cache-Control"] = "public, max-age=604800"
    response.set_etag(f"{places.data_version()}-{province_code}")
    return response.make_conditional(request)


# routes of the same blueprint, in files of their own
from quiz.accounts import notice_views, people_views, unit_views  # noqa: E402, F401
