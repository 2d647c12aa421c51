"""Signing in: one answer for all failures, a lock after five of them, hashes kept up to date."""

from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher

from quiz.accounts import passwords, service, signin
from quiz.accounts.models import Account, Audience
from quiz.accounts.signin import LOCK, SignInRefusal, safe_next
from quiz.db import db, transaction
from tests.conftest import NOON

PASSWORD = "con trâu đi trước"
TICK = timedelta(microseconds=1)


@pytest.fixture
def account(db_session):
    with transaction():
        return service.create_account(
            full_name="Ngô Văn Sáu", birth_date=date(1961, 3, 27), password=PASSWORD, audience=Audience.CITIZEN,
            phone="0912345678", email="sau@vidu.vn", username="sau.ngo", now=NOON,
        )  # fmt: skip


def attempt(name="0912345678", password=PASSWORD, now=NOON):
    with transaction():
        return signin.sign_in(name, password, now=now)


@pytest.mark.parametrize("name", ["+84 912.345.678", "SAU@vidu.vn", "sau.ngo"])
def test_each_name_of_an_account_signs_in(account, name):
    assert attempt(name) == account


@pytest.mark.parametrize("name", ["0999999999", "ai@vidu.vn", "khong.co", "", "'; DROP TABLE account"])
def test_an_unknown_account_is_refused_like_a_wrong_password(account, name):
    assert attempt(name) is attempt(password="sai") is SignInRefusal.WRONG


def test_every_failure_spends_the_time_of_one_comparison(account, monkeypatch):
    compared = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *a: compared.append(a) or verify(self, *a))
    account.locked_until = NOON + LOCK
    db.session.commit()
    for name, now in (("0999999999", NOON), ("0912345678", NOON), ("0912345678", NOON + LOCK)):
        compared.clear()
        attempt(name, "sai", now)
        assert len(compared) == 1


def test_five_failures_in_a_row_lock_for_five_minutes(account):
    for _ in range(4):
        assert attempt(password="sai") is SignInRefusal.WRONG
    assert attempt() == account  # the fifth time is right: the count starts again
    assert account.failed_signins == 0
    for _ in range(5):
        assert attempt(password="sai") is SignInRefusal.WRONG
    assert attempt(now=NOON + LOCK - TICK) is SignInRefusal.WRONG  # even the right password, or it could be guessed on
    assert attempt(now=NOON + LOCK) == account
    assert (account.failed_signins, account.locked_until) == (0, None)


def test_guesses_while_locked_do_not_keep_the_owner_out(account):
    for _ in range(20):
        attempt(password="sai")
    assert account.failed_signins == 5
    assert attempt(now=NOON + LOCK) == account


def test_a_shut_account_is_named_only_to_who_knows_its_password(account):
    with transaction():
        service.disable(account, by=None, now=NOON, why="thử")
    assert attempt(password="sai") is SignInRefusal.WRONG
    assert attempt() is SignInRefusal.DISABLED


def test_an_old_hash_is_made_anew_at_sign_in(account):
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    db.session.commit()
    stamp = signin.session_stamp(account)
    assert attempt() == account
    assert not passwords.is_outdated(account.password_hash)
    assert passwords.matches(account.password_hash, PASSWORD)
    assert signin.session_stamp(account) == stamp  # nobody is signed out by it


def test_nobody_signs_in_to_an_account_without_a_password(db_session):
    with transaction():
        service.create_account(
            full_name="Người Giả Định", birth_date=date(1990, 1, 1), password=None, audience=Audience.CITIZEN,
            username="gia.dinh", now=NOON,
        )  # fmt: skip
    for password in ("", "!", "con trâu đi trước"):
        assert attempt("gia.dinh", password) is SignInRefusal.WRONG
    assert db.session.query(Account).count() == 1


@pytest.mark.parametrize("address", ["/", "/cuoc-thi/x/dang-ky", "/tra-cuu?ma=AB%20C&b=1#c", "/a//b"])
def test_a_path_of_this_site_is_a_safe_next(address):
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "https://evil.vn", "//evil.vn", "/\\evil.vn", "\\\\evil.vn", "/\t/evil.vn", "javascript:alert(1)", "evil",
        "/a\nb", " /a", "/ /evil.vn", "///evil.vn", "/" + "a" * 2001,
    ],
)  # fmt: skip
def test_other_addresses_are_not(address):
    assert safe_next(address) is None
