"""Marking: from a response to its points. A response and a key are sets of option numbers, counted from 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    correct: bool
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """points: sum of the marks.  maximum: what a perfect paper has.  correct: how many items are right."""

    points: int
    maximum: int
    correct: int
    items: int

    @property
    def all_correct(self) -> bool:
        return self.correct == self.items


def original(order: Sequence[int], shown: Collection[int]) -> frozenset[int]:
    """Turn places as shown (from 1) into original option numbers. Places that are not on the paper are dropped."""
    return frozenset(order[place - 1] for place in shown if 1 <= place <= len(order))


def mark(key: Collection[int], chosen: Collection[int], points: int) -> Mark:
    """All or nothing: exactly the options of the key, neither fewer nor more. Nothing is taken off for a wrong one."""
    correct = bool(key) and frozenset(chosen) == frozenset(key)
    return Mark(correct, points if correct else 0)


def score(marks: Sequence[Mark], points: int) -> Score:
    """Sum the marks of one attempt; `points` is what each item is worth."""
    return Score(sum(m.points for m in marks), points * len(marks), sum(m.correct for m in marks), len(marks))
