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
