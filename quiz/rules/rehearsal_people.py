"""Artificial people for a rehearsal: how able and quick they are, when they come, what they answer and what they guess.

How people answer: the Rasch model (G. Rasch, 1960, Probabilistic Models for Some Intelligence and Attainment Tests), the
chance of a right answer being logistic in ability less difficulty, with the floor of guessing of the three-parameter model
(A. Birnbaum, in Lord and Novick, 1968, Statistical Theories of Mental Test Scores). Times on items are log-normal (W. J. van
der Linden, 2006, J. Educ. Behav. Stat. 31, 181–204). How many come, when, and how often are assumptions without a source,
unless one is named; an organizer may set those that matter most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from quiz.rules.clock import VIETNAM, Window
from quiz.rules.tie_break import Result

_NO_PREDICTION = 0.03  # share of people who leave the prediction empty
_ROUND_NUMBERS = 0.5  # of people who guess a number of two digits and noughts
_PAUSE_S, _PAUSE_SD = 3 * 3600, 1.5  # between two attempts: median, and deviation of the logarithm
_PACE_SD, _HASTE_SD = 0.25, 0.15  # how people differ in speed, and one attempt of a person from another
_QUICKER = 0.6  # of the time on an item, when it is met again
_EASY_TO_WRITE = 0.5  # share of an essay's points that ability decides; the rest is the day and the judges
# a contest of a week had 4,566 of 10,453 attempts in its first 32 hours (facts/contest-practice.md §1B, row 8)
_EARLY, _EARLY_MEAN = 0.35, 0.08  # share of people who come soon, and when, as a share of the window
_LATE, _LATE_SPAN = 0.2, 0.08  # share of people who come at the end, and how long the end is
# weights of the local hours of a day: office hours and the evening
_HOURS = (1, 0, 0, 0, 0, 1, 2, 4, 8, 10, 9, 6, 4, 5, 8, 8, 7, 5, 4, 7, 10, 9, 6, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is assumed of people; everything else follows from the rules.

    spread: standard deviation of ability, in logits · takes_part: share of people who come to a round · goes_on: share of
    those who are not content and use another attempt · recall: chance to know an answer whose key one has seen · practice:
    what meeting an item again helps otherwise, in logits · guess_sd: of the logarithm of prediction by truth
    """

    people: int = 1_000
    seed: int = 1
    spread: float = 1.0
    takes_part: float = 0.8
    goes_on: float = 0.6
    recall: float = 0.9
    practice: float = 0.4
    guess_sd: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemModel:
    """How an item behaves.

    difficulty: in logits · floor: chance of guessing it · seconds: median time · points: of a right answer · parts: of how
    many parts some may be right and earn their share, 0 for all or nothing · is_essay: marked by judges
    """

    difficulty: float
    floor: float = 0.25
    seconds: float = 20.0
    points: int = 1
    parts: int = 0
    is_essay: bool = False


def difficulty(share: float, floor: float, spread: float) -> float:
    """The difficulty of an item that this share of people gets right, abilities being spread around 0.

    The mean of logistic curves over a normal spread is nearly a flatter logistic curve (Zeger, Liang and Albert, 1988,
    Biometrics 44, 1049–1060): its slope shrinks by √(1 + 0.346 σ²).
    """
    knows = min(max((share - floor) / (1 - floor), 0.005), 0.995)
    return -math.log(knows / (1 - knows)) * math.sqrt(1 + 0.346 * spread * spread)


@dataclass(slots=True)
class Person:
    """met, known: bits of the items that the person has met, and of those whose key the person has seen · week, in_week:
    the week of the latest attempt and its attempts · guess: how far off a prediction is, in standard deviations, and
    whether it is a round number · whole: what counts so far for the whole contest"""

    entry_id: int
    division: str
    ability: float
    pace: float
    registered_at: datetime
    met: int = 0
    known: int = 0
    used: int = 0
    week: datetime | None = None
    in_week: int = 0
    guess: tuple[float, bool] | None = None
    all_right: bool = False
    whole: Result | None = None


def person(entry_id: int, division: str, how: Assumptions, opens_at: datetime, closes_at: datetime) -> Person:
    """Somebody who registers between a week before the opening and the first quarter of the contest."""
    dice = Random((how.seed << 40) + (entry_id << 10))
    ability = dice.gauss(0, how.spread)
    pace = math.exp(dice.gauss(0, _PACE_SD))
    first = opens_at - timedelta(days=7)
    registered_at = first + dice.random() * (opens_at + (closes_at - opens_at) / 4 - first)
    return Person(entry_id, division, ability, pace, registered_at)


def dice_of(how: Assumptions, entry_id: int, round_number: int) -> Random:
    """A person's own dice for a round, so that a rule changed for one round leaves what people do in others as it was."""
    return Random((how.seed << 40) + (entry_id << 10) + round_number)


def guess(dice: Random) -> tuple[float, bool] | None:
    off, to_round, answers = dice.gauss(0, 1), dice.random() < _ROUND_NUMBERS, dice.random() >= _NO_PREDICTION
    return (off, to_round) if answers else None


def predicted(off: tuple[float, bool] | None, truth: int, how: Assumptions) -> int | None:
    """The number that a person wrote down, now that the truth is known: log-normal around it."""
    if off is None:
        return None
    deviations, to_round = off
    number = round(truth * math.exp(how.guess_sd * deviations))
    return int(float(f"{number:.1e}")) if to_round else number


def first_start(window: Window, dice: Random) -> datetime | None:
    """When a person comes first; None when the window has no such moment left.

    Some come soon, some at the end, the others at any time; on long rounds at an hour of the day that people like, and
    where there are hours of starts, within them.
    """
    span = window.closes_at - window.opens_at
    which = dice.random()
    if which < _EARLY:
        part = min(dice.expovariate(1 / _EARLY_MEAN), dice.random())
    elif which < _EARLY + _LATE:
        part = 1 - dice.random() * _LATE_SPAN
    else:
        part = dice.random()
    at = window.opens_at + part * span
    if span >= timedelta(days=2):
        midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        hour = dice.choices(range(24), _HOURS)[0]
        at = midnight + timedelta(hours=hour, seconds=dice.random() * 3600)
        if not window.opens_at <= at < window.closes_at:
            at = window.opens_at + dice.random() * span
    return within_hours(window, at, dice)


def within_hours(window: Window, at: datetime, dice: Random) -> datetime | None:
    """This moment, or one in the next hours of starts."""
    hours = window.hours
    if hours is not None and not hours.hold(at):
        opens = hours.next_start(at)
        at = opens + dice.random() * (hours.end_of(opens) - opens)
    return at if at < window.closes_at else None


def next_try(window: Window, ended_at: datetime, dice: Random) -> datetime | None:
    """When a person comes again after an attempt; who would come too late comes in what time is left."""
    at = ended_at + timedelta(seconds=30 + _PAUSE_S * math.exp(dice.gauss(0, _PAUSE_SD)))
    if at >= window.closes_at:
        left = (window.closes_at - ended_at).total_seconds()
        if left <= 60:
            return None
        at = ended_at + timedelta(seconds=dice.uniform(30, left))
    return within_hours(window, at, dice)


@dataclass(frozen=True, slots=True)
class Sat:
    """How an attempt went.  correct: items right, essays aside · marked: items that are marked at once · met: items of the
    paper met before · seconds: that the person needed"""

    points: int
    correct: int
    marked: int
    written: int
    met: int
    seconds: float


class PaperModel:
    """Items as a person meets them on a paper.  bits: version id → its bit in `Person.met`"""

    def __init__(self, items: dict[int, ItemModel], how: Assumptions) -> None:
        self.bits = {version_id: 1 << n for n, version_id in enumerate(sorted(items))}
        self._how = how
        self._items = items
        self._hard = {version_id: math.exp(item.difficulty) for version_id, item in items.items()}
        self._helped = math.exp(-how.practice)

    def sit(self, person: Person, version_ids: list[int], allowed_s: float, dice: Random) -> Sat:
        """Answer one paper; what time does not suffice for stays empty."""
        points = correct = marked = written = met = 0
        seconds = 0.0
        weak = math.exp(-person.ability)
        pace = person.pace * math.exp(dice.gauss(0, _HASTE_SD))
        items, bits, hard, recall, roll = self._items, self.bits, self._hard, self._how.recall, dice.random
        for version_id in version_ids:
            item, bit = items[version_id], bits[version_id]
            has_met = person.met & bit
            met += has_met != 0
            seconds += item.seconds * pace * (_QUICKER if has_met else 1)
            if item.is_essay:
                if seconds <= allowed_s:
                    written += _essay(item.points, weak, dice)
                continue
            marked += 1
            if seconds > allowed_s:
                continue
            odds = hard[version_id] * weak * (self._helped if has_met else 1)
            knows = person.known & bit and roll() < recall
            if knows or roll() < item.floor + (1 - item.floor) / (1 + odds):
                correct += 1
                points += item.points
            elif item.parts > 1:
                points += item.points * int(roll() * item.parts) // item.parts
        return Sat(points, correct, marked, written, met, min(seconds * (0.98 + 0.04 * roll()), allowed_s))


def _essay(points: int, weak: float, dice: Random) -> int:
    share = _EASY_TO_WRITE / (1 + weak) + (1 - _EASY_TO_WRITE) * dice.random()
    return round(points * share)
