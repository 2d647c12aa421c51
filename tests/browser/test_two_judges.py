"""An essay in a real browser: two judges by lot, blind, far apart; a third; and what becomes of it in the sheet."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.contests.models import Division
from quiz.db import db, transaction
from quiz.marking.models import EssayTask
from tests.browser.conftest import DESKTOP, PHONE
from tests.essays import OWN, contest_with_essays, paper_with_essays

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

AUTHOR = "Lâm Thanh Tùng"
RULES = {
    "essay_judges": 2, "essay_spread_percent": 20,
    "essay_rubric": [{"name": "Nội dung", "points": 15}, {"name": "Hình thức", "points": 5}],
}  # fmt: skip


@pytest.fixture
def round_id(site):
    """A round that is over, with one paper: four points for two questions, and an essay."""
    given = site.given
    began = site.clock() - timedelta(hours=2)
    contest = contest_with_essays(given, rules=RULES, opens_at=began, closes_at=began + timedelta(hours=1))
    (division_id,), (round_id,) = given.division_ids(contest), given.round_ids(contest)
    with site.app.app_context(), transaction():
        division = db.session.get_one(Division, division_id)
        essay = division.rules["blueprint"][0] | {"level": 0, "count": 1}
        division.rules = division.rules | {"blueprint": [*division.rules["blueprint"], essay]}
    responses = {"a": {"1": [2], "2": [2]}, "e": {"3": OWN}, "f": [], "p": None, "t": {}}
    given.attempt(
        given.entry(contest, given.account(name=AUTHOR)), round_id, paper=paper_with_essays(given)[:3], essays=1,
        responses=responses, score=4, correct=2, max_score=24, all_correct=True, started_at=began,
    )  # fmt: skip
    return round_id


def judges_of(site):
    """Slot → (task, judge) of the one essay."""
    with site.app.app_context():
        return {t.slot: (t.id, t.judge_id) for t in db.session.scalars(db.select(EssayTask))}


def give(page, content, form):
    """Open the one essay of the list, and fill in the form of points."""
    page.locator(".rows a").first.click()
    expect(page.get_by_text("Bà Tư ở ấp 3")).to_be_visible()
    expect(page.get_by_text(AUTHOR)).to_have_count(0)
    page.get_by_label("Nội dung").fill(str(content))
    page.get_by_label("Hình thức").fill(str(form))
    page.get_by_role("button", name="Ghi điểm").click()
    expect(page.get_by_text(f"Đã ghi {content + form} điểm cho bài")).to_be_visible()


def test_two_far_judges_a_third_and_the_sheet(site, open_page, round_id):
    given = site.given
    names = ["Giám khảo An", "Giám khảo Bình", "Giám khảo Chi"]
    accounts = [given.account(Role.JUDGE, name=name) for name in names]
    office = open_page(given.account(Role.ORGANIZER), size=DESKTOP)

    office.goto("/xet-hang")
    office.get_by_role("button", name="Lập bảng kết quả").click()
    expect(office.get_by_role("main")).to_contain_text("tự luận")  # no sheet while an essay waits
    office.goto("/xet-hang")
    office.get_by_role("link", name="Ban chấm tự luận").click()
    for name in names:
        office.get_by_role("checkbox", name=name).check()
    office.get_by_label("Trưởng ban chấm").select_option(label=names[0])
    office.get_by_role("button", name="Lưu ban chấm").click()
    office.get_by_role("button", name="Bốc thăm giao bài").click()
    expect(office.get_by_text("Đã giao 2 lượt chấm theo bốc thăm.")).to_be_visible()

    tabs = {
        slot: open_page(judge, size=PHONE if slot == 1 else DESKTOP) for slot, (_t, judge) in judges_of(site).items()
    }
    for slot, points in ((1, (3, 1)), (2, (14, 4))):
        page = tabs[slot]
        page.goto("/xet-hang")
        page.get_by_role("link", name="Chấm tự luận", exact=False).first.click()
        give(page, *points)
    tabs[1].goto(f"/cham-thi/bai/{judges_of(site)[1][0]}")
    expect(tabs[1].get_by_text("Giám khảo thứ 2: 18 điểm")).to_be_visible()  # both are in

    office.reload()
    expect(office.get_by_text("1 bài lệch điểm quá mức")).to_be_visible()
    third = open_page(judges_of(site)[3][1], size=DESKTOP)
    assert judges_of(site)[3][1] in accounts
    third.goto(f"/cham-thi/{round_id}")
    expect(third.get_by_text("Chấm lần ba, vì hai điểm lệch quá mức")).to_be_visible()
    third.goto(f"/cham-thi/bai/{judges_of(site)[3][0]}")
    expect(third.get_by_text("18 điểm")).to_have_count(0)
    third.goto(f"/cham-thi/{round_id}")
    give(third, 12, 3)

    with site.app.app_context():
        assert db.session.scalars(db.select(Attempt)).one().written == 17  # of 15 and 18, halves rounded up
    office.goto("/xet-hang")
    office.get_by_role("button", name="Lập bảng kết quả").click()
    row = office.get_by_role("row", name=AUTHOR)
    expect(row).to_contain_text("21")
