"""Tallies: what many showings of an item add up to, so that its statistics need no second look at the attempts.

Two passes over the attempts, neither of which keeps them: the counts of the scores (one GROUP BY) give the upper and
the lower group, then an `ItemTally` for every item version takes each showing as it comes. Sums are of whole numbers,
so no order of the attempts and no split into parts changes a figure. All is of one paper set: papers whose scores may
be compared, as of one division.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

# Kelley (1939), "The selection of upper and lower groups for the validation of test items", J. Educ. Psychol. 30, 17–24.
UPPER_LOWER_SHARE = Fraction(27, 100)
LONGEST_S = 600  # a time of so many seconds or more is counted as this one


@dataclass(frozen=True, slots=True)
class Group:
    """Attempts at one end of the scores, as weights: `whole` beyond the cut, `part` at the cut, 0 otherwise.

    An attempt at the cut belongs to the group by the fraction part/whole. With whole 0 there is no group.
    """

    cut: int = 0
    whole: int = 0
    part: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """The attempts with the highest and with the lowest scores."""

    upper: Group
    lower: Group


def upper_lower_groups(scores: Mapping[int, int], share: Fraction = UPPER_LOWER_SHARE) -> Groups:
    """Cut off the best and the weakest 27 % of the attempts; no groups when there is but one score.

    scores: score → how many attempts have it.
    Each group has exactly the asked share. Where the cut falls among equal scores, each of these attempts belongs to it
    by the same fraction, which is what drawing lots among them would give on average: with thousands at full marks,
    taking all of them would make a group of any size, and picking rows would let their order decide.
    """
    bands = sorted((score, count) for score, count in scores.items() if count)
    if len(bands) < 2:
        return Groups(Group(), Group())
    wanted = share * sum(count for _, count in bands)
    return Groups(upper=_group(reversed(bands), wanted), lower=_group(bands, wanted))


def _group(bands: Iterable[tuple[int, int]], wanted: Fraction) -> Group:
    """Take bands of (score, attempts) from the outside until `wanted` attempts are in."""
    for score, count in bands:
        if count >= wanted:
            fraction = wanted / count
            return Group(score, whole=fraction.denominator, part=fraction.numerator)
        wanted -= count
    raise ValueError("a group cannot be larger than all attempts")


@dataclass(slots=True)
class Showings:
    """Weighted sums over some showings of an item: their number, their points, how often each option was chosen."""

    chosen: list[int]  # at option number - 1
    number: int = 0
    points: int = 0

    def add(self, weight: int, points: int, chosen: Collection[int]) -> None:
        self.number += weight
        self.points += weight * points
        for option in chosen:
            self.chosen[option - 1] += weight

    def merge(self, other: Showings) -> None:
        self.number += other.number
        self.points += other.points
        self.chosen = [a + b for a, b in zip(self.chosen, other.chosen, strict=True)]


@dataclass(slots=True)
class ItemTally:
    """What the showings of one item version add up to: about six kilobytes, however many there are.

    groups: of the paper set · options: how many the item has, 0 when there is nothing to choose from ·
    key: numbers of the right options, from 1 · maximum: points of a right response ·
    everyone, upper, lower: all showings, and those to attempts of the two groups by their weights
    """

    groups: Groups
    options: int
    key: frozenset[int]
    maximum: int
    everyone: Showings = field(init=False)
    upper: Showings = field(init=False)
    lower: Showings = field(init=False)
    right: int = field(default=0, init=False)  # showings with full marks
    partly: int = field(default=0, init=False)  # with marks between none and full
    blank: int = field(default=0, init=False)  # with nothing chosen
    # sums for correlations: of squared points, of scores, of squared scores, of points times score
    points_squared: int = field(default=0, init=False)
    scores: int = field(default=0, init=False)
    scores_squared: int = field(default=0, init=False)
    products: int = field(default=0, init=False)
    times: array[int] = field(init=False)  # at each whole second up to LONGEST_S: showings that took so long

    def __post_init__(self) -> None:
        self.everyone, self.upper, self.lower = (Showings([0] * self.options) for _ in range(3))
        self.times = array("Q", bytes(8 * (LONGEST_S + 1)))

    def add(self, points: int, score: int, chosen: Collection[int] = (), seconds: int | None = None) -> None:
        """Count one showing.

        points: of this response · score: points of the whole attempt, these among them · chosen: distinct numbers of
        options as the author ordered them, empty when left blank · seconds: whole ones, None when not known
        """
        if points == self.maximum:
            self.right += 1
        elif points:
            self.partly += 1
        if not chosen:
            self.blank += 1
        self.points_squared += points * points
        self.scores += score
        self.scores_squared += score * score
        self.products += points * score
        if seconds is not None:  # from the browser, so it may be anything
            self.times[min(max(seconds, 0), LONGEST_S)] += 1
        self.everyone.add(1, points, chosen)
        upper, lower = self.groups.upper, self.groups.lower
        if score >= upper.cut:
            self.upper.add(upper.whole if score > upper.cut else upper.part, points, chosen)
        if score <= lower.cut:
            self.lower.add(lower.whole if score < lower.cut else lower.part, points, chosen)

    def merge(self, other: ItemTally) -> None:
        """Take in what another tally of the same item counted.  Raises ValueError when it is of something else."""
        for name in ("groups", "options", "key", "maximum"):
            if getattr(self, name) != getattr(other, name):
                raise ValueError(f"tallies with different {name}")
        self.everyone.merge(other.everyone)
        self.upper.merge(other.upper)
        self.lower.merge(other.lower)
        self.right += other.right
        self.partly += other.partly
        self.blank += other.blank
        self.points_squared += other.points_squared
        self.scores += other.scores
        self.scores_squared += other.scores_squared
        self.products += other.products
        self.times = array("Q", map(sum, zip(self.times, other.times, strict=True)))
