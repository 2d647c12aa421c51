"""Starting an attempt, and leaving one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from quiz import formats
from quiz.attempts import origins, queries, submission
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.responses import EMPTY
from quiz.codes import new_code
from quiz.contests.hours import hours_text
from quiz.contests.models import ContestState, Entry, Round
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.queries import is_qualified
from quiz.contests.rule_set import blueprint_of, cells_of, contest_rules, minutes_of, round_rules, window_of
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.rules import clock, drawing
from quiz.rules.clock import AbandonRefusal, StartRefusal, Used


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt is started: the kind of device as the browser says, the token of its cookie, what the browser calls
    itself, and the address that it calls from."""

    device: str = ""
    token: str = ""
    browser: str = ""
    address: str = ""


def start_attempt(entry: Entry, round_: Round, *, now: datetime, origin: Origin = Origin()) -> Attempt:
    """The entry's open attempt in the round: the one it has, or a new one with a freshly drawn paper.

    Two clicks, two tabs or two devices at once are settled by the table's constraints: the second finds the first's.
    Raises Refusal(StartRefusal).
    """
    running = queries.open_attempt(entry.id)
    if running is not None and not submission.end_if_over(running, now=now):
        return running
    if refusal := why_not_start(entry, round_, now=now):
        raise refusal
    assert round_.secret is not None
    rules = contest_rules(round_.contest)
    cells = cells_of(blueprint_of(entry.division, round_))
    pool_id = pool_id_of(entry.division_id, round_.id)
    number = queries.count_started(entry.id, round_.id) + 1
    seed = drawing.attempt_seed(bytes.fromhex(round_.secret), entry.id, round_.id, number)
    paper = drawing.draw(candidates_of(pool_id), cells, seed)
    deadline = clock.deadline(window_of(round_), now, minutes_of(round_) * 60, rules.late_start)
    code, secret = new_code(), str(current_app.secret_key)
    attempt = Attempt(
        code=code,
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
        essays=sum(cell.count for cell in cells if cell.level == drawing.ESSAY),
        started_at=now,
        deadline_at=deadline,
        accept_until=deadline + timedelta(seconds=rules.grace_s),
        device=origin.device,
        device_mark=origins.device_mark(origin.token, origin.browser, entry.contest_id, secret),
        network=origins.start_network(origin.address, entry.contest_id, secret),
        last_network=origins.save_network(origin.address, code, secret),
    )
    if insert_unless_taken(attempt):
        _must_be_within(entry, round_, now=now)
        return db.session.get_one(Attempt, attempt.id)
    first = queries.open_attempt(entry.id)
    if first is None:  # the other start has ended meanwhile; a third click is an ordinary start
        raise Refusal(StartRefusal.NO_ATTEMPT_LEFT)
    return first


def _must_be_within(entry: Entry, round_: Round, *, now: datetime) -> None:
    """Count again, now that no other attempt of the entry can begin: one in another round may have begun and ended since the
    first count, and no constraint knows the limits of a week or of the contest.  Raises Refusal(StartRefusal)."""
    limits = contest_rules(round_.contest).limits
    if limits.in_all is None and limits.in_week is None:
        return
    with_this = queries.used(entry.id, round_.id, limits, now)
    before = Used(with_this.in_all - 1, with_this.in_round - 1, with_this.in_week - 1)
    if refusal := why_not_start(entry, round_, now=now, used=before):
        raise refusal


def why_not_start(entry: Entry, round_: Round, *, now: datetime, used: Used | None = None) -> Refusal | None:
    """The refusal that starting an attempt of the round would meet, or None.  used: where it is counted already"""
    if round_.contest.state != ContestState.OPEN or round_.secret is None or round_.contest_id != entry.contest_id:
        return Refusal(StartRefusal.CONTEST_NOT_OPEN)
    own = round_rules(round_)
    limits = own.within(contest_rules(round_.contest).limits)
    window = window_of(round_)
    used = used or queries.used(entry.id, round_.id, limits, now)
    is_admitted = own.admission is None or is_qualified(entry.id, round_.id)
    match clock.why_not_start(window, used, limits, now, is_admitted=is_admitted):
        case None:
            return None
        case StartRefusal.OUTSIDE_HOURS as reason:
            assert own.hours is not None
            assert window.hours is not None
            opens_at = window.hours.next_start(now)
            said = _("Giờ nhận bài tới bắt đầu lúc %(moment)s.", moment=_said(opens_at))
            if opens_at >= window.closes_at:
                said = _("Từ nay đến khi kỳ thi đóng không còn giờ nhận bài nào.")
            return Refusal(reason, hours=hours_text(own.hours), next=said)
        case StartRefusal.NO_ATTEMPT_IN_WEEK as reason:
            ends_at = clock.week_of(now, limits.week_starts) + timedelta(days=7)
            return Refusal(reason, limit=limits.in_week, moment=_said(ends_at))
        case StartRefusal.NO_ATTEMPT_IN_CONTEST as reason:
            return Refusal(reason, limit=limits.in_all)
        case reason:
            return Refusal(reason)


def _said(moment: datetime) -> str:
    return formats.moment(moment).striptags()


_TABLE: Any = Attempt.__table__


def abandon(attempt: Attempt, *, now: datetime) -> None:
    """Leave a running attempt, where only handing in uses one up. It then counts for nothing, and so no board hears of it.

    Leaving twice is the same as once.  Raises Refusal(AbandonRefusal).
    """
    consumed = contest_rules(attempt.round_.contest).consumed
    if reason := clock.why_not_abandon(consumed, True, attempt.deadline_at, now):
        raise Refusal(reason)
    left = db.session.execute(
        update(_TABLE)
        .where(
            _TABLE.c.id == attempt.id,
            _TABLE.c.account_id == attempt.account_id,
            _TABLE.c.state == AttemptState.OPEN.value,
            _TABLE.c.deadline_at > now,
        )
        .values(
            state=AttemptState.ABANDONED.value,
            ended_at=now,
            elapsed_ms=clock.elapsed_ms(attempt.started_at, now, attempt.deadline_at),
            score=0,
            max_score=0,
            correct=0,
            all_correct=False,
        )
    )
    db.session.expire(attempt)
    if left.rowcount != 1 and attempt.state != AttemptState.ABANDONED:  # type: ignore[attr-defined]
        raise Refusal(AbandonRefusal.HAS_ENDED)
