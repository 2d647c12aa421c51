"""What every answer carries, and what a visitor reads when something goes wrong."""

import io

import pytest
from sqlalchemy.exc import OperationalError

from quiz.access import Role
from quiz.db import db

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_headers_forbid_inline_script_and_keeping_pages(visit):
    response = visit().get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_have_no_inline_script_style_or_handler(visit):
    for address in ("/", "/cuoc-thi", "/dang-ky", "/dang-nhap", "/tra-cuu", "/tro-giup"):
        page = visit().get(address).text
        for forbidden in ("<style", " style=", " onclick=", "javascript:"):
            assert forbidden not in page, (address, forbidden)
        assert page.count("<script") == page.count("<script src=")


def test_an_unknown_page_says_so_in_vietnamese(visit):
    response = visit().get("/khong-co")
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.text


def test_a_form_without_token_is_refused_in_vietnamese(visit):
    response = visit().client.post("/dang-nhap", data={"name": "x"})
    assert response.status_code == 400
    assert "Chưa có gì bị thay đổi" in response.text


def test_a_fault_is_not_shown(app, visit):
    app.testing = False
    app.view_functions["reports.home"] = lambda: 1 / 0
    response = visit().get("/")
    assert response.status_code == 500
    assert "Máy chủ gặp lỗi" in response.text
    assert "ZeroDivisionError" not in response.text


def test_a_database_that_is_gone_is_a_fault_told_in_vietnamese(app, given, visit, monkeypatch):
    def gone(*_arguments, **_options):
        raise OperationalError("SELECT", {}, Exception("gone"))

    person = visit(given.account())
    app.testing = False
    monkeypatch.setattr(db.session, "get", gone)
    response = person.get("/tai-khoan")
    assert response.status_code == 500
    assert "Máy chủ gặp lỗi" in response.text
    assert "Content-Security-Policy" in response.headers


def test_static_files_are_kept_under_an_address_that_names_their_content(visit):
    page = visit().get("/").text
    address = page.split('rel="stylesheet" href="/static/')[1].split('"')[0]
    assert "?v=" in address
    assert "max-age=31536000" in visit().get("/static/" + address).headers["Cache-Control"]


def test_a_form_sent_again_for_what_is_gone_says_so(given, visit):
    person = visit(given.account(Role.ORGANIZER))
    response = person.post("/to-chuc/cuoc-thi/7/xoa", page="/tai-khoan")
    assert response.status_code == 404
    assert "Lần bấm này không làm gì thêm" in response.text


def test_a_file_too_large_is_taken_to_the_end_so_that_browsers_show_the_answer(visit):
    body = io.BytesIO(b"a" * (21 * 1024 * 1024))
    response = visit().client.post(
        "/dang-nhap",
        input_stream=body,
        content_length=len(body.getvalue()),
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413
    assert "Tệp quá lớn" in response.text
    assert body.read() == b""
