"""Rehearsals: how long a contest with artificial people takes, and in how much memory.

One round, papers of 20 questions drawn from 400, three attempts, a prediction and a chain of four steps; in memory, so one
database is as good as the other. Another line has twelve weekly rounds that add up.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from datetime import UTC, datetime, timedelta

from quiz.rules.clock import Limits, Window
from quiz.rules.counting import Overall
from quiz.rules.decks import Deck
from quiz.rules.drawing import Candidate, Cell
from quiz.rules.prediction import Target
from quiz.rules.prizes import Tier
from quiz.rules.rehearsal import DivisionPlan, Plan, Rehearsal, RoundPlan
from quiz.rules.rehearsal_figures import figures
from quiz.rules.rehearsal_people import Assumptions, ItemModel, difficulty

CASES = ((1_000, 1), (20_000, 1), (100_000, 1), (1_000, 12), (5_000, 12))
FIRST = datetime(2024, 11, 18, tzinfo=UTC)


def plan(rounds: int) -> Plan:
    pool = [Candidate(n, "b", f"t{n % 4}", n % 3 + 1, 4) for n in range(1, 401)]
    deck = Deck(pool, [Cell("b", f"t{n}", None, 5) for n in range(4)])
    tiers = [Tier("nhat", 1, 5), Tier("nhi", 2, 3), Tier("ba", 5, 2), Tier("khuyen-khich", 10, 1)]
    weeks = [FIRST + timedelta(days=7 * n) for n in range(rounds)]
    return Plan(
        divisions=[DivisionPlan(code="chung", tiers=tiers if rounds > 1 else ())],
        rounds=[
            RoundPlan(
                code=f"ky-{n}", window=Window(at, at + timedelta(days=7)), allowance_s=1200, decks={"chung": deck},
                limits=Limits(in_round=3), tiers={"chung": tiers}, keys_at=at + timedelta(days=7),
            )
            for n, at in enumerate(weeks)
        ],
        items={c.version_id: ItemModel(difficulty=difficulty((0.85, 0.7, 0.55)[c.level - 1], 0.25, 1.0)) for c in pool},
        chain=("score", "prediction", "elapsed", "submitted"),
        target=Target.PEOPLE_ALL_CORRECT,
        overall=Overall.SUM if rounds > 1 else Overall.NONE,
        overall_chain=("score", "elapsed", "attempts"),
    )  # fmt: skip


def measure(people: int, rounds: int) -> None:
    started = time.perf_counter()
    played = Rehearsal(plan(rounds), Assumptions(people=people))
    for outcome in played.outcomes():
        figures(outcome, played)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    each = took / played.attempts * 1e6
    print(f"| {people} | {rounds} | {played.attempts} | {took:.1f} | {each:.0f} | {peak} |", flush=True)


def main() -> None:
    print("\nrehearsals with artificial people, 20 questions, up to 3 attempts a round\n")
    print("| people | rounds | attempts | seconds | µs an attempt | peak memory, MB |\n|---|---|---|---|---|---|")
    for case in CASES:  # a process each, so that the peak of one is not the other's
        process = multiprocessing.get_context("spawn").Process(target=measure, args=case)
        process.start()
        process.join()
        if process.exitcode:
            raise RuntimeError(f"{case}: {process.exitcode}")


if __name__ == "__main__":
    main()
