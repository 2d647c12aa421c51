"""What is kept of an item: few enough numbers to store, from which its figures come, and which pool over paper sets.

Tallies of different paper sets do not merge, because their scores may not be compared: a score that is among the best of
one division is not among those of another. Counts do merge once each attempt has been put into a group of its own set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from quiz.rules.statistics import ItemFigures, OptionFigures, item_figures, median
from quiz.rules.tally import LONGEST_S, ItemTally


class Mean(NamedTuple):
    """A figure averaged over paper sets by showings; undefined ones have no weight.  total: sum of figure times weight"""

    total: float = 0.0
    weight: int = 0

    @property
    def value(self) -> float | None:
        return self.total / self.weight if self.weight else None

    def plus(self, other: Mean) -> Mean:
        return Mean(self.total + other.total, self.weight + other.weight)


class Choice(NamedTuple):
    """How often an option was chosen: by all, in the upper and in the lower group. Parts of attempts count in groups."""

    everyone: int = 0
    upper: float = 0.0
    lower: float = 0.0

    def plus(self, other: Choice) -> Choice:
        return Choice(self.everyone + other.everyone, self.upper + other.upper, self.lower + other.lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """The showings of an item version in one paper set, or in several.

    key: numbers of the right options, from 1 · shown: to all and to both groups · choices: of each option as the author
    ordered them · times: (seconds, showings that took so long), ascending · the others: as in statistics.ItemFigures.
    Over several paper sets `facility` is that of all showings together, since it is a mean itself; the correlations and
    the difference between groups are averages of those within each set, weighted by showings: people of different sets
    are not compared.
    """

    key: frozenset[int]
    shown: Choice
    facility: Mean
    discrimination: Mean
    discrimination_plain: Mean
    upper_lower: Mean
    choices: tuple[Choice, ...]
    blank: int
    times: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"key": sorted(self.key)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ItemRecord:
        return cls(
            key=frozenset(values["key"]),
            shown=Choice(*values["shown"]),
            choices=tuple(Choice(*choice) for choice in values["choices"]),
            blank=values["blank"],
            times=tuple((second, count) for second, count in values["times"]),
            **{name: Mean(*values[name]) for name in _MEANS},
        )


_MEANS = ("facility", "discrimination", "discrimination_plain", "upper_lower")


def record(tally: ItemTally) -> ItemRecord:
    """What is kept of one paper set."""
    figures = item_figures(tally)
    upper, lower = tally.groups.upper.whole or 1, tally.groups.lower.whole or 1
    counts = zip(tally.everyone.chosen, tally.upper.chosen, tally.lower.chosen, strict=True)
    return ItemRecord(
        key=tally.key,
        shown=Choice(tally.everyone.number, tally.upper.number / upper, tally.lower.number / lower),
        facility=Mean(tally.everyone.points / tally.maximum, tally.everyone.number),
        discrimination=_mean(figures.discrimination, figures.shown),
        discrimination_plain=_mean(figures.discrimination_plain, figures.shown),
        upper_lower=_mean(figures.upper_lower, figures.shown),
        choices=tuple(Choice(chosen, above / upper, below / lower) for chosen, above, below in counts),
        blank=tally.blank,
        times=tuple((second, count) for second, count in enumerate(tally.times) if count),
    )


def _mean(value: float | None, weight: int) -> Mean:
    return Mean() if value is None else Mean(value * weight, weight)


def pool(a: ItemRecord, b: ItemRecord) -> ItemRecord:
    """Both together.  Raises ValueError when they are of different items."""
    if a.key != b.key or len(a.choices) != len(b.choices):
        raise ValueError("records of different items")
    return ItemRecord(
        key=a.key,
        shown=a.shown.plus(b.shown),
        facility=a.facility.plus(b.facility),
        discrimination=a.discrimination.plus(b.discrimination),
        discrimination_plain=a.discrimination_plain.plus(b.discrimination_plain),
        upper_lower=a.upper_lower.plus(b.upper_lower),
        choices=tuple(one.plus(other) for one, other in zip(a.choices, b.choices, strict=True)),
        blank=a.blank + b.blank,
        times=tuple(sorted((Counter(dict(a.times)) + Counter(dict(b.times))).items())),
    )


def figures_of(kept: ItemRecord) -> ItemFigures:
    """The figures of an item, from its record; of one paper set the same as from its tally."""
    times = dict(kept.times)
    return ItemFigures(
        shown=kept.shown.everyone,
        facility=kept.facility.value,
        discrimination=kept.discrimination.value,
        discrimination_plain=kept.discrimination_plain.value,
        upper_lower=kept.upper_lower.value,
        upper_shown=kept.shown.upper,
        options=tuple(
            OptionFigures(
                number=number,
                is_key=number in kept.key,
                chosen=choice.everyone,
                share=_share(choice.everyone, kept.shown.everyone),
                upper_share=_share(choice.upper, kept.shown.upper),
                lower_share=_share(choice.lower, kept.shown.lower),
            )
            for number, choice in enumerate(kept.choices, 1)
        ),
        blank=kept.blank,
        median_s=median([times.get(second, 0) for second in range(LONGEST_S + 1)]),
    )


def _share(part: float, whole: float) -> float | None:
    # rounded, because an option counts as preferred when its share is greater, and 0.1 + 0.2 is greater than 0.3
    return round(part / whole, 9) if whole else None
