"""Terms of days end with a day."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.terms import last_day, term_end

HANOI = timezone(timedelta(hours=7))
MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC))


def test_three_days_of_a_province():
    published = datetime(2024, 12, 2, 9, 30, tzinfo=HANOI)
    assert term_end(published, 3, HANOI) == datetime(2024, 12, 6, 0, 0, tzinfo=HANOI)


@given(MOMENTS, st.integers(0, 60))
def test_a_term_gives_whole_days_and_less_than_one_more(begins, days):
    left = term_end(begins, days, HANOI) - begins
    assert timedelta(days=days) < left <= timedelta(days=days + 1)


@given(MOMENTS, st.integers(0, 60), st.integers(0, 86_399))
def test_the_hour_of_the_day_does_not_matter(begins, days, seconds):
    local = begins.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    assert term_end(local, days, HANOI) == term_end(local + timedelta(seconds=seconds), days, HANOI)


@given(MOMENTS, st.integers(0, 60))
def test_the_last_day_is_so_many_days_after_the_first(begins, days):
    end = term_end(begins, days, HANOI)
    assert last_day(end, HANOI) == begins.astimezone(HANOI).date() + timedelta(days=days)
