"""The prize that each place of a sheet would get by the rules; people in office decide later, in recognition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import select

from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Division, Round
from quiz.contests.rule_set import ContestRules, Tiers, contest_rules, division_rules, prizes_in, tiers_of
from quiz.db import db
from quiz.ranking import queries, sheet_pages
from quiz.ranking.models import Ranking
from quiz.ranking.results import Place
from quiz.rules import prizes
from quiz.rules.counting import Overall
from quiz.rules.prediction import Use
from quiz.rules.prizes import Conditions, Held, Proposals, Ranked, Tier
from quiz.rules.tie_break import NO_PREDICTION, key_size, unpack

STEP = 200  # places looked at together


def prizes_of(division: Division, round_: Round | None) -> Tiers:
    """The individual prizes of a round, or with None of the whole contest."""
    return prizes_in(division, round_) if round_ is not None else division_rules(division).overall_prizes


def tiers_within_caps(division: Division, round_: Round | None, *, participants: int) -> list[Tier]:
    rules = contest_rules(division.contest)
    tiers = tiers_of(prizes_of(division, round_))
    return prizes.within_share(tiers, participants, rules.prize_rules.share_percent)


def conditions_of(rules: ContestRules, *, overall: bool, predicts: bool) -> Conditions:
    """What a place must fulfil to win.  predicts: the ranking compares predictions

    The points of a round and its perfect papers say nothing of rounds that are added up.
    """
    p, prediction = rules.prize_rules, rules.prediction
    is_condition = predicts and prediction is not None and prediction.use is Use.CONDITION
    return Conditions(
        min_score=0 if overall else p.min_score,
        all_correct=(p.all_correct or is_condition) and not (overall and rules.overall.how is Overall.SUM),
        needs_prediction=is_condition,
        max_gap=prediction.max_gap if is_condition and prediction else None,
    )


def ranked(places: Iterable[Place], chain: Sequence[str]) -> Iterator[Ranked]:
    """Places as prizes look at them; attempts are read only as far as somebody goes on asking.

    places: results.Place, in order
    """
    left = iter(places)
    while some := list(islice(left, STEP)):
        ids = {p.attempt_id for p in some}
        facts = db.session.execute(
            select(Attempt.id, Attempt.score, Attempt.written, Attempt.all_correct).where(Attempt.id.in_(ids))
        )
        by_attempt = {row.id: row for row in facts}
        for p in some:
            values, fact = unpack(p.key, chain), by_attempt[p.attempt_id]
            gap = values.get("prediction", NO_PREDICTION)
            yield Ranked(
                position=p.position,
                place=p.place,
                tied=p.tied,
                entry_id=p.entry_id,
                score=values.get("score", fact.score + (fact.written or 0)),
                perfect=bool(fact.all_correct),
                gap=None if gap == NO_PREDICTION else gap,  # type: ignore[arg-type]
            )


def stored(ranking: Ranking) -> Iterator[Ranked]:
    """The places of a sheet, in order."""
    return ranked(sheet_pages.walk(ranking.id, key_size(ranking.chain)), ranking.chain)


def proposed(ranking: Ranking, held: Held = Held()) -> Proposals:  # noqa: B008 frozen
    """The prizes of a sheet, in its order, within quotas and caps.  held: what people of the contest have won already"""
    return propose(stored(ranking), ranking.contest, ranking.division, ranking, held, queries.lot_order(ranking.id))


def propose(
    places: Iterator[Ranked], contest: Contest, division: Division, sheet: Ranking, held: Held, lots: dict[int, int]
) -> Proposals:
    rules = contest_rules(contest)
    overall = sheet.round_id is None
    conditions = conditions_of(rules, overall=overall, predicts=sheet.truth is not None)
    tiers = tiers_within_caps(division, sheet.round_, participants=sheet.people)
    return prizes.propose(places, tiers, conditions, held, lots)


def names_of(ranking: Ranking) -> dict[str, str]:
    """Code of a tier → its name."""
    return {tier.code: tier.name for tier in prizes_of(ranking.division, ranking.round_)}
