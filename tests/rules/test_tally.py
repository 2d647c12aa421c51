"""Tallies: the upper and the lower group, and sums that know neither order nor parts."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.tally import LONGEST_S, Group, Groups, ItemTally, upper_lower_groups

NO_GROUPS = Groups(Group(), Group())


def upper_fraction(group: Group, score: int) -> Fraction:
    """How far an attempt with that score belongs to an upper group."""
    weight = group.whole if score > group.cut else group.part if score == group.cut else 0
    return Fraction(weight, group.whole)


def lower_fraction(group: Group, score: int) -> Fraction:
    weight = group.whole if score < group.cut else group.part if score == group.cut else 0
    return Fraction(weight, group.whole)


def test_without_ties_the_groups_are_whole():
    groups = upper_lower_groups(dict.fromkeys(range(1, 101), 1))
    assert groups == Groups(upper=Group(74, 1, 1), lower=Group(27, 1, 1))


def test_ties_at_full_marks_share_the_places():
    """60 of 100 have full marks: each belongs to the 27 best by 27/60."""
    groups = upper_lower_groups({20: 60, 10: 40})
    assert groups.upper == Group(20, whole=20, part=9)
    assert groups.lower == Group(10, whole=40, part=27)


def test_one_crowded_score_can_be_in_both_groups():
    groups = upper_lower_groups({3: 10, 2: 80, 1: 10})
    assert groups.upper == Group(2, whole=80, part=17)
    assert groups.lower == Group(2, whole=80, part=17)


@pytest.mark.parametrize("scores", [{}, {7: 0}, {7: 1}, {7: 500}, {7: 500, 8: 0}])
def test_nobody_is_above_anybody_without_two_scores(scores: dict[int, int]):
    assert upper_lower_groups(scores) == NO_GROUPS


@given(st.dictionaries(st.integers(-5, 40), st.integers(1, 1000), min_size=2))
def test_each_group_has_just_its_share(scores: dict[int, int]):
    groups = upper_lower_groups(scores)
    wanted = Fraction(27, 100) * sum(scores.values())
    assert sum(count * upper_fraction(groups.upper, score) for score, count in scores.items()) == wanted
    assert sum(count * lower_fraction(groups.lower, score) for score, count in scores.items()) == wanted


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6).filter(lambda scores: len(set(scores)) > 1), st.data())
def test_ties_belong_as_lots_would_decide_on_average(scores: list[int], data: st.DataObject):
    """Every order of the attempts once, the first places taken; the group is the mean of them all."""
    places = data.draw(st.integers(1, len(scores)))
    orders = list(permutations(range(len(scores))))
    best = Counter(who for order in orders for who in sorted(order, key=lambda n: -scores[n])[:places])
    weakest = Counter(who for order in orders for who in sorted(order, key=lambda n: scores[n])[:places])
    groups = upper_lower_groups(Counter(scores), Fraction(places, len(scores)))
    for who, score in enumerate(scores):
        assert upper_fraction(groups.upper, score) == Fraction(best[who], len(orders))
        assert lower_fraction(groups.lower, score) == Fraction(weakest[who], len(orders))


GROUPS = upper_lower_groups({0: 3, 1: 4, 2: 8, 3: 5, 4: 6})
showings = st.tuples(
    st.integers(0, 2),
    st.integers(0, 4),
    st.frozensets(st.integers(1, 4)),
    st.none() | st.integers(-(10**9), 10**9),
)
Showing = tuple[int, int, frozenset[int], int | None]


def tally_of(seen: list[Showing]) -> ItemTally:
    tally = ItemTally(GROUPS, options=4, key=frozenset({2}), maximum=2)
    for points, score, chosen, seconds in seen:
        tally.add(points, score, chosen, seconds)
    return tally


@given(st.lists(showings, max_size=30).flatmap(lambda seen: st.tuples(st.just(seen), st.permutations(seen))))
def test_order_does_not_matter(both: tuple[list[Showing], list[Showing]]):
    assert tally_of(both[0]) == tally_of(both[1])


@given(st.lists(showings, max_size=30), st.lists(showings, max_size=30))
def test_parts_merge_into_the_whole(one: list[Showing], other: list[Showing]):
    merged = tally_of(one)
    merged.merge(tally_of(other))
    assert merged == tally_of(one + other)


@pytest.mark.parametrize(
    ("other", "name"),
    [
        (ItemTally(NO_GROUPS, 4, frozenset({2}), 2), "groups"),
        (ItemTally(GROUPS, 3, frozenset({2}), 2), "options"),
        (ItemTally(GROUPS, 4, frozenset({3}), 2), "key"),
        (ItemTally(GROUPS, 4, frozenset({2}), 1), "maximum"),
    ],
)
def test_tallies_of_different_things_do_not_merge(other: ItemTally, name: str):
    tally = tally_of([(2, 4, frozenset({2}), 5)])
    with pytest.raises(ValueError, match=f"different {name}"):
        tally.merge(other)
    assert tally == tally_of([(2, 4, frozenset({2}), 5)])


@pytest.mark.parametrize(
    ("seconds", "counted"),
    [(-(10**9), 0), (0, 0), (1, 1), (599, 599), (600, LONGEST_S), (601, LONGEST_S), (10**12, LONGEST_S)],
)
def test_a_time_out_of_range_is_counted_at_its_end(seconds: int, counted: int):
    tally = tally_of([(0, 0, frozenset(), seconds)])
    assert list(tally.times) == [int(second == counted) for second in range(LONGEST_S + 1)]
