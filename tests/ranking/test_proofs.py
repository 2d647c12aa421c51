"""The proof of a sheet: its tree, its receipts, and a large sheet that waits for its job."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.ranking import proofs, service
from quiz.ranking.models import Ranking
from quiz.ranking.refusals import RankingRefusal
from quiz.rules import merkle, records

PEOPLE = 5


@pytest.fixture
def contest(given):
    return given.contest(rules={"attempt_limit": 3})


@pytest.fixture
def entries(given, contest):
    """Five people, the first of whom sat twice."""
    round_id = given.round_ids(contest)[0]
    found = [given.entry(contest) for _ in range(PEOPLE)]
    for n, entry in enumerate(found):
        given.attempt(entry, round_id, score=n % 5)
    given.attempt(found[0], round_id, score=4, number=2)
    return found


@pytest.fixture
def sheet(app, given, clock, contest, entries):
    def make():
        clock.advance(hours=2)
        judge = given.account(Role.JUDGE)
        with app.app_context(), transaction():
            round_ = db.session.get_one(Round, given.round_ids(contest)[0])
            return service.make_sheet(
                round_, round_.contest.divisions[0], db.session.get_one(Account, judge), now=clock()
            ).id

    return make


def test_everybody_can_prove_their_attempts(app, sheet, entries):
    ranking_id = sheet()
    with app.app_context():
        ranking = db.session.get_one(Ranking, ranking_id)
        proof = proofs.proof_of(ranking_id)
        assert proof.sizes == [5, 3, 2, 1]
        for entry in entries:
            receipt = json.loads(json.dumps(proofs.receipt(ranking, entry)))
            digests = [records.attempt_digest(*attempt) for attempt in receipt["attempts"]]
            record = records.record(entry, receipt["position"], receipt["key"], receipt["salt"], digests)
            assert merkle.root_by(record, receipt["proof"]).hex() == proof.root
        assert len(proofs.receipt(ranking, entries[0])["attempts"]) == 2
        assert proofs.receipt(ranking, 10_000) is None


def test_pages_of_a_tall_tree(app, sheet, entries, monkeypatch):
    monkeypatch.setattr(proofs, "PAGE", 2)
    ranking_id = sheet()
    with app.app_context():
        ranking = db.session.get_one(Ranking, ranking_id)
        root = proofs.proof_of(ranking_id).root
        for entry in entries:
            receipt = proofs.receipt(ranking, entry)
            digests = [records.attempt_digest(*attempt) for attempt in receipt["attempts"]]
            record = records.record(entry, receipt["position"], receipt["key"], receipt["salt"], digests)
            assert merkle.root_by(record, receipt["proof"]).hex() == root


def test_a_large_sheet_waits_for_its_proof(app, given, clock, sheet, monkeypatch):
    monkeypatch.setattr(proofs, "AT_ONCE", 2)
    ranking_id = sheet()
    organizer = given.account(Role.ORGANIZER)

    def publish():
        with app.app_context(), transaction():
            service.publish(
                db.session.get_one(Ranking, ranking_id), db.session.get_one(Account, organizer), now=clock()
            )

    with pytest.raises(Refusal) as refusal:
        publish()
    assert refusal.value.reason is RankingRefusal.NOT_PROVED
    with app.app_context():
        jobs.run_all(clock)
    publish()


@pytest.mark.parametrize("statement", ["UPDATE sheet_proof SET root = 'x'", "DELETE FROM proof_page"])
def test_the_database_keeps_to_it(app, sheet, statement):
    sheet()
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(statement))
