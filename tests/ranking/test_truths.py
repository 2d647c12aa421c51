"""The truth of a prediction: what it counts, that it is frozen once, and that counting again keeps the old record."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import service as marking
from quiz.ranking import queries, service, truths
from quiz.ranking.models import Truth
from quiz.ranking.refusals import RankingRefusal

CHAIN = ["score", "prediction", "submitted"]


@pytest.fixture
def judge(given):
    return given.account(Role.JUDGE)


@pytest.fixture
def freeze(app, judge, clock):
    def press(contest_id, round_id, minutes=200):
        with app.app_context(), transaction():
            round_ = db.session.get(Round, round_id) if round_id else None
            contest, actor = db.session.get(Contest, contest_id), db.session.get(Account, judge)
            record = truths.freeze_truth(contest, round_, actor, now=clock.now + timedelta(minutes=minutes))
            return record.number, record.value

    return press


def annul(app, clock, judge, attempt_id):
    with app.app_context(), transaction():
        attempt, actor = db.session.get(Attempt, attempt_id), db.session.get(Account, judge)
        marking.annul(attempt, actor, why="thi hộ người khác", now=clock.now + timedelta(minutes=201))


@pytest.mark.parametrize(
    ("target", "scope", "expected"),
    [
        ("people_all_correct", "round", [2, 1]),
        ("people", "round", [3, 2]),
        ("attempts", "round", [4, 2]),
        ("people_all_correct", "contest", [2]),
        ("people", "contest", [3]),
        ("attempts", "contest", [6]),
    ],
)
def test_three_targets_over_two_scopes(given, freeze, target, scope, expected):
    overall = {"how": "sum", "chain": CHAIN} if scope == "contest" else {}
    chain = ["score", "submitted"] if scope == "contest" else CHAIN
    contest = given.contest(
        rounds=2, divisions=("Bảng A", "Bảng B"),
        rules={"prediction": {"target": target, "scope": scope}, "chain": chain} | ({"overall": overall} if overall else {}),
    )  # fmt: skip
    a, b, c = given.entry(contest), given.entry(contest, division=1), given.entry(contest)
    first, second = given.round_ids(contest)
    given.attempt(a, first, score=4)
    given.attempt(a, first, score=3, number=2)
    given.attempt(b, first, score=4)
    given.attempt(c, first, score=1)
    given.attempt(a, second, score=4)
    given.attempt(c, second, score=1)
    scopes = [first, second] if scope == "round" else [None]
    assert [freeze(contest, round_id)[1] for round_id in scopes] == expected


def test_a_truth_is_counted_once_and_another_record_follows_a_disqualification(app, given, clock, judge, freeze):
    contest = given.contest(rules={"prediction": {"target": "people"}, "chain": CHAIN})
    (round_id,) = given.round_ids(contest)
    attempts = [given.attempt(given.entry(contest), round_id) for _ in range(3)]
    assert freeze(contest, round_id) == (1, 3)
    assert freeze(contest, round_id, minutes=300) == (1, 3)
    annul(app, clock, judge, attempts[0])
    assert freeze(contest, round_id, minutes=301) == (2, 2)
    with app.app_context():
        records = queries.truths_of(contest, round_id)
        assert [(t.number, t.value) for t in records] == [(2, 2), (1, 3)]
        assert records[0].definition == "số người có ít nhất một lượt thi trong kỳ"
    for statement in (db.update(Truth).values(value=9), db.delete(Truth)):
        with app.app_context(), pytest.raises(DBAPIError), transaction():
            db.session.execute(statement)


def test_no_truth_before_the_end_and_none_where_nobody_predicts(given, freeze):
    contest = given.contest(rules={"prediction": {"target": "people"}, "chain": CHAIN})
    with pytest.raises(Refusal) as early:
        freeze(contest, given.round_ids(contest)[0], minutes=30)
    assert early.value.reason is RankingRefusal.ROUND_STILL_OPEN
    plain = given.contest()
    with pytest.raises(Refusal) as none:
        freeze(plain, given.round_ids(plain)[0])
    assert none.value.reason is RankingRefusal.NO_PREDICTION


def test_a_new_truth_puts_the_sheets_of_all_divisions_out_of_date(app, given, clock, judge):
    contest = given.contest(
        rules={"prediction": {"target": "people"}, "chain": CHAIN}, divisions=("Bảng A", "Bảng B")
    )  # fmt: skip
    (round_id,) = given.round_ids(contest)
    attempt = given.attempt(given.entry(contest), round_id, prediction=2)
    given.attempt(given.entry(contest, division=1), round_id, prediction=1)
    later = clock.now + timedelta(minutes=200)
    with app.app_context(), transaction():
        round_, actor = db.session.get(Round, round_id), db.session.get(Account, judge)
        sheets = [service.make_sheet(round_, d, actor, now=later) for d in round_.contest.divisions]
        assert len({s.truth_id for s in sheets}) == 1
        assert not any(queries.is_out_of_date(s) for s in sheets)
    annul(app, clock, judge, attempt)
    with app.app_context(), transaction():
        round_, actor = db.session.get(Round, round_id), db.session.get(Account, judge)
        old = [queries.latest_sheet(round_id, d.id) for d in round_.contest.divisions]
        assert all(queries.is_out_of_date(s) for s in old)
        new = [service.make_sheet(round_, d, actor, now=later) for d in round_.contest.divisions]
        assert [(s.number, s.truth) for s in new] == [(2, 1), (2, 1)]
        assert [s.truth for s in old] == [2, 2]


def test_the_page_shows_every_record_with_its_query(given, clock, visit, judge):
    contest = given.contest(rules={"prediction": {"target": "people"}, "chain": CHAIN})
    (round_id,) = given.round_ids(contest)
    given.attempt(given.entry(contest), round_id)
    person = visit(judge)
    address = f"/xet-hang/so-thuc-te/{contest}/{round_id}"
    assert "Chưa chốt được" in person.get(address).text
    clock.advance(minutes=62)
    assert person.post(f"{address}/chot", page=address).status_code == 302
    page = person.get(address).text
    assert "Lần chốt số 1" in page
    assert "SELECT count(DISTINCT attempt.entry_id)" in page
    assert visit(given.account()).get(address).status_code == 403
    assert person.get(f"/xet-hang/so-thuc-te/{contest}/0").status_code == 404
