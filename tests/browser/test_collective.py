"""Collective results in a real browser: made, read and published on a phone; nothing wider than the page, no axe violations."""

from datetime import date

import pytest

from quiz.access import Role
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.ranking import queries, service
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

COMPETITIONS = [
    {"code": "ty-le", "name": "Tỷ lệ dự thi", "formula": "ratio", "gates": [{"kind": "participants", "at_least": 1}],
     "prizes": [{"code": "a", "name": "Giải Nhất tập thể", "quota": 1}]},
    {"code": "tong-hop", "name": "Tập thể tiêu biểu", "formula": "composite", "prize_points": {"nhat": 10}},
]  # fmt: skip


@pytest.fixture
def ended(site):
    """An ended contest whose results of people are published; gives its id and slug, and who judges and organizes."""
    given = site.given
    contest_id = given.contest(rules={"collective": COMPETITIONS})
    for n, (name, people) in enumerate(
        [("Sở Y tế tỉnh Tây Ninh", 4), ("Ban Quản lý Khu kinh tế cửa khẩu Mộc Bài", None)]
    ):
        unit = OrgUnit(code=f"S{n}", name=name, block="Khối sở, ban, ngành")
        if people:
            unit.headcounts.append(Headcount(as_of=date(2024, 6, 30), people=people, source="Báo cáo số 12/BC-SNV"))
        entry = given.entry(contest_id, given.account(unit=given.save(unit)))
        given.attempt(entry, given.round_ids(contest_id)[0])
    judge = given.account(Role.JUDGE, Role.ORGANIZER, name="Nguyễn Hoài Nam")
    site.clock.advance(minutes=65)
    with site.app.app_context(), transaction():
        contest, actor = db.session.get_one(Contest, contest_id), db.session.get_one(Account, judge)
        sheet = service.make_sheet(contest.rounds[0], contest.divisions[0], actor, now=site.clock())
        service.publish(queries.sheet_by_id(sheet.id), actor, now=site.clock())
        return contest_id, contest.slug, judge


def check(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    assert [v["id"] for v in axe.run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_from_the_list_to_the_public_page(ended, open_page, size, dark):
    contest_id, slug, judge = ended
    page = open_page(judge, size=size, dark=dark)
    page.goto(f"/xet-hang/tap-the/{contest_id}/tong-hop/chung/chat-luong")
    page.get_by_label("Điểm của Sở Y tế tỉnh Tây Ninh").fill("101")
    page.get_by_role("button", name="Ghi điểm của trang này").click()
    page.get_by_text("Có chỗ cần sửa").wait_for()
    check(page)
    page.get_by_label("Điểm của Sở Y tế tỉnh Tây Ninh").fill("85")
    page.get_by_role("button", name="Ghi điểm của trang này").click()
    page.get_by_text("Đã ghi điểm của 1 đơn vị.").wait_for()
    page.goto(f"/xet-hang/tap-the/{contest_id}")
    check(page)
    page.get_by_role("button", name="Lập bảng Tỷ lệ dự thi").click()
    page.get_by_role("heading", name="Bảng xếp hạng đơn vị số 1").wait_for()
    check(page)
    page.get_by_role("button", name="Công bố bảng này").click()
    page.get_by_text("Mọi người xem được ngay").wait_for()
    page.locator(".unit-sheet").get_by_role("link", name="Sở Y tế tỉnh Tây Ninh").click()
    page.get_by_text("1 người dự thi trên 4 người (30/06/2024, nguồn: Báo cáo số 12/BC-SNV) = 25,00%.").wait_for()
    check(page)
    visitor = open_page(size=size, dark=dark)
    visitor.goto(f"/bang-xep-hang/{slug}/tap-the/ty-le")
    visitor.locator(".unit-board summary").first.click()
    visitor.get_by_text("= 25,00%.").wait_for()
    check(visitor)
