"""Bringing judges' points of one essay to one mark (thống nhất điểm chấm)."""

from __future__ import annotations


def is_alarming(a: int, b: int, most: int, spread_percent: int) -> bool:
    """Do the points lie farther apart than the rules bear?  most: the most points that there are"""
    return abs(a - b) * 100 > spread_percent * most


def agreed(a: int, b: int) -> int:
    """The mean of both, a half counting as a whole: in favour of the person."""
    return (a + b + 1) // 2


def of_three(a: int, b: int, c: int) -> int:
    """The mean of the two that lie nearest; the middle one where it is as far from both, which is then the mean of all."""
    low, middle, high = sorted((a, b, c))
    if middle - low == high - middle:
        return middle
    return agreed(low, middle) if middle - low < high - middle else agreed(middle, high)


def settled(a: int, b: int, third: int | None, most: int, spread_percent: int, *, decides: bool = False) -> int | None:
    """The mark: the mean where both are near; where they are not, what they and the third come to.

    third: None while it is missing, which leaves the mark open · decides: the third is the chair, whose points are the mark
    """
    if not is_alarming(a, b, most, spread_percent):
        return agreed(a, b)
    return third if third is None or decides else of_three(a, b, third)
