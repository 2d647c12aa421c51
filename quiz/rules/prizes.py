"""Prizes: tiers with quotas, proposed along the standings within the caps of the rules."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tier:
    """code: short name · quota: how many · amount: đồng for each."""

    code: str
    quota: int
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place as prizes look at it.  perfect: every item is right · gap: of the prediction, None without one"""

    position: int
    place: int
    tied: bool
    entry_id: int
    score: int = 0
    perfect: bool = False
    gap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a place must fulfil to win at all.  max_gap: of the prediction, None for any"""

    min_score: int = 0
    all_correct: bool = False
    needs_prediction: bool = False
    max_gap: int | None = None

    def hold(self, place: Ranked) -> bool:
        if place.score < self.min_score or (self.all_correct and not place.perfect):
            return False
        if not self.needs_prediction:
            return True
        return place.gap is not None and (self.max_gap is None or place.gap <= self.max_gap)


@dataclass(frozen=True, slots=True)
class Worth:
    """How high a prize is: by its amount, and where amounts are equal by its tier, the first being the highest."""

    amount: int
    tier: int

    def at_least(self, other: Worth) -> bool:
        return (self.amount, -self.tier) >= (other.amount, -other.tier)


class Skip(enum.StrEnum):
    """Why a place gets no prize though it stands high enough."""

    CONDITIONS = "conditions"
    HOLDS_HIGHER = "holds_higher"
    WON_IN_PERIOD = "won_in_period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Prizes of the same contest that people have already: entry → the highest of them, and entries that have won in
    another round of the same period.  Empty where the rules set no such cap."""

    highest: Mapping[int, Worth] = field(default_factory=lambda: MappingProxyType({}))
    in_period: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """contested: the place is shared by more people than the tier has prizes left, so people in office must decide ·
    replaces: the person holds a lower prize, which this one takes the place of"""

    standing: Ranked
    tier: Tier
    contested: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Proposals:
    """given: in the order of the ranking · skipped: places passed over on the way, with the reason"""

    given: Sequence[Proposal]
    skipped: Sequence[tuple[Ranked, Skip]]


def propose(
    standings: Iterable[Ranked],
    tiers: Sequence[Tier],
    conditions: Conditions = Conditions(),
    held: Held = Held(),
    lots: Mapping[int, int] = MappingProxyType({}),
) -> Proposals:
    """Give the tiers, best first, along the standings, which come in the order of the ranking.

    People who share a place share the tier, even when that makes more prizes than its quota; they are then marked
    as contested. What a shared place took beyond its tier is taken from the tiers after it, so that the number of
    all prizes grows only when a tie reaches past the last of them. Where a lot was drawn among those who share a
    place, it puts them in order and each takes one prize.

    lots: entry → its number in the draw among those of its place.  Standings are read only as far as prizes reach.
    """
    given: list[Proposal] = []
    skipped: list[tuple[Ranked, Skip]] = []
    left = [tier.quota for tier in tiers]
    for _place, sharing in groupby(standings, key=lambda s: s.place):
        if not any(left):
            break
        group: list[Ranked] = []
        for standing in sharing:
            if why := _why_skip(standing, conditions, held, tiers, left):
                skipped.append((standing, why))
            else:
                group.append(standing)
        for part in _by_lot(group, lots):
            _give(part, tiers, left, held, given)
    return Proposals(given, skipped)


def _why_skip(
    standing: Ranked, conditions: Conditions, held: Held, tiers: Sequence[Tier], left: Sequence[int]
) -> Skip | None:
    if not conditions.hold(standing):
        return Skip.CONDITIONS
    if standing.entry_id in held.in_period:
        return Skip.WON_IN_PERIOD
    has = held.highest.get(standing.entry_id)
    at = next(n for n, quota in enumerate(left) if quota > 0)
    return Skip.HOLDS_HIGHER if has is not None and has.at_least(worth(tiers, at)) else None


def worth(tiers: Sequence[Tier], at: int) -> Worth:
    return Worth(tiers[at].amount, at)


def _by_lot(group: list[Ranked], lots: Mapping[int, int]) -> list[list[Ranked]]:
    """The people of one place: together, or one by one where a lot has put all of them in order."""
    if not group or not all(s.entry_id in lots for s in group):
        return [group] if group else []
    return [[s] for s in sorted(group, key=lambda s: lots[s.entry_id])]


def _give(group: Sequence[Ranked], tiers: Sequence[Tier], left: list[int], held: Held, given: list[Proposal]) -> None:
    at = next((n for n, quota in enumerate(left) if quota > 0), None)
    if at is None:
        return
    contested = len(group) > left[at]
    given += [Proposal(s, tiers[at], contested, s.entry_id in held.highest) for s in group]
    owed = len(group)
    for n in range(at, len(left)):
        used = min(left[n], owed)
        left[n] -= used
        owed -= used


def beyond_quota(proposals: Sequence[Proposal], tiers: Sequence[Tier]) -> int:
    """How many more prizes are proposed than the tiers have together."""
    return max(0, len(proposals) - sum(tier.quota for tier in tiers))


def within_share(tiers: Sequence[Tier], participants: int, percent: int | None) -> list[Tier]:
    """The tiers cut, the lowest first, so that all prizes together are at most so many percent of the participants."""
    if percent is None:
        return list(tiers)
    allowed = participants * percent // 100
    cut: list[Tier] = []
    for tier in tiers:
        quota = min(tier.quota, allowed)
        allowed -= quota
        if quota:
            cut.append(replace(tier, quota=quota))
    return cut
