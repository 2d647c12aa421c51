"""A million people on a board, on both databases: building it from scratch, taking in what ended, its pages and places, and
what all that costs those who save.

BENCH_PEOPLE says how many; pages are timed at 10,000 too. Attempts have papers of 20 questions (about 1.7 KB a row). Each
part runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import resource
import statistics
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text, update

from bench.client import Connection, Figures, run, timed
from bench.hot_path import CLIENTS, QUESTIONS, SECONDS, SECRET, Person, databases, document, gunicorn
from quiz.accounts.models import OrgUnit
from quiz.app import create_app, system_clock
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry, Round
from quiz.db import db, insert_many, transaction
from quiz.ranking import board_queries, boards
from quiz.ranking.models import Board, BoardEntry
from quiz.settings import Settings
from quiz.text import plain
from tests.given import Given

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
SMALL = 10_000
LATE = 60_000  # people besides, whose attempts end while something is measured
UNITS = 2_000
CHUNK = 50_000
CHAIN = ["score", "elapsed", "submitted"]

FAMILY = ["Nguyễn"] * 38 + ["Trần"] * 11 + ["Lê"] * 9 + ["Phạm"] * 7 + ["Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng",
          "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Mai", "Trịnh", "Châu"]  # fmt: skip
MIDDLE = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Thu", "Hồng", "Gia", "Bảo"]
GIVEN = ["An", "Anh", "Bình", "Chi", "Cường", "Dung", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hùng", "Hương",
         "Khánh", "Lan", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Phúc", "Phương", "Quân", "Sáu", "Sơn", "Tâm", "Thảo",
         "Trang", "Tuấn", "Uyên", "Việt", "Xuân", "Yến"]  # fmt: skip


def application(url: str) -> Flask:
    return create_app(Settings(secret_key=SECRET, database_url=url, base_url="http://127.0.0.1", secure_cookies=False))


def prepare(url: str, people: int) -> None:
    """A contest with so many people whose attempt has ended, and some more whose attempts no board knows yet."""
    app = application(url)
    with app.app_context():
        upgrade()
    now = system_clock()
    given = Given(app, system_clock)
    contest_id = given.contest(
        items=QUESTIONS, rules={"attempt_limit": None, "chain": CHAIN, "review_release": "after_submit"},
        opens_at=now - timedelta(days=6), closes_at=now + timedelta(days=1),
    )  # fmt: skip
    first = given.entry(contest_id)
    (round_id,), (division_id,) = given.round_ids(contest_id), given.division_ids(contest_id)
    given.attempt(first, round_id)
    dice = Random(1)
    with app.app_context():
        pattern = db.session.scalars(select(Attempt)).one()
        account_id = pattern.account_id
        paper = [[1_000 + n, [1, 2, 3, 4]] for n in range(QUESTIONS)]
        responses = document(QUESTIONS) | {"t": {str(n): 20_000 * n for n in range(1, QUESTIONS + 1)}}
        padding = {str(n): "x" * 40 for n in range(20)}  # paper and answers of the usual size
        columns = {c.key: getattr(pattern, c.key) for c in Attempt.__table__.columns if c.key != "id"}
        columns |= {"paper": paper, "responses": responses | {"s": padding}}
        with transaction():
            db.session.execute(text("DELETE FROM attempt_news"))
            insert_many(OrgUnit.__table__, [
                {"code": f"don-vi-{n}", "name": f"Đơn vị {n}", "block": f"Khối {n % 20}", "kind": "", "note": ""}
                for n in range(UNITS)
            ])  # fmt: skip
        unit_ids = list(db.session.scalars(select(OrgUnit.id).order_by(OrgUnit.id)))
        _accounts(account_id, people + LATE)
        account_ids = iter(
            db.session.execute(text(f"SELECT id FROM account WHERE id <> {account_id} ORDER BY id")).all()
        )
        for begin in range(0, people + LATE, CHUNK):
            entries, size = [], min(CHUNK, people + LATE - begin)
            for (account,) in itertools.islice(account_ids, size):
                name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
                folded = plain(name)
                unit = unit_ids[int(UNITS * dice.random() ** 2.5)] if dice.random() < 0.6 else None
                entries.append({
                    "contest_id": contest_id, "division_id": division_id, "account_id": account, "full_name": name,
                    "name_folded": folded, "name_reversed": " ".join(reversed(folded.split())),
                    "birth_date": date(1990, 1, 1), "org_unit_id": unit, "belongs_to": "Xã Bến Cầu", "declared": False,
                    "registered_at": now - timedelta(days=5),
                })  # fmt: skip
            with transaction():
                insert_many(Entry.__table__, entries)
        entry_ids = db.session.execute(
            select(Entry.id, Entry.account_id).where(Entry.id != first).order_by(Entry.id)
        ).all()
        for begin in range(0, people + LATE, CHUNK):
            attempts = []
            for n, (entry_id, account) in enumerate(entry_ids[begin : begin + CHUNK], begin):
                correct = 20 - min(int(dice.expovariate(0.5)), 20)
                seconds = 120 + dice.random() * 900
                started = now - timedelta(seconds=3_600 + dice.random() * 400_000)
                ended = started + timedelta(seconds=seconds)
                attempts.append(columns | {
                    "code": f"B{n:011d}", "entry_id": entry_id, "account_id": account, "started_at": started,
                    "deadline_at": started + timedelta(minutes=20), "accept_until": started + timedelta(minutes=21),
                    "saved_at": ended, "ended_at": ended, "elapsed_ms": int(seconds * 1000), "score": correct,
                    "max_score": 20, "correct": correct, "all_correct": correct == 20,
                })  # fmt: skip
            with transaction():
                insert_many(Attempt.__table__, attempts)
        _hide_the_late(people)
        _analyze(url)
        db.engine.dispose()


def _accounts(first: int, number: int) -> None:
    """Copies of the first account, made by the database."""
    names = db.session.execute(text("SELECT * FROM account LIMIT 1")).keys()
    own = {"id", "username", "email", "phone"}
    others = [n for n in names if n not in own]
    series = (
        "generate_series(1, :n) AS numbers(n)"
        if db.engine.dialect.name == "postgresql"
        else "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < :n) SELECT n FROM r) AS numbers"
    )
    columns = ", ".join(others)
    with transaction():
        db.session.execute(
            text(
                f"INSERT INTO account (username, {columns}) SELECT 'tai' || numbers.n, "
                f"{', '.join('a.' + n for n in others)} FROM account a, {series} WHERE a.id = :id"
            ),
            {"n": number, "id": first},
        )


def _hide_the_late(people: int) -> None:
    """Attempts of the late stay open until `let_end`."""
    threshold = db.session.scalar(select(Attempt.id).order_by(Attempt.id).offset(people + 1).limit(1))
    with transaction():
        db.session.execute(text("CREATE TABLE late AS SELECT id, ended_at, elapsed_ms, score, max_score, correct, all_correct "
                                "FROM attempt WHERE id >= :id"), {"id": threshold})  # fmt: skip
        db.session.execute(
            update(Attempt.__table__).where(Attempt.__table__.c.id >= threshold).values(
                state="open", ended_at=None, elapsed_ms=None, score=None, max_score=None, correct=None, all_correct=None,
                deadline_at=system_clock() + timedelta(hours=20), accept_until=system_clock() + timedelta(hours=20),
            )
        )  # fmt: skip


def _analyze(url: str) -> None:
    with db.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(
            text("VACUUM ANALYZE" if url.startswith("postgresql") else "PRAGMA wal_checkpoint(TRUNCATE)")
        )


def let_end(number: int) -> None:
    """So many of the late end, as a submission ends them: the row, and the news of it. In the caller's transaction."""
    ids = db.session.execute(text("SELECT id FROM late ORDER BY id LIMIT :n"), {"n": number}).scalars().all()
    a, b = ids[0], ids[-1]
    for statement in (
        "UPDATE attempt SET state = 'submitted', ended_at = late.ended_at, elapsed_ms = late.elapsed_ms, score = late.score, "
        "max_score = late.max_score, correct = late.correct, all_correct = late.all_correct FROM late "
        "WHERE late.id = attempt.id AND late.id BETWEEN :a AND :b",
        "INSERT INTO attempt_news (attempt_id, round_id) SELECT id, round_id FROM attempt WHERE id BETWEEN :a AND :b",
        "DELETE FROM late WHERE id BETWEEN :a AND :b",
    ):
        db.session.execute(text(statement), {"a": a, "b": b})


def in_process(work: Callable[..., None], *arguments: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work}: {process.exitcode}")


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def build(name: str, url: str) -> None:
    app = application(url)
    with app.app_context():
        contest = db.session.scalars(select(Contest)).one()
        (plan,) = boards.plans(contest, contest.rounds)
        before, began = peak_mb(), time.perf_counter()
        assert boards.build(plan, now=system_clock())
        took = time.perf_counter() - began
        people = db.session.scalar(select(Board.people).where(Board.state == "live"))
        db.session.rollback()
        _analyze(url)
        print(
            f"| {name} | from scratch, {people} people | {took:.2f} s | {peak_mb()} MB ({before} before) |", flush=True
        )
        db.engine.dispose()


def fold(name: str, url: str, number: int = 2_000) -> None:
    app = application(url)
    with app.app_context():
        round_id = db.session.scalars(select(Round.id)).one()
        for _ in range(3):
            with transaction():
                let_end(number)
            longest: list[float] = []
            real = boards._take

            def watched(*arguments: Any, real: Any = real, longest: list[float] = longest) -> int:
                began = time.perf_counter()
                try:
                    return real(*arguments)
                finally:
                    longest.append(time.perf_counter() - began)

            boards._take = watched  # type: ignore[assignment]
            began = time.perf_counter()
            assert boards.fold(round_id, now=system_clock()) == number
            took = time.perf_counter() - began
            boards._take = real
            print(
                f"| {name} | fold of {number} | {took:.2f} s | {peak_mb()} MB, batch median "
                f"{statistics.median(longest) * 1000:.1f} ms, worst {max(longest) * 1000:.1f} ms |",
                flush=True,
            )
        db.engine.dispose()


def pages(name: str, url: str) -> None:
    """Server time of whole pages: the application is called in this process, without a network."""
    app = application(url)
    with app.app_context():
        board = db.session.scalars(select(Board).where(Board.state == "live")).one()
        slug = db.session.scalars(select(Contest.slug)).one()
        middle = board_queries.key_at(board.id, board.people // 2)
        assert middle is not None
        deep = urlsafe_b64encode(middle).decode()
        units = sorted(board.participation, key=lambda row: row[1])
        small, large = units[0][0], units[-1][0]
        somebody = db.session.scalars(
            select(Entry.account_id).join(BoardEntry, BoardEntry.entry_id == Entry.id).where(BoardEntry.key == middle)
        ).one()
        people = board.people
    path = f"/bang-xep-hang/{slug}/ky-1/bang-1"
    visitor, member = app.test_client(), app.test_client()
    with member.session_transaction() as session:
        session.update({"_user_id": str(somebody), "_fresh": True})
    for what, client, query in [
        ("first page", visitor, ""),
        ("first page, own place pinned", member, ""),
        ("page in the middle", visitor, f"?sau={deep}"),
        ("from a number in the middle on", visitor, f"?hang={people // 2}"),
        ("one unit, the smallest", visitor, f"?don-vi={small}"),
        ("one unit, the largest", visitor, f"?don-vi={large}"),
        ("one block of 100 units, middle", visitor, f"?khoi=Khối 7&sau={deep}"),
        ("search, whole name", visitor, "?ten=Nguyễn Hồng Sáu"),
        ("search, family name of a third", visitor, "?ten=nguyen"),
        ("search, given name", visitor, "?ten=Sáu"),
    ]:
        for _ in range(3):
            assert client.get(path + query).status_code == 200
        walls, works = [], []
        for _ in range(40):
            began, work = time.perf_counter(), time.process_time()
            reply = client.get(path + query)
            walls.append((time.perf_counter() - began) * 1000)
            works.append((time.process_time() - work) * 1000)
            assert reply.status_code == 200
        walls.sort()
        print(
            f"| {name} | {people} | {what} | {statistics.median(walls):.1f} | {walls[-1]:.1f} | best {walls[0]:.1f} | "
            f"processor here {statistics.median(works):.1f} |",
            flush=True,
        )


def saves(name: str, url: str, ending: int = 40, rounds: int = 3) -> None:
    """Accepted saves a second while so many attempts end each second; with the clock taking them in, and without it."""
    app = application(url)
    with app.app_context():
        rows = db.session.execute(
            select(Attempt.code, Attempt.account_id)
            .where(Attempt.state == "open")
            .order_by(Attempt.id.desc())
            .limit(CLIENTS)
        ).all()
        newest = db.session.scalar(select(func.max(Attempt.id)).where(Attempt.state == "open")) or 0
        with transaction():
            db.session.execute(text("DELETE FROM late WHERE id > :id"), {"id": newest - CLIENTS})
            db.session.execute(text("UPDATE attempt SET revision = 0 WHERE id > :id"), {"id": newest - CLIENTS})
        db.session.remove()
    people = [Person(app, account_id) for _code, account_id in rows]
    codes = [code for code, _account in rows]
    revisions = [itertools.count(1) for _ in rows]
    full = document(QUESTIONS)

    def step(connection: Connection, n: int, figures: Figures) -> None:
        reply = timed(connection, people[n].save(f"/api/thi/{codes[n]}", next(revisions[n]), full), figures)
        assert reply.status == 204, (reply.status, reply.body[:500])

    environ = {
        "QUIZ_SECRET_KEY": SECRET, "QUIZ_DATABASE_URL": url, "QUIZ_BASE_URL": "http://127.0.0.1", "QUIZ_SECURE_COOKIES": "0",
    }  # fmt: skip
    rates: dict[str, list[float]] = {"0": [], "1": []}
    for clock in ["0", "1"] * rounds:
        with gunicorn("wsgi:app", environ | {"QUIZ_CLOCK": clock, "QUIZ_JOBS": "0"}) as port:
            run(port, CLIENTS, 6, step)  # the clock has started by then
            over = threading.Event()
            ender = threading.Thread(target=_keep_ending, args=(app, ending, over))
            ender.start()
            figures = run(port, CLIENTS, SECONDS, step)
            over.set()
            ender.join()
        rates[clock].append(figures.rate)
        with app.app_context():
            waiting = db.session.scalar(text("SELECT count(*) FROM attempt_news"))
            db.session.remove()
        print(
            f"| {name} | clock {'on' if clock == '1' else 'off'} | {figures.rate:.0f} saves/s | p50 "
            f"{figures.percentile(50):.1f} | p99 {figures.percentile(99):.1f} | news left {waiting} |",
            flush=True,
        )
    without, with_ = statistics.median(rates["0"]), statistics.median(rates["1"])
    print(f"| {name} | saves slowed by {100 * (1 - with_ / without):.1f} % |", flush=True)


def _keep_ending(app: Flask, ending: int, over: threading.Event) -> None:
    while not over.wait(0.5):
        with app.app_context():
            with transaction():
                let_end(ending // 2)
            db.session.remove()


def main() -> None:
    print(f"\nboards of {PEOPLE} people; {UNITS} units, chain {', '.join(CHAIN)}\n")
    for people in (SMALL, PEOPLE):
        with databases() as urls:
            for name, url in urls:
                in_process(prepare, url, people)
                for part in (build, fold, pages, saves) if people == PEOPLE else (build, pages):
                    in_process(part, name, url)


if __name__ == "__main__":
    main()
