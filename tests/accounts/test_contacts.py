"""Phone numbers, e-mail addresses and user names in one form each."""

import pytest

from quiz.accounts import contacts
from quiz.accounts.contacts import ContactRefusal
from quiz.errors import Refusal


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345678", "+84912345678", "+84 912 345 678",
        "+84 (0)912 345 678", "84912345678", "0084912345678", "912345678", "０９１２３４５６７８", " 0912345678\u00a0",
    ],
)  # fmt: skip
def test_every_way_to_write_a_mobile_number_is_one_number(typed):
    assert contacts.normal_phone(typed) == "0912345678"


def test_a_fixed_line_has_eleven_digits():
    assert contacts.normal_phone("0276 382 2345") == "02763822345"


@pytest.mark.parametrize(
    ("typed", "reason", "details"),
    [
        ("091234567", ContactRefusal.PHONE_TOO_SHORT, {"missing": 1}),
        ("09123456789", ContactRefusal.PHONE_TOO_LONG, {"extra": 1}),
        ("0276382234", ContactRefusal.PHONE_TOO_SHORT, {"missing": 1}),
        ("0112345678", ContactRefusal.PHONE_PREFIX, {}),
        ("+1 202 555 0100", ContactRefusal.PHONE_FOREIGN, {}),
        ("0912 345 67a", ContactRefusal.PHONE_NOT_DIGITS, {}),
        ("", ContactRefusal.PHONE_NOT_DIGITS, {}),
        ("0912+345678", ContactRefusal.PHONE_NOT_DIGITS, {}),
    ],
)
def test_a_wrong_number_says_what_is_wrong(typed, reason, details):
    with pytest.raises(Refusal) as refusal:
        contacts.normal_phone(typed)
    assert (refusal.value.reason, refusal.value.details) == (reason, details)


def test_an_address_is_kept_in_lower_case():
    assert contacts.normal_email(" Sau.Ngo@ViDu.VN ") == "sau.ngo@vidu.vn"


@pytest.mark.parametrize(
    "typed",
    ["sau", "sau@", "@vidu.vn", "sau@vidu", "a b@vidu.vn", "a@b@vidu.vn", "sau@vidu..vn", "x" * 200 + "@vidu.vn"],
)
def test_a_text_that_is_no_address_is_refused(typed):
    with pytest.raises(Refusal) as refusal:
        contacts.normal_email(typed)
    assert refusal.value.reason is ContactRefusal.EMAIL_SHAPE


@pytest.mark.parametrize("typed", ["ab", "0912345678", "123", "ngô.văn", "a b", "a@b", ".abc", "x" * 61])
def test_a_user_name_cannot_be_taken_for_another_way_to_sign_in(typed):
    with pytest.raises(Refusal) as refusal:
        contacts.normal_username(typed)
    assert refusal.value.reason is ContactRefusal.USERNAME_SHAPE


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("+84 912 345 678", ("phone", "0912345678")),
        ("Sau@Vidu.vn ", ("email", "sau@vidu.vn")),
        ("QuanTri", ("username", "quantri")),
        ("12345", ("username", "12345")),  # nonsense finds nobody
    ],
)
def test_what_is_typed_to_sign_in_tells_its_kind(typed, found):
    assert contacts.sign_in_name(typed) == found


def test_masks_keep_the_middle_away():
    assert contacts.masked_phone("0912345678") == "09•••••678"
    assert contacts.masked_email("ngovansau@vidu.vn") == "n•••@vidu.vn"
