"""Counting a contest: who took part, when, from where, by what, and how papers came out, in one pass over its attempts.

What takes part is an attempt that has ended and is not annulled (ranking.results.valid).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from itertools import compress
from typing import Any

from sqlalchemy import Integer, cast, func, select

from quiz.accounts import places
from quiz.accounts.models import Account, OrgUnit
from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, Entry, Round
from quiz.db import db, fetch_plain
from quiz.formats import LOCAL
from quiz.marking.queries import annulled_ids
from quiz.ranking.results import ENDED, microseconds
from quiz.rules.eligibility import age_on
from quiz.rules.units import Named, names_apart

QUICK_MS = 60_000  # a paper handed in sooner is counted as quick (facts/contest-practice.md §3)
AGES = ((0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 255))
HOUR_US = 3_600_000_000
EPOCH = date(1970, 1, 1).toordinal()

Rows = list[tuple[str, int, int]]  # (name, people, attempts)


@dataclass(slots=True)
class Figures:
    """registered, people, attempts: as the module says · started: attempts ever · left: abandoned · expired: ended by the
    clock · quick: in less than a minute · hours: [("2024-11-20 08", attempts started), …] · largest: questions of the longest
    paper, essays apart · histogram: [(right items, attempts), …], every number between the best and the worst · tenths:
    [(tenth, attempts), …] from 10 for all right down to 0, of papers of whatever length · ages: (band, people, attempts) ·
    youngest, oldest: years, None without anybody
    """

    registered: int = 0
    people: int = 0
    attempts: int = 0
    started: int = 0
    running: int = 0
    left: int = 0
    expired: int = 0
    annulled: int = 0
    perfect: int = 0
    quick: int = 0
    best_ms: int | None = None
    largest: int = 0
    hours: list[tuple[str, int]] = field(default_factory=list)
    days: list[tuple[str, int]] = field(default_factory=list)
    histogram: list[tuple[int, int]] = field(default_factory=list)
    tenths: list[tuple[int, int]] = field(default_factory=list)
    divisions: Rows = field(default_factory=list)
    units: Rows = field(default_factory=list)
    blocks: Rows = field(default_factory=list)
    places: Rows = field(default_factory=list)
    devices: Rows = field(default_factory=list)
    ages: Rows = field(default_factory=list)
    youngest: int | None = None
    oldest: int | None = None

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Figures:
        rows: dict[str, Any] = {n: [tuple(row) for row in v] if isinstance(v, list) else v for n, v in values.items()}
        return cls(**rows)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def share(self, part: int) -> float:
        """A part of the attempts, in percent."""
        return 100 * part / self.attempts if self.attempts else 0.0


# Who is registered


@dataclass(slots=True)
class Registered:
    """Everybody who is registered, as columns in which the entry with the id `first + n` has place n.

    A million people as objects would be ten times as large. Ids of other contests leave gaps, in which nobody takes part.
    divisions, units: ids, 0 without a unit · homes: places in `known_homes`, which has (province, ward) · ages: years on the
    day on which the contest opens
    """

    first: int = 0
    number: int = 0
    divisions: array[int] = field(default_factory=lambda: array("I"))
    units: array[int] = field(default_factory=lambda: array("I"))
    homes: array[int] = field(default_factory=lambda: array("I"))
    ages: array[int] = field(default_factory=lambda: array("B"))
    known_homes: list[tuple[int | None, int | None]] = field(default_factory=list)

    @property
    def columns(self) -> tuple[array[int], ...]:
        return self.divisions, self.units, self.homes, self.ages

    @property
    def span(self) -> int:
        return len(self.divisions)


def registered_in(contest: Contest) -> Registered:
    """As at registration; the place is that of the account, which staff have none of."""
    day = min(r.opens_at for r in contest.rounds).astimezone(LOCAL).date()
    ages: dict[Any, int] = {}
    homes: dict[tuple[int | None, int | None], int] = {}
    found = Registered()
    rows = (
        select(
            Entry.id, Entry.division_id, Entry.org_unit_id, Entry.birth_date, Account.province_code, Account.ward_code
        )
        .join(Account, Account.id == Entry.account_id)
        .where(Entry.contest_id == contest.id)
        .order_by(Entry.id)
    )
    for part in fetch_plain(rows):
        for entry_id, division_id, unit_id, born, province, ward in part:
            if not found.number:
                found.first = entry_id
            if gap := entry_id - found.first - found.span:
                for column in found.columns:
                    column.extend([0] * gap)
            age = ages.get(born)
            if age is None:
                # SQLite hands out the text that it holds
                birth_date = date.fromisoformat(born) if isinstance(born, str) else born
                age = ages[born] = min(max(age_on(birth_date, day), 0), 255)
            home = (province, ward) if province == places.HOME_PROVINCE else (province, None)
            found.number += 1
            found.divisions.append(division_id)
            found.units.append(unit_id or 0)
            found.homes.append(homes.setdefault(home, len(homes)))
            found.ages.append(age)
    found.known_homes = list(homes)
    return found


# The pass over the attempts


class _Tally:
    """What attempts add up to: those of a round, or of all rounds put together.

    taken: 1 at the place of each entry that takes part · attempts: for each column of the registered, its value → valid
    attempts · hours: since 1970, by the local clock → attempts started · right: (right items, of so many) → attempts
    """

    SUMS = ("attempts", "started", "running", "left", "expired", "annulled", "perfect", "quick")

    def __init__(self, registered: Registered) -> None:
        self.registered = registered
        self.sums: Counter[str] = Counter()
        self.best_ms: int | None = None
        self.hours: Counter[int] = Counter()
        self.right: Counter[tuple[int, int]] = Counter()
        self.taken = bytearray(registered.span)
        self.attempts: tuple[Counter[int], ...] = tuple(Counter() for _ in registered.columns)
        self.devices: Counter[str] = Counter()
        self.taken_by: dict[str, bytearray] = {}

    def take(self, rows: Sequence[tuple[Any, ...]], annulled: Collection[int]) -> None:
        """Some attempts, as `_attempts` selects them. Of people who registered after the others were read, nothing counts."""
        first, span, taken, divisions = (
            self.registered.first,
            self.registered.span,
            self.taken,
            self.registered.divisions,
        )
        at_places: list[int] = []
        hours: list[int] = []
        right: list[tuple[int, int]] = []
        devices: list[str] = []
        running = left = expired = taken_back = perfect = quick = 0
        for attempt_id, entry_id, state, hour, elapsed_ms, correct, all_correct, device, of in rows:
            at = entry_id - first
            if not (0 <= at < span and divisions[at]):
                continue
            hours.append(hour)
            if state not in ENDED:
                running += state == AttemptState.OPEN
                left += state == AttemptState.ABANDONED
                continue
            if attempt_id in annulled:
                taken_back += 1
                continue
            at_places.append(at)
            taken[at] = 1
            right.append((correct, of))
            devices.append(device)
            expired += state == AttemptState.EXPIRED
            quick += elapsed_ms < QUICK_MS
            if all_correct:
                perfect += 1
                if self.best_ms is None or elapsed_ms < self.best_ms:
                    self.best_ms = elapsed_ms
        self.sums.update(
            attempts=len(at_places), started=len(hours), running=running, left=left, expired=expired, annulled=taken_back,
            perfect=perfect, quick=quick,
        )  # fmt: skip
        self.hours.update(hours)
        self.right.update(right)
        self.devices.update(devices)
        for device in set(devices):
            by = self.taken_by.setdefault(device, bytearray(span))
            for at in compress(at_places, map(device.__eq__, devices)):
                by[at] = 1
        for column, counted in zip(self.registered.columns, self.attempts, strict=True):
            counted.update(map(column.__getitem__, at_places))

    def add(self, other: _Tally) -> None:
        """Attempts of another round; its people count once."""
        self.sums.update(other.sums)
        self.best_ms = min((ms for ms in (self.best_ms, other.best_ms) if ms is not None), default=None)
        self.hours.update(other.hours)
        self.right.update(other.right)
        self.taken = _either(self.taken, other.taken)
        self.devices.update(other.devices)
        for device, by in other.taken_by.items():
            self.taken_by[device] = _either(self.taken_by.get(device, bytearray(len(by))), by)
        for counted, more in zip(self.attempts, other.attempts, strict=True):
            counted.update(more)

    def figures(self, names: _Names) -> Figures:
        sums: dict[str, Any] = {name: self.sums[name] for name in self.SUMS}
        found = Figures(registered=self.registered.number, people=self.taken.count(1), best_ms=self.best_ms, **sums)
        found.hours = [(_hour(hour), n) for hour, n in sorted(self.hours.items())]
        found.days = _by_day(found.hours)
        by_right: Counter[int] = Counter()
        by_tenth: Counter[int] = Counter()
        for (correct, of), n in self.right.items():
            if of:  # a paper of essays has nothing that is right or wrong
                found.largest = max(found.largest, of)
                by_right[correct] += n
                by_tenth[tenth(correct, of)] += n
        found.histogram = _between(by_right)
        found.tenths = _between(by_tenth)
        people = [Counter(compress(column, self.taken)) for column in self.registered.columns]
        division, unit, home, age = zip(people, self.attempts, strict=True)
        found.divisions = _rows(*division, names.division)
        found.units = _rows(*unit, names.unit)
        found.blocks = _rows(*unit, names.block)
        found.places = _rows(*home, names.home)
        found.ages = sorted(_rows(*age, _band))
        found.devices = _rows(Counter({d: by.count(1) for d, by in self.taken_by.items()}), self.devices, str)
        found.youngest, found.oldest = min(age[0], default=None), max(age[0], default=None)
        return found


def tenth(correct: int, of: int) -> int:
    """In which tenth of all questions the right ones end: 10 only when all are right, 9 from 90 % on, …"""
    return 10 * correct // of


def _between(counts: Mapping[int, int]) -> list[tuple[int, int]]:
    """From the highest number to the lowest, with those between that nobody has."""
    highest, lowest = max(counts, default=-1), min(counts, default=0)
    return [(k, counts.get(k, 0)) for k in range(highest, lowest - 1, -1)]


def _either(one: bytearray, other: bytearray) -> bytearray:
    both = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return bytearray(both.to_bytes(len(one), "little"))


def _rows(people: Mapping[Any, int], attempts: Mapping[Any, int], name: Callable[[Any], str]) -> Rows:
    """By name, most people first; what has no name is left out."""
    found: dict[str, tuple[int, int]] = {}
    for key, n in attempts.items():
        a, b = found.get(name(key), (0, 0))
        found[name(key)] = a + people[key], b + n
    rows = [(named, a, b) for named, (a, b) in found.items() if named]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def count(
    contest: Contest, registered: Registered, each: Callable[[int], Any] = lambda _done: None
) -> dict[int | None, Figures]:
    """Round id → its figures, and None → those of the whole contest; each attempt is read once.

    each: called after every round, with how many are done
    """
    whole = _Tally(registered)
    rounds: dict[int, _Tally] = {}
    for done, round_ in enumerate(contest.rounds, 1):
        rounds[round_.id] = tally = _Tally(registered)
        annulled = set(db.session.scalars(annulled_ids()))
        for part in fetch_plain(_attempts(round_)):
            tally.take(part, annulled)
        whole.add(tally)
        each(done)
    # names come last, so that whatever has been counted has one
    names = _Names(contest, registered)
    return {None: whole.figures(names)} | {round_id: tally.figures(names) for round_id, tally in rounds.items()}


def _attempts(round_: Round) -> Any:
    a = Attempt
    hour = microseconds(a.started_at) // HOUR_US + 7  # Vietnam has no summer time
    length = func.json_array_length(a.paper) - a.essays
    return select(
        a.id, a.entry_id, a.state, hour, a.elapsed_ms, a.correct, cast(a.all_correct, Integer), a.device, length
    ).where(a.round_id == round_.id)


# Names


class _Names:
    """What things that were counted are called now, units of one name told apart; "" for what has no name."""

    def __init__(self, contest: Contest, registered: Registered) -> None:
        columns = select(OrgUnit.id, OrgUnit.name, OrgUnit.parent_id, OrgUnit.code, OrgUnit.block)
        units = db.session.execute(columns).all()
        self._units = names_apart({row.id: Named(row.name, row.parent_id, row.code) for row in units})
        self._blocks = {row.id: row.block for row in units}
        self._divisions = names_apart({d.id: Named(d.name, None, d.code) for d in contest.divisions})
        self._homes = [_place(*home) for home in registered.known_homes]
        self.unit: Callable[[int], str] = partial(_named, self._units)
        self.block: Callable[[int], str] = partial(_named, self._blocks)
        self.division: Callable[[int], str] = partial(_named, self._divisions)
        self.home: Callable[[int], str] = self._homes.__getitem__


def _named(names: Mapping[int, str], id_: int) -> str:
    return names.get(id_, "")


def _place(province: int | None, ward: int | None) -> str:
    """The commune of the own province; of others only the province."""
    if province is None:
        return ""
    if ward is not None:
        return places.wards(province).get(ward, "")
    return places.provinces().get(province, "")


def _hour(hour: int) -> str:
    return f"{date.fromordinal(EPOCH + hour // 24)} {hour % 24:02d}"


def _by_day(hours: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    days: Counter[str] = Counter()
    for hour, n in hours:
        days[hour[:10]] += n
    return sorted(days.items())


def _band(age: int) -> str:
    low, high = next(band for band in AGES if age <= band[1])
    if low == 0:
        return f"00–{high}"
    return f"{low}+" if high == AGES[-1][1] else f"{low}–{high}"
