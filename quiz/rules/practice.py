"""Practice: which items may be practised now, in which order they are asked, and when one is due again.

Practice shows keys to everybody, so an item is practised only while no contest has a use for its secret: none drafts with
its topic, no round that draws from it is to come or open, nobody sits such a round, and its contest lets those who sat see
the key. Any one that says no keeps the item back. What is drawn are versions, what is kept back is the item: another
wording of it has mostly the same answer; and so has a copy of the question in another bank.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from quiz.rules import clock, visibility
from quiz.rules.clock import RoundPhase, Window
from quiz.rules.visibility import Release


class Why(enum.StrEnum):
    """Why a contest keeps an item out of practice, in the order of the contest's life."""

    DRAFT = "draft"  # a draft asks for its topic
    TO_COME = "to_come"
    OPEN = "open"
    SITTING = "sitting"  # closed, and somebody may still be at work
    KEY_KEPT = "key_kept"  # not even those who sat may see the key yet


@dataclass(frozen=True, slots=True)
class Subject:
    """An item as practice knows it.  words: what it asks, folded; equal for copies of a question in several banks"""

    item_id: int
    bank: str
    topic: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """What a draft may come to draw from: whole topics, since its levels and numbers may yet change.

    topics: (bank, topic) of all its blueprints
    """

    topics: Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundClaim:
    """What a round of an open contest draws from.

    items, words: of the versions in its pools · all_ended_at: clock.all_ended_at, by the rules as they are now · sitting_until:
    the last moment at which an attempt that really runs may still be saved, None when none runs; it was promised when the
    attempt began, whatever the rules say now · release, is_published: when the contest shows the key
    """

    items: Collection[int]
    words: Collection[str]
    window: Window
    all_ended_at: datetime
    sitting_until: datetime | None
    release: Release
    is_published: bool


Claim = DraftClaim | RoundClaim


def concerns(claim: Claim, subject: Subject) -> bool:
    if isinstance(claim, DraftClaim):
        return (subject.bank, subject.topic) in claim.topics
    return subject.item_id in claim.items or subject.words in claim.words


def why_kept(claim: Claim, now: datetime) -> Why | None:
    """Why what a claim concerns is not practised now; None when that contest has no use for its secret any more."""
    if isinstance(claim, DraftClaim):
        return Why.DRAFT
    match clock.phase(claim.window, now):
        case RoundPhase.UPCOMING:
            return Why.TO_COME
        case RoundPhase.OPEN:
            return Why.OPEN
    # a save at the very moment `sitting_until` still counts
    if now < claim.all_ended_at or (claim.sitting_until is not None and now <= claim.sitting_until):
        return Why.SITTING
    at = visibility.stage(claim.all_ended_at, finished=True, published=claim.is_published, now=now)
    return None if visibility.released(claim.release, at) else Why.KEY_KEPT


def keeping(claims: Iterable[Claim], now: datetime) -> list[Claim]:
    """The claims that keep something back now."""
    return [claim for claim in claims if why_kept(claim, now) is not None]


def free(subjects: Iterable[Subject], claims: Iterable[Claim], now: datetime) -> list[Subject]:
    """The subjects that may be practised now: those that no claim keeps back."""
    kept = keeping(claims, now)
    topics = {topic for claim in kept if isinstance(claim, DraftClaim) for topic in claim.topics}
    items: set[int] = set()
    words: set[str] = set()
    for claim in kept:
        if isinstance(claim, RoundClaim):
            items.update(claim.items)
            words.update(claim.words)
    return [s for s in subjects if s.item_id not in items and s.words not in words and (s.bank, s.topic) not in topics]


def next_item(items: Collection[int], seed: int, after: int | None = None) -> int | None:
    """The item that a walk in the order of `seed` comes to next.  after: the one it has come from, None at the start

    The place of an item in the order depends on nothing but the item and the seed, so a walk skips and repeats nothing
    when others are kept back or set free meanwhile. None at the end.
    """
    come_from = None if after is None else _place(after, seed)
    places = (_place(item, seed) for item in items)
    first = min((place for place in places if come_from is None or place > come_from), default=None)
    return first[1] if first else None


def _place(item: int, seed: int) -> tuple[bytes, int]:
    return hashlib.blake2b(f"{seed}:{item}".encode(), digest_size=8).digest(), item


def due_at(planned_at: datetime, answered_at: datetime) -> datetime:
    """When an item is due that was planned for a moment: within the day at that moment, later from the day's beginning on.

    People practise at other hours of the day than last time.
    """
    midnight = planned_at.astimezone(clock.VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(planned_at.tzinfo) if planned_at - answered_at >= timedelta(days=1) else planned_at
