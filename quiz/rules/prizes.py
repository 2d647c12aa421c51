"""Prizes: tiers with quotas, proposed along the standings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quiz.rules.tie_break import Standing


@dataclass(frozen=True, slots=True)
class Tier:
    """code: short name · quota: how many · amount: đồng for each."""

    code: str
    quota: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """contested: the place is shared by more people than the tier has prizes left, so people in office must decide."""

    standing: Standing
    tier: Tier
    contested: bool = False


def propose(standings: Iterable[Standing], tiers: Sequence[Tier], minimum_score: int = 0) -> list[Proposal]:
    """Give the tiers, best first, along the standings, which come in the order of the ranking.

    People who share a place share the tier, even when that makes more prizes than its quota; they are then marked
    as contested. What a shared place took beyond its tier is taken from the tiers after it, so that the number of
    all prizes grows only when a tie reaches past the last of them.
    """
    eligible = (s for s in standings if s.result.score >= minimum_score)
    proposals: list[Proposal] = []
    left = [tier.quota for tier in tiers]
    for _, sharing in groupby(eligible, key=lambda s: s.place):
        at = next((n for n, quota in enumerate(left) if quota > 0), None)
        if at is None:
            break
        group = list(sharing)
        contested = len(group) > left[at]
        proposals += [Proposal(s, tiers[at], contested) for s in group]
        owed = len(group)
        for n in range(at, len(left)):
            used = min(left[n], owed)
            left[n] -= used
            owed -= used
    return proposals


def beyond_quota(proposals: Sequence[Proposal], tiers: Sequence[Tier]) -> int:
    """How many more prizes are proposed than the tiers have together."""
    return max(0, len(proposals) - sum(tier.quota for tier in tiers))
