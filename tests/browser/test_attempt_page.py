"""The attempt page in a real browser: autosave, lost network, two devices, time over, no script."""

import re

import pytest
from playwright.sync_api import expect

from quiz.attempts.models import Attempt
from quiz.db import db

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SAVED = re.compile("Đã lưu")


@pytest.fixture
def contest(site):
    prediction = {"prediction": {"target": "people_all_correct"}, "chain": ["score", "prediction", "elapsed"]}
    return site.given.contest(rules=prediction)


@pytest.fixture
def person(site, contest):
    account = site.given.account(name="Ngô Văn Sáu")
    site.given.entry(contest, account)
    return account


def stored(site):
    with site.app.app_context():
        attempt = db.session.scalars(db.select(Attempt)).one()
        return attempt.state, attempt.responses


def begin(page, site, contest):
    page.goto(f"/cuoc-thi/{slug(site, contest)}/thi")
    page.get_by_role("button", name="Bắt đầu lượt thứ 1").click()
    page.wait_for_url("**/thi/*")


def slug(site, contest):
    from quiz.contests.models import Contest

    with site.app.app_context():
        return db.session.get_one(Contest, contest).slug


def choose(page, number, place):
    """Pick an option of the question that is shown, by the place it has."""
    page.locator(f"#c{number} .opt").nth(place - 1).click()


def test_answers_are_saved_as_they_are_given(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    choose(page, 1, 2)
    expect(page.locator("#save")).to_have_text(SAVED)
    page.get_by_role("button", name="Đánh dấu").click()
    page.get_by_role("button", name="Tiếp").click()
    expect(page.locator("#c2 legend")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("3")
    expect(page.locator("#save")).to_have_text(SAVED)
    expect(page.locator("[data-done]")).to_have_text("2")
    state, responses = stored(site)
    assert (state, responses["a"], responses["f"]) == ("open", {"1": [2], "2": [3]}, [1])


def test_a_lost_network_loses_nothing(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    choose(page, 1, 1)
    expect(page.locator("#save")).to_have_text(SAVED)
    page.context.set_offline(True)
    page.get_by_role("button", name="Tiếp").click()
    choose(page, 2, 4)
    expect(page.locator("#save")).to_have_text(re.compile("Giữ trong máy"))
    expect(page.locator("#offline")).to_be_visible()
    assert stored(site)[1]["a"] == {"1": [1]}
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#say")).to_have_text("Có mạng lại, mọi câu trả lời đã được lưu.")
    assert stored(site)[1]["a"] == {"1": [1], "2": [4]}


def test_answers_typed_offline_survive_closing_the_tab(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    address = page.url
    page.context.set_offline(True)
    choose(page, 1, 3)
    expect(page.locator("#offline")).to_be_visible()
    page.close()
    again = None
    # the same browser, a new tab, the network is back
    context = page.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#save")).to_have_text(SAVED)
    expect(again.locator("#c1 .opt").nth(2).locator("input")).to_be_checked()
    again.wait_for_function("() => !localStorage.length")
    assert stored(site)[1]["a"] == {"1": [3]}


def test_two_devices_are_told_of_each_other(site, open_page, contest, person):
    phone, computer = open_page(person), open_page(person)
    begin(phone, site, contest)
    computer.goto(phone.url)
    choose(phone, 1, 1)
    expect(phone.locator("#save")).to_have_text(SAVED)
    choose(computer, 1, 2)
    expect(computer.locator("#trouble")).to_contain_text("Bài đang mở trên máy khác")
    computer.get_by_role("link", name="Làm tiếp ở máy này").click()
    expect(computer.locator("#c1 .opt").nth(0).locator("input")).to_be_checked()
    computer.get_by_role("button", name="Tiếp").click()
    choose(computer, 2, 2)
    expect(computer.locator("#save")).to_have_text(SAVED)
    assert stored(site)[1]["a"] == {"1": [1], "2": [2]}


def test_time_over_submits_what_is_there(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    choose(page, 1, 1)
    expect(page.locator("#save")).to_have_text(SAVED)
    site.clock.advance(minutes=19, seconds=56)
    page.reload()
    page.wait_for_url("**/ket-qua", timeout=15_000)
    state, responses = stored(site)
    assert (state, responses["a"]) == ("submitted", {"1": [1]})


def test_submitting_needs_the_review_step_and_counts_what_is_open(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    choose(page, 1, 1)
    page.get_by_role("button", name="Tiếp").click()
    page.locator("#c2 .opt").first.wait_for()
    for _ in range(3):
        page.get_by_role("button", name="Tiếp").click()
    page.locator("#du-doan").fill("1.250")
    page.get_by_role("button", name="Tiếp").click()
    expect(page.locator("#left-text")).to_have_text("Còn 3 câu chưa trả lời. Bấm vào số câu để quay lại.")
    page.locator("[data-submit]").dblclick()
    page.wait_for_url("**/ket-qua")
    expect(page.get_by_role("heading", name="Biên nhận bài thi")).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile("/ket-qua|/thi$"))
    state, responses = stored(site)
    assert (state, responses["p"]) == ("submitted", 1250)


def test_submitting_without_network_waits_on_the_page(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    choose(page, 1, 1)
    page.evaluate("location.hash = ''")
    for _ in range(5):
        page.get_by_role("button", name="Tiếp").click()
    page.context.set_offline(True)
    page.locator("[data-submit]").click()
    expect(page.locator("#offline")).to_be_visible()
    assert stored(site)[0] == "open"
    page.context.set_offline(False)
    page.wait_for_url("**/ket-qua")
    assert stored(site)[0] == "submitted"


def test_a_lost_session_keeps_the_answers(site, open_page, contest, person):
    page = open_page(person)
    begin(page, site, contest)
    page.context.clear_cookies()
    choose(page, 1, 1)
    expect(page.locator("#trouble")).to_contain_text("Phiên đăng nhập đã hết")
    page.context.add_cookies([site.cookie(person)])
    page.reload()
    expect(page.locator("#save")).to_have_text(SAVED)
    page.wait_for_function("() => !localStorage.length")
    assert stored(site)[1]["a"] == {"1": [1]}


def test_the_page_works_without_script(site, open_page, contest, person):
    page = open_page(person, script=False)
    begin(page, site, contest)
    expect(page.locator("fieldset.q")).to_have_count(4)
    for number in range(1, 5):
        choose(page, number, 1)
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")
    assert stored(site)[1]["a"] == {str(n): [1] for n in range(1, 5)}
