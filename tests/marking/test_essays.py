"""Judges mark essays without names; an attempt has its written points once every essay has its mark."""

import pytest
from sqlalchemy import delete, select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt, AttemptNews
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking import essays, queries
from quiz.marking.models import EssayMark
from quiz.marking.refusals import MarkingRefusal
from tests.essays import OWN, STEM, contest_with_essays, paper_with_essays

WHY = "Tính nhầm ý thứ hai"


@pytest.fixture
def contest(given):
    return contest_with_essays(given)


@pytest.fixture
def attempt_id(given, contest):
    entry = given.entry(contest, given.account(name="Lâm Thanh Tùng"))
    responses = {"a": {}, "e": {"3": OWN, "4": "x"}, "f": [], "p": None, "t": {}}
    return given.attempt(
        entry, given.round_ids(contest)[0], code="BAIBAIBAIBAI", paper=paper_with_essays(given), responses=responses,
        essays=2, max_score=44,
    )  # fmt: skip


class TestService:
    @pytest.fixture
    def mark(self, given, attempt_id, db_session, clock):
        judge_id = given.account(Role.JUDGE, name="Giám Khảo Một")

        with transaction():
            db_session.execute(delete(AttemptNews))  # that the attempt has ended is known

        def give(number, points, **named):
            attempt, judge = db.session.get_one(Attempt, attempt_id), db.session.get_one(Account, judge_id)
            with transaction():
                essays.mark_essay(attempt, number, points, judge, note="", **named, now=clock.now)
            return attempt

        return give

    def refused(self, mark, *arguments, **named):
        with pytest.raises(Refusal) as refusal:
            mark(*arguments, **named)
        return refusal.value

    def test_the_sum_stands_when_all_are_marked_and_the_boards_are_told_then(self, mark, contest, given, db_session):
        rounds = given.round_ids(contest)
        assert mark(3, 15).written is None
        assert queries.count_unmarked(rounds) == 1
        assert db_session.scalars(select(AttemptNews)).all() == []
        attempt = mark(4, 0)
        assert (attempt.written, queries.count_unmarked(rounds)) == (15, 0)
        assert db_session.scalars(select(AttemptNews.attempt_id)).all() == [attempt.id]

    def test_a_change_needs_a_reason_and_is_journalled_with_both_values(self, mark, db_session):
        mark(3, 15)
        refusal = self.refused(mark, 3, 18)
        assert refusal.reason is MarkingRefusal.MARKED_ALREADY
        assert "15, do Giám Khảo Một chấm" in refusal.sentence
        mark(4, 5)
        assert mark(3, 18, why=WHY).written == 23
        records = db_session.scalars(select(JournalRecord).order_by(JournalRecord.seq)).all()
        assert [r.action for r in records] == ["essay.marked"] * 3
        last = records[-1]
        assert (last.before["points"], last.after["points"], last.after["question"], last.reason) == (15, 18, 3, WHY)

    @pytest.mark.parametrize(("number", "points"), [(1, 2), (5, 1), (3, 21), (3, -1)])
    def test_only_essays_and_only_within_their_points(self, mark, number, points):
        assert self.refused(mark, number, points).reason is MarkingRefusal.NO_SUCH_ESSAY

    def test_what_is_being_written_is_not_marked(self, given, contest, mark, attempt_id, db_session):
        with transaction():
            db_session.get_one(Attempt, attempt_id).state = "abandoned"
        assert self.refused(mark, 3, 1).reason is MarkingRefusal.ESSAY_NOT_HANDED_IN

    def test_once_the_results_are_out_points_stay(self, mark, attempt_id, clock, db_session):
        mark(3, 15)
        with transaction():
            db_session.get_one(Attempt, attempt_id).round_.published_at = clock.now
        assert self.refused(mark, 3, 1, why=WHY).reason is MarkingRefusal.RESULTS_ARE_OUT

    def test_what_nobody_has_marked_can_be_marked_still(self, mark, attempt_id, clock, db_session):
        """Of an attempt that was annulled before it was read, and restored after the results were out."""
        with transaction():
            db_session.get_one(Attempt, attempt_id).round_.published_at = clock.now
        mark(3, 15)
        assert mark(4, 2).written == 17


LIST, ESSAY = "/xet-hang/tu-luan/1", "/xet-hang/tu-luan/bai/BAIBAIBAIBAI/"


@pytest.fixture
def judge(given, visit, attempt_id):
    return visit(given.account(Role.JUDGE, name="Giám Khảo Một"))


def test_papers_are_marked_one_after_the_other_without_names(app, judge, attempt_id):
    page = judge.get(LIST).text
    assert "BAIB-AIBA-IBAI" in page
    assert "Chờ chấm (1)" in " ".join(page.split())
    assert "Lâm Thanh Tùng" not in page
    page = judge.get(ESSAY + "3").text
    for words in (STEM, "Bà Tư ở ấp 3", "10 từ, đề cho nhiều nhất 8 từ", "Nêu việc làm", "từ 0 đến 20"):
        assert words in page
    assert "Lâm Thanh Tùng" not in page
    wrong = judge.post(ESSAY + "3", {"points": "21", "note": "Ý hay"})
    assert wrong.status_code == 422
    assert "Hãy nhập số nguyên từ 0 đến 20." in wrong.text
    assert "Ý hay" in wrong.text
    assert judge.post(ESSAY + "3", {"points": "15", "note": "Ý hay"}).location == ESSAY + "4"
    assert judge.post(ESSAY + "4", {"points": "0"}).location == LIST
    assert "Chờ chấm (0)" in " ".join(judge.get(LIST).text.split())
    assert "BAIB-AIBA-IBAI" in judge.get(LIST + "?xem=da-cham").text
    with app.app_context():
        assert db.session.get_one(Attempt, attempt_id).written == 15
        assert db.session.scalars(select(EssayMark.note).order_by(EssayMark.question)).all() == ["Ý hay", ""]


def test_a_change_asks_for_its_reason(app, judge):
    judge.post(ESSAY + "3", {"points": "15"})
    page = judge.get(ESSAY + "3").text
    assert "Giám Khảo Một đã cho 15 điểm" in page
    refused = judge.post(ESSAY + "3", {"points": "18", "why": "nhầm"})
    assert refused.status_code == 422
    assert "hãy ghi lý do, ít nhất 10 ký tự" in refused.text
    assert judge.post(ESSAY + "3", {"points": "18", "why": WHY}).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(EssayMark.points)).all() == [18]


def test_who_may_mark(given, visit, judge):
    for roles in ((), (Role.ORGANIZER,), (Role.ADMIN,)):
        other = visit(given.account(*roles))
        assert [other.get(url).status_code for url in (LIST, ESSAY + "3")] == [403, 403]
    assert [judge.get(url).status_code for url in (ESSAY + "1", ESSAY + "9", "/xet-hang/tu-luan/bai/KHONGCO/3")] == [
        404
    ] * 3


def test_a_contest_without_essays_has_an_empty_list(given, judge):
    other = given.round_ids(given.contest())[0]
    assert "Không có bài nào chờ chấm" in judge.get(f"/xet-hang/tu-luan/{other}").text


def test_the_page_of_an_attempt_tells_its_written_points(judge):
    page = " ".join(judge.get("/xet-hang/luot/BAIBAIBAIBAI").text.split())
    assert "chờ chấm" in page
    assert "/xet-hang/tu-luan/1" in page
    judge.post(ESSAY + "3", {"points": "15"})
    judge.post(ESSAY + "4", {"points": "2"})
    page = " ".join(judge.get("/xet-hang/luot/BAIBAIBAIBAI").text.split())
    assert "15/20 điểm" in page
    assert "21/44" in page
