"""The prediction: what is counted, and how far off a guess is."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.prediction import Finished, Target, gap, truth

finished = st.lists(st.builds(Finished, st.integers(1, 6), st.booleans()), max_size=20)
counts = st.integers(0, 999_999_999)

# An takes part twice and is all correct once, Bình once without it, Chi twice with it.
AN, BINH, CHI = 1, 2, 3
A_WEEK = [Finished(AN, False), Finished(AN, True), Finished(BINH, False), Finished(CHI, True), Finished(CHI, True)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [(Target.PEOPLE_ALL_CORRECT, 2), (Target.PEOPLE, 3), (Target.ATTEMPTS, 5)],
)
def test_three_meanings_of_one_question(target: Target, expected: int):
    assert truth(iter(A_WEEK), target) == expected


@pytest.mark.parametrize("target", Target)
def test_nobody_took_part(target: Target):
    assert truth([], target) == 0


@given(finished, st.randoms(use_true_random=False))
def test_the_truths_contain_each_other_in_any_order(attempts: list[Finished], dice: Random):
    found = [truth(attempts, target) for target in Target]
    assert found == sorted(found)
    assert found == [truth(dice.sample(attempts, len(attempts)), target) for target in Target]


@given(finished, st.builds(Finished, st.integers(1, 6), st.booleans()))
def test_a_further_attempt_adds_at_most_one(attempts: list[Finished], further: Finished):
    for target in Target:
        assert 0 <= truth([*attempts, further], target) - truth(attempts, target) <= 1
    assert truth([*attempts, further], Target.ATTEMPTS) == truth(attempts, Target.ATTEMPTS) + 1


@pytest.mark.parametrize(
    ("prediction", "truth_value", "expected"),
    [(850, 850, 0), (849, 850, 1), (851, 850, 1), (0, 850, 850), (None, 850, None), (850, None, None), (0, 0, 0)],
)
def test_gap(prediction: int | None, truth_value: int | None, expected: int | None):
    assert gap(prediction, truth_value) == expected


@given(counts, counts)
def test_over_and_under_are_alike(truth_value: int, off: int):
    assert gap(truth_value + off, truth_value) == gap(truth_value - off, truth_value) == off
    assert gap(truth_value, off) == gap(off, truth_value)
