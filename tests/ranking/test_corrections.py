"""A judge annuls an attempt: places move up, the truth is counted again, and taking it back undoes both."""

from datetime import timedelta

import pytest

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.ranking import corrections, queries, service
from quiz.ranking.corrections import Move, Place, moved
from quiz.ranking.models import Ranking
from tests.ranking.places import places, values

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}, {"code": "nhi", "name": "Giải Nhì", "quota": 1}]
PREDICTS = {
    "prediction": {"target": "people_all_correct"}, "chain": ["score", "prediction", "elapsed"], "attempt_limit": 2,
}  # fmt: skip
WHY = "Làm 4 câu trong 10 giây"


@pytest.fixture
def ranked(app, given, clock):
    """Two divisions, three people in the first, all right; each predicts 3, and one of the other division makes it 4."""

    class Ranked:
        contest = given.contest(rules=PREDICTS, prizes=PRIZES, divisions=("Cán bộ", "Nhân dân"))
        judge = given.account(name="Giám khảo")

        def __init__(self):
            (self.round_id,) = given.round_ids(self.contest)
            self.divisions = given.division_ids(self.contest)
            self.entries = [given.entry(self.contest) for _ in range(3)]
            self.attempts = [
                given.attempt(entry, self.round_id, seconds=10 * n, prediction=3)
                for n, entry in enumerate(self.entries, 1)
            ]
            self.other = given.entry(self.contest, division=1)
            given.attempt(self.other, self.round_id, prediction=3)

        def make_sheets(self):
            with app.app_context(), transaction():
                for division_id in self.divisions:
                    service.make_sheet(
                        db.session.get(Round, self.round_id), db.session.get(Division, division_id),
                        db.session.get(Account, self.judge), now=clock.now + timedelta(minutes=61),
                    )  # fmt: skip

        def correct(self, deed, n, minutes):
            with app.app_context(), transaction():
                attempt = db.session.get(Attempt, self.attempts[n])
                actor = db.session.get(Account, self.judge)
                new = deed(attempt, actor, why=WHY, now=clock.now + timedelta(minutes=minutes))
                return [(sheet.division_id, sheet.number) for sheet in new]

        def latest(self, division=0):
            with app.app_context():
                sheet = queries.latest_sheet(self.round_id, self.divisions[division])
                gaps = values(sheet.id, "prediction")
                found = places(sheet.id)
                return sheet.truth, [(place, entry, gap) for (place, entry, _), gap in zip(found, gaps, strict=True)]

    return Ranked()


def test_annulling_makes_new_sheets_with_places_moved_up_and_the_truth_counted_again(app, ranked):
    ranked.make_sheets()
    a, b, c = ranked.entries
    assert ranked.latest() == (4, [(1, a, 1), (2, b, 1), (3, c, 1)])
    first, second = ranked.divisions
    assert ranked.correct(corrections.annul, 0, 70) == [(first, 2), (second, 2)]
    assert ranked.latest() == (3, [(1, b, 0), (2, c, 0)])
    assert ranked.latest(1) == (3, [(1, ranked.other, 0)])
    with app.app_context():  # the old ones are kept
        assert db.session.scalar(db.select(db.func.count()).select_from(Ranking)) == 4


def test_restoring_brings_the_order_back(ranked):
    ranked.make_sheets()
    before = ranked.latest()
    ranked.correct(corrections.annul, 0, 70)
    assert ranked.correct(corrections.restore, 0, 80) == [(d, 3) for d in ranked.divisions]
    assert ranked.latest() == before


def test_without_a_prediction_only_the_own_division_is_made_anew(app, given, clock):
    contest = given.contest(divisions=("Cán bộ", "Nhân dân"))
    (round_id,), divisions = given.round_ids(contest), given.division_ids(contest)
    judge = given.account()
    attempt = given.attempt(given.entry(contest), round_id)
    given.attempt(given.entry(contest, division=1), round_id)
    later = clock.now + timedelta(minutes=61)
    with app.app_context(), transaction():
        actor = db.session.get(Account, judge)
        for division_id in divisions:
            service.make_sheet(db.session.get(Round, round_id), db.session.get(Division, division_id), actor, now=later)
    with app.app_context(), transaction():
        new = corrections.annul(
            db.session.get(Attempt, attempt), db.session.get(Account, judge), why=WHY, now=later
        )  # the same moment as the sheet: what counts is what the sheet was made from, not the clock
        assert [(s.division_id, s.number, s.people) for s in new] == [(divisions[0], 2, 0)]


def test_before_any_sheet_annulling_makes_none(ranked):
    assert ranked.correct(corrections.annul, 0, 5) == []


def look_ahead(app, ranked, n, *, annul, now):
    with app.app_context():
        return corrections.consequences(db.session.get(Attempt, ranked.attempts[n]), annul=annul, now=now)


def test_the_look_ahead_tells_what_then_happens(app, ranked, clock):
    ranked.make_sheets()
    a, b, c = ranked.entries
    later = clock.now + timedelta(minutes=65)
    seen = look_ahead(app, ranked, 0, annul=True, now=later)
    assert seen.person == Move(a, Place(1, "nhat"), None)
    assert list(seen.others) == [Move(b, Place(2, "nhi"), Place(1, "nhat")), Move(c, Place(3), Place(2, "nhi"))]
    assert (seen.up, seen.down, seen.more) == (2, 0, 0)
    assert (seen.has_truth, seen.truth_before, seen.truth_after) == (True, 4, 3)
    ranked.correct(corrections.annul, 0, 70)
    back = look_ahead(app, ranked, 0, annul=False, now=later)
    assert back.person == Move(a, None, Place(1, "nhat"))
    assert (back.up, back.down, back.truth_before, back.truth_after) == (0, 2, 3, 4)


def test_the_look_ahead_writes_nothing(app, ranked, clock):
    ranked.make_sheets()
    before = ranked.latest()
    look_ahead(app, ranked, 0, annul=True, now=clock.now + timedelta(minutes=65))
    assert ranked.latest() == before


def test_whoever_has_another_attempt_keeps_a_place(app, given, ranked, clock):
    given.attempt(ranked.entries[0], ranked.round_id, score=3, number=2)
    seen = look_ahead(app, ranked, 0, annul=True, now=clock.now + timedelta(minutes=65))
    assert seen.person.after == Place(3)


def test_while_the_round_is_open_no_truth_is_told(app, ranked, clock):
    seen = look_ahead(app, ranked, 0, annul=True, now=clock.now + timedelta(minutes=5))
    assert (seen.has_truth, seen.truth_before) == (False, None)
    assert seen.person.before == Place(1, "nhat")


def test_moved_lists_only_those_whose_place_or_prize_differs():
    before = {1: Place(1, "nhat"), 2: Place(2), 3: Place(3), 4: Place(4)}
    after = {2: Place(1, "nhat"), 3: Place(3), 4: Place(4, "nhi")}
    assert moved(before, after, except_for=1) == [
        Move(2, Place(2), Place(1, "nhat")),
        Move(4, Place(4), Place(4, "nhi")),
    ]
