"""Reads of practice: what is given to it, what contests keep back, what a person has to repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.practice_models import PracticeBank, PracticeCard, PracticeUse
from quiz.banks.models import Bank, Item, ItemVersion
from quiz.banks.queries import candidates
from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import EXEMPLARS, contest_rules, division_rules, round_rules
from quiz.db import db
from quiz.formats import local
from quiz.rules import practice
from quiz.rules.drawing import Candidate
from quiz.rules.practice import Claim, DraftClaim, RoundClaim, Subject, Why, why_kept
from quiz.text import plain

_STEP = 500  # ids in one query
_LATELY = timedelta(minutes=1)
_MOST_KEPT = 20  # banks of which a worker remembers what could be practised lately


# What is given to practice


def given_banks() -> Sequence[PracticeBank]:
    """The banks that are practised, by title."""
    return db.session.scalars(
        select(PracticeBank)
        .join(Bank)
        .where(PracticeBank.is_on)
        .options(joinedload(PracticeBank.bank))
        .order_by(Bank.title, Bank.code)
    ).all()


def given_bank(code: str) -> PracticeBank | None:
    """A bank that is practised, by its code."""
    return db.session.scalars(
        select(PracticeBank)
        .join(Bank)
        .where(Bank.code == code, PracticeBank.is_on)
        .options(joinedload(PracticeBank.bank))
    ).one_or_none()


def law_date_of(given: PracticeBank, now: datetime) -> date:
    return given.law_date or local(now).date()


@dataclass(frozen=True, slots=True)
class Practicable:
    """An item that is given to practice, with its live version as a draw takes it; contests may still keep it back."""

    subject: Subject
    candidate: Candidate


def practicable(given: PracticeBank, now: datetime, *, only: int | None = None) -> list[Practicable]:
    """The items of a bank whose live version is right on the law date of practice, in topics that are practised.

    only: id of the one version that is asked about
    """
    found = [
        c
        for c in candidates([given.bank.code], law_date_of(given, now), only=only)
        if c.topic not in given.closed_topics
    ]
    facts = _facts_of(c.version_id for c in found)
    return [Practicable(Subject(facts[c.version_id][0], c.bank, c.topic, facts[c.version_id][1]), c) for c in found]


def practicable_lately(given: PracticeBank, now: datetime) -> list[Practicable]:
    """The same for the whole bank, as it was up to a minute ago: to count and to choose from. What is chosen is asked about anew.

    A large bank takes a second to read, and practice is open to everybody.
    """
    known: dict[tuple[str, date], tuple[datetime, list[Practicable]]]
    known = current_app.extensions.setdefault("practice.lately", {})
    key = given.bank.code, law_date_of(given, now)
    read_at, found = known.get(key, (None, []))
    if read_at is None or abs(now - read_at) >= _LATELY:
        found = practicable(PracticeBank(bank=given.bank, closed_topics=[], law_date=key[1]), now)
        while len(known) >= _MOST_KEPT:
            known.pop(next(iter(known)))
        known[key] = now, found
    return [p for p in found if p.subject.topic not in given.closed_topics]


def free(found: Iterable[Practicable], now: datetime) -> list[Practicable]:
    """Those that no contest keeps back at this moment."""
    by_subject = {p.subject: p for p in found}
    return [by_subject[s] for s in practice.free(by_subject, (s.claim for s in sources(now)), now)]


def given_version(version_id: int) -> tuple[PracticeBank, int] | None:
    """Of a version, its bank as far as it is practised, and its item."""
    row = db.session.execute(
        select(PracticeBank, Item.id)
        .join(Bank, Bank.id == PracticeBank.bank_id)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.id == version_id, PracticeBank.is_on)
        .options(joinedload(PracticeBank.bank))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _facts_of(version_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Version id → (its item, what it asks as `Subject.words`); a version never changes, so a worker reads it once."""
    known: dict[int, tuple[int, str]] = current_app.extensions.setdefault("practice.facts", {})
    wanted = list(version_ids)
    missing = [version_id for version_id in wanted if version_id not in known]
    for start in range(0, len(missing), _STEP):
        some = ItemVersion.id.in_(missing[start : start + _STEP])
        for id_, item_id, stem in db.session.execute(
            select(ItemVersion.id, ItemVersion.item_id, ItemVersion.stem).where(some)
        ):
            known[id_] = item_id, blake2b(plain(stem).encode(), digest_size=12).hexdigest()
    return {version_id: known[version_id] for version_id in wanted}


# What contests keep back


@dataclass(frozen=True, slots=True)
class Source:
    """A claim with the contest that makes it.  round_: None for a draft"""

    contest: Contest
    round_: Round | None
    claim: Claim


def sources(now: datetime) -> list[Source]:
    """Everything that contests draw from or may come to draw from, whether they keep it now or not."""
    contests = db.session.scalars(
        select(Contest)
        .options(selectinload(Contest.rounds), selectinload(Contest.divisions))
        .order_by(Contest.created_at, Contest.id)
    ).all()
    running = _sitting_until([r.id for c in contests for r in c.rounds if r.closes_at <= now], now)
    return [source for contest in contests for source in _sources_of(contest, running)]


def _sources_of(contest: Contest, running: dict[int, datetime]) -> Iterator[Source]:
    if contest.state == ContestState.DRAFT:
        yield Source(contest, None, DraftClaim(topics=_topics_of(contest)))
        return
    release = contest_rules(contest).review_release
    for round_ in contest.rounds:
        facts: set[tuple[int, str]] = set()
        for division in contest.divisions:
            facts |= _facts_of_pool(pool_id_of(division.id, round_.id))
        claim = RoundClaim(
            items={item for item, _words in facts},
            words={words for _item, words in facts},
            window=round_.window,
            all_ended_at=all_ended_at(round_),
            sitting_until=running.get(round_.id),
            release=release,
            is_published=round_.published_at is not None,
        )
        yield Source(contest, round_, claim)


def _topics_of(contest: Contest) -> set[tuple[str, str]]:
    blueprints = [division_rules(d).blueprint for d in contest.divisions]
    blueprints += [b for r in contest.rounds for b in round_rules(r).blueprints.values()]
    cells = {(cell.bank, cell.topic) for blueprint in blueprints for cell in blueprint}
    # until it opens, any item of the bank may yet be linked with an exemplar
    told = [bank for bank, topic in cells if topic == EXEMPLARS]
    for code, topics in db.session.execute(select(Bank.code, Bank.topics).where(Bank.code.in_(told))):
        cells |= {(code, topic["code"]) for topic in topics}
    return cells


def _sitting_until(round_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Of closed rounds in which somebody still sits: until when a save of the last of them is taken."""
    rows = db.session.execute(
        select(Attempt.round_id, func.max(Attempt.accept_until))
        .where(Attempt.round_id.in_(round_ids), Attempt.state == AttemptState.OPEN, Attempt.accept_until >= now)
        .group_by(Attempt.round_id)
    )
    return {row[0]: row[1] for row in rows}


def _facts_of_pool(pool_id: int) -> frozenset[tuple[int, str]]:
    """Kept with the application: a pool never changes."""
    known: dict[int, frozenset[tuple[int, str]]] = current_app.extensions.setdefault("practice.pools", {})
    if pool_id not in known:
        known[pool_id] = frozenset(_facts_of(c.version_id for c in candidates_of(pool_id)).values())
    return known[pool_id]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a contest keeps back of some items, and why."""

    source: Source
    why: Why
    count: int


def kept(found: Collection[Practicable], now: datetime) -> list[Kept]:
    """Who keeps how many of these back; an item may be kept by several."""
    lines: list[Kept] = []
    for source in sources(now):
        why = why_kept(source.claim, now)
        count = sum(practice.concerns(source.claim, p.subject) for p in found) if why else 0
        if why and count:
            lines.append(Kept(source, why, count))
    return lines


# What people remember


def due_moments(account_id: int) -> dict[int, datetime]:
    """Item id → when it is due, of every item that a person has answered."""
    rows = db.session.execute(
        select(PracticeCard.item_id, PracticeCard.due_at).where(PracticeCard.account_id == account_id)
    )
    return {row[0]: row[1] for row in rows}


def card_of(account_id: int, item_id: int) -> PracticeCard | None:
    return db.session.scalars(
        select(PracticeCard)
        .where(PracticeCard.account_id == account_id, PracticeCard.item_id == item_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def count_answered_since(account_id: int, since: datetime) -> int:
    """How many items a person has answered since a moment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(PracticeCard)
            .where(PracticeCard.account_id == account_id, PracticeCard.answered_at > since)
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """What a person has practised of a topic: how many items, how many times, and how many times right."""

    items: int
    answered: int
    correct: int


def progress(account_id: int) -> dict[tuple[int, str], Progress]:
    """(bank id, topic) → a person's items, answers and right answers."""
    rows = db.session.execute(
        select(Item.bank_id, Item.topic, func.count(), func.sum(PracticeCard.seen), func.sum(PracticeCard.correct))
        .join(Item, Item.id == PracticeCard.item_id)
        .where(PracticeCard.account_id == account_id)
        .group_by(Item.bank_id, Item.topic)
    )
    return {(row[0], row[1]): Progress(row[2], int(row[3]), int(row[4])) for row in rows}


# Sums of use


def use_by_topic(bank: Bank) -> dict[str, tuple[int, int]]:
    """Topic → (answers, right answers) of everybody together."""
    rows = db.session.execute(
        select(Item.topic, func.sum(PracticeUse.answered), func.sum(PracticeUse.correct))
        .join(Item, Item.id == PracticeUse.item_id)
        .where(Item.bank_id == bank.id)
        .group_by(Item.topic)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def hardest(bank: Bank, *, limit: int, at_least: int) -> list[tuple[Item, PracticeUse]]:
    """Items that go wrong most often, among those answered often enough."""
    share = PracticeUse.correct * 1.0 / PracticeUse.answered
    rows = db.session.execute(
        select(Item, PracticeUse)
        .join(PracticeUse, PracticeUse.item_id == Item.id)
        .where(Item.bank_id == bank.id, PracticeUse.answered >= at_least)
        .order_by(share, Item.code)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def settings_by_bank() -> dict[int, PracticeBank]:
    return {row.bank_id: row for row in db.session.scalars(select(PracticeBank))}


def setting_of(bank: Bank) -> PracticeBank | None:
    return db.session.get(PracticeBank, bank.id)


def count_by_topic(found: Iterable[Practicable]) -> Counter[tuple[str, str]]:
    """(bank, topic) → how many."""
    return Counter((p.subject.bank, p.subject.topic) for p in found)


def all_banks() -> Sequence[Bank]:
    return db.session.scalars(select(Bank).order_by(Bank.title, Bank.code)).all()
