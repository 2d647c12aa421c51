"""A noisy Word file becomes items: uploaded, its open keys decided and its picture described on the page, then written."""

import re

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.banks import queries
from quiz.banks.models import Bank
from quiz.db import db
from tests.banks.formats.word_files import noisy_docx
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

# rows of the file whose key is open → the option that the organizer chooses, and the one that is right
OPEN_KEYS = {7: "A", 9: "A", 16: "A", 24: "B"}
WORD = {
    "name": "bộ câu hỏi 2024.docx",
    "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def organizer(request, site, open_page):
    site.given.document()
    site.given.bank(0)
    return open_page(site.given.account(Role.ORGANIZER, name="Người Tổ Chức"), size=request.param)


def test_thirty_questions_in_mixed_layouts_are_mended_and_written(site, organizer):
    upload(organizer)
    expect(organizer.get_by_text("30 câu", exact=True)).to_be_visible()
    expect(organizer.get_by_text("5 câu chưa ghi được")).to_be_visible()
    expect(organizer.get_by_text("Giống hệt câu thứ 3 của tệp.")).to_have_count(0)  # it needs nobody: under "Đã có"
    decide_the_keys(organizer)
    describe_the_picture(organizer)
    organizer.get_by_role("button", name="Ghi 29 câu", exact=True).click()
    expect(organizer.get_by_text("Đã ghi 29 câu mới")).to_be_visible()
    the_bank_has_what_was_decided(site)
    upload(organizer)  # once more: nothing is left to do
    expect(organizer.get_by_text("Ngân hàng đã có mọi câu của tệp này")).to_be_visible()


def upload(page):
    page.goto("/ngan-hang/ngan-hang")
    page.get_by_role("link", name="Nhập từ tệp").click()
    page.get_by_label("Tệp câu hỏi").set_input_files([WORD | {"buffer": noisy_docx()}])
    page.get_by_text("Đặt sẵn cho câu chưa ghi chủ đề").click()
    page.get_by_label("Chủ đề cho câu chưa ghi chủ đề").select_option("chung")
    page.get_by_label("Mức độ cho câu chưa ghi mức độ").select_option("1")
    page.get_by_role("button", name="Kiểm tra").click()
    page.wait_for_url(re.compile(r"/ngan-hang/nhap/\d+$"))


def decide_the_keys(page):
    for number, letter in OPEN_KEYS.items():
        page.locator(f"#d{number}").get_by_role("radio").nth("ABCD".index(letter)).check()
    page.get_by_role("button", name="Lưu các đáp án vừa chọn").click()
    expect(page.get_by_text("Đã lưu đáp án của 4 câu.")).to_be_visible()
    expect(page.get_by_text("1 câu chưa ghi được")).to_be_visible()


def describe_the_picture(page):
    row = page.locator("#d5")
    row.get_by_role("link", name="Sửa").click()
    form = page.get_by_role("group", name="Sửa câu thứ 5")
    form.get_by_role("button", name="Lưu câu này").click()  # still without words: it comes back
    expect(form.locator(".error-summary")).to_be_focused()
    page.get_by_label("Mô tả hình của câu dẫn").fill("Huân chương hình ngôi sao năm cánh")
    page.get_by_label("Mô tả hình của câu dẫn").press("Enter")
    expect(row.get_by_text("Bạn đã sửa")).to_be_visible()
    expect(page.get_by_role("heading", name="Ghi 29 câu vào ngân hàng")).to_be_visible()


def the_bank_has_what_was_decided(site):
    with site.app.app_context():
        bank = db.session.scalars(db.select(Bank)).one()
        items = queries.items_with_versions(bank)
        by_stem = {item.latest.stem: item.latest for item in items}
    assert len(items) == 29
    assert by_stem["Hình thức nào sau đây là hình thức tổ chức thi đua?"].key == [1]
    assert by_stem["Luật có bao nhiêu chương?"].key == [2]
    assert "Nhà nước khen thưởng theo nguyên tắc nào?" in by_stem
    pictured = by_stem["Biểu tượng dưới đây thuộc hình thức khen thưởng nào?"]
    assert [(place, alt) for place, _digest, alt in pictured.images] == [(0, "Huân chương hình ngôi sao năm cánh")]
    assert by_stem["Danh hiệu thi đua bị hủy khi nào?"].pinned == [1, 2, 4]
    assert by_stem["Những hình thức nào là hình thức khen thưởng? (chọn các phương án đúng)"].key == [1, 2]
