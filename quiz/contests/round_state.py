"""How far a round has come on the clock, by its contest's rules."""

from __future__ import annotations

from datetime import datetime

from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules, minutes_of
from quiz.rules import clock


def all_ended_at(round_: Round) -> datetime:
    """From this moment on no attempt of the round can still be running: keys may be shown, results ranked."""
    rules = contest_rules(round_.contest)
    allowance_s = minutes_of(round_) * 60
    if round_.planned_closes_at is None:
        return clock.all_ended_at(round_.window, allowance_s, rules.late_start, rules.grace_s)
    # closed early: attempts that were running keep the deadline they were promised, which may lie beyond the new close
    promised = clock.Window(round_.opens_at, round_.planned_closes_at)
    return min(
        clock.all_ended_at(round_.window, allowance_s, clock.LateStart.FULL, rules.grace_s),
        clock.all_ended_at(promised, allowance_s, rules.late_start, rules.grace_s),
    )


def has_ended(round_: Round, now: datetime) -> bool:
    return now >= all_ended_at(round_)
