"""The facts that units are ranked by in a collective competition, counted in SQL and laid over the tree of units.

Which units compete: those that have a block; where no unit has one, those at the top. A unit counts with all units below
it, so its people count for every competing unit that they stand in or below: a department and its divisions may compete,
each in its block. People without a unit, or in one below which nothing competes, count for nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.types import Integer

from quiz.accounts.models import Headcount, OrgUnit
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry
from quiz.contests.rule_set import ContestRules, contest_rules, round_rules
from quiz.db import db
from quiz.ranking import prizes, results
from quiz.ranking.models import Ranking
from quiz.ranking.results import valid
from quiz.rules.collective import Denominator, Tally
from quiz.rules.counting import choosing_chain
from quiz.rules.prizes import Held, Worth
from quiz.rules.tie_break import criterion, criterion_name
from quiz.rules.units import participation

MOST_NAMED = 500  # entries named in one query


class Unit(NamedTuple):
    id: int
    name: str
    block: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A denominator of a unit, and who says so.

    first, last: the days as of which it was stated · sources: the first few · added: 0 when it is the unit's own number,
    else of how many units below it the sum is
    """

    people: int
    first: date
    last: date
    sources: tuple[str, ...]
    added: int = 0


MOST_SOURCES = 3


class Counted(NamedTuple):
    """What the people of a unit have done in a round, its own people only.  results: how many have full marks"""

    participants: int = 0
    attempts: int = 0
    score_sum: int = 0
    max_score_sum: int = 0
    perfect: int = 0

    def plus(self, other: Counted) -> Counted:
        return Counted(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Tree:
    """All units, and who competes.

    counts_for: unit → the competing units in or below which its people stand
    """

    units: Mapping[int, Unit]
    competing: Sequence[Unit]
    counts_for: Mapping[int, Sequence[int]]

    @property
    def parents(self) -> dict[int, int | None]:
        return {unit.id: unit.parent_id for unit in self.units.values()}

    def added_up(self, own: Mapping[int, Any], nothing: Any, plus: Any) -> dict[int, Any]:
        """Competing unit → what its own people and those of all units below it make together."""
        found = {unit.id: nothing for unit in self.competing}
        for unit_id, value in own.items():
            for above in self.counts_for.get(unit_id, ()):
                found[above] = plus(found[above], value)
        return found


def tree() -> Tree:
    units = {
        row.id: Unit(*row)
        for row in db.session.execute(
            select(OrgUnit.id, OrgUnit.name, OrgUnit.block, OrgUnit.parent_id).order_by(OrgUnit.id)
        )
    }
    has_blocks = any(unit.block for unit in units.values())
    competing = [u for u in units.values() if (u.block if has_blocks else u.parent_id is None)]
    named = {u.id for u in competing}
    counts_for: dict[int, tuple[int, ...]] = {}
    for unit in units.values():
        path: list[Unit] = []
        at: Unit | None = unit
        while at is not None and at.id not in counts_for:
            if len(path) > len(units):
                raise ValueError(f"unit {unit.id} stands above itself")
            path.append(at)
            at = units.get(at.parent_id) if at.parent_id is not None else None
        above = counts_for[at.id] if at is not None else ()
        for step in reversed(path):
            above = counts_for[step.id] = (step.id, *above) if step.id in named else above
    return Tree(units, competing, counts_for)


# Denominators


_COLUMNS = {Denominator.HEADCOUNT: "people", Denominator.OBLIGED: "obliged", Denominator.POPULATION: "population"}


def headcounts(on: date) -> dict[Denominator, dict[int, Stated]]:
    """Denominator → unit → its own number as of the day: the last one stated until then, else the first one after it."""
    h = Headcount
    chosen: dict[Denominator, dict[int, Stated]] = {d: {} for d in Denominator}
    for row in db.session.execute(
        select(h.org_unit_id, h.as_of, h.people, h.obliged, h.population, h.source).order_by(h.org_unit_id, h.as_of)
    ):
        for denominator, column in _COLUMNS.items():
            people = getattr(row, column)
            if people is not None and (row.as_of <= on or row.org_unit_id not in chosen[denominator]):
                chosen[denominator][row.org_unit_id] = Stated(people, row.as_of, row.as_of, (row.source,))
    return chosen


def denominators(
    tree_: Tree, stated: Mapping[Denominator, Mapping[int, Stated]], people: Mapping[int, int]
) -> dict[int, dict[Denominator, Stated]]:
    """Competing unit → its denominators: its own number, else the sum of those below it, as rules.units adds them up.

    people: participants of just that unit.  A unit without a number has no sum either where somebody took part whom none
    of the numbers covers.
    """
    found: dict[int, dict[Denominator, Stated]] = {unit.id: {} for unit in tree_.competing}
    for denominator, own in stated.items():
        totals = {
            p.unit_id: p.headcount for p in participation(tree_.parents, {u: s.people for u, s in own.items()}, people)
        }
        below = _stated_below(tree_, own)
        for unit_id, by_denominator in found.items():
            total = totals[unit_id]
            if unit_id in own:
                by_denominator[denominator] = own[unit_id]
            elif total is not None:
                parts = below[unit_id]
                by_denominator[denominator] = Stated(
                    total,
                    min(s.first for s in parts),
                    max(s.last for s in parts),
                    tuple(dict.fromkeys(s.sources[0] for s in parts))[:MOST_SOURCES],
                    len(parts),
                )
    return found


def _stated_below(tree_: Tree, own: Mapping[int, Stated]) -> dict[int, list[Stated]]:
    """Competing unit → the numbers below it that its sum is made of: of each branch the topmost."""
    found: dict[int, list[Stated]] = {unit.id: [] for unit in tree_.competing}
    for unit_id, number in own.items():
        at = tree_.units.get(unit_id)
        above = at.parent_id if at is not None else None
        while above is not None and above in tree_.units and above not in own:
            if above in found:
                found[above].append(number)
            above = tree_.units[above].parent_id
    return found


# People and points


def of_round(rules: ContestRules, round_id: int) -> dict[int, Counted]:
    """Unit → what its own people have done in a round; people without a unit are left out. One pass over an index."""
    rows = db.session.execute(_counted(rules, round_id))
    return {unit_id: Counted(*map(int, rest)) for unit_id, *rest in rows}


# criterion → the column that chooses among a person's attempts; results._chooser does the same in Python
_COLUMN = {
    "score": Attempt.score + func.coalesce(Attempt.written, 0),
    "correct": Attempt.correct,
    "all_correct": type_coerce(Attempt.all_correct, Integer),
    "written": func.coalesce(Attempt.written, 0),
    "elapsed": Attempt.elapsed_ms,
    "started": Attempt.started_at,
    "submitted": Attempt.ended_at,
}


def _counted(rules: ContestRules, round_id: int) -> Select[Any]:
    a = Attempt
    choosing: dict[str, Any] = {}  # a column twice would make each row longer to sort
    for step in choosing_chain(rules.counted, rules.chain):
        column: Any = _COLUMN[criterion_name(step)]
        choosing[criterion_name(step)] = column.desc() if criterion(step).more_is_better else column.asc()
    choosing.setdefault("submitted", a.ended_at.asc())
    rank = func.row_number().over(partition_by=a.entry_id, order_by=[*choosing.values(), a.id])
    points: Any = a.score + func.coalesce(a.written, 0)
    rows = (  # with the unit: joined to the outer statement, SQLite would first write a million rows down
        select(Entry.org_unit_id, points.label("points"), a.max_score, a.all_correct, rank.label("n"))
        .join(Entry, Entry.id == a.entry_id)
        .where(a.round_id == round_id, Entry.org_unit_id.is_not(None), *valid())
        .subquery()
    )
    first = rows.c.n == 1
    counted: Any = select(
        rows.c.org_unit_id,
        func.count().filter(first),
        func.count(),
        func.sum(rows.c.points).filter(first),
        func.sum(rows.c.max_score).filter(first),
        func.count().filter(first, rows.c.all_correct.is_(True)),
    ).group_by(rows.c.org_unit_id)
    return counted


# Individual prizes


def winners(sheets: Sequence[Ranking], counting: Iterable[int]) -> dict[int, Counter[str]]:
    """Unit → code of a tier → individual prizes of its own people, as the sheets propose them within the caps.

    Lucky draws are no merit of the unit and are left out.

    sheets: the latest ones, in the order of the rounds, the whole contest last · counting: ids of those whose prizes are
    counted; the others only show what people hold already
    """
    if not sheets:
        return {}
    contest = sheets[0].contest
    caps, periods = contest_rules(contest).prize_rules, {r.id: round_rules(r).period for r in contest.rounds}
    counted = set(counting)
    won: dict[int, list[_Won]] = {}
    for sheet in sheets:
        held = Held(
            highest={e: _highest(prizes_) for e, prizes_ in won.items()} if caps.one_per_person else {},
            in_period=_in_period(won, sheet, periods) if caps.one_per_period else frozenset(),
        )
        tiers = list(prizes.names_of(sheet))  # best first
        for given in prizes.proposed(sheet, held).given:
            new = _Won(given.tier.code, Worth(given.tier.amount, tiers.index(given.tier.code)), sheet)
            entry_id = given.standing.entry_id
            won[entry_id] = [new] if given.replaces else [*won.get(entry_id, []), new]
    by_unit: dict[int, Counter[str]] = {}
    units = _units_of(list(won))
    for entry_id, unit_id in units.items():
        codes = [prize.tier for prize in won[entry_id] if prize.sheet.id in counted]
        by_unit.setdefault(unit_id, Counter()).update(codes)
    return {unit_id: codes for unit_id, codes in by_unit.items() if codes}


class _Won(NamedTuple):
    tier: str
    worth: Worth
    sheet: Ranking


def _highest(won: Sequence[_Won]) -> Worth:
    best = won[0].worth
    for prize in won[1:]:
        best = prize.worth if prize.worth.at_least(best) else best
    return best


def _in_period(won: Mapping[int, Sequence[_Won]], sheet: Ranking, periods: Mapping[int, str]) -> frozenset[int]:
    """Who has won in another round of the sheet's period."""
    if sheet.round_id is None:
        return frozenset()
    period = periods[sheet.round_id]
    return frozenset(
        entry_id
        for entry_id, prizes_ in won.items()
        if any(p.sheet.round_id not in (None, sheet.round_id) and periods[p.sheet.round_id] == period for p in prizes_)
    )


def _units_of(entry_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(entry_ids), MOST_NAMED):
        some = entry_ids[start : start + MOST_NAMED]
        rows = db.session.execute(
            select(Entry.id, Entry.org_unit_id).where(Entry.id.in_(some), Entry.org_unit_id.is_not(None))
        )
        found |= {entry_id: unit_id for entry_id, unit_id in rows if unit_id is not None}
    return found


# All of it together


@dataclass(frozen=True, slots=True)
class Facts:
    """tallies: of the competing units · stated: unit → denominator → who said so"""

    tallies: Sequence[Tally]
    stated: Mapping[int, Mapping[Denominator, Stated]]


def gather(
    contest: Contest,
    round_ids: Sequence[int],
    tree_: Tree,
    stated: Mapping[Denominator, Mapping[int, Stated]],
    won: Mapping[int, Counter[str]],
    quality: Mapping[int, int],
) -> Facts:
    """The tallies of all competing units over the rounds.

    Nobody knows of the people obliged to take part which of them did, so `obliged_participants` stays unknown and the
    working says so (collective.Problem.OBLIGED_NOT_TOLD_APART).
    """
    rules = contest_rules(contest)
    rounds = [of_round(rules, round_id) for round_id in round_ids]
    if len(rounds) == 1:
        people = {unit_id: counted.participants for unit_id, counted in rounds[0].items()}
    else:  # people of several rounds are counted once
        people = dict(results.participation(round_ids))  # type: ignore[arg-type]
    by_round = [tree_.added_up(counted, Counted(), Counted.plus) for counted in rounds]
    together = tree_.added_up(people, 0, int.__add__)
    prizes_ = tree_.added_up(won, Counter(), Counter.__add__)
    found = denominators(tree_, stated, people)
    return Facts([_tally(unit, by_round, together, prizes_, found, quality) for unit in tree_.competing], found)


def _tally(
    unit: Unit,
    by_round: Sequence[Mapping[int, Counted]],
    people: Mapping[int, int],
    won: Mapping[int, Counter[str]],
    found: Mapping[int, Mapping[Denominator, Stated]],
    quality: Mapping[int, int],
) -> Tally:
    rounds = [counted[unit.id] for counted in by_round]
    own = found[unit.id]

    def number(denominator: Denominator) -> int | None:
        return own[denominator].people if denominator in own else None

    tally = Tally(
        unit_id=unit.id,
        block=unit.block,
        participants=people[unit.id],
        winners=dict(sorted(won[unit.id].items())),
        participants_by_round=tuple(c.participants for c in rounds) if len(rounds) > 1 else (),
        headcount=number(Denominator.HEADCOUNT),
        obliged=number(Denominator.OBLIGED),
        population=number(Denominator.POPULATION),
        quality=quality.get(unit.id),
    )
    whole = Counted()
    for counted in rounds:
        whole = whole.plus(counted)
    return replace(
        tally,
        attempts=whole.attempts,
        score_sum=whole.score_sum,
        max_score_sum=whole.max_score_sum,
        perfect=whole.perfect,
    )
