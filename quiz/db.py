"""The database: one handle, the column types we share, and the door that opens and closes a transaction."""

from __future__ import annotations

import fcntl
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from pydantic_core import from_json
from sqlalchemy import JSON, DateTime, Dialect, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base  # Flask-SQLAlchemy makes db.Model at run time, which a type checker cannot follow
else:
    Model = db.Model


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment to the microsecond. SQLite has no time zones, so it stores the UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WriterLine:
    """Where the writers of one SQLite file queue up: threads at a lock, processes at a lock on a file beside it.

    SQLite has one writer at a time, and lets the others sleep in growing steps until they look again. Here the next one
    wakes at once; without it, one save in a hundred waited 186 ms.
    """

    def __init__(self, database: str) -> None:
        self._threads = threading.RLock()
        self._depth = 0
        self._file = open(f"{database}-writer", "ab")  # noqa: SIM115 kept as long as the process

    def join(self) -> None:
        self._threads.acquire()
        self._depth += 1
        if self._depth == 1:
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


_line_of = cache(WriterLine)  # one for each database file of this process


class QueueingConnection(sqlite3.Connection):
    """A connection that stands in the line of its file from its first write until its transaction has ended."""

    line: WriterLine | None = None  # set while in line

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        super().close()
        self._leave()

    def _leave(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            line.leave()


@event.listens_for(Engine, "before_cursor_execute")
def _queue_before_writing(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    raw = connection.connection.dbapi_connection
    if isinstance(raw, QueueingConnection) and raw.line is None and statement[:6] in ("INSERT", "UPDATE", "DELETE"):
        line = _line_of(connection.engine.url.database)
        line.join()
        raw.line = line


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on beside the one writer; FULL means that a commit we acknowledged is on disk."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


# Vietnamese as it is: escaped, each marked letter would take six bytes instead of three, to write and to read
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def engine_options(url: str) -> dict[str, Any]:
    """What an engine for this address needs beyond the address."""
    # pydantic's reader takes half the time of the standard library's
    options: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": from_json}
    if url.startswith("sqlite:///"):  # a file; one in memory has no second process to wait for
        return options | {"connect_args": {"timeout": 15, "factory": QueueingConnection}}
    return (
        options if url.startswith("sqlite") else options | {"pool_size": 10, "max_overflow": 10, "pool_recycle": 1800}
    )


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the services inside have written, or nothing of it. Services flush; only this door commits."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def insert_unless_taken(row: Any) -> bool:
    """Insert a new row, unless a unique constraint says that it, or its like, is there already. True when inserted.

    One statement decides, so two clicks at once need no lock, no savepoint and no check before. Columns that are not set
    take their database default or NULL; `row.id` is filled in.
    """
    table: Any = type(row).__table__
    values = {c.name: getattr(row, c.key) for c in table.columns if getattr(row, c.key) is not None}
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    statement = insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
    inserted = db.session.execute(statement).scalar_one_or_none()
    if inserted is not None:
        row.id = inserted
    return inserted is not None


def insert_many(table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, as fast as the database takes them: by COPY on PostgreSQL.

    Columns that are not named take what the database itself gives them.  Raises IntegrityError.
    """
    if not rows:
        return
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), rows)
        return
    names = list(rows[0])
    as_json = [isinstance(table.c[name].type, JSON) for name in names]
    _copy(table, names, ([_to_json(row[n]) if json_ else row[n] for n, json_ in zip(names, as_json, strict=True)]
                         for row in rows))  # fmt: skip


def insert_plain(table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of numbers, texts and bytes, which no column type has to convert: for hundreds of thousands of them.

    names: the columns, in the order of each row.  Raises IntegrityError.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        _copy(table, names, rows)
    elif rows:
        gaps = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({gaps})", list(rows))


def fetch_plain(statement: Any, step: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a SELECT by parts, as the driver gives them: for hundreds of thousands of rows of plain numbers.

    No column type converts them, so a truth value may be 0 or 1, and moments must be asked for as numbers.
    """
    connection = db.session.connection()
    query = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    raw: Any = connection.connection.dbapi_connection
    cursor = raw.cursor() if connection.dialect.name == "sqlite" else raw.cursor(binary=True)
    try:
        cursor.execute(query)
        while part := cursor.fetchmany(step):
            yield part
    finally:
        cursor.close()


def _copy(table: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    import psycopg  # only here: SQLite needs no driver of another database
    from psycopg import sql

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    cursor: Any = db.session.connection().connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise IntegrityError("COPY", None, error) from error
    finally:
        cursor.close()
