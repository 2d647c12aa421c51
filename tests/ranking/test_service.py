"""Result sheets: when they can be made, what they count, that they stay, and how they are published."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking import essays
from quiz.marking import service as marking
from quiz.ranking import corrections, proofs, queries, service
from quiz.ranking.models import Ranking, StandingIndex, StandingPage, Truth
from quiz.ranking.refusals import RankingRefusal
from quiz.rules.tie_break import NO_PREDICTION
from tests.essays import contest_with_essays, paper_with_essays
from tests.ranking.places import places, values
from tests.ranking.places import rows_of as rows_of_sheet

LATER = datetime(2030, 1, 1, tzinfo=UTC)
PREDICTS = {"prediction": {"target": "people_all_correct"}, "chain": ["score", "prediction", "elapsed", "submitted"]}


@pytest.fixture
def judge(given):
    return given.account(name="Nguyễn Hoài Nam")


@pytest.fixture
def sheet_of(app, judge, clock):
    """Make a sheet and give its id; the clock stands after the end of the round unless told otherwise."""

    def make(contest_rows, division=0, minutes=61):
        round_ids, division_ids = contest_rows
        now = clock.now + timedelta(minutes=minutes)
        with app.app_context(), transaction():
            round_, part = db.session.get(Round, round_ids[0]), db.session.get(Division, division_ids[division])
            return service.make_sheet(round_, part, db.session.get(Account, judge), now=now).id

    return make


def rows_of(given, contest_id):
    return given.round_ids(contest_id), given.division_ids(contest_id)


def test_a_sheet_ranks_by_the_chain_and_shares_places(app, given, sheet_of):
    contest = given.contest(rules={"chain": ["score", "elapsed"]})
    (round_id,) = given.round_ids(contest)
    slow, fast, also_fast, weak = (given.entry(contest) for _ in range(4))
    given.attempt(slow, round_id, score=4, seconds=90)
    given.attempt(fast, round_id, score=4, seconds=60)
    given.attempt(also_fast, round_id, score=4, seconds=60)
    given.attempt(weak, round_id, score=3, seconds=10)
    sheet = sheet_of(rows_of(given, contest))
    with app.app_context():
        assert places(sheet) == [(1, fast, True), (1, also_fast, True), (3, slow, False), (4, weak, False)]
        ranking = db.session.get(Ranking, sheet)
        assert (ranking.number, ranking.people, ranking.attempts, ranking.truth) == (1, 4, 4, None)


def test_the_best_attempt_counts_and_all_attempts_are_used_up(app, given, sheet_of):
    contest = given.contest(rules={"attempt_limit": 3, "chain": ["score", "attempts"]})
    (round_id,) = given.round_ids(contest)
    twice, once = given.entry(contest), given.entry(contest)
    given.attempt(twice, round_id, score=2, number=1)
    given.attempt(twice, round_id, score=4, number=2)
    given.attempt(once, round_id, score=4)
    sheet = sheet_of(rows_of(given, contest))
    with app.app_context():
        assert places(sheet) == [(1, once, False), (2, twice, False)]
        assert values(sheet, "attempts") == [1, 2]


def test_the_truth_counts_people_of_all_divisions(app, given, sheet_of):
    contest = given.contest(rules=PREDICTS, divisions=("Cán bộ", "Nhân dân"))
    (round_id,) = given.round_ids(contest)
    exact, near, silent = (given.entry(contest, division=0) for _ in range(3))
    other = given.entry(contest, division=1)
    given.attempt(near, round_id, score=4, seconds=10, prediction=7)
    given.attempt(exact, round_id, score=4, seconds=99, prediction=4)
    given.attempt(silent, round_id, score=4, seconds=5, prediction=None)
    given.attempt(other, round_id, score=4, prediction=4)
    sheet = sheet_of(rows_of(given, contest))
    with app.app_context():
        assert db.session.get(Ranking, sheet).truth == 4
        assert [entry for _place, entry, _tied in places(sheet)] == [exact, near, silent]
        assert values(sheet, "prediction") == [0, 3, NO_PREDICTION]
        made = db.session.scalars(db.select(JournalRecord).filter_by(action="sheet.made")).one()
        assert made.after["truth"] == 4
        frozen = db.session.scalars(db.select(JournalRecord).filter_by(action="truth.frozen")).one()
        assert (frozen.after["value"], frozen.after["target"]) == (4, "people_all_correct")
        record = db.session.scalars(db.select(Truth)).one()
        assert db.session.execute(db.text(record.query)).scalar() == record.value == 4


def test_the_digest_can_be_computed_again_from_what_is_stored(app, given, sheet_of):
    contest = given.contest(rules=PREDICTS)
    (round_id,) = given.round_ids(contest)
    for seconds in (30.123456, 40, 50):
        given.attempt(given.entry(contest), round_id, seconds=seconds, prediction=3)
    sheet = sheet_of(rows_of(given, contest))
    with app.app_context():
        ranking = db.session.get(Ranking, sheet)
        lines = [f'hieu-luat sheet 2 [["score","prediction","elapsed","submitted"],{ranking.truth}]\n']
        lines += [f"{p.position} {p.place} {p.entry_id} {p.attempt_id} {p.key.hex()}\n" for p in rows_of_sheet(sheet)]
        assert ranking.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_no_sheet_while_anybody_may_be_at_work(given, sheet_of):
    contest = given.contest()
    given.attempt(given.entry(contest), given.round_ids(contest)[0])
    for minutes in (0, 60):  # the round is closed at 60, the grace of ten seconds is not over
        with pytest.raises(Refusal) as refused:
            sheet_of(rows_of(given, contest), minutes=minutes)
        assert refused.value.reason is RankingRefusal.ROUND_STILL_OPEN
        assert "13:00 ngày 20/11/2024" in refused.value.sentence


def test_attempts_left_behind_are_ended_first(app, given, sheet_of):
    contest = given.contest()
    entry = given.entry(contest)
    attempt = given.open_attempt(
        entry, given.round_ids(contest)[0], responses={"a": {"1": [2]}, "f": [], "p": None, "t": {}}
    )
    sheet = sheet_of(rows_of(given, contest))
    with app.app_context():
        assert db.session.get(Attempt, attempt).state == "expired"
        assert places(sheet) == [(1, entry, False)]


def test_the_same_sheet_is_not_made_twice(app, given, sheet_of):
    contest = given.contest()
    given.attempt(given.entry(contest), given.round_ids(contest)[0])
    sheet_of(rows_of(given, contest))
    with pytest.raises(Refusal) as refused:
        sheet_of(rows_of(given, contest), minutes=62)
    assert refused.value.reason is RankingRefusal.SHEET_STILL_RIGHT
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Ranking)) == 1


def test_an_empty_division_has_an_empty_sheet(app, given, sheet_of):
    sheet = sheet_of(rows_of(given, given.contest(rules=PREDICTS)))
    with app.app_context():
        ranking = db.session.get(Ranking, sheet)
        assert (ranking.people, ranking.truth, places(sheet)) == (0, 0, [])


# Publication


@pytest.fixture
def publish(app, judge, clock):
    def press(ranking_id, minutes=70):
        with app.app_context(), transaction():
            ranking = queries.sheet_by_id(ranking_id)
            service.publish(ranking, db.session.get(Account, judge), now=clock.now + timedelta(minutes=minutes))

    return press


def refusal_of(press, *arguments):
    with pytest.raises(Refusal) as refused:
        press(*arguments)
    assert refused.value.sentence
    return refused.value.reason


def test_a_round_is_published_with_the_last_of_its_divisions(app, given, clock, sheet_of, publish):
    contest = given.contest(divisions=("Cán bộ", "Nhân dân"))
    rows = rows_of(given, contest)
    first, second = sheet_of(rows, 0), sheet_of(rows, 1)
    publish(first)
    with app.app_context():
        assert db.session.get(Round, rows[0][0]).published_at is None
        assert queries.published_sheet(rows[0][0], rows[1][0]).id == first
    publish(second, minutes=75)
    with app.app_context():
        assert db.session.get(Round, rows[0][0]).published_at == clock.now + timedelta(minutes=75)
        actions = db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)).all()
        assert [a for a in actions if a != "sheet.proved"] == [
            "sheet.made",
            "sheet.made",
            "sheet.published",
            "sheet.published",
        ]
    assert refusal_of(publish, first) is RankingRefusal.ALREADY_PUBLISHED


def test_only_the_latest_and_right_sheet_is_published(app, given, clock, judge, sheet_of, publish):
    contest = given.contest()
    rows = rows_of(given, contest)
    one, two = given.entry(contest), given.entry(contest)
    attempt = given.attempt(one, rows[0][0], seconds=10)
    given.attempt(two, rows[0][0], seconds=20)
    old = sheet_of(rows)
    publish(old)
    with app.app_context(), transaction():
        bad = db.session.get(Attempt, attempt)
        actor = db.session.get(Account, judge)
        new = corrections.annul(bad, actor, why="thi hộ người khác", now=clock.now + timedelta(minutes=80))
        assert new == []  # what is published changes only when people publish again
        assert queries.is_out_of_date(queries.sheet_by_id(old))
    newer = sheet_of(rows, minutes=81)
    assert refusal_of(publish, old) is RankingRefusal.NEWER_SHEET_EXISTS
    with app.app_context():
        assert queries.published_sheet(rows[0][0], rows[1][0]).id == old
        assert places(old)[0][1] == one
        assert places(newer) == [(1, two, False)]
    publish(newer)
    with app.app_context():
        assert queries.published_sheet(rows[0][0], rows[1][0]).id == newer


def test_a_sheet_out_of_date_is_not_published(app, given, clock, judge, sheet_of, publish):
    """An annulment by itself, without the conductor that makes the sheet anew."""
    from quiz.marking import service as marking

    contest = given.contest()
    rows = rows_of(given, contest)
    attempt = given.attempt(given.entry(contest), rows[0][0])
    sheet = sheet_of(rows)
    with app.app_context(), transaction():
        actor = db.session.get(Account, judge)
        marking.annul(db.session.get(Attempt, attempt), actor, why="thi hộ người khác", now=clock.now)
    assert refusal_of(publish, sheet) is RankingRefusal.SHEET_OUT_OF_DATE


def test_the_standings_of_a_sheet_cannot_be_changed(app, given, sheet_of):
    from sqlalchemy.exc import DBAPIError

    contest = given.contest()
    given.attempt(given.entry(contest), given.round_ids(contest)[0])
    sheet = sheet_of(rows_of(given, contest))
    for statement in (
        db.update(StandingPage).where(StandingPage.ranking_id == sheet).values(records=b""),
        db.delete(StandingPage).where(StandingPage.ranking_id == sheet),
        db.update(StandingIndex).where(StandingIndex.ranking_id == sheet).values(pairs=b""),
        db.delete(StandingIndex).where(StandingIndex.ranking_id == sheet),
    ):
        with app.app_context(), pytest.raises(DBAPIError), transaction():
            db.session.execute(statement)


def test_the_latest_sheets_stand_in_the_order_of_the_contest(app, given, clock):
    contest, other = (given.contest(rounds=2, divisions=("Cán bộ", "Nhân dân")) for _ in range(2))
    (first, second), (staff, people) = rows_of(given, contest)
    (_round, *_rest), (elsewhere, _division) = rows_of(given, other)
    made = [
        (None, people, 1), (second, staff, 1), (second, staff, 2), (first, people, 1), (first, staff, 3), (None, people, 2),
        (None, elsewhere, 1), (first, staff, 2),
    ]  # fmt: skip
    given.save(*(Ranking(round_id=r, division_id=d, number=n, made_at=clock(), chain=["score"]) for r, d, n in made))
    with app.app_context():
        found = queries.latest_sheets(db.session.get_one(Contest, contest))
        assert [(s.round_id, s.division_id, s.number) for s in found] == [
            (first, staff, 3), (first, people, 1), (second, staff, 2), (None, people, 2),
        ]  # fmt: skip


class TestOutOfDate:
    """A sheet says so when anything that it was made from is different, and then another can be made."""

    @pytest.fixture
    def made(self, app, given, judge, clock, sheet_of):
        contest = contest_with_essays(given)
        (round_id,) = given.round_ids(contest)
        attempt = given.attempt(
            given.entry(contest), round_id, essays=1, paper=paper_with_essays(given)[1:3], max_score=22
        )

        def mark(points, why=""):
            with app.app_context(), transaction():
                essays.mark_essay(
                    db.session.get(Attempt, attempt), 2, points, db.session.get(Account, judge), note="", why=why,
                    now=clock.now + timedelta(minutes=72 if why else 70),
                )  # fmt: skip

        mark(10)
        return contest, sheet_of(rows_of(given, contest), minutes=71), mark

    def test_other_points_of_an_essay(self, app, given, made, sheet_of):
        contest, first, mark = made
        with pytest.raises(Refusal) as refusal:
            sheet_of(rows_of(given, contest), minutes=72)
        assert refusal.value.reason is RankingRefusal.SHEET_STILL_RIGHT
        mark(3, why="Chấm nhầm")
        with app.app_context(), pytest.raises(Refusal) as refusal:
            service.publish(queries.sheet_by_id(first), db.session.get(Account, given.account()), now=LATER)
        assert refusal.value.reason is RankingRefusal.SHEET_OUT_OF_DATE
        second = sheet_of(rows_of(given, contest), minutes=73)
        with app.app_context():
            assert not queries.is_out_of_date(queries.sheet_by_id(second))
            assert [values(s, "score") for s in (first, second)] == [[14], [7]]

    def test_its_receipt_is_refused(self, app, made):
        _contest, first, mark = made
        with app.app_context():
            sheet = queries.sheet_by_id(first)
            entry_id = queries.standing_at(sheet, 1).entry_id
            assert proofs.receipt(sheet, entry_id)["position"] == 1
        mark(3, why="Chấm nhầm")
        with app.app_context(), pytest.raises(Refusal) as refusal:
            proofs.receipt(queries.sheet_by_id(first), entry_id)
        assert refusal.value.reason is RankingRefusal.CORRECTION_NOT_OUT

    def test_an_unread_paper_can_be_restored_and_then_marked(self, app, given, judge, clock, made, sheet_of):
        contest, _first, _mark = made
        with app.app_context():
            paper = db.session.get(Attempt, 1).paper
        attempt = given.attempt(given.entry(contest), given.round_ids(contest)[0], essays=1, paper=paper)
        late = clock.now + timedelta(minutes=72)
        with app.app_context(), transaction():
            row, actor = db.session.get(Attempt, attempt), db.session.get(Account, judge)
            corrections.annul(row, actor, why="thi hộ", now=late)
        with app.app_context(), transaction():
            row, actor = db.session.get(Attempt, attempt), db.session.get(Account, judge)
            assert corrections.restore(row, actor, why="khiếu nại đúng", now=late) == []
            essays.mark_essay(row, 2, 4, actor, note="", now=late)
        second = sheet_of(rows_of(given, contest), minutes=73)
        with app.app_context():
            assert values(second, "score") == [14, 8]

    def test_another_chain(self, app, given, sheet_of):
        contest = given.contest(rules={"chain": ["score", "elapsed"]})
        given.attempt(given.entry(contest), given.round_ids(contest)[0])
        first = sheet_of(rows_of(given, contest))
        with app.app_context(), transaction():
            row = db.session.get(Contest, contest)
            row.rules = row.rules | {"chain": ["score", "submitted"]}
        with app.app_context():
            assert queries.is_out_of_date(queries.sheet_by_id(first))
        second = sheet_of(rows_of(given, contest))
        with app.app_context():
            assert db.session.get(Ranking, second).chain == ["score", "submitted"]

    @pytest.mark.parametrize("truth", [None, 1])
    def test_a_sheet_from_before_the_keys_is_right_until_something_happens(self, app, given, judge, clock, truth):
        contest = given.contest(divisions=("Bảng A", "Bảng B"))
        (round_id,) = given.round_ids(contest)
        given.attempt(given.entry(contest), round_id)
        other = given.attempt(given.entry(contest, division=1), round_id)
        rows = {"round_id": round_id, "division_id": given.division_ids(contest)[0], "number": 1, "made_at": clock.now}
        sheet = given.save(Ranking(**rows, basis="0.0", form=1, truth=truth, chain=["score", "elapsed", "submitted"]))
        with app.app_context():
            assert not queries.is_out_of_date(queries.sheet_by_id(sheet))
            with pytest.raises(Refusal) as refusal:
                service.make_sheet(
                    db.session.get(Round, round_id), db.session.get(Division, given.division_ids(contest)[0]),
                    db.session.get(Account, judge), now=clock.now + timedelta(minutes=62),
                )  # fmt: skip
            assert refusal.value.reason is RankingRefusal.SHEET_STILL_RIGHT
        with app.app_context(), transaction():
            marking.annul(db.session.get(Attempt, other), db.session.get(Account, judge), why="thi hộ", now=clock.now)
        with app.app_context():
            assert queries.is_out_of_date(queries.sheet_by_id(sheet)) is (truth is not None)
