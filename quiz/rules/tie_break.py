"""The tie-break chain: from results to numbered standings, and the reason for every place.

A chain is an ordered list of criterion names from CRITERIA. Results equal on the whole chain share the place, and the
next place is counted on (1, 2, 2, 4): no published rules we know give two equal people different places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What counts of an entry's attempts in one round.

    score: points · elapsed_ms: of the counted attempt, server clock · submitted_at: when it ended ·
    prediction_gap: distance to the truth in people or attempts; None while there is no truth or no prediction ·
    attempts_used: attempts consumed in the round · registered_at: when the entry was made
    """

    entry_id: int
    attempt_id: int
    score: int
    elapsed_ms: int
    submitted_at: datetime
    registered_at: datetime
    attempts_used: int = 1
    prediction_gap: int | None = None


# A missing prediction ranks behind every prediction: the largest number a column of big integers can hold.
NO_PREDICTION = 2**63 - 1

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = int | datetime


@dataclass(frozen=True, slots=True)
class Criterion:
    """value: what is compared and shown; more_is_better: its direction."""

    value: Callable[[Result], Value]
    more_is_better: bool = False


def _gap(result: Result) -> int:
    return NO_PREDICTION if result.prediction_gap is None else result.prediction_gap


CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    {
        "score": Criterion(lambda r: r.score, more_is_better=True),
        "prediction": Criterion(_gap),
        "elapsed": Criterion(lambda r: r.elapsed_ms),
        "submitted": Criterion(lambda r: r.submitted_at),
        "fewer_attempts": Criterion(lambda r: r.attempts_used),
        "registered": Criterion(lambda r: r.registered_at),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """place: numbered from 1, shared by equals · tied: shares its place · position: row in the list, from 1."""

    position: int
    place: int
    tied: bool
    result: Result


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of "why is A above B": `verdict` is "equal", "decides" or "not_needed"."""

    criterion: str
    a: Value
    b: Value
    verdict: str


def sort_key(result: Result, chain: Sequence[str]) -> tuple[int, ...]:
    """Smaller is better. Moments become whole numbers so that every direction is a sign."""
    key: list[int] = []
    for name in chain:
        criterion = CRITERIA[name]
        value = criterion.value(result)
        number = _microseconds(value) if isinstance(value, datetime) else value
        key.append(-number if criterion.more_is_better else number)
    return tuple(key)


def rank(results: Iterable[Result], chain: Sequence[str]) -> list[Standing]:
    """Number the results, one of each entry. Any order of the input gives the same list: equals are listed by entry id.

    The order is that of `sort_key`, reached by one sort for each criterion, the last one first: a sort keeps the order
    of equals, and with a million results plain values sort in half the time of keys made of several numbers.
    """
    criteria = [CRITERIA[name] for name in chain]
    in_order = sorted(results, key=lambda r: r.entry_id)
    for criterion in reversed(criteria):
        in_order.sort(key=criterion.value, reverse=criterion.more_is_better)
    values = [criterion.value for criterion in criteria]
    standings: list[Standing] = []
    for _, equals in groupby(in_order, key=lambda r: [value(r) for value in values]):
        group = list(equals)
        place, tied = len(standings) + 1, len(group) > 1
        standings += [Standing(position, place, tied, r) for position, r in enumerate(group, place)]
    return standings


def why_above(a: Result, b: Result, chain: Sequence[str]) -> list[Comparison]:
    """Compare two results criterion by criterion; the first that differs decides, those after it are not needed."""
    lines: list[Comparison] = []
    decided = False
    for name in chain:
        x, y = CRITERIA[name].value(a), CRITERIA[name].value(b)
        verdict = "not_needed" if decided else "equal" if x == y else "decides"
        decided = decided or x != y
        lines.append(Comparison(name, x, y, verdict))
    return lines


def _microseconds(moment: datetime) -> int:
    """Whole microseconds, because a float of seconds would lose the last digits of a moment."""
    return (moment - EPOCH) // timedelta.resolution
