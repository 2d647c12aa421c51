"""Participation by unit against headcounts: the numbers of a ranking laid over the tree of units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from quiz.accounts.models import Headcount, OrgUnit
from quiz.contests.models import Round
from quiz.db import db
from quiz.formats import local
from quiz.ranking import board_queries, queries
from quiz.ranking.models import Ranking
from quiz.rules.units import Participation
from quiz.rules.units import participation as count_up


@dataclass(frozen=True, slots=True)
class UnitRow:
    """place: among the rows shown, shared by equals; None without a headcount · above: name of the unit above or "" ·
    as_of, source: of the unit's own headcount; as_of None: added up from the units below, or unknown
    """

    unit_id: int
    name: str
    block: str
    above: str
    participants: int
    headcount: int | None
    ratio: float | None
    as_of: date | None
    source: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who stated headcounts, as of which day, for how many of the units shown."""

    as_of: date
    text: str
    units: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """participation: [[unit_id, people], …] of a round, all divisions together · as_of: up to when attempts are counted"""

    participation: list[list[int]]
    as_of: datetime


def turnout(round_: Round, *, staff: bool) -> Turnout | None:
    """How many people of each unit take part, as the round's boards know it: the public ones, or those of the staff that
    go on behind a freeze; once its results are out, as the newest sheet does. None while there is neither."""
    if round_.published_at is not None:
        published = (queries.published_sheet(round_.id, division.id) for division in round_.contest.divisions)
        sheets = [sheet for sheet in published if sheet is not None]
        if sheets:
            newest = max(sheets, key=lambda sheet: sheet.made_at)
            return Turnout(newest.participation, newest.made_at)
    boards = board_queries.boards_of_round(round_, staff=staff)
    if not boards:
        return None
    people: Counter[int] = Counter()
    for board in boards:
        people.update(dict(board.participation))
    as_of = min(
        (board.until if board.is_settled and board.until else board.tallied_at or board.made_at) for board in boards
    )
    return Turnout([[unit_id, n] for unit_id, n in sorted(people.items())], as_of)


def unit_rows(ranking: Ranking | Turnout | None, on: date, *, under: int | None = None) -> list[UnitRow]:
    """All units with their participation, best first.

    ranking: whose numbers; None counts nobody · on: headcounts as they were on this day · under: only this unit and
    those below it
    """
    units = {unit.id: unit for unit in db.session.scalars(select(OrgUnit).order_by(OrgUnit.id))}
    stated = headcounts(on)
    parents = {unit.id: unit.parent_id for unit in units.values()}
    people = {unit_id: n for unit_id, n in (ranking.participation if ranking else []) if unit_id in units}
    counted = count_up(parents, {unit_id: h.people for unit_id, h in stated.items()}, people)
    wanted = set(units) if under is None else below(parents, under)
    return [_row(p, units, stated.get(p.unit_id)) for p in counted if p.unit_id in wanted]


def _row(counted: Participation, units: Mapping[int, OrgUnit], stated: Headcount | None) -> UnitRow:
    unit = units[counted.unit_id]
    return UnitRow(
        unit_id=unit.id,
        name=unit.name,
        block=unit.block,
        above=units[unit.parent_id].name if unit.parent_id else "",
        participants=counted.participants,
        headcount=counted.headcount,
        ratio=counted.ratio,
        as_of=stated.as_of if stated else None,
        source=stated.source if stated else "",
    )


def counted_on(round_: Round, now: datetime) -> date:
    """The day whose headcounts a round is held against: today, or the day on which it closed."""
    return local(min(now, round_.closes_at)).date()


def headcounts(on: date) -> dict[int, Headcount]:
    """Each unit's headcount as of the day: the last one stated until then, else the first one after it."""
    chosen: dict[int, Headcount] = {}
    for row in db.session.scalars(select(Headcount).order_by(Headcount.as_of)):
        if row.as_of <= on or row.org_unit_id not in chosen:
            chosen[row.org_unit_id] = row
    return chosen


def below(parents: Mapping[int, int | None], top: int) -> set[int]:
    """The unit and all units below it."""
    children: dict[int | None, list[int]] = {}
    for unit, parent in parents.items():
        children.setdefault(parent, []).append(unit)
    found: set[int] = set()
    ahead = [top]
    while ahead:
        unit = ahead.pop()
        found.add(unit)
        ahead += children.get(unit, [])
    return found


def lagging(rows: Iterable[UnitRow], percent: float) -> list[UnitRow]:
    """The units below so many percent of their headcount, the furthest behind first; of two, the larger."""
    behind = [row for row in rows if row.headcount and row.ratio is not None and row.ratio < percent]
    return sorted(behind, key=lambda row: (row.ratio, -(row.headcount or 0), row.name))


def placed(rows: Iterable[UnitRow]) -> list[UnitRow]:
    """The rows with places, shared by units of the same ratio and number of people."""
    numbered: list[UnitRow] = []
    for i, row in enumerate(rows):
        before = numbered[-1] if numbered else None
        same = before is not None and (before.ratio, before.participants) == (row.ratio, row.participants)
        place = None if row.ratio is None else before.place if same and before else i + 1
        numbered.append(replace(row, place=place))
    return numbered


def blocks(rows: Iterable[UnitRow]) -> list[str]:
    return sorted({row.block for row in rows if row.block})


def sources(rows: Collection[UnitRow]) -> Sequence[Source]:
    """Where the headcounts of these rows come from, the most used first."""
    counts: dict[tuple[date, str], int] = {}
    for row in rows:
        if row.as_of is not None:
            counts[row.as_of, row.source] = counts.get((row.as_of, row.source), 0) + 1
    found = [Source(as_of, text, n) for (as_of, text), n in counts.items()]
    return sorted(found, key=lambda s: (-s.units, s.as_of, s.text))
