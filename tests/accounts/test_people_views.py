"""Pages on which admins manage people."""

import re

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import db
from quiz.journal import JournalRecord


@pytest.fixture
def records(app):
    def load():
        with app.app_context():
            return [
                (r.action, r.reason) for r in db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq))
            ]

    return load


@pytest.fixture
def admin(visit, given):
    return visit(given.account(Role.ADMIN, name="Quản Trị Viên"))


@pytest.fixture
def person(given):
    return given.account(name="Đỗ Thị Bích Đào", phone="0912345678", email="dao@vidu.vn", username=None)


def page_of(person):
    return f"/quan-tri/tai-khoan/{person}"


@pytest.mark.parametrize("role", [None, Role.ORGANIZER, Role.JUDGE, Role.UNIT_CONTACT, Role.COUNCIL_MEMBER])
def test_only_admins_see_people(visit, given, person, role):
    visitor = visit(given.account(*([role] if role else [])))
    assert visitor.get("/quan-tri/tai-khoan").status_code == 403
    assert visitor.get(page_of(person)).status_code == 403
    for what in ("vai-tro", "khoa", "mo-khoa", "mat-khau", "lien-he", "vai-tro/admin/thu-hoi"):
        assert visitor.post(f"{page_of(person)}/{what}", page="/tai-khoan").status_code == 403


def test_people_are_found_and_masked(admin, given, person):
    given.account(name="Người Khác")
    page = admin.get("/quan-tri/tai-khoan?tim=bich+dao").text
    assert "Đỗ Thị Bích Đào" in page
    assert "Người Khác" not in page
    assert "09•••••678" in page
    for url in ("/quan-tri/tai-khoan?tim=dao", page_of(person)):
        page = admin.get(url).text
        assert "0912345678" not in page
        assert "dao@vidu.vn" not in page
    assert "Không tìm thấy tài khoản nào" in admin.get("/quan-tri/tai-khoan?tim=zzz").text
    assert "Quản Trị Viên" in admin.get("/quan-tri/tai-khoan?vai_tro=admin").text
    assert admin.get("/quan-tri/tai-khoan?vai_tro=vua&cu_hon=x").status_code == 200
    assert admin.get("/quan-tri/tai-khoan/4711").status_code == 404


def test_contacts_are_shown_with_a_note_in_the_journal(admin, person, records):
    page = admin.post(f"{page_of(person)}/lien-he", page=page_of(person)).text
    assert "0912345678" in page
    assert "dao@vidu.vn" in page
    assert records() == [("account.contact_shown", "")]


def test_a_role_is_given_and_taken(admin, person, records, visit):
    answer = admin.post(f"{page_of(person)}/vai-tro", {"role": "judge", "why": "QĐ 12"}, page=page_of(person))
    assert answer.location == page_of(person)
    assert "Đã giao vai trò “Ban Giám khảo”" in admin.get(page_of(person)).text
    assert "Ban Giám khảo" in visit(person).get("/tai-khoan").text
    again = admin.post(f"{page_of(person)}/vai-tro", {"role": "judge"}, page=page_of(person))
    assert again.status_code == 422
    assert admin.post(f"{page_of(person)}/vai-tro", {"role": ""}, page=page_of(person)).status_code == 422
    assert admin.post(f"{page_of(person)}/vai-tro/judge/thu-hoi", page=page_of(person)).status_code == 302
    assert admin.post(f"{page_of(person)}/vai-tro/judge/thu-hoi", page=page_of(person)).status_code == 409
    assert admin.post(f"{page_of(person)}/vai-tro/vua/thu-hoi", page=page_of(person)).status_code == 404
    assert records() == [("account.role_granted", "QĐ 12"), ("account.role_revoked", "")]


def test_the_last_admin_cannot_leave(app, admin, given, records):
    with app.app_context():
        me = db.session.scalars(db.select(Account.id).filter_by(full_name="Quản Trị Viên")).one()
    for url, fields in ((f"{page_of(me)}/vai-tro/admin/thu-hoi", {}), (f"{page_of(me)}/khoa", {"why": "nghỉ"})):
        answer = admin.post(url, fields, page=page_of(me))
        assert answer.status_code == 409
        assert "quản trị viên cuối cùng" in answer.text
    assert records() == []
    given.account(Role.ADMIN)
    assert admin.post(f"{page_of(me)}/vai-tro/admin/thu-hoi", page=page_of(me)).location == "/tai-khoan"
    assert admin.get("/quan-tri/tai-khoan").status_code == 403


def test_a_shut_account_is_out_at_once(admin, person, records, visit):
    theirs = visit(person)
    assert theirs.get("/tai-khoan").status_code == 200
    assert admin.post(f"{page_of(person)}/khoa", {"why": ""}, page=page_of(person)).status_code == 422
    admin.post(f"{page_of(person)}/khoa", {"why": "dùng tên người khác"}, page=page_of(person))
    assert theirs.get("/tai-khoan").status_code == 302
    assert "Đã khóa" in admin.get(page_of(person)).text
    admin.post(f"{page_of(person)}/mo-khoa", page=page_of(person))
    assert theirs.get("/tai-khoan").status_code == 200
    assert records() == [("account.disabled", "dùng tên người khác"), ("account.enabled", "")]


def test_a_one_time_password_is_shown_once_and_ends_old_sessions(admin, person, records, visit):
    theirs = visit(person)
    assert theirs.get("/tai-khoan").status_code == 200
    page = admin.post(f"{page_of(person)}/mat-khau", page=page_of(person)).text
    password = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)[0]
    assert password not in admin.get(page_of(person)).text
    assert theirs.get("/tai-khoan").status_code == 302
    fresh = visit()
    assert fresh.post("/dang-nhap", {"name": "0912345678", "password": password}).status_code == 302
    assert fresh.get("/tai-khoan").location == "/tai-khoan/mat-khau"
    assert records() == [("account.password_set", "")]
