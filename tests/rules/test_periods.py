"""The span before another: months beside months, days beside days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.periods import month_of, span_before

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("begins", "ends", "before"),
    [
        ((2024, 11, 1), (2024, 11, 30), ((2024, 10, 1), (2024, 10, 31))),  # 30 days beside 31
        ((2024, 3, 1), (2024, 3, 31), ((2024, 2, 1), (2024, 2, 29))),
        ((2025, 1, 1), (2025, 1, 31), ((2024, 12, 1), (2024, 12, 31))),
        ((2024, 10, 1), (2024, 12, 31), ((2024, 7, 1), (2024, 9, 30))),
        ((2024, 1, 1), (2024, 3, 31), ((2023, 10, 1), (2023, 12, 31))),
        ((2024, 1, 1), (2024, 12, 31), ((2023, 1, 1), (2023, 12, 31))),
        ((2024, 10, 15), (2024, 11, 14), ((2024, 9, 15), (2024, 10, 14))),
        ((2024, 11, 18), (2024, 11, 24), ((2024, 11, 11), (2024, 11, 17))),  # a week
        ((2024, 11, 1), (2024, 11, 20), ((2024, 10, 12), (2024, 10, 31))),
        ((2024, 11, 20), (2024, 11, 20), ((2024, 11, 19), (2024, 11, 19))),
        ((2024, 3, 31), (2024, 5, 30), ((2024, 1, 31), (2024, 3, 30))),  # two months
        ((2024, 5, 31), (2024, 7, 30), ((2024, 3, 31), (2024, 5, 30))),
        ((2024, 5, 31), (2024, 8, 30), ((2024, 2, 29), (2024, 5, 30))),  # no 31 February: as many days
    ],
)
def test_the_same_span_before(begins, ends, before):
    assert span_before(date(*begins), date(*ends)) == tuple(date(*day) for day in before)


@given(days, st.integers(0, 800))
def test_it_ends_the_day_before_and_is_about_as_long(begins, length):
    ends = begins + timedelta(days=length)
    first, last = span_before(begins, ends)
    assert last == begins - timedelta(days=1)
    assert first <= last
    assert abs((last - first).days - length) <= 4


@given(days, st.integers(0, 30), st.integers(1, 12))
def test_months_are_beside_months(day, back, length):
    begins, ends = month_of(day, back, length)
    assert (begins.day, (ends + timedelta(days=1)).day) == (1, 1)
    assert span_before(begins, ends) == month_of(begins, length, length)


@given(days)
def test_a_day_lies_in_its_month(day):
    begins, ends = month_of(day)
    assert begins <= day <= ends
    assert (begins.year, begins.month) == (ends.year, ends.month) == (day.year, day.month)
