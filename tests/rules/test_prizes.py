"""Prizes along the standings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.prizes import (
    Conditions,
    Held,
    Proposal,
    Ranked,
    Skip,
    Tier,
    Worth,
    beyond_quota,
    propose,
    within_share,
)
from quiz.rules.tie_break import Result, Standing, rank
from tests.rules.results import chains, result, results

FIRST, SECOND, THIRD = Tier("nhat", 1, 2_000_000), Tier("nhi", 2, 1_000_000), Tier("ba", 3, 500_000)
TIERS = [FIRST, SECOND, THIRD]
tiers = st.lists(st.integers(0, 4), max_size=4).map(lambda quotas: [Tier(f"t{n}", q) for n, q in enumerate(quotas)])


def ranked(standings_: list[Standing]) -> list[Ranked]:
    return [
        Ranked(
            position=s.position, place=s.place, tied=s.tied, entry_id=s.result.entry_id, score=s.result.score,
            perfect=bool(s.result.perfect), gap=s.result.prediction_gap,
        )
        for s in standings_
    ]  # fmt: skip


def standings(*scores: int) -> list[Ranked]:
    return ranked(rank([result(n, score) for n, score in enumerate(scores, 1)], ("score",)))


def at_least(score: int) -> Conditions:
    return Conditions(min_score=score)


def rows(proposals: Sequence[Proposal]) -> list[tuple[int, str, bool]]:
    return [(p.standing.place, p.tier.code, p.contested) for p in proposals]


@pytest.mark.parametrize(
    ("scores", "expected", "beyond"),
    [
        ([], [], 0),
        ([20], [(1, "nhat", False)], 0),
        (  # nobody shares a place
            [20, 19, 18, 17, 16, 15, 14],
            [(1, "nhat", False), (2, "nhi", False), (3, "nhi", False), *[(n, "ba", False) for n in (4, 5, 6)]],
            0,
        ),
        (  # two share the first place: both Nhất, and one Nhì fewer
            [20, 20, 19, 18, 17, 16, 15],
            [(1, "nhat", True), (1, "nhat", True), (3, "nhi", False), *[(n, "ba", False) for n in (4, 5, 6)]],
            0,
        ),
        (  # two share the second place: just what the tier has
            [20, 19, 19, 18],
            [(1, "nhat", False), (2, "nhi", False), (2, "nhi", False), (4, "ba", False)],
            0,
        ),
        (  # three for two Nhì use up one Ba
            [20, 19, 19, 19, 18, 17, 16],
            [(1, "nhat", False), *[(2, "nhi", True)] * 3, (5, "ba", False), (6, "ba", False)],
            0,
        ),
        (  # four share the first place: no Nhì is left, one Ba was taken
            [20, 20, 20, 20, 19, 18, 17],
            [*[(1, "nhat", True)] * 4, (5, "ba", False), (6, "ba", False)],
            0,
        ),
        (  # a tie at the last Ba makes more prizes than there are
            [20, 19, 18, 17, 16, 15, 15],
            [
                (1, "nhat", False), (2, "nhi", False), (3, "nhi", False), (4, "ba", False), (5, "ba", False),
                (6, "ba", True), (6, "ba", True),
            ],
            1,
        ),
        ([20] * 8, [(1, "nhat", True)] * 8, 2),
    ],
)  # fmt: skip
def test_worked_by_hand(scores: list[int], expected: list[tuple[int, str, bool]], beyond: int):
    proposals = propose(standings(*scores), TIERS).given
    assert rows(proposals) == expected
    assert beyond_quota(proposals, TIERS) == beyond


def test_hcmc_2026_gives_one_first_one_second_and_two_third_prizes():
    hcmc = [Tier("nhat", 1), Tier("nhi", 1), Tier("ba", 2)]
    assert [p.tier.code for p in propose(standings(10, 9, 8, 7, 6), hcmc).given] == ["nhat", "nhi", "ba", "ba"]


def test_a_minimum_score_leaves_prizes_unused():
    assert rows(propose(standings(20, 19, 9), TIERS, at_least(10)).given) == [(1, "nhat", False), (2, "nhi", False)]
    assert rows(propose(standings(10, 9), TIERS, at_least(10)).given) == [(1, "nhat", False)]
    assert propose(standings(9, 8), TIERS, at_least(10)).given == []


def test_a_tier_without_prizes_is_passed_over():
    assert rows(propose(standings(20, 19), [Tier("dac-biet", 0), FIRST]).given) == [(1, "nhat", False)]
    assert propose(standings(20), []).given == propose(standings(20), [Tier("dac-biet", 0)]).given == []


def test_whoever_is_past_the_prizes_is_not_looked_at():
    """A million standings cost no more than the few that get something."""

    def walked() -> Iterator[Ranked]:
        yield from standings(20, 19, 18)
        raise AssertionError("walked past the last prize")

    assert rows(propose(walked(), [FIRST, Tier("nhi", 1)]).given) == [(1, "nhat", False), (2, "nhi", False)]


@given(results, chains, tiers, st.integers(17, 21))
def test_prizes_follow_the_standings(found: list[Result], chain: list[str], given_: list[Tier], minimum: int):
    places = ranked(rank(found, chain))
    eligible = [s for s in places if s.score >= minimum]
    proposals = propose(places, given_, at_least(minimum)).given
    quota = sum(tier.quota for tier in given_)

    # nobody better is skipped, nobody gets two, and prizes stay unused only when there is nobody left
    assert [p.standing for p in proposals] == eligible[: len(proposals)]
    assert len(proposals) >= min(quota, len(eligible))
    # a better standing never has a worse tier, and a shared place has one tier
    order = [given_.index(p.tier) for p in proposals]
    assert order == sorted(order)
    for before, after in pairwise(proposals):
        if before.standing.place == after.standing.place:
            assert (before.tier, before.contested) == (after.tier, after.contested)
    # a place without a prize is not shared with one that has it
    if len(proposals) < len(eligible):
        assert not proposals or eligible[len(proposals)].place != proposals[-1].standing.place

    # contested: exactly those groups that are larger than what their tier had left when they came
    groups = Counter(p.standing.place for p in proposals)
    before_them = 0
    for place, size in groups.items():
        (tier,) = {p.tier for p in proposals if p.standing.place == place}
        reach = sum(t.quota for t in given_[: given_.index(tier) + 1])
        contested = {p.contested for p in proposals if p.standing.place == place}
        assert contested == {before_them + size > reach}
        before_them += size

    # more prizes than there are: only by a shared last place
    assert beyond_quota(proposals, given_) == max(0, len(proposals) - quota)
    if len(proposals) > quota:
        last = proposals[-1]
        assert last.contested
        assert len(proposals) - groups[last.standing.place] < quota


# Conditions and caps


def test_the_condition_of_a_prediction_bars_whoever_made_none_or_missed_by_too_much():
    """ "Đúng tất cả và dự đoán đúng hoặc gần đúng nhất" (facts/contest-practice.md rows 8 and 22)."""
    places = [
        Ranked(position=n, place=n, tied=False, entry_id=n, score=10, perfect=perfect, gap=gap)
        for n, (perfect, gap) in enumerate([(True, None), (True, 0), (False, 0), (True, 7)], 1)
    ]
    nearest = propose(places, TIERS, Conditions(all_correct=True, needs_prediction=True))
    assert [p.standing.entry_id for p in nearest.given] == [2, 4]
    assert [(s.entry_id, why) for s, why in nearest.skipped] == [(1, Skip.CONDITIONS), (3, Skip.CONDITIONS)]
    exact = propose(places, TIERS, Conditions(all_correct=True, needs_prediction=True, max_gap=0))
    assert [p.standing.entry_id for p in exact.given] == [2]


def test_quang_nam_leaves_the_higher_of_two_prizes():
    """A person who wins in both rounds keeps the higher prize; the lower one goes to whoever comes next."""
    held = Held(highest={1: Worth(2_000_000, 0), 3: Worth(500_000, 2)})
    found = propose(standings(20, 19, 18, 17), [SECOND], held=held)
    assert [(p.standing.entry_id, p.replaces) for p in found.given] == [(2, False), (3, True)]
    assert [(s.entry_id, why) for s, why in found.skipped] == [(1, Skip.HOLDS_HIGHER)]


def test_of_prizes_without_amounts_the_tier_says_which_is_higher():
    assert Worth(0, 0).at_least(Worth(0, 1))
    assert not Worth(0, 1).at_least(Worth(0, 0))
    assert Worth(5, 3).at_least(Worth(4, 0))


def test_dong_nai_gives_one_weekly_prize_in_a_period():
    found = propose(standings(20, 19, 18), [FIRST], held=Held(in_period=frozenset({1})))
    assert rows(found.given) == [(2, "nhat", False)]
    assert [why for _s, why in found.skipped] == [Skip.WON_IN_PERIOD]


def test_a_lot_parts_those_who_share_a_place():
    lots = {2: 2, 3: 1, 4: 3}
    found = propose(standings(20, 19, 19, 19, 18), [FIRST, SECOND, Tier("ba", 1)], lots=lots)
    assert [(p.standing.entry_id, p.tier.code, p.contested) for p in found.given] == [
        (1, "nhat", False), (3, "nhi", False), (2, "nhi", False), (4, "ba", False),
    ]  # fmt: skip


@given(
    st.lists(st.integers(18, 20), max_size=12), tiers, st.sets(st.integers(1, 12)), st.randoms(use_true_random=False)
)
def test_with_lots_for_every_tie_no_prize_is_beyond_its_quota(
    scores: list[int], given_: list[Tier], won: set[int], dice: Random
):
    places = standings(*sorted(scores, reverse=True))
    lots = {s.entry_id: n for n, s in enumerate(dice.sample(places, len(places)), 1)}
    found = propose(places, given_, held=Held(in_period=frozenset(won)), lots=lots)
    codes = Counter(p.tier.code for p in found.given)
    assert all(codes[tier.code] <= tier.quota for tier in given_)
    assert not any(p.contested for p in found.given)
    assert not won & {p.standing.entry_id for p in found.given}
    eligible = [s for s in places if s.entry_id not in won]
    assert len(found.given) == min(len(eligible), sum(tier.quota for tier in given_))


def test_half_of_the_participants_at_most():
    """Individual prizes ≤ 50 % of participants (Quảng Nam 2023): the lowest tiers are cut."""
    tiers_ = [Tier("nhat", 2), Tier("nhi", 4), Tier("ba", 10), Tier("kk", 20)]
    assert [(t.code, t.quota) for t in within_share(tiers_, 20, 50)] == [("nhat", 2), ("nhi", 4), ("ba", 4)]
    assert within_share(tiers_, 1000, 50) == within_share(tiers_, 3, None) == tiers_
    assert within_share(tiers_, 1, 50) == []
