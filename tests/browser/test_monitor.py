"""The monitor counts on by itself, and stands still when somebody says so."""

import pytest
from playwright.sync_api import expect

from quiz.access import Role

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_figures_follow_until_they_are_stopped(site, open_page):
    given = site.given
    contest = given.contest()
    (round_id,) = given.round_ids(contest)
    page = open_page(given.account(Role.ORGANIZER))
    page.clock.install()
    page.goto(f"/to-chuc/cuoc-thi/{contest}/theo-doi")
    open_now = page.locator("[data-live] dd").first
    expect(open_now).to_have_text("0")
    given.open_attempt(given.entry(contest), round_id)
    page.clock.fast_forward(31_000)
    expect(open_now).to_have_text("1")
    page.context.set_offline(True)
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("Chưa làm mới được")).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("Chưa làm mới được")).to_be_hidden()
    page.get_by_role("button", name="Tạm dừng làm mới").click()
    given.open_attempt(given.entry(contest), round_id)
    page.clock.fast_forward(90_000)
    expect(open_now).to_have_text("1")
    page.get_by_role("button", name="Tiếp tục làm mới").click()
    page.clock.fast_forward(31_000)
    expect(open_now).to_have_text("2")
