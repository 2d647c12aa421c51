"""Marking: from a response to its points. Nothing is ever taken off for a wrong answer.

A response is what a person gave, with options by their original numbers (from 1), whatever order the paper showed them in:
a set of options chosen, a sequence of numbers (things put in order, or for each left side its right side, 0 for none),
or a text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from quiz.rules import written

Response = frozenset[int] | tuple[int, ...] | str
ESSAY = "essay"  # the kind of items that judges mark


@dataclass(frozen=True, slots=True)
class Mark:
    correct: bool
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """points: sum of the marks.  maximum: what a perfect paper has, its essays included.

    items: that are marked at once · correct: how many of them are right
    """

    points: int
    maximum: int
    correct: int
    items: int

    @property
    def all_correct(self) -> bool:
        """A paper of nothing but essays has no item that could be right."""
        return 0 < self.items == self.correct


@dataclass(frozen=True, slots=True)
class Worth:
    """What the items of a contest are worth.

    each: points of a right answer, where by_level (level → points) says nothing else · whole: a part of an answer earns
    nothing, whatever its key says · essay: the most that judges may give an essay
    """

    each: int = 1
    by_level: Mapping[int, int] = field(default_factory=dict)
    whole: bool = False
    essay: int = 0

    def of(self, kind: str, level: int) -> int:
        return self.essay if kind == ESSAY else self.by_level.get(level, self.each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is right.  kind: "single", "multiple", "true_false", "short_text", "number", "ordering" or "matching"; an
    "essay" has nothing that is right.

    right: choices: the right options; matching: for each left side the number of its right side; ordering: the numbers of
    the things in their right order · accepted: texts or numbers that are right (rules.written) ·
    partial: may a part of it earn a part of the points? · others: what is right as well, by a ruling (rules.keys) · void:
    everything is right, by a ruling
    """

    kind: str
    right: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()
    partial: bool = False
    others: tuple[tuple[int, ...], ...] = ()
    void: bool = False


def original(order: Sequence[int], shown: Collection[int]) -> frozenset[int]:
    """Turn places as shown (from 1) into original option numbers. Places that are not on the paper are dropped."""
    return frozenset(order[place - 1] for place in shown if 1 <= place <= len(order))


def original_sequence(order: Sequence[int], shown: Sequence[int]) -> tuple[int, ...]:
    """The same for places in a sequence, which keep their place in it; what is not on the paper becomes 0."""
    return tuple(order[place - 1] if 1 <= place <= len(order) else 0 for place in shown)


def in_sequence(positions: Sequence[int]) -> tuple[int, ...]:
    """Positions given to things 1, 2, … turned into the things at positions 1, 2, ….

    0 stands where a position was given to nothing or to more than one thing: such an answer is not right there.
    """
    return tuple(
        positions.index(position) + 1 if positions.count(position) == 1 else 0
        for position in range(1, len(positions) + 1)
    )


def mark(key: Key, response: Response, points: int, *, whole: bool = False) -> Mark:
    """The mark of one answer: all points, none, or, where the key allows it, the share earned, rounded down.

    whole: no part earns anything, whatever the key allows
    """
    if key.void or _is_right(key, key.right, response) or any(_is_right(key, other, response) for other in key.others):
        return Mark(True, points)
    if whole or not key.partial or isinstance(response, str):
        return Mark(False, 0)
    share = max(_share(right, response) for right in (key.right, *key.others))
    return Mark(False, points * share.numerator // share.denominator)


def _is_right(key: Key, right: tuple[int, ...], response: Response) -> bool:
    """An item without a key earns nobody anything."""
    if isinstance(response, str):
        return any(written.agrees(key.kind, accepted, response) for accepted in key.accepted)
    if isinstance(response, tuple):
        return bool(right) and response == right
    return bool(right) and response == frozenset(right)


def _share(right: tuple[int, ...], response: frozenset[int] | tuple[int, ...]) -> Fraction:
    """The part of an answer that is right."""
    if not right:
        return Fraction(0)
    if isinstance(response, frozenset):
        return _share_of_options(frozenset(right), response)
    if len(response) > len(right):
        return Fraction(0)
    return Fraction(sum(a == b for a, b in zip(right, response, strict=False)), len(right))


def _share_of_options(right: frozenset[int], chosen: frozenset[int]) -> Fraction:
    """Right options chosen, less wrong ones, of all right ones: choosing everything earns no more than guessing does."""
    return Fraction(max(0, len(chosen & right) - len(chosen - right)), len(right))


def score(marks: Sequence[Mark], maximum: int) -> Score:
    """Sum the marks of one attempt.  marks: of the items that are marked at once · maximum: what a perfect paper has"""
    return Score(sum(m.points for m in marks), maximum, sum(m.correct for m in marks), len(marks))
