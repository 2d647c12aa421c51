"""A certificate in a real browser: downloaded, verified by what its QR code leads to, issued anew, and revoked."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.ranking import service as ranking
from quiz.recognition import service
from quiz.recognition.models import Certificate
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_collective import check

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}]


@pytest.fixture
def awarded(site):
    """A contest whose prize is given; gives the organizer, the winner, and the code of the certificate."""
    given = site.given
    contest_id = given.contest(prizes=PRIZES)
    winner, organizer = given.account(name="Trần Văn Ut"), given.account(Role.ORGANIZER, Role.JUDGE)
    given.attempt(given.entry(contest_id, winner), given.round_ids(contest_id)[0])
    site.clock.advance(minutes=65)
    with site.app.app_context(), transaction():
        contest, actor = db.session.get_one(Contest, contest_id), db.session.get_one(Account, organizer)
        sheet = ranking.make_sheet(contest.rounds[0], contest.divisions[0], actor, now=site.clock())
        ranking.publish(sheet, actor, now=site.clock())
        paper = service.DecisionData(
            number="45/QĐ-BTC", signed_on=site.clock().date(), place_name="Tây Ninh", signer_name="Lê Văn Hòa",
            signer_title="Trưởng Ban Tổ chức", organization="Sở Tư pháp tỉnh Tây Ninh",
        )  # fmt: skip
        service.award(sheet, paper, actor, now=site.clock())
        return organizer, winner, db.session.scalars(db.select(Certificate.code)).one()


def downloaded(page, code):
    """The page of the paper, and the path that its QR code leads to."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải giấy (PDF)").click()
    [paper] = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    [address] = {str(note.get_object()["/A"]["/URI"]) for note in paper["/Annots"]}
    return paper.extract_text(), address[address.index("/tra-cuu/") :]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_misspelt_name_is_corrected_and_a_revoked_paper_says_so(awarded, open_page, size):
    organizer, winner, code = awarded
    owner, visitor, office = open_page(winner, size=size), open_page(size=size), open_page(organizer, size=size)
    owner.goto(f"/tra-cuu/{code}")
    text, old = downloaded(owner, code)
    assert "Trần Văn Ut" in text
    visitor.goto(old)
    expect(visitor.get_by_role("status")).to_contain_text("Giấy này có thật và còn giá trị")

    office.goto(old)
    office.get_by_role("link", name="Cấp lại giấy này").click()
    office.get_by_label("Họ và tên, hoặc tên tập thể in trên giấy").fill("Trần Văn Út")
    office.get_by_label("Số văn bản cho cấp lại").fill("52/QĐ-BTC")
    office.get_by_label("Diễn giải").fill("Tên in thiếu dấu so với giấy tờ")
    office.get_by_role("button", name="Cấp lại").click()
    office.get_by_text("Đã cấp lại. Giấy mới mang số 0002/2024").wait_for()
    check(office)
    text, new = downloaded(office, code)
    assert "Trần Văn Út" in text
    assert new != old
    visitor.goto(old)
    expect(visitor.get_by_role("status")).to_contain_text("Giấy này đã được cấp lại, không còn giá trị")
    expect(visitor.get_by_role("status")).to_contain_text("52/QĐ-BTC")
    check(visitor)
    visitor.goto(new)
    expect(visitor.get_by_role("status")).to_contain_text("Giấy này có thật và còn giá trị")

    office.get_by_text("Thu hồi giấy này").click()
    office.get_by_label("Người nhận vi phạm thể lệ").check()
    office.get_by_label("Số quyết định thu hồi").fill("60/QĐ-BTC")
    office.get_by_label("Diễn giải").fill("Hai tài khoản của cùng một người")
    office.get_by_role("button", name="Thu hồi", exact=True).click()
    office.get_by_text("Đã thu hồi giấy chứng nhận số 0002/2024").wait_for()
    visitor.goto(new)
    expect(visitor.get_by_role("status")).to_contain_text("Giấy này đã bị thu hồi, không còn giá trị")
    expect(visitor.get_by_role("status")).to_contain_text("Người nhận vi phạm thể lệ")
    office.goto("/to-chuc/so-cap")
    expect(office.get_by_role("main")).to_contain_text("thay cho số 0001/2024")
    check(office)
