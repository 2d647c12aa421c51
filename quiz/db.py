"""The database: one handle, the column types we share, and the door that opens and closes a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
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


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on beside the one writer; FULL means that a commit we acknowledged is on disk."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


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
