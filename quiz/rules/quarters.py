"""Quarters of the calendar, and when each step of a quarter's nominations is due unless the office says otherwise.

The rule known from practice is one: units send before day 5 of the quarter's last month. All later days are counted from
it in working days, so that the whole ends within the quarter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from quiz.rules.working_days import WorkingDays, end_of

DUE_DAY = 5  # units send before it
CONFIRM_DAYS, CONSOLIDATE_DAYS, COMMENT_DAYS, VOTE_DAYS, RECOMMEND_DAYS, PUBLISH_DAYS = 2, 3, 5, 3, 3, 10
_NAME = re.compile(r"([0-9]{4})-Q([1-4])")
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True, order=True)
class YearQuarter:
    """A quarter of a year.  n: 1 to 4"""

    year: int
    n: int

    def __post_init__(self) -> None:
        if self.n not in range(1, 5) or self.year not in YEARS:
            raise ValueError(f"no quarter {self.n} of {self.year}")

    def __str__(self) -> str:
        return f"{self.year}-Q{self.n}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.n - 2, 1)

    @property
    def last_month(self) -> int:
        return 3 * self.n

    @property
    def last_day(self) -> date:
        return (date(self.year, self.last_month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def quarter_of(day: date) -> YearQuarter:
    return YearQuarter(day.year, (day.month + 2) // 3)


def read_quarter(name: str) -> YearQuarter | None:
    """ "2026-Q4" → the quarter; None for what names none."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[1]) not in YEARS:
        return None
    return YearQuarter(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Until when each step is done; half-open, aware UTC: at the moment itself it is too late.

    nominations: units send · confirmation: heads of units confirm · consolidation: the office has accepted, declined,
    merged · comments: the public has had its term · vote: the council has voted · recommendation: the list has gone to the
    provincial council · publication: of the decision
    """

    nominations: datetime
    confirmation: datetime
    consolidation: datetime
    comments: datetime
    vote: datetime
    recommendation: datetime
    publication: datetime


def deadlines(quarter: YearQuarter, zone: tzinfo, working: WorkingDays) -> Deadlines:
    """What holds unless the office changes it."""
    due = datetime.combine(date(quarter.year, quarter.last_month, DUE_DAY), time(), zone)
    day = due.date() - timedelta(days=1)  # the last on which units send
    ends = []
    for days in (CONFIRM_DAYS, CONSOLIDATE_DAYS, COMMENT_DAYS, VOTE_DAYS, RECOMMEND_DAYS, PUBLISH_DAYS):
        day = working.after(day, days)
        ends.append(end_of(day, zone))
    confirmation, consolidation, comments, vote, recommendation, publication = ends
    return Deadlines(
        nominations=due.astimezone(UTC),
        confirmation=confirmation,
        consolidation=consolidation,
        comments=comments,
        vote=vote,
        recommendation=recommendation,
        publication=publication,
    )
