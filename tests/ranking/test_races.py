"""Two people at the same moment: the database's constraints decide, and the second one is told."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import service as marking
from quiz.marking.models import Annulment
from quiz.marking.refusals import MarkingRefusal
from quiz.ranking import service
from quiz.ranking.models import Ranking
from quiz.ranking.refusals import RankingRefusal
from tests.ranking.places import places


@pytest.fixture
def at_once(app):
    """Run the same work in several threads at once; gives the reasons of those that were refused."""

    def run(work, threads=2):
        start, refused, failed = Barrier(threads), [], []

        def one():
            with app.app_context():
                start.wait()
                try:
                    work()
                except Refusal as refusal:
                    refused.append(refusal.reason)
                except Exception as error:
                    failed.append(error)
                finally:
                    db.session.remove()

        runners = [Thread(target=one) for _ in range(threads)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        assert failed == []
        return refused

    return run


@pytest.fixture
def ids(given):
    contest = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    attempts = [given.attempt(given.entry(contest), round_id, seconds=n) for n in range(1, 6)]
    return round_id, division_id, attempts, given.account()


def test_two_sheets_at_once_make_one(app, clock, ids, at_once):
    round_id, division_id, _attempts, judge = ids

    def make():
        with transaction():
            round_, division = db.session.get(Round, round_id), db.session.get(Division, division_id)
            service.make_sheet(round_, division, db.session.get(Account, judge), now=clock.now + timedelta(minutes=61))

    (reason,) = at_once(make)
    assert reason in (RankingRefusal.MADE_MEANWHILE, RankingRefusal.SHEET_STILL_RIGHT)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Ranking)) == 1
        sheet = db.session.scalars(db.select(Ranking)).one()
        assert len(places(sheet.id)) == sheet.people == 5


def test_two_annulments_at_once_make_one(app, clock, ids, at_once):
    _round_id, _division_id, attempts, judge = ids

    def annul():
        with transaction():
            attempt, actor = db.session.get(Attempt, attempts[0]), db.session.get(Account, judge)
            marking.annul(attempt, actor, why="thi hộ người khác", now=clock.now)

    assert at_once(annul) == [MarkingRefusal.ALREADY_ANNULLED]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Annulment)) == 1


def test_the_divisions_of_a_round_published_at_once_publish_the_round(app, given, clock, at_once):
    judge = given.account()
    for _ in range(5):
        contest = given.contest(divisions=("Bảng A", "Bảng B"))
        (round_id,) = given.round_ids(contest)
        later = clock.now + timedelta(minutes=61)
        with app.app_context(), transaction():
            round_, actor = db.session.get(Round, round_id), db.session.get(Account, judge)
            sheets = [service.make_sheet(round_, d, actor, now=later).id for d in round_.contest.divisions]

        def publish(sheets=sheets, later=later):
            with transaction():
                service.publish(db.session.get(Ranking, sheets.pop()), db.session.get(Account, judge), now=later)

        assert at_once(publish) == []
        with app.app_context():
            assert db.session.get(Round, round_id).published_at == later
