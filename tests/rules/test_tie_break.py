"""The tie-break chain: one ranking, whatever the order of the results, and a reason for every place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.tie_break import (
    CRITERIA,
    EPOCH,
    NO_PREDICTION,
    Comparison,
    Result,
    criterion,
    criterion_name,
    key_size,
    pack,
    packed,
    places,
    rank,
    sort_key,
    turned,
    unpack,
    values_of,
    why_above,
)
from tests.rules.results import NOON, TICK, chains, result, results

DONG_NAI = ("score", "elapsed", "attempts")
QUANG_NAM = ("score", "prediction", "elapsed", "submitted")
DAK_LAK = ("score", "elapsed", "attempts", "registered")
VCNET = ("score", "prediction", "submitted")


def why(a: Result, b: Result, chain: Sequence[str]) -> list[Comparison]:
    return why_above(values_of(a, chain), values_of(b, chain), chain)


def entries(ranked_results: list[Result], chain: tuple[str, ...]) -> list[int]:
    return [s.result.entry_id for s in rank(ranked_results, chain)]


@given(results, chains, st.randoms(use_true_random=False))
def test_any_shuffle_of_the_results_gives_one_ranking(found: list[Result], chain: list[str], dice: Random):
    assert rank(iter(dice.sample(found, len(found))), chain) == rank(found, chain)


@given(results, chains)
def test_a_ranking_numbers_everybody(found: list[Result], chain: list[str]):
    standings = rank(found, chain)
    assert sorted(s.result.entry_id for s in standings) == [r.entry_id for r in found]
    assert [s.position for s in standings] == list(range(1, len(found) + 1))
    for standing in standings:
        key = sort_key(standing.result, chain)
        keys = [sort_key(r, chain) for r in found]
        assert standing.place == 1 + sum(other < key for other in keys)
        assert standing.tied == (keys.count(key) > 1)


@given(results, chains)
def test_the_list_follows_the_sort_key_and_equals_the_entry_id(found: list[Result], chain: list[str]):
    expected = sorted(found, key=lambda r: (sort_key(r, chain), r.entry_id))
    assert [s.result for s in rank(found, chain)] == expected


@given(results, chains)
def test_why_above_agrees_with_the_ranking(found: list[Result], chain: list[str]):
    for above, below in combinations(rank(found, chain), 2):
        lines = why(above.result, below.result, chain)
        assert [line.step for line in lines] == chain
        deciding = [line for line in lines if line.verdict == "decides"]
        if above.place == below.place:
            assert not deciding
            assert {line.verdict for line in lines} == {"equal"}
            continue
        (line,) = deciding
        at = lines.index(line)
        assert {before.verdict for before in lines[:at]} <= {"equal"}
        assert {after.verdict for after in lines[at + 1 :]} <= {"not_needed"}
        more_is_better = criterion(line.step).more_is_better
        assert line.a > line.b if more_is_better else line.a < line.b


@given(results, chains)
def test_turning_the_question_turns_the_values_only(found: list[Result], chain: list[str]):
    for a, b in pairwise(found):
        there, back = why(a, b, chain), why(b, a, chain)
        assert [(x.step, x.a, x.b, x.verdict) for x in there] == [(x.step, x.b, x.a, x.verdict) for x in back]


@given(results, chains, chains)
def test_a_longer_chain_only_parts_those_who_were_equal(found: list[Result], chain: list[str], more: list[str]):
    named = {criterion_name(step) for step in chain}
    longer = chain + [step for step in more if criterion_name(step) not in named]
    before = {s.result.entry_id: s.place for s in rank(found, chain)}
    for above, below in pairwise(rank(found, longer)):
        assert before[above.result.entry_id] <= before[below.result.entry_id]


def test_shared_places_are_counted_on():
    standings = rank([result(1, 20), result(2, 19), result(3, 19), result(4, 18)], ("score",))
    assert [(s.position, s.place, s.tied) for s in standings] == [
        (1, 1, False),
        (2, 2, True),
        (3, 2, True),
        (4, 4, False),
    ]


def test_nobody_and_one_person():
    assert rank([], ("score",)) == []
    (only,) = rank([result(5)], ("score",))
    assert (only.position, only.place, only.tied) == (1, 1, False)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("score", {"score": 20}, {"score": 19}),
        ("prediction", {"prediction_gap": 0}, {"prediction_gap": 1}),
        ("prediction", {"prediction_gap": 999_999_999}, {"prediction_gap": None}),
        ("elapsed", {"elapsed_ms": 45_000}, {"elapsed_ms": 45_001}),
        ("submitted", {"submitted_at": NOON}, {"submitted_at": NOON + TICK}),
        ("attempts", {"attempts_used": 1}, {"attempts_used": 2}),
        ("registered", {"registered_at": NOON - TICK}, {"registered_at": NOON}),
        ("correct", {"correct": 20}, {"correct": 19}),
        ("all_correct", {"perfect": 1}, {"perfect": 0}),
        ("written", {"written": 9}, {"written": 8}),
        ("total_elapsed", {"total_elapsed_ms": 45_000}, {"total_elapsed_ms": 45_001}),
        ("started", {"started_at": NOON}, {"started_at": NOON + TICK}),
        ("perfect_attempts", {"perfect_attempts": 2}, {"perfect_attempts": 1}),
    ],
)
def test_the_direction_of_every_criterion(name: str, better: dict[str, int], worse: dict[str, int]):
    """And the other way round when the step is turned."""
    assert entries([result(1, **worse), result(2, **better)], (name,)) == [2, 1]
    assert entries([result(1, **worse), result(2, **better)], (turned(name),)) == [1, 2]


def test_a_step_is_written_in_one_way():
    assert [turned("score"), turned("attempts"), turned("attempts:more")] == ["score:less", "attempts:more", "attempts"]
    for wrong in ("score:more", "attempts:less", "score:up", "luck", ""):
        with pytest.raises(KeyError):
            criterion(wrong)


@given(results, chains)
def test_keys_sort_exactly_as_the_chain_compares(found: list[Result], chain: list[str]):
    for a, b in combinations(found, 2):
        keys, numbers = (packed(a, chain), packed(b, chain)), (sort_key(a, chain), sort_key(b, chain))
        assert (keys[0] < keys[1], keys[0] == keys[1]) == (numbers[0] < numbers[1], numbers[0] == numbers[1])
        assert len(keys[0]) == key_size(chain)


numbers_of_any_size = st.integers(0, 2**32 - 1)
wide = st.builds(
    lambda score, ms, gap, day: result(
        1, score, elapsed_ms=ms, prediction_gap=gap, submitted_at=EPOCH + timedelta(microseconds=day)
    ),
    numbers_of_any_size,
    numbers_of_any_size,
    st.none() | st.integers(0, NO_PREDICTION - 1),
    st.integers(0, 2**57),
)


@given(st.lists(wide, min_size=2, max_size=6))
def test_keys_of_large_numbers_sort_as_the_chain_compares_and_hold_what_went_in(found: list[Result]):
    chain = ("score", "prediction", "elapsed:more", "submitted")
    assert [packed(r, chain) for r in sorted(found, key=lambda r: sort_key(r, chain))] == sorted(
        packed(r, chain) for r in found
    )
    for r in found:
        assert unpack(packed(r, chain) + b"more", chain) == values_of(r, chain)


@given(results, chains)
def test_columns_pack_as_single_results_do(found: list[Result], chain: list[str]):
    columns = {
        name: [v if isinstance(v, int) else (v - EPOCH) // TICK for v in (CRITERIA[name].value(r) for r in found)]
        for name in map(criterion_name, chain)
    }
    assert pack(columns, chain) == [packed(r, chain) for r in found]


def test_a_number_too_large_for_its_place_becomes_the_largest():
    assert packed(result(1, attempts_used=2**40), ("attempts",)) == b"\xff" * 4
    assert packed(result(1, 2**40), ("score",)) == bytes(4)


@given(st.lists(st.binary(min_size=1, max_size=1)))
def test_places_of_sorted_keys(keys: list[bytes]):
    keys.sort()
    numbers, shared = places(keys)
    assert numbers == [1 + sum(other < key for other in keys) for key in keys]
    assert shared == [keys.count(key) > 1 for key in keys]


def test_two_missing_predictions_are_equal():
    standings = rank([result(1), result(2), result(3, prediction_gap=5)], QUANG_NAM)
    assert [(s.result.entry_id, s.place) for s in standings] == [(3, 1), (1, 2), (2, 2)]


@pytest.mark.parametrize("gap", [2**53, 2**62, NO_PREDICTION - 1])
def test_a_missing_prediction_ranks_behind_the_wildest_guess(gap: int):
    assert entries([result(1), result(2, prediction_gap=gap)], VCNET) == [2, 1]


@pytest.mark.parametrize("year", [1970, 2024, 2300, 9999])
def test_one_microsecond_parts_two_moments(year: int):
    last = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    earlier, later = result(2, submitted_at=last - TICK), result(1, submitted_at=last)
    assert entries([later, earlier], ("submitted",)) == [2, 1]
    assert sort_key(later, ("submitted",))[0] - sort_key(earlier, ("submitted",))[0] == 1


def test_one_microsecond_around_1970():
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    keys = [sort_key(result(1, submitted_at=epoch + n * TICK), ("submitted",)) for n in range(3)]
    assert keys == [(0,), (1,), (2,)]


def test_a_moment_is_the_same_in_every_time_zone():
    here = NOON.astimezone(timezone(timedelta(hours=7)))
    standings = rank([result(1, submitted_at=NOON), result(2, submitted_at=here)], ("submitted",))
    assert [s.place for s in standings] == [1, 1]


def test_numbers_beyond_the_precision_of_floats_stay_apart():
    big = 2**53
    assert entries([result(1, prediction_gap=big + 1), result(2, prediction_gap=big)], ("prediction",)) == [2, 1]


def test_dong_nai_gives_equal_score_and_time_to_the_person_with_fewer_attempts():
    found = [
        result(1, 19, elapsed_ms=30_000),
        result(2, 20, elapsed_ms=50_000, attempts_used=4),
        result(3, 20, elapsed_ms=50_000, attempts_used=2),
        result(4, 20, elapsed_ms=49_999, attempts_used=9),
    ]
    assert entries(found, DONG_NAI) == [4, 3, 2, 1]


def test_dak_lak_asks_last_who_registered_first():
    found = [result(1, registered_at=NOON + TICK), result(2, registered_at=NOON)]
    assert entries(found, DAK_LAK) == [2, 1]
    assert [line.verdict for line in why(found[1], found[0], DAK_LAK)] == ["equal"] * 3 + ["decides"]


def test_quang_nam_prefers_the_nearest_prediction_to_the_shortest_time():
    found = [
        result(1, prediction_gap=3, elapsed_ms=45_000),
        result(2, prediction_gap=0, elapsed_ms=900_000),
        result(3, prediction_gap=3, elapsed_ms=44_000),
    ]
    assert entries(found, QUANG_NAM) == [2, 3, 1]


def test_vcnet_asks_for_the_earliest_moment_and_not_for_the_shortest_time():
    fast_but_late = result(1, prediction_gap=1, elapsed_ms=20_000, submitted_at=NOON + timedelta(days=3))
    slow_but_early = result(2, prediction_gap=1, elapsed_ms=900_000, submitted_at=NOON)
    assert entries([fast_but_late, slow_but_early], VCNET) == [2, 1]


def test_thousands_at_full_marks_share_the_first_place_without_a_further_criterion():
    standings = rank([result(n) for n in range(4098, 0, -1)], ("score",))
    assert {(s.place, s.tied) for s in standings} == {(1, True)}
    assert [s.result.entry_id for s in standings] == list(range(1, 4099))
