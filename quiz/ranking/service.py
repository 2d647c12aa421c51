"""Result sheets: made after the end of a round, numbered, never edited, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts import submission
from quiz.contests.models import Division, Round
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import moment
from quiz.marking.queries import annulment_counts
from quiz.ranking import queries, results, seal
from quiz.ranking.models import Ranking, RankingKind, Standing
from quiz.ranking.refusals import RankingRefusal


def make_sheet(round_: Round, division: Division, actor: Account, *, now: datetime) -> Ranking:
    """Rank a division for good: end what is left, count the truth, number everybody, and seal the list.

    All in the caller's transaction, so that a sheet is there whole or not at all.  Raises Refusal(RankingRefusal).
    """
    _must_have_ended(round_, now)
    rules = contest_rules(round_.contest)
    # read before the attempts: an annulment in between makes the sheet out of date, never silently wrong
    counts = annulment_counts([round_.id])
    latest = queries.latest_sheet(round_.id, division.id)
    if latest is not None and not queries.is_out_of_date(latest, counts):
        raise Refusal(RankingRefusal.SHEET_STILL_RIGHT, number=latest.number)
    truth = results.truth(round_.id, rules.prediction.target) if rules.prediction else None
    gathered = results.gather(round_.id, division.id)
    placed = results.rank(gathered, rules, rules.chain, truth)
    sheet = Ranking(
        round_id=round_.id,
        division_id=division.id,
        kind=RankingKind.SHEET,
        number=latest.number + 1 if latest else 1,
        is_ready=True,
        made_at=now,
        made_by_id=actor.id,
        basis=queries.sheet_basis(round_.id, division.id, truth is not None, counts),
        chain=list(rules.chain),
        truth=truth,
        people=len(placed),
        attempts=len(gathered.valid),
        participation=results.participation(round_.id),
        digest=seal.digest(rules.chain, truth, results.standing_rows(0, placed)),
    )
    # of two people who make it at once, one waits here and is told
    if not insert_unless_taken(sheet):
        raise Refusal(RankingRefusal.MADE_MEANWHILE)
    if placed:
        db.session.execute(insert(Standing), list(results.standing_rows(sheet.id, placed)))
    after: dict[str, Any] = {
        "round": round_.id,
        "division": division.id,
        "number": sheet.number,
        "chain": sheet.chain,
        "people": sheet.people,
        "attempts": sheet.attempts,
        "digest": sheet.digest,
    }
    if rules.prediction:
        after |= {"truth": truth, "truth_counts": rules.prediction.target.value, "truth_counted_at": now.isoformat()}
    journal.record(actor, "sheet.made", f"ranking:{sheet.id}", now=now, after=after)
    return db.session.get_one(Ranking, sheet.id)


def _must_have_ended(round_: Round, now: datetime) -> None:
    """End the attempts that ran out of time; nobody may be at work any more."""
    ended_at = all_ended_at(round_)
    if now < ended_at:
        raise Refusal(RankingRefusal.ROUND_STILL_OPEN, until=moment(ended_at).striptags())
    while submission.end_expired(now, round_.id):
        pass
    if left := results.count_open(round_.id):
        raise Refusal(RankingRefusal.ATTEMPTS_STILL_OPEN, count=left)


def publish(ranking: Ranking, actor: Account, *, now: datetime) -> None:
    """Show the sheet to everybody; with the last division of a round its results are out.  Raises Refusal(RankingRefusal)."""
    # one at a time in a round: of two divisions published at once neither would see the other, and the round stay unpublished
    db.session.execute(select(Round.id).where(Round.id == ranking.round_id).with_for_update())
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is not None and latest.number > ranking.number:
        raise Refusal(RankingRefusal.NEWER_SHEET_EXISTS, number=latest.number)
    if ranking.published_at is None and queries.is_out_of_date(ranking):
        raise Refusal(RankingRefusal.SHEET_OUT_OF_DATE)
    published = db.session.execute(
        update(Ranking)
        .where(Ranking.id == ranking.id, Ranking.kind == RankingKind.SHEET, Ranking.published_at.is_(None))
        .values(published_at=now, published_by_id=actor.id)
        .returning(Ranking.id)
    ).one_or_none()
    if published is None:
        raise Refusal(RankingRefusal.ALREADY_PUBLISHED)
    db.session.refresh(ranking)
    round_ = ranking.round_
    if round_.published_at is None and queries.divisions_published(round_.id):
        round_.published_at = now
    db.session.flush()
    after = {
        "round": round_.id,
        "division": ranking.division_id,
        "number": ranking.number,
        "truth": ranking.truth,
        "digest": ranking.digest,
        "round_published": round_.published_at is not None,
    }
    journal.record(actor, "sheet.published", ranking, now=now, after=after)
