"""The tie-break chain: from results to numbered standings, and the reason for every place.

A chain is an ordered list of steps. A step is the name of a criterion, in its usual direction, or turned round:
"attempts" puts fewer attempts above, "attempts:more" puts more of them above. Results equal on the whole chain share
the place, and the next place is counted on (1, 2, 2, 4): no published rules we know give two equal people different
places.

The same chain packs a result into a key of bytes that sorts as the chain compares. Live boards, result sheets and the
numbering of a million results are all made from these keys, so there is one definition of the order.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What counts of an entry's attempts: in one round, or summed over several.

    score: points · correct: items that are right · perfect: 1 when every item is right, over rounds how often ·
    elapsed_ms: of the counted attempt, server clock · total_elapsed_ms: of all valid attempts · started_at, submitted_at:
    of the counted attempt · prediction_gap: distance to the truth in people or attempts; None while there is no truth or
    no prediction · attempts_used: attempts consumed · perfect_attempts: valid attempts with every item right ·
    written: points of the essay · registered_at: when the entry was made
    """

    entry_id: int
    attempt_id: int
    score: int
    elapsed_ms: int
    submitted_at: datetime
    registered_at: datetime
    attempts_used: int = 1
    prediction_gap: int | None = None
    correct: int = 0
    perfect: int = 0
    total_elapsed_ms: int = 0
    started_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    perfect_attempts: int = 0
    written: int = 0


# A missing prediction ranks behind every prediction: the largest number a column of big integers can hold.
NO_PREDICTION = 2**63 - 1

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = int | datetime


@dataclass(frozen=True, slots=True)
class Criterion:
    """value: what is compared and shown · more_is_better: its direction · size: bytes of its number in a key"""

    value: Callable[[Result], Value]
    more_is_better: bool = False
    size: int = 4
    is_moment: bool = False

    @property
    def turned(self) -> Criterion:
        return Criterion(self.value, not self.more_is_better, self.size, self.is_moment)


def _gap(result: Result) -> int:
    return NO_PREDICTION if result.prediction_gap is None else result.prediction_gap


CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    {
        "score": Criterion(lambda r: r.score, more_is_better=True),
        "correct": Criterion(lambda r: r.correct, more_is_better=True),
        "all_correct": Criterion(lambda r: r.perfect, more_is_better=True),
        "written": Criterion(lambda r: r.written, more_is_better=True),
        "prediction": Criterion(_gap, size=8),
        "elapsed": Criterion(lambda r: r.elapsed_ms, size=8),
        "total_elapsed": Criterion(lambda r: r.total_elapsed_ms, size=8),
        "started": Criterion(lambda r: r.started_at, size=8, is_moment=True),
        "submitted": Criterion(lambda r: r.submitted_at, size=8, is_moment=True),
        "registered": Criterion(lambda r: r.registered_at, size=8, is_moment=True),
        "attempts": Criterion(lambda r: r.attempts_used),
        "perfect_attempts": Criterion(lambda r: r.perfect_attempts, more_is_better=True),
    }
)

_FORMATS = {4: "I", 8: "Q"}


def criterion_name(step: str) -> str:
    """The criterion of a step, whichever way it is turned."""
    return step.partition(":")[0]


def criterion(step: str) -> Criterion:
    """The criterion of a step in the direction that the step gives it.  Raises KeyError for an unknown step."""
    name, _sep, direction = step.partition(":")
    found = CRITERIA[name]
    if not direction:
        return found
    usual = {True: "more", False: "less"}[found.more_is_better]
    if direction not in ("more", "less") or direction == usual:
        raise KeyError(step)  # one way to write a step: the usual direction has no word
    return found.turned


def turned(step: str) -> str:
    """The same criterion the other way round."""
    name, _sep, direction = step.partition(":")
    if direction:
        return name
    return f"{name}:{'less' if CRITERIA[name].more_is_better else 'more'}"


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

    step: str
    a: Value
    b: Value
    verdict: str


# Keys


@lru_cache(maxsize=256)
def _packing(chain: tuple[str, ...]) -> struct.Struct:
    return struct.Struct(">" + "".join(_FORMATS[criterion(step).size] for step in chain))


def key_size(chain: Sequence[str]) -> int:
    """Bytes of a key: all keys of a chain are equally long."""
    return _packing(tuple(chain)).size


def pack(columns: Mapping[str, Sequence[int]], chain: Sequence[str]) -> list[bytes]:
    """A key for each result; byte by byte, the smaller key stands above.

    columns: criterion → its value for every result, moments as whole microseconds since 1970; all equally long, none
    negative. A number too large for its place becomes the largest that fits.
    """
    ordered = [_ordered(columns[criterion_name(step)], criterion(step)) for step in chain]
    return list(map(_packing(tuple(chain)).pack, *ordered))


def _ordered(values: Sequence[int], of: Criterion) -> Sequence[int]:
    """The numbers as a key holds them: smaller is better."""
    top = 256**of.size - 1
    if max(values, default=0) > top:
        values = [min(value, top) for value in values]
    return [top - value for value in values] if of.more_is_better else values


def packed(result: Result, chain: Sequence[str]) -> bytes:
    """The key of one result."""
    columns = {name: [_number(CRITERIA[name].value(result))] for name in map(criterion_name, chain)}
    return pack(columns, chain)[0]


def unpack(key: bytes, chain: Sequence[str]) -> dict[str, Value]:
    """What a key was packed from: criterion → value. The key may be followed by other bytes."""
    packing = _packing(tuple(chain))
    values: dict[str, Value] = {}
    for step, number in zip(chain, packing.unpack_from(key), strict=True):
        of = criterion(step)
        value = 256**of.size - 1 - number if of.more_is_better else number
        values[criterion_name(step)] = EPOCH + timedelta(microseconds=value) if of.is_moment else value
    return values


def _number(value: Value) -> int:
    """Whole microseconds of a moment, because a float of seconds would lose its last digits."""
    return (value - EPOCH) // timedelta.resolution if isinstance(value, datetime) else value


def sort_key(result: Result, chain: Sequence[str]) -> tuple[int, ...]:
    """The chain as a tuple of numbers, smaller is better: what keys of bytes are compared with in tests."""
    steps = [(criterion(step), CRITERIA[criterion_name(step)].value(result)) for step in chain]
    return tuple(-_number(value) if of.more_is_better else _number(value) for of, value in steps)


# Places


def places(keys: Sequence[bytes]) -> tuple[list[int], list[bool]]:
    """The place of each of the keys, which are sorted already, and whether it is shared."""
    numbers = list(range(1, len(keys) + 1))
    shared = [False] * len(keys)
    for n, (above, below) in enumerate(pairwise(keys), 1):
        if above == below:
            numbers[n] = numbers[n - 1]
            shared[n - 1] = shared[n] = True
    return numbers, shared


def rank(results: Iterable[Result], chain: Sequence[str]) -> list[Standing]:
    """Number the results, one of each entry. Any order of the input gives the same list: equals are listed by entry id."""
    keyed = sorted(((packed(r, chain), r.entry_id, r) for r in results), key=lambda row: row[:2])
    standings: list[Standing] = []
    for _, equals in groupby(keyed, key=lambda row: row[0]):
        group = [r for _key, _entry_id, r in equals]
        place, tied = len(standings) + 1, len(group) > 1
        standings += [Standing(position, place, tied, r) for position, r in enumerate(group, place)]
    return standings


def why_above(a: Mapping[str, Value], b: Mapping[str, Value], chain: Sequence[str]) -> list[Comparison]:
    """Compare two results step by step; the first that differs decides, those after it are not needed.

    a, b: criterion → value, as `unpack` or `values_of` give them
    """
    lines: list[Comparison] = []
    decided = False
    for step in chain:
        x, y = a[criterion_name(step)], b[criterion_name(step)]
        verdict = "not_needed" if decided else "equal" if x == y else "decides"
        decided = decided or x != y
        lines.append(Comparison(step, x, y, verdict))
    return lines


def values_of(result: Result, chain: Sequence[str]) -> dict[str, Value]:
    """Criterion → value of a result, for the criteria of the chain."""
    return {name: CRITERIA[name].value(result) for name in map(criterion_name, chain)}
