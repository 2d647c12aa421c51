"""Figures of a period for the director: the contests that ended in it, who took part, and what they won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry, Round
from quiz.db import db
from quiz.formats import LOCAL
from quiz.marking.queries import annulled_ids
from quiz.ranking.results import ENDED
from quiz.recognition.models import Award, Certificate, Complaint, Decision, Outcome


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What a director reports on: contests that ended in a period, with those who took part and what they won."""

    begins: date
    ends: date
    contests: int
    registered: int
    people: int
    attempts: int
    prizes: int
    amount: int
    complaints: int
    upheld: int
    lines: Sequence[tuple[str, int, int, int, int]]  # title, registered, people, attempts, prizes


def of_period(begins: date, ends: date) -> PeriodFigures:
    """Contests whose last round closed within the days, both included; people are counted in each contest."""
    first, last = _midnight(begins), _midnight(date.fromordinal(ends.toordinal() + 1))
    closes = select(Round.contest_id).group_by(Round.contest_id)
    # a round that closes at midnight belongs to the day that ends
    ended = closes.having(func.max(Round.closes_at) > first, func.max(Round.closes_at) <= last)
    contests = db.session.scalars(
        select(Contest).where(Contest.id.in_(ended), Contest.opened_at.is_not(None)).order_by(Contest.id)
    ).all()
    ids = [c.id for c in contests]
    valid = (Attempt.state.in_(ENDED), Attempt.id.not_in(annulled_ids()))
    registered = _counts(select(Entry.contest_id, func.count()).where(Entry.contest_id.in_(ids)), Entry.contest_id)
    of_entries = select(Entry.contest_id, func.count(Attempt.entry_id.distinct())).join(Attempt).where(
        Entry.contest_id.in_(ids), *valid)  # fmt: skip
    people = _counts(of_entries, Entry.contest_id)
    attempts = _counts(
        select(Entry.contest_id, func.count())
        .select_from(Attempt)
        .join(Entry)
        .where(Entry.contest_id.in_(ids), *valid),
        Entry.contest_id,
    )
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
        contests=len(ids),
        registered=sum(registered.values()),
        people=sum(people.values()),
        attempts=sum(attempts.values()),
        prizes=sum(n for n, _amount in prizes.values()),
        amount=sum(amount for _n, amount in prizes.values()),
        complaints=sum(row[1] for row in complaints),
        upheld=sum(row[1] for row in complaints if row[0] in (Outcome.UPHELD, Outcome.PARTLY)),
        lines=[
            (c.title, registered.get(c.id, 0), people.get(c.id, 0), attempts.get(c.id, 0), prizes.get(c.id, (0, 0))[0])
            for c in contests
        ],
    )


def _counts(rows: Any, by: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(by))}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
