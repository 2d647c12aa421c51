"""Two judges' points become one mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.moderation import agreed, is_alarming, settled

POINTS = st.integers(0, 100)


@pytest.mark.parametrize(("a", "b", "alarms"), [(50, 70, False), (50, 71, True), (70, 50, False), (71, 50, True)])
def test_the_alarm_is_beyond_the_spread_and_not_at_it(a, b, alarms):
    assert is_alarming(a, b, 100, 20) is alarms


@given(POINTS, POINTS)
def test_the_mean_lies_between_and_a_half_counts_as_a_whole(a, b):
    mark = agreed(a, b)
    assert min(a, b) <= mark <= max(a, b)
    assert 0 <= 2 * mark - (a + b) <= 1
    assert mark == agreed(b, a)


@given(POINTS, POINTS, st.none() | POINTS, st.integers(1, 100))
def test_the_third_judge_decides_only_where_the_two_are_apart(a, b, third, spread):
    apart = is_alarming(a, b, 100, spread)
    assert settled(a, b, third, 100, spread) == (third if apart else agreed(a, b))
