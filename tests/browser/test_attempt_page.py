"""The attempt page in a real browser: autosave, lost network, two devices, time over, no script."""

import re

import pytest
from playwright.sync_api import expect

from quiz.attempts.models import Attempt
from quiz.db import db
from tests.kinds import RIGHT, THINGS, paper_of_all_kinds

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


@pytest.fixture
def every_kind(site, contest):
    """Somebody with an open paper that has a question of every kind: (account id, address)."""
    account = site.given.account(name="Ngô Văn Bảy")
    entry, (round_id,) = site.given.entry(contest, account), site.given.round_ids(contest)
    site.given.open_attempt(entry, round_id, code="MOILOAICAU12", paper=paper_of_all_kinds(site.given))
    return account, "/thi/MOILOAICAU12"


def answer_rightly(page, next_question):
    """Give the answers of RIGHT; next_question() leads from one to the next."""
    for number in range(1, 8):
        question = page.locator(f"#c{number}")
        for place in RIGHT["a"].get(str(number), []):
            question.locator(".opt").nth(place - 1).click()
        for place, value in enumerate(RIGHT["s"].get(str(number), []), 1):
            page.locator(f"#q{number}-{place}").select_option(str(value))
        if str(number) in RIGHT["w"]:
            page.get_by_label("Câu trả lời của bạn").locator("visible=true").nth(0 if number == 4 else -1).fill(
                RIGHT["w"][str(number)]
            )
        next_question()


def test_every_kind_is_answered_saved_and_shown_again(site, open_page, every_kind):
    person, address = every_kind
    page = open_page(person)
    page.goto(address)
    answer_rightly(page, page.get_by_role("button", name="Tiếp").click)
    expect(page.locator("[data-done]")).to_have_text("7")
    page.wait_for_function("() => !localStorage.length")
    assert {part: stored(site)[1][part] for part in "asw"} == {part: RIGHT[part] for part in "asw"}
    page.goto(f"{address}#c6")
    page.reload()
    expect(page.locator("#q6-1")).to_have_value("2")
    expect(page.locator("#q5")).to_have_value("3,75")
    # things stand in the order that they were put in
    assert page.locator("#c6 label").all_text_contents() == THINGS
    page.get_by_role("link", name="Xem lại và nộp bài").click()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/ket-qua")
    expect(page.locator(".score")).to_have_text("7/7")


def test_every_kind_is_answered_without_script(site, open_page, every_kind):
    person, address = every_kind
    page = open_page(person, script=False)
    page.goto(address)
    answer_rightly(page, lambda: None)
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")
    assert {part: stored(site)[1][part] for part in "asw"} == {part: RIGHT[part] for part in "asw"}
    expect(page.locator(".score")).to_have_text("7/7")


def test_a_typed_answer_is_saved_when_its_writer_pauses_and_digits_choose_nothing_there(site, open_page, every_kind):
    person, address = every_kind
    page = open_page(person)
    page.goto(f"{address}#c5")
    page.locator("#q5").click()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#q5")).to_be_focused()
    page.wait_for_function("() => document.querySelector('[data-done]').textContent === '1'")
    page.wait_for_function("() => !localStorage.length")
    document = stored(site)[1]
    assert {part: document[part] for part in "awfp" if part in document} == {
        "a": {},
        "w": {"5": "12"},
        "f": [],
        "p": None,
    }


def test_things_are_moved_by_buttons_and_same_positions_are_named(site, open_page, every_kind):
    person, address = every_kind
    page = open_page(person)
    page.goto(f"{address}#c6")
    drawn = [THINGS[n] for n in (1, 3, 0, 2)]
    assert page.locator("#c6 label").all_text_contents() == drawn
    up = page.get_by_role("button", name=f"Lên: {drawn[2]}")
    up.click()
    expect(up).to_be_focused()
    expect(page.locator("#say")).to_have_text(f"{drawn[2]}: vị trí 2 trên 4.")
    assert page.locator("#c6 label").all_text_contents() == [drawn[0], drawn[2], drawn[1], drawn[3]]
    page.wait_for_function("() => !localStorage.length")
    assert stored(site)[1]["s"] == {"6": [1, 3, 2, 4]}
    page.get_by_label(drawn[3], exact=True).select_option("1")
    expect(page.locator("[data-twice]")).to_have_text(re.compile("Vị trí 1 đang có hơn một mục"))
    page.wait_for_function("() => !localStorage.length")
    assert stored(site)[1]["s"] == {"6": [1, 3, 2, 1]}
    page.get_by_label(drawn[3], exact=True).select_option("4")
    expect(page.locator("[data-twice]")).to_be_hidden()


def test_what_has_arrived_from_a_closed_page_is_kept_no_longer(site, open_page, every_kind):
    """Whoever closes the page meanwhile never hears that it was saved: the copy must not come back days later."""
    person, address = every_kind
    page = open_page(person)
    page.goto(f"{address}#c5")
    page.context.set_offline(True)
    page.locator("#q5").fill("3,5")
    page.locator("#q5").blur()
    expect(page.locator("#offline")).to_be_visible()
    copy = page.evaluate("Object.entries(localStorage)[0]")
    page.context.set_offline(False)
    page.wait_for_function("() => !localStorage.length")
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", copy)
    page.reload()
    page.wait_for_function("() => !localStorage.length")
    expect(page.locator("#q5")).to_have_value("3,5")
    assert stored(site)[1]["w"] == {"5": "3,5"}


def test_typed_answers_and_lists_survive_a_lost_network(site, open_page, every_kind):
    person, address = every_kind
    page = open_page(person)
    page.goto(f"{address}#c7")
    page.context.set_offline(True)
    page.locator("#q7-2").select_option("3")
    page.get_by_role("button", name="Trước").click()
    page.get_by_role("button", name="Trước").click()
    page.locator("#q5").fill("3,5")
    page.locator("#q5").blur()
    expect(page.locator("#offline")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    again.wait_for_function("() => !localStorage.length")
    expect(again.locator("#q7-2")).to_have_value("3")
    responses = stored(site)[1]
    assert (responses["s"], responses["w"]) == ({"7": [0, 3, 0]}, {"5": "3,5"})
