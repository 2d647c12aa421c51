"""Alembic's entry: runs the steps over the application's own connection, on SQLite and on PostgreSQL."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from quiz.db import Moment, db


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A step must not import today's code, so our column type is written as what it is in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def is_ours(_object: Any, name: str | None, *_rest: Any) -> bool:
    """The index of words (banks/search.py) is made by hand: it has another shape in each database."""
    return not (name or "").startswith("item_search")


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_object=is_ours,
            process_revision_directives=drop_empty,
        )
        if connection.dialect.name == "sqlite":
            # SQLite alters a table by making it anew, for which its rows may have no guard for a moment
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


with current_app.app_context():
    run()
