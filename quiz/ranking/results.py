"""What counts of people's attempts, as columns that the chain packs into keys; read in few plain queries.

No row becomes an object of the session, and the rows come from one index, so that a million entries fit and are quick. How
an attempt is chosen and what rounds make together is decided by rules.counting; the loops here repeat those rules over
columns, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import BigInteger

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, Division, Entry, Pool, Round
from quiz.contests.rule_set import ContestRules, contest_rules
from quiz.db import db
from quiz.marking.queries import annulled_ids
from quiz.rules import tie_break
from quiz.rules.counting import Counted, Overall, choosing_chain
from quiz.rules.prediction import Scope as TruthScope
from quiz.rules.prediction import Target
from quiz.rules.tie_break import NO_PREDICTION, criterion, criterion_name

ENDED = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value)
STEP = 20_000  # rows fetched at once
MOST_NAMED = 500  # entries named in one query


class microseconds(GenericFunction[int]):  # noqa: N801 named as SQL calls it
    """Whole microseconds since 1970 of a Moment, without making an object of it."""

    type = BigInteger()
    inherit_cache = True


@compiles(microseconds, "sqlite")
def _sqlite_microseconds(element: Any, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    return f"(unixepoch(substr({text}, 1, 19)) * 1000000 + CAST(substr({text}, 21) AS INTEGER))"


@compiles(microseconds, "postgresql")
def _postgresql_microseconds(element: Any, compiler: Any, **kw: Any) -> str:
    return f"(extract(epoch from {compiler.process(element.clauses, **kw)}) * 1000000)::bigint"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is ranked together: a division, in one round or over several rounds of its contest.

    round_ids: in the order of the rounds · how: NONE for one round
    """

    division_id: int
    round_ids: tuple[int, ...]
    how: Overall
    counted: Counted
    chain: tuple[str, ...]

    @property
    def is_overall(self) -> bool:
        return self.how is not Overall.NONE


def scope_of(round_: Round | None, division: Division) -> Scope:
    """One round, or with None the whole contest by its overall rules."""
    rules = contest_rules(division.contest)
    if round_ is not None:
        return Scope(division.id, (round_.id,), Overall.NONE, rules.counted, rules.chain)
    round_ids = tuple(r.id for r in division.contest.rounds)
    return Scope(division.id, round_ids, rules.overall.how, rules.counted, rules.overall.chain)


def board_chain(chain: Sequence[str]) -> tuple[str, ...]:
    """The chain of a provisional board: there is no truth yet to compare predictions with."""
    return tuple(step for step in chain if criterion_name(step) != "prediction") or ("score",)


@dataclass(slots=True)
class Table:
    """The counted results, a row for each ranked entry, in the order of the entries.

    columns: criterion → values, moments as microseconds; those that the chain names · attempts: how many valid attempts
    """

    entry_ids: list[int] = field(default_factory=list)
    attempt_ids: list[int] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=dict)
    attempts: int = 0

    def keys(self, chain: Sequence[str]) -> list[bytes]:
        return tie_break.pack(self.columns, chain)


class _Row(NamedTuple):
    """A finished attempt as it is read."""

    entry_id: int
    attempt_id: int
    score: int
    written: int
    correct: int
    perfect: int
    elapsed_ms: int
    started: int
    submitted: int
    prediction: int | None


_AT = {name: i for i, name in enumerate(_Row._fields)}

# criterion → where its value stands in a row; the others are made of all attempts or of the entry
_IN_ROW = {
    "correct": "correct", "all_correct": "perfect", "written": "written", "elapsed": "elapsed_ms", "started": "started",
    "submitted": "submitted",
}  # fmt: skip


def _ended(scope: Scope, round_id: int, chain: Sequence[str], entries: Collection[int] | None) -> Select[Any]:
    a = Attempt
    named = {criterion_name(step) for step in (*chain, *choosing_chain(scope.counted, scope.chain))}
    nothing = bindparam("nothing", 0, Integer)
    pools = select(Pool.id).where(Pool.division_id == scope.division_id)
    rows: Any = (
        select(
            a.entry_id,
            a.id,
            a.score,
            func.coalesce(a.written, 0),
            a.correct,
            type_coerce(a.all_correct, Integer),
            a.elapsed_ms,
            microseconds(a.started_at) if "started" in named else nothing,
            microseconds(a.ended_at) if "submitted" in named else nothing,
            a.prediction,
        )
        .where(a.round_id == round_id, a.state != AttemptState.OPEN.value, a.state.in_(ENDED), a.pool_id.in_(pools))
        .order_by(a.entry_id, a.ended_at, a.id)
    )
    return rows if entries is None else rows.where(a.entry_id.in_(entries))


def gather(
    scope: Scope,
    chain: Sequence[str],
    truth: int | None,
    entries: Sequence[int] | None = None,
    annulled: Collection[int] | None = None,
) -> Table:
    """The counted result of everybody in the scope, or of some entries.

    chain: the steps wanted as columns · truth: of the prediction, None while there is none · annulled: attempts that do
    not count, if not those that are annulled now; for looking ahead
    """
    annulled = set(db.session.scalars(annulled_ids())) if annulled is None else annulled
    if entries is not None and len(entries) > MOST_NAMED:
        named = [entries[i : i + MOST_NAMED] for i in range(0, len(entries), MOST_NAMED)]
        return _joined([gather(scope, chain, truth, some, annulled) for some in named], chain)
    rounds = [_of_round(scope, round_id, chain, entries, annulled) for round_id in scope.round_ids]
    chosen = rounds[0] if not scope.is_overall else _together(rounds, scope)
    return _table(chosen, chain, truth, _registered(scope, chain, entries))


@dataclass(slots=True)
class _Chosen:
    """The counted rows, with what all attempts of their entries make: consumed, all correct, milliseconds."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    perfect: list[int] = field(default_factory=list)
    total_ms: list[int] = field(default_factory=list)
    valid: int = 0


def _of_round(
    scope: Scope, round_id: int, chain: Sequence[str], entries: Collection[int] | None, annulled: Collection[int]
) -> _Chosen:
    found = _Chosen()
    rows, used, perfect, total_ms = found.rows, found.used, found.perfect, found.total_ms
    choose = _chooser(scope)
    for _entry_id, group in groupby(_fetched(_ended(scope, round_id, chain, entries)), key=itemgetter(0)):
        own = list(group)
        consumed = len(own)
        if annulled:
            own = [row for row in own if row[1] not in annulled]
            if not own:
                continue
        rows.append(own[0] if len(own) == 1 else min(own, key=choose))
        used.append(consumed)
        perfect.append(own[0][5] if len(own) == 1 else sum(row[5] for row in own))
        total_ms.append(own[0][6] if len(own) == 1 else sum(row[6] for row in own))
        found.valid += len(own)
    return found


def _fetched(rows: Select[Any]) -> Iterator[tuple[Any, ...]]:
    result = db.session.execute(rows, execution_options={"yield_per": STEP, "stream_results": True})
    for part in result.partitions(STEP):
        yield from map(tuple, part)


def _chooser(scope: Scope) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """The key by which an attempt is chosen among those of one entry: rules.counting.counted over a row."""
    steps: list[tuple[str, int]] = []
    for step in choosing_chain(scope.counted, scope.chain):
        name = criterion_name(step)
        steps.append(("" if name == "score" else _IN_ROW[name], -1 if criterion(step).more_is_better else 1))
    # the points are those of the machine and those of the judges
    parts = [(_AT["score"], _AT["written"], sign) if not name else (_AT[name], None, sign) for name, sign in steps]

    def key(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = [sign * (row[i] if j is None else row[i] + row[j]) for i, j, sign in parts]
        return (*values, row[8], row[1])

    return key


def _together(rounds: Sequence[_Chosen], scope: Scope) -> _Chosen:
    """The rounds of everybody as one row: rules.counting.together over rows."""
    best = _chooser(Scope(scope.division_id, scope.round_ids, scope.how, Counted.BEST, scope.chain))
    sums = {_AT[name] for name in ("score", "written", "correct", "perfect", "elapsed_ms")}
    by_entry: dict[int, tuple[tuple[Any, ...], int, int, int]] = {}
    for one in rounds:
        for row, used, perfect, total_ms in zip(one.rows, one.used, one.perfect, one.total_ms, strict=True):
            before = by_entry.get(row[0])
            if before is not None:
                if scope.how is Overall.SUM:
                    row = tuple(a + b if i in sums else b for i, (a, b) in enumerate(zip(before[0], row, strict=True)))
                else:
                    row = min(before[0], row, key=best)
                used, perfect, total_ms = used + before[1], perfect + before[2], total_ms + before[3]
            by_entry[row[0]] = (row, used, perfect, total_ms)
    in_order = [by_entry[entry_id] for entry_id in sorted(by_entry)]
    return _Chosen(
        [r[0] for r in in_order], [r[1] for r in in_order], [r[2] for r in in_order], [r[3] for r in in_order],
        sum(one.valid for one in rounds),
    )  # fmt: skip


def _table(chosen: _Chosen, chain: Sequence[str], truth: int | None, registered: Mapping[int, int]) -> Table:
    names = {criterion_name(step) for step in chain}
    if not chosen.rows:
        return Table(columns={name: [] for name in names}, attempts=chosen.valid)
    across: list[Any] = list(zip(*chosen.rows, strict=True))
    entry_ids = list(across[0])
    columns: dict[str, list[int]] = {}
    for name in names:
        match name:
            case "score":
                written = across[_AT["written"]]
                scores = across[_AT["score"]]
                columns[name] = [a + b for a, b in zip(scores, written, strict=True)] if any(written) else list(scores)
            case "prediction":
                columns[name] = [
                    NO_PREDICTION if p is None or truth is None else abs(p - truth) for p in across[_AT["prediction"]]
                ]
            case "attempts":
                columns[name] = chosen.used
            case "perfect_attempts":
                columns[name] = chosen.perfect
            case "total_elapsed":
                columns[name] = chosen.total_ms
            case "registered":
                columns[name] = [registered[entry_id] for entry_id in entry_ids]
            case _:
                columns[name] = list(across[_AT[_IN_ROW[name]]])
    return Table(entry_ids, list(across[1]), columns, chosen.valid)


def _registered(scope: Scope, chain: Sequence[str], entries: Collection[int] | None) -> dict[int, int]:
    if "registered" not in {criterion_name(step) for step in chain}:
        return {}
    rows = select(Entry.id, microseconds(Entry.registered_at)).where(Entry.division_id == scope.division_id)
    rows = rows if entries is None else rows.where(Entry.id.in_(entries))
    return dict(_fetched(rows))  # type: ignore[arg-type]


def _joined(parts: Sequence[Table], chain: Sequence[str]) -> Table:
    whole = Table(columns={criterion_name(step): [] for step in chain})
    for part in parts:
        whole.entry_ids += part.entry_ids
        whole.attempt_ids += part.attempt_ids
        whole.attempts += part.attempts
        for name, values in part.columns.items():
            whole.columns[name] += values
    return whole


class Place(NamedTuple):
    """A numbered row of a ranking."""

    position: int
    place: int
    tied: bool
    entry_id: int
    attempt_id: int
    key: bytes


def numbered(table: Table, chain: Sequence[str]) -> list[Place]:
    """Everybody of the table with a place; equals in the order of their entries."""
    size = tie_break.key_size(chain)
    rows = sorted(zip(table.keys(chain), table.entry_ids, table.attempt_ids, strict=True))
    found = tie_break.places([row[0] for row in rows], size)
    return [
        Place(position, place, tied, entry_id, attempt_id, key)
        for position, ((key, entry_id, attempt_id), (place, tied)) in enumerate(zip(rows, found, strict=True), 1)
    ]


# The truth of the prediction


def truth_query(contest: Contest, round_id: int | None) -> Select[Any]:
    """The statement that counts what the prediction asked for, over the valid attempts of all divisions.

    round_id: None for the whole contest
    """
    prediction = contest_rules(contest).prediction
    assert prediction is not None
    people: dict[Target, ColumnElement[int]] = {
        Target.ATTEMPTS: func.count(Attempt.id),
        Target.PEOPLE: func.count(Attempt.entry_id.distinct()),
        Target.PEOPLE_ALL_CORRECT: func.count(Attempt.entry_id.distinct()),
    }
    counted = select(people[prediction.target]).where(
        Attempt.round_id.in_([round_id] if round_id is not None else [r.id for r in contest.rounds]), *valid()
    )
    return counted.where(Attempt.all_correct.is_(True)) if prediction.target is Target.PEOPLE_ALL_CORRECT else counted


def count_truth(contest: Contest, round_id: int | None, *, without: int | None = None, with_: int | None = None) -> int:
    """The truth as it would be counted now.

    without, with_: an attempt that is left out, and one that is counted though it is annulled; for looking ahead
    """
    counted = truth_query(contest, round_id)
    if without is not None:
        counted = counted.where(Attempt.id != without)
    now = db.session.scalar(counted) or 0
    return now if with_ is None else _with(contest, round_id, with_, now)


def _with(contest: Contest, round_id: int | None, attempt_id: int, now: int) -> int:
    prediction = contest_rules(contest).prediction
    assert prediction is not None
    attempt = db.session.get_one(Attempt, attempt_id)
    if prediction.target is Target.ATTEMPTS:
        return now + 1
    if prediction.target is Target.PEOPLE_ALL_CORRECT and not attempt.all_correct:
        return now
    others = truth_query(contest, round_id).where(Attempt.entry_id == attempt.entry_id)
    return now + (0 if db.session.scalar(others) else 1)


def truth_round(rules: ContestRules, round_: Round | None) -> int | None:
    """Over what the truth of a ranking is counted: the id of its round, or None for the whole contest."""
    assert rules.prediction is not None
    if rules.prediction.scope is TruthScope.CONTEST or round_ is None:
        return None
    return round_.id


def participation(round_ids: Sequence[int]) -> list[list[int]]:
    """[[unit, people with a valid finished attempt], …], all divisions together; people without a unit are left out."""
    rows = db.session.execute(
        select(Entry.org_unit_id, func.count(Attempt.entry_id.distinct()))
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(Attempt.round_id.in_(round_ids), Entry.org_unit_id.is_not(None), *valid())
        .group_by(Entry.org_unit_id)
        .order_by(Entry.org_unit_id)
    )
    return [[unit_id, people] for unit_id, people in rows if unit_id is not None]


def count_open(round_ids: Sequence[int]) -> int:
    open_ = (Attempt.round_id.in_(round_ids), Attempt.state == AttemptState.OPEN)
    return db.session.scalar(select(func.count()).select_from(Attempt).where(*open_)) or 0


def valid() -> tuple[Any, Any, Any]:
    """Attempts that count: finished, and not annulled. The first term is that of the index of finished attempts."""
    return Attempt.state != AttemptState.OPEN.value, Attempt.state.in_(ENDED), Attempt.id.not_in(annulled_ids())
