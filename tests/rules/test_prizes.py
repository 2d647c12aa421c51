"""Prizes along the standings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.prizes import Proposal, Tier, beyond_quota, propose
from quiz.rules.tie_break import Result, Standing, rank
from tests.rules.results import chains, result, results

FIRST, SECOND, THIRD = Tier("nhat", 1, 2_000_000), Tier("nhi", 2, 1_000_000), Tier("ba", 3, 500_000)
TIERS = [FIRST, SECOND, THIRD]
tiers = st.lists(st.integers(0, 4), max_size=4).map(lambda quotas: [Tier(f"t{n}", q) for n, q in enumerate(quotas)])


def standings(*scores: int) -> list[Standing]:
    return rank([result(n, score) for n, score in enumerate(scores, 1)], ("score",))


def rows(proposals: list[Proposal]) -> list[tuple[int, str, bool]]:
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
    proposals = propose(standings(*scores), TIERS)
    assert rows(proposals) == expected
    assert beyond_quota(proposals, TIERS) == beyond


def test_hcmc_2026_gives_one_first_one_second_and_two_third_prizes():
    hcmc = [Tier("nhat", 1), Tier("nhi", 1), Tier("ba", 2)]
    assert [p.tier.code for p in propose(standings(10, 9, 8, 7, 6), hcmc)] == ["nhat", "nhi", "ba", "ba"]


def test_a_minimum_score_leaves_prizes_unused():
    assert rows(propose(standings(20, 19, 9), TIERS, minimum_score=10)) == [(1, "nhat", False), (2, "nhi", False)]
    assert rows(propose(standings(10, 9), TIERS, minimum_score=10)) == [(1, "nhat", False)]
    assert propose(standings(9, 8), TIERS, minimum_score=10) == []


def test_a_tier_without_prizes_is_passed_over():
    assert rows(propose(standings(20, 19), [Tier("dac-biet", 0), FIRST])) == [(1, "nhat", False)]
    assert propose(standings(20), []) == propose(standings(20), [Tier("dac-biet", 0)]) == []


def test_whoever_is_past_the_prizes_is_not_looked_at():
    """A million standings cost no more than the few that get something."""

    def walked() -> Iterator[Standing]:
        yield from standings(20, 19, 18)
        raise AssertionError("walked past the last prize")

    assert rows(propose(walked(), [FIRST, Tier("nhi", 1)])) == [(1, "nhat", False), (2, "nhi", False)]


@given(results, chains, tiers, st.integers(17, 21))
def test_prizes_follow_the_standings(found: list[Result], chain: list[str], given_: list[Tier], minimum: int):
    ranked = rank(found, chain)
    eligible = [s for s in ranked if s.result.score >= minimum]
    proposals = propose(ranked, given_, minimum)
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
