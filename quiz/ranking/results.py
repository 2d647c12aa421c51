"""What counts of people's attempts, as columns that the chain packs into keys; read in few plain queries.

No row becomes an object of the session, and the rows come from one index, so that a million entries fit and are quick. How
an attempt is chosen and what rounds make together is decided by rules.counting; the loops here repeat those rules over
columns, and a test compares the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain as chain_of
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, func, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import BigInteger

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Division, Entry, Pool, Round
from quiz.contests.rule_set import ContestRules, contest_rules
from quiz.db import db, fetch_plain
from quiz.marking.queries import annulled_ids
from quiz.rules import tie_break
from quiz.rules.counting import Counted, Overall, choosing_chain
from quiz.rules.prediction import Scope as TruthScope
from quiz.rules.prediction import Target
from quiz.rules.tie_break import NO_PREDICTION, criterion, criterion_name

ENDED = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value)
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

    round_ids: in the order of the rounds · how: NONE for one round · choosing: the chain by which one of a person's
    attempts counts in its round; that of the rounds also where the whole contest is ranked by another, so that what is
    added up is what counted · ruling: the last on a wrong key by which all attempts have been marked
    """

    division_id: int
    round_ids: tuple[int, ...]
    how: Overall
    counted: Counted
    chain: tuple[str, ...]
    choosing: tuple[str, ...]
    ruling: int = 0

    @property
    def rules(self) -> str:
        """A mark of what ranks, which changes with it."""
        ranks: tuple[Any, ...] = (self.round_ids, self.how.value, self.counted.value, self.chain, self.choosing)
        if self.ruling:
            ranks = (*ranks, self.ruling)
        return hashlib.sha256(repr(ranks).encode()).hexdigest()

    @property
    def is_overall(self) -> bool:
        return self.how is not Overall.NONE


def scope_of(round_: Round | None, division: Division) -> Scope:
    """One round, or with None the whole contest by its overall rules."""
    rules = contest_rules(division.contest)
    ruling = rulings_of(division.contest).finished
    if round_ is not None:
        return Scope(division.id, (round_.id,), Overall.NONE, rules.counted, rules.chain, rules.chain, ruling)
    round_ids = tuple(r.id for r in division.contest.rounds)
    return Scope(division.id, round_ids, rules.overall.how, rules.counted, rules.overall.chain, rules.chain, ruling)


def board_chain(chain: Sequence[str]) -> tuple[str, ...]:
    """The chain of a provisional board: there is no truth yet to compare predictions with."""
    return tuple(step for step in chain if criterion_name(step) != "prediction") or ("score",)


@dataclass(slots=True)
class Table:
    """The counted results, a row for each ranked entry, in the order of the entries.

    columns: criterion → values, moments as microseconds; those that the chain names · valid: attempts of each that count ·
    attempts: how many those are together
    """

    entry_ids: list[int] = field(default_factory=list)
    attempt_ids: list[int] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=dict)
    valid: list[int] = field(default_factory=list)

    @property
    def attempts(self) -> int:
        return sum(self.valid)

    def keys(self, chain: Sequence[str]) -> list[bytes]:
        return tie_break.pack(self.columns, chain)


# criterion → the column of a row that holds it; the others are made of all attempts of an entry, or of the entry itself
_IN_ROW = {
    "score": "score", "correct": "correct", "all_correct": "perfect", "written": "written", "prediction": "prediction",
    "elapsed": "elapsed_ms", "started": "started", "submitted": "submitted",
}  # fmt: skip

_SUMMED = ("score", "correct", "perfect", "written", "elapsed_ms")

Row = tuple[Any, ...]


class NewMark(NamedTuple):
    """What an attempt would have after another marking.  gain: points more, or less · gain_correct: right items more"""

    gain: int
    gain_correct: int
    all_correct: bool


Marks = Mapping[int, NewMark]  # attempt id → its new mark


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of finished attempts are read, in order: no more than the chain needs, for a million rows are read.

    at: name → its place in a row; the first two are always the entry and the attempt
    """

    at: Mapping[str, int]

    @classmethod
    def needed(cls, scope: Scope, chain: Sequence[str]) -> _Columns:
        criteria = [criterion_name(step) for step in (*chain, *choosing_chain(scope.counted, scope.choosing))]
        if scope.how is Overall.BEST:  # chooses among rounds as among attempts
            criteria += [criterion_name(step) for step in choosing_chain(Counted.BEST, scope.chain)]
        names = ["entry_id", "attempt_id"]
        names += [_IN_ROW[name] for name in criteria if name in _IN_ROW]
        names += ["perfect"] * ("perfect_attempts" in criteria) + ["elapsed_ms"] * ("total_elapsed" in criteria)
        return cls({name: n for n, name in enumerate(dict.fromkeys(names))})

    def selected(self) -> list[ColumnElement[Any]]:
        a = Attempt
        columns: dict[str, Any] = {
            "entry_id": a.entry_id,
            "attempt_id": a.id,
            "score": a.score + func.coalesce(a.written, 0),  # the points of the machine and those of the judges
            "correct": a.correct,
            "perfect": type_coerce(a.all_correct, Integer),
            "written": func.coalesce(a.written, 0),
            "prediction": a.prediction,
            "elapsed_ms": a.elapsed_ms,
            "started": microseconds(a.started_at),
            "submitted": microseconds(a.ended_at),
        }
        return [columns[name] for name in self.at]

    def of(self, rows: Sequence[Row], name: str) -> list[int]:
        return list(map(itemgetter(self.at[name]), rows))


def _ended(
    scope: Scope, round_id: int, columns: _Columns, entries: Collection[int] | None, before: datetime | None
) -> Select[Any]:
    """Finished attempts, those of one entry together and the earlier first."""
    a = Attempt
    pools = select(Pool.id).where(Pool.division_id == scope.division_id)
    rows: Any = (
        select(*columns.selected())
        .where(a.round_id == round_id, a.state != AttemptState.OPEN.value, a.state.in_(ENDED), a.pool_id.in_(pools))
        .order_by(a.entry_id, a.ended_at, a.id)
    )
    rows = rows if before is None else rows.where(a.ended_at < before)
    return rows if entries is None else rows.where(a.entry_id.in_(entries))


def gather(
    scope: Scope,
    chain: Sequence[str],
    truth: int | None,
    entries: Sequence[int] | None = None,
    annulled: Collection[int] | None = None,
    before: datetime | None = None,
    marks: Marks | None = None,
) -> Table:
    """The counted result of everybody in the scope, or of some entries.

    chain: the steps wanted as columns · truth: of the prediction, None while there is none · annulled: attempts that do
    not count, if not those that are annulled now; for looking ahead · before: only attempts that ended before this moment ·
    marks: what some attempts have in place of their own marks; for looking ahead
    """
    annulled = set(db.session.scalars(annulled_ids())) if annulled is None else annulled
    if entries is not None and len(entries) > MOST_NAMED:
        named = [entries[i : i + MOST_NAMED] for i in range(0, len(entries), MOST_NAMED)]
        return _joined([gather(scope, chain, truth, some, annulled, before, marks) for some in named], chain)
    columns = _Columns.needed(scope, chain)
    rounds = [_of_round(scope, round_id, columns, entries, annulled, before, marks) for round_id in scope.round_ids]
    chosen = rounds[0] if not scope.is_overall else _together(rounds, scope, columns)
    return _table(chosen, columns, chain, truth, _registered(scope, chain, entries))


@dataclass(slots=True)
class _Chosen:
    """The counted rows, with what all attempts of their entries make: consumed, all correct, milliseconds,
    and how many are valid.

    The sums are there only where the rows have what is summed.
    """

    rows: list[Row] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    perfect: list[int] = field(default_factory=list)
    total_ms: list[int] = field(default_factory=list)
    valid: list[int] = field(default_factory=list)


def _of_round(
    scope: Scope,
    round_id: int,
    columns: _Columns,
    entries: Collection[int] | None,
    annulled: Collection[int],
    before: datetime | None,
    marks: Marks | None,
) -> _Chosen:
    rows = list(_fetched(_ended(scope, round_id, columns, entries, before)))
    if marks:
        rows = [_with_marks(row, marks[row[1]], columns) if row[1] in marks else row for row in rows]
    ids = columns.of(rows, "entry_id")
    starts = [0, *(n for n, (a, b) in enumerate(pairwise(ids), 1) if a != b)] if rows else []
    if len(starts) == len(rows) and not annulled:  # nobody has sat twice
        return _Chosen(rows, [1] * len(rows), *_sums_of_singles(rows, columns), [1] * len(rows))
    chosen = _Chosen()
    choose = _chooser(scope, columns)
    at_perfect, at_ms = columns.at.get("perfect"), columns.at.get("elapsed_ms")
    for start, end in pairwise([*starts, len(rows)]):
        own = rows[start:end] if not annulled else [row for row in rows[start:end] if row[1] not in annulled]
        if not own:
            continue
        one = own[0] if len(own) == 1 else min(own, key=choose)  # of equals the first, which is the earlier
        chosen.rows.append(one)
        chosen.used.append(end - start)
        chosen.valid.append(len(own))
        if at_perfect is not None:
            chosen.perfect.append(sum(row[at_perfect] for row in own) if len(own) > 1 else one[at_perfect])
        if at_ms is not None:
            chosen.total_ms.append(sum(row[at_ms] for row in own) if len(own) > 1 else one[at_ms])
    return chosen


def _with_marks(row: Row, mark: NewMark, columns: _Columns) -> Row:
    values = list(row)
    for name, change in (("score", mark.gain), ("correct", mark.gain_correct)):
        if name in columns.at:
            values[columns.at[name]] += change
    if "perfect" in columns.at:
        values[columns.at["perfect"]] = int(mark.all_correct)
    return tuple(values)


def _sums_of_singles(rows: Sequence[Row], columns: _Columns) -> tuple[list[int], list[int]]:
    return (
        columns.of(rows, "perfect") if "perfect" in columns.at else [],
        columns.of(rows, "elapsed_ms") if "elapsed_ms" in columns.at else [],
    )


def _fetched(rows: Select[Any]) -> Iterator[Row]:
    return chain_of.from_iterable(fetch_plain(rows))


def _chooser(scope: Scope, columns: _Columns) -> Callable[[Row], Any]:
    """The key by which an attempt is chosen among those of one entry: rules.counting.counted over a row."""
    steps = [
        (columns.at[_IN_ROW[criterion_name(step)]], -1 if criterion(step).more_is_better else 1)
        for step in choosing_chain(scope.counted, scope.choosing)
    ]
    return lambda row: [sign * row[at] for at, sign in steps]


def _together(rounds: Sequence[_Chosen], scope: Scope, columns: _Columns) -> _Chosen:
    """The rounds of everybody as one row: rules.counting.together over rows."""
    across = replace(scope, counted=Counted.BEST, choosing=scope.chain)
    best = _chooser(across, columns) if scope.how is Overall.BEST else None
    sums = {columns.at[name] for name in _SUMMED if name in columns.at}
    by_entry: dict[int, tuple[Row, int, int, int, int]] = {}
    for one in rounds:
        nothing = [0] * len(one.rows)
        columns_of = (one.rows, one.used, one.perfect or nothing, one.total_ms or nothing, one.valid)
        for row, used, perfect, total_ms, valid_ in zip(*columns_of, strict=True):
            before = by_entry.get(row[0])
            if before is None:
                by_entry[row[0]] = (row, used, perfect, total_ms, valid_)
                continue
            if best is None:
                row = tuple(a + b if i in sums else b for i, (a, b) in enumerate(zip(before[0], row, strict=True)))
            else:
                row = min(before[0], row, key=best)
            by_entry[row[0]] = (row, used + before[1], perfect + before[2], total_ms + before[3], valid_ + before[4])
    found = _Chosen()
    for entry_id in sorted(by_entry):
        row, used, perfect, total_ms, valid_ = by_entry[entry_id]
        found.valid.append(valid_)
        found.rows.append(row)
        found.used.append(used)
        found.perfect.append(perfect)
        found.total_ms.append(total_ms)
    return found


def _table(
    chosen: _Chosen, columns: _Columns, chain: Sequence[str], truth: int | None, registered: Mapping[int, int]
) -> Table:
    rows = chosen.rows
    entry_ids = columns.of(rows, "entry_id")
    found: dict[str, list[int]] = {}
    for name in {criterion_name(step) for step in chain}:
        match name:
            case "prediction":
                guesses = columns.of(rows, "prediction")
                found[name] = [NO_PREDICTION if g is None or truth is None else abs(g - truth) for g in guesses]
            case "attempts":
                found[name] = chosen.used
            case "perfect_attempts":
                found[name] = chosen.perfect
            case "total_elapsed":
                found[name] = chosen.total_ms
            case "registered":
                found[name] = [registered[entry_id] for entry_id in entry_ids]
            case _:
                found[name] = columns.of(rows, _IN_ROW[name])
    return Table(entry_ids, columns.of(rows, "attempt_id"), found, chosen.valid)


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
        whole.valid += part.valid
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


@dataclass(frozen=True, slots=True)
class Numbered:
    """Everybody of a table in the order of their places, as columns: a million rows are not made into objects.

    by_entry: (entry, position) in the order of the entries
    """

    numbers: Sequence[int]
    shared: Sequence[bool]
    entry_ids: Sequence[int]
    attempt_ids: Sequence[int]
    keys: Sequence[bytes]
    by_entry: Sequence[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Place]:
        columns = (self.numbers, self.shared, self.entry_ids, self.attempt_ids, self.keys)
        return map(Place._make, zip(range(1, len(self) + 1), *columns, strict=True))


def numbered(table: Table, chain: Sequence[str]) -> Numbered:
    """Everybody of the table with a place; equals in the order of their entries."""
    keys = table.keys(chain)
    order = sorted(range(len(keys)), key=keys.__getitem__)  # a sort keeps the order of equals
    in_order = [keys[i] for i in order]
    numbers, shared = tie_break.places(in_order)
    positions = [0] * len(order)
    for position, i in enumerate(order, 1):
        positions[i] = position
    return Numbered(
        numbers,
        shared,
        [table.entry_ids[i] for i in order],
        [table.attempt_ids[i] for i in order],
        in_order,
        list(zip(table.entry_ids, positions, strict=True)),
    )


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
