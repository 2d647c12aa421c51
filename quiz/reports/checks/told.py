"""What the journal tells, and the rows that it is held against."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from quiz.db import db
from quiz.journal import JournalRecord

STEP = 500  # rows read at once

# what reading a row raises that somebody has made nonsense of
DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error, zlib.error,
    zipfile.BadZipFile, SQLAlchemyError,
)  # fmt: skip

Faults = Iterator[str]


class Look:
    """One look at all rows: the journal as read once, and the rows that could not be read."""

    def __init__(self) -> None:
        self._records: dict[str, dict[int, list[JournalRecord]]] = defaultdict(lambda: defaultdict(list))
        self._unreadable: list[str] = []
        for record in self.rows(JournalRecord):
            db.session.expunge(
                record
            )  # so that undoing a transaction, after a row that is nonsense, leaves it as it is
            _kind, _colon, number = record.subject.partition(":")
            if number.isdigit():
                self._records[record.action][int(number)].append(record)

    # The journal

    def told(self, *actions: str) -> dict[int, list[JournalRecord]]:
        """Number of what was acted on → the records of these deeds, the first first."""
        found: dict[int, list[JournalRecord]] = defaultdict(list)
        for action in actions:
            for subject_id, records in self._records[action].items():
                found[subject_id] += records
        for records in found.values():
            records.sort(key=lambda record: record.seq)
        return found

    def of(self, subject_id: int, *actions: str) -> list[JournalRecord]:
        """The records of these deeds on one thing, the first first."""
        records = [record for action in actions for record in self._records[action].get(subject_id, ())]
        return sorted(records, key=lambda record: record.seq)

    def last(self, subject_id: int, *actions: str) -> JournalRecord | None:
        records = self.of(subject_id, *actions)
        return records[-1] if records else None

    def is_sealed(self, contest_id: int) -> bool:
        """Was the contest opened when the journal told of everything that people in office write in it?"""
        return any((record.after or {}).get("seals") for record in self.of(contest_id, "contest.opened"))

    # The rows

    def rows(self, model: Any, *where: Any) -> Iterator[Any]:
        """The rows of a table in the order of their keys; those that cannot be read are named when the check has ended."""
        key = inspect(model).primary_key
        keys = db.session.execute(select(*key).where(*where).order_by(*key)).all()
        for start in range(0, len(keys), STEP):
            some = [tuple(row) for row in keys[start : start + STEP]]
            try:
                found = db.session.scalars(select(model).where(_among(key, some)).order_by(*key)).all()
            except DAMAGE as error:
                _undo(error)
                yield from self._one_by_one(model, some)
            else:
                yield from found

    def _one_by_one(self, model: Any, keys: list[tuple[Any, ...]]) -> Iterator[Any]:
        for key in keys:
            try:
                row = db.session.get(model, key)
            except DAMAGE as error:
                _undo(error)
                name = f"{model.__tablename__} {', '.join(map(str, key))}"
                self._unreadable.append(f"{name}: cannot be read ({_why(error)})")
            else:
                yield row

    # The checks

    def through(self, check: Callable[[Look], Faults]) -> Faults:
        """What a check finds; where it cannot go on because a row is nonsense, that is a fault as well."""
        try:
            yield from check(self)
        except DAMAGE as error:
            _undo(error)
            yield f"{check.__name__.strip('_')}: cannot be checked to the end ({_why(error)})"
        yield from self._unreadable
        self._unreadable.clear()

    def at(self, row: Any, check: Callable[[Look, Any], Faults]) -> Faults:
        """What a check finds about one row, named when it cannot be understood."""
        name = f"{row.__tablename__} {', '.join(map(str, inspect(row).identity))}"
        try:
            yield from check(self, row)
        except DAMAGE as error:
            _undo(error)
            yield f"{name}: cannot be understood ({_why(error)})"


def _among(key: Any, some: list[tuple[Any, ...]]) -> Any:
    return key[0].in_([one for (one,) in some]) if len(key) == 1 else tuple_(*key).in_(some)


def _undo(error: BaseException) -> None:
    """What the database itself has refused ends its transaction; the others are only what we could not make sense of."""
    if isinstance(error, SQLAlchemyError):
        db.session.rollback()


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def by(record: JournalRecord | None) -> tuple[datetime | None, int | None]:
    """When a record was made and by whom."""
    return (record.at, record.actor_id) if record is not None else (None, None)
