"""The prize that each place of a sheet would get by the rules; people in office decide later, in recognition."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.contests.rule_set import division_rules
from quiz.ranking import queries, results
from quiz.ranking.models import Ranking
from quiz.rules import prizes


@dataclass(frozen=True, slots=True)
class Proposed:
    """contested: more people share the place than the tier has prizes left"""

    name: str
    contested: bool


def proposed(ranking: Ranking) -> dict[int, Proposed]:
    """Position → the prize proposed for it; only for the places that prizes reach."""
    rules = division_rules(ranking.division)
    if not rules.prizes:
        return {}
    names = {tier.code: tier.name for tier in rules.prizes}
    standings = queries.standings_reaching(ranking.id, sum(tier.quota for tier in rules.tiers))
    proposals = prizes.propose([results.plain(s) for s in standings], rules.tiers)
    return {p.standing.position: Proposed(names[p.tier.code], p.contested) for p in proposals}
