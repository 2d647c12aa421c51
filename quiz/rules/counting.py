"""Which of an entry's attempts counts."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from quiz.rules.tie_break import Result, sort_key


class Counted(enum.StrEnum):
    """best: the best score, then the chain, then the earliest · first · last."""

    BEST = "best"
    FIRST = "first"
    LAST = "last"


def counted(results: Sequence[Result], how: Counted, chain: Sequence[str]) -> Result:
    """The counted result among the finished attempts of one entry in one round; at least one is given.

    The best is chosen by the score and then by the same chain that ranks, without the prediction: the truth is not
    known while attempts are made, and a person's better paper must not change when it is. What is still equal goes
    to the earlier attempt (rules of the contests in facts/contest-practice.md §2.1, "best score (tie: earliest)").
    """
    match how:
        case Counted.FIRST:
            return min(results, key=lambda r: (r.submitted_at, r.attempt_id))
        case Counted.LAST:
            return max(results, key=lambda r: (r.submitted_at, r.attempt_id))
    best = ("score", *(name for name in chain if name not in ("score", "prediction")))
    return min(results, key=lambda r: (sort_key(r, best), r.submitted_at, r.attempt_id))
