"""A law is amended: its items are listed and leave the draw, and come back once two people have read them again."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.contests.models import ContestState
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

AMENDED_ON = date(2024, 12, 1)


@pytest.fixture
def office(site, open_page):
    """Pages of an organizer and of a judge, the law, and a draft that opens after the amendment."""
    given, now = site.given, site.clock()
    law = given.document()
    draft = given.contest(
        state=ContestState.DRAFT, items=1, law_date=date(2024, 12, 2), opens_at=now + timedelta(days=12),
        closes_at=now + timedelta(days=14), version={"document_id": law, "article": "5", "valid_until": AMENDED_ON},
    )  # fmt: skip
    given.bank(2, "khac", document_id=law, article="9")
    organizer = open_page(given.account(Role.ORGANIZER, name="Người Tổ Chức"), size=DESKTOP)
    judge = open_page(given.account(Role.JUDGE, name="Giám Khảo"), size=PHONE)
    return organizer, judge, law, draft


def test_a_law_is_amended_and_its_items_come_back_after_two_people(office):
    organizer, judge, law, draft = office
    record_the_amendment(organizer, law)
    the_draft_is_short_of_items(organizer, draft)
    organizer.goto(f"/van-ban/{law}")
    organizer.get_by_role("link", name="Câu hỏi bị ảnh hưởng").click()
    confirm(organizer, "C002")
    approve(judge, organizer.url, "C002")
    the_draft_can_be_opened(organizer, draft)


def record_the_amendment(page, law):
    page.goto(f"/van-ban/{law}")
    page.get_by_role("link", name="Ghi nhận sửa đổi, thay thế").click()
    for part, value in (("Ngày", "1"), ("Tháng", "12"), ("Năm", "2024")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Số hiệu văn bản sửa đổi").fill("06/2026/QH16")
    page.get_by_label("Điều khoản bị thay đổi").fill("khoản 2 Điều 5")
    page.get_by_role("button", name="Xem câu bị ảnh hưởng").click()
    expect(page.get_by_role("heading", name="Nếu ghi: 4 câu bị chạm tới")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(5)  # with the headings; the items on Điều 9 are not among them
    page.get_by_role("button", name="Ghi nhận thay đổi").click()
    expect(page.get_by_role("heading", name="Câu hỏi bị ảnh hưởng")).to_be_visible()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_contain_text("4 câu hỏi bị chạm tới")


def the_draft_is_short_of_items(page, draft):
    page.goto(f"/to-chuc/cuoc-thi/{draft}/xem-truoc")
    expect(page.get_by_text("ngân hàng có 0 câu rút được")).to_be_visible()
    expect(page.get_by_role("button", name="Mở cuộc thi")).to_have_count(0)


def confirm(page, code):
    page.get_by_label(f"Chọn câu {code}").check()
    expect(page.get_by_text("Đã chọn 1 câu")).to_be_visible()
    page.get_by_role("button", name="Vẫn đúng").click()
    expect(page.get_by_text("Đã viết phiên bản mới không ghi ngày hết đúng cho 1 câu")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=code)).to_contain_text("Bản mới chờ duyệt")


def approve(page, address, code):
    page.goto(address)
    page.get_by_label(f"Chọn câu {code}").check()
    page.get_by_role("button", name="Duyệt bản bỏ ngày hết đúng").click()
    expect(page.get_by_role("row").filter(has_text=code)).to_contain_text("Đã đối chiếu")
    expect(page.get_by_role("row").filter(has_text=code)).to_contain_text("Giám Khảo")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def the_draft_can_be_opened(page, draft):
    page.goto(f"/to-chuc/cuoc-thi/{draft}/xem-truoc")
    expect(page.get_by_text("câu rút được.")).to_have_count(0)
    expect(page.get_by_role("button", name="Mở cuộc thi")).to_be_visible()
