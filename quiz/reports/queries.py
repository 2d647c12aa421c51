"""Reads that look over all domains."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from quiz.contests.models import Contest, Round
from quiz.db import db
from quiz.ranking.models import Ranking
from quiz.recognition.models import Award, Certificate, Decision

SHOWN = 3  # winners of a division on the front page


@dataclass(frozen=True, slots=True)
class RoundWinners:
    """The first winners of a round, or with None of the whole contest.  divisions: (name of the division, its awards, best
    first)"""

    contest: Contest
    round_: Round | None
    divisions: list[tuple[str, list[Award]]]


def latest_winners() -> RoundWinners | None:
    """Of the round that the latest decision is about; a revoked prize is not shown, nor a decision without prizes left."""
    valid = or_(Certificate.id.is_(None), Certificate.revoked_at.is_(None))
    latest = db.session.scalars(
        select(Decision)
        .join(Decision.ranking)
        .join(Decision.awards)
        .outerjoin(Award.certificate)
        .where(valid)
        .options(joinedload(Decision.contest), contains_eager(Decision.ranking).joinedload(Ranking.round_))
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    if latest is None or latest.ranking is None:
        return None
    awards = db.session.scalars(
        select(Award)
        .join(Award.decision)
        .join(Decision.ranking)
        .join(Ranking.division)
        .outerjoin(Award.certificate)
        .where(
            Decision.contest_id == latest.contest_id,
            func.coalesce(Ranking.round_id, 0) == (latest.ranking.round_id or 0),
            Award.position <= SHOWN,
            valid,
        )
        .options(
            joinedload(Award.entry),
            joinedload(Award.certificate),
            joinedload(Award.decision).joinedload(Decision.ranking).joinedload(Ranking.division),
        )
        .order_by(Ranking.division_id, Decision.id.desc(), Award.position)
    )
    divisions: dict[str, list[Award]] = {}
    newest: dict[int, int] = {}
    for award in awards:
        ranking = award.decision.ranking
        assert ranking is not None
        # after a corrected result a division has two decisions: the newer one counts
        if newest.setdefault(ranking.division_id, award.decision_id) == award.decision_id:
            divisions.setdefault(ranking.division.name, []).append(award)
    return RoundWinners(latest.contest, latest.ranking.round_, list(divisions.items()))
