"""Figures of a period for the director: the contests that ended in it, who took part, and what they won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from quiz.contests.models import Contest, Entry, Round
from quiz.db import db
from quiz.formats import LOCAL
from quiz.recognition.models import Award, Certificate, Complaint, Decision, Outcome
from quiz.reports import contest_figures


@dataclass(frozen=True, slots=True)
class Line:
    """One contest.  registered, people, attempts: None while nobody has counted them · is_outdated: something has happened
    since they were counted
    """

    contest_id: int
    title: str
    registered: int | None
    people: int | None
    attempts: int | None
    prizes: int
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What a director reports on: contests that ended in a period, with those who took part and what they won."""

    begins: date
    ends: date
    registered: int
    people: int
    attempts: int
    prizes: int
    amount: int
    complaints: int
    upheld: int
    lines: Sequence[Line]

    @property
    def uncounted(self) -> int:
        """So many contests are not in the sums of people and attempts."""
        return sum(line.attempts is None for line in self.lines)

    @property
    def outdated(self) -> int:
        return sum(line.is_outdated for line in self.lines)


def of_period(begins: date, ends: date, now: datetime) -> PeriodFigures:
    """Contests whose last round closed within the days, both included; people are counted in each contest.

    What people and attempts are, is read from the figures that are kept; no attempt is looked at.
    """
    first, last = _midnight(begins), _midnight(date.fromordinal(ends.toordinal() + 1))
    closes = select(Round.contest_id).group_by(Round.contest_id)
    # a round that closes at midnight belongs to the day that ends
    ended = closes.having(func.max(Round.closes_at) > first, func.max(Round.closes_at) <= last)
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.id.in_(ended), Contest.opened_at.is_not(None))
        .options(selectinload(Contest.rounds))
        .order_by(Contest.id)
    ).all()
    ids = [contest.id for contest in contests]
    kept = contest_figures.kept_of_all(ids)
    bases = contest_figures.bases(contests)
    standing = (
        select(Decision.contest_id, func.count(), func.sum(Award.amount))
        .select_from(Award).join(Award.decision).outerjoin(Certificate, Certificate.award_id == Award.id)
        .where(Decision.contest_id.in_(ids), Certificate.revoked_at.is_(None)).group_by(Decision.contest_id)
    )  # fmt: skip
    prizes: dict[int, tuple[int, int]] = {row[0]: (row[1], int(row[2] or 0)) for row in db.session.execute(standing)}
    complaints = db.session.execute(
        select(Complaint.outcome, func.count()).join(Entry).where(Entry.contest_id.in_(ids)).group_by(Complaint.outcome)
    ).all()
    lines = []
    for contest in contests:
        row = kept.get(contest.id)
        lines.append(
            Line(
                contest_id=contest.id,
                title=contest.title,
                registered=row.registered if row else None,
                people=row.people if row else None,
                attempts=row.attempts if row else None,
                prizes=prizes.get(contest.id, (0, 0))[0],
                is_outdated=row is not None and bool(contest_figures.since(row, contest, now, bases[contest.id])),
            )
        )
    return PeriodFigures(
        begins=begins,
        ends=ends,
        registered=sum(line.registered or 0 for line in lines),
        people=sum(line.people or 0 for line in lines),
        attempts=sum(line.attempts or 0 for line in lines),
        prizes=sum(n for n, _amount in prizes.values()),
        amount=sum(amount for _n, amount in prizes.values()),
        complaints=sum(row[1] for row in complaints),
        upheld=sum(row[1] for row in complaints if row[0] in (Outcome.UPHELD, Outcome.PARTLY)),
        lines=lines,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
