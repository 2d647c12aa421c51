"""Two people at the same moment: the database's constraints decide, and the second one is told."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest

from quiz.accounts.models import Account
from quiz.attempts import news
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import service as marking
from quiz.marking.models import Annulment
from quiz.marking.refusals import MarkingRefusal
from quiz.ranking import board_queries, boards, clockwork, service
from quiz.ranking.models import BoardBucket, BoardEntry, Ranking
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


def test_two_builders_at_once_make_one_board(app, given, clock, ids, at_once):
    round_id, division_id, _attempts, _judge = ids

    def keep_up():
        contest_id = db.session.get(Round, round_id).contest_id
        clockwork.keep_up(contest_id, [round_id], now=clock.now)

    assert at_once(keep_up, threads=3) == []
    with app.app_context():
        keep_up()  # what waited while the board was being built
        assert live_people(round_id, division_id) == 5


def live_people(round_id, division_id):
    """The people of the live board, which its rows and its fence posts bear out."""
    board = board_queries.live_board(round_id, division_id)
    rows = db.session.scalar(db.select(db.func.count()).select_from(BoardEntry).filter_by(board_id=board.id))
    posts = db.session.scalar(db.select(db.func.sum(BoardBucket.people)).filter_by(board_id=board.id))
    assert board.people == rows == posts
    return board.people


def test_two_nodes_take_the_news_of_the_same_people_at_once(app, given, clock, at_once, monkeypatch):
    monkeypatch.setattr(boards, "BATCH", 3)
    contest = given.contest(rules={"attempt_limit": None})
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    with app.app_context():
        clockwork.keep_up(contest, [round_id], now=clock.now)
    people = [given.entry(contest) for _ in range(4)]
    for number in range(1, 7):
        for entry in people:
            given.attempt(entry, round_id, number=number, score=number % 5, seconds=70 - number)
    assert at_once(lambda: boards.fold(round_id, now=clock.now), threads=3) == []
    with app.app_context():
        assert live_people(round_id, division_id) == 4
        board = board_queries.live_board(round_id, division_id)
        assert board.attempts == 24
        assert boards.rounds_with_news() == []
        best = db.select(Attempt.number).join(BoardEntry, BoardEntry.attempt_id == Attempt.id)
        assert set(db.session.scalars(best)) == {4}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_annulment_that_is_not_yet_committed_is_not_lost(app, given, clock, ids):
    """Its news are there already; whoever takes them must wait for it, or leave them. SQLite has one writer at a time."""
    round_id, division_id, attempts, judge = ids
    with app.app_context():
        contest_id = db.session.get(Round, round_id).contest_id
        clockwork.keep_up(contest_id, [round_id], now=clock.now)
        with transaction():
            news.tell([attempts[0]])
    annulled, go_on = Event(), Event()

    def annul():
        with app.app_context(), transaction():
            attempt, actor = db.session.get(Attempt, attempts[0]), db.session.get(Account, judge)
            marking.annul(attempt, actor, why="thi hộ người khác", now=clock.now)
            annulled.set()
            go_on.wait(10)

    writer = Thread(target=annul)
    writer.start()
    annulled.wait(10)
    with app.app_context():
        boards.fold(round_id, now=clock.now)
        go_on.set()
        writer.join()
        boards.fold(round_id, now=clock.now)
        assert live_people(round_id, division_id) == 4


@pytest.mark.parametrize("whole", [False, True], ids=["a round", "the whole contest"])
def test_divisions_published_at_once_bring_the_results_out(app, given, clock, at_once, whole):
    judge = given.account()
    for _ in range(5):
        rules = {"overall": {"how": "sum", "chain": ["score", "elapsed"]}} if whole else {}
        contest = given.contest(divisions=("Bảng A", "Bảng B"), rules=rules)
        (round_id,) = given.round_ids(contest)
        later = clock.now + timedelta(minutes=61)
        with app.app_context(), transaction():
            round_, actor = db.session.get(Round, round_id), db.session.get(Account, judge)
            scope = None if whole else round_
            sheets = [service.make_sheet(scope, d, actor, now=later).id for d in round_.contest.divisions]

        def publish(sheets=sheets, later=later):
            with transaction():
                service.publish(db.session.get(Ranking, sheets.pop()), db.session.get(Account, judge), now=later)

        assert at_once(publish) == []
        with app.app_context():
            assert db.session.get(Round, round_id).published_at == later
