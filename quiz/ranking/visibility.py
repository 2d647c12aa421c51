"""Who sees how much of a board, and when. The stages are rules.visibility's; the limits protect the prediction."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.contests.calendar import RoundNow
from quiz.contests.rule_set import ContestRules
from quiz.rules.clock import RoundPhase
from quiz.rules.prediction import Target
from quiz.rules.visibility import Release

FIRST_PLACES = 100  # shown while counting the rest could answer the prediction


class Hidden(enum.StrEnum):
    """Why a board is not shown."""

    NOT_OPENED = "not_opened"
    UNTIL_CLOSE = "until_close"
    UNTIL_PUBLISHED = "until_published"
    NEVER = "never"
    PREDICTION = "prediction"  # of the board of units: its sum would tell how many take part


@dataclass(frozen=True, slots=True)
class Sight:
    """hidden: why nothing is shown to the public, None when the board is · hides_numbers: how many take part must not be
    told yet, and only the first places are shown · staff: the visitor may see all of it anyway
    """

    hidden: Hidden | None
    hides_numbers: bool
    staff: bool

    @property
    def may_look(self) -> bool:
        return self.hidden is None or (self.staff and self.hidden is not Hidden.NOT_OPENED)

    def places(self, people: int) -> int:
        """How many rows of the board may be seen."""
        return min(people, FIRST_PLACES) if self.hides_numbers else people


@dataclass(frozen=True, slots=True)
class ContestNow:
    """A whole contest at a moment, as `RoundNow` is a round."""

    phase: RoundPhase
    has_ended: bool
    shows_board: bool
    may_count: bool


def contest_now(rules: ContestRules, rounds: Sequence[RoundNow]) -> ContestNow:
    """The board of a whole contest tells of every round that has opened, so it follows the most secret of them."""
    opened = [r for r in rounds if r.phase is not RoundPhase.UPCOMING]
    if not opened:
        return ContestNow(RoundPhase.UPCOMING, has_ended=False, shows_board=False, may_count=False)
    is_open = any(r.phase is RoundPhase.OPEN for r in opened)
    return ContestNow(
        RoundPhase.OPEN if is_open else RoundPhase.CLOSED,
        has_ended=all(r.has_ended for r in opened),
        shows_board=all(r.shows_board for r in opened),
        may_count=all(r.may_count for r in opened),
    )


def board_sight(rules: ContestRules, at: RoundNow | ContestNow, *, is_published: bool, staff: bool) -> Sight:
    """is_published: the division's own sheet is out, perhaps before those of other divisions"""
    hides = rules.prediction is not None and not at.may_count and not staff
    return Sight(_why_hidden(rules, at, is_published), hides, staff)


def unit_sight(rules: ContestRules, at: RoundNow, *, staff: bool) -> Sight:
    """The board of units follows that of people, and waits for the end where the prediction asks who took part."""
    hidden = _why_hidden(rules, at, is_published=False)
    asks_people = rules.prediction is not None and rules.prediction.target is not Target.PEOPLE_ALL_CORRECT
    if hidden is None and asks_people and not at.may_count:
        hidden = Hidden.PREDICTION
    return Sight(hidden, hides_numbers=False, staff=staff)


def _why_hidden(rules: ContestRules, at: RoundNow | ContestNow, is_published: bool) -> Hidden | None:
    if at.phase is RoundPhase.UPCOMING:
        return Hidden.NOT_OPENED
    if rules.board_release is Release.NEVER:
        return Hidden.NEVER
    if at.shows_board or is_published:
        return None
    return Hidden.UNTIL_CLOSE if rules.board_release is Release.AFTER_CLOSE else Hidden.UNTIL_PUBLISHED
