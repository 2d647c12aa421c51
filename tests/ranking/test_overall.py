"""The ranking of a whole contest over its rounds."""

from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.ranking import corrections, queries, service
from quiz.ranking.refusals import RankingRefusal
from tests.ranking.places import places, values

DONG_NAI = {"how": "sum", "chain": ["score", "elapsed", "attempts"]}


@pytest.fixture
def judge(given):
    return given.account(Role.JUDGE)


@pytest.fixture
def overall_of(app, judge, clock):
    def make(division_id, minutes=200):
        with app.app_context(), transaction():
            actor = db.session.get(Account, judge)
            now = clock.now + timedelta(minutes=minutes)
            return service.make_sheet(None, db.session.get(Division, division_id), actor, now=now).id

    return make


@pytest.fixture
def weeks(given):
    """Two weeks: one person steady over both, one perfect in the first only."""
    contest = given.contest(rounds=2, rules={"overall": DONG_NAI})
    steady, once = given.entry(contest), given.entry(contest)
    first, second = given.round_ids(contest)
    given.attempt(steady, first, score=3, seconds=30)
    given.attempt(steady, second, score=3, seconds=40)
    given.attempt(steady, second, score=2, seconds=10, number=2)
    given.attempt(once, first, score=4, seconds=10)
    return contest, steady, once


def test_points_times_and_attempts_add_up_over_the_weeks(app, given, overall_of, weeks):
    contest, steady, once = weeks
    sheet = overall_of(given.division_ids(contest)[0])
    with app.app_context():
        assert places(sheet) == [(1, steady, False), (2, once, False)]
        assert values(sheet, "score") == [6, 4]
        assert values(sheet, "elapsed") == [70_000, 10_000]
        assert values(sheet, "attempts") == [3, 1]
        ranking = queries.sheet_by_id(sheet)
        assert (ranking.round_id, ranking.attempts, ranking.scope_code) == (None, 4, "chung")


def test_it_waits_for_the_last_round_and_for_a_rule_that_asks_for_it(given, overall_of, weeks):
    with pytest.raises(Refusal) as early:
        overall_of(given.division_ids(weeks[0])[0], minutes=90)
    assert early.value.reason is RankingRefusal.ROUND_STILL_OPEN
    plain = given.contest()
    with pytest.raises(Refusal) as none:
        overall_of(given.division_ids(plain)[0])
    assert none.value.reason is RankingRefusal.CONTEST_NOT_RANKED


def test_an_annulment_in_any_round_renews_it(app, given, clock, judge, overall_of, weeks):
    from quiz.attempts.models import Attempt

    contest, _steady, once = weeks
    (division_id,) = given.division_ids(contest)
    overall_of(division_id)
    with app.app_context(), transaction():
        attempt = db.session.scalars(db.select(Attempt).filter_by(number=1).order_by(Attempt.id)).first()
        actor = db.session.get(Account, judge)
        later = clock.now + timedelta(minutes=201)
        (new,) = corrections.annul(attempt, actor, why="thi hộ người khác", now=later)
        assert (new.round_id, new.number) == (None, 2)
        assert places(new.id)[0][1] == once


def test_the_judges_make_and_publish_it(app, given, clock, visit, judge, weeks):
    contest, _steady, _once = weeks
    (division_id,) = given.division_ids(contest)
    clock.advance(minutes=200)
    person = visit(judge)
    assert "Toàn cuộc thi" in person.get("/xet-hang").text
    made = person.post(f"/xet-hang/lap-chung/{division_id}", page="/xet-hang")
    assert made.status_code == 302
    page = person.get(made.headers["Location"]).text
    assert "Toàn cuộc thi" in page
    organizer = visit(given.account(Role.ORGANIZER))
    assert organizer.post(made.headers["Location"] + "/cong-bo", page=made.headers["Location"]).status_code == 302
    with app.app_context():
        assert all(r.published_at is None for r in db.session.scalars(db.select(Round)))
    slug = f"cuoc-thi-{contest}"
    with app.app_context():
        slug = db.session.get(Division, division_id).contest.slug
    assert visit().get(f"/bang-xep-hang/{slug}/chung/bang-1").status_code == 200
    assert "Toàn cuộc thi" in visit().get(f"/ket-qua/{slug}?ky=chung").text


def test_a_prediction_over_the_whole_contest_keeps_the_numbers_of_its_first_rounds(given, clock, visit):
    """After the first round people still guess how many take part in all."""
    asked = {
        "prediction": {"target": "people", "scope": "contest"},
        "overall": {"how": "sum", "chain": ["score", "prediction"]},
    }
    contest = given.contest(rounds=2, rules=asked)
    given.attempt(given.entry(contest), given.round_ids(contest)[0])
    clock.advance(minutes=90)
    slug = f"cuoc-thi-{contest}"
    page = visit().get(f"/bang-xep-hang/{slug}/ky-1/bang-1").text
    assert "trong 1 người" not in page
    clock.advance(minutes=60)
    assert visit().get(f"/bang-xep-hang/{slug}/ky-1/bang-1").status_code == 200


def test_the_first_publication_fixes_the_rules_of_its_rounds(app, given, judge, overall_of, weeks):
    contest, _steady, _once = weeks
    sheet = overall_of(given.division_ids(contest)[0])
    with app.app_context(), transaction():
        ranking, actor = queries.sheet_by_id(sheet), db.session.get(Account, judge)
        service.publish(ranking, actor, now=ranking.made_at)
    with app.app_context():
        rounds = db.session.scalars(db.select(Round)).all()
        assert all(r.first_published_at is not None and r.published_at is None for r in rounds)
