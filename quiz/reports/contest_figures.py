"""Figures of a contest for those who run it: who took part, when, from where, by what, and how papers came out.

Counted by a job over everything, and kept; pages and papers read what is kept, so that one figure is the same everywhere.
What takes part is an attempt that has ended and is not annulled (ranking.results.valid).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, select

from quiz import jobs
from quiz.accounts import places
from quiz.accounts.models import Account, OrgUnit
from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, Entry, Round
from quiz.db import db, fetch_plain, transaction
from quiz.formats import LOCAL
from quiz.marking.queries import annulled_ids
from quiz.ranking.results import ENDED, microseconds
from quiz.reports.models import ContestFigures
from quiz.rules.eligibility import age_on

JOB = "contest-figures"
QUICK_MS = 60_000  # a paper handed in sooner is counted as quick (facts/contest-practice.md §3)
AGES = ((0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 200))

Rows = list[tuple[str, int, int]]  # (name, people, attempts)


@dataclass(slots=True)
class Figures:
    """registered, people, attempts: as the module says · started: attempts ever · left: abandoned · expired: ended by the
    clock · quick: in less than a minute · hours: [(hour, "2024-11-20 08", attempts started), …] · histogram:
    [(right items, attempts), …] · ages: (band, people) · youngest, oldest: years, None without anybody · of: questions
    of most papers
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
    of: int = 0
    hours: list[tuple[str, int]] = field(default_factory=list)
    days: list[tuple[str, int]] = field(default_factory=list)
    histogram: list[tuple[int, int]] = field(default_factory=list)
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


@dataclass(slots=True)
class _Person:
    division: str
    unit: str
    block: str
    place: str
    age: int


def count(contest: Contest, round_: Round | None) -> Figures:
    """Count a round, or with None all rounds together, reading every attempt's plain columns once."""
    people = _people(contest)
    found = Figures(registered=len(people))
    round_ids = [r.id for r in contest.rounds if round_ is None or r.id == round_.id]
    annulled = set(db.session.scalars(annulled_ids()))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    entries: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    hours: Counter[str] = Counter()
    histogram: Counter[int] = Counter()
    sizes: Counter[int] = Counter()
    took_part: set[int] = set()
    for part in fetch_plain(_attempts(round_ids)):
        for attempt_id, entry_id, state, started, elapsed_ms, correct, all_correct, device, essays, length in part:
            found.started += 1
            hours[_hour(started)] += 1
            if state not in ENDED:
                found.running += state == AttemptState.OPEN
                found.left += state == AttemptState.ABANDONED
                continue
            if attempt_id in annulled:
                found.annulled += 1
                continue
            found.attempts += 1
            found.expired += state == AttemptState.EXPIRED
            found.perfect += bool(all_correct)
            found.quick += elapsed_ms < QUICK_MS
            if all_correct and (found.best_ms is None or elapsed_ms < found.best_ms):
                found.best_ms = elapsed_ms
            histogram[correct] += 1
            sizes[length - essays] += 1
            took_part.add(entry_id)
            person = people[entry_id]
            for name, value in (
                ("divisions", person.division), ("units", person.unit), ("blocks", person.block),
                ("places", person.place), ("devices", device), ("ages", _band(person.age)),
            ):  # fmt: skip
                counts[name][value] += 1
                entries[name][value].add(entry_id)
    found.people = len(took_part)
    found.hours = sorted(hours.items())
    found.days = sorted(_by_day(hours).items())
    found.of = sizes.most_common(1)[0][0] if sizes else 0
    found.histogram = [(k, histogram[k]) for k in range(max(histogram, default=-1), min(histogram, default=0) - 1, -1)]
    for name, of in counts.items():
        rows = [(value, len(entries[name][value]), n) for value, n in of.items() if value]
        setattr(found, name, sorted(rows, key=lambda row: (-row[1], row[0])))
    found.ages.sort(key=lambda row: row[0])
    ages = [people[e].age for e in took_part]
    found.youngest, found.oldest = min(ages, default=None), max(ages, default=None)
    return found


def _attempts(round_ids: Sequence[int]) -> Any:
    a = Attempt
    length = func.json_array_length(a.paper)
    return select(
        a.id, a.entry_id, a.state, microseconds(a.started_at), a.elapsed_ms, a.correct, cast(a.all_correct, Integer),
        a.device, a.essays, length,
    ).where(a.round_id.in_(round_ids))  # fmt: skip


def _people(contest: Contest) -> dict[int, _Person]:
    """Entry → who it is, as at registration; the place is that of the account, which staff have none of."""
    units = {row.id: row for row in db.session.execute(select(OrgUnit.id, OrgUnit.name, OrgUnit.block))}
    divisions = {d.id: d.name for d in contest.divisions}
    day = min(r.opens_at for r in contest.rounds).astimezone(LOCAL).date()
    rows = db.session.execute(
        select(
            Entry.id, Entry.division_id, Entry.org_unit_id, Entry.birth_date, Account.ward_code, Account.province_code
        )
        .join(Account, Account.id == Entry.account_id)
        .where(Entry.contest_id == contest.id)
    )
    found = {}
    for entry_id, division_id, unit_id, birth_date, ward, province in rows:
        unit = units.get(unit_id)
        found[entry_id] = _Person(
            divisions[division_id], unit.name if unit else "", unit.block if unit else "", _place(province, ward),
            age_on(birth_date, day),
        )  # fmt: skip
    return found


def _place(province: int | None, ward: int | None) -> str:
    """The commune of the own province; of others only the province."""
    if province is None:
        return ""
    if province == places.HOME_PROVINCE and ward is not None:
        return places.wards(province).get(ward, "")
    return places.provinces().get(province, "")


def _hour(microseconds_: int) -> str:
    local = microseconds_ // 3_600_000_000 + 7  # Vietnam has no summer time
    return f"{date.fromordinal(date(1970, 1, 1).toordinal() + local // 24)} {local % 24:02d}"


def _by_day(hours: Mapping[str, int]) -> dict[str, int]:
    days: Counter[str] = Counter()
    for hour, n in hours.items():
        days[hour[:10]] += n
    return days


def _band(age: int) -> str:
    low, high = next(band for band in AGES if band[0] <= age <= band[1])
    if low == 0:
        return f"00–{high}"
    return f"{low}+" if high > 150 else f"{low}–{high}"


@jobs.handler(JOB)
def compute(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    """Count a contest and each of its rounds, and keep it."""
    contest = db.session.get_one(Contest, int(job.subject.partition(":")[2]))
    scopes: list[Round | None] = [None, *contest.rounds]
    counted = {round_.id if round_ else 0: count(contest, round_).to_json() for round_ in scopes}
    with transaction():
        kept = kept_of(contest.id)
        if kept is None:
            kept = ContestFigures(contest_id=contest.id)
            db.session.add(kept)
        kept.figures = {str(scope): figures for scope, figures in counted.items()}
        kept.made_at = clock()
    return {"attempts": counted[0]["attempts"]}


def kept_of(contest_id: int) -> ContestFigures | None:
    return db.session.scalars(select(ContestFigures).where(ContestFigures.contest_id == contest_id)).one_or_none()


def figures_of(kept: ContestFigures, round_id: int | None = None) -> Figures:
    return Figures.of_json(kept.figures.get(str(round_id or 0), {}))


# What happens now


@dataclass(frozen=True, slots=True)
class Now:
    """open: attempts that are running · last_hour: started within it · ended, expired: of the round so far"""

    open: int
    last_hour: int
    ended: int
    expired: int


def now_of(round_: Round, now: datetime) -> Now:
    """Live counts over indexes: what the monitor shows between two counts of everything."""
    of = Attempt.round_id == round_.id
    states = _counts(select(Attempt.state, func.count()).where(of), Attempt.state)
    since = now - timedelta(hours=1)
    last = db.session.scalar(select(func.count()).select_from(Attempt).where(of, Attempt.started_at > since)) or 0
    return Now(
        states.get(AttemptState.OPEN, 0), last, states.get(AttemptState.SUBMITTED, 0) + states.get(AttemptState.EXPIRED, 0),
        states.get(AttemptState.EXPIRED, 0),
    )  # fmt: skip


def _counts(rows: Any, by: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(by))}
