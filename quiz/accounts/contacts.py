"""Phone numbers, e-mail addresses and user names: one written form each, and the mask under which others see them."""

from __future__ import annotations

import enum
import re
import unicodedata

from quiz.errors import Refusal

MOBILE_PREFIXES = ("03", "05", "07", "08", "09")


class ContactRefusal(enum.Enum):
    PHONE_NOT_DIGITS = "phone_not_digits"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_PREFIX = "phone_prefix"
    PHONE_FOREIGN = "phone_foreign"
    EMAIL_SHAPE = "email_shape"
    USERNAME_SHAPE = "username_shape"


def normal_phone(text: str) -> str:
    """ "+84 912.345.678" → "0912345678". Mobile numbers have 10 digits, fixed lines (02…) 11.

    Raises Refusal(ContactRefusal).
    """
    bare = re.sub(r"[\s.\-()/]", "", unicodedata.normalize("NFKC", text))
    plus = bare.startswith("+")
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        raise Refusal(ContactRefusal.PHONE_NOT_DIGITS)
    digits = _with_trunk_zero(digits, plus)
    if not digits.startswith((*MOBILE_PREFIXES, "02")):
        raise Refusal(ContactRefusal.PHONE_PREFIX)
    missing = (11 if digits.startswith("02") else 10) - len(digits)
    if missing > 0:
        raise Refusal(ContactRefusal.PHONE_TOO_SHORT, missing=missing)
    if missing < 0:
        raise Refusal(ContactRefusal.PHONE_TOO_LONG, extra=-missing)
    return digits


def _with_trunk_zero(digits: str, plus: bool) -> str:
    """National form of a number that may begin with 84, 0084 or, as spreadsheets leave it, with no zero at all."""
    if plus or digits.startswith("00"):
        digits = digits.removeprefix("00")
        if not digits.startswith("84"):
            raise Refusal(ContactRefusal.PHONE_FOREIGN)
        return "0" + digits[2:].removeprefix("0")
    if digits.startswith("84") and len(digits) >= 11:
        return "0" + digits[2:].removeprefix("0")
    if len(digits) == 9 and digits[0] in "35789":
        return "0" + digits
    return digits


# Shape only: whether a mailbox exists is known when a letter arrives.
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,}")


def normal_email(text: str) -> str:
    """Lower case, without outer blanks.  Raises Refusal(ContactRefusal.EMAIL_SHAPE)."""
    email = unicodedata.normalize("NFC", text).strip().lower()
    if len(email) > 200 or ".." in email or not _EMAIL.fullmatch(email):
        raise Refusal(ContactRefusal.EMAIL_SHAPE)
    return email


def normal_username(text: str) -> str:
    """Lower case; it holds a letter and no @, so that it is never taken for a phone number or an e-mail address.

    Raises Refusal(ContactRefusal.USERNAME_SHAPE).
    """
    username = text.strip().lower()
    if not re.fullmatch(r"(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,59}", username):
        raise Refusal(ContactRefusal.USERNAME_SHAPE)
    return username


def sign_in_name(text: str) -> tuple[str, str]:
    """What a person typed to sign in, as (column of account, normal form). Never refuses: nonsense finds nobody."""
    if "@" in text:
        return "email", text.strip().lower()
    try:
        return "phone", normal_phone(text)
    except Refusal:
        return "username", text.strip().lower()


def masked_phone(phone: str) -> str:
    """ "0912345678" → "09•••••678": enough to recognise one's own, too little to call."""
    return phone[:2] + "•" * (len(phone) - 5) + phone[-3:]


def masked_email(email: str) -> str:
    """ "ngovansau@example.vn" → "n•••@example.vn"; the number of dots says nothing about the length."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
