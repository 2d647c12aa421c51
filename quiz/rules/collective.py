"""Collective prizes: units ranked inside their blocks by one of the published formulas, with the working of each.

A scheme is data: a formula, gates that must be passed first, and tie-breaks. Every number that decides stands in the
steps of a result, in the order in which one would work it out by hand; the sentences are made from them elsewhere.
Units equal to the last tie-break share the place, and the next place is counted on (1, 2, 2, 4).

Points the published texts leave open, fixed here:
- A share is never more than 100 %. A denominator smaller than the participants is a mistake somebody should correct:
  it counts as full and is flagged, so that a number too small makes no unit look better than full.
- A denominator that is not stated, or is 0, keeps a unit out of what needs it (formula, gate or band), and out of
  nothing else.
- A unit of which nobody took part is not ranked, whatever its judges or the register of prizes say of it.
- A unit that is kept out takes no place in the lists of the rank points.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise
from types import MappingProxyType


class Formula(enum.StrEnum):
    """How the value of a unit is made; more is better.

    PARTICIPANTS, WINNERS (individual prizes), ATTEMPTS: the number.
    RATIO: participants in percent of the denominator.
    AVERAGE: score of its people in percent of the full marks they could have.
    RANK_POINTS: in each list the first gets `top` points, the next one less, and so on; the points are added. Equals
    share the higher points; a number of 0 gets none.
    SUM: participation in percent, as points, averaged over the rounds, and the points of the prizes of its people.
    COMPOSITE: ratio in percent, judges' quality of 0–100, and prize points just as they are, each with its weight.
    """

    PARTICIPANTS = "participants"
    WINNERS = "winners"
    ATTEMPTS = "attempts"
    RATIO = "ratio"
    AVERAGE = "average"
    RANK_POINTS = "rank_points"
    SUM = "sum"
    COMPOSITE = "composite"


class Denominator(enum.StrEnum):
    """Of whom participation is a share. OBLIGED counts those obliged on both sides, as far as they are told apart."""

    HEADCOUNT = "headcount"
    OBLIGED = "obliged"
    POPULATION = "population"


class GateKind(enum.StrEnum):
    """OBLIGED_SHARE, SHARE: percent of the people obliged, of the scheme's denominator · WINNERS: individual prizes ·
    PARTICIPANTS: people · ALL_ROUNDS: people in the round that had the fewest.
    """

    OBLIGED_SHARE = "obliged_share"
    SHARE = "share"
    WINNERS = "winners"
    PARTICIPANTS = "participants"
    ALL_ROUNDS = "all_rounds"


class Part(enum.StrEnum):
    """What COMPOSITE weighs."""

    RATIO = "ratio"
    QUALITY = "quality"
    WINNERS = "winners"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The plain facts of a unit, those of units below it included. Numbers are 0 or more.

    attempts: valid ones · score_sum, max_score_sum: points of the counted results of its people, and their full marks ·
    perfect: results at full marks · winners: tier → individual prizes · participants_by_round: in the order of the
    rounds, 0 included; empty when there is one · obliged_participants: of the people obliged to take part, None when
    they are not told apart · headcount, obliged, population: None when not stated · quality: judges' 0–100
    """

    unit_id: int
    block: str = ""
    participants: int = 0
    attempts: int = 0
    score_sum: int = 0
    max_score_sum: int = 0
    perfect: int = 0
    winners: Mapping[str, int] = field(default_factory=dict)
    participants_by_round: Sequence[int] = ()
    obliged_participants: int | None = None
    headcount: int | None = None
    obliged: int | None = None
    population: int | None = None
    quality: int | None = None


PEOPLE: Mapping[Denominator, Callable[[Tally], int | None]] = MappingProxyType(
    {
        Denominator.HEADCOUNT: lambda t: t.headcount,
        Denominator.OBLIGED: lambda t: t.obliged,
        Denominator.POPULATION: lambda t: t.population,
    }
)

COUNTS: Mapping[str, Callable[[Tally], int]] = MappingProxyType(
    {
        "participants": lambda t: t.participants,
        "attempts": lambda t: t.attempts,
        "winners": lambda t: sum(t.winners.values()),
        "score_sum": lambda t: t.score_sum,
        "perfect": lambda t: t.perfect,
    }
)
LISTS = tuple(COUNTS)  # names a scheme may put into `lists`
TIE_BREAKS = (*COUNTS, "ratio", "average")  # names a scheme may put into `tie_breaks`


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """at_least: percent for the kinds that are shares, else a number."""

    kind: GateKind
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Units with a headcount below `below` (None: and all larger) need this percent of it to take part."""

    below: int | None
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The rules of a collective prize.

    by_block: one ranking for each block · bands: the threshold by size, ascending; always of the headcount, which is
    what makes the size · lists, top: for RANK_POINTS · prize_points: tier → points of one prize, for SUM and COMPOSITE;
    a tier without is worth 0 · weights: percent, for COMPOSITE · tie_breaks: names in TIE_BREAKS, more is better
    """

    formula: Formula
    denominator: Denominator = Denominator.HEADCOUNT
    by_block: bool = True
    gates: Sequence[Gate] = ()
    bands: Sequence[Band] = ()
    lists: Sequence[str] = ("participants", "score_sum", "attempts")
    top: int = 10
    prize_points: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[Part, int] = field(default_factory=dict)
    tie_breaks: Sequence[str] = ()


class Problem(enum.StrEnum):
    """What is wrong with the facts of a unit. The first four keep it out where the number is needed, the last two only
    qualify a share: it was cut at 100 %, or had to count everybody because the people obliged are not told apart.
    """

    NOBODY_TOOK_PART = "nobody_took_part"
    NO_DENOMINATOR = "no_denominator"
    NO_SCORE = "no_score"
    NO_QUALITY = "no_quality"
    DENOMINATOR_TOO_SMALL = "denominator_too_small"
    OBLIGED_NOT_TOLD_APART = "obliged_not_told_apart"


class StepKind(enum.StrEnum):
    """A line of the working, and which fields of Step it fills beside kind, of, value and problem.

    COUNT   of: name in COUNTS; count. The first line of every unit is its participants.
    GATE    of: GateKind; count, out_of if it is a share, value: what must be at_least so much; met
    BAND    of: headcount; count / out_of = value percent, of which a unit of size_from to below size_below (None: and
            larger) needs at_least; met
    SHARE   of: Denominator; count / out_of = value percent
    ROUND   the same of one round; number: which, from 1
    MEAN    count: sum of the rounds' percents; out_of: rounds
    SCORE   count / out_of points = value percent
    QUALITY count: the judges' figure
    LIST    of: name in LISTS; count, number: place in the list; value: points got
    PRIZES  of: tier; count prizes × times points = value; times is None where prizes are only counted
    WEIGHT  of: Part; count × times percent = value
    TOTAL   value: that of the unit
    TIE_BREAK  of: name in TIE_BREAKS; count, out_of if it is a share. Only where units are equal up to here.
    """

    COUNT = "count"
    GATE = "gate"
    BAND = "band"
    SHARE = "share"
    ROUND = "round"
    MEAN = "mean"
    SCORE = "score"
    QUALITY = "quality"
    LIST = "list"
    PRIZES = "prizes"
    WEIGHT = "weight"
    TOTAL = "total"
    TIE_BREAK = "tie_break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the working; StepKind says what the fields are.

    value: outcome, None when it cannot be known · met: False where this line keeps the unit out, True where a gate or
    band was passed, else None
    """

    kind: StepKind
    of: str = ""
    count: int | Fraction | None = None
    out_of: int | None = None
    times: int | None = None
    number: int | None = None
    at_least: int | None = None
    size_from: int | None = None
    size_below: int | None = None
    value: Fraction | None = None
    met: bool | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """value: by the formula, None when it cannot be known, as are the rank points of a unit kept out of the lists ·
    passed: every gate and band · place: from 1, shared by equals; None when it is not ranked · tied: shares its place
    """

    unit_id: int
    block: str
    value: Fraction | None
    passed: bool
    place: int | None
    tied: bool
    steps: tuple[Step, ...]

    @property
    def kept_out_by(self) -> tuple[Step, ...]:
        """Why it is not ranked; empty when it is."""
        return tuple(step for step in self.steps if step.met is False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Each once, in the order of the working."""
        return tuple(dict.fromkeys(step.problem for step in self.steps if step.problem))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first line in which the workings of two units part: the same line of both, with both values."""

    a: Step
    b: Step


class SchemeProblem(enum.StrEnum):
    WEIGHTS_NOT_100 = "weights_not_100"
    WEIGHT_NEGATIVE = "weight_negative"
    UNKNOWN_PART = "unknown_part"
    GATE_OUT_OF_RANGE = "gate_out_of_range"
    BAND_OUT_OF_RANGE = "band_out_of_range"
    BANDS_NOT_ASCENDING = "bands_not_ascending"
    LAST_BAND_NOT_OPEN = "last_band_not_open"
    NO_LISTS = "no_lists"
    LIST_TWICE = "list_twice"
    UNKNOWN_LIST = "unknown_list"
    NO_TOP = "no_top"
    NO_PRIZE_POINTS = "no_prize_points"
    PRIZE_POINTS_NEGATIVE = "prize_points_negative"
    UNKNOWN_TIE_BREAK = "unknown_tie_break"
    TIE_BREAK_TWICE = "tie_break_twice"


SHARES = frozenset({GateKind.OBLIGED_SHARE, GateKind.SHARE})


def problems(scheme: Scheme) -> list[SchemeProblem]:
    """What makes the scheme impossible to apply; only parts that its formula uses are looked at."""
    sizes = [band.below for band in scheme.bands[:-1]]
    uses_lists, weighs = scheme.formula is Formula.RANK_POINTS, scheme.formula is Formula.COMPOSITE
    uses_prizes = scheme.formula is Formula.SUM or (weighs and scheme.weights.get(Part.WINNERS, 0) > 0)
    checks = {
        SchemeProblem.WEIGHTS_NOT_100: weighs and sum(scheme.weights.values()) != 100,
        SchemeProblem.WEIGHT_NEGATIVE: weighs and any(weight < 0 for weight in scheme.weights.values()),
        SchemeProblem.UNKNOWN_PART: weighs and not set(scheme.weights) <= set(Part),
        SchemeProblem.GATE_OUT_OF_RANGE: any(
            gate.at_least < 0 or (gate.kind in SHARES and gate.at_least > 100) for gate in scheme.gates
        ),
        SchemeProblem.BAND_OUT_OF_RANGE: any(not 0 <= band.percent <= 100 for band in scheme.bands),
        SchemeProblem.BANDS_NOT_ASCENDING: any(size is None or size <= 0 for size in sizes)
        or any(a is not None and b is not None and a >= b for a, b in pairwise(sizes)),
        SchemeProblem.LAST_BAND_NOT_OPEN: bool(scheme.bands) and scheme.bands[-1].below is not None,
        SchemeProblem.NO_LISTS: uses_lists and not scheme.lists,
        SchemeProblem.LIST_TWICE: uses_lists and len(set(scheme.lists)) < len(scheme.lists),
        SchemeProblem.UNKNOWN_LIST: uses_lists and not set(scheme.lists) <= set(LISTS),
        SchemeProblem.NO_TOP: uses_lists and scheme.top < 1,
        SchemeProblem.NO_PRIZE_POINTS: uses_prizes and not any(scheme.prize_points.values()),
        SchemeProblem.PRIZE_POINTS_NEGATIVE: uses_prizes and any(p < 0 for p in scheme.prize_points.values()),
        SchemeProblem.UNKNOWN_TIE_BREAK: not set(scheme.tie_breaks) <= set(TIE_BREAKS),
        SchemeProblem.TIE_BREAK_TWICE: len(set(scheme.tie_breaks)) < len(scheme.tie_breaks),
    }
    return [problem for problem, found in checks.items() if found]


def rank_units(tallies: Iterable[Tally], scheme: Scheme) -> list[UnitResult]:
    """Rank the units: by block (if by_block), place and unit id, then those not ranked by block and unit id.

    Any order of the input gives the same list, and no number is rounded. Raises ValueError for a scheme with problems
    and for a unit given twice.
    """
    if found := problems(scheme):
        raise ValueError(f"impossible scheme: {', '.join(found)}")
    in_order = sorted(tallies, key=lambda t: t.unit_id)
    if twice := [unit_id for unit_id, n in Counter(t.unit_id for t in in_order).items() if n > 1]:
        raise ValueError(f"units given twice: {twice}")
    blocks: dict[str, list[Tally]] = {}
    for tally in in_order:
        blocks.setdefault(tally.block if scheme.by_block else "", []).append(tally)
    results = [result for block in sorted(blocks) for result in _rank_block(blocks[block], scheme)]
    return sorted(results, key=lambda r: r.place is None)  # keeps the order of each half


def why_above(a: UnitResult, b: UnitResult, scheme: Scheme) -> Comparison | None:
    """The first thing that parts two units of one ranking: what keeps one of them out, the value, or a tie-break.

    None when neither is above the other: they share a place, or neither is ranked. Raises ValueError for units of
    different blocks, which are not compared.
    """
    if scheme.by_block and a.block != b.block:
        raise ValueError(f"units of different blocks: {a.block!r}, {b.block!r}")
    if a.place == b.place:
        return None
    if a.place is None:
        reason = a.kept_out_by[0]
        return Comparison(reason, _same_line(reason, b))
    if b.place is None:
        reason = b.kept_out_by[0]
        return Comparison(_same_line(reason, a), reason)
    decisive = (StepKind.TOTAL, StepKind.TIE_BREAK)
    x = [step for step in a.steps if step.kind in decisive]
    y = [step for step in b.steps if step.kind in decisive]
    return next(Comparison(p, q) for p, q in zip(x, y, strict=False) if p.value != q.value)


def _same_line(step: Step, other: UnitResult) -> Step:
    """The line of the other unit's working that this one is compared with."""

    def name(s: Step) -> tuple[object, ...]:
        return s.kind, s.of, s.at_least if s.kind is StepKind.GATE else None

    return next(s for s in other.steps if name(s) == name(step))


# --- one block ---


def _rank_block(tallies: Sequence[Tally], scheme: Scheme) -> list[UnitResult]:
    """Those ranked by place and unit id, then the others by unit id.  tallies: by unit id."""
    working = {t.unit_id: _entrance(t, scheme) for t in tallies}
    passed = {unit_id: _all_met(lines[1:]) for unit_id, lines in working.items()}
    if scheme.formula is Formula.RANK_POINTS:
        worked = _rank_points([t for t in tallies if _all_met(working[t.unit_id])], scheme)
    else:
        work = FORMULAS[scheme.formula]
        worked = {t.unit_id: work(t, scheme) for t in tallies}
    values: dict[int, Fraction | None] = dict.fromkeys(working)
    for unit_id, lines in worked.items():
        working[unit_id] += lines
        values[unit_id] = lines[-1].value if lines[-1].kind is StepKind.TOTAL else None

    ranked = [t for t in tallies if _all_met(working[t.unit_id])]
    groups: list[list[Tally]] = []
    for equal_in_value in _in_groups(ranked, [[values[t.unit_id] for t in ranked]]):
        columns: list[list[Step]] = []
        if len(equal_in_value) > 1:
            columns = [[_tie_break(name, t, scheme) for t in equal_in_value] for name in scheme.tie_breaks]
        for column in columns:
            for tally, line in zip(equal_in_value, column, strict=True):
                working[tally.unit_id].append(line)
        groups += _in_groups(equal_in_value, [[line.value for line in column] for column in columns])

    def result(tally: Tally, place: int | None = None, tied: bool = False) -> UnitResult:
        return UnitResult(
            unit_id=tally.unit_id,
            block=tally.block,
            value=values[tally.unit_id],
            passed=passed[tally.unit_id],
            place=place,
            tied=tied,
            steps=tuple(working[tally.unit_id]),
        )

    results: list[UnitResult] = []
    for group in groups:
        place, tied = len(results) + 1, len(group) > 1
        results += [result(tally, place, tied) for tally in group]
    return results + [result(t) for t in tallies if not _all_met(working[t.unit_id])]


def _all_met(steps: Iterable[Step]) -> bool:
    return all(step.met is not False for step in steps)


def _in_groups(tallies: Sequence[Tally], columns: Sequence[Sequence[Fraction | None]]) -> list[list[Tally]]:
    """Groups of equals, best first; inside a group the order stays. Each column has one value for each tally; more is
    better, unknown is last, and the first column that differs decides."""
    keys = list(zip(*map(_as_integers, columns), strict=True)) if columns else [()] * len(tallies)
    order = sorted(range(len(tallies)), key=keys.__getitem__, reverse=True)  # reverse, too, keeps the order of equals
    return [[tallies[n] for n in equals] for _, equals in groupby(order, key=keys.__getitem__)]


def _as_integers(values: Sequence[Fraction | None]) -> list[int]:
    """Integers in the same order as the values, which are 0 or more, with −1 for None: they sort much faster.

    Two different fractions with denominators up to d are at least 1/d² apart, so that their multiples by d² differ
    by at least 1 and are different, in the same order, after the cut to integers too.
    """
    scale = max((v.denominator for v in values if v is not None), default=1) ** 2
    return [-1 if v is None else v.numerator * scale // v.denominator for v in values]


# --- gates and bands ---


def _entrance(tally: Tally, scheme: Scheme) -> list[Step]:
    """What a unit must pass before the formula is applied, each line with its outcome."""
    nobody = tally.participants <= 0
    lines = [
        Step(
            kind=StepKind.COUNT,
            of="participants",
            count=tally.participants,
            value=Fraction(tally.participants),
            met=False if nobody else None,
            problem=Problem.NOBODY_TOOK_PART if nobody else None,
        ),
        *(_gate(gate, tally, scheme) for gate in scheme.gates),
    ]
    if scheme.bands:
        lines.append(_band(tally, scheme.bands))
    return lines


def _gate(gate: Gate, tally: Tally, scheme: Scheme) -> Step:
    if gate.kind in SHARES:
        share = _share(tally, Denominator.OBLIGED if gate.kind is GateKind.OBLIGED_SHARE else scheme.denominator)
        value = share.percent
    else:
        in_each_round = tally.participants_by_round or [tally.participants]
        share = _Share(min(in_each_round) if gate.kind is GateKind.ALL_ROUNDS else COUNTS[gate.kind](tally))
        value = Fraction(share.count)
    return Step(
        kind=StepKind.GATE,
        of=gate.kind,
        count=share.count,
        out_of=share.out_of,
        at_least=gate.at_least,
        value=value,
        met=value is not None and value >= gate.at_least,
        problem=share.problem,
    )


def _band(tally: Tally, bands: Sequence[Band]) -> Step:
    share = _share(tally, Denominator.HEADCOUNT)
    if share.percent is None:
        return _share_step(StepKind.BAND, Denominator.HEADCOUNT, share)
    size = share.out_of or 0
    at = next(n for n, band in enumerate(bands) if band.below is None or size < band.below)
    return Step(
        kind=StepKind.BAND,
        of=Denominator.HEADCOUNT,
        count=share.count,
        out_of=share.out_of,
        at_least=bands[at].percent,
        size_from=bands[at - 1].below if at else 0,
        size_below=bands[at].below,
        value=share.percent,
        met=share.percent >= bands[at].percent,
        problem=share.problem,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    count: int
    out_of: int | None = None
    percent: Fraction | None = None
    problem: Problem | None = None


def _share(tally: Tally, denominator: Denominator, in_round: int | None = None) -> _Share:
    """in_round: participants of one round, instead of all; of them nobody knows who was obliged."""
    count, told_apart = (tally.participants if in_round is None else in_round), denominator is not Denominator.OBLIGED
    if not told_apart and in_round is None and tally.obliged_participants is not None:
        count, told_apart = tally.obliged_participants, True
    out_of = PEOPLE[denominator](tally)
    if not out_of:
        return _Share(count, out_of, problem=Problem.NO_DENOMINATOR)
    problem = Problem.DENOMINATOR_TOO_SMALL if count > out_of else None
    if not told_apart:
        problem = Problem.OBLIGED_NOT_TOLD_APART  # more people than were obliged is then no mistake
    return _Share(count, out_of, Fraction(100 * min(count, out_of), out_of), problem)


def _share_step(kind: StepKind, of: str, share: _Share, number: int | None = None) -> Step:
    return Step(
        kind=kind,
        of=of,
        count=share.count,
        out_of=share.out_of,
        number=number,
        value=share.percent,
        met=False if share.percent is None else None,
        problem=share.problem,
    )


def _score(tally: Tally) -> _Share:
    if not tally.max_score_sum:
        return _Share(tally.score_sum, tally.max_score_sum, problem=Problem.NO_SCORE)
    return _Share(tally.score_sum, tally.max_score_sum, Fraction(100 * tally.score_sum, tally.max_score_sum))


def _tie_break(name: str, tally: Tally, scheme: Scheme) -> Step:
    """An unknown share is last and keeps nobody out."""
    if name == "ratio":
        share = _share(tally, scheme.denominator)
    elif name == "average":
        share = _score(tally)
    else:
        count = COUNTS[name](tally)
        return Step(kind=StepKind.TIE_BREAK, of=name, count=count, value=Fraction(count))
    return Step(
        kind=StepKind.TIE_BREAK,
        of=name,
        count=share.count,
        out_of=share.out_of,
        value=share.percent,
        problem=share.problem,
    )


# --- formulas: each gives its lines, the last one a TOTAL unless something is missing ---


def _participants(tally: Tally, scheme: Scheme) -> list[Step]:
    return [_total(Fraction(tally.participants))]  # the number stands in the first line of all


def _attempts(tally: Tally, scheme: Scheme) -> list[Step]:
    value = Fraction(tally.attempts)
    return [Step(kind=StepKind.COUNT, of="attempts", count=tally.attempts, value=value), _total(value)]


def _winners(tally: Tally, scheme: Scheme) -> list[Step]:
    lines = [
        Step(kind=StepKind.PRIZES, of=tier, count=count, value=Fraction(count))
        for tier, count in sorted(tally.winners.items())
        if count
    ]
    return [*lines, _total(Fraction(COUNTS["winners"](tally)))]


def _ratio(tally: Tally, scheme: Scheme) -> list[Step]:
    return _with_total(_share_step(StepKind.SHARE, scheme.denominator, _share(tally, scheme.denominator)))


def _average(tally: Tally, scheme: Scheme) -> list[Step]:
    return _with_total(_share_step(StepKind.SCORE, "", _score(tally)))


def _sum(tally: Tally, scheme: Scheme) -> list[Step]:
    shares = [_share(tally, scheme.denominator, in_round) for in_round in tally.participants_by_round]
    rounds = [
        _share_step(StepKind.ROUND, scheme.denominator, share, number)
        for number, share in enumerate(shares or [_share(tally, scheme.denominator)], 1)
    ]
    if not _all_met(rounds):
        return rounds
    percents = sum((line.value or Fraction(0) for line in rounds), Fraction(0))
    mean = percents / len(rounds)
    prizes = _prize_points(tally, scheme)
    lines = [*rounds, Step(kind=StepKind.MEAN, count=percents, out_of=len(rounds), value=mean), *prizes]
    return [*lines, _total(mean + _added(prizes))]


def _composite(tally: Tally, scheme: Scheme) -> list[Step]:
    lines: list[Step] = []
    weighed: list[Step] = []
    for part in Part:
        weight = scheme.weights.get(part, 0)
        if not weight:
            continue
        measured: Fraction | None
        if part is Part.WINNERS:
            prizes = _prize_points(tally, scheme)
            lines += prizes
            measured = _added(prizes)
        else:
            lines.append(_quality(tally) if part is Part.QUALITY else _ratio(tally, scheme)[0])
            measured = lines[-1].value
        if measured is not None:
            value = measured * weight / 100
            weighed.append(Step(kind=StepKind.WEIGHT, of=part, count=measured, times=weight, value=value))
    return [*lines, *weighed, _total(_added(weighed))] if _all_met(lines) else lines


def _quality(tally: Tally) -> Step:
    if tally.quality is None:
        return Step(kind=StepKind.QUALITY, met=False, problem=Problem.NO_QUALITY)
    return Step(kind=StepKind.QUALITY, count=tally.quality, value=Fraction(tally.quality))


def _prize_points(tally: Tally, scheme: Scheme) -> list[Step]:
    """Tiers in the order of the scheme; those it gives no points come last, so that no prize seems forgotten."""
    tiers = [*scheme.prize_points, *sorted(tally.winners.keys() - scheme.prize_points.keys())]
    lines = []
    for tier in tiers:
        if count := tally.winners.get(tier, 0):
            points = scheme.prize_points.get(tier, 0)
            lines.append(Step(kind=StepKind.PRIZES, of=tier, count=count, times=points, value=Fraction(count * points)))
    return lines


def _rank_points(tallies: Sequence[Tally], scheme: Scheme) -> dict[int, list[Step]]:
    """unit → its lines: the place and points in each list of all these units, and their sum."""
    lines: dict[int, list[Step]] = {t.unit_id: [] for t in tallies}
    for name in scheme.lists:
        counts = [COUNTS[name](t) for t in tallies]
        line_for: dict[int, Step] = {}  # one for all that have this count
        place = 1
        for count, units in sorted(Counter(counts).items(), reverse=True):
            points = Fraction(max(0, scheme.top + 1 - place) if count > 0 else 0)
            line_for[count] = Step(kind=StepKind.LIST, of=name, count=count, number=place, value=points)
            place += units
        for tally, count in zip(tallies, counts, strict=True):
            lines[tally.unit_id].append(line_for[count])
    return {unit_id: [*steps, _total(_added(steps))] for unit_id, steps in lines.items()}


def _with_total(line: Step) -> list[Step]:
    return [line] if line.value is None else [line, _total(line.value)]


def _total(value: Fraction) -> Step:
    return Step(kind=StepKind.TOTAL, value=value)


def _added(steps: Iterable[Step]) -> Fraction:
    return sum((step.value for step in steps if step.value is not None), Fraction(0))


FORMULAS: Mapping[Formula, Callable[[Tally, Scheme], list[Step]]] = MappingProxyType(
    {
        Formula.PARTICIPANTS: _participants,
        Formula.WINNERS: _winners,
        Formula.ATTEMPTS: _attempts,
        Formula.RATIO: _ratio,
        Formula.AVERAGE: _average,
        Formula.SUM: _sum,
        Formula.COMPOSITE: _composite,
    }
)
