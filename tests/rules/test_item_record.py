"""Records of items: what is kept says what the tally said, and parts add up."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.item_record import Choice, ItemRecord, Mean, figures_of, pool, record
from quiz.rules.statistics import ItemWarning, item_figures, item_warnings
from quiz.rules.tally import ItemTally, upper_lower_groups

Showing = tuple[int, int, frozenset[int], int | None]  # points, score, chosen, seconds
showings = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 4),
        st.frozensets(st.integers(1, 3)),
        st.none() | st.integers(0, 700),
    ),
    max_size=20,
)


def tally_of(seen: list[Showing]) -> ItemTally:
    counts = {score: sum(s == score for _p, s, _c, _t in seen) for score in range(5)}
    tally = ItemTally(upper_lower_groups(counts), options=3, key=frozenset({2}), maximum=2)
    for points, score, chosen, seconds in seen:
        tally.add(points, score, chosen, seconds)
    return tally


def stored(kept: ItemRecord) -> ItemRecord:
    return ItemRecord.from_json(json.loads(json.dumps(kept.to_json())))


def near(value: float | None) -> object:
    return None if value is None else pytest.approx(value)


@given(showings)
def test_of_one_paper_set_it_says_what_the_tally_says(seen: list[Showing]):
    expected, found = item_figures(tally_of(seen)), figures_of(record(tally_of(seen)))
    for name in (
        "shown",
        "facility",
        "discrimination",
        "discrimination_plain",
        "upper_lower",
        "upper_shown",
        "median_s",
    ):
        assert getattr(found, name) == near(getattr(expected, name)), name
    assert found.blank == expected.blank
    for option, wanted in zip(found.options, expected.options, strict=True):
        assert (option.number, option.is_key, option.chosen) == (wanted.number, wanted.is_key, wanted.chosen)
        assert option.share == near(wanted.share)
        assert option.upper_share == near(wanted.upper_share)
        assert option.lower_share == near(wanted.lower_share)


@given(showings)
def test_it_can_be_stored(seen: list[Showing]):
    assert stored(record(tally_of(seen))) == record(tally_of(seen))


@given(showings, showings)
def test_two_paper_sets_together(one: list[Showing], other: list[Showing]):
    a, b = record(tally_of(one)), record(tally_of(other))
    both, turned = figures_of(pool(a, b)), figures_of(pool(b, a))
    assert both == turned
    # what does not compare people is as if they had been one set
    together = item_figures(tally_of(one + other))
    for name in ("shown", "facility", "median_s", "blank"):
        assert getattr(both, name) == near(getattr(together, name))
    assert [o.chosen for o in both.options] == [o.chosen for o in together.options]


def test_what_compares_people_is_a_mean_over_the_sets_by_showings():
    sound = [(2, 4, frozenset({2}), None), (0, 0, frozenset({1}), None)]  # who knows more is right
    odd = [(0, 4, frozenset({1}), None), (2, 2, frozenset({2}), None), (2, 2, frozenset({2}), None)]
    alike = [(2, 3, frozenset({2}), None)] * 7  # says nothing, and has no weight
    a, b, c = (record(tally_of(seen)) for seen in (sound, odd, alike))
    figures = figures_of(pool(pool(a, c), b))
    of_a, of_b = figures_of(a).discrimination, figures_of(b).discrimination
    assert of_a is not None
    assert of_b is not None
    assert (of_a > 0, of_b < 0) == (True, True)
    assert figures.discrimination == pytest.approx((2 * of_a + 3 * of_b) / 5)


def test_different_items_do_not_pool():
    kept = record(tally_of([(2, 4, frozenset({2}), 5)]))
    for other in (replace(kept, key=frozenset({1})), replace(kept, choices=kept.choices[:2])):
        with pytest.raises(ValueError, match="different items"):
            pool(kept, other)


def test_parts_that_add_up_to_the_same_are_no_preference():
    """0.1 + 0.2 is more than 0.3 in binary fractions; nobody's key is wrong for that."""

    def part(key: float, other: float) -> ItemRecord:
        return ItemRecord(
            key=frozenset({1}), shown=Choice(60, 20.0, 20.0), facility=Mean(30.0, 60), discrimination=Mean(),
            discrimination_plain=Mean(), upper_lower=Mean(), choices=(Choice(30, key, 1.0), Choice(30, other, 1.0)),
            blank=0, times=(),
        )  # fmt: skip

    both = pool(part(0.3, 0.1), part(0.0, 0.2))
    assert both.choices[1].upper > both.choices[0].upper
    assert ItemWarning.LIKELY_WRONG_KEY not in item_warnings(figures_of(both))
