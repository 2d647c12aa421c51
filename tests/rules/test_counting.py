"""Which attempt of an entry counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.counting import Counted, Overall, choosing_chain, counted, together
from quiz.rules.tie_break import Result, sort_key
from tests.rules.results import NOON, TICK, chains, columns, result

BINH_THUAN = ("score", "submitted")  # "đúng và sớm nhất", at most three attempts in a đợt
MINUTE = timedelta(minutes=1)


def attempt(number: int, score: int, **columns_: object) -> Result:
    """The entry's attempt of that number; they follow each other by a minute."""
    return result(1, score, attempt_id=number, **{"submitted_at": NOON + number * MINUTE, **columns_})


@st.composite
def attempts_of_one_entry(draw: st.DrawFn) -> list[Result]:
    rows = draw(st.lists(columns, min_size=1, max_size=6))
    same = {"registered_at": NOON, "attempts_used": len(rows)}  # these are the entry's, not the attempt's
    return [result(1, attempt_id=n, **(row | same)) for n, row in enumerate(rows, 1)]


def test_binh_thuan_best_of_three_keeps_the_earliest():
    attempts = [attempt(1, 18), attempt(2, 20), attempt(3, 20)]
    assert counted(attempts, Counted.BEST, BINH_THUAN).attempt_id == 2


def test_vcnet_keeps_most_correct_before_earliest():
    attempts = [attempt(1, 9), attempt(2, 10), attempt(3, 8)]
    assert counted(attempts, Counted.BEST, ("score", "prediction", "submitted")).attempt_id == 2


def test_equal_scores_go_by_the_rest_of_the_chain():
    attempts = [attempt(1, 20, elapsed_ms=50_000), attempt(2, 20, elapsed_ms=40_000)]
    assert counted(attempts, Counted.BEST, ("score", "elapsed")).attempt_id == 2
    assert counted(attempts, Counted.BEST, ("score",)).attempt_id == 1


def test_the_best_has_the_best_score_even_where_the_chain_begins_otherwise():
    attempts = [attempt(1, 18, elapsed_ms=30_000), attempt(2, 20, elapsed_ms=90_000)]
    assert counted(attempts, Counted.BEST, ("elapsed", "score")).attempt_id == 2


def test_the_prediction_does_not_choose_the_attempt():
    attempts = [attempt(1, 20, prediction_gap=500), attempt(2, 20, prediction_gap=0)]
    assert counted(attempts, Counted.BEST, ("score", "prediction", "submitted")).attempt_id == 1


def test_what_is_equal_in_everything_is_the_first_attempt():
    attempts = [attempt(n, 20, submitted_at=NOON) for n in (3, 1, 2)]
    assert counted(attempts, Counted.BEST, BINH_THUAN).attempt_id == 1


@pytest.mark.parametrize(
    ("how", "expected"), [(Counted.FIRST, 1), (Counted.LAST, 3), (Counted.BEST, 2), (Counted.BEST_EARLIEST, 2)]
)
def test_first_last_and_best(how: Counted, expected: int):
    attempts = [attempt(2, 20), attempt(3, 19), attempt(1, 18)]
    assert counted(attempts, how, BINH_THUAN).attempt_id == expected


def test_first_and_last_are_told_apart_by_a_microsecond():
    attempts = [attempt(1, 20, submitted_at=NOON + TICK), attempt(2, 20, submitted_at=NOON)]
    assert counted(attempts, Counted.FIRST, BINH_THUAN).attempt_id == 2
    assert counted(attempts, Counted.LAST, BINH_THUAN).attempt_id == 1


@given(attempts_of_one_entry(), st.sampled_from(Counted), chains, st.randoms(use_true_random=False))
def test_one_of_the_attempts_counts_in_whatever_order_they_come(
    attempts: list[Result], how: Counted, chain: list[str], dice: Random
):
    found = counted(attempts, how, chain)
    assert found in attempts
    assert counted(dice.sample(attempts, len(attempts)), how, chain) == found
    if len(attempts) == 1:
        assert found == attempts[0]


@given(attempts_of_one_entry(), chains, columns)
def test_a_further_attempt_never_lowers_the_best(attempts: list[Result], chain: list[str], row: dict[str, int]):
    choosing = choosing_chain(Counted.BEST, chain)
    before = counted(attempts, Counted.BEST, chain)
    further = replace(before, attempt_id=99, **(row | {"registered_at": NOON, "attempts_used": before.attempts_used}))
    after = counted([*attempts, further], Counted.BEST, chain)
    assert sort_key(after, choosing) <= sort_key(before, choosing)
    if sort_key(further, choosing) > sort_key(before, choosing):
        assert after == before


@given(attempts_of_one_entry(), chains, st.integers(0, 9))
def test_the_truth_does_not_change_which_attempt_is_best(attempts: list[Result], chain: list[str], gap: int):
    unknown = [replace(a, prediction_gap=None) for a in attempts]
    known = [replace(a, prediction_gap=abs(gap - a.attempt_id)) for a in attempts]
    best = [counted(some, Counted.BEST, chain).attempt_id for some in (unknown, known)]
    assert best[0] == best[1]


def test_the_earliest_of_the_best_is_not_asked_for_its_time():
    attempts = [attempt(1, 20, elapsed_ms=90_000), attempt(2, 20, elapsed_ms=30_000)]
    assert counted(attempts, Counted.BEST_EARLIEST, ("score", "elapsed")).attempt_id == 1
    assert counted(attempts, Counted.BEST, ("score", "elapsed")).attempt_id == 2


@given(attempts_of_one_entry(), chains, columns)
def test_a_worse_attempt_never_lowers_what_counts(attempts: list[Result], chain: list[str], row: dict[str, int]):
    """Score, time and moment of the counted attempt stay; a step that counts attempts is the only one that may move."""
    before = counted(attempts, Counted.BEST, chain)
    worse = replace(before, attempt_id=99, **(row | {"score": before.score - 1, "registered_at": NOON}))
    assert counted([*attempts, worse], Counted.BEST, chain) == before
    assert counted([*attempts, worse], Counted.BEST_EARLIEST, chain).score == before.score


rounds_of_one_entry = st.lists(columns, min_size=1, max_size=5).map(
    lambda rows: [result(1, attempt_id=n, **row) for n, row in enumerate(rows, 1)]
)


@given(rounds_of_one_entry, chains)
def test_rounds_add_up(rounds: list[Result], chain: list[str]):
    whole = together(rounds, Overall.SUM, chain)
    for name in ("score", "correct", "perfect", "written", "elapsed_ms", "total_elapsed_ms", "attempts_used"):
        assert getattr(whole, name) == sum(getattr(r, name) for r in rounds)
    assert (whole.attempt_id, whole.submitted_at) == (rounds[-1].attempt_id, rounds[-1].submitted_at)


@given(rounds_of_one_entry, chains)
def test_the_best_round_stands_for_all_with_the_attempts_of_all(rounds: list[Result], chain: list[str]):
    whole = together(rounds, Overall.BEST, chain)
    best = next(r for r in rounds if r.attempt_id == whole.attempt_id)
    assert whole.score == best.score == max(r.score for r in rounds)
    assert whole.attempts_used == sum(r.attempts_used for r in rounds)


def test_dong_nai_adds_up_its_weeks():
    """Ranked by the sums of scores, times and attempts over all weeks: two good weeks beat one perfect one."""
    steady = [result(1, 18, elapsed_ms=50_000, attempts_used=2), result(1, 19, elapsed_ms=40_000, attempts_used=1)]
    once = [result(2, 20, elapsed_ms=30_000)]
    sums = [together(weeks, Overall.SUM, ("score", "elapsed", "attempts")) for weeks in (steady, once)]
    assert [(s.score, s.elapsed_ms, s.attempts_used) for s in sums] == [(37, 90_000, 3), (20, 30_000, 1)]
