"""Passwords: argon2id with the parameters OWASP recommends, and what makes a password too weak to take."""

from __future__ import annotations

import enum
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from quiz.codes import ALPHABET
from quiz.errors import Refusal
from quiz.text import plain


def hasher() -> PasswordHasher:
    """As the OWASP Password Storage Cheat Sheet asks: m = 19 MiB, t = 2, p = 1."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


HASHER = hasher()  # a hash with other parameters is made anew at the next sign-in

SHORTEST = 8
LONGEST = 200  # a longer text only costs the server time

# Nobody signs in with a password that hashes to this; simulated participants have it.
UNUSABLE = "!"

# What people choose first; the check folds case and diacritics.
_COMMON = frozenset(
    """
    12345678 123456789 1234567890 0123456789 87654321 987654321 11111111 00000000 88888888 66668888 12341234 11223344
    12344321 123123123 147258369 password password1 password123 passw0rd qwertyui qwerty123 qwertyuiop 1q2w3e4r abcd1234
    abc12345 abc123456 abcdefgh asdfghjk iloveyou admin123 admin1234 administrator
    matkhau1 matkhau12 matkhau123 matkhau1234 matkhaune anhyeuem emyeuanh yeuemnhieu conyeume vietnam1 vietnam123 vietnam2024
    vietnam2025 vietnam2026 tayninh1 tayninh123 tayninh70 hieuluat hieuluat123 phapluat phapluat123 hoilamgi khongbiet
    """.split()
)


class PasswordRefusal(enum.Enum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    SAYS_WHO = "says_who"
    NOT_THE_OLD_ONE = "not_the_old_one"
    SAME_AS_BEFORE = "same_as_before"


def check_strength(password: str, *names: str | None) -> None:
    """Raises Refusal(PasswordRefusal).  names: what others know of the person: full name, phone, e-mail, user name."""
    password = _normal(password)
    if len(password) < SHORTEST:
        raise Refusal(PasswordRefusal.TOO_SHORT, shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refusal(PasswordRefusal.TOO_LONG, longest=LONGEST)
    bare = plain(password).replace(" ", "")
    if bare in _COMMON or len(set(bare)) <= 2:
        raise Refusal(PasswordRefusal.TOO_COMMON)
    known = {plain(name).replace(" ", "") for name in names if name}
    if bare in known | {name.partition("@")[0] for name in known}:
        raise Refusal(PasswordRefusal.SAYS_WHO)


def hash_password(password: str) -> str:
    return HASHER.hash(_normal(password))


def matches(password_hash: str, password: str) -> bool:
    """Is it the password? Takes the same time for a hash that no password fits."""
    password = _normal(password)[: LONGEST + 1]
    try:
        return HASHER.verify(password_hash, password)
    except InvalidHashError:
        compare_with_nobody(password)
        return False
    except VerificationError:
        return False


def compare_with_nobody(password: str) -> None:
    """Spend the time of a comparison, so that an unknown account answers no sooner than a wrong password."""
    try:
        HASHER.verify(_nobodys_hash(), _normal(password)[: LONGEST + 1])
    except VerificationError:
        pass


def is_outdated(password_hash: str) -> bool:
    return HASHER.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Twelve signs that are easy to read out, in groups of four: "7KQ4-9XPM-2RTW", 60 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(24))


def _normal(password: str) -> str:
    # NIST SP 800-63B: one form, because keyboards differ in how they compose Vietnamese letters
    return unicodedata.normalize("NFKC", password)
