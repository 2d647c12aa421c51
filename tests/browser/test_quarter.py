"""A quarter in a real browser: from the reminder to a published story, through a vote in which a member steps aside; and a
participant meets the story in the review of a contest."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.banks.models import Item, ItemStory
from quiz.db import db
from quiz.exemplars.models import Exemplar
from quiz.exemplars.nomination_models import Nomination
from tests.browser.conftest import DESKTOP, PHONE
from tests.exemplars.nominees import Department

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

BOARD = "/to-chuc/de-cu/2024-Q4"
BALLOT = "/hoi-dong/2024-Q4"


class _Now:
    """The clock of the site as the helpers of nominations read it."""

    def __init__(self, clock):
        self.clock = clock

    @property
    def now(self):
        return self.clock()


@pytest.fixture
def department(site):
    """Two units, an office, and a council of four from the top and one from the unit that nominates."""
    d = Department.made(site.given, _Now(site.clock), units=2, council=4)
    d.council.append(site.given.account(Role.COUNCIL_MEMBER, name="Ủy Viên Cùng Phòng", unit=d.units[0]))
    with site.app.app_context():
        d.open_quarter()
    return d


@pytest.fixture
def contest(site):
    """An open contest whose papers are drawn from the only bank."""
    return site.given.contest(rules={"review_release": "after_submit"})


def _nominated(site):
    with site.app.app_context():
        return db.session.scalars(db.select(Nomination)).one()


def test_from_the_reminder_to_the_story_in_a_review(site, open_page, department, contest):
    d = department
    office = open_page(d.office, size=DESKTOP)

    # the office reminds the units; the contact of one finds the notice, writes and sends
    office.goto(BOARD)
    office.get_by_role("button", name="Nhắc 2 đơn vị").click()
    expect(office.get_by_text(re.compile("đã nhắc")).first).to_be_visible()
    contact = open_page(d.contacts[0], size=PHONE)
    contact.goto("/thong-bao")
    contact.get_by_role("link", name=re.compile("quý", re.IGNORECASE)).first.click()
    contact.goto("/de-cu/2024-Q4/moi")
    for name, value in {
        "name": "Lê Thị Mẫu", "position": "Công chức", "summary": "Rút ngắn thời gian trả hồ sơ.",
        "achievements": "Trả 1.200 hồ sơ trước hạn.", "figures": "1.200 | hồ sơ trước hạn", "consent": "Chính người đó",
        "consented_on-d": "18", "consented_on-m": "11", "consented_on-y": "2024",
    }.items():  # fmt: skip
        contact.locator(f"[name='{name}']").fill(value)
    contact.locator("main form button.btn-primary").first.click()
    expect(contact.get_by_role("heading", level=1)).to_contain_text("Lê Thị Mẫu")
    paper = contact.url.partition("//")[2].partition("/")[2]
    contact.locator("form[action$='/gui'] button").click()

    # the head of the unit confirms, the office takes it and puts it before the public
    head = open_page(d.heads[0], size=PHONE)
    head.goto("/de-cu/xac-nhan")
    head.get_by_role("link", name=re.compile("Lê Thị Mẫu")).click()
    head.locator("form[action$='/xac-nhan'] button").click()
    office.goto(f"/{paper}")
    office.locator("form[action$='/nhan'] button").click()
    office.goto(BOARD)
    office.get_by_role("button", name="Lấy ý kiến về 1 đề cử").click()
    visitor = open_page(None, size=PHONE)
    visitor.goto("/de-cu/2024-Q4/lay-y-kien")
    expect(visitor.get_by_text("Rút ngắn thời gian trả hồ sơ.")).to_be_visible()
    site.clock.set(_nominated(site).comments_until + timedelta(minutes=1))

    # the office opens a secret vote; the member of the nominating unit has nothing to vote on
    office.goto(f"{BOARD}/bo-phieu")
    for member in d.council:
        office.locator(f"[name='members'][value='{member}']").check()
    office.locator("[name='chair']").select_option(str(d.council[0]))
    office.locator("[name='mode'][value='secret']").check()
    office.locator("[name='closes_at']").fill("2024-12-20T17:00")
    office.locator("main form button.btn-primary").click()
    office.goto(BOARD)
    expect(office.get_by_text("Đã bỏ phiếu: 0/")).to_be_visible()
    aside = open_page(d.council[4], size=PHONE)
    aside.goto(BALLOT)
    expect(aside.locator("input[type=radio]")).to_have_count(0)
    for member in d.council[:4]:
        page = open_page(member, size=PHONE)
        page.goto(BALLOT)
        page.locator("input[type=radio][value='agree']").check()
        page.locator("main form:has(input[type=radio]) button.btn-primary").click()
        expect(page.get_by_text(re.compile(r"(\w{4}-){5}\w{4}")).first).to_be_visible()  # the code of the ballot
    site.clock.advance(days=10)
    office.goto(BOARD)
    office.get_by_role("button", name="Kiểm phiếu").click()
    office.goto(f"{BALLOT}/bien-ban")
    expect(office.get_by_role("main")).to_contain_text("Được chọn")
    expect(office.get_by_role("main")).to_contain_text("Ủy Viên Cùng Phòng")  # in the minutes: stepped aside

    # recommended and made public, it becomes a draft of a story that two people bring before the readers
    office.goto(BOARD)
    office.locator("form[action$='/gui-tinh'] input.form-control").fill("Công văn số 7")
    office.locator("form[action$='/gui-tinh'] button").click()
    office.locator("form[action$='/cong-bo'] input[type=checkbox]").check()
    office.locator("form[action$='/cong-bo'] input.form-control").fill("Quyết định số 12")
    office.locator("form[action$='/cong-bo'] button").click()
    with site.app.app_context():
        story = db.session.scalars(db.select(Exemplar)).one()
        story_id, slug = story.id, story.slug
    writer = open_page(site.given.account(Role.ORGANIZER, name="Người Viết"), size=DESKTOP)
    writer.goto(f"/to-chuc/guong/{story_id}/sua")
    writer.locator("[name='title']").fill("Người trả hồ sơ trước hạn")
    writer.locator("[name='body']").fill("Mỗi sáng, chị xem trước hồ sơ của ngày mai.")
    writer.locator("[name='sources']").fill("Hồ sơ đề cử quý IV/2024")
    writer.locator("main form button.btn-primary").first.click()
    second = open_page(site.given.account(Role.ORGANIZER, name="Người Đọc"), size=DESKTOP)
    second.goto(f"/to-chuc/guong/{story_id}")
    second.locator("form[action$='/duyet'] button").click()
    second.locator("form[action$='/dang'] button").click()

    # items of the contest ask about it: whoever has handed in a paper meets the story beside the answer
    with site.app.app_context():
        items = db.session.scalars(db.select(Item).order_by(Item.id)).all()
        places = [f"/ngan-hang/{item.bank.code}/cau/{item.code}" for item in items[:1]]
    office.goto(places[0])
    office.locator("#them-guong").select_option(str(story_id))
    office.get_by_role("button", name="Gắn", exact=True).click()
    expect(office.locator("#guong")).to_contain_text("Lê Thị Mẫu")
    with site.app.app_context():
        first = items[0].id
    site.given.save(*(_link(item.id, story_id, site.clock()) for item in items if item.id != first))
    account = site.given.account(name="Trần Văn Dự Thi")
    (round_id,) = site.given.round_ids(contest)
    entry = site.given.entry(contest, account)
    site.given.attempt(entry, round_id, score=2)
    person = open_page(account, size=PHONE)
    with site.app.app_context():
        code = db.session.scalars(db.select(Attempt.code)).one()
    person.goto(f"/thi/{code}/ket-qua")
    person.get_by_role("link", name="Người trả hồ sơ trước hạn").first.click()
    expect(person.get_by_role("heading", level=1)).to_have_text("Người trả hồ sơ trước hạn")
    expect(person).to_have_url(re.compile(f"/guong/{slug}"))


def _link(item_id, exemplar_id, now):
    return ItemStory(item_id=item_id, exemplar_id=exemplar_id, linked_at=now)
