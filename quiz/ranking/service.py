"""Result sheets: made after the end of a round or contest, numbered, never edited, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests.models import Division, Round
from quiz.contests.rule_set import contest_rules, rule_set
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.marking import keys
from quiz.marking.queries import annulment_counts, count_unmarked
from quiz.ranking import endings, proofs, queries, results, seal, sheet_pages, signing, truths
from quiz.ranking.models import Ranking, Stance
from quiz.ranking.refusals import RankingRefusal
from quiz.ranking.results import numbered
from quiz.rules.tie_break import criterion_name


def make_sheet(round_: Round | None, division: Division, actor: Account, *, now: datetime) -> Ranking:
    """Rank a division for good, in a round or with None in the whole contest: end what is left, freeze the truth, number
    everybody, and seal the list.

    All in the caller's transaction, so that a sheet is there whole or not at all.  Raises Refusal(RankingRefusal).
    """
    contest = division.contest
    rules = contest_rules(contest)
    rounds = [round_] if round_ is not None else contest.rounds
    scope = results.scope_of(round_, division)
    if round_ is None and not scope.is_overall:
        raise Refusal(RankingRefusal.CONTEST_NOT_RANKED)
    endings.must_have_ended(rounds, now)
    keys.must_be_finished(contest)
    if rule_set(contest).has_essays and (waiting := count_unmarked([r.id for r in rounds])):
        raise Refusal(RankingRefusal.ESSAYS_UNMARKED, count=waiting)
    truth = None
    if "prediction" in map(criterion_name, scope.chain):
        of_round = round_ if results.truth_round(rules, round_) is not None else None
        truth = truths.freeze_truth(contest, of_round, actor, now=now)
    # read before the attempts: what changes in between makes the sheet out of date, never silently wrong
    round_ids = [r.id for r in rounds]
    basis = queries.sheet_basis(scope, truth, annulment_counts(round_ids))
    round_id = round_.id if round_ is not None else None
    latest = queries.latest_sheet(round_id, division.id)
    if latest is not None and (latest.basis == basis or not queries.is_out_of_date(latest)):
        raise Refusal(RankingRefusal.SHEET_STILL_RIGHT, number=latest.number)
    value = truth.value if truth else None
    table = results.gather(scope, scope.chain, value)
    places = numbered(table, scope.chain)
    sheet = Ranking(
        round_id=round_id,
        division_id=division.id,
        number=latest.number + 1 if latest else 1,
        made_at=now,
        made_by_id=actor.id,
        basis=basis,
        chain=list(scope.chain),
        truth_id=truth.id if truth else None,
        truth=value,
        people=len(places),
        attempts=table.attempts,
        participation=results.participation(round_ids),
        digest=seal.digest(scope.chain, value, places),
    )
    # of two people who make it at once, one waits here and is told
    if not insert_unless_taken(sheet):
        raise Refusal(RankingRefusal.MADE_MEANWHILE)
    sheet_pages.write(sheet.id, places)
    after: dict[str, Any] = {
        "round": round_id,
        "division": division.id,
        "number": sheet.number,
        "chain": sheet.chain,
        "truth": value,
        "truth_record": sheet.truth_id,
        "people": sheet.people,
        "attempts": sheet.attempts,
        "digest": sheet.digest,
        "basis": basis,
        "participation": journal.seal(sheet.participation),
    }
    journal.record(actor, "sheet.made", f"ranking:{sheet.id}", now=now, after=after)
    made = db.session.get_one(Ranking, sheet.id)
    proofs.begin(made, now=now)
    return made


def publish(ranking: Ranking, actor: Account, *, now: datetime) -> None:
    """Show the sheet to everybody; with the last division of a round its results are out, and with the last division of a
    whole contest those of all its rounds, ranked one by one or not.  Raises Refusal(RankingRefusal).
    """
    is_unpublished = signing.lock_unpublished(ranking)
    ids = [r.id for r in ([ranking.round_] if ranking.round_ is not None else ranking.contest.rounds)]
    # one at a time in a round: of two divisions published at once neither would see the other, and the round stay
    # unpublished; read after the wait, for another sheet may have brought it out
    rounds = db.session.scalars(
        select(Round).where(Round.id.in_(ids)).order_by(Round.id).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is not None and latest.number > ranking.number:
        raise Refusal(RankingRefusal.NEWER_SHEET_EXISTS, number=latest.number)
    if not is_unpublished:
        raise Refusal(RankingRefusal.ALREADY_PUBLISHED)
    if queries.is_out_of_date(ranking):
        raise Refusal(RankingRefusal.SHEET_OUT_OF_DATE)
    signatures = signing.signatures_of(ranking)
    if count := signing.missing(ranking, signatures):
        raise Refusal(RankingRefusal.NOT_SIGNED, count=count)
    if proofs.proof_of(ranking.id) is None:
        if ranking.attempts > proofs.AT_ONCE:
            raise Refusal(RankingRefusal.NOT_PROVED)
        proofs.make(ranking, now=now)  # a sheet from before there were proofs
    db.session.execute(
        update(Ranking).where(Ranking.id == ranking.id).values(published_at=now, published_by_id=actor.id)
    )
    db.session.refresh(ranking)
    is_whole = queries.divisions_published(ranking.contest.id, ranking.round_id)
    out: list[int] = []  # rounds whose results are out with this sheet
    for touched in rounds:
        touched.first_published_at = touched.first_published_at or now  # its rules are fixed from now on
        if is_whole and touched.published_at is None:
            touched.published_at = now
            out.append(touched.id)
    db.session.flush()
    after = {
        "round": ranking.round_id,
        "division": ranking.division_id,
        "number": ranking.number,
        "truth": ranking.truth,
        "digest": ranking.digest,
        "signed_by": [s.judge_id for s in signing.standing(signatures) if s.stance == Stance.SIGNED],
        "rounds_published": out,
    }
    journal.record(actor, "sheet.published", ranking, now=now, after=after)
