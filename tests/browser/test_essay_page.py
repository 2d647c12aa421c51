"""Essays and the prediction after the paper in a real browser: counted, saved, kept without a network, handed in."""

import re

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest
from quiz.db import db
from quiz.rules.written import count_words
from tests.browser.conftest import DESKTOP, PHONE
from tests.essays import contest_with_essays, paper_with_essays

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SAVED = re.compile("Đã lưu")
CODE = "TUTUTUTUTUTU"
STORY = "Bà Tư ở ấp 3\n\n– đã hiến đất làm đường – năm 2024"
RULES = {
    "review_release": "after_submit", "consumed": "at_submit", "prediction": {"target": "people", "placement": "after_paper"},
    "chain": ["score", "prediction"],
}  # fmt: skip


@pytest.fixture
def person(site):
    given = site.given
    contest = contest_with_essays(given, rules=RULES)
    account = given.account(name="Ngô Văn Sáu")
    round_id = given.round_ids(contest)[0]
    given.open_attempt(given.entry(contest, account), round_id, code=CODE, paper=paper_with_essays(given), essays=2)
    return account


def stored(site):
    with site.app.app_context():
        return db.session.scalars(db.select(Attempt)).one()


@pytest.fixture
def sitting(open_page, person):
    """`sitting(size)`: the paper with its third question, an essay, before one's eyes."""

    def open_(size=PHONE, **named):
        page = open_page(person, size=size, **named)
        page.goto(f"/thi/{CODE}#c3")
        return page

    return open_


def leave(page):
    """Leave the field and wait for the server to have what was typed."""
    page.locator("#q3").blur()
    page.wait_for_function("() => !localStorage.length")
    expect(page.locator("#save")).to_have_text(SAVED)


def test_an_essay_is_counted_saved_and_there_again(site, sitting):
    page = sitting()
    essay = page.locator("#q3")
    essay.fill("Bà Tư ở ấp 3")
    expect(page.locator("#c3 [data-count]")).to_have_text("5 trên 8 từ")
    leave(page)
    essay.fill(STORY)
    n = count_words(STORY)
    expect(page.locator("#c3 [data-count]")).to_have_text(f"{n} trên 8 từ, dài quá {n - 8} từ")
    expect(page.locator("#say")).to_have_text("Bài viết đã dài quá 8 từ. Vẫn lưu và nộp được.")
    leave(page)
    assert stored(site).responses["e"] == {"3": STORY}
    page.reload()
    expect(page.locator("#q3")).to_have_value(STORY)
    expect(page.locator("#c3 [data-count]")).to_have_text(f"{n} trên 8 từ, dài quá {n - 8} từ")
    assert stored(site).revision == 2  # nothing was sent again only because the page was loaded again


@pytest.mark.parametrize(
    "text",
    ["", "một", "hai – ba", "Luật\u00a0số 06/2022/QH15", "a\u200bb c\ufeffd", "e\u0301 3.14 … !", "x\r\ny\tz", "Đ đ"],
)
def test_page_and_server_count_alike(site, sitting, text):
    from quiz.attempts.responses import canonical

    page = sitting()
    page.locator("#q4").evaluate("(el, text) => { el.value = text; }", text)
    shown = page.evaluate("""() => document.getElementById("q4").value""")
    stored_text = canonical({"e": {"4": shown}}).get("e", {}).get("4", "")
    page.evaluate("location.hash = '#c4'")
    page.locator('.qmap a[href="#c4"]').first.evaluate("el => el.click()")
    page.locator("#q4").dispatch_event("input")
    expect(page.locator("#c4 [data-count]")).to_have_text(f"{count_words(stored_text)} trên 8 từ")


def test_an_essay_typed_without_a_network_comes_back(site, sitting):
    page = sitting()
    page.locator("#q3").fill("Bà Tư")
    leave(page)
    page.context.set_offline(True)
    page.locator("#q3").fill(STORY)
    page.get_by_role("button", name="Tiếp").click()
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.wait_for_function("() => !localStorage.length")
    assert stored(site).responses["e"] == {"3": STORY}


def test_who_hands_in_is_told_what_is_too_long_and_then_asked_to_predict(site, sitting, open_page):
    page = sitting(DESKTOP)
    page.locator("#q3").fill(STORY)
    page.locator('#map a[href="#c5"]').click()
    expect(page.locator("#left-text")).to_contain_text("Câu 3 dài quá giới hạn")
    expect(page.get_by_role("link", name="Bỏ lượt này")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")
    assert stored(site).responses["e"] == {"3": STORY}
    expect(page.get_by_text("Phần tự luận chờ chấm")).to_be_visible()
    page.get_by_label("Dự đoán của bạn").fill("1250")
    page.get_by_role("button", name="Gửi dự đoán").click()
    expect(page.get_by_text("Đã ghi dự đoán của bạn.")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi dự đoán")).to_have_count(0)
    assert stored(site).prediction == 1250
    judge = open_page(site.given.account(Role.JUDGE), size=DESKTOP)
    judge.goto(f"/xet-hang/tu-luan/bai/{CODE}/3")
    expect(judge.get_by_text("Bài dài quá giới hạn")).to_be_visible()
    judge.get_by_label("Điểm", exact=True).fill("15")
    judge.get_by_role("button", name="Ghi điểm").click()
    expect(judge.get_by_text("Đã ghi 15 điểm cho câu 3.")).to_be_visible()


def test_an_essay_of_2500_words_is_handed_in(site, sitting):
    text = ("Thi đua là hoạt động có tổ chức với sự tham gia tự nguyện của cá nhân và tập thể. " * 200).split()[:2500]
    page = sitting()
    site_limit = int(page.locator("#q3").get_attribute("maxlength"))
    whole = " ".join(text)[:site_limit]
    page.locator("#q3").fill(whole)
    leave(page)
    page.locator('.qmap a[href="#c4"]').last.evaluate("el => el.click()")
    page.locator('[data-go="1"]').click()
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")
    assert stored(site).responses["e"]["3"] == whole.strip()


def test_without_script_an_essay_is_handed_in_by_the_form(site, sitting):
    page = sitting(script=False)
    page.locator("#q3").fill(STORY)
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")
    assert stored(site).responses["e"] == {"3": STORY}


def test_an_attempt_is_left_on_a_page_of_its_own(site, sitting):
    page = sitting()
    page.goto(f"/thi/{CODE}/bo")
    page.get_by_role("button", name="Bỏ lượt này").click()
    expect(page.get_by_text("Bạn đã bỏ lượt này")).to_be_visible()
    with site.app.app_context():
        assert page.url.endswith(f"/{db.session.scalars(db.select(Contest)).one().slug}/thi")
    assert stored(site).state == "abandoned"
