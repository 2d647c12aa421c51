"""All or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.marking import Mark, Score, mark, original, score

options = st.frozensets(st.integers(1, 6))
orders = st.integers(1, 6).flatmap(lambda n: st.permutations(range(1, n + 1)))


@pytest.mark.parametrize(
    ("key", "chosen", "correct"),
    [
        ({2}, {2}, True),
        ({2}, {3}, False),
        ({2}, set(), False),
        ({1, 3}, {1, 3}, True),
        ({1, 3}, {1}, False),  # too few
        ({1, 3}, {1, 3, 4}, False),  # one too many
        ({1, 2, 3, 4}, {1, 2, 3, 4}, True),  # VCNET 2020: one to four correct options
        (set(), set(), False),  # an item without a key earns nobody anything
    ],
)
def test_exactly_the_options_of_the_key(key: set[int], chosen: set[int], correct: bool):
    assert mark(key, chosen, 5) == Mark(correct, 5 if correct else 0)


@given(key=options, chosen=options, points=st.integers(1, 100))
def test_points_go_to_equal_sets_and_to_no_others(key: frozenset[int], chosen: frozenset[int], points: int):
    assert mark(key, chosen, points) == Mark(key == chosen != frozenset(), points if key == chosen and key else 0)


@given(key=st.lists(st.integers(1, 6), min_size=1, unique=True))
def test_neither_order_nor_repetition_matters(key: list[int]):
    assert mark(key, [*reversed(key), key[0]], 1).correct


@given(orders, st.data())
def test_original_undoes_the_shuffling(order: list[int], data: st.DataObject):
    chosen = data.draw(st.frozensets(st.sampled_from(order)))
    shown = {order.index(option) + 1 for option in chosen}
    assert original(order, shown) == chosen


@given(orders)
def test_places_that_are_not_on_the_paper_are_dropped(order: list[int]):
    assert original(order, {-1, 0, len(order) + 1, 99}) == frozenset()


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 10))
def test_a_score_is_the_sum_of_its_marks(right: list[bool], points: int):
    total = score([mark({1}, {1} if r else {2}, points) for r in right], points)
    assert total == Score(points * sum(right), points * len(right), sum(right), len(right))
    assert total.all_correct == all(right)
    assert total.all_correct == (total.points == total.maximum)


def test_twenty_questions_of_five_points_as_in_quan_1():
    marks = [mark({1}, {1}, 5)] * 19 + [mark({1}, {2}, 5)]
    assert score(marks, 5) == Score(points=95, maximum=100, correct=19, items=20)
    assert not score(marks, 5).all_correct
