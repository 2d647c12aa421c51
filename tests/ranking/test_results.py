"""Columns of a whole division against the rules over single results: the one repeats the other for speed."""

from datetime import timedelta
from random import Random

import pytest

from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Entry, Round
from quiz.db import db
from quiz.marking.models import Annulment
from quiz.ranking import results
from quiz.rules.counting import Counted, Overall, counted, together
from quiz.rules.prediction import gap
from quiz.rules.tie_break import CRITERIA, EPOCH, Result, criterion_name, rank

CHAINS = [
    ["score", "prediction", "elapsed", "attempts", "submitted"],
    ["all_correct", "total_elapsed", "perfect_attempts", "registered"],
    ["correct", "written", "started", "elapsed:more"],
    ["attempts:more", "submitted:more"],
]
TRUTH = 5
TICK = timedelta(microseconds=1)


@pytest.fixture
def field(app, given, clock):
    """Eight people who sit up to three times in each of two rounds, some of it annulled. Gives the division."""
    contest = given.contest(rules={"attempt_limit": 3}, rounds=2, divisions=("Bảng A", "Bảng B"))
    dice = Random(7)
    judge = given.account()
    annulments = []
    for n in range(9):
        clock.advance(seconds=1)
        entry = given.entry(contest, division=n // 8)  # the last one is in another division
        for round_id in given.round_ids(contest):
            for number in range(1, dice.randint(0, 3) + 1):
                score = dice.choice((2, 3, 4, 4))
                attempt = given.attempt(
                    entry, round_id, score=score, number=number, seconds=dice.choice((30, 60, 61.5)),
                    started_at=clock.now + timedelta(minutes=dice.randint(0, 3)), prediction=dice.choice((None, 2, 5, 9)),
                    written=dice.choice((None, 1, 2)), correct=score - dice.randint(0, 1), all_correct=dice.random() < 0.5,
                )  # fmt: skip
                if dice.random() < 0.15:
                    annulments.append(
                        Annulment(attempt_id=attempt, reason="thử", annulled_at=clock.now, annulled_by_id=judge)
                    )
    given.save(*annulments)
    return given.division_ids(contest)[0]


def by_the_rules(division: Division, round_ids: list[int], how: Counted, chain: list[str]) -> dict[int, list[Result]]:
    """Entry → its counted result in each of the rounds, made from objects."""
    annulled = set(db.session.scalars(db.select(Annulment.attempt_id)))
    found: dict[int, list[Result]] = {}
    for entry in db.session.scalars(db.select(Entry).filter_by(division_id=division.id).order_by(Entry.id)):
        for round_id in round_ids:
            own = list(db.session.scalars(db.select(Attempt).filter_by(entry_id=entry.id, round_id=round_id)))
            valid = [a for a in own if a.id not in annulled]
            made = [
                Result(
                    entry_id=entry.id, attempt_id=a.id, score=a.score + (a.written or 0), elapsed_ms=a.elapsed_ms,
                    submitted_at=a.ended_at, registered_at=entry.registered_at, attempts_used=len(own),
                    prediction_gap=gap(a.prediction, TRUTH), correct=a.correct, perfect=int(a.all_correct),
                    total_elapsed_ms=sum(v.elapsed_ms for v in valid), started_at=a.started_at,
                    perfect_attempts=sum(v.all_correct for v in valid), written=a.written or 0,
                )
                for a in valid
            ]  # fmt: skip
            if made:
                found.setdefault(entry.id, []).append(counted(made, how, chain))
    return found


def as_columns(found: list[Result], chain: list[str]) -> dict[str, list[int]]:
    def number(value):
        return value if isinstance(value, int) else (value - EPOCH) // TICK

    return {name: [number(CRITERIA[name].value(r)) for r in found] for name in map(criterion_name, chain)}


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("how", [Counted.BEST, Counted.BEST_EARLIEST, Counted.FIRST, Counted.LAST])
def test_the_columns_of_a_round_are_those_of_the_rules(app, field, how, chain):
    with app.app_context():
        division = db.session.get(Division, field)
        round_id = db.session.scalars(db.select(Round.id)).first()
        expected = [own[0] for own in by_the_rules(division, [round_id], how, chain).values()]
        scope = results.Scope(field, (round_id,), Overall.NONE, how, tuple(chain), tuple(chain))
        table = results.gather(scope, chain, TRUTH)
        assert table.entry_ids == [r.entry_id for r in expected]
        assert table.attempt_ids == [r.attempt_id for r in expected]
        assert table.columns == as_columns(expected, chain)
        some = table.entry_ids[1:4]
        assert results.gather(scope, chain, TRUTH, entries=some).entry_ids == some
        places = [(p.place, p.tied, p.entry_id) for p in results.numbered(table, chain)]
        assert places == [(s.place, s.tied, s.result.entry_id) for s in rank(expected, chain)]


@pytest.mark.parametrize("choosing", [CHAINS[0], CHAINS[-1]])
@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("how", [Overall.SUM, Overall.BEST])
def test_the_columns_of_a_whole_contest_are_those_of_the_rules(app, field, how, chain, choosing):
    """In each round the attempt counts that counts in its own ranking, whatever chain ranks the whole."""
    with app.app_context():
        division = db.session.get(Division, field)
        round_ids = list(db.session.scalars(db.select(Round.id).order_by(Round.position)))
        by_entry = by_the_rules(division, round_ids, Counted.BEST, choosing)
        expected = [together(own, how, chain) for own in by_entry.values()]
        scope = results.Scope(field, tuple(round_ids), how, Counted.BEST, tuple(chain), tuple(choosing))
        table = results.gather(scope, chain, TRUTH)
        assert table.entry_ids == [r.entry_id for r in expected]
        assert table.columns == as_columns(expected, chain)


def test_moments_are_asked_for_as_microseconds(app, given, clock):
    contest = given.contest(rules={"chain": ["submitted"]})
    given.attempt(given.entry(contest), given.round_ids(contest)[0], started_at=clock.now, seconds=1.000007)
    with app.app_context():
        ended = db.session.scalars(db.select(Attempt.ended_at)).one()
        asked = db.session.scalars(db.select(results.microseconds(Attempt.ended_at))).one()
        assert EPOCH + timedelta(microseconds=asked) == ended
