"""From when on public boards stand still, so that the last hours of a round keep their secret (đóng băng bảng xếp hạng).

The moment comes from the rules and the calendar alone, never from the clock of the reader: a board takes in what ended
before it, however late the news arrives, and nothing that ended at it or after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules


def frozen_from(round_: Round) -> datetime | None:
    """When the round's public board stops; None where the rules do not freeze it, and once its results are out."""
    hours = contest_rules(round_.contest).freeze_hours
    if not hours or round_.published_at is not None:
        return None
    if round_.planned_closes_at is None:
        return round_.closes_at - timedelta(hours=hours)
    # closed early, when nobody could know that these were the last hours: from then on at the latest it stands still
    return min(round_.planned_closes_at - timedelta(hours=hours), round_.closes_at)


def stands_from(rounds: Sequence[Round]) -> datetime | None:
    """When a board over these rounds stops: with the first of them, because their sum would tell of it."""
    return min((at for at in map(frozen_from, rounds) if at is not None), default=None)
