"""Whether a round is over for ranking: nobody can be at work any more, and what was left behind has been ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quiz.attempts import submission
from quiz.contests.models import Round
from quiz.contests.round_state import all_ended_at
from quiz.errors import Refusal
from quiz.formats import moment
from quiz.ranking import results
from quiz.ranking.refusals import RankingRefusal


def must_have_ended(rounds: Sequence[Round], now: datetime) -> None:
    """End the attempts that ran out of time.  Raises Refusal(RankingRefusal) while anybody may be at work."""
    ended_at = max(all_ended_at(round_) for round_ in rounds)
    if now < ended_at:
        raise Refusal(RankingRefusal.ROUND_STILL_OPEN, until=moment(ended_at).striptags())
    for round_ in rounds:
        while submission.end_expired(now, round_.id):
            pass
    if left := results.count_open([round_.id for round_ in rounds]):
        raise Refusal(RankingRefusal.ATTEMPTS_STILL_OPEN, count=left)
