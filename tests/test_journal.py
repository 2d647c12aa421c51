"""The journal only grows, and a change behind the application's back breaks its chain."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quiz import journal
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import db, transaction
from tests.conftest import NOON


@pytest.fixture
def three_records(given, db_session):
    actor = db.session.get_one(Account, given.account(Role.JUDGE, name="Trần Thị Giám Khảo"))
    for n in range(3):
        with transaction():
            journal.record(actor, "test.done", f"thing:{n}", now=NOON, before=None, after={"n": n}, why="vì thế")


def test_the_chain_holds(three_records, db_session):
    assert journal.first_broken() is None
    last = db.session.get_one(journal.JournalRecord, 3)
    assert (last.actor_name, last.reason, last.after) == ("Trần Thị Giám Khảo", "vì thế", {"n": 2})


@pytest.mark.parametrize(
    "statement", ["UPDATE journal SET reason = 'khác' WHERE seq = 2", "DELETE FROM journal WHERE seq = 2"]
)
def test_the_database_refuses_to_change_it(three_records, db_session, statement):
    with pytest.raises(DBAPIError, match="fixed"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE journal SET reason = 'khác' WHERE seq = 2", 2),
        ("UPDATE journal SET at = '2020-01-01 00:00:00.000000' WHERE seq = 1", 1),
        ("DELETE FROM journal WHERE seq = 2", 2),
        ("DELETE FROM journal WHERE seq = 3", 3),
    ],
)
def test_a_change_behind_its_back_is_named(three_records, db_session, statement, broken):
    if db.engine.dialect.name == "sqlite":
        for trigger in ("journal_no_update", "journal_no_delete"):
            db.session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text(statement))
    db.session.commit()
    db.session.expire_all()
    assert journal.first_broken() == broken
