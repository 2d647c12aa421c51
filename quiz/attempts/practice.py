"""Practice between contests: a question is asked, marked at once and explained; who is signed in is asked again in time.

Nothing is kept of a question that is only shown: its page carries a signed mark, from which and from the secret key of the
house the order of its options can be made again. That order is not in the mark itself, where everybody could read it: of
things to put in order it is the key. Whether an item may be practised is asked when it is shown and again when it is
answered.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any

from flask import current_app
from fsrs import Rating
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from quiz import journal
from quiz.attempts import practice_memory as memory
from quiz.attempts import practice_queries as queries
from quiz.attempts.papers import Question, of_paper
from quiz.attempts.practice_models import PracticeBank, PracticeCard, PracticeUse
from quiz.attempts.practice_queries import Practicable
from quiz.attempts.responses import EMPTY
from quiz.banks.models import Bank
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.rules.drawing import option_order
from quiz.rules.marking import Worth
from quiz.rules.practice import next_item

WHOLE = Worth(100)  # a part of an answer is told in percent
MARK_LASTS = timedelta(days=1)
PER_HOUR = 240  # items of an account; who learns answers one in a minute, who copies a bank more
HOUR = timedelta(hours=1)


class PracticeRefusal(enum.Enum):
    BAD_MARK = "bad_mark"  # not a mark of ours
    TOO_OLD = "too_old"
    KEPT = "kept"  # a contest needs it now, or it is not practised any more
    CHANGED = "changed"  # it is not asked in these words any more
    TOO_MANY = "too_many"
    NOT_RATED = "not_rated"  # nothing that could be rated


class Mode(enum.StrEnum):
    """What a person is asked: what is due and then what is new, only what is due, or everything in turn."""

    LEARN = "hoc"
    DUE = "den-han"
    ALL = "tat-ca"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to practise.  topics: empty for all · seed: of the order · after: the item just practised, where
    everything is asked in turn"""

    given: PracticeBank
    topics: Collection[str] = ()
    mode: Mode = Mode.ALL
    seed: int = 0
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is shown.  nonce: by which its options were ordered · mark: what its page carries"""

    item_id: int
    topic: str
    question: Question
    nonce: str
    mark: str
    given: PracticeBank


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its mark.  due_at: when it is asked again, None for who keeps no memory · ratings: by what a person
    may say of a right answer, when it would be asked again"""

    asked: Asked
    question: Question
    due_at: datetime | None
    ratings: Mapping[Rating, datetime]


def choose(wish: Wish, account_id: int | None, *, now: datetime) -> Asked | None:
    """The next question, or None when nothing is left to ask.  account_id: None for a visitor, who is asked in turn

    Raises Refusal(TOO_MANY).
    """
    if account_id is not None and queries.count_answered_since(account_id, now - HOUR) >= PER_HOUR:
        raise Refusal(PracticeRefusal.TOO_MANY)
    found = {p.subject.item_id: p for p in free_items(wish, now=now)}
    while (item_id := _choice(wish, found.keys(), account_id, now)) is not None:
        # that no contest keeps it is known of this moment, what it says only of a minute ago
        if fresh := queries.practicable(wish.given, now, only=found.pop(item_id).candidate.version_id):
            return _ask(wish.given, fresh[0], secrets.token_urlsafe(12), now)
    return None


def free_items(wish: Wish, *, now: datetime) -> list[Practicable]:
    """All that the wish may be answered with now, of items as they were up to a minute ago."""
    found = queries.practicable_lately(wish.given, now)
    return queries.free((p for p in found if not wish.topics or p.subject.topic in wish.topics), now)


def _choice(wish: Wish, items: Collection[int], account_id: int | None, now: datetime) -> int | None:
    if account_id is None or wish.mode is Mode.ALL:
        return next_item(items, wish.seed, wish.after)
    remembered = queries.due_moments(account_id)
    due = [(due_at, item) for item, due_at in remembered.items() if item in items and due_at <= now]
    if due or wish.mode is Mode.DUE:
        return min(due)[1] if due else None
    return next_item([item for item in items if item not in remembered], wish.seed)


def _ask(given: PracticeBank, found: Practicable, nonce: str, now: datetime) -> Asked:
    version_id = found.candidate.version_id
    order = option_order(found.candidate, _dice(version_id, nonce))
    (question,) = of_paper([[version_id, order]], EMPTY, WHOLE)
    mark = _signer().dumps([version_id, nonce, int(now.timestamp())])
    return Asked(found.subject.item_id, found.subject.topic, question, nonce, str(mark), given)


def _dice(version_id: int, nonce: str) -> Random:
    key = blake2b(str(current_app.secret_key).encode(), digest_size=32, person=b"practice").digest()
    return Random(int.from_bytes(blake2b(f"{version_id}:{nonce}".encode(), digest_size=8, key=key).digest(), "big"))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="practice")


def ask_again(mark: str, *, now: datetime) -> Asked:
    """The question whose page carries the mark, as it was shown.

    Raises Refusal(BAD_MARK, TOO_OLD, CHANGED or KEPT): what may not be practised any more is not told either.
    """
    try:
        version_id, nonce, asked_s = _signer().loads(mark)
    except (BadData, ValueError, TypeError):
        raise Refusal(PracticeRefusal.BAD_MARK) from None
    if now.timestamp() - asked_s > MARK_LASTS.total_seconds():
        raise Refusal(PracticeRefusal.TOO_OLD)
    known = queries.given_version(version_id)
    if known is None:
        raise Refusal(PracticeRefusal.KEPT)
    given, _item_id = known
    found = queries.practicable(given, now, only=version_id)
    if not found:
        raise Refusal(PracticeRefusal.CHANGED)
    if not queries.free(found, now):
        raise Refusal(PracticeRefusal.KEPT)
    return _ask(given, found[0], nonce, now)


def answer(asked: Asked, responses: Mapping[str, Any], account_id: int | None, *, now: datetime) -> Answered:
    """Mark an answer and tell everything about the question; remember it for an account.

    asked: as `ask_again` has just given it · responses: a document of one question (attempts.responses) · The same page sent
    twice is told twice, and counts once for an account.
    """
    face, order = asked.question.face, asked.question.order
    (question,) = of_paper([[face.version_id, order]], responses, WHOLE)
    is_right = question.mark.correct
    if account_id is None:
        _count(asked.item_id, is_right)
        return Answered(asked, question, None, {})
    card = _remember(account_id, asked.item_id, asked.nonce, is_right, now)
    return Answered(asked, question, card.due_at, _ratings(card))


def _remember(account_id: int, item_id: int, nonce: str, is_right: bool, now: datetime) -> PracticeCard:
    """Schedule the item anew: as forgotten after a wrong answer, as known after a right one until the person says more."""
    card = queries.card_of(account_id, item_id)
    if card is not None and card.question == nonce:
        return card
    before = card.card if card else {}
    after, due_at = memory.after(before, item_id, Rating.Good if is_right else Rating.Again, now)
    values = {
        "due_at": due_at, "card": after, "before": before if is_right else None, "question": nonce, "answered_at": now,
    }  # fmt: skip
    if card is None:
        written = insert_unless_taken(
            PracticeCard(account_id=account_id, item_id=item_id, seen=1, correct=int(is_right), **values)
        )
    else:
        counts = {"seen": PracticeCard.seen + 1, "correct": PracticeCard.correct + int(is_right)}
        written = _update(card, **values, **counts)
    if written:
        _count(item_id, is_right)
    # where another tab was faster, its answer counts
    found = queries.card_of(account_id, item_id)
    assert found is not None
    return found


def _update(row: PracticeCard, **values: Any) -> bool:
    """Write a card unless it has been answered again since it was read."""
    written = db.session.execute(
        update(PracticeCard)
        .where(PracticeCard.id == row.id, PracticeCard.question == row.question)
        .values(**values)
        .returning(PracticeCard.id)
        .execution_options(synchronize_session=False)
    )
    return written.one_or_none() is not None


def _ratings(card: PracticeCard) -> dict[Rating, datetime]:
    if card.before is None:
        return {}
    return {rating: memory.after(card.before, card.item_id, rating, card.answered_at)[1] for rating in Rating}


def rate(account_id: int, item_id: int, mark: str, rating: Rating) -> datetime:
    """Say how hard a right answer was; gives when the item is due now. Saying it twice, or otherwise, is the same as once.

    mark: of the page that was answered.  Raises Refusal(NOT_RATED) unless that was the person's last answer to the item.
    """
    try:
        nonce = _signer().loads(mark)[1]
    except (BadData, ValueError, TypeError, IndexError):
        raise Refusal(PracticeRefusal.BAD_MARK) from None
    card = queries.card_of(account_id, item_id)
    if card is None or card.question != nonce or card.before is None:
        raise Refusal(PracticeRefusal.NOT_RATED)
    after, due_at = memory.after(card.before, item_id, rating, card.answered_at)
    _update(card, card=after, due_at=due_at)
    return due_at


def _count(item_id: int, is_right: bool) -> None:
    """Add to the sums of an item in one statement: many people answer at once."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    more = {"answered": PracticeUse.answered + 1, "correct": PracticeUse.correct + int(is_right)}
    db.session.execute(
        insert(PracticeUse)
        .values(item_id=item_id, answered=1, correct=int(is_right))
        .on_conflict_do_update(index_elements=[PracticeUse.item_id], set_=more)
    )


def forget(account_id: int) -> int:
    """Erase all that is remembered of a person's practice; gives how many items that were."""
    gone = db.session.execute(
        delete(PracticeCard).where(PracticeCard.account_id == account_id).returning(PracticeCard.id)
    ).all()
    return len(gone)


def give(
    bank: Bank,
    *,
    is_on: bool,
    closed_topics: Collection[str],
    law_date: date | None,
    actor: journal.Actor,
    now: datetime,
) -> None:
    """Give a bank to practice, or take it back.  law_date: on which the answers hold, None for the day of practice"""
    setting = queries.setting_of(bank)
    before = _told(setting) if setting else None
    if setting is None:
        setting = PracticeBank(bank_id=bank.id)
        db.session.add(setting)
    setting.is_on, setting.closed_topics, setting.law_date = is_on, sorted(closed_topics), law_date
    if _told(setting) == before:
        return
    setting.changed_at = now
    db.session.flush()
    journal.record(actor, "practice.changed", bank, now=now, before=before, after=_told(setting))


def _told(setting: PracticeBank) -> dict[str, Any]:
    day = setting.law_date.isoformat() if setting.law_date else None
    return {"is_on": setting.is_on, "closed_topics": setting.closed_topics, "law_date": day}
