"""Numbers and signs in addresses and forms that a database does not take."""

import re

import pytest

from quiz.access import Role

TOO_GREAT = ("2147483648", "9223372036854775808", "9" * 30)
EVERY_OFFICE = [role for role in Role if role is not Role.PARTICIPANT]


def _addresses(app, value, kinds):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and re.search(kinds, rule.rule):
            yield re.sub(r"<[^>]+>", value, rule.rule)


@pytest.mark.parametrize("number", TOO_GREAT)
def test_a_row_number_beyond_the_database_is_no_page(app, given, visit, number):
    person = visit(given.account(*EVERY_OFFICE))
    for address in _addresses(app, number, "<int:"):
        assert person.get(address).status_code == 404, address


def test_a_nul_in_an_address_is_no_page(app, given, visit):
    person = visit(given.account(*EVERY_OFFICE))
    for address in _addresses(app, "a%00b", "<(?!int:)"):
        assert person.get(address).status_code == 404, address


@pytest.mark.parametrize("number", [*TOO_GREAT, "-5", "0", "x"])
@pytest.mark.parametrize(
    "address",
    [
        "/cuoc-thi?trang=", "/to-chuc/cuoc-thi?trang=", "/ket-qua?trang=", "/van-ban?trang=", "/ngan-hang/ngan-hang?trang=",
        "/nhat-ky?truoc=", "/quan-tri/tai-khoan?cu_hon=", "/quan-tri/tai-khoan?moi_hon=", "/to-chuc/don-vi?trang=",
    ],
)  # fmt: skip
def test_a_list_takes_any_number_for_its_page(given, visit, address, number):
    given.bank(items=1)
    assert visit(given.account(*EVERY_OFFICE)).get(address + number).status_code == 200


@pytest.mark.parametrize("address", ["/quan-tri/tai-khoan?tim=%00", "/nhat-ky?doi-tuong=a%00", "/tra-cuu?ma=%00"])
def test_a_nul_in_a_search_is_refused(given, visit, address):
    response = visit(given.account(*EVERY_OFFICE)).get(address)
    assert (response.status_code, "Chưa có gì bị thay đổi" in response.text) == (400, True)


def test_a_nul_in_a_form_is_refused(visit):
    response = visit().post("/dang-nhap", {"name": "a\0b", "password": "x"})
    assert (response.status_code, "Chưa có gì bị thay đổi" in response.text) == (400, True)
