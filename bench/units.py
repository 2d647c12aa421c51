"""Units of a collective competition: how long a sheet of 5,000 units takes over a million attempts, on both databases.

BENCH_UNITS and BENCH_ATTEMPTS say how many. The attempts are made by SQL, one or two for each entry; papers are short, for
the index is all that is read. A process each, so that the peak of memory is that of the counting.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import runpy
import time
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from bench.hot_path import databases
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.app import TOP, create_app, system_clock
from quiz.contests.models import Contest
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_many, transaction
from quiz.ranking import service, tallies, unit_sheet_queries, unit_sheets
from quiz.ranking.unit_sheets import Competition, Known
from quiz.rules import collective
from quiz.settings import Settings
from tests.given import Given

UNITS = int(os.environ.get("BENCH_UNITS", "5000"))
ATTEMPTS = int(os.environ.get("BENCH_ATTEMPTS", "1000000"))
BLOCKS = 10
RULES = {
    "attempt_limit": 2,
    "collective": [
        {"code": "tong-hop", "name": "Tổng hợp", "formula": "sum", "prize_points": {"nhat": 10, "nhi": 8},
         "tie_breaks": ["participants", "score_sum"]},
    ],
}  # fmt: skip
PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 10}, {"code": "nhi", "name": "Giải Nhì", "quota": 90}]


def application(url: str) -> Flask:
    return create_app(Settings(secret_key="of no use", database_url=url, base_url="http://127.0.0.1"))


def prepare(url: str) -> None:
    """Units in blocks, four fifths of them below others, with headcounts; and two attempts for every fifth entry."""
    app = application(url)
    with app.app_context():
        upgrade()
    given = Given(app, system_clock)
    opens_at = system_clock() - timedelta(hours=3)
    contest_id = given.contest(rules=RULES, prizes=PRIZES, opens_at=opens_at, closes_at=opens_at + timedelta(hours=1))
    (round_id,) = given.round_ids(contest_id)
    entry_id = given.entry(contest_id)
    attempt_id = given.attempt(entry_id, round_id, started_at=opens_at)
    people = ATTEMPTS * 5 // 6
    with app.app_context():
        first = _units()
        postgresql = db.engine.dialect.name == "postgresql"
        numbers = (
            f"(SELECT n FROM generate_series(1, {people}) AS g(n))"
            if postgresql
            else f"(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {people}) SELECT n FROM g)"
        )
        unit = f"{first} + n % {UNITS}"
        with transaction():
            _copied("account", "account", f"{numbers} AS numbers", "TRUE", _by_name(
                id="1000 + n", username="'bench' || n", org_unit_id=unit,
            ))  # fmt: skip
            _copied("entry", "entry", f"{numbers} AS numbers", f"old.id = {entry_id}", _by_name(
                id="1000 + n", account_id="1000 + n", org_unit_id=unit,
            ))  # fmt: skip
            for number, condition in ((1, "TRUE"), (2, "n % 5 = 0")):
                _copied("attempt", "attempt", f"{numbers} AS numbers", f"old.id = {attempt_id} AND {condition}", _by_name(
                    id=f"{1000 + (number - 1) * people} + n", code=f"'B{number}-' || n", entry_id="1000 + n",
                    account_id="1000 + n", number=str(number), score=f"(n * 7 + {number}) % 5",
                    correct=f"(n * 7 + {number}) % 5", all_correct=f"((n * 7 + {number}) % 5) = 4",
                    elapsed_ms="30000 + n % 600000",
                ))  # fmt: skip
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE" if postgresql else "ANALYZE"))
        db.engine.dispose()


def _by_name(**columns: str) -> dict[str, str]:
    return columns


def _copied(table: str, source: str, numbers: str, condition: str, columns: dict[str, str]) -> None:
    """A row for each number, like the row of the source but for these columns."""
    names = [c.name for c in db.metadata.tables[table].columns]
    if table == "account":
        condition = f"old.id = (SELECT min(id) FROM account) AND {condition}"
    values = ", ".join(columns.get(name, f"old.{name}") for name in names)
    db.session.execute(
        text(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {source} AS old CROSS JOIN {numbers} WHERE {condition}"
        )
    )


def _units() -> int:
    """The units and their headcounts; the id of the first."""
    with transaction():
        first = (db.session.scalar(text("SELECT max(id) FROM org_unit")) or 0) + 1
        rows = [
            {"id": first + n, "code": f"B{n}", "name": f"Đơn vị {n}", "kind": "", "block": f"Khối {n % BLOCKS}",
             "parent_id": first + n // 5 if n % 5 else None, "note": ""}
            for n in range(UNITS)
        ]  # fmt: skip
        insert_many(OrgUnit.__table__, [r | {"parent_id": None} for r in rows])
        for row in rows:
            if row["parent_id"] not in (None, row["id"]):
                db.session.execute(
                    text("UPDATE org_unit SET parent_id = :parent_id WHERE id = :id"),
                    {"parent_id": row["parent_id"], "id": row["id"]},
                )
        day = (system_clock() - timedelta(days=100)).date()
        counts = [
            {"org_unit_id": first + n, "as_of": day, "people": 300 + n % 97 + (5000 if n < UNITS // 5 else 0),
             "obliged": 200, "population": None, "source": "số liệu thử"}
            for n in range(UNITS)
        ]  # fmt: skip
        insert_many(Headcount.__table__, counts)
    return first


def measure(name: str, url: str) -> None:
    app = application(url)
    seconds: dict[str, tuple[float, float]] = {}  # what → by the clock, of this process's processor
    now = system_clock()

    def timed(what: str, do: Any) -> Any:
        started, used = time.perf_counter(), time.process_time()
        result = do()
        seconds[what] = time.perf_counter() - started, time.process_time() - used
        return result

    with app.app_context():
        actor = db.session.scalars(select(Account).limit(1)).one()
        contest = db.session.scalars(select(Contest)).one()
        with transaction():
            service.make_sheet(contest.rounds[0], contest.divisions[0], actor, now=now)
    with app.app_context():
        actor = db.session.scalars(select(Account).limit(1)).one()
        contest = db.session.scalars(select(Contest)).one()
        # collect garbage as a worker does
        runpy.run_path(str(TOP / "deploy/gunicorn.conf.py"))["post_worker_init"](None)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rules = contest_rules(contest)
        competition = Competition(contest, None, rules.collective[0])
        timed("counting in SQL", lambda: tallies.of_round(rules, contest.rounds[0].id))
        timed("the same again", lambda: tallies.of_round(rules, contest.rounds[0].id))
        known = Known(contest)
        facts = tallies.gather(
            contest, [contest.rounds[0].id], known.tree, known.headcounts(competition.counted_on), {}, {}
        )
        ranked = timed("rules alone", lambda: collective.rank_units(facts.tallies, rules.collective[0].scheme))
        assert len(ranked) == UNITS

        def make() -> int:
            with transaction():
                return unit_sheets.make_unit_sheet(contest, None, rules.collective[0], actor, now=now).id

        sheet_id = timed("the whole sheet", make)
        whole, counting = seconds["the whole sheet"], seconds["the same again"]
        seconds["the sheet without the SQL count"] = whole[0] - counting[0], whole[1] - counting[1]
        sheet = unit_sheet_queries.unit_sheet_by_id(sheet_id)
        assert sheet is not None
        timed("is it out of date?", lambda: unit_sheets.changed_parts(sheet))
        timed("a page of 50", lambda: unit_sheet_queries.unit_standings(sheet_id, limit=50, offset=2000))
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, (took, used) in seconds.items():
        print(f"| {name} | {what} | {took:.2f} | {used:.2f} |", flush=True)
    print(f"| {name} | peak memory, MB (before) | {peak // 1024} ({before // 1024}) | |", flush=True)


def main() -> None:
    print(f"\nunits: {UNITS} in {BLOCKS} blocks, {ATTEMPTS} attempts\n")
    print("| database | what | seconds | processor, this side |\n|---|---|---|---|")
    with databases() as urls:
        for name, url in urls:
            for step in (prepare, partial(measure, name)):
                process = multiprocessing.get_context("spawn").Process(target=step, args=(url,))
                process.start()
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"{name}: {process.exitcode}")


if __name__ == "__main__":
    main()
