"""Two judges' points become one mark, with a third where they lie far apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.moderation import agreed, is_alarming, of_three, settled

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


@pytest.mark.parametrize(
    ("points", "mark"),
    [((40, 80, 70), 75), ((40, 80, 50), 45), ((40, 80, 60), 60), ((50, 75, 0), 63), ((0, 100, 0), 0)],
)
def test_of_three_the_two_nearest_count(points, mark):
    assert of_three(*points) == mark


@given(st.tuples(POINTS, POINTS, POINTS), st.permutations(range(3)))
def test_of_three_no_order_matters_and_the_mark_is_near_to_two(points, order):
    mark = of_three(*points)
    assert mark == of_three(*(points[i] for i in order))
    low, middle, high = sorted(points)
    assert low <= mark <= high
    assert abs(mark - middle) <= (min(middle - low, high - middle) + 1) // 2


@given(POINTS, POINTS, st.none() | POINTS, st.integers(1, 100))
def test_a_third_counts_only_where_the_two_are_apart(a, b, third, spread):
    if not is_alarming(a, b, 100, spread):
        assert settled(a, b, third, 100, spread) == settled(a, b, third, 100, spread, decides=True) == agreed(a, b)
    elif third is None:
        assert settled(a, b, None, 100, spread) is None
    else:
        assert settled(a, b, third, 100, spread) == of_three(a, b, third)
        assert settled(a, b, third, 100, spread, decides=True) == third
