"""The pages of recognition: awarding, winners, certificate download, revocation, public verification."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from quiz.access import Role
from quiz.db import db
from quiz.recognition.models import Certificate, Decision
from tests.recognition.conftest import PAPER, day_fields

pytestmark = pytest.mark.usefixtures("after_close")


@pytest.fixture
def paper(clock):
    return PAPER | day_fields(clock().date())


def count(app, model):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model))


def first_code(app):
    with app.app_context():
        return db.session.scalars(db.select(Certificate.code).order_by(Certificate.id)).first()


def slug(app, contest):
    from quiz.contests.models import Contest

    with app.app_context():
        return db.session.get_one(Contest, contest).slug


@pytest.fixture
def winner(given):
    return given.account(name="Trần Văn Út")


@pytest.fixture
def awarded(given, contest, winner, sheet, award):
    """A sheet with two people that has its decision; the first is `winner`."""
    ranking = sheet([1, 2], names=["", "Lê Thị Bé"], entries=[given.entry(contest, winner)])
    award(ranking)
    return ranking


# Awarding


def test_an_organizer_awards_the_prizes(app, visit, contest, organizer, sheet, paper):
    ranking, person = sheet([1, 2, 3, 4], names=["Trần Văn Út"]), visit(organizer)
    page = person.get(f"/to-chuc/giai/{ranking}")
    assert page.status_code == 200
    assert "Trần Văn Út" in page.text
    assert "Người Hạng 4" not in page.text
    assert "4.000.000" in page.text
    assert 'name="confirmed"' not in page.text
    response = person.post(f"/to-chuc/giai/{ranking}", paper)
    assert response.status_code == 302
    after = person.get(response.location)
    assert "Đã ghi quyết định số 45/QĐ-BTC và cấp 3 giấy." in after.text
    assert "3 giấy còn giá trị" in after.text
    assert count(app, Certificate) == 3


def test_the_replayed_form_is_refused(app, visit, organizer, sheet, paper):
    ranking, person = sheet([1]), visit(organizer)
    token = person.token(f"/to-chuc/giai/{ranking}")
    fields = paper | {"csrf_token": token}
    assert person.client.post(f"/to-chuc/giai/{ranking}", data=fields).status_code == 302
    again = person.client.post(f"/to-chuc/giai/{ranking}", data=fields)
    assert again.status_code == 409
    assert "đã được ghi từ trước" in again.text
    assert count(app, Decision) == count(app, Certificate) == 1
    assert person.get(f"/to-chuc/giai/{ranking}").status_code == 302


def test_ties_are_confirmed_by_hand(app, visit, organizer, sheet, paper):
    ranking, person = sheet([1, 2, 2, 2]), visit(organizer)
    page = person.get(f"/to-chuc/giai/{ranking}").text
    assert "Có 3 người đồng hạng ở ranh giới giải" in page
    assert "Vượt cơ cấu 1 giải" in page
    refused = person.post(f"/to-chuc/giai/{ranking}", paper)
    assert refused.status_code == 422
    assert "45/QĐ-BTC" in refused.text
    assert count(app, Decision) == 0
    assert person.post(f"/to-chuc/giai/{ranking}", paper | {"confirmed": "y"}).status_code == 302
    assert count(app, Certificate) == 4


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("number", "", "Mục này cần được điền."),
        ("number", "bốn lăm", "Ví dụ: 45/QĐ-BTC"),
        ("number", "4" * 61, "Mục này dài quá 60 ký tự."),
        ("signed_on-d", "31", "Ngày này không có trong lịch."),
        ("signed_on-y", "2023", "Ngày ký không thể trước ngày kỳ thi đóng (20/11/2024)."),
        ("signed_on-d", "24", "Ngày ký không thể sau hôm nay (23/11/2024)."),
        ("signer_name", " ", "Mục này cần được điền."),
        ("signer_title", "x" * 201, "Mục này dài quá 200 ký tự."),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_written(app, visit, organizer, sheet, paper, field, value, words):
    ranking, person = sheet([1]), visit(organizer)
    response = person.post(f"/to-chuc/giai/{ranking}", paper | {field: value})
    assert response.status_code == 422
    assert words in response.text
    assert PAPER["place_name"] in response.text
    assert count(app, Decision) == 0


def test_without_a_day_the_form_says_so(visit, organizer, sheet, paper):
    empty = {"signed_on-d": "", "signed_on-m": "", "signed_on-y": ""}
    response = visit(organizer).post(f"/to-chuc/giai/{sheet([1])}", paper | empty)
    assert response.status_code == 422
    assert "Ngày ký: Mục này cần được điền." in response.text


def test_an_unpublished_sheet_says_what_to_do(visit, organizer, sheet):
    response = visit(organizer).get(f"/to-chuc/giai/{sheet([1], published=False)}")
    assert response.status_code == 409
    assert "Hãy công bố bảng kết quả" in response.text


def test_nothing_to_award_shows_no_form(visit, organizer, sheet):
    page = visit(organizer).get(f"/to-chuc/giai/{sheet([])}").text
    assert "Không có giải nào để trao" in page
    assert 'name="signer_name"' not in page


def test_the_last_paper_fills_in_the_form_of_the_next_division(visit, organizer, awarded, sheet):
    page = visit(organizer).get(f"/to-chuc/giai/{sheet([1], division=1)}").text
    assert 'value="45/QĐ-BTC"' in page
    assert 'value="Lê Văn Hòa"' in page


@pytest.mark.parametrize("role", [None, Role.JUDGE, Role.ADMIN, Role.UNIT_CONTACT])
def test_only_organizers_award_and_revoke(app, given, visit, awarded, sheet, role):
    person = visit(given.account(*([role] if role else [])))
    assert person.get(f"/to-chuc/giai/{sheet([1], division=1)}").status_code == 403
    response = person.post(f"/to-chuc/giay-chung-nhan/{first_code(app)}/thu-hoi", page="/tai-khoan")
    assert response.status_code == 403
    assert "Thu hồi giấy này" not in person.get(f"/tra-cuu/{first_code(app)}").text


# Winners


def test_winners_are_public_by_name_and_unit_only(app, visit, contest, awarded):
    page = visit().get(f"/ket-qua/{slug(app, contest)}")
    assert page.status_code == 200
    for words in ("Trần Văn Út", "Lê Thị Bé", "Xã Bến Cầu, tỉnh Tây Ninh", "45/QĐ-BTC ngày 23/11/2024", "Giải Nhì"):
        assert words in page.text
    for words in ("/tra-cuu/" + first_code(app), "01/01/1990", "Lập quyết định", "nguoi"):
        assert words not in page.text


def test_the_winner_finds_the_own_certificate(app, visit, contest, winner, awarded):
    person, code = visit(winner), first_code(app)
    for address in ("/ket-qua", f"/ket-qua/{slug(app, contest)}"):
        page = person.get(address).text
        assert "Giấy chứng nhận của bạn" in page
        assert f"/giay-chung-nhan/{code}.pdf" in page
        assert page.count(".pdf") == 1


def test_shared_places_and_rounds_are_shown(app, visit, contest, sheet, award):
    award(sheet([1, 2, 2], round_=0))
    sheet([1], round_=1, names=["Người Kỳ Hai"])
    address, person = f"/ket-qua/{slug(app, contest)}", visit()
    latest = person.get(address).text
    assert "chưa có quyết định trao giải" in latest
    assert "Người Kỳ Hai" not in latest
    first = person.get(f"{address}?ky=ky-1").text
    assert first.count("đồng hạng 2") == 2
    assert person.get(f"{address}?ky=khong-co").status_code == 404


def test_a_decision_that_replaces_another_says_so(app, clock, visit, contest, organizer, sheet, award):
    award(sheet([1], names=["Trần Văn Út"]))
    person = visit(organizer)
    newer = sheet([1], number=2, names=["Lê Thị Bé"])
    address = f"/ket-qua/{slug(app, contest)}"
    assert "Bảng kết quả đã được điều chỉnh" in person.get(address).text
    waiting = person.get(f"/to-chuc/giai/{newer}")
    assert waiting.status_code == 409
    assert "45/QĐ-BTC" in waiting.text
    revoke(person, first_code(app))
    award(newer, number="60/QĐ-BTC")
    page = visit().get(address).text
    assert "60/QĐ-BTC" in page
    assert "Thay cho quyết định số 45/QĐ-BTC" in page
    assert "Trần Văn Út" not in page


def test_a_whole_decision_is_revoked_at_once(app, visit, contest, winner, organizer, sheet, awarded, given):
    new = sheet([1, 2], number=2, entries=[])
    person, fields = visit(organizer), {"cause": "result_changed", "decision_number": "52/QĐ-BTC"}
    with app.app_context():
        page = f"/to-chuc/giai/quyet-dinh/{db.session.scalars(db.select(Decision.id)).one()}/thu-hoi"
    assert visit(winner).get(page).status_code == 403
    assert page in person.get(f"/ket-qua/{slug(app, contest)}").text
    assert "Trần Văn Út" in person.get(page).text
    assert person.post(page, fields | {"why": "ngắn"}).status_code == 422
    token = {"csrf_token": person.token(page)}
    fields = token | fields | {"why": "Bảng kết quả số 1 được thay bằng bảng số 2"}
    assert person.client.post(page, data=fields).status_code == 302
    with app.app_context():
        assert {c.revoke_decision for c in db.session.scalars(db.select(Certificate))} == {"52/QĐ-BTC"}
    again = person.client.post(page, data=fields)
    assert again.status_code == 409
    assert "đã được thu hồi từ trước" in again.text
    assert f"/to-chuc/giai/{new}" in person.get(f"/ket-qua/{slug(app, contest)}").text


def test_results_wait_for_publication(app, visit, contest, sheet):
    sheet([1], published=False)
    assert "Chưa có kết quả nào được công bố" in visit().get("/ket-qua").text
    page = visit().get(f"/ket-qua/{slug(app, contest)}")
    assert page.status_code == 200
    assert "Chưa có kết quả nào được công bố" in page.text


def test_the_index_lists_contests_with_results(app, given, visit, contest, awarded):
    given.contest()
    page = visit().get("/ket-qua").text
    assert f"/ket-qua/{slug(app, contest)}" in page
    assert "2 giải" in page
    assert page.count('href="/ket-qua/') == 1
    assert visit().get("/ket-qua?trang=99").status_code == 200
    assert visit().get("/ket-qua/khong-co").status_code == 404


# The certificate


def test_the_winner_and_the_organizer_download_it(app, visit, winner, organizer, awarded):
    address = f"/giay-chung-nhan/{first_code(app)}.pdf"
    for account in (winner, organizer):
        response = visit(account).get(address)
        assert response.status_code == 200
        assert response.mimetype == "application/pdf"
        assert response.headers["Content-Disposition"] == 'attachment; filename="giay-chung-nhan-0001-2024.pdf"'
        assert response.headers["Cache-Control"] == "no-store"
        [page] = PdfReader(BytesIO(response.data)).pages
        text = page.extract_text()
        assert "Trần Văn Út" in text
        assert f"http://localhost/tra-cuu/{first_code(app)}" in text


@pytest.mark.parametrize("role", [None, Role.JUDGE, Role.ADMIN])
def test_nobody_else_downloads_it(app, given, visit, awarded, role):
    address = f"/giay-chung-nhan/{first_code(app)}.pdf"
    assert visit(given.account(*([role] if role else []))).get(address).status_code == 403
    assert visit().get(address).status_code == 302


def test_an_unknown_certificate_is_not_found(visit, organizer):
    assert visit(organizer).get("/giay-chung-nhan/AAAABBBBCCCC.pdf").status_code == 404


REVOCATION = {"cause": "rules_broken", "decision_number": "52/QĐ-BTC", "why": "Hai tài khoản của cùng một người"}


def revoke(person, code, **changes):
    return person.post(f"/to-chuc/giay-chung-nhan/{code}/thu-hoi", REVOCATION | changes, page=f"/tra-cuu/{code}")


def test_a_revoked_certificate_is_void_everywhere(app, visit, contest, winner, organizer, awarded):
    code, person = first_code(app), visit(organizer)
    token = person.token(f"/tra-cuu/{code}")
    assert revoke(person, code).status_code == 302
    public = visit().get(f"/tra-cuu/{code}")
    assert public.status_code == 200
    for words in ("đã bị thu hồi", "Người nhận vi phạm thể lệ", "52/QĐ-BTC", "ngày 23/11/2024"):
        assert words in public.text
    assert "Hai tài khoản" not in public.text
    assert "có thật và còn giá trị" not in public.text
    for account in (winner, organizer):
        refused = visit(account).get(f"/giay-chung-nhan/{code}.pdf")
        assert refused.status_code == 409
        assert "đã bị thu hồi" in refused.text
    assert "Giấy đã thu hồi" in visit().get(f"/ket-qua/{slug(app, contest)}").text
    again = person.client.post(f"/to-chuc/giay-chung-nhan/{code}/thu-hoi", data=REVOCATION | {"csrf_token": token})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cause": ""}, "Hãy chọn một lý do."),
        ({"cause": "khac"}, "Hãy chọn một lý do."),
        ({"decision_number": ""}, "Mục này cần được điền."),
        ({"why": "ngắn"}, "Hãy diễn giải từ 10 đến 1000 ký tự."),
    ],
)
def test_a_revocation_without_its_reasons_is_shown_again(app, visit, organizer, awarded, changes, words):
    response = revoke(visit(organizer), first_code(app), **changes)
    assert response.status_code == 422
    assert words in response.text
    assert "chưa có gì được ghi" in response.text
    with app.app_context():
        assert db.session.scalars(db.select(Certificate.revoked_at)).all() == [None, None]


# Public verification


def test_a_valid_certificate_is_confirmed_to_anybody(app, visit, contest, awarded):
    page = visit().get(f"/tra-cuu/{first_code(app)}")
    assert page.status_code == 200
    for words in (
        "có thật và còn giá trị", "Trần Văn Út", "Xã Bến Cầu, tỉnh Tây Ninh", "Giải Nhất", "Cuộc thi số",
        "45/QĐ-BTC ngày 23/11/2024", "0001/2024", '<meta name="robots" content="noindex">',
    ):  # fmt: skip
        assert words in page.text
    for words in ("01/01/1990", "nguoi", ".pdf", "Tải giấy"):
        assert words not in page.text


def test_codes_are_taken_as_people_type_them(app, visit, awarded):
    code, person = first_code(app), visit()
    typed = f" {code[:4].lower()}-{code[4:8]} – {code[8:].lower()} "
    assert person.get("/tra-cuu", query_string={"ma": typed}).location == f"/tra-cuu/{code}"
    assert "còn giá trị" in person.get(f"/tra-cuu/{code[:4]}-{code[4:].lower()}").text


@pytest.mark.parametrize("code", ["AAAABBBBCCCC", "0O1I", "x" * 500, "%F0%9F%8E%93", "'; DROP TABLE certificate; --"])
def test_an_unknown_code_is_404_and_helps(visit, awarded, code):
    page = visit().get(f"/tra-cuu/{code}")
    assert page.status_code == 404
    assert "không dùng chữ O, số 0, chữ I và số 1" in page.text
    assert 'name="ma"' in page.text


@pytest.mark.parametrize("typed", ["", "  ", "---"])
def test_an_empty_search_asks_for_a_code(visit, typed):
    page = visit().get("/tra-cuu", query_string={"ma": typed})
    assert page.status_code == 200
    assert "Chưa có mã để tra cứu" in page.text


def test_the_empty_form_accuses_nobody(visit):
    page = visit().get("/tra-cuu").text
    assert "Chưa có mã" not in page
    assert '<meta name="robots" content="noindex">' in page
