"""Boards and sheets as people read them: a board that stands still, and why two people stand where they do."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.ranking import clockwork
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def beat(site):
    """The clock takes in what has ended."""
    with site.app.app_context():
        clockwork.tick("test", now=site.clock(), thorough=True)


def test_a_frozen_board_tells_nobody_what_happens_behind_it(site, open_page):
    given = site.given
    contest = given.contest(
        rules={"freeze_hours": 1, "chain": ["score", "elapsed"]},
        opens_at=site.clock() - timedelta(hours=2), closes_at=site.clock() + timedelta(minutes=70),
    )  # fmt: skip
    (round_id,) = given.round_ids(contest)
    early, late = given.account(name="Nguyễn Thị Sớm"), given.account(name="Trần Văn Muộn")
    given.attempt(
        given.entry(contest, early), round_id, score=3, seconds=60, started_at=site.clock() - timedelta(minutes=5)
    )
    beat(site)
    with site.app.app_context():
        from quiz.contests.models import Contest
        from quiz.db import db

        address = f"/bang-xep-hang/{db.session.get_one(Contest, contest).slug}/ky-1/bang-1"
    visitor, person, judge = open_page(size=PHONE), open_page(late, size=PHONE), open_page(
        given.account(Role.JUDGE), size=DESKTOP
    )  # fmt: skip
    visitor.goto(address)
    expect(visitor.get_by_role("table")).to_contain_text("Nguyễn Thị Sớm")
    site.clock.advance(minutes=15)  # the last hour has begun
    given.attempt(
        given.entry(contest, late), round_id, score=4, seconds=30, started_at=site.clock() - timedelta(minutes=2)
    )
    beat(site)
    for page in (visitor, person):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("Nguyễn Thị Sớm")
        expect(page.get_by_role("table")).not_to_contain_text("Trần Văn Muộn")
        page.goto(f"{address}?ten=tran+van+muon")
        expect(page.get_by_role("main")).not_to_contain_text("4/4")
    judge.goto(address)
    expect(judge.get_by_role("row").nth(1)).to_contain_text("Trần Văn Muộn")


def test_two_who_tie_to_the_last_step_and_a_third_who_does_not(site, open_page):
    given = site.given
    contest = given.contest(rules={"chain": ["score", "elapsed", "attempts"]})
    (round_id,) = given.round_ids(contest)
    names = ("Lê Văn Nhất", "Phạm Thị Nhì", "Huỳnh Văn Ba")
    for name, seconds in zip(names, (60, 60, 61.5), strict=True):
        given.attempt(given.entry(contest, given.account(name=name)), round_id, seconds=seconds)
    site.clock.advance(minutes=62)
    page = open_page(given.account(Role.JUDGE), size=DESKTOP)
    page.goto("/xet-hang")
    page.get_by_role("button", name="Lập bảng kết quả").click()
    page.get_by_role("button", name="Vì sao người này xếp trên người kia?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vì sao Lê Văn Nhất và Phạm Thị Nhì đồng hạng?")
    expect(page.get_by_text("Bằng nhau ở mọi tiêu chí của chuỗi xét hạng nên đồng hạng 1.")).to_be_visible()
    expect(page.get_by_role("cell", name="Bằng nhau")).to_have_count(3)
    page.get_by_label("STT người B").fill("3")
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vì sao Lê Văn Nhất xếp trên Huỳnh Văn Ba?")
    expect(page.get_by_role("row", name="Thời gian làm bài")).to_contain_text("Hạng 1 ngắn hơn 1,500 giây")
    expect(page.get_by_role("row", name="Số lượt đã dùng")).to_contain_text("Không cần xét")
