"""The figures of a contest as they are kept: counted by a job, read by pages and papers, so that one figure is the same
everywhere.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import defer, selectinload

from quiz import jobs
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Division
from quiz.contests.round_state import all_ended_at
from quiz.db import db, transaction
from quiz.marking.queries import annulment_counts
from quiz.ranking.models import Ranking
from quiz.reports import contest_count
from quiz.reports.contest_count import Figures
from quiz.reports.models import ContestFigures

JOB = "contest-figures"
EVERY = timedelta(hours=1)
SWEPT = timedelta(minutes=10)  # after the end of a round every attempt whose time is over has been ended


def subject_of(contest_id: int) -> str:
    return f"contest:{contest_id}"


@jobs.handler(JOB)
def compute(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    """Count a contest and each of its rounds, and keep it."""
    contest_id = int(job.subject.partition(":")[2])
    contest = db.session.get_one(Contest, contest_id)
    made_at, basis, rounds = clock(), bases([contest])[contest_id], len(contest.rounds)
    registered = contest_count.registered_in(contest)
    counted = contest_count.count(contest, registered, lambda done: jobs.progress(job, done, rounds, clock))
    with transaction():
        db.session.execute(delete(ContestFigures).where(ContestFigures.contest_id == contest_id))
        db.session.add_all(
            ContestFigures(
                contest_id=contest_id, round_id=round_id, registered=f.registered, people=f.people, attempts=f.attempts,
                figures=f.to_json(), basis=basis, made_at=made_at,
            )
            for round_id, f in counted.items()
        )  # fmt: skip
    return {"attempts": counted[None].attempts}


class Since(enum.StrEnum):
    """What has happened since figures were counted, so that they are no longer what a count would give."""

    ANNULLED = "annulled"
    RESTORED = "restored"
    MARKED_ANEW = "ruling"
    NEW_SHEET = "sheets"
    ENDED = "ended"  # a round


def bases(contests: Collection[Contest]) -> dict[int, dict[str, int]]:
    """Contest id → how often it has happened that attempts which had ended changed, or a sheet was made of them.

    The numbers only grow. Others than at the counting mean that the figures are out of date.
    """
    contest_of = {r.id: c.id for c in contests for r in c.rounds}
    ever, restored = Counter[int](), Counter[int]()
    for (round_id, _division_id), counts in annulment_counts(contest_of.keys()).items():
        ever[contest_of[round_id]] += counts[0]
        restored[contest_of[round_id]] += counts[1]
    of_sheets = db.session.execute(
        select(Division.contest_id, func.count())
        .join(Ranking, Ranking.division_id == Division.id)
        .where(Division.contest_id.in_([c.id for c in contests]))
        .group_by(Division.contest_id)
    )
    sheets = {row[0]: row[1] for row in of_sheets}
    return {
        c.id: {
            Since.ANNULLED: ever[c.id],
            Since.RESTORED: restored[c.id],
            Since.MARKED_ANEW: rulings_of(c).finished,
            Since.NEW_SHEET: sheets.get(c.id, 0),
        }
        for c in contests
    }


def since(kept: ContestFigures, contest: Contest, now: datetime, basis: Mapping[str, int] | None = None) -> list[Since]:
    """Why figures are out of date; empty when they are not.  basis: of `bases`, read already for several contests"""
    basis = bases([contest])[contest.id] if basis is None else basis
    found = [Since(name) for name, n in basis.items() if kept.basis.get(name, 0) != n]
    rounds = [r for r in contest.rounds if kept.round_id in (None, r.id)]
    if any(kept.made_at < all_ended_at(r) <= now for r in rounds):
        found.append(Since.ENDED)
    return found


def due(now: datetime) -> list[Contest]:
    """Opened contests whose figures a count would change: those that run, have ended since, or where something was decided.

    Those that nobody has counted yet are among them.
    """
    contests = db.session.scalars(
        select(Contest).where(Contest.opened_at.is_not(None)).options(selectinload(Contest.rounds)).order_by(Contest.id)
    ).all()
    begun = [c for c in contests if any(r.opens_at <= now for r in c.rounds)]
    kept = kept_of_all([c.id for c in begun])
    now_ = bases(begun)
    return [c for c in begun if c.id not in kept or _would_change(kept[c.id], c, now, now_[c.id])]


def _would_change(kept: ContestFigures, contest: Contest, now: datetime, basis: Mapping[str, int]) -> bool:
    runs = (r.opens_at <= now and kept.made_at < all_ended_at(r) + SWEPT for r in contest.rounds)
    return any(runs) or bool(since(kept, contest, now, basis))


@jobs.chore("contest-figures", EVERY)
def ask_for_counts(clock: jobs.Clock) -> None:
    """Have everything counted that a count would change, so that pages are at most an hour behind."""
    now = clock()
    with transaction():
        for contest in due(now):
            jobs.ask(JOB, subject_of(contest.id), None, now=now)


def kept_of(contest_id: int, round_id: int | None = None) -> ContestFigures | None:
    """Of a round, or of the whole contest."""
    k = ContestFigures
    return db.session.scalars(select(k).where(k.contest_id == contest_id, k.round_id == round_id)).one_or_none()


def kept_of_all(contest_ids: Collection[int]) -> dict[int, ContestFigures]:
    """Contest id → what is kept of the whole contest, without its tables."""
    whole = select(ContestFigures).where(ContestFigures.contest_id.in_(contest_ids), ContestFigures.round_id.is_(None))
    return {row.contest_id: row for row in db.session.scalars(whole.options(defer(ContestFigures.figures)))}


def figures_of(kept: ContestFigures) -> Figures:
    return Figures.of_json(kept.figures)


def kept_by_round(contest: Contest) -> dict[int | None, Figures]:
    """Round id, None for the whole contest → its figures; nothing where none are kept."""
    rows = db.session.scalars(select(ContestFigures).where(ContestFigures.contest_id == contest.id))
    return {row.round_id: figures_of(row) for row in rows}
