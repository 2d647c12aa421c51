"""Signing in: one question with one answer, at the same speed and in the same words whether or not the account exists."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import case, update

from quiz.accounts import contacts, passwords, queries
from quiz.accounts.models import Account
from quiz.db import db

FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=5)


class SignInRefusal(enum.Enum):
    WRONG = "wrong"  # also for an unknown account and for a locked one
    DISABLED = "disabled"  # only said to someone who knows the password


def sign_in(name: str, password: str, *, now: datetime) -> Account | SignInRefusal:
    """The account whose phone, e-mail or user name and password these are.

    Returns the refusal instead of raising it: a failure is counted, and the count must be committed. Every fifth failure
    in a row locks the account for some minutes, in which even the right password is refused, or it could be guessed on.
    """
    account = queries.account_by_sign_in_name(*contacts.sign_in_name(name))
    if account is None:
        passwords.compare_with_nobody(password)
        return SignInRefusal.WRONG
    known = passwords.matches(account.password_hash, password)
    if account.locked_until is not None and now < account.locked_until:
        return SignInRefusal.WRONG
    if not known:
        _count_failure(account, now)
        return SignInRefusal.WRONG
    if not account.is_active:
        return SignInRefusal.DISABLED
    if account.failed_signins or account.locked_until:
        account.failed_signins, account.locked_until = 0, None
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    db.session.flush()
    return account


def _count_failure(account: Account, now: datetime) -> None:
    """Counted by the database, so that guesses on many connections at once all count."""
    failures = Account.failed_signins + 1
    db.session.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(
            failed_signins=failures,
            locked_until=case((failures % FAILURES_BEFORE_LOCK == 0, now + LOCK), else_=Account.locked_until),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire(account)


def session_stamp(account: Account) -> str:
    """What a session must carry to go on counting: it changes with the password, which ends sessions elsewhere."""
    return account.password_changed_at.isoformat() if account.password_changed_at else ""


def safe_next(address: str | None) -> str | None:
    """The address to go to after signing in, if it is a path of this site; else None.

    Browsers read "//host", "/\\host" and addresses with control characters as other sites.
    """
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\") or "\\" in address:
        return None
    if any(ord(c) < 33 for c in address) or len(address) > 2000:
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
