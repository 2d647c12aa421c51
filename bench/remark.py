"""A wrong key in a contest of 100,000 attempts of 20 questions, all of which hold the item: preview, marking anew, new sheet.

BENCH_ENTRIES says how many people; one in five has sat twice. The stored marks are made up, so that marking anew changes
nearly every attempt: the most that there can be to write.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from datetime import timedelta
from functools import partial

from flask_migrate import upgrade

from bench.hot_path import databases
from bench.sheets import CHAIN, QUESTIONS, application, make_rows
from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.app import system_clock
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Pool
from quiz.db import db, transaction
from quiz.marking import keys
from quiz.ranking import key_previews, service
from quiz.rules.keys import Overlay, What
from tests.given import Given

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "83334"))  # 100,000 attempts


def prepare(url: str) -> None:
    app = application(url)
    with app.app_context():
        upgrade()
    now = system_clock()
    given = Given(app, system_clock)
    contest = given.contest(
        items=QUESTIONS, rules={"chain": CHAIN, "prediction": {"target": "people_all_correct"}, "attempt_limit": 2},
        opens_at=now - timedelta(days=10), closes_at=now - timedelta(hours=1),
        prizes=[{"code": "nhat", "name": "Giải Nhất", "quota": 10, "amount": 1}],
    )  # fmt: skip
    for role in (Role.JUDGE, Role.ORGANIZER):
        given.account(role)
    entry = given.entry(contest)
    with app.app_context():
        pool = db.session.scalars(db.select(Pool)).first()
        paper = [[c[0], list(range(1, c[4] + 1))] for c in pool.candidates[:QUESTIONS]]
    given.attempt(entry, given.round_ids(contest)[0], paper=paper)
    with app.app_context():
        make_rows(ENTRIES, now)
        db.engine.dispose()


def measure(url: str, database: str) -> None:
    app = application(url)
    jobs.collect_less()  # as the process for jobs does
    spans: dict[str, float] = {}
    with app.app_context():
        organizer, judge = db.session.scalars(db.select(Account).order_by(Account.id).limit(2)).all()
        contest = db.session.scalars(db.select(Contest)).one()
        with transaction():
            service.make_sheet(contest.rounds[0], contest.divisions[0], judge, now=system_clock())
        version = db.session.scalars(db.select(Attempt).limit(1)).one().paper[3][0]
        with transaction():
            ruling = keys.propose(
                contest, version, Overlay(What.CORRECT, ((4,),)), organizer, why="bench", now=system_clock()
            )
            jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", organizer, now=system_clock())
        started = time.perf_counter()
        jobs.run_all(system_clock)
        spans["preview"] = time.perf_counter() - started
        assert jobs.latest(key_previews.JOB, f"key_ruling:{ruling.id}").state == jobs.JobState.DONE
        with transaction():
            keys.confirm(ruling, judge, now=system_clock())
        started = time.perf_counter()
        jobs.run_all(system_clock)
        spans["marking anew"] = time.perf_counter() - started
        db.session.expire_all()
        assert ruling.finished_at is not None
        started = time.perf_counter()
        with transaction():
            sheet = service.make_sheet(contest.rounds[0], contest.divisions[0], judge, now=system_clock())
        spans["new sheet"] = time.perf_counter() - started
        print(f"{database}: {sheet.attempts:,} attempts, {ruling.counts} – "
              + ", ".join(f"{name} {span:.1f} s" for name, span in spans.items())
              + f"; marking and ranking {spans['marking anew'] + spans['new sheet']:.1f} s")  # fmt: skip


def main() -> None:
    print("# A wrong key")
    with databases() as found:
        for database, url in found:
            for work in (partial(prepare, url), partial(measure, url, database)):
                process = multiprocessing.get_context("spawn").Process(target=work)
                process.start()
                process.join()


if __name__ == "__main__":
    main()
