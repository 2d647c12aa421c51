"""Starting an attempt."""

from __future__ import annotations

from datetime import datetime, timedelta

from quiz.attempts import queries, submission
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.responses import EMPTY
from quiz.codes import new_code
from quiz.contests.models import ContestState, Entry, Round
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.rule_set import blueprint_of, cells_of, contest_rules, minutes_of, window_of
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.rules import clock, drawing
from quiz.rules.clock import StartRefusal


def start_attempt(entry: Entry, round_: Round, *, now: datetime, device: str = "") -> Attempt:
    """The entry's open attempt in the round: the one it has, or a new one with a freshly drawn paper.

    Two clicks, two tabs or two devices at once are settled by the table's constraints: the second finds the first's.
    Raises Refusal(StartRefusal).
    """
    running = queries.open_attempt(entry.id)
    if running is not None and not submission.end_if_over(running, now=now):
        return running
    rules = contest_rules(round_.contest)
    if round_.contest.state != ContestState.OPEN or round_.secret is None or round_.contest_id != entry.contest_id:
        raise Refusal(StartRefusal.CONTEST_NOT_OPEN)
    used = queries.used(entry.id, round_.id, rules.limits, now)
    if reason := clock.why_not_start(window_of(round_), used, rules.limits, now):
        raise Refusal(reason)
    pool_id = pool_id_of(entry.division_id, round_.id)
    number = queries.count_started(entry.id, round_.id) + 1
    seed = drawing.attempt_seed(bytes.fromhex(round_.secret), entry.id, round_.id, number)
    paper = drawing.draw(candidates_of(pool_id), cells_of(blueprint_of(entry.division, round_)), seed)
    deadline = clock.deadline(window_of(round_), now, minutes_of(round_) * 60, rules.late_start)
    attempt = Attempt(
        code=new_code(),
        entry_id=entry.id,
        round_id=round_.id,
        account_id=entry.account_id,
        pool_id=pool_id,
        number=number,
        state=AttemptState.OPEN,
        seed=str(seed),
        paper=[[item.version_id, list(item.order)] for item in paper],
        responses=EMPTY,
        revision=0,
        started_at=now,
        deadline_at=deadline,
        accept_until=deadline + timedelta(seconds=rules.grace_s),
        device=device,
    )
    if insert_unless_taken(attempt):
        return db.session.get_one(Attempt, attempt.id)
    first = queries.open_attempt(entry.id)
    if first is None:  # the other start has ended meanwhile; a third click is an ordinary start
        raise Refusal(StartRefusal.NO_ATTEMPT_LEFT)
    return first
