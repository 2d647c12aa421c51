"""The figures of a contest as they are kept: counted by a job, read by pages and papers, so that one figure is the same
everywhere.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select

from quiz import jobs
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Division
from quiz.db import db, transaction
from quiz.marking.queries import annulment_counts
from quiz.ranking.models import Ranking
from quiz.reports import contest_count
from quiz.reports.contest_count import Figures
from quiz.reports.models import ContestFigures

JOB = "contest-figures"


def subject_of(contest_id: int) -> str:
    return f"contest:{contest_id}"


@jobs.handler(JOB)
def compute(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    """Count a contest and each of its rounds, and keep it."""
    contest_id = int(job.subject.partition(":")[2])
    contest = db.session.get_one(Contest, contest_id)
    made_at, basis, rounds = clock(), basis_of(contest), len(contest.rounds)
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


def basis_of(contest: Contest) -> dict[str, int]:
    """What has happened to attempts that had ended: numbers that only grow. Others than at the counting mean that it is out
    of date.
    """
    annulments = annulment_counts([r.id for r in contest.rounds]).values()
    of_contest = Ranking.division_id.in_(select(Division.id).where(Division.contest_id == contest.id))
    return {
        "annulled": sum(ever for ever, _restored in annulments),
        "restored": sum(restored for _ever, restored in annulments),
        "ruling": rulings_of(contest).finished,
        "sheets": db.session.scalar(select(func.count()).select_from(Ranking).where(of_contest)) or 0,
    }


def kept_of(contest_id: int, round_id: int | None = None) -> ContestFigures | None:
    """Of a round, or of the whole contest."""
    k = ContestFigures
    return db.session.scalars(select(k).where(k.contest_id == contest_id, k.round_id == round_id)).one_or_none()


def figures_of(kept: ContestFigures) -> Figures:
    return Figures.of_json(kept.figures)


def kept_by_round(contest: Contest) -> dict[int | None, Figures]:
    """Round id, None for the whole contest → its figures; nothing where none are kept."""
    rows = db.session.scalars(select(ContestFigures).where(ContestFigures.contest_id == contest.id))
    return {row.round_id: figures_of(row) for row in rows}
