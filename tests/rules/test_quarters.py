from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.quarters import YEARS, YearQuarter, deadlines, quarter_of, read_quarter
from quiz.rules.working_days import WorkingDays

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
quarters = st.builds(YearQuarter, st.integers(YEARS.start, YEARS.stop - 1), st.integers(1, 4))


def test_deadlines_of_a_quarter():
    """Units send before 5 December 2026, a Saturday; the rest are working days."""
    found = deadlines(YearQuarter(2026, 4), LOCAL, WorkingDays())
    assert found.nominations == datetime(2026, 12, 4, 17, tzinfo=UTC)  # midnight at the start of day 5
    ends = [moment.astimezone(LOCAL).date() - timedelta(days=1) for moment in astuple(found)[1:]]
    assert ends == [date(2026, 12, d) for d in (8, 11, 18, 23, 28)] + [date(2027, 1, 11)]


def test_the_deadline_is_half_open():
    due = deadlines(YearQuarter(2024, 1), LOCAL, WorkingDays()).nominations
    tick = timedelta(microseconds=1)
    assert (due - tick).astimezone(LOCAL).date() == date(2024, 3, 4)
    assert due.astimezone(LOCAL).date() == date(2024, 3, 5)


@given(quarters, st.frozensets(st.dates(date(2000, 1, 1), date(2101, 12, 31)), max_size=20))
def test_deadlines_follow_each_other(quarter, days_off):
    moments = astuple(deadlines(quarter, LOCAL, WorkingDays(days_off)))
    assert list(moments) == sorted(set(moments))


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_has_its_quarter(day):
    quarter = quarter_of(day)
    assert quarter.first_day <= day <= quarter.last_day


@given(quarters)
def test_a_quarter_is_read_by_its_name(quarter):
    assert read_quarter(str(quarter)) == quarter
    assert quarter_of(quarter.last_day + timedelta(days=1)) > quarter


@pytest.mark.parametrize("name", ["", "2026-Q5", "2026-Q0", "1999-Q4", "26-Q1", "2026-Q1 ", "2026-q1", "٢٠٢٦-Q1"])
def test_what_names_no_quarter(name):
    assert read_quarter(name) is None


def test_there_is_no_fifth_quarter():
    with pytest.raises(ValueError, match="no quarter"):
        YearQuarter(2026, 5)
