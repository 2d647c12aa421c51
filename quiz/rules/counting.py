"""Which of an entry's attempts counts in a round, and what rounds make together."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import replace

from quiz.rules.tie_break import Result, criterion_name, packed


class Counted(enum.StrEnum):
    """best: the best score, then the chain, then the earliest · best_earliest: the best score, then the earliest ·
    first · last · only: there is just one."""

    BEST = "best"
    BEST_EARLIEST = "best_earliest"
    FIRST = "first"
    LAST = "last"
    ONLY = "only"


class Overall(enum.StrEnum):
    """How the rounds make the ranking of the whole contest: not at all, the best round, or all of them added up."""

    NONE = "none"
    BEST = "best"
    SUM = "sum"


# The truth is not known while attempts are made, and what all attempts of a person have in common decides nothing.
_NOT_CHOOSING = {"prediction", "total_elapsed", "attempts", "perfect_attempts", "registered"}


def choosing_chain(how: Counted, chain: Sequence[str]) -> tuple[str, ...]:
    """The steps that choose among one person's attempts; after them comes the earlier attempt.

    The best is chosen by the score and then by the chain that ranks, without what cannot choose: a person's better
    paper must not change when the prediction's truth is known (facts/contest-practice.md §2.1, "best score (tie:
    earliest)").
    """
    match how:
        case Counted.FIRST | Counted.ONLY:
            return ("submitted",)
        case Counted.LAST:
            return ("submitted:more",)
        case Counted.BEST_EARLIEST:
            return ("score", "submitted")
    rest = (step for step in chain if criterion_name(step) not in {"score", *_NOT_CHOOSING})
    return ("score", *rest)


def counted(results: Sequence[Result], how: Counted, chain: Sequence[str]) -> Result:
    """The counted result among the finished attempts of one entry in one round; at least one is given."""
    choosing = choosing_chain(how, chain)
    return min(results, key=lambda r: (packed(r, choosing), r.submitted_at, r.attempt_id))


def together(results: Sequence[Result], how: Overall, chain: Sequence[str]) -> Result:
    """What an entry's counted results of several rounds make; at least one is given, in the order of the rounds.

    SUM adds up points, right items, times and attempts; moments, prediction and attempt are those of the last round.
    BEST is the best of them by the chain; attempts and times of all attempts are still those of all rounds.
    """
    whole = results[-1] if how is Overall.SUM else counted(results, Counted.BEST, chain)
    whole = replace(
        whole,
        attempts_used=sum(r.attempts_used for r in results),
        perfect_attempts=sum(r.perfect_attempts for r in results),
        total_elapsed_ms=sum(r.total_elapsed_ms for r in results),
    )
    if how is Overall.SUM:
        whole = replace(
            whole,
            score=sum(r.score for r in results),
            correct=sum(r.correct for r in results),
            perfect=sum(r.perfect for r in results),
            written=sum(r.written for r in results),
            elapsed_ms=sum(r.elapsed_ms for r in results),
        )
    return whole
