"""Whoever changes a counted vote of the council behind the application's back is named."""

import pytest
from sqlalchemy import text

from quiz.db import db, transaction
from quiz.exemplars.vote_models import VoteMode
from quiz.reports import record_check
from quiz.rules.votes import Choice
from tests.exemplars.nominees import Department, code_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


@pytest.fixture(params=[VoteMode.SECRET, VoteMode.OPEN])
def counted(request, app, given, clock):
    """A counted vote on two nominations."""
    d = Department.made(given, clock)
    with app.app_context():
        vote, ids = d.voting("Người Một", "Người Hai", mode=request.param)
        for n, member in enumerate(d.council):
            d.cast(vote, member, {ids[0]: Choice.AGREE, ids[1]: Choice.DISAGREE}, code=code_of(n))
        d.close(vote)
        with transaction():
            for name in db.session.scalars(text(TRIGGERS)).all():
                db.session.execute(text(f'DROP TRIGGER "{name}"'))
    return request.param


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE council_vote SET voted = voted - 1", "council_vote 1"),
        ("UPDATE council_vote SET digest = 'ff'", "council_vote 1"),
        ("UPDATE vote_paper SET agree = agree - 1, disagree = disagree + 1 WHERE nomination_id = 1", "vote_paper 1/1"),
        ("UPDATE vote_paper SET outcome = 'chosen' WHERE nomination_id = 2", "vote_paper 1/2"),
        ("BALLOT", "ballots of council_vote 1"),
    ],
)
def test_whoever_changes_a_counted_vote_is_named(app, counted, statement, named):
    with app.app_context():
        assert [line for line in record_check.faults() if "vote" in line] == []
        if statement == "BALLOT":
            statement = (
                "UPDATE ballot_box SET ballots = replace(ballots, 'disagree', 'agree') WHERE nomination_id = 2"
                if counted is VoteMode.SECRET
                else "UPDATE open_ballot SET choice = 'agree' WHERE nomination_id = 2"
            )
        with transaction():
            db.session.execute(text(statement))
        db.session.expire_all()
        assert any(line.startswith(named) for line in record_check.faults())
