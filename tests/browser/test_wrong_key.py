"""A wrong key in a real browser: published result, complaint, ruling by two people, corrected sheet, and who is told."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Round
from quiz.db import db, transaction
from quiz.ranking import service, signing
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 1_000_000}]
TEXT = "Câu 4 phải chọn phương án C theo khoản 2 Điều 5 của Luật."


def answers(*options):
    return {"a": {str(n): [o] for n, o in enumerate(options, 1)}, "f": [], "p": None, "t": {}}


@pytest.fixture
def held(site):
    """A contest with a published sheet on which the key of the fourth question is wrong; gives who is who."""
    given, now = site.given, site.clock()
    contest = given.contest(
        prizes=PRIZES, rules={"signing_judges": 1, "chain": ["score", "elapsed"]}, opens_at=now - timedelta(hours=3),
        closes_at=now - timedelta(hours=2),
    )  # fmt: skip
    (round_id,) = given.round_ids(contest)
    wronged, favoured = given.account(name="Nguyễn Thị Đúng"), given.account(name="Trần Văn Sai")
    at = now - timedelta(hours=3)
    mine = given.attempt(given.entry(contest, wronged), round_id, score=3, responses=answers(2, 2, 2, 3), started_at=at)
    given.attempt(given.entry(contest, favoured), round_id, score=4, responses=answers(2, 2, 2, 2), started_at=at)
    organizer, judge = (
        given.account(Role.ORGANIZER, name="Phạm Tổ Chức"),
        given.account(Role.JUDGE, name="Lê Giám Khảo"),
    )
    with site.app.app_context():
        with transaction():
            actor, round_ = db.session.get_one(Account, judge), db.session.get_one(Round, round_id)
            sheet = service.make_sheet(round_, round_.contest.divisions[0], actor, now=now)
            signing.sign(sheet, actor, sheet.digest, now=now)
            service.publish(sheet, db.session.get_one(Account, organizer), now=now)
            ranking = sheet.id
        row = db.session.get_one(Attempt, mine)
        slug = db.session.get_one(Contest, contest).slug
        return {"code": row.code, "slug": slug, "ranking": ranking, "contest": contest, "wronged": wronged,
                "organizer": organizer, "judge": judge}  # fmt: skip


def do_jobs(site):
    """What the process for long work does beside the server."""
    with site.app.app_context():
        jobs.run_all(site.clock)


def test_from_a_complaint_to_a_corrected_sheet(site, open_page, held):
    person = open_page(held["wronged"], size=PHONE)
    office, judge = open_page(held["organizer"], size=DESKTOP), open_page(held["judge"], size=DESKTOP)
    board = f"/bang-xep-hang/{held['slug']}/ky-1/bang-1"

    # the person finds the second place on the board, and complains from the own paper
    person.goto(board)
    expect(person.get_by_role("table")).to_contain_text(re.compile("Trần Văn Sai.*Nguyễn Thị Đúng", re.DOTALL))
    person.goto(f"/thi/{held['code']}/ket-qua")
    person.get_by_role("link", name="Thấy điều chưa đúng? Gửi khiếu nại").click()
    person.get_by_label("Một câu hỏi hoặc đáp án").check()
    person.get_by_label("Câu số").fill("4")
    person.get_by_label("Nội dung").fill(TEXT)
    person.get_by_role("button", name="Gửi khiếu nại").click()
    expect(person.get_by_role("heading", level=1)).to_have_text(re.compile(r"Khiếu nại số 1/\d{4}"))
    complaint = person.url.rpartition("/")[2]

    # the organizer reads it and proposes another key; nobody confirms the own proposal
    office.goto(f"/to-chuc/khieu-nai/{complaint}")
    expect(office.get_by_role("main")).to_contain_text(TEXT)
    office.get_by_role("link", name="Đáp án sai? Đề xuất đính chính").click()
    office.get_by_label("Đáp án sai: dùng đáp án khác").check()
    office.get_by_label(re.compile("^Phương án C")).check()
    office.get_by_label("Lý do").fill("Khoản 2 Điều 5 nói như phương án C.")
    office.get_by_role("button", name="Xem trước ai đổi điểm").click()
    ruling = office.url
    expect(office.get_by_role("main")).to_contain_text("Xem trước: đang chờ đến lượt")
    do_jobs(site)
    office.goto(ruling)
    expect(office.get_by_role("table", name="Giải dự kiến thay đổi")).to_contain_text("Nguyễn Thị Đúng")
    expect(office.get_by_role("button", name="Xác nhận và chấm lại")).to_have_count(0)

    # a judge confirms, everything is marked anew, and the published sheet is out of date
    judge.goto(ruling)
    judge.get_by_role("button", name="Xác nhận và chấm lại").click()
    do_jobs(site)
    judge.goto(ruling)
    expect(judge.get_by_role("main")).to_contain_text("1 bài tăng điểm, 1 bài giảm điểm")
    judge.get_by_role("link", name=re.compile("bảng số 1")).click()
    judge.get_by_role("button", name="Lập bảng kết quả mới").click()
    expect(judge.get_by_role("heading", level=1)).to_have_text("Bảng kết quả số 2")
    judge.get_by_role("button", name="Ký chốt bảng kết quả").click()
    office.goto(judge.url)
    office.get_by_role("button", name="Công bố bảng kết quả").click()

    # the answer names what was done
    office.goto(f"/to-chuc/khieu-nai/{complaint}")
    office.get_by_label("Khiếu nại đúng", exact=True).check()
    office.get_by_label("Trả lời người khiếu nại").fill(
        "Đúng như bạn nêu; đáp án câu 4 đã được đính chính và mọi bài đã chấm lại."
    )
    office.get_by_label("Đã xử lý bằng").fill("đính chính đáp án, bảng kết quả số 2")
    office.get_by_role("button", name="Gửi trả lời").click()

    # the person is told of all of it, and stands first; the old sheet stays to be looked at
    person.goto("/thong-bao")
    for words in ("Bài thi của bạn được chấm lại", "Kết quả được đính chính", "đã được trả lời"):
        expect(person.get_by_role("main")).to_contain_text(words)
    person.goto(f"/thi/{held['code']}/ket-qua")
    expect(person.get_by_role("main")).to_contain_text("Điểm từ 3 thành 4")
    person.goto(board)
    expect(person.get_by_role("table")).to_contain_text(re.compile("Nguyễn Thị Đúng.*Trần Văn Sai", re.DOTALL))
    person.goto(f"{board}/so-1")
    expect(person.get_by_role("table")).to_contain_text(re.compile("Trần Văn Sai.*Nguyễn Thị Đúng", re.DOTALL))
