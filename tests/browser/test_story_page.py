"""A reader of a story in Chromium: counted when the page is shown and once more at its end, and helped to pass it on."""

import pytest
from playwright.sync_api import expect

from quiz.db import db
from quiz.exemplars.models import Reach
from tests.browser.conftest import PHONE
from tests.exemplars.told import BROWSER, row

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def read(site, browser):
    """`read("/guong/…", script=False)`: a phone on which a story is open."""
    site.given.save(row(site.clock(), slug="chuyen", body="Một đoạn văn ngắn. " * 30 + "\n\n" + "Đoạn nữa.\n\n" * 40))
    contexts = []

    def open_(address, script=True):
        context = browser.new_context(
            base_url=site.url, viewport=PHONE, user_agent=BROWSER["User-Agent"], java_script_enabled=script,
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.clock.install()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


def come_to_the_end(page):
    """Having spent a while on the way: who flings the page down within seconds has not read it."""
    page.clock.fast_forward(20_000)
    page.locator("[data-story-end]").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    page.clock.fast_forward(1_000)


def counted(site):
    with site.app.app_context():
        return {r.origin: (r.opened, r.read) for r in db.session.query(Reach)}


def test_a_reader_who_comes_to_the_end_is_counted_once(site, read):
    page = read("/guong/chuyen?tu=qr#noi-dung")
    expect(page).to_have_url(f"{site.url}/guong/chuyen#noi-dung")  # a copied address says nothing of the QR code
    assert counted(site) == {"qr": (1, 0)}
    with page.expect_response("**/da-doc") as told:
        come_to_the_end(page)
    assert told.value.status == 200
    assert counted(site) == {"qr": (1, 1)}
    page.reload()
    with page.expect_response("**/da-doc"):
        come_to_the_end(page)
    assert counted(site) == {"qr": (1, 1), "direct": (1, 0)}  # this browser has read it already


def test_without_script_the_story_is_read_all_the_same(site, read):
    page = read("/guong/chuyen", script=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Chép liên kết")).to_be_hidden()
    assert counted(site) == {"direct": (1, 0)}


def test_the_link_is_copied_with_where_it_was_shared(site, read):
    page = read("/guong/chuyen")
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.get_by_role("button", name="Đã chép liên kết")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "http://localhost/guong/chuyen?tu=shared"
