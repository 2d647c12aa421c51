"""Periods that a report compares: the span of days before another."""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)


def span_before(begins: date, ends: date) -> tuple[date, date]:
    """The same span just before: of whole months as many months, so that a quarter is beside a quarter; else as many days.

    Both days belong to the span. Whole months need not begin on the first: 15 October to 14 November is one.
    """
    after = ends + DAY
    if after.day == begins.day and after != begins:
        months = _months(after) - _months(begins)
        if (first := _day_of(_months(begins) - months, begins.day)) is not None:
            return first, begins - DAY
    return begins - (after - begins), begins - DAY


def month_of(day: date, back: int = 0, length: int = 1) -> tuple[date, date]:
    """First and last day of so many months, beginning with the month that is `back` months before that of the day."""
    first = _months(day) - back
    begins, after = _day_of(first, 1), _day_of(first + length, 1)
    assert begins is not None
    assert after is not None
    return begins, after - DAY


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_of(months: int, day: int) -> date | None:
    try:
        return date(months // 12, months % 12 + 1, day)
    except ValueError:  # no such day in that month
        return None
