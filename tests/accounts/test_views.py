"""Pages of one's own account, as a browser sees them."""

import re
from datetime import date

import pytest

from quiz.access import Role
from quiz.accounts import consent, passwords
from quiz.accounts.models import Account
from quiz.db import db

PASSWORD = "con trâu đi trước"

CITIZEN = {
    "full_name": "Ngô Văn Sáu", "birth_date-d": "27", "birth_date-m": "3", "birth_date-y": "1961", "phone": "0912 345 678",
    "email": "", "audience": "citizen", "province": "80", "ward": "ben cau", "password": PASSWORD, "consent": "y",
    "consent_version": consent.CURRENT,
}  # fmt: skip


@pytest.fixture
def account_row(app):
    def load(**where):
        with app.app_context():
            account = db.session.scalars(db.select(Account).filter_by(**where)).one_or_none()
            if account is not None:
                _ = account.grants, account.org_unit
                db.session.expunge_all()
            return account

    return load


def signed_in(visitor):
    return visitor.get("/tai-khoan").status_code == 200


def known(given, **columns):
    """An account whose password is PASSWORD."""
    return given.account(password_hash=passwords.hash_password(PASSWORD), **columns)


def sign_in(visitor, name, password=PASSWORD, **fields):
    return visitor.post("/dang-nhap", {"name": name, "password": password, **fields})


# Registration


def test_a_citizen_registers_and_is_signed_in(visit, account_row):
    visitor = visit()
    page = visitor.get("/dang-ky").text
    assert str(consent.TEXTS[consent.CURRENT]) in page
    assert '<option value="Xã Bến Cầu">' in page
    assert '<option value="Phường Hoàn Kiếm">' not in page
    answer = visitor.post("/dang-ky", CITIZEN | {"next": "/tai-khoan"})
    assert (answer.status_code, answer.location) == (302, "/tai-khoan")
    page = visitor.get("/tai-khoan").text
    assert "0912345678" in page  # nothing is masked for oneself
    assert "Xã Bến Cầu, tỉnh Tây Ninh" in page
    account = account_row(phone="0912345678")
    assert account.consent_text == consent.CURRENT
    assert account.consented_at is not None
    assert account.birth_date == date(1961, 3, 27)


def test_staff_register_with_their_unit_and_an_address(visit, given, account_row):
    unit = given.org_unit("Văn phòng Sở")
    fields = CITIZEN | {"audience": "staff", "org_unit": str(unit), "phone": "", "email": "Sau@vidu.vn", "ward": ""}
    assert visit().post("/dang-ky", fields).status_code == 302
    account = account_row(email="sau@vidu.vn")
    assert (account.org_unit_id, account.place_name, account.phone) == (unit, "", None)


def test_students_register_with_their_place(visit, account_row):
    visitor = visit()
    assert "Học sinh, sinh viên, học viên" in visitor.get("/dang-ky").text
    assert visitor.post("/dang-ky", CITIZEN | {"audience": "student"}).status_code == 302
    account = account_row(phone="0912345678")
    assert (account.audience, account.place_name, account.org_unit_id) == ("student", "Xã Bến Cầu, tỉnh Tây Ninh", None)
    assert "Học sinh, sinh viên, học viên" in visitor.get("/tai-khoan").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"full_name": "  "}, "Hãy viết họ và tên."),
        ({"birth_date-y": "61"}, "Năm phải có 4 chữ số."),
        ({"birth_date-d": "31", "birth_date-m": "2"}, "Ngày này không có trong lịch."),
        ({"birth_date-d": "", "birth_date-m": "", "birth_date-y": ""}, "Hãy điền đủ ngày, tháng, năm sinh."),
        ({"phone": "091234567"}, "còn thiếu 1 chữ số"),
        ({"phone": ""}, "Hãy điền số điện thoại; nếu không có thì điền email"),
        ({"email": "sau@"}, "Địa chỉ email chưa đúng"),
        ({"birth_date-d": "9" * 11}, "Ngày này không có trong lịch."),
        ({"birth_date-m": "9" * 30}, "Ngày này không có trong lịch."),
        ({"audience": ""}, "Hãy chọn một mục."),
        ({"audience": "staff", "org_unit": ""}, "Hãy chọn đơn vị công tác."),
        ({"ward": ""}, "Hãy điền xã, phường"),
        ({"ward": "ben cuu"}, "Có phải: "),
        ({"ward": "tan thanh"}, "Xã Tân Thành, Xã Tân Thạnh"),
        ({"password": "12345678"}, "quá dễ đoán"),
        ({"password": "0912 345 678"}, "trùng với tên, số điện thoại"),
        ({"consent": ""}, "Cần bạn đồng ý"),
        ({"consent_version": "2020-01"}, "Nội dung đồng ý vừa được cập nhật"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wrong_field_is_said_and_the_rest_kept(visit, account_row, changed, said):
    fields = {k: v for k, v in (CITIZEN | changed).items() if v or k != "consent"}
    answer = visit().post("/dang-ky", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Có chỗ cần sửa" in answer.text
    if "full_name" not in changed:
        assert 'value="Ngô Văn Sáu"' in answer.text
    assert "con trâu" not in answer.text  # a password is never sent back
    assert account_row() is None


def test_a_phone_that_has_an_account_is_refused_beside_its_field(visit, given):
    given.account(phone="0912345678")
    answer = visit().post("/dang-ky", CITIZEN)
    assert answer.status_code == 409
    assert "Số điện thoại này đã có tài khoản" in answer.text
    assert 'value="Ngô Văn Sáu"' in answer.text


def test_the_list_of_wards_follows_the_chosen_province(visit):
    answer = visit().post("/dang-ky", CITIZEN | {"province": "1", "ward": "không có"})
    assert answer.status_code == 422
    assert '<option value="Phường Hoàn Kiếm">' in answer.text


def test_wards_are_served_to_anybody_and_cached(visit):
    answer = visit().get("/du-lieu/xa-phuong/80")
    assert len(answer.json) == 96
    assert "public" in answer.headers["Cache-Control"]
    again = visit().get("/du-lieu/xa-phuong/80", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert visit().get("/du-lieu/xa-phuong/7").status_code == 404


# Sign-in and sign-out


def test_signing_in_leads_to_where_one_wanted(visit, given):
    known(given, phone="0912345678")
    visitor = visit()
    asked = visitor.get("/tai-khoan/sua?x=1")
    assert asked.status_code == 302
    assert asked.location == "/dang-nhap?next=/tai-khoan/sua?x%3D1"
    page = visitor.get(asked.location).text
    assert 'name="next" value="/tai-khoan/sua?x=1"' in page
    answer = sign_in(visitor, "0912 345 678", next="/tai-khoan/sua?x=1")
    assert (answer.status_code, answer.location) == (302, "/tai-khoan/sua?x=1")
    assert signed_in(visitor)
    assert visitor.get("/dang-nhap").status_code == 302  # nothing to do there any more


@pytest.mark.parametrize("address", ["//evil.vn/", "https://evil.vn", "/\\evil.vn"])
def test_signing_in_never_leads_elsewhere(visit, given, address):
    known(given, phone="0912345678")
    assert sign_in(visit(), "0912345678", next=address).location == "/"


def test_all_failures_read_the_same(visit, given):
    known(given, phone="0912345678")
    visitor = visit()
    texts = set()
    for name in ("0912345678", "0987654321", "ai@vidu.vn"):
        answer = sign_in(visitor, name, "sai mật khẩu")
        assert answer.status_code == 422
        texts.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(texts) == 1
    assert "chưa đúng" in texts.pop()
    assert not signed_in(visitor)


def test_a_locked_account_opens_after_the_pause(visit, given, clock):
    known(given, phone="0912345678")
    visitor = visit()
    for _ in range(5):
        sign_in(visitor, "0912345678", "sai mật khẩu")
    assert sign_in(visitor, "0912345678").status_code == 422
    clock.advance(minutes=5)
    assert sign_in(visitor, "0912345678").status_code == 302


def test_the_session_is_a_new_one_after_signing_in(visit, given):
    known(given, phone="0912345678")
    visitor = visit()
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    token = visitor.token("/dang-nhap")
    sign_in(visitor, "0912345678")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
    old = visitor.client.post("/dang-xuat", data={"csrf_token": token})
    assert old.status_code == 400
    assert signed_in(visitor)


def test_signing_out_ends_the_session(visit, given):
    known(given, phone="0912345678")
    visitor = visit()
    sign_in(visitor, "0912345678")
    assert visitor.get("/dang-xuat").status_code == 405
    assert visitor.post("/dang-xuat", page="/tai-khoan").status_code == 302
    assert not signed_in(visitor)


def test_unknown_and_shut_accounts_are_not_signed_in(visit, given, clock):
    assert not signed_in(visit(4711))
    assert not signed_in(visit(given.account(disabled_at=clock())))
    known(given, phone="0912345678", disabled_at=clock())
    answer = sign_in(visit(), "0912345678")
    assert answer.status_code == 422
    assert "đã bị khóa" in answer.text


def test_a_post_without_sign_in_leads_back_to_its_page(visit, given):
    visitor = visit()
    token = visitor.token("/dang-nhap")
    url = "/to-chuc/don-vi/1/xoa"
    referrer = {"Referer": "http://localhost/to-chuc/don-vi/1"}
    answer = visitor.client.post(url, data={"csrf_token": token}, headers=referrer)
    assert answer.location == "/dang-nhap?next=/to-chuc/don-vi/1"
    for elsewhere in ("http://evil.vn/x", "http://localhost//evil.vn/x", "http://[x"):
        answer = visitor.client.post(url, data={"csrf_token": token}, headers={"Referer": elsewhere})
        assert answer.location == "/dang-nhap", elsewhere


# Own data


def test_own_pages_need_a_sign_in(visit):
    for url in ("/tai-khoan", "/tai-khoan/sua", "/tai-khoan/mat-khau"):
        assert visit().get(url).status_code == 302


def test_a_person_corrects_own_data(visit, given, account_row):
    me = known(given, phone="0912345678", name="Ngô Văn Sau")
    visitor = visit(me)
    fields = {k: v for k, v in CITIZEN.items() if not k.startswith(("password", "consent"))} | {
        "ward": "Phường Tân Ninh"
    }
    assert visitor.post("/tai-khoan/sua", fields).location == "/tai-khoan"
    account = account_row(id=me)
    assert (account.full_name, account.place_name) == ("Ngô Văn Sáu", "Phường Tân Ninh, tỉnh Tây Ninh")
    page = visitor.get("/tai-khoan/sua").text
    assert 'value="Phường Tân Ninh"' in page
    given.account(phone="0987654321")
    answer = visitor.post("/tai-khoan/sua", fields | {"phone": "0987654321"})
    assert answer.status_code == 409
    assert account_row(id=me).phone == "0912345678"


def test_roles_are_named_on_the_own_page(visit, given):
    page = visit(given.account(Role.JUDGE, unit=given.org_unit("Văn phòng Sở"))).get("/tai-khoan").text
    assert "Ban Giám khảo" in page
    assert "Văn phòng Sở" in page


def test_a_new_password_signs_other_devices_out(visit, given):
    known(given, phone="0912345678")
    phone, computer = visit(), visit()
    sign_in(phone, "0912345678")
    sign_in(computer, "0912345678")
    assert signed_in(phone)
    answer = phone.post("/tai-khoan/mat-khau", {"old": "sai", "new": "cái cày đi sau"})
    assert answer.status_code == 422
    assert "Mật khẩu hiện tại chưa đúng" in answer.text
    answer = phone.post("/tai-khoan/mat-khau", {"old": PASSWORD, "new": "matkhau123"})
    assert answer.status_code == 422
    assert "quá dễ đoán" in answer.text
    assert signed_in(computer)
    assert phone.post("/tai-khoan/mat-khau", {"old": PASSWORD, "new": "cái cày đi sau"}).location == "/tai-khoan"
    assert signed_in(phone)
    assert not signed_in(computer)
    assert sign_in(computer, "0912345678").status_code == 422
    assert sign_in(computer, "0912345678", "cái cày đi sau").status_code == 302


def test_a_password_set_by_somebody_else_opens_only_its_replacement(visit, given):
    known(given, phone="0912345678", must_change_password=True)
    visitor = visit()
    sign_in(visitor, "0912345678")
    for url in ("/", "/tai-khoan", "/dang-nhap"):
        assert visitor.get(url).location == "/tai-khoan/mat-khau"
    assert visitor.get("/static/css/theme.css").status_code == 200
    assert "mật khẩu một lần" in visitor.get("/tai-khoan/mat-khau").text
    visitor.post("/tai-khoan/mat-khau", {"old": PASSWORD, "new": "cái cày đi sau"})
    assert signed_in(visitor)


def test_the_privacy_page_is_public_and_shows_the_consent(visit):
    page = visit().get("/du-lieu-ca-nhan")
    assert page.status_code == 200
    assert str(consent.TEXTS[consent.CURRENT]) in page.text
