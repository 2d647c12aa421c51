"""What a contest has to do with exemplars and movements: which its page features, which it is part of.

It says nothing of the questions: those are drawn from frozen pools, whatever the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests.models import Contest, ContestMovement, ContestState, ContestStory
from quiz.db import db
from quiz.exemplars.models import Exemplar, Movement, StoryState

MOST = 12  # stories on one page


def feature(
    contest: Contest, exemplar_ids: Sequence[int], movement_ids: Sequence[int], actor: Account, *, now: datetime
) -> None:
    """Say anew which exemplars the page features, in this order, and which movements the contest is part of."""
    known = set(db.session.scalars(select(Exemplar.id).where(Exemplar.id.in_(exemplar_ids))))
    stories = [id_ for id_ in dict.fromkeys(exemplar_ids) if id_ in known][:MOST]
    movements = sorted(set(db.session.scalars(select(Movement.id).where(Movement.id.in_(movement_ids)))))
    before, after = _said(contest), {"exemplars": stories, "movements": movements}
    if before == after:
        return
    db.session.execute(delete(ContestStory).where(ContestStory.contest_id == contest.id))
    db.session.execute(delete(ContestMovement).where(ContestMovement.contest_id == contest.id))
    db.session.add_all(ContestStory(contest_id=contest.id, exemplar_id=e, position=n) for n, e in enumerate(stories, 1))
    db.session.add_all(ContestMovement(contest_id=contest.id, movement_id=m) for m in movements)
    journal.record(actor, "contest.featured", contest, before=before, after=after, now=now)


def _said(contest: Contest) -> dict[str, list[int]]:
    return {
        "exemplars": [e.id for e in featured(contest, everything=True)],
        "movements": sorted(m.id for m in movements_of(contest)),
    }


def featured(contest: Contest, *, everything: bool = False) -> list[Exemplar]:
    """The exemplars that the page features, in its order.  everything: also those whose story is not published"""
    chosen = (
        select(Exemplar)
        .join(ContestStory, ContestStory.exemplar_id == Exemplar.id)
        .where(ContestStory.contest_id == contest.id)
        .order_by(ContestStory.position)
    )
    return list(db.session.scalars(chosen if everything else chosen.where(Exemplar.state == StoryState.PUBLISHED)))


def movements_of(contest: Contest) -> list[Movement]:
    part = select(Movement).join(ContestMovement, ContestMovement.movement_id == Movement.id)
    return list(db.session.scalars(part.where(ContestMovement.contest_id == contest.id).order_by(Movement.position)))


def contests_of(movement: Movement) -> list[Contest]:
    """The public contests that are part of a movement, the newest first."""
    part = (
        select(Contest)
        .join(ContestMovement, ContestMovement.contest_id == Contest.id)
        .where(ContestMovement.movement_id == movement.id, Contest.state == ContestState.OPEN)
        .options(joinedload(Contest.rounds))
        .order_by(Contest.opened_at.desc(), Contest.id.desc())
    )
    return list(db.session.scalars(part).unique())
