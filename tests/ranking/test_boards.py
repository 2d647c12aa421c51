"""Boards: built only when there is news, replaced whole, and the clock that does it."""

from datetime import timedelta

import pytest

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Round
from quiz.db import db, transaction
from quiz.marking import service as marking
from quiz.ranking import boards, clockwork, queries
from quiz.ranking.models import Ranking, Standing


@pytest.fixture
def contest(given):
    return given.contest()


@pytest.fixture
def ids(given, contest):
    return given.round_ids(contest)[0], given.division_ids(contest)[0]


def rebuild(app, ids, now, **how):
    with app.app_context():
        return boards.rebuild(*ids, now=now, **how)


def latest(app, ids):
    with app.app_context():
        board = queries.latest_board(*ids)
        rows = db.session.scalars(db.select(Standing).filter_by(ranking_id=board.id).order_by(Standing.position))
        return board, [s.entry_id for s in rows]


def test_a_board_is_written_only_when_something_ended_or_was_annulled(app, given, clock, contest, ids):
    one, two = given.entry(contest), given.entry(contest)
    given.attempt(one, ids[0], seconds=60)
    assert rebuild(app, ids, clock.now)
    later = clock.now + timedelta(seconds=5)
    assert not rebuild(app, ids, later)
    board, entries = latest(app, ids)
    assert (board.number, board.made_at, board.checked_at, entries) == (1, clock.now, later, [one])
    faster = given.attempt(two, ids[0], seconds=30)
    assert rebuild(app, ids, later)
    assert latest(app, ids)[1] == [two, one]
    judge = given.account()
    with app.app_context(), transaction():
        marking.annul(db.session.get(Attempt, faster), db.session.get(Account, judge), why="thi hộ", now=later)
    assert rebuild(app, ids, later)
    assert latest(app, ids)[1] == [one]
    with app.app_context(), transaction():
        marking.restore(db.session.get(Attempt, faster), db.session.get(Account, judge), why="nhầm", now=later)
    assert rebuild(app, ids, later)
    assert latest(app, ids)[1] == [two, one]


def test_a_started_attempt_is_no_news(app, given, clock, contest, ids):
    rebuild(app, ids, clock.now)
    given.open_attempt(given.entry(contest), ids[0])
    assert not rebuild(app, ids, clock.now)


def test_older_boards_go_but_for_the_one_somebody_may_be_reading(app, given, clock, contest, ids):
    for _ in range(4):
        given.attempt(given.entry(contest), ids[0])
        rebuild(app, ids, clock.now)
    with app.app_context():
        assert db.session.scalars(db.select(Ranking.number).order_by(Ranking.number)).all() == [3, 4]
        assert db.session.scalar(db.select(db.func.count()).select_from(Standing)) == 3 + 4


def test_many_standings_go_in_chunks(app, given, clock, contest, ids, monkeypatch):
    monkeypatch.setattr(boards, "CHUNK", 2)
    for n in range(5):
        given.attempt(given.entry(contest), ids[0], seconds=n + 1)
    for _ in range(3):
        assert rebuild(app, ids, clock.now, even_if_same=True)
    assert len(latest(app, ids)[1]) == 5
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Standing)) == 10


def test_a_half_written_board_is_never_read_and_is_cleared_away_later(app, given, clock, contest, ids):
    entry = given.entry(contest)
    given.attempt(entry, ids[0])
    rebuild(app, ids, clock.now)
    given.save(
        Ranking(
            round_id=ids[0], division_id=ids[1], kind="board", number=2, made_at=clock.now, chain=["score"], people=7
        )
    )
    assert latest(app, ids)[0].number == 1
    numbers = db.select(Ranking.number).order_by(Ranking.number)
    for minutes, left in (
        (5, [1, 2, 3]),
        (61, [3, 4]),
    ):  # another builder may still be at it, until an hour has gone by
        assert rebuild(app, ids, clock.now + timedelta(minutes=minutes), even_if_same=True)
        with app.app_context():
            assert db.session.scalars(numbers).all() == left


def test_participation_counts_people_of_all_divisions_once(app, given, clock):
    contest = given.contest(divisions=("Cán bộ", "Nhân dân"), rules={"attempt_limit": 2})
    (round_id,), divisions = given.round_ids(contest), given.division_ids(contest)
    unit, other = given.org_unit(), given.org_unit("Văn phòng")
    twice = given.entry(contest, given.account(unit=unit))
    given.attempt(twice, round_id)
    given.attempt(twice, round_id, number=2)
    given.attempt(given.entry(contest, given.account(unit=unit), division=1), round_id)
    given.attempt(given.entry(contest), round_id)  # a citizen
    given.open_attempt(given.entry(contest, given.account(unit=other)), round_id)  # still at work
    rebuild(app, (round_id, divisions[0]), clock.now)
    with app.app_context():
        assert queries.latest_of_round(round_id).participation == [[unit, 2]]


# The clock


def tick(app, now, holder="node 1", **how):
    with app.app_context():
        try:
            return clockwork.tick(holder, now=now, **how)
        finally:
            db.session.remove()


def test_a_beat_ends_what_is_over_and_builds_the_boards_of_open_rounds(app, given, clock, contest, ids):
    entry = given.entry(contest)
    attempt = given.open_attempt(entry, ids[0])
    assert tick(app, clock.now + timedelta(minutes=21))
    with app.app_context():
        assert db.session.get(Attempt, attempt).state == "expired"
    assert latest(app, ids)[1] == [entry]


def test_one_node_beats_at_a_time_and_another_takes_over(app, clock, contest):
    assert tick(app, clock.now, "node 1")
    assert not tick(app, clock.now + timedelta(seconds=5), "node 2")
    assert tick(app, clock.now + timedelta(seconds=10), "node 1")
    assert tick(app, clock.now + timedelta(seconds=10 + clockwork.LEASE_S + 1), "node 2")
    with app.app_context():
        clockwork.release_lease(clockwork.LEASE, "node 2", now=clock.now + timedelta(seconds=72))
    assert tick(app, clock.now + timedelta(seconds=73), "node 1")


@pytest.mark.parametrize(
    ("minutes", "thorough", "built"), [(119, False, True), (121, False, False), (121, True, True), (-1, True, False)]
)
def test_boards_live_until_an_hour_after_the_end(app, given, clock, contest, ids, minutes, thorough, built):
    """The round lasts an hour; the grace is ten seconds."""
    tick(app, clock.now + timedelta(minutes=minutes), thorough=thorough)
    with app.app_context():
        assert (queries.latest_board(*ids) is not None) is built


def test_published_rounds_need_no_board(app, clock, contest, ids):
    with app.app_context(), transaction():
        db.session.get(Round, ids[0]).published_at = clock.now
    tick(app, clock.now, thorough=True)
    with app.app_context():
        assert queries.latest_board(*ids) is None


def test_a_board_that_cannot_be_built_does_not_stop_the_others(app, given, clock, monkeypatch, caplog):
    first, second = given.contest(), given.contest()
    broken = given.round_ids(first)[0]
    real = boards.rebuild

    def rebuild_or_fail(round_id, division_id, **how):
        if round_id == broken:
            raise RuntimeError("no disk")
        return real(round_id, division_id, **how)

    monkeypatch.setattr(boards, "rebuild", rebuild_or_fail)
    assert tick(app, clock.now)
    assert "was not built" in caplog.text
    assert latest(app, (given.round_ids(second)[0], given.division_ids(second)[0]))[0].number == 1


def test_the_command_rebuilds_every_board(app, given, clock, contest, ids):
    given.attempt(given.entry(contest), ids[0])
    result = app.test_cli_runner().invoke(args=["ranking", "rebuild"])
    assert result.exit_code == 0, result.output
    assert "ky-1 bang-1" in result.output
    assert len(latest(app, ids)[1]) == 1
