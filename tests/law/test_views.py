"""The library is open to everybody and says of each document whether it holds."""

import io
import re
from datetime import date

import pytest

from quiz.access import Role
from quiz.db import db
from quiz.law.models import LegalDocument


def test_the_index_names_the_state_in_words(given, visit):
    given.document()
    given.document("98/2023/NĐ-CP", title="Quy định chi tiết", expires_on=date(2024, 11, 20))
    given.document("01/2024/TT-BNV", title="Biện pháp", questioned_from=date(2024, 11, 20))
    given.document("152/2025/NĐ-CP", title="Phân cấp", effective_on=date(2025, 7, 1))
    given.document("Lời kêu gọi", title="Lời kêu gọi", effective_on=None)
    page = visit().get("/van-ban")
    assert page.status_code == 200
    for word in ("Còn hiệu lực", "Hết hiệu lực", "Cần đối chiếu", "Chưa có hiệu lực", "Không ghi thời hạn"):
        assert f"</svg> {word}</span>" in page.text


def test_search_and_state_narrow_the_index(given, visit):
    given.document()
    given.document("98/2023/NĐ-CP", title="Quy định chi tiết", expires_on=date(2024, 11, 20))
    page = visit().get("/van-ban?q=luat+thi+dua").text
    assert "06/2022/QH15" in page
    assert "98/2023/NĐ-CP" not in page
    assert "98/2023/NĐ-CP" in visit().get("/van-ban?hieu-luc=expired").text
    assert "Không có văn bản nào như vậy" in visit().get("/van-ban?q=khong+co").text
    assert visit().get("/van-ban?hieu-luc=xyz&trang=-3").status_code == 200


def test_the_index_is_paged(given, visit):
    for n in range(51):
        given.document(f"{n:02d}/2024", title=f"Văn bản {n}")
    assert "1–50 trong 51 văn bản" in visit().get("/van-ban").text
    assert "51–51 trong 51 văn bản" in visit().get("/van-ban?trang=2").text


def test_a_document_links_to_what_replaced_it(given, visit):
    new = given.document("152/2025/NĐ-CP", title="Phân cấp", kind="Nghị định", effective_on=date(2025, 7, 1))
    old = given.document(
        "98/2023/NĐ-CP", title="Quy định chi tiết", kind="Nghị định", expires_on=date(2024, 11, 1),
        replaced_by="152/2025/NĐ-CP", note="Ghi chú riêng.", source="https://example.vn/98",
    )  # fmt: skip
    page = visit().get(f"/van-ban/{old}").text
    assert f'<a href="/van-ban/{new}">Nghị định 152/2025/NĐ-CP</a>' in page
    assert "đã hết hiệu lực từ ngày 01/11/2024" in page
    assert "Ghi chú riêng." in page
    assert 'href="https://example.vn/98"' in page
    assert f'<a href="/van-ban/{old}">Nghị định 98/2023/NĐ-CP</a>' in visit().get(f"/van-ban/{new}").text


def test_an_unknown_document_is_not_found(visit):
    assert visit().get("/van-ban/999").status_code == 404


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Người Tổ Chức")


DAYS = {"effective_on-d": "1", "effective_on-m": "1", "effective_on-y": "2024"}
FORM = {"number": "06/2022/QH15", "title": "Luật Thi đua, khen thưởng", "kind": "Luật", **DAYS}


def test_only_people_in_charge_see_the_way_to_edit(given, visit, organizer):
    document = given.document()
    for account, sees in (
        (None, False),
        (given.account(Role.JUDGE), False),
        (organizer, True),
        (given.account(Role.ADMIN), True),
    ):
        page = visit(account).get(f"/van-ban/{document}").text
        assert ("Ghi nhận sửa đổi, thay thế" in page) is sees
        assert ("Thêm văn bản" in visit(account).get("/van-ban").text) is sees
    assert visit(given.account(Role.JUDGE)).get(f"/van-ban/{document}/sua").status_code == 403


def test_a_document_is_added_and_corrected(given, app, visit, organizer):
    browser = visit(organizer)
    reply = browser.post("/van-ban/moi", FORM | {"link": "https://vanban.chinhphu.vn/?docid=1"})
    page = browser.get(reply.location).text
    assert 'href="https://vanban.chinhphu.vn/?docid=1"' in page
    assert "Trang của cơ quan nhà nước" in page
    assert "đã có văn bản “06/2022/QH15”" in browser.post("/van-ban/moi", FORM).text
    reply = browser.post(f"{reply.location}/sua", FORM | {"issuer": "Quốc hội"})
    assert "Quốc hội" in browser.get(reply.location).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": " "}, "Hãy điền số hiệu."),
        ({"link": "javascript:alert(1)"}, "Địa chỉ phải bắt đầu bằng http://"),
        ({"expires_on-d": "1", "expires_on-m": "1", "expires_on-y": "2024"}, "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ({"effective_on-d": "31", "effective_on-m": "2"}, "Ngày này không có trong lịch."),
    ],
)  # fmt: skip
def test_a_document_form_with_a_mistake(given, app, visit, organizer, changes, message):
    reply = visit(organizer).post("/van-ban/moi", FORM | changes)
    assert reply.status_code == 422
    assert message in reply.text
    with app.app_context():
        assert db.session.scalars(db.select(LegalDocument)).all() == []


def test_an_end_that_a_change_gave_is_corrected_at_the_change(given, visit, organizer):
    document = given.document(expires_on=date(2025, 7, 1), replaced_by="1/2025")
    given.change(document, date(2025, 7, 1), kind="replaced", by_number="1/2025")
    reply = visit(organizer).post(f"/van-ban/{document}/sua", FORM | {"replaced_by": "2/2025"})
    assert reply.status_code == 409
    assert "đang theo thay đổi đã ghi nhận từ ngày 01/07/2025" in reply.text


def test_provisions_are_added_corrected_and_taken_off(given, visit, organizer):
    document = given.document()
    browser, page = visit(organizer), f"/van-ban/{document}/dieu-khoan"
    browser.post(page, {"article": "Điều 10", "title": "Danh hiệu"})
    browser.post(page, {"article": "9", "clause": "2", "point": "đ"})
    shown = browser.get(page).text
    assert shown.index("Điểm đ khoản 2 Điều 9") < shown.index("Điều 10")
    assert "đã có trong danh sách" in browser.post(page, {"article": "10"}).text
    assert "Chưa đọc được. Ví dụ: 5, 12a." in browser.post(page, {"article": "mười"}).text
    one = re.search(r"/van-ban/dieu-khoan/\d+", shown)[0]
    browser.post(
        one, {"article": "9", "clause": "2", "expires_on-d": "1", "expires_on-m": "10", "expires_on-y": "2026"}
    )
    assert "đến trước 01/10/2026" in visit().get(f"/van-ban/{document}").text
    browser.post(f"{one}/bo", page=one)
    assert "Điều 9" not in visit().get(f"/van-ban/{document}").text


def test_the_page_tells_what_happens_to_a_document(given, visit):
    law = given.document()
    amending = given.document("06/2026/QH16", title="Luật sửa đổi", kind="Luật", effective_on=date(2026, 10, 1))
    given.change(law, scope=[["5", "2", ""]], note="Ghi chú của thay đổi.")
    page = visit().get(f"/van-ban/{law}").text
    for text in (
        "Sửa đổi, bổ sung",
        "từ ngày 01/10/2026",
        "Chưa đọc nội dung",
        "Khoản 2 Điều 5",
        "Ghi chú của thay đổi.",
    ):
        assert text in page
    assert f'<a href="/van-ban/{amending}">Luật sửa đổi số 06/2026/QH16</a>' in page
    assert f'<a href="/van-ban/{law}">' in visit().get(f"/van-ban/{amending}").text
    assert "Câu hỏi bị ảnh hưởng" not in page


CSV = (
    "so_hieu,ten,ngay_hieu_luc,nghi_van_tu,sua_doi_boi\n06/2022/QH15,Luật Thi đua,2024-01-01,2026-10-01,06/2026/QH16\n"
)


def upload(browser, text):
    return browser.post("/van-ban/nhap", {"file": (io.BytesIO(text.encode()), "van-ban.csv")})


def confirm(browser, report):
    fields = dict(re.findall(r'name="(seen|content)" value="([^"]+)"', report.text))
    return browser.post("/van-ban/nhap/ghi", fields, page="/van-ban/nhap")


def test_a_file_is_reported_first_and_then_written(given, app, visit, organizer):
    given.document(title="Tên cũ")
    browser = visit(organizer)
    report = upload(browser, CSV + "1/2024,Văn bản mới,,,\n")
    assert report.status_code == 200
    for text in ("Tên cũ → <b>Luật Thi đua</b>", "Chưa có gì được ghi", "06/2026/QH16"):
        assert text in report.text
    with app.app_context():
        assert db.session.scalars(db.select(LegalDocument.title)).all() == ["Tên cũ"]
    reply = confirm(browser, report)
    assert "Đã ghi: 1 dòng mới, 1 dòng thay đổi." in browser.get(reply.location).text
    again = confirm(browser, report)
    assert again.status_code == 409
    assert "Thư viện đã thay đổi từ lúc bạn xem báo cáo" in again.text
    assert "Không có gì để ghi" in upload(browser, CSV).text


def test_a_file_with_mistakes_names_their_lines_and_offers_nothing_to_write(given, app, visit, organizer):
    report = upload(visit(organizer), CSV + "1/2024,,,,\n2/2024,A,hôm qua,,\n")
    assert report.status_code == 422
    assert "Dòng 3: thiếu ten." in report.text
    assert "Dòng 4: ngay_hieu_luc “hôm qua” không phải ngày" in report.text
    assert "Ghi tất cả vào thư viện" not in report.text
    assert "Tệp không có dòng nào" in upload(visit(organizer), "so_hieu,ten\n").text
    assert "không phải văn bản CSV" in upload(visit(organizer), "\0\1").text


def test_made_up_content_is_no_file(visit, organizer):
    for content in ("!", "YWJj", ""):
        reply = visit(organizer).post("/van-ban/nhap/ghi", {"content": content, "seen": "x"}, page="/van-ban/nhap")
        assert reply.status_code in (400, 409, 422)
