"""Which pools a rule set needs and what each would hold: what opening freezes and a draft is warned by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quiz.banks.queries import candidates
from quiz.contests.rule_set import ESSAY_LEVEL, BlueprintCell, DivisionPart, RoundPart, RuleSet, cells_of
from quiz.contests.topics import apart, asked_for, asking_for_exemplars
from quiz.rules import drawing
from quiz.rules.drawing import Candidate, Cell


@dataclass(frozen=True, slots=True)
class PlannedPool:
    """The item versions that papers of a division draw from.

    round_: the one round that draws from it, None for all rounds that have no pool of their own · is_share: one part of
    what the rounds have shared out among them (ContestRules.split_pool)
    """

    division: DivisionPart
    round_: RoundPart | None
    cells: list[Cell]
    candidates: list[Candidate]
    is_share: bool = False

    @property
    def shortage(self) -> list[tuple[Cell, int]]:
        """The cells that it cannot fill, each with what it has for them."""
        return drawing.shortage(self.candidates, self.cells)


def planned_pools(rules: RuleSet, seed: int = 0) -> list[PlannedPool]:
    """Every pool of a contest, in the order of its divisions.

    seed: by which the pools are cut where every round draws from items of its own; the sizes are the same with any
    """
    blueprints = [b for d in rules.divisions for _round, b in _needed(rules, d)]
    banks = sorted({cell.bank for blueprint in blueprints for cell in blueprint})
    essays = any(cell.level == ESSAY_LEVEL for blueprint in blueprints for cell in blueprint)
    # the same for all divisions and rounds, since they may share a pool
    told = asking_for_exemplars(cell for blueprint in blueprints for cell in blueprint)
    drawn = apart(candidates(banks, rules.law_date, essays=essays), told)
    shares = _shares(rules, drawn, seed) if rules.contest.split_pool else {}
    return [
        PlannedPool(
            d, r, cells_of(blueprint), asked_for(shares[r.code] if r and shares else drawn, blueprint), bool(shares)
        )
        for d in rules.divisions
        for r, blueprint in _needed(rules, d)
    ]


def _needed(rules: RuleSet, division: DivisionPart) -> Iterator[tuple[RoundPart | None, tuple[BlueprintCell, ...]]]:
    """Each pool of a division as its round, or None, and its blueprint."""
    together = False
    for round_ in rules.rounds:
        own = round_.rules.blueprints.get(division.code)
        if own or rules.contest.split_pool:
            yield round_, own or division.rules.blueprint
        else:
            together = True
    if together:
        yield None, division.rules.blueprint


def _shares(rules: RuleSet, drawn: list[Candidate], seed: int) -> dict[str, list[Candidate]]:
    """Code of a round → its part of all candidates: each is dealt to one of the rounds that ask for its like.

    All divisions together, so that no round asks anybody what an earlier one has shown the key of.
    """
    asked = {
        r.code: {
            c.version_id
            for d in rules.divisions
            for c in asked_for(drawn, r.rules.blueprints.get(d.code) or d.rules.blueprint)
        }
        for r in rules.rounds
    }
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in drawn:
        groups.setdefault(tuple(code for code, ids in asked.items() if candidate.version_id in ids), []).append(
            candidate
        )
    found: dict[str, list[Candidate]] = {code: [] for code in asked}
    for codes, group in groups.items():
        if codes:
            for code, part in zip(codes, drawing.split(group, len(codes), seed), strict=True):
                found[code] += part
    return found
