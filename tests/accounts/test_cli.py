"""Commands for operators."""

import re

import pytest

from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit
from quiz.db import db

ADMIN = ["accounts", "create-admin", "--name", "Quản Trị Viên", "--born", "27/03/1980"]


@pytest.fixture
def run(app):
    def command(*arguments, **options):
        return app.test_cli_runner().invoke(args=list(arguments), **options)

    return command


def accounts(app):
    with app.app_context():
        return [(a.username, a.phone, a.roles, a.must_change_password) for a in db.session.scalars(db.select(Account))]


def test_the_first_admin_types_a_password(app, run, visit):
    result = run(*ADMIN, "--username", "QuanTri", input="con trâu đi trước\ncon trâu đi trước\n")
    assert result.exit_code == 0, result.output
    assert accounts(app) == [("quantri", None, {Role.PARTICIPANT, Role.ADMIN}, False)]
    assert "con trâu" not in result.output
    visitor = visit()
    visitor.post("/dang-nhap", {"name": "quantri", "password": "con trâu đi trước"})
    assert visitor.get("/quan-tri/tai-khoan").status_code == 200


def test_a_generated_password_is_printed_once_and_must_be_changed(app, run, visit):
    result = run(*ADMIN, "--phone", "+84 912 345 678", "--generate-password")
    password = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", result.output)[0]
    assert accounts(app) == [(None, "0912345678", {Role.PARTICIPANT, Role.ADMIN}, True)]
    visitor = visit()
    visitor.post("/dang-nhap", {"name": "0912345678", "password": password})
    assert visitor.get("/quan-tri/tai-khoan").location == "/tai-khoan/mat-khau"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--username", "quantri", "--password", "12345678"], "quá dễ đoán"),
        (["--username", "quantri", "--password", "ngắn"], "ít nhất 8 ký tự"),
        (["--username", "q", "--generate-password"], "từ 3 đến 60 ký tự"),
        (["--phone", "0123", "--generate-password"], "Số di động bắt đầu bằng"),
        (["--email", "a@b", "--generate-password"], "Địa chỉ email chưa đúng"),
        (["--username", "quantri", "--born", "31/2/1980", "--generate-password"], "không đọc được"),
        (["--username", "quantri", "--born", "1/1/2090", "--generate-password"], "Ngày sinh phải từ năm 1900"),
        (["--username", "quantri", "--name", "  ", "--generate-password"], "Hãy viết họ và tên"),
        (["--username", "quantri", "--password", "con trâu đi trước", "--generate-password"], "Chỉ dùng một trong hai"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nonsense_is_refused_in_words(app, run, arguments, said):
    result = run(*ADMIN, *arguments)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert accounts(app) == []


def test_a_user_name_is_given_once(app, run):
    assert run(*ADMIN, "--username", "quantri", "--generate-password").exit_code == 0
    result = run(*ADMIN, "--username", "QUANTRI", "--generate-password")
    assert result.exit_code == 1
    assert "đã có người dùng" in result.output
    assert len(accounts(app)) == 1


def test_a_forgotten_password_is_replaced(app, run):
    run(*ADMIN, "--username", "quantri", "--password", "con trâu đi trước")
    result = run("accounts", "set-password", "quantri")
    assert "chỉ hiện ở đây" in result.output
    assert accounts(app)[0][3] is True
    result = run("accounts", "set-password", "0999999999")
    assert result.exit_code == 1
    assert "Không có tài khoản nào" in result.output


def test_units_are_imported_from_a_file(app, run, tmp_path):
    file = tmp_path / "don-vi.csv"
    file.write_text("mã,tên,mã cấp trên\nSTP,Sở Tư pháp,\nVP,Văn phòng,STP\n", encoding="utf-8")

    def count():
        with app.app_context():
            return db.session.query(OrgUnit).count()

    assert "chạy thử" in run("accounts", "import-units", str(file), "--dry-run").output
    assert count() == 0
    assert "Mới 2, thay đổi 0" in run("accounts", "import-units", str(file)).output
    again = run("accounts", "import-units", str(file))
    assert (again.exit_code, "giữ nguyên 2" in again.output) == (0, True)
    file.write_text("mã,tên,mã cấp trên\nTT,Thanh tra,\nX,,KHONG\n", encoding="utf-8")
    bad = run("accounts", "import-units", str(file))
    assert bad.exit_code == 1
    assert "Dòng 3: Thiếu tên đơn vị." in bad.output
    assert count() == 2
    file.write_bytes(b"%PDF")
    assert "không phải bảng" in run("accounts", "import-units", str(file)).output
    assert run("accounts", "import-units", str(tmp_path / "khong-co.csv")).exit_code == 2
