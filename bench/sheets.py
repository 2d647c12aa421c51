"""The final ranking of a million entries: a chain of five steps with the prediction, from the click to the sealed sheet.

BENCH_ENTRIES says how many entries. The attempts are made in a process of their own, so that the peak of memory is that of
the ranking.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from bench.hot_path import databases
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.app import create_app, system_clock
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Entry, Round
from quiz.db import db, insert_many, transaction
from quiz.ranking import service
from quiz.settings import Settings
from tests.given import Given

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
QUESTIONS = 20
STEP = 20_000
CHAIN = ["score", "prediction", "elapsed", "attempts", "submitted"]


def application(url: str) -> Flask:
    return create_app(Settings(secret_key="of no use", database_url=url, base_url="http://127.0.0.1"))


def prepare(url: str, entries: int = ENTRIES) -> None:
    """A contest that closed an hour ago: so many people, one in five of whom sat twice, most of them with full marks."""
    app = application(url)
    with app.app_context():
        upgrade()
    now = system_clock()
    given = Given(app, system_clock)
    contest_id = given.contest(
        items=QUESTIONS,
        rules={"chain": CHAIN, "prediction": {"target": "people_all_correct"}, "attempt_limit": 2},
        opens_at=now - timedelta(days=10),
        closes_at=now - timedelta(hours=1),
    )
    given.account(Role.JUDGE, name="Giám Khảo")
    first = given.entry(contest_id)
    given.attempt(first, given.round_ids(contest_id)[0])
    with app.app_context():
        make_rows(entries, now)
        if db.engine.dialect.name == "postgresql":  # as autovacuum does soon after
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        else:
            with db.engine.begin() as connection:
                connection.execute(text("ANALYZE"))
        db.engine.dispose()


def make_rows(entries: int, now: datetime) -> None:
    """Accounts, entries and attempts like the first ones, in bulk."""
    account, entry, attempt = (columns_of(db.session.scalars(select(m).order_by(m.id.desc())).first())
                               for m in (Account, Entry, Attempt))  # fmt: skip
    highest = {
        m: db.session.scalar(select(m.id).order_by(m.id.desc()).limit(1)) or 0 for m in (Account, Entry, Attempt)
    }
    dice = Random(1)
    padding = {"a": {str(n): [n % 4 + 1] for n in range(1, QUESTIONS + 1)}, "f": [], "p": 1,
               "t": {str(n): 8123 * n for n in range(1, QUESTIONS + 1)}}  # fmt: skip
    for start in range(1, entries, STEP):
        numbers = range(start, min(start + STEP, entries))
        rows: dict[Any, list[dict[str, Any]]] = {Account: [], Entry: [], Attempt: []}
        for n in numbers:
            ids = {m: highest[m] + n for m in (Account, Entry)}
            name = f"{HO[n % 7]} {DEM[n % 5]} {TEN[n % 11]} {n}"
            folded = name.lower()
            rows[Account].append(account | {"id": ids[Account], "username": f"m{n}", "full_name": name})
            rows[Entry].append(
                entry
                | {"id": ids[Entry], "account_id": ids[Account], "full_name": name, "name_folded": folded,
                   "name_reversed": " ".join(reversed(folded.split())),
                   "registered_at": now - timedelta(days=10, seconds=dice.random())}
            )  # fmt: skip
            for number in range(1, 3 if n % 5 == 0 else 2):
                rows[Attempt].append(
                    attempt | {"id": highest[Attempt] + 2 * n + number, "code": f"M{n}-{number}", "entry_id": ids[Entry],
                               "account_id": ids[Account], "number": number, "responses": padding}
                    | sat(dice, now, entries)
                )  # fmt: skip
        with transaction():
            for model, of_model in rows.items():
                insert_many(model.__table__, of_model)


HO = ("nguyen", "tran", "le", "pham", "huynh", "vo", "dang")
DEM = ("van", "thi", "minh", "ngoc", "thanh")
TEN = ("an", "binh", "chau", "dung", "ha", "khoi", "lan", "minh", "phuc", "tam", "ut")


def columns_of(row: Any) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in row.__table__.columns}


def sat(dice: Random, now: datetime, entries: int) -> dict[str, Any]:
    """The columns in which one finished attempt differs from another."""
    score = QUESTIONS if dice.random() < 0.6 else dice.randint(8, QUESTIONS)
    started = now - timedelta(days=1 + 9 * dice.random())
    elapsed = dice.randint(45_000, 1_200_000)
    ended = started + timedelta(milliseconds=elapsed)
    return {
        "score": score, "max_score": QUESTIONS, "correct": score, "all_correct": score == QUESTIONS,
        "prediction": dice.randint(0, entries), "started_at": started, "deadline_at": started + timedelta(minutes=20),
        "accept_until": started + timedelta(minutes=20, seconds=10), "ended_at": ended, "saved_at": ended,
        "elapsed_ms": elapsed,
    }  # fmt: skip


def rank(name: str, url: str) -> None:
    app = application(url)
    with app.app_context():
        division = db.session.scalars(select(Division)).one()
        round_ = db.session.scalars(select(Round)).one()
        judge = db.session.scalars(select(Account).where(Account.full_name == "Giám Khảo")).one()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        with transaction():
            sheet = service.make_sheet(round_, division, judge, now=system_clock())
            people = sheet.people
        took = time.perf_counter() - started
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"| {name} | {people} | {took:.1f} | {peak // 1024} ({before // 1024}) |", flush=True)


def each_in_a_process(steps: Callable[[str, str], Iterator[Callable[[], None]]]) -> None:
    """Run the steps of every database, each in a process of its own, so that the peak of one is not the other's."""
    with databases() as urls:
        for name, url in urls:
            for step in steps(name, url):
                process = multiprocessing.get_context("spawn").Process(target=step)
                process.start()
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"{name}: {process.exitcode}")


def steps(name: str, url: str) -> Iterator[Callable[[], None]]:
    yield partial(prepare, url)
    yield partial(rank, name, url)


def main() -> None:
    print(f"\nfinal ranking of {ENTRIES} entries by {', '.join(CHAIN)}\n")
    print("| database | ranked | seconds | peak memory, MB (before) |\n|---|---|---|---|")
    each_in_a_process(steps)


if __name__ == "__main__":
    main()
