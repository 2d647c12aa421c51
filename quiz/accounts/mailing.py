"""Notices by e-mail, where an SMTP server is configured: a chore that makes letters of new notices and sends what is due.

A letter says what has happened and where to read more; it never holds a score or a place. It may arrive twice when a
process dies between the server's word and our own, and never if the person has no address or wants none.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from itertools import islice
from typing import Any

from flask import current_app, render_template, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quiz import jobs
from quiz.accounts.models import Account, Letter, LetterMark
from quiz.accounts.notices import Notice, Span, found
from quiz.db import db, transaction
from quiz.settings import Settings

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
OVERLAP = timedelta(minutes=10)  # what happened becomes known a little later, as an attempt that the clock has ended
RETRY = timedelta(minutes=10)
MOST_TRIES = 5
KEPT = timedelta(days=30)
STEP = 500
WAIT_S = 20


@jobs.chore("letters", EVERY)
def tend_letters(clock: jobs.Clock) -> None:
    """Make letters of what has happened since the last time, and send what is due; nothing without a server."""
    settings: Settings = current_app.extensions["settings"]
    if settings.smtp_host:
        with current_app.test_request_context(base_url=settings.base_url):
            make_letters(now=clock())
            send_letters(settings, clock)


def make_letters(*, now: datetime) -> None:
    """Notices since the last time become letters. The first time only marks the moment: nobody is written to about the past."""
    with transaction():
        mark = db.session.get(LetterMark, 1, populate_existing=True)
        if mark is None:
            db.session.add(LetterMark(id=1, until=now))
            return
        after = mark.until - OVERLAP
    for some in _parts(found(Span(after, now))):
        with transaction():
            _insert_new([_letter(notice, now) for notice in some])
    with transaction():
        db.session.execute(update(LetterMark).values(until=now))
        db.session.execute(delete(Letter).where(or_(Letter.sent_at < now - KEPT, Letter.failed_at < now - KEPT)))


def _parts(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    rest = iter(notices)
    while some := list(islice(rest, STEP)):
        yield some


def _letter(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "account_id": notice.account_id,
        "key": notice.key,
        "title": notice.title[:500],
        "body": notice.text,
        "address": url_for(notice.endpoint, _external=True, **notice.values),
        "made_at": now,
        "due_at": now,
        "tries": 0,
    }


def _insert_new(rows: list[dict[str, Any]]) -> None:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    db.session.execute(insert(Letter.__table__).values(rows).on_conflict_do_nothing())


def send_letters(settings: Settings, clock: jobs.Clock) -> int:
    """Send what is due, as many as a minute allows; gives how many were taken by the server.

    A letter that the server refuses for good has failed; what it could not take now is tried again later.
    """
    due = _due(settings.smtp_per_minute, clock())
    if not due:
        return 0
    sent = 0
    try:
        with _server(settings) as server:
            for letter_id in due:
                sent += _send(letter_id, server, settings, clock)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letters wait, the mail server cannot be used: %s", error)
    return sent


def _due(limit: int, now: datetime) -> list[int]:
    unsent = Letter.sent_at.is_(None) & Letter.failed_at.is_(None)
    return list(
        db.session.scalars(select(Letter.id).where(unsent, Letter.due_at <= now).order_by(Letter.id).limit(limit))
    )


def _send(letter_id: int, server: smtplib.SMTP, settings: Settings, clock: jobs.Clock) -> bool:
    now = clock()
    with transaction():
        taken = db.session.scalar(
            update(Letter)
            .where(Letter.id == letter_id, Letter.due_at <= now)
            .values(due_at=now + RETRY, tries=Letter.tries + 1)
            .returning(Letter.id)
        )
        if taken is None:  # another node has it
            return False
        letter = db.session.get_one(Letter, letter_id, populate_existing=True)
        account = letter.account
        is_wanted = account.email and account.takes_letters and account.is_active
        message = _message(letter, account, settings, now) if is_wanted else None
        tries = letter.tries
    try:
        if message is not None:
            server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPResponseException as error:
        _end(letter_id, failed=error.smtp_code >= 500 or tries >= MOST_TRIES, now=now)
        return False
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        _end(letter_id, failed=min(codes) >= 500 or tries >= MOST_TRIES, now=now)
        return False
    _end(letter_id, failed=message is None, sent=message is not None, now=now)
    return message is not None


def _end(letter_id: int, *, failed: bool, now: datetime, sent: bool = False) -> None:
    if failed or sent:
        with transaction():
            ended = {"sent_at": now} if sent else {"failed_at": now}
            db.session.execute(update(Letter).where(Letter.id == letter_id).values(**ended))


def _message(letter: Letter, account: Account, settings: Settings, now: datetime) -> EmailMessage:
    stop = url_for("accounts.stop_letters", token=stop_token(account), _external=True)
    message = EmailMessage()
    message["Subject"] = " ".join(letter.title.split())
    message["From"] = formataddr((settings.organization, settings.smtp_from))
    message["To"] = account.email
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=settings.smtp_from.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message.set_content(render_template("accounts/letter.txt", letter=letter, account=account, stop=stop), cte="base64")
    return message


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    where = (settings.smtp_host, settings.smtp_port)
    server = (
        smtplib.SMTP_SSL(*where, timeout=WAIT_S, context=context)
        if settings.smtp_security == "tls"
        else smtplib.SMTP(*where, timeout=WAIT_S)
    )
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


def stop_token(account: Account) -> str:
    return _signer().dumps(account.id)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="stop-letters")


def account_of(token: str) -> Account | None:
    """Whose letters a link stops; None for a token that we did not make."""
    try:
        return db.session.get(Account, int(_signer().loads(token)))
    except (BadSignature, TypeError, ValueError):
        return None
