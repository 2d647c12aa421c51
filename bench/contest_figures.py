"""Statistics of a contest: the count that a job makes, and the pages and the final report that read it.

BENCH_ENTRIES says how many people; one in five sat twice. The default gives 100,000 attempts.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from bench.sheets import application, each_in_a_process, prepare
from quiz import jobs
from quiz.access import Role
from quiz.app import system_clock
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.reports import contest_figures
from tests.given import Given
from tests.visitor import Visitor

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "83334"))
TIMES = 15
PAGES = ("cuoc-thi/{}/theo-doi", "cuoc-thi/{}/thong-ke", "bao-cao", "cuoc-thi/{}/van-ban/bao-cao-tong-ket.docx")


def count(name: str, url: str) -> None:
    app = application(url)
    jobs.collect_less()
    with app.app_context():
        contest = db.session.scalars(db.select(Contest)).one()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with transaction():
            jobs.ask(contest_figures.JOB, contest_figures.subject_of(contest.id), None, now=system_clock())
        started = time.perf_counter()
        jobs.run_all(system_clock)
        took = time.perf_counter() - started
        kept = contest_figures.kept_of(contest.id)
        assert kept is not None
        attempts = contest_figures.figures_of(kept).attempts
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name}: {attempts:,} attempts counted in {took:.1f} s, {peak} MB at most ({before} before)", flush=True)


def read(name: str, url: str) -> None:
    app = application(url)
    # rows in bulk leave the sequence of accounts behind
    office = Visitor(app, Given(app, system_clock).account(Role.ORGANIZER, id=1_000_000_000))
    for page in PAGES:
        path, spans = "/to-chuc/" + page.format(1), []
        for _time in range(TIMES):
            started = time.perf_counter()
            assert office.get(path).status_code == 200, path
            spans.append(time.perf_counter() - started)
        print(f"{name}: {path} {1000 * statistics.median(spans):.0f} ms, at worst {1000 * max(spans):.0f}", flush=True)


def steps(name: str, url: str) -> Iterator[Callable[[], None]]:
    yield partial(prepare, url, ENTRIES)
    yield partial(count, name, url)
    yield partial(read, name, url)


def main() -> None:
    print("# Statistics of a contest")
    each_in_a_process(steps)


if __name__ == "__main__":
    main()
