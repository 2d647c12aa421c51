"""Notices are read from facts: everybody is told what concerns them, once it is a fact that they may see."""

from datetime import timedelta

import pytest

from quiz.accounts import notices
from quiz.accounts.models import Account
from quiz.attempts import submission
from quiz.contests.models import Contest, Qualification, Round
from quiz.db import db, transaction
from quiz.ranking.models import Ranking
from quiz.recognition.models import Award, Decision

MONTH = timedelta(days=30)


@pytest.fixture
def keys(app, clock):
    """`keys(account)`: what the person is told now, the newest first."""

    def read(account_id):
        with app.test_request_context():
            account = db.session.get_one(Account, account_id)
            return [n.key.split(":")[0] for n in notices.inbox(account, now=clock())]

    return read


@pytest.mark.parametrize(("seconds", "told"), [(-1, []), (0, ["round-open"])])
def test_a_round_that_opens(given, clock, keys, seconds, told):
    contest = given.contest(opens_at=clock() + timedelta(hours=2), closes_at=clock() + timedelta(hours=3))
    person, stranger = given.account(), given.account()
    given.entry(contest, person)
    clock.advance(hours=2, seconds=seconds)
    assert keys(person) == told
    assert keys(stranger) == []


def test_who_registers_later_knows_that_it_is_open(given, clock, keys):
    contest, person = given.contest(), given.account()
    clock.advance(minutes=5)
    given.entry(contest, person)
    assert keys(person) == []


def test_a_round_for_some_tells_only_those(app, given, clock, keys):
    final = {"admission": {"rounds": ["ky-1"], "quota": 1}}
    contest = given.contest(
        rounds=2, round_rules=[{}, final], opens_at=clock() + timedelta(hours=1), closes_at=clock() + timedelta(hours=2)
    )
    let_in, other = given.account(), given.account()
    entry = given.entry(contest, let_in)
    given.entry(contest, other)
    given.save(
        Qualification(round_id=given.round_ids(contest)[1], entry_id=entry, admitted_at=clock(), admitted_by_id=other)
    )
    clock.advance(hours=2)
    assert keys(let_in) == ["round-open", "round-open"]
    assert keys(other) == ["round-open"]


def test_an_attempt_that_the_clock_has_ended(app, given, clock, keys):
    contest, person = given.contest(), given.account()
    attempt_entry = given.entry(contest, person)
    given.open_attempt(attempt_entry, given.round_ids(contest)[0])
    clock.advance(minutes=19)
    assert keys(person) == []
    clock.advance(minutes=2)
    with app.app_context(), transaction():
        submission.end_expired(clock())
    assert keys(person) == ["attempt-ended"]


def sheet_of(given, contest, clock, number=1, published=True):
    return given.save(
        Ranking(
            round_id=given.round_ids(contest)[0], division_id=given.division_ids(contest)[0], number=number, made_at=clock(),
            chain=["score"], published_at=clock() if published else None,
        )
    )  # fmt: skip


def test_results_are_told_when_they_are_published_and_not_before(app, given, clock, visit, keys):
    contest, person, absent = given.contest(), given.account(), given.account()
    given.attempt(given.entry(contest, person), given.round_ids(contest)[0])
    given.entry(contest, absent)
    clock.advance(hours=2)
    sheet = sheet_of(given, contest, clock, published=False)
    assert keys(person) == []
    with app.app_context(), transaction():
        db.session.get_one(Ranking, sheet).published_at = clock()
    assert keys(person) == ["results"]
    assert keys(absent) == []
    clock.advance(hours=1)
    sheet_of(given, contest, clock, number=2)
    page = visit(person).get("/thong-bao").text
    assert "Kết quả được đính chính" in page
    assert page.index("Kết quả được đính chính") < page.index("Đã có kết quả")


def test_a_prize(app, given, clock, keys):
    contest, person = given.contest(), given.account()
    entry = given.entry(contest, person)
    sheet = sheet_of(given, contest, clock)
    decision = Decision(
        contest_id=contest, ranking_id=sheet, number="45/QĐ-BTC", signed_on=clock().date(), place_name="Tây Ninh",
        signer_name="Lê Văn Hòa", signer_title="Trưởng Ban", organization="Sở Tư pháp", made_at=clock(), made_by_id=person,
    )  # fmt: skip
    decision.awards.append(Award(entry_id=entry, position=1, place=1, tier="nhat", tier_name="Giải Nhất", amount=1))
    given.save(decision)
    assert keys(person) == ["award"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reading_is_a_deed_of_the_person(given, clock, visit):
    contest = given.contest(opens_at=clock() + timedelta(hours=1), closes_at=clock() + timedelta(hours=2))
    person = given.account()
    given.entry(contest, person)
    clock.advance(hours=1)
    browser = visit(person)
    assert "Bạn có 1 thông báo chưa đọc" in browser.get("/").text
    assert "Chưa đọc" in browser.get("/thong-bao").text
    assert browser.post("/thong-bao").status_code == 302
    assert "Chưa đọc" not in browser.get("/thong-bao").text
    assert "chưa đọc" not in browser.get("/").text
    clock.advance(days=181)
    assert "Chưa có thông báo nào" in browser.get("/thong-bao").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_notices_are_for_people_who_are_signed_in(visit):
    assert visit().get("/thong-bao").status_code == 302
    assert "chưa đọc" not in visit().get("/").text


def test_every_notice_leads_to_a_page(app, given, clock, visit):
    contest, person = (
        given.contest(opens_at=clock() + timedelta(hours=1), closes_at=clock() + timedelta(hours=2)),
        given.account(),
    )
    entry = given.entry(contest, person)
    clock.advance(hours=1)
    given.attempt(entry, given.round_ids(contest)[0], state="expired")
    sheet_of(given, contest, clock)
    clock.advance(hours=2)
    with app.app_context():  # as publishing does
        with transaction():
            round_ = db.session.get_one(Round, given.round_ids(contest)[0])
            round_.published_at = round_.first_published_at = clock()
        assert db.session.get_one(Contest, contest).opened_at
    with app.test_request_context():
        urls = [n.url for n in notices.inbox(db.session.get_one(Account, person), now=clock())]
    browser = visit(person)
    assert len(urls) == 3
    assert [browser.get(url).status_code for url in urls] == [200, 200, 200]
