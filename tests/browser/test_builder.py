"""From a preset to an opened contest, with the thể lệ read along, on a desktop and on a phone without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from quiz.access import Role
from quiz.formats import local
from tests.browser.conftest import DESKTOP, PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def drafted(site: Site, open_page: Callable[..., Any], preset: str, **how: Any) -> Any:
    """The builder over a fresh draft."""
    site.given.bank(300, "luat")
    page = open_page(site.given.account(Role.ORGANIZER), **how)
    page.goto("/to-chuc/cuoc-thi/moi")
    page.fill("[name=title]", "Tìm hiểu Luật Thi đua, khen thưởng")
    if not page.is_visible(f"[value={preset}]"):  # the presets are folded by kind
        page.locator("details", has=page.locator(f"[value={preset}]")).locator("summary").click()
    page.check(f"[value={preset}]")
    page.check("[name=banks]")
    page.fill("[name=opens_at]", local(site.clock() + timedelta(days=7)).strftime("%Y-%m-%dT08:00"))
    page.click("text=Lập bản nháp")
    page.wait_for_url("**/to-chuc/cuoc-thi/*")
    return page


def test_from_a_preset_to_an_opened_contest(site, open_page):
    from playwright.sync_api import expect

    page = drafted(site, open_page, "hang-tuan-chung-ket", size=DESKTOP)
    # each rule is said beside its fields while it is typed, and in the whole text
    page.fill("#minutes", "25")
    expect(page.locator("#noi-minutes")).to_contain_text("Thời gian làm bài là 25 phút.")
    expect(page.locator("#toan-van")).to_contain_text("Thời gian làm bài là 25 phút.")
    expect(page.locator("#minutes")).to_be_focused()
    # a combination that surprises is said at once
    page.fill("#week_limit", "")
    expect(page.locator("#nen-xem-lai")).to_contain_text("Không giới hạn lượt mà xét thời gian")
    page.fill("#week_limit", "2")
    expect(page.locator("#nen-xem-lai")).not_to_contain_text("Không giới hạn lượt")
    # a criterion is turned round and back
    page.get_by_role("button", name="Đảo chiều Thời gian làm bài").first.click()
    expect(page.locator("#chain")).to_contain_text("dài hơn xếp trên")
    page.get_by_role("button", name="Đảo chiều Thời gian làm bài").first.click()
    expect(page.locator("#chain")).to_contain_text("ngắn hơn xếp trên")
    # a fault leads to a field that was folded away
    page.locator("#boc-tham summary").click()
    page.check("#has_lucky")
    page.fill("#lucky_name", "")
    page.locator("#boc-tham summary").click()
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#lucky_name")).to_be_visible()
    page.uncheck("#has_lucky")
    page.get_by_role("button", name="Lưu và xem trước").click()
    page.wait_for_url("**/xem-truoc*")
    page.get_by_role("button", name="Mở cuộc thi").click()
    expect(page.get_by_text("Cuộc thi đã mở.")).to_be_visible()
    page.get_by_role("link", name="Trang công khai").click()
    expect(page.get_by_text("Chung kết chỉ dành cho 7 người xếp đầu")).to_be_visible()
    expect(page.get_by_text("Thời gian làm bài là 25 phút.")).to_be_visible()


def test_without_a_script_the_buttons_do_the_same(site, open_page):
    from playwright.sync_api import expect

    page = drafted(site, open_page, "mot-ky-mot-luot", size=PHONE, script=False)
    page.fill("#minutes", "25")
    page.get_by_role("button", name="Kiểm tra, chưa lưu").click()
    expect(page.locator("#noi-minutes")).to_contain_text("Thời gian làm bài là 25 phút.")
    page.get_by_role("button", name="Thêm một nội dung thi đua tập thể").click()
    expect(page.locator("#collective-2-name")).to_have_value("Giải tập thể")
    page.get_by_role("button", name="Bỏ nội dung này").last.click()
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_runs_over_the_edge_with_everything_unfolded(site, open_page, size):
    page = drafted(site, open_page, "mot-thang-trong-tinh", size=size)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = page.evaluate(
        """[...document.querySelectorAll("form.builder input, form.builder select, form.builder button")]
           .filter((e) => e.offsetParent && e.getBoundingClientRect().right > e.closest("form").getBoundingClientRect().right + 1)
           .map((e) => e.name || e.textContent)"""
    )
    assert wide == []
