"""Statistics: a second way to every figure, what holds for any attempts, and the edges of the warnings.

The second way is the stdlib's `statistics` on the expanded data, or another form of the formula; published numbers are
in test_published_statistics.py.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.statistics import (
    MIN_SHOWN,
    MIN_UPPER,
    TOO_EASY_ABOVE,
    TOO_HARD_BELOW,
    ItemFigures,
    ItemWarning,
    OptionFigures,
    PaperFigures,
    item_figures,
    item_warnings,
    paper_figures,
)
from quiz.rules.tally import LONGEST_S, ItemTally, upper_lower_groups
from tests.rules.answers import Answer, Attempt, Item, from_marks, paper, score, tallies

NO_GROUPS = upper_lower_groups({})

# --- a second way to every figure -------------------------------------------------------------------------------------

BANK = {
    1: Item(options=4, key=frozenset({2})),
    2: Item(options=4, key=frozenset({1, 3}), maximum=3),
    3: Item(options=2, key=frozenset({1}), maximum=2),
    4: Item(maximum=5),
    5: Item(options=5, key=frozenset({5})),
}


@st.composite
def answers(draw: st.DrawFn, number: int) -> Answer:
    item = BANK[number]
    chosen = draw(st.frozensets(st.integers(1, item.options))) if item.options else frozenset()
    return Answer(number, draw(st.integers(0, item.maximum)), chosen, draw(st.none() | st.integers(0, 90)))


drawn_papers = st.lists(
    st.lists(st.sampled_from(sorted(BANK)), min_size=1, unique=True).flatmap(
        lambda numbers: st.tuples(*(answers(number) for number in numbers))
    ),
    max_size=25,
)
right_or_wrong = st.integers(2, 6).flatmap(
    lambda items: st.lists(st.lists(st.integers(0, 1), min_size=items, max_size=items), min_size=2, max_size=25)
)


def pearson(x: list[int], y: list[int]) -> float | None:
    return statistics.correlation(x, y) if len(set(x)) > 1 and len(set(y)) > 1 else None


def near(expected: float | None) -> object:
    return None if expected is None else pytest.approx(expected, abs=1e-9)


@given(drawn_papers)
def test_item_figures_are_those_of_the_expanded_data(attempts: list[Attempt]):
    for number, tally in tallies(attempts, BANK).items():
        seen = [(answer, score(attempt)) for attempt in attempts for answer in attempt if answer.item == number]
        figures, marks = item_figures(tally), [answer.points for answer, _ in seen]
        assert figures.shown == len(seen)
        assert figures.facility == near(statistics.mean(marks) / BANK[number].maximum if marks else None)
        assert figures.discrimination_plain == near(pearson(marks, [total for _, total in seen]))
        assert figures.discrimination == near(pearson(marks, [total - answer.points for answer, total in seen]))
        assert figures.blank == sum(not answer.chosen for answer, _ in seen)
        times = [answer.seconds for answer, _ in seen if answer.seconds is not None]
        assert figures.median_s == (statistics.median(times) if times else None)
        for option in figures.options:
            assert option.is_key == (option.number in BANK[number].key)
            assert option.chosen == sum(option.number in answer.chosen for answer, _ in seen)
            assert option.share == near(option.chosen / len(seen) if seen else None)


@given(drawn_papers)
def test_group_figures_are_those_of_attempts_weighed_one_by_one(attempts: list[Attempt]):
    highest, lowest = (
        weights([score(attempt) for attempt in attempts]),
        weights([-score(attempt) for attempt in attempts]),
    )
    for number, tally in tallies(attempts, BANK).items():
        figures = item_figures(tally)
        upper, lower = weighed(number, attempts, highest), weighed(number, attempts, lowest)
        assert figures.upper_shown == near(float(sum(weight for weight, _ in upper)))
        best, weakest = mean_mark(upper), mean_mark(lower)
        assert figures.upper_lower == near(None if best is None or weakest is None else best - weakest)
        for option in figures.options:
            assert option.upper_share == near(share_who_chose(option.number, upper))
            assert option.lower_share == near(share_who_chose(option.number, lower))


def weights(ranks: list[int]) -> list[Fraction]:
    """How far each belongs to the highest 27 %, from how many are above it and how many level with it."""
    if len(set(ranks)) < 2:
        return [Fraction(0)] * len(ranks)
    places = Fraction(27, 100) * len(ranks)
    free = [max(Fraction(0), places - sum(other > rank for other in ranks)) for rank in ranks]
    return [min(Fraction(1), left / ranks.count(rank)) for left, rank in zip(free, ranks, strict=True)]


Weighed = list[tuple[Fraction, Answer]]


def weighed(number: int, attempts: list[Attempt], weights: list[Fraction]) -> Weighed:
    pairs = zip(weights, attempts, strict=True)
    return [(weight, answer) for weight, attempt in pairs for answer in attempt if answer.item == number]


def mean_mark(group: Weighed) -> float | None:
    full = sum(weight * BANK[answer.item].maximum for weight, answer in group)
    return float(sum(weight * answer.points for weight, answer in group) / full) if full else None


def share_who_chose(option: int, group: Weighed) -> float | None:
    whole = sum(weight for weight, _ in group)
    return float(sum(weight for weight, answer in group if option in answer.chosen) / whole) if whole else None


@given(st.lists(st.integers(-50, 50), max_size=40))
def test_spread_is_that_of_the_stdlib_and_of_the_usual_formulas(values: list[int]):
    figures, n = paper_figures(Counter(values), {}, []), len(values)
    assert figures.n == n
    assert figures.mean == near(statistics.mean(values) if values else None)
    assert figures.sd == near(statistics.stdev(values) if n > 1 else None)
    if len(set(values)) < 2:
        assert (figures.skewness, figures.kurtosis) == (None, None)
        return
    mean, sd = statistics.mean(values), statistics.stdev(values)
    z = [(value - mean) / sd for value in values]
    # as Excel documents SKEW and KURT
    skew = n / ((n - 1) * (n - 2)) * sum(x**3 for x in z) if n > 2 else None
    assert figures.skewness == (None if skew is None else pytest.approx(skew, rel=1e-9, abs=1e-9))
    kurt = (
        n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum(x**4 for x in z) - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
        if n > 3
        else None
    )
    assert figures.kurtosis == (None if kurt is None else pytest.approx(kurt, rel=1e-9, abs=1e-9))


@given(right_or_wrong)
def test_kr20_and_alpha_are_the_textbook_values_when_all_took_the_same_items(rows: list[list[int]]):
    figures = paper(from_marks(rows))
    totals, k = [sum(row) for row in rows], len(rows[0])
    if len(set(totals)) < 2:
        assert (figures.kr20, figures.alpha, figures.sem) == (None, None, None)
        return
    p = [statistics.fmean(column) for column in zip(*rows, strict=True)]
    kr20 = k / (k - 1) * (1 - sum(x * (1 - x) for x in p) / statistics.pvariance(totals))
    assert figures.kr20 == pytest.approx(kr20, abs=1e-9)
    assert figures.alpha == figures.kr20
    assert figures.sem == pytest.approx(statistics.stdev(totals) * (1 - max(kr20, 0)) ** 0.5, abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 10)), min_size=2, max_size=25))
def test_alpha_of_points_is_the_textbook_value(rows: list[tuple[int, ...]]):
    totals = [sum(row) for row in rows]
    alpha = None
    if len(set(totals)) > 1:
        alpha = 3 / 2 * (1 - sum(map(statistics.variance, zip(*rows, strict=True))) / statistics.variance(totals))
    assert paper(from_marks(rows), {n: Item(maximum=10) for n in (1, 2, 3)}).alpha == near(alpha)


def drawn(seed: int, attempts: int, items: int, on_a_paper: int) -> list[Attempt]:
    """Attempts by people of different skill at papers drawn from items of different difficulty."""
    dice = Random(seed)
    ease = {number: dice.uniform(0.2, 0.8) for number in range(1, items + 1)}
    people = [dice.uniform(-0.3, 0.3) for _ in range(attempts)]
    return [
        [Answer(number, int(dice.random() < ease[number] + skill)) for number in dice.sample(sorted(ease), on_a_paper)]
        for skill in people
    ]


@pytest.mark.parametrize("seed", range(5))
def test_of_drawn_papers_the_item_variances_are_the_mean_over_attempts(seed: int):
    attempts = drawn(seed, attempts=80, items=30, on_a_paper=10)
    given_marks: dict[int, list[int]] = {}
    for answer in (answer for attempt in attempts for answer in attempt):
        given_marks.setdefault(answer.item, []).append(answer.points)
    variances = {item: statistics.variance(marks) for item, marks in given_marks.items()}
    mean = statistics.fmean(sum(variances[answer.item] for answer in attempt) for attempt in attempts)
    expected = 10 / 9 * (1 - mean / statistics.variance(map(score, attempts)))
    assert paper(attempts).kr20 == pytest.approx(expected)
    assert paper(attempts).alpha == pytest.approx(expected)


def test_papers_without_a_common_item_are_estimated_too():
    """Two sets of items, each taken by half of the people with the same marks, say what one of them says."""
    rows = [list(row) for row in product((0, 1), repeat=4) for _ in range(1 + sum(row) ** 2)]
    other = [[replace(answer, item=answer.item + 4) for answer in attempt] for attempt in from_marks(rows)]
    alone, both = paper(from_marks(rows)), paper([*from_marks(rows), *other])
    assert alone.alpha is not None
    assert both.alpha == pytest.approx(alone.alpha, abs=0.01)


# --- what holds for any attempts --------------------------------------------------------------------------------------


@given(drawn_papers, st.randoms(use_true_random=False))
def test_any_shuffle_of_the_attempts_gives_the_same_figures(attempts: list[Attempt], dice: Random):
    shuffled = [tuple(dice.sample(list(attempt), len(attempt))) for attempt in attempts]
    dice.shuffle(shuffled)
    before, after = tallies(attempts, BANK), tallies(shuffled, dict(sorted(BANK.items(), reverse=True)))
    for number in BANK:
        assert item_figures(before[number]) == item_figures(after[number])
    assert paper(attempts, BANK) == paper(shuffled, dict(sorted(BANK.items(), reverse=True)))


@given(drawn_papers)
def test_figures_keep_their_bounds(attempts: list[Attempt]):
    for tally in tallies(attempts, BANK).values():
        figures = item_figures(tally)
        assert 0 <= figures.upper_shown <= figures.shown
        for share in (figures.facility, *(s for o in figures.options for s in (o.share, o.upper_share, o.lower_share))):
            assert share is None or 0 <= share <= 1
        for figure in (figures.discrimination, figures.discrimination_plain, figures.upper_lower):
            assert figure is None or -1 <= figure <= 1
    whole = paper(attempts, BANK)
    assert whole.alpha is None or whole.alpha <= 1
    assert whole.sem is None or 0 <= whole.sem <= (whole.sd or 0)


def test_what_nobody_saw_has_no_figures():
    tally = ItemTally(NO_GROUPS, 2, frozenset({1}), 1)
    untouched = OptionFigures(1, is_key=True, chosen=0, share=None, upper_share=None, lower_share=None)
    assert item_figures(tally) == ItemFigures(
        0, None, None, None, None, 0.0, (untouched, replace(untouched, number=2, is_key=False)), 0, None
    )
    assert paper([]) == PaperFigures(0, None, None, None, None, None, None, None)


def test_one_attempt_has_a_mean_and_nothing_to_compare():
    assert paper(from_marks([[1, 0, 1]])) == PaperFigures(1, 2.0, None, None, None, None, None, None)


def test_equal_scores_do_not_spread():
    figures = paper(from_marks([[1, 0], [0, 1], [1, 0], [0, 1]]))
    assert figures == PaperFigures(4, 1.0, 0.0, None, None, None, None, None)
    found = item_figures(tallies(from_marks([[1, 0], [0, 1], [1, 0]]))[1])
    assert (found.discrimination_plain, found.upper_lower) == (None, None)
    assert found.discrimination == -1.0  # who has the one lacks the other


def test_one_item_on_a_paper_has_no_reliability():
    assert paper(from_marks([[1], [0], [1]])).alpha is None


def test_items_shown_once_each_have_no_reliability():
    attempts = [[Answer(2 * n, n % 2), Answer(2 * n + 1, 1)] for n in range(10)]
    assert paper(attempts).alpha is None


def test_an_estimate_above_one_is_none():
    """Two items that vary for nobody and scores that do, because the papers differ."""
    easy, hard = [Answer(1, 1), Answer(2, 1)], [Answer(3, 0), Answer(4, 0)]
    assert paper([easy, easy, hard, hard]).alpha is None


def test_scores_with_something_else_in_them_have_no_reliability():
    attempts = from_marks([[1, 1], [1, 0], [0, 0]])
    found = tallies(attempts).values()
    assert paper_figures({2: 1, 1: 1, 0: 1}, {2: 1, 1: 1, 0: 1}, found).alpha is not None
    with_an_essay = paper_figures({7: 1, 1: 1, 0: 1}, {2: 1, 1: 1, 0: 1}, found)
    assert (with_an_essay.alpha, with_an_essay.sem) == (None, None)
    assert with_an_essay.kr20 is not None
    assert paper_figures({2: 1, 1: 1, 0: 1}, {3: 1, 1: 1, 0: 1}, found).kr20 is None


def test_marks_between_none_and_full_leave_alpha_but_no_kr20():
    figures = paper(from_marks([[2, 2], [1, 0], [0, 0]]), {1: Item(maximum=2), 2: Item(maximum=2)})
    assert figures.alpha is not None
    assert figures.kr20 is None


def test_a_paper_of_unequal_items_has_kr20_from_right_and_alpha_from_points():
    rows = [(1, 9), (1, 0), (0, 0), (0, 9), (1, 9)]
    figures = paper(from_marks(rows), {1: Item(), 2: Item(maximum=9)})
    assert figures.kr20 == near(paper(from_marks([(a, b // 9) for a, b in rows])).alpha)
    assert figures.alpha != figures.kr20


def test_a_median_time_at_the_end_of_the_scale():
    tally = ItemTally(NO_GROUPS, 0, frozenset(), 1)
    for seconds in (5, 3000, 4000):
        tally.add(1, 1, seconds=seconds)
    assert item_figures(tally).median_s == LONGEST_S


# --- warnings ---------------------------------------------------------------------------------------------------------


def options(*upper_shares: float, key: tuple[int, ...] = (1,), chosen: int = 5) -> tuple[OptionFigures, ...]:
    return tuple(
        OptionFigures(number, number in key, chosen, share=0.2, upper_share=share, lower_share=0.2)
        for number, share in enumerate(upper_shares, start=1)
    )


SOUND = ItemFigures(
    shown=MIN_SHOWN,
    facility=0.6,
    discrimination=0.3,
    discrimination_plain=0.4,
    upper_lower=0.4,
    upper_shown=float(MIN_UPPER),
    options=options(0.7, 0.1, 0.1, 0.1),
    blank=0,
    median_s=30.0,
)


def test_a_sound_item_has_no_warning():
    assert item_warnings(SOUND) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"discrimination": -0.001}, {ItemWarning.NEGATIVE_DISCRIMINATION: ()}),
        ({"discrimination": 0.0}, {}),
        ({"discrimination": None}, {}),
        ({"discrimination_plain": -0.1}, {}),  # the corrected one counts
        ({"facility": TOO_EASY_ABOVE}, {}),
        ({"facility": TOO_EASY_ABOVE + 0.001}, {ItemWarning.TOO_EASY: ()}),
        ({"facility": TOO_HARD_BELOW}, {}),
        ({"facility": TOO_HARD_BELOW - 0.001}, {ItemWarning.TOO_HARD: ()}),
        ({"facility": None}, {}),
        ({"options": options(0.4, 0.4, 0.1)}, {}),  # as many are no ground
        ({"options": options(0.4, 0.41, 0.1)}, {ItemWarning.LIKELY_WRONG_KEY: (2,)}),
        ({"options": options(0.2, 0.4, 0.3)}, {ItemWarning.LIKELY_WRONG_KEY: (2, 3)}),
        ({"options": options(0.2, 0.4, 0.3), "upper_shown": MIN_UPPER - 0.01}, {}),
        ({"options": options(0.9, 0.3, 0.6, key=(1, 2))}, {ItemWarning.LIKELY_WRONG_KEY: (3,)}),
        ({"options": options(0.9, 0.6, 0.6, key=(1, 2))}, {}),
        ({"options": options(0.9, 0.2, key=(1, 2))}, {}),  # nothing is wrong here
        ({"options": ()}, {}),
        ({"options": (*options(0.7, 0.3), OptionFigures(3, False, 0, 0.0, 0.0, 0.0))}, {ItemWarning.NEVER_CHOSEN: (3,)}),
    ],
)  # fmt: skip
def test_warnings(change: dict[str, Any], expected: dict[ItemWarning, tuple[int, ...]]):
    assert item_warnings(replace(SOUND, **change)) == expected


def test_nothing_is_said_of_an_item_that_few_have_seen():
    odd = replace(SOUND, facility=0.1, discrimination=-0.5, options=options(0.0, 1.0, chosen=0))
    assert item_warnings(odd).keys() == set(ItemWarning) - {ItemWarning.TOO_EASY}
    assert item_warnings(replace(odd, shown=MIN_SHOWN - 1)) == {}


def test_an_item_with_the_wrong_key_is_found():
    """The better half knows that 3 is right, the weaker half guesses 2, which the bank says is the key."""
    attempts: list[Attempt] = []
    for n in range(100):
        good = n % 2 == 0
        others = [Answer(number, int(good)) for number in range(2, 11)]
        attempts.append([Answer(1, int(not good), frozenset({3 if good else 2})), *others])
    items = {1: Item(options=4, key=frozenset({2}))} | {number: Item() for number in range(2, 11)}
    assert item_warnings(item_figures(tallies(attempts, items)[1])) == {
        ItemWarning.NEGATIVE_DISCRIMINATION: (),
        ItemWarning.LIKELY_WRONG_KEY: (3,),
        ItemWarning.NEVER_CHOSEN: (1, 4),
    }
