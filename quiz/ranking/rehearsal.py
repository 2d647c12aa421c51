"""A contest as a rehearsal plays it: its rules and pools read once into plain values, of which nothing is written back.

Only a line of the journal stays, with the seed, the assumptions and what came out, so that anybody can play it again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from quiz import journal
from quiz.accounts.models import Account
from quiz.banks.models import ItemFigures, ItemKind, ItemVersion
from quiz.contests.models import Contest, ContestState
from quiz.contests.pool_plan import planned_pools
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.queries import count_entries
from quiz.contests.rule_set import ContestRules, DivisionPart, RoundPart, RuleSet, cells_of, rule_set, tiers_of
from quiz.db import db
from quiz.ranking.prizes import conditions_of
from quiz.rules import clock
from quiz.rules.clock import Window
from quiz.rules.decks import Deck
from quiz.rules.drawing import Candidate
from quiz.rules.prediction import Scope
from quiz.rules.rehearsal import MOST_ATTEMPTS, DivisionPlan, Plan, Rehearsal, RoundPlan
from quiz.rules.rehearsal_figures import Figures, Load, figures, load
from quiz.rules.rehearsal_people import Assumptions, ItemModel, difficulty
from quiz.rules.statistics import MIN_SHOWN
from quiz.rules.visibility import Release

STEP = 500  # ids in one query
_SECONDS = {1: 15.0, 2: 20.0, 3: 28.0}  # on an item nobody has answered yet, by its level: an assumption
_ESSAY_S = 300.0
_PER_ANSWER_S = 5e-6  # an answered question with its share of all else, by bench/rehearsal.py on a quiet machine


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an organizer may set.  shares: level → share of people expected to answer right where an item has no figures yet"""

    how: Assumptions
    shares: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Report:
    """What a rehearsal found.  figures: every round and division, then the whole contest · loads: code of a round → its
    busiest minute · known: items whose share of right answers comes from attempts"""

    wishes: Wishes
    figures: Sequence[Figures]
    loads: Mapping[str, Load]
    attempts: int
    items: int
    known: int


def rehearse(contest: Contest, wishes: Wishes) -> Report:
    """Play the contest once by its rules as they stand.  Raises drawing.BankTooSmall."""
    plan, known = plan_of(contest, wishes)
    played = Rehearsal(plan, wishes.how)
    found = [figures(outcome, played) for outcome in played.outcomes()]
    loads = {code: load(starts) for code, starts in played.starts.items()}
    return Report(wishes, found, loads, played.attempts, len(plan.items), known)


def note(report: Report, contest: Contest, actor: Account | None, *, now: datetime) -> None:
    """Keep in the journal what is needed to play it again, and the main figures."""
    after = {
        "assumptions": asdict(report.wishes.how),
        "shares": {str(level): share for level, share in report.wishes.shares.items()},
        "attempts": report.attempts,
        "rankings": [
            {
                "round": f.round, "division": f.division, "people": f.people, "all_right": f.full,
                "equal": [t.equal for t in f.ties], "prizes": f.given, "contested": f.contested,
            }
            for f in report.figures
        ],
    }  # fmt: skip
    journal.record(actor, "contest.rehearsed", contest, now=now, after=after)


def most_people(contest: Contest, wishes: Wishes, budget_s: float) -> int:
    """How many people a rehearsal of this contest can have within so much time, whole hundreds."""
    rules = rule_set(contest)
    answers = sum(
        max(_items(rules, r, d) for d in rules.divisions) * _attempts_each(rules.contest, r, wishes.how)
        for r in rules.rounds
        if r.rules.admission is None
    )
    return max(100, int(budget_s / (_PER_ANSWER_S * max(answers, 1.0))) // 100 * 100)


def _items(rules: RuleSet, round_: RoundPart, division: DivisionPart) -> int:
    return sum(cell.count for cell in round_.rules.blueprints.get(division.code) or division.rules.blueprint)


def _attempts_each(rules: ContestRules, round_: RoundPart, how: Assumptions) -> float:
    most = min(round_.rules.attempt_limit or rules.attempt_limit or MOST_ATTEMPTS, MOST_ATTEMPTS)
    return how.takes_part * sum(how.goes_on**n for n in range(most))


def plan_of(contest: Contest, wishes: Wishes) -> tuple[Plan, int]:
    """The contest as plain values, and of how many items the share of right answers is known."""
    rules = rule_set(contest)
    c = rules.contest
    pools = dict(_pools(contest, rules, wishes.how.seed))
    ids = {candidate.version_id for pool in pools.values() for candidate in pool}
    items, known = _items_of(ids, c, wishes)
    decks: dict[tuple[str, str], Deck] = {
        (r.code, d.code): Deck(pools[r.code, d.code], cells_of(r.rules.blueprints.get(d.code) or d.rules.blueprint))
        for r in rules.rounds
        for d in rules.divisions
    }
    entries = count_entries(contest.id)
    registered = {d.code: entries.get(d.id, 0) for d in contest.divisions}
    predicts = c.prediction is not None
    in_round = predicts and c.prediction is not None and c.prediction.scope is Scope.ROUND
    plan = Plan(
        divisions=[
            DivisionPlan(
                code=d.code,
                share=registered[d.code] or 0.01 if any(registered.values()) else 1.0,
                tiers=tiers_of(d.rules.overall_prizes),
            )
            for d in rules.divisions
        ],
        rounds=[_round(r, rules, {d.code: decks[r.code, d.code] for d in rules.divisions}) for r in rules.rounds],
        items=items,
        chain=c.chain,
        counted=c.counted,
        late_start=c.late_start,
        overall=c.overall.how,
        overall_chain=c.overall.chain,
        target=c.prediction.target if c.prediction else None,
        scope=c.prediction.scope if c.prediction else Scope.ROUND,
        knows_score=c.score_release is Release.AFTER_SUBMIT,
        conditions=conditions_of(c, overall=False, predicts=in_round),
        overall_conditions=conditions_of(c, overall=True, predicts=predicts and not in_round),
        share_percent=c.prize_rules.share_percent,
        one_per_person=c.prize_rules.one_per_person,
        one_per_period=c.prize_rules.one_per_period,
    )
    return plan, known


def _round(r: RoundPart, rules: RuleSet, decks: Mapping[str, Deck]) -> RoundPlan:
    c = rules.contest
    window = Window(r.opens_at, r.closes_at, r.rules.hours.hours if r.rules.hours else None)
    allowance_s = (r.rules.minutes or c.minutes) * 60
    ended = clock.all_ended_at(window, allowance_s, c.late_start, c.grace_s)
    keys_at = {
        Release.AFTER_SUBMIT: r.opens_at,
        Release.AFTER_CLOSE: ended,
        Release.AFTER_PUBLISH: ended + timedelta(days=c.announce_days),
        Release.NEVER: None,
    }[c.review_release]
    return RoundPlan(
        code=r.code,
        window=window,
        allowance_s=allowance_s,
        decks=decks,
        limits=replace(c.limits, in_round=r.rules.attempt_limit or c.attempt_limit),
        tiers={d.code: tiers_of(r.rules.prizes.get(d.code, d.rules.prizes)) for d in rules.divisions},
        keys_at=keys_at,
        admits_from=r.rules.admission.rounds if r.rules.admission else (),
        quota=r.rules.admission.quota if r.rules.admission else 0,
        period=r.rules.period,
    )


def _pools(contest: Contest, rules: RuleSet, seed: int) -> Iterator[tuple[tuple[str, str], Sequence[Candidate]]]:
    """(round, division) → what papers are drawn from: frozen pools, or for a draft what opening would freeze now."""
    if contest.state == ContestState.OPEN:
        for r in contest.rounds:
            for d in contest.divisions:
                yield (r.code, d.code), candidates_of(pool_id_of(d.id, r.id))
        return
    for pool in planned_pools(rules, seed):
        for round_ in rules.rounds if pool.round_ is None else [pool.round_]:
            has_own = rules.contest.split_pool or pool.division.code in round_.rules.blueprints
            if pool.round_ is not None or not has_own:
                yield (round_.code, pool.division.code), pool.candidates


def _items_of(ids: Collection[int], rules: ContestRules, wishes: Wishes) -> tuple[dict[int, ItemModel], int]:
    """How the items behave: by what attempts have shown where enough have met them, else by their level."""
    ordered = sorted(ids)
    found: dict[int, ItemModel] = {}
    known = 0
    for start in range(0, len(ordered), STEP):
        rows = db.session.execute(
            select(ItemVersion, ItemFigures.facility, ItemFigures.median_ms, ItemFigures.shown)
            .outerjoin(ItemFigures, ItemFigures.version_id == ItemVersion.id)
            .where(ItemVersion.id.in_(ordered[start : start + STEP]))
        )
        for version, facility, median_ms, shown in rows:
            is_known = facility is not None and shown >= MIN_SHOWN
            known += is_known
            share = facility if facility is not None and is_known else wishes.shares[version.level]
            model = _item(version, share, rules, wishes.how.spread)
            if median_ms and is_known:
                model = replace(model, seconds=median_ms / 1000)
            found[version.id] = model
    return found, known


def _item(version: ItemVersion, share: float, rules: ContestRules, spread: float) -> ItemModel:
    if version.kind == ItemKind.ESSAY:
        return ItemModel(difficulty=0.0, floor=0.0, seconds=_ESSAY_S, points=rules.essay_points, is_essay=True)
    floor = _floor(version)
    return ItemModel(
        difficulty=difficulty(share, floor, spread),
        floor=floor,
        seconds=_SECONDS[version.level],
        points=rules.level_points.by_level[version.level] if rules.level_points else rules.points_per_item,
        parts=len(version.key) if version.partial and not rules.all_or_nothing else 0,
    )


def _floor(version: ItemVersion) -> float:
    """The chance of being right without knowing anything: one of all answers that can be given."""
    options = len(version.options)
    match version.kind:
        case ItemKind.SINGLE | ItemKind.TRUE_FALSE:
            return 1 / options
        case ItemKind.MULTIPLE:
            return 1 / (2**options - 1)
        case ItemKind.ORDERING:
            return 1 / math.factorial(options)
        case ItemKind.MATCHING:
            return 1 / math.perm(len(version.matches), min(options, len(version.matches)))
    return 0.0
