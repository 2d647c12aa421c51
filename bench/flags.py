"""Flags of a round: how long the look over all its attempts takes, in how much memory, what it finds, and whom it wrongs.

BENCH_ATTEMPTS says how many (100,000); every paper has 20 questions drawn from 40. The field is made up: people of different
skill and speed in 200 units, items of different difficulty with wrong options that pull differently. Fifty copiers took over
all answers of a person in their network a minute later, ten people were done in forty seconds, twenty devices had three
people, ten people registered twice. All other flags are false ones.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import time
from collections import Counter
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, select

from bench.figures import application
from bench.hot_path import databases
from quiz.accounts.models import Account
from quiz.app import system_clock
from quiz.attempts.models import Attempt
from quiz.contests.models import Entry
from quiz.contests.pools import candidates_of
from quiz.db import db, transaction
from quiz.marking import flags
from quiz.marking.models import Flag, FlagAttempt
from tests.given import Given

ATTEMPTS = int(os.environ.get("BENCH_ATTEMPTS", "100000"))
QUESTIONS = 20
BATCH = 2_000
UNITS = 200
COPIERS, FAST, DEVICES, TWICE = 50, 10, 20, 10


def prepare(url: str) -> None:
    app = application(url)
    with app.app_context():
        upgrade()
    given = Given(app, system_clock)
    contest_id = given.contest(items=QUESTIONS, closes_at=system_clock() + timedelta(days=14))
    (round_id,) = given.round_ids(contest_id)
    units = [given.org_unit(f"Đơn vị {n}") for n in range(UNITS)]
    given.attempt(given.entry(contest_id), round_id)
    dice = Random(2)
    with app.app_context():
        first = db.session.scalars(select(Attempt)).one()
        account = _columns(db.session.get_one(Account, first.account_id))
        entry = _columns(db.session.get_one(Entry, first.entry_id))
        base = _columns(first)
        versions = [c.version_id for c in candidates_of(first.pool_id)][: 2 * QUESTIONS]
        hard = {v: dice.gauss(-1.2, 1) for v in versions}
        pull = {v: [dice.random() ** 1.5 + 0.05 for _ in range(3)] for v in versions}
        slow = {v: dice.gauss(math.log(25_000), 0.3) for v in versions}
        before: dict[str, Any] = {}
        for start in range(2, ATTEMPTS + 1, BATCH):
            people, entries, attempts = [], [], []
            for n in range(start, min(start + BATCH, ATTEMPTS + 1)):
                name = "Người Đăng Ký Hai Lần" if n in range(600, 600 + 2 * TWICE) else f"Người {n}"
                born = date(
                    1980 + (n // 2) % 40 if n < 700 else 1980 + n % 40, n // 2 % 12 + 1 if n < 700 else n % 12 + 1, 1
                )
                unit = units[n // 2 % UNITS] if n < 700 else dice.choice(units)
                people.append(
                    account | {"id": n, "username": f"n{n}", "full_name": name, "name_folded": name, "birth_date": born}
                )
                entries.append(entry | {"id": n, "account_id": n, "full_name": name, "name_folded": name, "birth_date": born,
                                        "org_unit_id": unit})  # fmt: skip
                own = _attempt(n, versions, hard, pull, slow, before, dice)
                before = own
                attempts.append(base | own | {"code": f"F{n:011d}", "entry_id": n, "account_id": n})
            with transaction():
                for table, rows in ((Account, people), (Entry, entries), (Attempt, attempts)):
                    db.session.execute(insert(table), rows)
        db.engine.dispose()


def _columns(row: Any) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in type(row).__table__.columns if c.key != "id"}


def _attempt(n: int, versions: list[int], hard: Any, pull: Any, slow: Any, before: Any, dice: Random) -> dict[str, Any]:
    """The columns in which one attempt differs from another.  The key of every item is option 2."""
    copies = 2 <= n < 2 + 2 * COPIERS and n % 2 == 1
    if copies:
        began = before["started_at"] + timedelta(seconds=dice.uniform(20, 120))
        return before | {"started_at": began, "device_mark": f"{n:018}"}
    fast = 300 <= n < 300 + FAST
    skill, pace = dice.gauss(2.5 if fast else 0.3, 1), dice.gauss(math.log(0.08) if fast else 0, 0.3)
    given, times, at, right = {}, {}, 0.0, 0
    drawn = dice.sample(versions, QUESTIONS)
    for k, v in enumerate(drawn, 1):
        is_right = dice.random() < 1 / (1 + math.exp(hard[v] - skill))
        given[str(k)] = [2] if is_right else [(1, 3, 4)[dice.choices(range(3), pull[v])[0]]]
        right += is_right
        at += math.exp(slow[v] + pace + dice.gauss(0, 0.5))
        times[str(k)] = int(at)
    began = system_clock() - timedelta(seconds=dice.uniform(0, 14 * 86400))
    device = f"d{n // 3:017}" if 400 <= n < 400 + 3 * DEVICES else f"{n:018}"
    return {
        "paper": [[v, [1, 2, 3, 4]] for v in drawn], "responses": {"a": given, "f": [], "p": None, "t": times}, "score": right,
        "max_score": QUESTIONS, "correct": right, "all_correct": right == QUESTIONS, "elapsed_ms": int(at) + 3000,
        "started_at": began, "network": f"n{n // 2 if n < 200 else dice.randrange(ATTEMPTS // 3):017}", "device_mark": device,
        "network_changes": min(6, int(dice.expovariate(1.2))), "deadline_at": began + timedelta(hours=2),
        "accept_until": began + timedelta(hours=2), "ended_at": began + timedelta(hours=1),
    }  # fmt: skip


def look(name: str, url: str) -> None:
    app = application(url)
    with app.app_context():
        round_id = db.session.scalars(select(Attempt.round_id).limit(1)).one()
        started = time.perf_counter()
        with transaction():
            result = flags.compute(round_id, now=system_clock())
        took = time.perf_counter() - started
        rows = db.session.execute(
            select(Flag.id, Flag.kind, Attempt.entry_id)
            .join(FlagAttempt, FlagAttempt.flag_id == Flag.id)
            .join(Attempt, Attempt.id == FlagAttempt.attempt_id)
        )
        of: dict[tuple[int, str], list[int]] = {}
        for flag_id, kind, entry_id in rows:
            of.setdefault((flag_id, kind), []).append(entry_id)
        true, false = Counter[str](), Counter[str]()
        for (_id, kind), entries in of.items():
            (true if _is_planted(kind, sorted(entries)) else false)[kind] += 1
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {name} | {result['attempts']} | {took:.1f} | {peak} |", flush=True)
    planted = {"alike": COPIERS, "fast_paper": FAST, "fast_answers": FAST, "one_device": DEVICES, "same_person": TWICE}
    for kind in sorted(true.keys() | false.keys() | planted.keys()):
        print(
            f"|   {kind} | planted {planted.get(kind, '–')} | found {true[kind]} | others {false[kind]} |", flush=True
        )


def _is_planted(kind: str, entries: list[int]) -> bool:
    low, high = entries[0], entries[-1]
    match kind:
        case "alike":
            return high - low == 1 and low % 2 == 0 and high < 2 + 2 * COPIERS
        case "fast_paper" | "fast_answers":
            return 300 <= low < 300 + FAST
        case "one_device" | "overlap":
            return 400 <= low <= high < 400 + 3 * DEVICES
        case "same_person":
            return 600 <= low <= high < 600 + 2 * TWICE
    return False


def main() -> None:
    print(f"\nflags of {ATTEMPTS} attempts, {QUESTIONS} questions each\n")
    print("| database | attempts | seconds | peak memory, MB |\n|---|---|---|---|")
    with databases() as urls:
        for name, url in urls:
            for step in (prepare, partial(look, name)):  # a process each, so that the peak of one is not the other's
                process = multiprocessing.get_context("spawn").Process(target=step, args=(url,))
                process.start()
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"{name}: {process.exitcode}")


if __name__ == "__main__":
    main()
