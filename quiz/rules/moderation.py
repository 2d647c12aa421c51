"""Bringing two judges' points of one essay to one mark (thống nhất điểm chấm)."""

from __future__ import annotations


def is_alarming(a: int, b: int, most: int, spread_percent: int) -> bool:
    """Do the points lie farther apart than the rules bear?  most: the most points that there are"""
    return abs(a - b) * 100 > spread_percent * most


def agreed(a: int, b: int) -> int:
    """The mean of both, a half counting as a whole: in favour of the person."""
    return (a + b + 1) // 2


def settled(a: int, b: int, third: int | None, most: int, spread_percent: int) -> int | None:
    """The mark: the mean where both are near, the third judge's where they are not; None while the third is missing."""
    return third if is_alarming(a, b, most, spread_percent) else agreed(a, b)
