"""Passwords: argon2id as OWASP asks, weak ones refused, one form for all keyboards."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from quiz.accounts import passwords
from quiz.accounts.passwords import PasswordRefusal
from quiz.errors import Refusal


@pytest.fixture(autouse=True)
def our_hasher(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", passwords.hasher())


def test_the_hash_is_argon2id_with_the_recommended_parameters():
    assert passwords.hash_password("một mật khẩu dài").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_password_itself_matches():
    stored = passwords.hash_password("một mật khẩu dài")
    assert passwords.matches(stored, "một mật khẩu dài")
    assert not passwords.matches(stored, "Một mật khẩu dài")
    assert not passwords.matches(stored, "một mật khẩu dài ")


def test_vietnamese_letters_match_however_a_keyboard_composes_them():
    stored = passwords.hash_password(unicodedata.normalize("NFD", "mật khẩu tiếng Việt"))
    assert passwords.matches(stored, unicodedata.normalize("NFC", "mật khẩu tiếng Việt"))


def test_nothing_matches_the_unusable_hash():
    assert not passwords.matches(passwords.UNUSABLE, "")
    assert not passwords.matches(passwords.UNUSABLE, passwords.UNUSABLE)


def test_other_parameters_are_outdated():
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))
    assert not passwords.is_outdated(passwords.hash_password("x"))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567", PasswordRefusal.TOO_SHORT),
        ("x" * 201, PasswordRefusal.TOO_LONG),
        ("12345678", PasswordRefusal.TOO_COMMON),
        ("MatKhau123", PasswordRefusal.TOO_COMMON),
        ("Mật khẩu 123", PasswordRefusal.TOO_COMMON),
        ("aaaaaaaaaa", PasswordRefusal.TOO_COMMON),
        ("0912345678", PasswordRefusal.SAYS_WHO),
        ("Ngô Văn Sáu", PasswordRefusal.SAYS_WHO),
        ("ngovansau", PasswordRefusal.SAYS_WHO),
        ("sauvanngo1961", PasswordRefusal.SAYS_WHO),
    ],
)
def test_weak_passwords_are_refused(password, reason):
    with pytest.raises(Refusal) as refusal:
        passwords.check_strength(password, "Ngô Văn Sáu", "0912345678", "sauvanngo1961@vidu.vn", None)
    assert refusal.value.reason is reason


@pytest.mark.parametrize("password", ["12345679", "con trâu đi trước", "x y z x y z", "😀😀👍👍🎉🎉🎈🎈"])
def test_others_are_taken(password):
    passwords.check_strength(password, "Ngô Văn Sáu", "0912345678")


def test_one_time_passwords_differ_and_are_strong_enough():
    made = {passwords.one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_strength(password)
