"""The application: joins settings, database, frame and domains. The only file of the frame that knows the domains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial, update_wrapper
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, Response, g
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from quiz import access, addresses, errors, formats, jobs, journal
from quiz.db import db, engine_options
from quiz.settings import Settings

TOP = Path(__file__).resolve().parent.parent

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


STATIC_ENDPOINTS = ("static", "bootstrap.static")


def system_clock() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = system_clock) -> Flask:
    """Build the application.  clock: gives the moment of a request as aware UTC; tests hand in one that stands still."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "quiz", root_path=str(TOP / "quiz"), template_folder=str(TOP / "templates"), static_folder=str(TOP / "static")
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,  # a field of a form: two million signs of pasted questions
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-hieuluat" if settings.secure_cookies else "hieuluat",
        WTF_CSRF_TIME_LIMIT=None,  # a paper may lie open for hours; the token lives as long as the session
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BOOTSTRAP_SERVE_LOCAL=True,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 86400,  # a file's address changes with its content
        TESTING=settings.testing,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    db.init_app(app)
    Migrate(app, db, directory=str(TOP / "quiz" / "migrations"), render_as_batch=True)
    Babel(app, locale_selector=lambda: "vi")
    Bootstrap5(app)
    csrf = CSRFProtect(app)
    errors.init_app(app)
    addresses.init_app(app)
    formats.init_app(app)
    journal.init_app(app)
    jobs.init_app(app)

    @app.before_request
    def take_the_moment() -> None:
        g.now = clock()

    @app.url_defaults
    def name_the_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in STATIC_ENDPOINTS:
            folder = app.static_folder if endpoint == "static" else app.blueprints["bootstrap"].static_folder
            values.setdefault("v", _fingerprint(f"{folder}/{values['filename']}"))

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            # pages show personal results; a shared phone must not keep them
            response.headers["Cache-Control"] = "no-store"
        return response

    _register_domains(app)
    _mark_foreign_routes(app)
    for view in app.view_functions.values():
        if getattr(view, "checks_token", False):
            csrf.exempt(view)
    return app


@cache
def _fingerprint(path: str) -> str:
    """Ten letters that change with the content of a static file; read once per process."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def _register_domains(app: Flask) -> None:
    """Sign-in, blueprints and commands of the domains, in the order of a contest's life."""
    # imported here, because views need the frame of this module to exist
    from quiz.accounts import cli as accounts_cli
    from quiz.accounts import views as accounts
    from quiz.attempts import views as attempts
    from quiz.banks import cli as banks_cli
    from quiz.banks import views as banks
    from quiz.contests import views as contests
    from quiz.exemplars import cli as exemplars_cli
    from quiz.exemplars import views as exemplars
    from quiz.law import cli as law_cli
    from quiz.law import views as law
    from quiz.marking import views as marking
    from quiz.ranking import cli as ranking_cli
    from quiz.ranking import views as ranking
    from quiz.recognition import views as recognition
    from quiz.reports import cli as reports_cli
    from quiz.reports import (  # noqa: F401  their pages belong to the blueprint of reports
        documents_views,
        figures_views,
        journal_views,
        period_views,
        public_views,
        quarter_views,
        statistics_views,
    )
    from quiz.reports import views as reports

    import_module("quiz.accounts.mailing")
    for domain in ("exemplars", "contests", "attempts", "marking", "ranking", "recognition"):  # what people are told of
        import_module(f"quiz.{domain}.notices")
    login = LoginManager(app)
    login.session_protection = None  # phones change networks in the middle of an attempt
    accounts.init_login(login)
    for bp in (
        accounts.bp,
        law.bp,
        exemplars.bp,
        banks.bp,
        contests.bp,
        attempts.bp,
        marking.bp,
        ranking.bp,
        recognition.bp,
        reports.bp,
    ):
        app.register_blueprint(bp)
    for group in (
        accounts_cli.group,
        law_cli.group,
        exemplars_cli.group,
        banks_cli.group,
        ranking_cli.group,
        reports_cli.group,
    ):
        app.cli.add_command(group)


def _mark_foreign_routes(app: Flask) -> None:
    """Routes that libraries add serve files only."""
    for endpoint in STATIC_ENDPOINTS:
        view = app.view_functions[endpoint]
        # a function of our own, since marks cannot be set on a bound method; with a name, which the CSRF guard reads
        app.view_functions[endpoint] = access.public(update_wrapper(partial(view), view))
