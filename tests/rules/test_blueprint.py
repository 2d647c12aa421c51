"""A first blueprint spreads the questions over the topics."""

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.blueprint import spread

SUPPLY = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 60), max_size=6)


def test_in_proportion_to_what_the_topics_hold():
    assert spread({"a": 60, "b": 30, "c": 10}, 20) == {"a": 12, "b": 6, "c": 2}


def test_topics_without_items_share_when_nothing_is_there():
    assert spread({"a": 0, "b": 0}, 4) == {"a": 2, "b": 2}
    assert spread({}, 4) == {}


@given(SUPPLY, st.integers(1, 200))
def test_the_sum_is_what_was_asked(supply, questions):
    counts = spread(supply, questions)
    assert sum(counts.values()) == (questions if supply else 0)
    assert all(n > 0 for n in counts.values())


@given(SUPPLY, st.integers(1, 200))
def test_no_topic_gives_more_than_it_holds_while_all_hold_enough(supply, questions):
    if sum(supply.values()) >= questions:
        assert all(n <= supply[topic] for topic, n in spread(supply, questions).items())


def test_the_largest_remainder_gets_what_rounding_leaves():
    assert spread({"a": 10, "b": 10, "c": 13}, 10) == {"a": 3, "b": 3, "c": 4}  # 3.03, 3.03, 3.94


def test_equal_remainders_go_by_the_order_of_display():
    assert spread({"a": 10, "b": 10, "c": 40}, 10) == {"a": 2, "b": 2, "c": 6}  # each has two thirds left
    assert spread({"c": 40, "b": 10, "a": 10}, 10) == {"c": 7, "b": 2, "a": 1}


@given(SUPPLY, st.integers(1, 200))
def test_nobody_is_further_than_one_from_the_exact_share(supply, questions):
    whole = sum(supply.values())
    counts = spread(supply, questions)
    for topic, weight in supply.items():
        assert not whole or abs(counts.get(topic, 0) * whole - questions * weight) < whole
