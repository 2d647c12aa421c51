"""Draws on a result sheet: lots among those who share a place, and the lucky draw. Anybody can do them again (rules.lots)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.rule_set import LuckyAmong, LuckyRules, contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.ranking import prizes, queries, sheet_pages
from quiz.ranking.models import Lot, LotKind, LotNotice, Ranking
from quiz.ranking.refusals import RankingRefusal
from quiz.ranking.results import valid
from quiz.rules.counting import Overall
from quiz.rules.lots import draw_lots
from quiz.rules.prediction import Scope
from quiz.rules.tie_break import key_size


def announce(ranking: Ranking, kind: LotKind, place: int, source: str, actor: Account, *, now: datetime) -> LotNotice:
    """Say where the seed of a draw will come from; the draw itself follows when it is known.

    place: the shared place, 0 for the lucky draw.  Raises Refusal(RankingRefusal).
    """
    _must_be_latest(ranking)
    if kind is LotKind.TIE and len(queries.sharing(ranking, place)) < 2:
        raise Refusal(RankingRefusal.NOT_SHARED)
    if kind is LotKind.LUCKY and lucky_rules(ranking) is None:
        raise Refusal(RankingRefusal.NO_LUCKY_DRAW)
    notice = LotNotice(
        ranking_id=ranking.id,
        kind=kind,
        place=place,
        source=source,
        announced_at=now,
        announced_by_id=actor.id,
    )
    if not insert_unless_taken(notice):
        raise Refusal(RankingRefusal.ANNOUNCED_ALREADY)
    after = {"kind": kind.value, "place": place, "source": source, "digest": ranking.digest}
    journal.record(actor, "lot.announced", f"ranking:{ranking.id}", now=now, after=after)
    return db.session.get_one(LotNotice, notice.id)


def draw(ranking: Ranking, kind: LotKind, place: int, seed: str, actor: Account, *, now: datetime) -> Lot:
    """Draw once and for all, with the seed that the announced source has given: those who share a place are put in order,
    or the winners of the lucky draw are found and as many reserves.

    Raises Refusal(RankingRefusal).
    """
    _must_be_latest(ranking)
    notice = queries.lot_notice(ranking.id, kind, place)
    if notice is None or notice.announced_at >= now:
        raise Refusal(RankingRefusal.NOT_ANNOUNCED)
    rules = lucky_rules(ranking) if kind is LotKind.LUCKY else None
    people = urn(ranking, rules) if rules is not None else queries.sharing(ranking, place)
    if not people:
        raise Refusal(RankingRefusal.EMPTY_URN)
    drawn = draw_lots(seed, ranking.digest, people)
    lot = Lot(
        ranking_id=ranking.id,
        kind=kind,
        place=place,
        notice_id=notice.id,
        seed=seed,
        urn=len(people),
        entries=drawn[: 2 * rules.quota] if rules else drawn,
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
            "seed": seed,
            "source": notice.source,
            "digest": ranking.digest,
            "urn": lot.urn,
            "urn_sha256": urn_digest(people),
            "entries": lot.entries,
        },
    )
    return db.session.get_one(Lot, lot.id)


def lucky_rules(ranking: Ranking) -> LuckyRules | None:
    """The lucky draw that is held on this sheet: of its round, or of the whole contest."""
    rules = contest_rules(ranking.contest)
    if rules.lucky is None:
        return None
    if rules.lucky.scope is Scope.ROUND:
        return rules.lucky if ranking.round_id is not None else None
    # without a ranking of the whole contest, its only round stands for it
    stands_for_it = len(ranking.contest.rounds) == 1 and rules.overall.how is Overall.NONE
    is_whole = ranking.round_id is None or stands_for_it
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


def urn_of(lot: Lot) -> list[int] | None:
    """Who was drawn from; None where it can no longer be told, because prizes or attempts have changed since."""
    if lot.kind == LotKind.TIE:
        return queries.sharing(lot.ranking, lot.place)
    rules = lucky_rules(lot.ranking)
    people = urn(lot.ranking, rules) if rules is not None else []
    drawn = select(JournalRecord).where(
        JournalRecord.action == "lot.drawn", JournalRecord.subject == f"ranking:{lot.ranking_id}"
    )
    told = [r.after for r in db.session.scalars(drawn) if (r.after["kind"], r.after["place"]) == (lot.kind, lot.place)]
    said = told[0].get("urn_sha256") if told else None
    is_same = len(people) == lot.urn and said in (None, urn_digest(people))
    return people if is_same else None


def urn_digest(people: Iterable[int]) -> str:
    """Says who was drawn from, in any order."""
    return hashlib.sha256(",".join(map(str, sorted(people))).encode()).hexdigest()


def lucky_winners(ranking: Ranking, passed_over: Collection[int] = ()) -> Sequence[int]:
    """The entries that a lucky draw on this sheet has found; empty before it, and where the rules have none.

    passed_over: who cannot take the prize; reserves stand in for them, in the order drawn
    """
    rules = lucky_rules(ranking)
    if rules is None:
        return []
    drawn = db.session.scalars(
        select(Lot.entries).where(Lot.ranking_id == ranking.id, Lot.kind == LotKind.LUCKY)
    ).one_or_none()
    return [entry_id for entry_id in drawn or [] if entry_id not in passed_over][: rules.quota]


def _must_be_latest(ranking: Ranking) -> None:
    """A draw on a sheet that will be replaced would be drawn again."""
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is None or latest.id != ranking.id or queries.is_out_of_date(ranking):
        raise Refusal(RankingRefusal.SHEET_NOT_LATEST)
