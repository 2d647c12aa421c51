"""How far a round has come on the clock, by its contest's rules."""

from __future__ import annotations

from datetime import datetime

from quiz.contests.models import Contest, Round
from quiz.contests.rule_set import contest_rules, minutes_of
from quiz.rules import clock
from quiz.rules.visibility import Stage, released, stage


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


def stage_of_finished(round_: Round, now: datetime) -> Stage:
    """How far a finished attempt of the round has come."""
    return stage(all_ended_at(round_), finished=True, published=round_.published_at is not None, now=now)


def keys_are_public(contest: Contest, now: datetime) -> bool:
    """May everybody read the keys: every round has come to where the rules release them, and is over, since each may ask
    the items of the others?
    """
    least = min((stage_of_finished(round_, now) for round_ in contest.rounds), default=Stage.DURING)
    return least >= Stage.CLOSED and released(contest_rules(contest).review_release, least)
