"""Draws on a result sheet: lots among those who share a place, and the lucky draw. Anybody can do them again (rules.lots)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.rule_set import LuckyAmong, LuckyRules, contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.ranking import prizes, queries, sheet_pages
from quiz.ranking.models import Lot, LotKind, Ranking
from quiz.ranking.refusals import RankingRefusal
from quiz.ranking.results import valid
from quiz.rules.lots import draw_lots
from quiz.rules.prediction import Scope
from quiz.rules.tie_break import key_size


@dataclass(frozen=True, slots=True)
class Seed:
    """text: public and not to be chosen by anybody · source: where and when it became public"""

    text: str
    source: str


def draw_tie(ranking: Ranking, place: int, seed: Seed, actor: Account, *, now: datetime) -> Lot:
    """Put those who share a place in order, once and for all.  Raises Refusal(RankingRefusal)."""
    _must_be_latest(ranking)
    sharing = queries.sharing(ranking, place)
    if len(sharing) < 2:
        raise Refusal(RankingRefusal.NOT_SHARED)
    drawn = draw_lots(seed.text, ranking.digest, sharing)
    return _keep(ranking, LotKind.TIE, place, seed, len(sharing), drawn, actor, now)


def draw_lucky(ranking: Ranking, seed: Seed, actor: Account, *, now: datetime) -> Lot:
    """Draw the winners of the lucky draw among the people of a sheet, and as many reserves.

    Raises Refusal(RankingRefusal).
    """
    rules = lucky_rules(ranking)
    if rules is None:
        raise Refusal(RankingRefusal.NO_LUCKY_DRAW)
    _must_be_latest(ranking)
    people = urn(ranking, rules)
    if not people:
        raise Refusal(RankingRefusal.EMPTY_URN)
    drawn = draw_lots(seed.text, ranking.digest, people)[: 2 * rules.quota]
    return _keep(ranking, LotKind.LUCKY, 0, seed, len(people), drawn, actor, now)


def lucky_rules(ranking: Ranking) -> LuckyRules | None:
    """The lucky draw that is held on this sheet: of its round, or of the whole contest."""
    rules = contest_rules(ranking.contest)
    if rules.lucky is None:
        return None
    if rules.lucky.scope is Scope.ROUND:
        return rules.lucky if ranking.round_id is not None else None
    # without a ranking of the whole contest, its only round stands for it
    is_whole = ranking.round_id is None or len(ranking.contest.rounds) == 1
    return rules.lucky if is_whole else None


def urn(ranking: Ranking, rules: LuckyRules) -> list[int]:
    """The entries of a sheet that are drawn from."""
    people = [row.entry_id for row in sheet_pages.walk(ranking.id, key_size(ranking.chain))]
    if rules.among is LuckyAmong.ALL_CORRECT:
        perfect = select(Attempt.entry_id).where(
            Attempt.round_id.in_(queries.round_ids_of(ranking)), Attempt.all_correct.is_(True), *valid()
        )
        has_perfect = set(db.session.scalars(perfect))
        people = [entry_id for entry_id in people if entry_id in has_perfect]
    if rules.among is LuckyAmong.WITHOUT_PRIZE:
        winners = {p.standing.entry_id for p in prizes.proposed(ranking).given}
        people = [entry_id for entry_id in people if entry_id not in winners]
    return people


def lucky_winners(ranking: Ranking) -> Sequence[int]:
    """The entries that a lucky draw on this sheet has found; empty before it, and where the rules have none."""
    rules = lucky_rules(ranking)
    if rules is None:
        return []
    drawn = db.session.scalars(
        select(Lot.entries).where(Lot.ranking_id == ranking.id, Lot.kind == LotKind.LUCKY)
    ).one_or_none()
    return (drawn or [])[: rules.quota]


def _must_be_latest(ranking: Ranking) -> None:
    """A draw on a sheet that will be replaced would be drawn again."""
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is None or latest.id != ranking.id or queries.is_out_of_date(ranking):
        raise Refusal(RankingRefusal.SHEET_NOT_LATEST)


def _keep(
    ranking: Ranking,
    kind: LotKind,
    place: int,
    seed: Seed,
    urn_size: int,
    drawn: list[int],
    actor: Account,
    now: datetime,
) -> Lot:
    lot = Lot(
        ranking_id=ranking.id,
        kind=kind,
        place=place,
        seed=seed.text,
        source=seed.source,
        urn=urn_size,
        entries=drawn,
        drawn_at=now,
        drawn_by_id=actor.id,
    )
    if not insert_unless_taken(lot):
        raise Refusal(RankingRefusal.DRAWN_ALREADY)
    journal.record(
        actor,
        "lot.drawn",
        f"ranking:{ranking.id}",
        now=now,
        after={
            "kind": kind.value,
            "place": place,
            "seed": seed.text,
            "source": seed.source,
            "digest": ranking.digest,
            "urn": urn_size,
            "entries": drawn,
        },
    )
    return db.session.get_one(Lot, lot.id)
