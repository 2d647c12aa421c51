from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.working_days import WorkingDays, term_end

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
TET = frozenset(date(2026, 2, day) for day in range(16, 21))

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
calendars = st.builds(WorkingDays, st.frozensets(st.dates(date(2020, 1, 1), date(2021, 12, 31)), max_size=40))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 12, 4), 1, date(2026, 12, 7)),  # Friday → Monday
        (date(2026, 12, 5), 1, date(2026, 12, 7)),
        (date(2026, 12, 6), 5, date(2026, 12, 11)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết
        (date(2026, 12, 4), 0, date(2026, 12, 4)),
    ],
)
def test_working_day_after(day, count, expected):
    assert WorkingDays(TET).after(day, count) == expected


def test_a_weekend_day_on_which_people_work_for_a_bridge_day_counts():
    working = WorkingDays({date(2026, 8, 31)}, {date(2026, 8, 22)})
    assert working.after(date(2026, 8, 21), 1) == date(2026, 8, 22)
    assert not working.is_working(date(2026, 8, 31))


def test_a_term_ends_with_its_last_day_by_the_clock_of_the_place():
    begins = datetime(2026, 12, 11, 17, 30, tzinfo=UTC)  # already Saturday 00:30 there
    assert term_end(begins, 5, LOCAL, WorkingDays()) == datetime(2026, 12, 18, 17, tzinfo=UTC)


@pytest.mark.parametrize("count", [-1, 1001])
def test_terms_that_nobody_could_mean_are_refused(count):
    with pytest.raises(ValueError, match="working days"):
        WorkingDays().after(date(2026, 1, 1), count)


@given(days, st.integers(0, 60), calendars)
def test_exactly_so_many_working_days_lie_after_the_first(day, count, working):
    end = working.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(working.is_working, between)) == count
    assert not count or working.is_working(end)


@given(days, st.integers(0, 30), st.integers(0, 30), calendars)
def test_terms_add_up(day, one, two, working):
    assert working.after(working.after(day, one), two) == working.after(day, one + two)
