"""The truth of a prediction: counted once, after the close and the disqualifications, and frozen with how it was counted."""

from __future__ import annotations

from datetime import datetime

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Round
from quiz.contests.rule_set import contest_rules
from quiz.contests.rules_text import truth_text
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.marking import keys
from quiz.marking.queries import annulment_counts
from quiz.ranking import endings, queries, results
from quiz.ranking.models import Truth
from quiz.ranking.refusals import RankingRefusal


def freeze_truth(contest: Contest, round_: Round | None, actor: Account, *, now: datetime) -> Truth:
    """Count what the prediction asked for and keep it for good; None counts the whole contest.

    A record whose basis still holds is given back as it is. Where attempts have been annulled or restored since, another
    record is made beside it.  Raises Refusal(RankingRefusal).
    """
    rules = contest_rules(contest)
    if rules.prediction is None:
        raise Refusal(RankingRefusal.NO_PREDICTION)
    rounds = [round_] if round_ is not None else contest.rounds
    endings.must_have_ended(rounds, now)
    keys.must_be_finished(contest)
    ids = [r.id for r in rounds]
    # read before the attempts: an annulment in between makes the record out of date, never silently wrong
    basis = queries.truth_basis(ids, annulment_counts(ids), rulings_of(contest).finished)
    round_id = round_.id if round_ is not None else None
    latest = queries.latest_truth(contest.id, round_id)
    if latest is not None and latest.basis == basis:
        return latest
    counting = results.truth_query(contest, round_id)
    query = str(counting.compile(db.engine, compile_kwargs={"literal_binds": True}))
    truth = Truth(
        contest_id=contest.id,
        round_id=round_id,
        scope=round_id or 0,
        number=latest.number + 1 if latest else 1,
        target=rules.prediction.target.value,
        value=db.session.scalar(counting) or 0,
        definition=truth_text(rules.prediction),
        query=query,
        basis=basis,
        counted_at=now,
        counted_by_id=actor.id,
    )
    if not insert_unless_taken(truth):
        raise Refusal(RankingRefusal.MADE_MEANWHILE)
    journal.record(
        actor,
        "truth.frozen",
        f"truth:{truth.id}",
        now=now,
        before=latest.value if latest else None,
        after={
            "contest": contest.id,
            "round": round_id,
            "number": truth.number,
            "target": truth.target,
            "value": truth.value,
            "definition": truth.definition,
            "query": query,
            "basis": basis,
            "counted_at": now.isoformat(),
        },
    )
    return db.session.get_one(Truth, truth.id)
