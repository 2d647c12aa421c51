"""Commands on accounts: make, correct, disable; give and take roles; set passwords."""

from __future__ import annotations

import enum
import re
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.access import Role
from quiz.accounts import consent, contacts, passwords, queries
from quiz.accounts.models import Account, Audience, OrgUnit, RoleGrant
from quiz.accounts.places import Place
from quiz.db import db
from quiz.errors import Refusal


class AccountRefusal(enum.Enum):
    NO_NAME = "no_name"
    BIRTH_DATE = "birth_date"
    NO_WAY_TO_SIGN_IN = "no_way_to_sign_in"
    PHONE_TAKEN = "phone_taken"
    EMAIL_TAKEN = "email_taken"
    USERNAME_TAKEN = "username_taken"
    ROLE_HELD_ALREADY = "role_held_already"
    ROLE_NOT_HELD = "role_not_held"
    LAST_ADMIN = "last_admin"
    CONTACT_WITHOUT_UNIT = "contact_without_unit"
    DISABLED_ALREADY = "disabled_already"
    NOT_DISABLED = "not_disabled"
    OWN_PASSWORD_ELSEWHERE = "own_password_elsewhere"
    UNIT_GOES_WITH_ROLE = "unit_goes_with_role"


_TAKEN = {
    "phone": AccountRefusal.PHONE_TAKEN,
    "email": AccountRefusal.EMAIL_TAKEN,
    "username": AccountRefusal.USERNAME_TAKEN,
}


def create_account(
    *,
    full_name: str,
    birth_date: date,
    password: str | None,
    audience: Audience,
    username: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    org_unit: OrgUnit | None = None,
    place: Place | None = None,
    consented_at: datetime | None = None,
    now: datetime,
) -> Account:
    """Make an account that can sign in by each way given. Without a password nobody can sign in to it.

    consented_at: when the person agreed to the current text of consent; None for accounts that an operator makes.
    Raises Refusal (AccountRefusal, ContactRefusal, PasswordRefusal).
    """
    account = Account(created_at=now, consented_at=consented_at, consent_text=consent.CURRENT if consented_at else "")
    account.username = contacts.normal_username(username) if username else None
    _write_identity(account, full_name, birth_date, phone, email, audience, org_unit, place, now)
    if password is None:
        account.password_hash = passwords.UNUSABLE
    else:
        passwords.check_strength(password, account.full_name, account.phone, account.email, account.username)
        account.password_hash = passwords.hash_password(password)
    db.session.add(account)
    _flush_unless_taken()
    return account


def correct_account(
    account: Account,
    *,
    full_name: str,
    birth_date: date,
    audience: Audience,
    phone: str | None,
    email: str | None,
    org_unit: OrgUnit | None,
    place: Place | None,
    now: datetime,
) -> None:
    """Replace what a person said of themselves. Entries of contests keep the identity of their registration.

    Raises Refusal (AccountRefusal, ContactRefusal).
    """
    # the role shows a unit's figures to its contact, so the contact must not choose the unit
    if Role.UNIT_CONTACT in account.roles and (org_unit.id if org_unit else None) != account.org_unit_id:
        raise Refusal(AccountRefusal.UNIT_GOES_WITH_ROLE)
    _write_identity(account, full_name, birth_date, phone, email, audience, org_unit, place, now)
    _flush_unless_taken()


def _write_identity(
    account: Account,
    full_name: str,
    birth_date: date,
    phone: str | None,
    email: str | None,
    audience: Audience,
    org_unit: OrgUnit | None,
    place: Place | None,
    now: datetime,
) -> None:
    full_name = " ".join(full_name.split())
    if not any(c.isalpha() for c in full_name):
        raise Refusal(AccountRefusal.NO_NAME)
    if not date(1900, 1, 1) <= birth_date < now.date():
        raise Refusal(AccountRefusal.BIRTH_DATE)
    phone = contacts.normal_phone(phone) if phone else None
    email = contacts.normal_email(email) if email else None
    if not (phone or email or account.username):
        raise Refusal(AccountRefusal.NO_WAY_TO_SIGN_IN)
    account.full_name, account.birth_date = full_name, birth_date
    account.phone, account.email = phone, email
    account.audience = audience
    account.org_unit = org_unit
    account.province_code = place.province_code if place else None
    account.ward_code = place.ward_code if place else None
    account.place_name = place.name if place else ""


def _flush_unless_taken() -> None:
    """Two registrations at one instant are settled by the unique constraints; the later one is refused."""
    try:
        db.session.flush()
    except IntegrityError as error:
        # "UNIQUE constraint failed: account.phone" on SQLite, "… constraint "uq_account_phone"" on PostgreSQL
        found = re.search(r"account[._](phone|email|username)\b", str(error.orig))
        if not found:
            raise
        raise Refusal(_TAKEN[found[1]]) from error


def grant_role(account: Account, role: Role, *, by: Account | None, now: datetime, why: str = "") -> None:
    """Give a role.  by: None for the operator of the machine.  Raises Refusal(AccountRefusal)."""
    _hold(account)
    if role in account.roles:
        raise Refusal(AccountRefusal.ROLE_HELD_ALREADY)
    if role is Role.UNIT_CONTACT and account.org_unit_id is None:
        raise Refusal(AccountRefusal.CONTACT_WITHOUT_UNIT)
    before = _role_names(account)
    account.grants.append(RoleGrant(role=role, granted_at=now, granted_by_id=by.id if by else None))
    db.session.flush()
    journal.record(
        by, "account.role_granted", account, now=now, before=before, after=_role_names(account), why=why
    )  # fmt: skip


def revoke_role(account: Account, role: Role, *, by: Account | None, now: datetime, why: str = "") -> None:
    """Take a role away, but never the last admin's.  Raises Refusal(AccountRefusal)."""
    _hold(account)
    grant = next((g for g in account.grants if g.role == role), None)
    if grant is None:
        raise Refusal(AccountRefusal.ROLE_NOT_HELD)
    before = _role_names(account)
    account.grants.remove(grant)
    db.session.flush()
    journal.record(by, "account.role_revoked", account, now=now, before=before, after=_role_names(account), why=why)
    _keep_an_admin(account, before)


def disable(account: Account, *, by: Account | None, now: datetime, why: str) -> None:
    """Shut an account: it can no longer sign in, and whoever is signed in is no longer known.  Raises Refusal(AccountRefusal)."""
    _hold(account)
    if account.disabled_at is not None:
        raise Refusal(AccountRefusal.DISABLED_ALREADY)
    account.disabled_at = now
    db.session.flush()
    journal.record(by, "account.disabled", account, now=now, why=why)
    _keep_an_admin(account, _role_names(account))


def enable(account: Account, *, by: Account | None, now: datetime, why: str = "") -> None:
    """Open a shut account again.  Raises Refusal(AccountRefusal)."""
    _hold(account)
    if account.disabled_at is None:
        raise Refusal(AccountRefusal.NOT_DISABLED)
    account.disabled_at = None
    account.failed_signins, account.locked_until = 0, None
    db.session.flush()
    journal.record(by, "account.enabled", account, now=now, why=why)


def set_one_time_password(account: Account, *, by: Account | None, now: datetime, why: str = "") -> str:
    """Replace a forgotten password by a random one, which must be changed at the next sign-in. Returns it; only its hash
    is stored.  Raises Refusal(AccountRefusal).
    """
    if by is not None and by.id == account.id:
        raise Refusal(AccountRefusal.OWN_PASSWORD_ELSEWHERE)
    password = passwords.one_time_password()
    _replace_password(account, password, now)
    account.must_change_password = True
    db.session.flush()
    journal.record(by, "account.password_set", account, now=now, why=why)
    return password


def change_password(account: Account, *, old: str, new: str, now: datetime) -> None:
    """A person's own change; other devices are signed out.  Raises Refusal(PasswordRefusal)."""
    if not passwords.matches(account.password_hash, old):
        raise Refusal(passwords.PasswordRefusal.NOT_THE_OLD_ONE)
    if old == new:
        raise Refusal(passwords.PasswordRefusal.SAME_AS_BEFORE)
    passwords.check_strength(new, account.full_name, account.phone, account.email, account.username)
    _replace_password(account, new, now)
    account.must_change_password = False
    db.session.flush()


def note_contact_shown(account: Account, *, by: Account, now: datetime) -> None:
    """Write down that someone in office looked at a person's unmasked phone number and e-mail address."""
    journal.record(by, "account.contact_shown", account, now=now)


def _replace_password(account: Account, password: str, now: datetime) -> None:
    account.password_hash = passwords.hash_password(password)
    account.password_changed_at = now
    account.failed_signins, account.locked_until = 0, None


def _hold(account: Account) -> None:
    """Lock the account for this transaction and read it again, so that of two clicks at once the second sees the first."""
    db.session.execute(update(Account).where(Account.id == account.id).values(id=Account.id))
    db.session.refresh(account)


def _role_names(account: Account) -> list[str]:
    return sorted(grant.role for grant in account.grants)


def _keep_an_admin(account: Account, roles_before: list[str]) -> None:
    # Checked after the write: the head of the journal has made us queue, so two admins cannot remove each other at once.
    if Role.ADMIN in roles_before and queries.count_active_admins() == 0:
        raise Refusal(AccountRefusal.LAST_ADMIN)
