"""The guarded save: its SQL agrees with the rule, and any order of saves ends in the highest accepted revision."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from quiz.attempts import autosave
from quiz.attempts.models import Attempt
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.rules import clock as rules
from quiz.rules.clock import SaveRefusal
from tests.conftest import NOON

GRACE_S = 10
SECOND = timedelta(seconds=1)
MS = timedelta(milliseconds=1)
DEADLINE = NOON + timedelta(minutes=20)


def document(answer: int) -> dict:
    return {"a": {"1": [answer]}, "f": [], "p": None, "t": {}}


@pytest.fixture
def running(given):
    """The code and owner of an attempt that was started at noon."""
    contest = given.contest()
    entry = given.entry(contest)
    attempt_id = given.open_attempt(entry, given.round_ids(contest)[0], responses=document(4))
    with given.app.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        return attempt.code, attempt.account_id


def try_save(running, answer, revision, now):
    """None when taken, else the reason."""
    code, account_id = running
    try:
        with transaction():
            autosave.save(code, account_id, document(answer), revision, now=now)
    except Refusal as refusal:
        return refusal.reason
    return None


def stored(running):
    attempt = db.session.scalars(db.select(Attempt).filter_by(code=running[0])).one()
    db.session.refresh(attempt)
    return attempt.revision, attempt.responses


def test_a_save_is_stored_and_tells_the_time_left(running, db_session):
    code, account_id = running
    with transaction():
        saved = autosave.save(code, account_id, document(2), 1, now=NOON + 90 * SECOND)
    assert saved == autosave.Saved(left_ms=18 * 60_000 + 30_000, fresh=True)
    assert stored(running) == (1, document(2))


def test_a_repeat_of_the_same_save_is_harmless(running, db_session):
    assert try_save(running, 2, 1, NOON) is None
    assert try_save(running, 2, 1, NOON + SECOND) is None
    assert stored(running) == (1, document(2))


def test_other_answers_under_a_stored_revision_are_refused(running, db_session):
    assert try_save(running, 2, 3, NOON) is None
    assert try_save(running, 1, 3, NOON) is SaveRefusal.OTHER_DEVICE
    assert try_save(running, 1, 2, NOON) is SaveRefusal.OTHER_DEVICE
    assert stored(running) == (3, document(2))


@pytest.mark.parametrize(
    ("after_deadline", "expected"),
    [(-MS, None), (0 * MS, None), (GRACE_S * SECOND, None), (GRACE_S * SECOND + MS, SaveRefusal.TIME_OVER)],
)
def test_saves_around_the_deadline(running, db_session, after_deadline, expected):
    assert try_save(running, 1, 1, DEADLINE + after_deadline) is expected
    assert stored(running)[0] == (1 if expected is None else 0)


def test_another_person_cannot_save(running, given, db_session):
    code, _ = running
    assert try_save((code, given.account()), 1, 1, NOON) is SaveRefusal.NOT_FOUND
    assert try_save(("KHONGCO", running[1]), 1, 1, NOON) is SaveRefusal.NOT_FOUND


def test_a_submitted_attempt_takes_no_save(given, db_session):
    contest = given.contest()
    attempt_id = given.attempt(given.entry(contest), given.round_ids(contest)[0])
    attempt = db.session.get_one(Attempt, attempt_id)
    assert try_save((attempt.code, attempt.account_id), 1, 99, NOON) is SaveRefusal.SUBMITTED


# revision, answer, seconds after noon: duplicates, late ones and stale ones among them
saves = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 4), st.sampled_from([1, 60, 1199, 1205, 1210, 1211, 2000])),
    min_size=1,
    max_size=14,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@each(arriving=saves)
def test_any_order_of_saves_ends_in_the_highest_accepted_revision(running, db_session, arriving):
    attempt = db.session.scalars(db.select(Attempt).filter_by(code=running[0])).one()
    with transaction():
        attempt.revision, attempt.responses = 0, document(4)
    revision, answer = 0, 4
    for new_revision, new_answer, seconds in arriving:
        now = NOON + seconds * SECOND
        taken = try_save(running, new_answer, new_revision, now) is None
        if rules.accepts_save(True, revision, new_revision, DEADLINE, GRACE_S, now):
            assert taken
            revision, answer = new_revision, new_answer
        else:
            assert taken == ((new_revision, new_answer) == (revision, answer))
        assert stored(running) == (revision, document(answer))
