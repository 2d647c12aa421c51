"""What happens by itself every few seconds: attempts whose time is over end, and boards take in what is new."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from quiz.attempts import submission
from quiz.contests.models import Contest, Round
from quiz.contests.round_state import all_ended_at
from quiz.db import db, transaction
from quiz.ranking import boards, queries
from quiz.ranking.models import Lease

log = logging.getLogger(__name__)

LEASE = "clock"
LEASE_S = 60  # a node that died is replaced after this
KEPT_LIVE = timedelta(hours=1)  # after the last attempt of a round
LONGEST_END = timedelta(hours=6)  # more than any attempt, its grace and KEPT_LIVE take after the close of a round


def tick(holder: str, *, now: datetime, thorough: bool = False) -> bool:
    """One beat of the clock, by the node that holds the lease. False when another one does.

    thorough: look at every round whose results are not out, because its boards may be missing or follow other rules
    """
    if not take_lease(LEASE, holder, now=now, seconds=LEASE_S):
        return False
    end_leftovers(now)
    for contest_id, round_ids in _due(now, thorough).items():
        try:
            keep_up(contest_id, round_ids, now=now)
        except Exception:  # one board that cannot be kept up must not stop the others
            db.session.rollback()
            log.exception("the boards of contest %s were not kept up", contest_id)
    boards.tally(now=now)
    boards.clear_away(now=now)
    return True


def keep_up(contest_id: int, round_ids: Collection[int], *, now: datetime) -> None:
    """Bring the boards of a contest up to date: make those that are missing, and take in the news.

    round_ids: those whose boards are wanted, and those that have news
    """
    contest = db.session.get_one(Contest, contest_id)
    unpublished = [r for r in contest.rounds if r.id in round_ids and not queries.divisions_published(contest_id, r.id)]
    wanted = boards.plans(contest, unpublished)
    boards.bring_about(wanted, now=now)
    for round_id in round_ids:
        boards.fold(round_id, now=now)
    boards.mark_checked(wanted, now=now)


def end_leftovers(now: datetime) -> None:
    """End the attempts whose time is over, in transactions short enough for savers to wait."""
    while True:
        with transaction():
            if submission.end_expired(now) == 0:
                return


def _due(now: datetime, thorough: bool) -> dict[int, set[int]]:
    """Contest → its rounds whose boards are kept fresh at every beat, or that have news."""
    due: dict[int, set[int]] = {}
    for round_ in queries.unpublished_rounds(now, closed_after=None if thorough else now - LONGEST_END):
        if thorough or is_live(round_, now):
            due.setdefault(round_.contest_id, set()).add(round_.id)
    for round_id in boards.rounds_with_news():
        due.setdefault(db.session.get_one(Round, round_id).contest_id, set()).add(round_id)
    for contest_id, stopped in boards.standing_still(now):
        due.setdefault(contest_id, set()).update([stopped] if stopped else [])
    return due


def is_live(round_: Round, now: datetime) -> bool:
    """Is the round's board kept fresh at every beat?"""
    return now < all_ended_at(round_) + KEPT_LIVE


def take_lease(name: str, holder: str, *, now: datetime, seconds: int) -> bool:
    """Get or prolong the right to do a piece of clockwork; one guarded UPDATE decides between nodes."""
    until = now + timedelta(seconds=seconds)
    with transaction():
        is_known = db.session.get(Lease, name, populate_existing=True) is not None
        if is_known:
            taken = db.session.execute(
                update(Lease)
                .where(Lease.name == name, or_(Lease.until < now, Lease.holder == holder))
                .values(holder=holder, until=until)
                .returning(Lease.name)
            ).one_or_none()
            return taken is not None
    try:
        with transaction():
            db.session.add(Lease(name=name, holder=holder, until=until))
    except IntegrityError:  # another node came first
        return False
    return True


def release_lease(name: str, holder: str, *, now: datetime) -> None:
    """Let another node go on at once."""
    with transaction():
        db.session.execute(
            update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=now - timedelta(seconds=1))
        )
