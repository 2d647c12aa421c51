"""The ranking of a whole contest over its rounds."""

from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.ranking import corrections, queries, service
from quiz.ranking.refusals import RankingRefusal
from quiz.reports import record_check
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
        assert all(r.published_at == clock.now for r in db.session.scalars(db.select(Round)))
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


@pytest.fixture
def publish(app, judge):
    def run(sheet):
        with app.app_context(), transaction():
            ranking, actor = queries.sheet_by_id(sheet), db.session.get(Account, judge)
            service.publish(ranking, actor, now=ranking.made_at)

    return run


def moments_of_rounds(app):
    """[(rules fixed at, results out at), …] of all rounds."""
    with app.app_context():
        return [(r.first_published_at, r.published_at) for r in db.session.scalars(db.select(Round).order_by(Round.id))]


def test_the_results_of_the_rounds_are_out_with_the_last_division_of_the_whole(app, given, publish, overall_of, clock):
    given.contest(rounds=2, rules={"overall": DONG_NAI}, divisions=("Cán bộ", "Nhân dân"))
    with app.app_context():
        divisions = [d.id for d in db.session.scalars(db.select(Division).order_by(Division.id))]
    at = clock.now + timedelta(minutes=200)
    publish(overall_of(divisions[0]))
    assert moments_of_rounds(app) == [(at, None)] * 2  # the first publication fixes the rules
    publish(overall_of(divisions[1], minutes=201))
    assert moments_of_rounds(app) == [(at, at + timedelta(minutes=1))] * 2
    with app.app_context():
        assert [line for line in record_check.faults() if line.startswith("round ")] == []


def test_a_round_whose_results_were_out_before_keeps_its_moment(app, given, judge, publish, overall_of, weeks, clock):
    contest, _steady, _once = weeks
    first, _second = given.round_ids(contest)
    early = clock.now + timedelta(minutes=100)
    with app.app_context(), transaction():
        round_, actor = db.session.get(Round, first), db.session.get(Account, judge)
        service.publish(service.make_sheet(round_, round_.contest.divisions[0], actor, now=early), actor, now=early)
    publish(overall_of(given.division_ids(contest)[0]))
    late = clock.now + timedelta(minutes=200)
    assert moments_of_rounds(app) == [(early, early), (late, late)]


def test_keys_are_released_with_the_results_when_only_the_whole_is_ranked(
    app, given, visit, publish, overall_of, clock
):
    contest = given.contest(rounds=2, rules={"overall": DONG_NAI, "review_release": "after_publish"})
    account = given.account()
    attempt = given.attempt(given.entry(contest, account), given.round_ids(contest)[0])
    with app.app_context():
        page = f"/thi/{db.session.get(Attempt, attempt).code}/ket-qua"
    clock.advance(minutes=200)
    mine = visit(account)
    waits = "mở khi Ban Tổ chức công bố kết quả"
    before = mine.get(page).text
    publish(overall_of(given.division_ids(contest)[0], minutes=0))
    after = mine.get(page).text
    assert (waits in before, waits in after, "Đáp án" in after) == (True, False, True)
