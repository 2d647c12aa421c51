"""Figures of papers and items: how many attempts a second are counted, and in how much memory, on both databases.

BENCH_ATTEMPTS says how many; every paper has 20 questions drawn from 40. The attempts are made in a process of their own,
so that the peak of memory is that of the counting.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from bench.hot_path import databases
from quiz.app import create_app, system_clock
from quiz.attempts.models import Attempt
from quiz.attempts.papers import score
from quiz.contests.models import Division
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.db import db, transaction
from quiz.reports import item_figures
from quiz.rules.drawing import Cell, draw
from quiz.rules.marking import Worth
from quiz.settings import Settings
from tests.given import Given

ATTEMPTS = int(os.environ.get("BENCH_ATTEMPTS", "20000"))
QUESTIONS = 20
BATCH = 1_000


def application(url: str) -> Flask:
    return create_app(Settings(secret_key="of no use", database_url=url, base_url="http://127.0.0.1"))


def prepare(url: str) -> None:
    """A contest with so many finished attempts, all of one entry: people of different skill, who take their time."""
    app = application(url)
    with app.app_context():
        upgrade()
    given = Given(app, system_clock)
    contest_id = given.contest(items=QUESTIONS, rules={"attempt_limit": None})
    entry_id, (round_id,) = given.entry(contest_id), given.round_ids(contest_id)
    given.attempt(entry_id, round_id)
    dice = Random(1)
    with app.app_context():
        first = db.session.scalars(select(Attempt)).one()
        columns = {c.key: getattr(first, c.key) for c in Attempt.__table__.columns if c.key != "id"}
        cell = Cell(candidates_of(first.pool_id)[0].bank, "chung", None, QUESTIONS)
        for start in range(2, ATTEMPTS + 1, BATCH):
            numbers = range(start, min(start + BATCH, ATTEMPTS + 1))
            with transaction():
                db.session.execute(insert(Attempt), [columns | attempt(first.pool_id, cell, n, dice) for n in numbers])


def attempt(pool_id: int, cell: Cell, number: int, dice: Random) -> dict[str, Any]:
    """The columns in which one attempt differs from another.  The key of every item is option 2."""
    paper = [[item.version_id, list(item.order)] for item in draw(candidates_of(pool_id), [cell], number)]
    skill = dice.uniform(0.3, 1)
    given: dict[str, list[int]] = {}
    times: dict[str, int] = {}
    for question, (_version, order) in enumerate(paper, 1):
        given[str(question)] = [order.index(2) + 1 if dice.random() < skill else dice.randint(1, 4)]
        times[str(question)] = 20_000 * question + dice.randint(0, 19_999)
    responses = {"a": given, "f": [], "p": None, "t": times}
    result = score(paper, responses, Worth())
    return {
        "code": f"F{number:011d}",
        "number": number,
        "paper": paper,
        "responses": responses,
        "score": result.points,
        "max_score": result.maximum,
        "correct": result.correct,
        "all_correct": result.all_correct,
    }


def main() -> None:
    print(f"\nfigures of {ATTEMPTS} attempts, {QUESTIONS} questions each\n")
    print("| database | attempts/s | seconds | pool | peak memory, MB (before) |\n|---|---|---|---|---|")
    with databases() as urls:
        for name, url in urls:
            for step in (prepare, partial(count, name)):  # a process each, so that the peak of one is not the other's
                process = multiprocessing.get_context("spawn").Process(target=step, args=(url,))
                process.start()
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"{name}: {process.exitcode}")


def count(name: str, url: str) -> None:
    app = application(url)
    with app.app_context():
        division = db.session.scalars(select(Division)).one()
        pool_size = len(candidates_of(pool_id_of(division.id)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        with transaction():
            kept = item_figures.compute(division, now=system_clock() + timedelta(hours=1))
            assert kept.figures["n"] == ATTEMPTS
        took = time.perf_counter() - started
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = f"{peak // 1024} ({before // 1024})"
    print(f"| {name} | {ATTEMPTS / took:.0f} | {took:.1f} | {pool_size} | {memory} |", flush=True)


if __name__ == "__main__":
    main()
