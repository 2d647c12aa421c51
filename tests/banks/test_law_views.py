"""People in charge see what a change of the law touches before it is recorded, and decide item by item afterwards."""

import re
from datetime import date

import pytest

from quiz.access import Role
from quiz.banks.models import Item, LawCheck
from quiz.db import db
from quiz.law.models import LawChange, LegalDocument
from tests.conftest import NOON

FORM = {
    "kind": "amended", "from_on-d": "1", "from_on-m": "10", "from_on-y": "2026", "by_number": "06/2026/QH16", "scope": "",
}  # fmt: skip


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Người Tổ Chức")


@pytest.fixture
def judge(given):
    return given.account(Role.JUDGE, name="Giám Khảo")


def all_of(app, model):
    with app.app_context():
        return db.session.scalars(db.select(model)).all()


def write(browser, address, form):
    """Send the form, then confirm what the preview shows; gives both answers."""
    preview = browser.post(address, form | {"act": "preview"})
    seen = re.search(r'name="seen" value="([^"]*)"', preview.text)[1]
    return preview, browser.post(address, form | {"act": "write", "seen": seen})


def test_a_change_is_shown_with_its_items_before_it_is_written(given, app, visit, organizer):
    law = given.document()
    given.bank(2, document_id=law, article="5")
    given.bank(1, "khac", document_id=law, article="7")
    address = f"/van-ban/{law}/thay-doi/moi"
    preview, done = write(visit(organizer), address, FORM | {"scope": "khoản 2 Điều 5"})
    assert "Nếu ghi: 2 câu bị chạm tới" in preview.text
    assert "Câu hỏi số 1?" in preview.text
    (change,) = all_of(app, LawChange)
    assert done.location == f"/van-ban/thay-doi/{change.id}"
    assert (change.scope, change.by_number, change.is_read) == ([["5", "2", ""]], "06/2026/QH16", False)


def test_nothing_is_written_unseen(given, app, visit, organizer):
    law = given.document()
    address, browser = f"/van-ban/{law}/thay-doi/moi", visit(organizer)
    assert browser.post(address, FORM | {"act": "write"}).status_code == 409
    seen = re.search(r'name="seen" value="([^"]+)"', browser.post(address, FORM).text)[1]
    given.bank(1, document_id=law)  # written in the meantime
    reply = browser.post(address, FORM | {"act": "write", "seen": seen})
    assert reply.status_code == 409
    assert "đã khác lần xem trước" in reply.text
    assert "1 câu bị chạm tới" in reply.text
    assert all_of(app, LawChange) == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"from_on-d": ""}, 422, "Ngày, tháng, năm phải là số."),
        ({"scope": "Điều 5\nchương II"}, 422, "Chưa đọc được dòng “chương II”."),
        ({"kind": "replaced", "by_number": ""}, 422, "Hãy điền số hiệu của văn bản thay thế."),
        ({"from_on-y": "2020"}, 409, "sớm hơn ngày văn bản có hiệu lực (01/01/2024)"),
        ({"by_number": "06/2022/QH15"}, 409, "Văn bản không tự sửa đổi chính nó"),
    ],
)
def test_a_form_with_a_mistake(given, app, visit, organizer, changes, status, message):
    law = given.document()
    reply = visit(organizer).post(f"/van-ban/{law}/thay-doi/moi", FORM | changes)
    assert reply.status_code == status
    assert message in reply.text
    assert all_of(app, LawChange) == []


def test_an_admin_sees_how_many_items_but_not_their_text(given, visit):
    law = given.document()
    given.bank(2, document_id=law)
    admin = visit(given.account(Role.ADMIN))
    preview, done = write(admin, f"/van-ban/{law}/thay-doi/moi", FORM)
    assert "Ngân hàng thử: 2 câu" in preview.text
    assert "Câu hỏi số 1?" not in preview.text
    assert done.location == f"/van-ban/{law}"
    assert admin.get("/van-ban/thay-doi/1").status_code == 403


def test_a_replacement_ends_the_document(given, app, visit, organizer):
    law = given.document()
    preview, _done = write(visit(organizer), f"/van-ban/{law}/thay-doi/moi", FORM | {"kind": "replaced"})
    assert "Văn bản hết hiệu lực từ ngày 01/10/2026" in preview.text
    (document,) = all_of(app, LegalDocument)
    assert (document.expires_on, document.replaced_by) == (date(2026, 10, 1), "06/2026/QH16")


def test_a_change_is_corrected_and_withdrawn(given, app, visit, organizer):
    law = given.document(questioned_from=date(2026, 10, 1))
    change = given.change(law, scope=[["5", "2", "a"]])
    browser, address = visit(organizer), f"/van-ban/thay-doi/{change}/sua"
    assert "Điểm a khoản 2 Điều 5" in browser.get(address).text
    write(browser, address, FORM | {"scope": "Điều 5", "is_read": "y"})
    (corrected,) = all_of(app, LawChange)
    assert (corrected.scope, corrected.is_read) == ([["5", "", ""]], True)
    browser.post(f"/van-ban/thay-doi/{change}/xoa", {"why": " "}, page=address)
    assert len(all_of(app, LawChange)) == 1
    reply = browser.post(f"/van-ban/thay-doi/{change}/xoa", {"why": "Nhầm."}, page=address)
    assert reply.location == f"/van-ban/{law}"
    assert all_of(app, LawChange) == []


def test_a_change_with_checks_is_not_withdrawn(given, app, visit, organizer):
    law = given.document()
    given.bank(1, document_id=law)
    change = given.change(law)
    given.save(LawCheck(version_id=1, change_id=change, account_id=organizer, checked_at=NOON))
    reply = visit(organizer).post(
        f"/van-ban/thay-doi/{change}/xoa", {"why": "Nhầm."}, page=f"/van-ban/thay-doi/{change}/sua"
    )
    assert reply.status_code == 409
    assert "Đã có câu hỏi được đối chiếu" in reply.text
    assert len(all_of(app, LawChange)) == 1


def test_chosen_items_are_confirmed(given, app, visit, organizer):
    law = given.document()
    given.bank(3, document_id=law, article="5")
    change = given.change(law)
    browser, page = visit(organizer), f"/van-ban/thay-doi/{change}"
    assert browser.get(page).text.count("Chọn câu C00") == 3
    assert "Chưa chọn câu nào" in browser.post(f"{page}/van-dung", page=page, follow_redirects=True).text
    reply = browser.post(
        f"{page}/van-dung", {"item": [1, 2, 99], "why": "Đã đọc Điều 1."}, page=page, follow_redirects=True
    )
    assert "Đã ghi nhận đối chiếu 2 câu" in reply.text
    assert "Người Tổ Chức" in reply.text
    assert "Đã đọc Điều 1." in reply.text
    shown = browser.get(f"{page}?xem=checked").text
    assert ("C001" in shown, "C003" in shown) == (True, False)
    assert browser.get(f"{page}?xem=abc&trang=9").status_code == 200


def test_a_key_with_an_end_is_renewed_by_one_and_approved_by_another(given, app, visit, organizer, judge):
    law = given.document()
    given.bank(1, document_id=law, valid_until=date(2026, 10, 1))
    page = f"/van-ban/thay-doi/{given.change(law)}"
    reply = visit(judge).post(f"{page}/van-dung", {"item": [1]}, page=page, follow_redirects=True)
    assert "Để nguyên C001: đáp án ghi chỉ đúng đến trước ngày thay đổi" in reply.text
    mine = visit(organizer)
    reply = mine.post(f"{page}/van-dung", {"item": [1]}, page=page, follow_redirects=True)
    assert "Đã viết phiên bản mới không ghi ngày hết đúng cho 1 câu." in reply.text
    assert "chỉ bỏ ngày hết đúng" in reply.text
    reply = mine.post(f"{page}/duyet", {"item": [1]}, page=page, follow_redirects=True)
    assert "Để nguyên C001: Bạn là người soạn phiên bản này" in reply.text
    reply = visit(judge).post(f"{page}/duyet", {"item": [1]}, page=page, follow_redirects=True)
    assert "Đã duyệt 1 câu, ghi rõ đã đối chiếu" in reply.text
    assert "Giám Khảo" in reply.text


def test_items_are_retired_by_those_who_may_edit(given, app, visit, organizer, judge):
    law = given.document()
    given.bank(2, document_id=law)
    page = f"/van-ban/thay-doi/{given.change(law)}"
    assert "Ngừng dùng" not in visit(judge).get(page).text
    assert visit(judge).post(f"{page}/ngung-dung", {"item": [1]}, page=page).status_code == 403
    reply = visit(organizer).post(
        f"{page}/ngung-dung", {"item": [1], "why": "Luật mới."}, page=page, follow_redirects=True
    )
    assert "Đã ngừng dùng 1 câu" in reply.text
    assert {item.code: item.state for item in all_of(app, Item)} == {"C001": "retired", "C002": "live"}


def test_nothing_can_be_confirmed_on_a_document_that_ends(given, visit, organizer):
    law = given.document()
    given.bank(1, document_id=law)
    page = visit(organizer).get(f"/van-ban/thay-doi/{given.change(law, kind='replaced')}").text
    assert "Cả văn bản hết hiệu lực từ ngày 01/10/2026" in page
    assert "Vẫn đúng</button>" not in page


def test_the_items_on_a_document_are_listed_with_what_is_in_doubt(given, visit, organizer):
    law, other = given.document(), given.document("35/2013/QH13", title="Luật khác")
    given.bank(2, document_id=law, article="5", clause="2")
    given.bank(1, "nhap", document_id=law, live=False)
    given.bank(1, "khac", document_id=other)
    given.change(law)
    page = visit(organizer).get(f"/van-ban/{law}/cau-hoi").text
    assert "3 câu trong các ngân hàng" in page
    assert page.count("Cần đối chiếu từ 01/10/2026") == 3
    assert "Khoản 2 Điều 5" in page
    assert "Cần đối chiếu từ" not in visit(organizer).get(f"/van-ban/{other}/cau-hoi").text
    assert f"/van-ban/{law}/cau-hoi" in visit(organizer).get(f"/van-ban/{law}").text
    assert visit(given.account()).get(f"/van-ban/{law}/cau-hoi").status_code == 403
