"""Commands for operators: the clock, and building boards by hand."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.contests.models import WHOLE_CONTEST, Contest
from quiz.contests.rule_set import rule_set
from quiz.db import db, transaction
from quiz.ranking import boards, clockwork, queries, rehearsal, rehearsal_words
from quiz.rules.rehearsal_people import Assumptions

log = logging.getLogger(__name__)

group = AppGroup("ranking", help="Boards and the clock that keeps them.")

THOROUGH = 60  # beats between two looks at rounds that ended longer ago


@group.command("run-clock")
@click.option("--with-parent", is_flag=True, help="Stop when the process that started this one is gone.")
def run_clock(with_parent: bool) -> None:
    """End expired attempts and bring the boards up to date every QUIZ_BOARD_EVERY_S seconds, until SIGTERM."""
    parent = os.getppid()
    every_s = current_app.extensions["settings"].board_every_s
    clock = current_app.extensions["clock"]
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    stop = threading.Event()

    def asked_to_stop(*_signal: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    beat = 0
    while not stop.is_set() and (not with_parent or os.getppid() == parent):
        _survive(lambda beat=beat: clockwork.tick(holder, now=clock(), thorough=beat % THOROUGH == 0))
        beat += 1
        stop.wait(every_s)
    _survive(lambda: clockwork.release_lease(clockwork.LEASE, holder, now=clock()))
    db.engine.dispose()


def _survive(work: Any) -> None:
    """A database that is away for a while must not end the clock."""
    try:
        work()
    except Exception:
        log.exception("a beat of the clock failed; the next one tries again")
    finally:
        db.session.remove()  # the next beat reads everything afresh


@group.command("rebuild")
def rebuild() -> None:
    """End expired attempts and build all boards whose results are not published from scratch, now."""
    now = current_app.extensions["clock"]()
    clockwork.end_leftovers(now)
    contests: dict[int, list[int]] = {}
    for round_ in queries.unpublished_rounds(now):
        contests.setdefault(round_.contest_id, []).append(round_.id)
    for contest_id, round_ids in contests.items():
        contest = db.session.get_one(Contest, contest_id)
        names = {r.id: r.code for r in contest.rounds}
        codes = {d.id: d.code for d in contest.divisions}
        slug = contest.slug
        for plan in boards.plans(contest, [r for r in contest.rounds if r.id in round_ids]):
            built = boards.build(plan, now=now)
            name = names[plan.round_id] if plan.round_id else WHOLE_CONTEST
            note = "" if built else ": another builder is at it"
            click.echo(f"{slug} {name} {codes[plan.division_id]} {plan.audience}{note}")
        clockwork.keep_up(contest_id, round_ids, now=now)


@group.command("rehearse")
@click.argument("contest_id", type=int)
@click.option("--people", type=click.IntRange(1, 1_000_000), default=100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 10**9), default=1, show_default=True)
@click.option(
    "--shares", type=(int, int, int), default=(85, 70, 55), show_default=True, help="Per cent right, by level."
)
def rehearse(contest_id: int, people: int, seed: int, shares: tuple[int, int, int]) -> None:
    """Play a contest with artificial people, as many as the page does not take, and say where its rules are weak."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise click.BadParameter(f"no contest {contest_id}")
    wishes = rehearsal.Wishes(
        Assumptions(people=people, seed=seed), {level: share / 100 for level, share in enumerate(shares, 1)}
    )
    report = rehearsal.rehearse(contest, wishes)
    with transaction():
        rehearsal.note(report, contest, None, now=current_app.extensions["clock"]())
    click.echo("round\tdivision\tpeople\tattempts\tall right\tequal after each step\tprizes\tcontested")
    for f in report.figures:
        equal = " ".join(str(t.equal) for t in f.ties)
        click.echo(
            f"{f.round or '-'}\t{f.division}\t{f.people}\t{f.attempts}\t{f.full}\t{equal}\t{f.given}\t{f.contested}"
        )
    for finding in rehearsal_words.advice(report, rule_set(contest)):
        click.echo(finding.text)
