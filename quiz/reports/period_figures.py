"""Figures of a period for the director: the contests that ended in it, who took part, and what they won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from quiz.contests.models import Contest, Entry, Round
from quiz.db import db
from quiz.formats import LOCAL
from quiz.recognition.models import Award, Certificate, Complaint, Decision, Outcome
from quiz.reports.models import ContestFigures


@dataclass(frozen=True, slots=True)
class Line:
    """One contest.  registered, people, attempts: None while nobody has counted them"""

    title: str
    registered: int | None
    people: int | None
    attempts: int | None
    prizes: int


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


def of_period(begins: date, ends: date) -> PeriodFigures:
    """Contests whose last round closed within the days, both included; people are counted in each contest.

    What people and attempts are, is read from the figures that are kept; no attempt is looked at.
    """
    first, last = _midnight(begins), _midnight(date.fromordinal(ends.toordinal() + 1))
    closes = select(Round.contest_id).group_by(Round.contest_id)
    # a round that closes at midnight belongs to the day that ends
    ended = closes.having(func.max(Round.closes_at) > first, func.max(Round.closes_at) <= last)
    k = ContestFigures
    contests = db.session.execute(
        select(Contest.id, Contest.title, k.registered, k.people, k.attempts)
        .outerjoin(k, (k.contest_id == Contest.id) & k.round_id.is_(None))
        .where(Contest.id.in_(ended), Contest.opened_at.is_not(None))
        .order_by(Contest.id)
    ).all()
    ids = [row.id for row in contests]
    standing = (
        select(Decision.contest_id, func.count(), func.sum(Award.amount))
        .select_from(Award).join(Award.decision).outerjoin(Certificate, Certificate.award_id == Award.id)
        .where(Decision.contest_id.in_(ids), Certificate.revoked_at.is_(None)).group_by(Decision.contest_id)
    )  # fmt: skip
    prizes: dict[int, tuple[int, int]] = {row[0]: (row[1], int(row[2] or 0)) for row in db.session.execute(standing)}
    complaints = db.session.execute(
        select(Complaint.outcome, func.count()).join(Entry).where(Entry.contest_id.in_(ids)).group_by(Complaint.outcome)
    ).all()
    return PeriodFigures(
        begins=begins,
        ends=ends,
        registered=sum(row.registered or 0 for row in contests),
        people=sum(row.people or 0 for row in contests),
        attempts=sum(row.attempts or 0 for row in contests),
        prizes=sum(n for n, _amount in prizes.values()),
        amount=sum(amount for _n, amount in prizes.values()),
        complaints=sum(row[1] for row in complaints),
        upheld=sum(row[1] for row in complaints if row[0] in (Outcome.UPHELD, Outcome.PARTLY)),
        lines=[
            Line(row.title, row.registered, row.people, row.attempts, prizes.get(row.id, (0, 0))[0]) for row in contests
        ],
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
