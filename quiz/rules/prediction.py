"""The prediction question: what number is the truth, and how far a guess is from it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


class Target(enum.StrEnum):
    """What is counted: people with an all-correct attempt, people taking part, or attempts."""

    PEOPLE_ALL_CORRECT = "people_all_correct"
    PEOPLE = "people"
    ATTEMPTS = "attempts"


class Scope(enum.StrEnum):
    """Over what the truth is counted: each round by itself, or the whole contest."""

    ROUND = "round"
    CONTEST = "contest"


class Placement(enum.StrEnum):
    """Where the question stands: in the paper and within its time, or after the paper has been handed in."""

    IN_PAPER = "in_paper"
    AFTER_PAPER = "after_paper"


class Use(enum.StrEnum):
    """What a prediction does: it is a step of the chain, or besides a condition for any prize."""

    CRITERION = "criterion"
    CONDITION = "condition"


class PredictionRefusal(enum.Enum):
    """Why a prediction after the paper is not taken."""

    NOT_ASKED = "not_asked"
    NOT_HANDED_IN = "not_handed_in"
    TOO_LATE = "too_late"
    GIVEN_ALREADY = "given_already"


def last_moment(closes_at: datetime, deadline_at: datetime, grace_s: int) -> datetime:
    """Until when a prediction after the paper is taken: the close of the round, or the end of an attempt that went on
    beyond it, and the grace."""
    return max(closes_at, deadline_at) + timedelta(seconds=grace_s)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished attempt that has not been annulled."""

    account_id: int
    all_correct: bool


def truth(attempts: Iterable[Finished], target: Target) -> int:
    """The number that the prediction asked for, over all valid attempts of the round or contest, all divisions together."""
    attempts = list(attempts)
    match target:
        case Target.PEOPLE_ALL_CORRECT:
            return len({a.account_id for a in attempts if a.all_correct})
        case Target.PEOPLE:
            return len({a.account_id for a in attempts})
        case Target.ATTEMPTS:
            return len(attempts)


def gap(prediction: int | None, truth_value: int | None) -> int | None:
    """Distance of a guess to the truth, over or under alike; None when either is missing."""
    return None if prediction is None or truth_value is None else abs(prediction - truth_value)
