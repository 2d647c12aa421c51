"""Changing the rules of an open contest: versions, journal, notices; by hand on pages and by two people at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests import rule_versions
from quiz.contests.drafting import draft_mark
from quiz.contests.models import Contest, Entry, Round, RuleNotice, RuleVersion
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_changes import Terms
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.contests.topics import titles
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from tests.contests.test_builder import Builder
from tests.test_races import at_once

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRIZES = [{"code": "giai-nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}]


def edited(contest: Contest, **changed: Any) -> Terms:
    """The terms of a contest with some options of it changed; `title` and `minutes` alike."""
    document = rule_set(contest).model_dump(mode="json")
    for name, value in changed.items():
        (document if name in document else document["contest"])[name] = value
    return Terms(RuleSet.model_validate(document), contest.summary, contest.rules_number)


class TestService:
    @pytest.fixture
    def contest(self, given, db_session):
        return db_session.get_one(Contest, given.contest(prizes=PRIZES, rounds=2))

    @pytest.fixture
    def organizer(self, given, db_session):
        return db_session.get_one(Account, given.account(Role.ORGANIZER))

    def test_a_harmless_change_is_noted_and_nobody_is_told(self, given, contest, organizer, clock):
        entry_id = given.entry(contest.id)
        clock.advance(minutes=1)
        with transaction():
            rule_versions.change_rules(
                contest, edited(contest, title="Tên đúng"), organizer, why="Sai tên", now=clock.now
            )
        first, second = rule_versions.versions_of(contest)
        assert (first.number, first.rules["title"], first.made_by_id) == (1, "Cuộc thi số 1", None)
        assert (second.number, second.is_harmless, second.why) == (2, True, "Sai tên")
        assert second.changes == [["title", "Cuộc thi số 1", "Tên đúng"]]
        record = db.session.scalars(select(JournalRecord)).one()
        assert (record.action, record.reason) == ("rules.changed", "Sai tên")
        assert (record.before, record.after["title"]) == ({"title": "Cuộc thi số 1"}, "Tên đúng")
        assert rule_versions.unread(db.session.get_one(Entry, entry_id)) == []
        assert rule_versions.latest_told(contest.id) is None

    def test_people_who_have_entered_are_told_until_they_have_read(self, given, contest, organizer, clock):
        before = db.session.get_one(Entry, given.entry(contest.id))
        clock.advance(minutes=1)
        terms = edited(contest, minutes=30)
        with transaction():
            version = rule_versions.change_rules(
                contest, terms, organizer, why="Dài hơn", confirmed=True, now=clock.now
            )
        clock.advance(minutes=1)
        after = db.session.get_one(Entry, given.entry(contest.id))
        assert rule_set(contest).contest.minutes == 30
        assert [v.number for v in rule_versions.unread(before)] == [2]
        assert rule_versions.unread(after) == []
        for _ in range(2):
            with transaction():
                rule_versions.mark_read(before, version, now=clock.now)
        assert rule_versions.unread(before) == []
        assert len(db.session.scalars(select(RuleNotice)).all()) == 1
        assert rule_versions.latest_told(contest.id).number == 2

    def test_what_has_an_effect_must_be_confirmed(self, contest, organizer, clock):
        with pytest.raises(Refusal) as refused, transaction():
            rule_versions.change_rules(contest, edited(contest, minutes=30), organizer, why="x", now=clock.now)
        assert refused.value.reason is ContestRefusal.NOT_CONFIRMED
        assert rule_set(contest).contest.minutes == 20

    def test_nothing_changed_and_what_is_sealed(self, contest, organizer, clock):
        for terms, reason in (
            (edited(contest), ContestRefusal.NOTHING_CHANGED),
            (edited(contest, law_date="2025-01-01", minutes=5), ContestRefusal.LAW_DATE_SEALED),
            (edited(contest, points_per_item=5), ContestRefusal.POINTS_FIXED),
        ):
            with pytest.raises(Refusal) as refused, transaction():
                rule_versions.change_rules(contest, terms, organizer, why="x", confirmed=True, now=clock.now)
            assert refused.value.reason is reason
            assert refused.value.sentence
        assert not db.session.scalars(select(RuleVersion)).all()

    def test_after_publication(self, contest, organizer, clock):
        clock.advance(hours=1, minutes=5)
        with transaction():
            contest.rounds[0].first_published_at = clock.now
        terms = edited(contest, chain=["score"])
        with pytest.raises(Refusal) as refused, transaction():
            rule_versions.change_rules(contest, terms, organizer, why="x", confirmed=True, now=clock.now)
        assert refused.value.reason is ContestRefusal.RESULTS_PUBLISHED
        assert "Kết quả của" in refused.value.sentence

    def test_a_draft_has_its_own_page(self, given, organizer, clock, db_session):
        draft = db_session.get_one(Contest, given.contest(state="draft"))
        with pytest.raises(Refusal) as refused, transaction():
            rule_versions.change_rules(
                draft, edited(draft, minutes=9), organizer, why="x", confirmed=True, now=clock.now
            )
        assert refused.value.reason is ContestRefusal.NOT_OPENED

    def test_somebody_else_was_first(self, contest, organizer, clock):
        seen = draft_mark(contest)
        how = {"why": "x", "seen": seen, "confirmed": True, "now": clock.now}
        with transaction():
            rule_versions.change_rules(contest, edited(contest, minutes=30), organizer, **how)
        terms = edited(contest, minutes=40)
        with pytest.raises(Refusal) as refused, transaction():
            rule_versions.change_rules(contest, terms, organizer, **how)
        assert refused.value.reason is ContestRefusal.RULES_CHANGED_MEANWHILE
        assert rule_set(contest).contest.minutes == 30

    def test_a_version_says_what_it_changed_and_no_more(self, given, contest, organizer, clock):
        with given.app.test_request_context():
            with transaction():
                rule_versions.change_rules(
                    contest, edited(contest, minutes=30), organizer, why="a", confirmed=True, now=clock.now
                )
            contest.rounds[1].closes_at += timedelta(days=1)  # as the button for extending does
            with transaction():
                version = rule_versions.change_rules(
                    contest, edited(contest, complaint_days=9), organizer, why="b", now=clock.now
                )
            (difference,) = rule_versions.differences_of(version, titles())
            assert "ngày thứ 9" in difference.after[0]
            assert "ngày thứ 3" in difference.before[0]


class Changer(Builder):
    def __init__(self, browser: Any, contest_id: int) -> None:
        self.browser, self.url = browser, f"/to-chuc/cuoc-thi/{contest_id}/sua-the-le"
        self.read(browser.get(self.url))

    def confirm(self, **typed: str) -> Any:
        """Send the preview on, as its form stands, with what is typed."""
        hidden = dict(re.findall(r'<input[^>]*id="\w+" name="(\w+)" type="hidden" value="([^"]*)"', self.response.text))
        fields = {
            name: value.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
            for name, value in hidden.items()
        }
        return self.browser.client.post(f"{self.url}/xac-nhan", data=fields | typed)


class TestPages:
    @pytest.fixture
    def contest_id(self, given):
        return given.contest(prizes=PRIZES)

    @pytest.fixture
    def changer(self, given, visit, contest_id):
        return Changer(visit(given.account(Role.ORGANIZER)), contest_id)

    def test_the_whole_way(self, given, visit, app, changer, contest_id, clock):
        person = given.account()
        given.entry(contest_id, person)
        clock.advance(minutes=5)
        assert changer.press("preview", minutes="30", why="").status_code == 200
        page = changer.response.text
        assert "Thay đổi này ảnh hưởng đến người dự thi" in page
        assert re.search(r"<del>[^<]*20 phút", page)
        assert re.search(r"<ins>[^<]*30 phút", page)
        with app.app_context():
            assert rule_set(db.session.get_one(Contest, contest_id)).contest.minutes == 20
        assert changer.confirm(why="").status_code == 422
        assert changer.confirm(why="Câu hỏi dài").status_code == 422  # not confirmed
        assert changer.confirm(why="Câu hỏi dài", confirmed="y").status_code == 302
        own = visit(person)
        for address in ("/cuoc-thi/cuoc-thi-1", "/cuoc-thi/cuoc-thi-1/thi"):
            page = own.get(address).text
            assert "Thể lệ đã thay đổi: bản số 2" in page
            assert "Lý do: Câu hỏi dài" in page
        page = own.post("/cuoc-thi/cuoc-thi-1/the-le/2/da-doc", page="/cuoc-thi/cuoc-thi-1", follow_redirects=True)
        assert "Thể lệ đã thay đổi" not in page.text
        assert "Đã ghi nhận là bạn đã đọc" in page.text
        anybody = visit()
        assert "/cuoc-thi/cuoc-thi-1/the-le/2" in anybody.get("/cuoc-thi/cuoc-thi-1").text
        second, first = (anybody.get(f"/cuoc-thi/cuoc-thi-1/the-le/{n}").text for n in (2, 1))
        assert "Khác bản trước ở đâu" in second
        assert "30 phút" in second
        assert "Đây là bản cũ" in first
        assert anybody.get("/cuoc-thi/cuoc-thi-1/the-le/3").status_code == 404

    def test_sending_what_was_shown_changes_nothing(self, changer, app, contest_id):
        with app.app_context(), transaction():
            round_ = db.session.scalars(select(Round).filter_by(contest_id=contest_id)).one()
            round_.closes_at += timedelta(seconds=17, microseconds=5)
        changer.read(changer.browser.get(changer.url))
        assert changer.press("preview").status_code == 409
        assert "giống hệt thể lệ đang dùng" in changer.response.text

    @SQLITE
    def test_a_prize_under_another_name_is_harmless(self, changer, app, contest_id):
        assert changer.press("preview", **{"divisions-0-prizes-0-name": "Giải Đặc biệt"}).status_code == 200
        assert "Không thay đổi nào ảnh hưởng đến người dự thi" in changer.response.text
        assert changer.confirm(why="Đổi tên").status_code == 302
        with app.app_context():
            tier = rule_set(db.session.get_one(Contest, contest_id)).divisions[0].rules.prizes[0]
        assert (tier.code, tier.name) == ("giai-nhat", "Giải Đặc biệt")

    @SQLITE
    def test_what_is_sealed_is_named(self, changer):
        response = changer.press("preview", points_per_item="5", **{"rounds-0-opens_at": "2024-11-20T12:30"})
        assert response.status_code == 409
        assert "điểm của câu hỏi và cách chấm không đổi được nữa" in response.text
        assert "đã mở nên không đổi được giờ mở" in response.text

    @SQLITE
    def test_faults_of_the_form_are_shown_as_in_the_builder(self, changer):
        assert changer.press("preview", minutes="0").status_code == 422
        assert "Hãy nhập số nguyên từ 1 đến 240" in changer.response.text

    @SQLITE
    def test_lines_come_and_go(self, changer):
        assert changer.press("add:divisions-0-prizes").status_code == 200
        assert "divisions-0-prizes-1-name" in changer.values

    @SQLITE
    def test_a_preview_that_was_tampered_with(self, changer):
        changer.press("preview", minutes="30")
        assert changer.confirm(why="x", confirmed="y", rules="{}").status_code == 400
        assert changer.confirm(why="x", confirmed="y", rules="rác").status_code == 400
        assert changer.confirm(why="x", confirmed="y", seen="cũ").status_code == 409

    @SQLITE
    def test_who_may(self, given, visit, contest_id, changer):
        url = f"/to-chuc/cuoc-thi/{contest_id}/sua-the-le"
        assert visit(given.account(Role.JUDGE)).get(url).status_code == 403
        assert visit().get(url).status_code == 302
        draft = given.contest(state="draft")
        assert changer.browser.get(f"/to-chuc/cuoc-thi/{draft}/sua-the-le").status_code == 404
        assert url in changer.browser.get(f"/to-chuc/cuoc-thi/{contest_id}").text

    @SQLITE
    def test_reading_is_for_those_who_have_entered(self, given, visit, contest_id):
        stranger = visit(given.account())
        page = "/cuoc-thi/cuoc-thi-1/dang-ky"
        assert stranger.post("/cuoc-thi/cuoc-thi-1/the-le/2/da-doc", page=page).status_code == 404

    def test_two_organizers_at_once(self, given, visit, app, contest_id):
        changers = [Changer(visit(given.account(Role.ORGANIZER)), contest_id) for _ in range(2)]
        for changer, minutes in zip(changers, ("30", "40"), strict=True):
            assert changer.press("preview", minutes=minutes).status_code == 200
        answers = at_once(*(lambda c=c: c.confirm(why="x", confirmed="y").status_code for c in changers))
        assert sorted(answers) == [302, 409]
        with app.app_context():
            assert db.session.scalars(select(RuleVersion.number).order_by(RuleVersion.number)).all() == [1, 2]


def test_a_contest_opened_before_there_were_versions(given, visit):
    given.contest()
    assert "Đang dùng" in visit().get("/cuoc-thi/cuoc-thi-1/the-le/1").text
