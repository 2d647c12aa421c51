"""What a unit file would change: each row compared with the tree as it stands. Pure; unit_import writes it."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from quiz.accounts.unit_file import Row


class RowStatus(enum.StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class UnitRowRefusal(enum.Enum):
    NO_CODE = "no_code"
    CODE_SHAPE = "code_shape"
    CODE_TWICE = "code_twice"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    UNKNOWN_PARENT = "unknown_parent"
    CYCLE = "cycle"
    PEOPLE_NOT_NUMBER = "people_not_number"
    PEOPLE_ZERO = "people_zero"
    OBLIGED_WITHOUT_PEOPLE = "obliged_without_people"
    OBLIGED_ABOVE_PEOPLE = "obliged_above_people"
    PEOPLE_WITHOUT_DAY = "people_without_day"
    DAY_WITHOUT_PEOPLE = "day_without_people"
    DAY_SHAPE = "day_shape"
    DAY_AHEAD = "day_ahead"


LONGEST = {"code": 40, "name": 200, "kind": 60, "block": 100, "source": 300, "note": 500}
MOST_PEOPLE = 10_000_000
MOST_POPULATION = 200_000_000


@dataclass(frozen=True)
class Count:
    """How many people a unit had on a day, and who says so.

    obliged: of them who have to take part · population: of the locality; None where that is not known
    """

    as_of: date
    people: int
    source: str
    obliged: int | None = None
    population: int | None = None


@dataclass(frozen=True)
class Unit:
    """A unit as the tree has it.  parent: a code or "" · counts: by day"""

    code: str
    name: str
    kind: str = ""
    block: str = ""
    parent: str = ""
    note: str = ""
    counts: Mapping[date, Count] = field(default_factory=dict)


Problem = tuple[UnitRowRefusal, dict[str, object]]


@dataclass
class Line:
    """One row and what becomes of it.  changes: (column, before, after) · count: the headcount to write, if any"""

    number: int
    code: str
    cells: dict[str, str]
    status: RowStatus = RowStatus.NEW
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    count: Count | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.cells.get("name", "")


@dataclass(frozen=True)
class Plan:
    lines: list[Line]

    def having(self, status: RowStatus) -> list[Line]:
        return [line for line in self.lines if line.status == status]

    def count(self, status: RowStatus) -> int:
        return len(self.having(status))

    @property
    def can_commit(self) -> bool:
        """All or nothing: one refused row holds up the file."""
        return not self.having(RowStatus.REFUSED) and bool(self.having(RowStatus.NEW) or self.having(RowStatus.CHANGED))


def make_plan(rows: Iterable[Row], units: Mapping[str, Unit], today: date) -> Plan:
    """Compare the rows with the units that exist.

    A column that the file has replaces what the unit says, also by nothing; a column it lacks leaves it alone. An empty
    number of people says nothing and leaves the headcounts alone.
    """
    lines = [_line(row, today) for row in rows]
    _check_doubled(lines)
    _check_parents(lines, units)
    for line in lines:
        if line.problems:
            line.status = RowStatus.REFUSED
        else:
            _compare(line, units.get(line.code))
    return Plan(lines)


def _line(row: Row, today: date) -> Line:
    cells = dict(row.cells)
    for column in ("code", "parent"):
        if column in cells:
            cells[column] = cells[column].upper()
    line = Line(row.line, cells.get("code", ""), cells)
    _check_texts(line)
    _read_count(line, today)
    return line


def _check_texts(line: Line) -> None:
    if not line.code:
        line.problems.append((UnitRowRefusal.NO_CODE, {}))
    elif not re.fullmatch(r"[\w][\w./-]*", line.code):
        line.problems.append((UnitRowRefusal.CODE_SHAPE, {"code": line.code}))
    if not line.name:
        line.problems.append((UnitRowRefusal.NO_NAME, {}))
    for column, text in line.cells.items():
        if len(text) > LONGEST.get(column, 100):
            line.problems.append((UnitRowRefusal.TOO_LONG, {"column": column, "longest": LONGEST.get(column, 100)}))
        if text.startswith(("=", "@", "+")):
            line.problems.append((UnitRowRefusal.FORMULA, {"column": column}))


def _read_count(line: Line, today: date) -> None:
    people_text, day_text = line.cells.get("people", ""), line.cells.get("as_of", "")
    rest = [column for column in ("obliged", "population") if line.cells.get(column)]
    if not people_text:
        line.problems += [(UnitRowRefusal.OBLIGED_WITHOUT_PEOPLE, {"column": column}) for column in rest]
        if day_text and not rest:
            line.problems.append((UnitRowRefusal.DAY_WITHOUT_PEOPLE, {}))
        return
    numbers = {column: _read_number(line, column) for column in ("people", *rest)}
    people, obliged = numbers["people"], numbers.get("obliged")
    if people and obliged and obliged > people:
        line.problems.append((UnitRowRefusal.OBLIGED_ABOVE_PEOPLE, {"obliged": obliged, "people": people}))
    if not day_text:
        line.problems.append((UnitRowRefusal.PEOPLE_WITHOUT_DAY, {}))
        return
    day = read_day(day_text)
    if day is None:
        line.problems.append((UnitRowRefusal.DAY_SHAPE, {"text": day_text}))
    elif day > today:
        line.problems.append((UnitRowRefusal.DAY_AHEAD, {"text": f"{day:%d/%m/%Y}"}))
    elif people:
        line.count = Count(day, people, line.cells.get("source", ""), obliged, numbers.get("population"))


def _read_number(line: Line, column: str) -> int | None:
    """The number of people in a column, None after noting what is wrong with it."""
    text = line.cells[column]
    number = read_people(text, MOST_POPULATION if column == "population" else MOST_PEOPLE)
    if number is None:
        line.problems.append((UnitRowRefusal.PEOPLE_NOT_NUMBER, {"column": column, "text": text}))
    elif number == 0:
        line.problems.append((UnitRowRefusal.PEOPLE_ZERO, {"column": column}))
    return number or None


def read_people(text: str, most: int = MOST_PEOPLE) -> int | None:
    """ "1.250" and "1 250" → 1250; None when it is no whole number."""
    bare = text.replace(" ", "").removesuffix("người")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", bare):
        bare = bare.replace(".", "")
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > 12:
        return None
    return int(bare) if int(bare) <= most else None


def read_day(text: str) -> date | None:
    """A day as Vietnamese people write it (31/12/2024, 31-12-2024, 31.12.2024) or as spreadsheets store it (2024-12-31)."""
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        d, m, y = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        y, m, d = map(int, found.groups())
    else:
        return None
    try:
        return date(y, m, d) if y >= 1945 else None
    except ValueError:
        return None


def _check_doubled(lines: list[Line]) -> None:
    numbers: dict[str, list[int]] = {}
    for line in lines:
        if line.code:
            numbers.setdefault(line.code, []).append(line.number)
    for line in lines:
        others = [str(n) for n in numbers.get(line.code, ()) if n != line.number]
        if others:
            line.problems.append((UnitRowRefusal.CODE_TWICE, {"code": line.code, "lines": ", ".join(others)}))


def _check_parents(lines: list[Line], units: Mapping[str, Unit]) -> None:
    parents = {unit.code: unit.parent for unit in units.values()}
    parents |= {line.code: line.cells.get("parent", parents.get(line.code, "")) for line in lines if line.code}
    for line in lines:
        parent = line.cells.get("parent", "")
        if parent and parent not in parents:
            line.problems.append((UnitRowRefusal.UNKNOWN_PARENT, {"parent": parent}))
        elif loop := cycle(line.code, parents.get):
            line.problems.append((UnitRowRefusal.CYCLE, {"loop": " → ".join(loop)}))


def cycle(start: str, parent_of: Callable[[str], str | None]) -> list[str]:
    """The way up from a unit that comes back to it, as codes from it to it; empty when it reaches the top."""
    way, seen = [start], {start}
    while parent := parent_of(way[-1]):
        way.append(parent)
        if parent == start:
            return way
        if parent in seen:  # a loop further up, told at its own rows
            return []
        seen.add(parent)
    return []


def _compare(line: Line, unit: Unit | None) -> None:
    if unit is None:
        line.status = RowStatus.NEW
        return
    for column in ("name", "kind", "block", "parent", "note"):
        before = getattr(unit, column)
        after = line.cells.get(column, before)
        if before != after:
            line.changes.append((column, before, after))
    if line.count is not None:
        known = unit.counts.get(line.count.as_of)
        if known:  # a column that the file lacks leaves what is known alone
            kept = {name: getattr(known, name) for name in ("obliged", "population") if name not in line.cells}
            line.count = replace(line.count, **kept)
            if line.count.obliged is not None and line.count.obliged > line.count.people:
                told: dict[str, object] = {"obliged": line.count.obliged, "people": line.count.people}
                line.problems.append((UnitRowRefusal.OBLIGED_ABOVE_PEOPLE, told))
                line.status = RowStatus.REFUSED
                return
        if known == line.count:
            line.count = None
        else:
            line.changes.append(("people", _said(known), _said(line.count)))
    line.status = RowStatus.CHANGED if line.changes else RowStatus.UNCHANGED


def _said(count: Count | None) -> str:
    if count is None:
        return ""
    numbers = "/".join("–" if n is None else str(n) for n in (count.people, count.obliged, count.population))
    told = str(count.people) if count.obliged is None and count.population is None else numbers
    return f"{told} ({count.as_of:%d/%m/%Y}{', ' + count.source if count.source else ''})"
