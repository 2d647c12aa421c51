"""Terms in days: how long somebody may object, and when an answer is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def term_end(begins: datetime, days: int, zone: tzinfo) -> datetime:
    """The moment at which a term of so many days is over: the end of the last day, by the clock of the place.

    The day on which it begins is not counted, as Article 147 of the Civil Code 2015 counts days.  Aware UTC.
    """
    last = begins.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def last_day(end: datetime, zone: tzinfo) -> date:
    """The last day of a term, by its end."""
    return end.astimezone(zone).date() - timedelta(days=1)
