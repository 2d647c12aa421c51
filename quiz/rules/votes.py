"""Votes of a council: quorum, threshold, who does not vote, and the boxes that keep secret ballots without their voters.

No statute known to us fixes how a department's council votes on exemplars, so quorum and threshold are data of the vote.
All fractions are exact. Whoever has a conflict of interest in a nomination counts for it neither above nor below the line.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


class Choice(enum.StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    OTHER = "other"  # another opinion; no agreement


class Base(enum.StrEnum):
    """Whose number the agreeing votes are measured by: all who may vote on the nomination, or those of them who voted."""

    COUNCIL = "council"
    VOTERS = "voters"


class Outcome(enum.StrEnum):
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    NO_QUORUM = "no_quorum"  # nothing is decided


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRule:
    """quorum: at least this part votes · threshold: this part of the base agrees; more_than: and a vote more than exactly that

    Raises ValueError for fractions that nobody could mean.
    """

    quorum: Fraction = Fraction(2, 3)
    base: Base = Base.COUNCIL
    threshold: Fraction = Fraction(2, 3)
    more_than: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.quorum <= 1:
            raise ValueError(f"a quorum of {self.quorum}")
        if not 0 < self.threshold <= 1 or (self.more_than and self.threshold == 1):
            raise ValueError(f"a threshold of {self.threshold}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    agree: int = 0
    disagree: int = 0
    other: int = 0

    @property
    def voted(self) -> int:
        return self.agree + self.disagree + self.other


def has_quorum(voted: int, may_vote: int, rule: VoteRule) -> bool:
    """Nobody is no quorum of nobody: where none may vote, nothing is decided."""
    return voted > 0 and voted >= rule.quorum * may_vote


def needed_to_vote(may_vote: int, rule: VoteRule) -> int:
    """The fewest who make a quorum."""
    return max(1, -(-rule.quorum.numerator * may_vote // rule.quorum.denominator))


def needed_to_choose(base: int, rule: VoteRule) -> int:
    """The fewest agreeing votes that choose.  base: the number that the rule measures by"""
    least = -(-rule.threshold.numerator * base // rule.threshold.denominator)
    exact = rule.threshold * base == least
    return max(1, least + (1 if rule.more_than and exact else 0))


def outcome(tally: Tally, may_vote: int, rule: VoteRule) -> Outcome:
    """may_vote: members of the council without a conflict of interest in this nomination."""
    if tally.voted > may_vote:
        raise ValueError(f"{tally.voted} votes of {may_vote} people")
    if not has_quorum(tally.voted, may_vote, rule):
        return Outcome.NO_QUORUM
    base = may_vote if rule.base is Base.COUNCIL else tally.voted
    return Outcome.CHOSEN if tally.agree >= needed_to_choose(base, rule) else Outcome.NOT_CHOSEN


# Boxes of secret ballots

Ballot = tuple[str, str]  # (mark, choice)


def mark_of(code: str, nomination_id: int) -> str:
    """What stands for a ballot in the box of one nomination; without the code nobody can tell which marks belong together."""
    return hashlib.sha256(f"{nomination_id}:{code}".encode()).hexdigest()


def put(box: Iterable[Sequence[str]], mark: str, choice: Choice) -> list[list[str]]:
    """The box with one more ballot, in the order of the marks, which is no order of arrival.  Raises KeyError: it is there."""
    ballots = dict(_pairs(box))
    if mark in ballots:
        raise KeyError(mark)
    return _in_order({**ballots, mark: choice.value})


def replace(box: Iterable[Sequence[str]], mark: str, choice: Choice) -> list[list[str]]:
    """The box with another choice on a ballot.  Raises KeyError: there is no such ballot."""
    ballots = dict(_pairs(box))
    if mark not in ballots:
        raise KeyError(mark)
    return _in_order({**ballots, mark: choice.value})


def holds(box: Iterable[Sequence[str]], mark: str) -> bool:
    return any(ballot[0] == mark for ballot in box)


def tally(choices: Iterable[str]) -> Tally:
    counts = Counter(Choice(choice) for choice in choices)
    return Tally(agree=counts[Choice.AGREE], disagree=counts[Choice.DISAGREE], other=counts[Choice.OTHER])


def count(box: Iterable[Sequence[str]]) -> Tally:
    return tally(choice for _mark, choice in _pairs(box))


def digest(boxes: Mapping[int, Collection[Sequence[str]]]) -> str:
    """SHA-256, in hex, over all boxes of a vote by nomination: kept when it closes, it shows any ballot changed later."""
    content = {str(nomination): sorted(map(list, box)) for nomination, box in boxes.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _pairs(box: Iterable[Sequence[str]]) -> list[Ballot]:
    return [(mark, choice) for mark, choice in box]


def _in_order(ballots: Mapping[str, str]) -> list[list[str]]:
    return [[mark, ballots[mark]] for mark in sorted(ballots)]
