"""The own panel of a person in a contest: each round as it stands for them now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quiz.attempts import predictions, service
from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.hours import hours_text
from quiz.contests.models import Entry, Round
from quiz.contests.queries import qualified_rounds
from quiz.contests.rule_set import ContestRules, contest_rules, minutes_of, round_rules
from quiz.errors import Refusal
from quiz.rules import clock
from quiz.rules.clock import RoundPhase, Used


@dataclass(frozen=True, slots=True)
class Quota:
    """How many attempts a person has left of a limit.  ends_at: of the week, None for the other limits"""

    limit: int
    left: int
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as it stands for one person.

    hours: in words, "" for any hour · is_admitted: None where everybody is · refusal: that a start would meet now, None
    when one may start; asked only while the round is open · in_round, in_week, in_all: None without that limit ·
    unpredicted: attempts whose prediction is missing and can still be given
    """

    round: Round
    phase: RoundPhase
    opens_in_s: int
    minutes: int
    hours: str
    is_admitted: bool | None
    refusal: Refusal | None
    used: Used
    in_round: Quota | None
    in_week: Quota | None
    in_all: Quota | None
    attempts: Sequence[Attempt]
    unpredicted: Sequence[Attempt]


def round_lines(entry: Entry, attempts: Sequence[Attempt], *, now: datetime) -> list[RoundLine]:
    """Every round of the entry's contest, in order.  attempts: all of the entry"""
    rules = contest_rules(entry.contest)
    consumed = [(a.round_id, a.started_at) for a in attempts if a.state != AttemptState.ABANDONED]
    admitted = qualified_rounds(entry.id)
    return [
        _line(entry, round_, rules, [a for a in attempts if a.round_id == round_.id], consumed, admitted, now)
        for round_ in entry.contest.rounds
    ]


def _line(
    entry: Entry,
    round_: Round,
    rules: ContestRules,
    attempts: Sequence[Attempt],
    consumed: Sequence[tuple[int, datetime]],
    admitted: set[int],
    now: datetime,
) -> RoundLine:
    own, phase = round_rules(round_), clock.phase(round_.window, now)
    limits = own.within(rules.limits)
    used = clock.used(consumed, round_.id, limits, now)
    week_ends_at = clock.week_of(now, limits.week_starts) + timedelta(days=7)
    return RoundLine(
        round=round_,
        phase=phase,
        opens_in_s=max(0, math.ceil((round_.opens_at - now).total_seconds())),
        minutes=minutes_of(round_),
        hours=hours_text(own.hours) if own.hours else "",
        is_admitted=round_.id in admitted if own.admission else None,
        refusal=service.why_not_start(entry, round_, now=now, used=used) if phase is RoundPhase.OPEN else None,
        used=used,
        in_round=_quota(limits.in_round, used.in_round),
        in_week=_quota(limits.in_week, used.in_week, week_ends_at),
        in_all=_quota(limits.in_all, used.in_all),
        attempts=attempts,
        unpredicted=[
            a for a in attempts if rules.predicts_after_paper and predictions.why_not_predict(a, now=now) is None
        ],
    )


def _quota(limit: int | None, used: int, ends_at: datetime | None = None) -> Quota | None:
    return None if limit is None else Quota(limit, max(0, limit - used), ends_at)
