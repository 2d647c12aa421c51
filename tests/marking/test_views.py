"""The judges' page of one attempt, and who may open it."""

import pytest

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.db import db
from quiz.journal import JournalRecord
from quiz.marking.models import Annulment

WHY = "Thi hộ người khác, đã xác minh"


@pytest.fixture
def judge(given, visit):
    return visit(given.account(Role.JUDGE, name="Nguyễn Hoài Nam"))


@pytest.fixture
def contest(given):
    return given.contest()


@pytest.fixture
def address(app, given, contest):
    """Of an attempt of Lâm Thanh Tùng, three of four right."""

    def of(attempt_id):
        with app.app_context():
            return "/xet-hang/luot/" + db.session.get(Attempt, attempt_id).code

    return of


@pytest.fixture
def attempt(given, contest):
    entry = given.entry(contest, given.account(name="Lâm Thanh Tùng"))
    answers = {"a": {"1": [2], "2": [2], "3": [2], "4": [1]}, "f": [3], "p": None, "t": {"2": 8123, "1": 3000}}
    return given.attempt(entry, given.round_ids(contest)[0], score=3, seconds=43.9, responses=answers)


def test_the_page_shows_person_paper_answers_and_timeline(judge, attempt, address):
    page = judge.get(address(attempt)).text
    for text in (
        "Lâm Thanh Tùng", "Xã Bến Cầu", "3/4", "00:43,900", "Đáp án, đã chọn", "Đã chọn", "đã đánh dấu xem lại",
        "Bắt đầu", "Lần lưu cuối", "Nộp bài", "máy chủ không kiểm chứng được", "Mã rút đề",
    ):  # fmt: skip
        assert text in page
    assert page.index("00:03,0") < page.index("00:08,1", page.index("Từng câu theo giờ trả lời"))


def test_an_open_attempt_shows_no_paper_and_cannot_be_annulled(given, contest, judge, address):
    attempt = given.open_attempt(given.entry(contest), given.round_ids(contest)[0])
    page = judge.get(address(attempt)).text
    assert "Lượt thi còn đang làm" in page
    assert "Đáp án" not in page
    assert "Câu hỏi số" not in page
    refused = judge.post(address(attempt) + "/huy", {"why": WHY}, page="/tai-khoan")
    assert refused.status_code == 409
    assert "còn đang làm nên chưa hủy được" in refused.text


def test_other_attempts_of_the_round_are_beside_it(given, judge, app, contest, attempt, address):
    with app.app_context():
        row = db.session.get(Attempt, attempt)
        entry, round_id = row.entry_id, row.round_id
    given.attempt(entry, round_id, score=1, seconds=860, number=2)
    page = judge.get(address(attempt)).text
    assert "Xem lượt 2" in page
    assert "14:20,000" in page


@pytest.mark.parametrize("why", ["", "ngắn", "         x", "x" * 2001])
def test_a_reason_is_needed_and_what_was_typed_stays(app, judge, attempt, address, why):
    page = judge.post(address(attempt) + "/huy", {"why": why, "confirmed": "y"}, page=address(attempt))
    assert page.status_code == 422
    assert "Có chỗ cần sửa" in page.text
    assert why.strip() in page.text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Annulment)) == 0


def test_annulled_and_restored_with_reasons_on_record(app, judge, attempt, address):
    where = address(attempt)
    judge.post(where + "/huy", {"why": WHY, "confirmed": "y"}, page=where)
    page = judge.get(where).text
    assert WHY in page
    assert "Khôi phục lượt thi" in page
    assert judge.post(where + "/huy", {"why": WHY, "confirmed": "y"}, page=where).status_code == 409
    judge.post(where + "/khoi-phuc", {"why": "Xác minh lại: đúng người", "confirmed": "y"}, page=where)
    again = judge.post(where + "/khoi-phuc", {"why": "Xác minh lại: đúng người", "confirmed": "y"}, page=where)
    assert again.status_code == 409
    page = judge.get(where).text
    assert "Xác minh lại: đúng người" in page
    assert "Hợp lệ" in page
    with app.app_context():
        records = db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq)).all()
        assert [(r.action, r.reason, r.actor_name) for r in records] == [
            ("attempt.annulled", WHY, "Nguyễn Hoài Nam"),
            ("attempt.restored", "Xác minh lại: đúng người", "Nguyễn Hoài Nam"),
        ]


def test_it_can_be_annulled_again_after_a_restoration(app, judge, attempt, address):
    where = address(attempt)
    for deed in ("huy", "khoi-phuc", "huy"):
        assert judge.post(f"{where}/{deed}", {"why": WHY, "confirmed": "y"}, page=where).status_code == 302
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Annulment)) == 2


def test_nobody_but_judges(app, given, visit, attempt, address):
    """Not even the person whose attempt it is: the page shows the key."""
    with app.app_context():
        owner = db.session.get(Attempt, attempt).account_id
    for account in (owner, given.account(Role.ORGANIZER), given.account(Role.ADMIN)):
        person = visit(account)
        assert person.get(address(attempt)).status_code == 403
        for deed in ("huy", "khoi-phuc"):
            sent = person.post(f"{address(attempt)}/{deed}", {"why": WHY, "confirmed": "y"}, page="/tai-khoan")
            assert sent.status_code == 403
    assert visit().get(address(attempt)).status_code in (302, 401)


def test_an_unknown_code(judge):
    assert judge.get("/xet-hang/luot/KHONGCOLUOT").status_code == 404


def test_an_attempt_left_behind_is_ended_by_whoever_looks(app, given, contest, judge, clock, address):
    attempt = given.open_attempt(given.entry(contest), given.round_ids(contest)[0])
    clock.advance(minutes=21)
    assert "Máy nộp khi hết giờ" in judge.get(address(attempt)).text
    with app.app_context():
        assert db.session.get(Attempt, attempt).state == "expired"
