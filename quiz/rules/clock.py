"""Windows of time, and who may start when. Moments are aware UTC; windows are half-open: at `closes_at` it is closed."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has had this offset since 1975, without summer time
DAY_MIN = 24 * 60


class RoundPhase(enum.StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class LateStart(enum.StrEnum):
    """What a start near the end of the round gets: its full time beyond the close, or what is left until the close."""

    FULL = "full"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a round takes starts within its window: on these weekdays (1 Monday … 7 Sunday), between two minutes of the
    local day ("thứ Hai đến thứ Sáu, 7:30–17:30", facts/contest-practice.md §2.1)."""

    weekdays: tuple[int, ...]
    from_min: int
    until_min: int

    def hold(self, now: datetime) -> bool:
        local = now.astimezone(VIETNAM)
        return local.isoweekday() in self.weekdays and self.from_min <= _minute(local) < self.until_min

    def end_of(self, now: datetime) -> datetime:
        """The moment at which this day's hours end."""
        return _midnight(now) + timedelta(minutes=self.until_min)

    def next_start(self, now: datetime) -> datetime:
        """The next moment, now or later, at which a start is taken."""
        if self.hold(now):
            return now
        starts = (_midnight(now) + timedelta(days=n, minutes=self.from_min) for n in range(8))
        return next(at for at in starts if at >= now and at.astimezone(VIETNAM).isoweekday() in self.weekdays)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


@dataclass(frozen=True, slots=True)
class Window:
    """hours: when a start is taken, None at any time of the window"""

    opens_at: datetime
    closes_at: datetime
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How many attempts a person may consume: in all, in one round, in one week; None is unlimited.

    week_starts: weekday (1 Monday) and minute of the local day at which a week begins
    """

    in_all: int | None = None
    in_round: int | None = None
    in_week: int | None = None
    week_starts: tuple[int, int] = (1, 0)


@dataclass(frozen=True, slots=True)
class Used:
    """Attempts that a person has consumed so far."""

    in_all: int = 0
    in_round: int = 0
    in_week: int = 0


class Consumed(enum.StrEnum):
    """What uses up an attempt: starting it, or handing it in. The clock hands in whatever it ends."""

    AT_START = "at_start"
    AT_SUBMIT = "at_submit"


class StartRefusal(enum.Enum):
    CONTEST_NOT_OPEN = "contest_not_open"
    ROUND_NOT_OPEN = "round_not_open"
    ROUND_CLOSED = "round_closed"
    NO_ATTEMPT_LEFT = "no_attempt_left"
    OUTSIDE_HOURS = "outside_hours"
    NO_ATTEMPT_IN_WEEK = "no_attempt_in_week"
    NO_ATTEMPT_IN_CONTEST = "no_attempt_in_contest"
    NOT_QUALIFIED = "not_qualified"


class AbandonRefusal(enum.Enum):
    """Why an attempt cannot be left: it is used up already, or it is not running any more."""

    CONSUMED_AT_START = "consumed_at_start"
    HAS_ENDED = "has_ended"


class SaveRefusal(enum.Enum):
    """Why a save was not taken; the guarded UPDATE decides, `why_not_save` says which of its guards failed."""

    NOT_FOUND = "not_found"
    SUBMITTED = "submitted"
    TIME_OVER = "time_over"
    OTHER_DEVICE = "other_device"


def phase(window: Window, now: datetime) -> RoundPhase:
    if now < window.opens_at:
        return RoundPhase.UPCOMING
    return RoundPhase.OPEN if now < window.closes_at else RoundPhase.CLOSED


def deadline(window: Window, started_at: datetime, allowance_s: int, late_start: LateStart) -> datetime:
    """The moment at which an attempt started at `started_at` ends by itself."""
    end = started_at + timedelta(seconds=allowance_s)
    if late_start is LateStart.FULL:
        return end
    # a late start is cut by the close of the round, and by the end of the day's hours
    ends = [end, window.closes_at]
    if window.hours is not None:
        ends.append(window.hours.end_of(started_at))
    return min(ends)


def week_of(now: datetime, starts: tuple[int, int]) -> datetime:
    """The moment at which the week that holds `now` has begun.  starts: weekday (1 Monday) and minute of the local day"""
    weekday, minute = starts
    at = _midnight(now) + timedelta(minutes=minute)
    back = (at.isoweekday() - weekday) % 7
    begun = at - timedelta(days=back)
    return begun if begun <= now else begun - timedelta(days=7)


def all_ended_at(window: Window, allowance_s: int, late_start: LateStart, grace_s: int) -> datetime:
    """From this moment on no attempt of the round can still be running, so keys may be shown and results ranked."""
    # a save at the very end of the grace still counts, so nothing is shown before the moment after it
    last = window.closes_at + timedelta(seconds=grace_s) + timedelta.resolution
    return last + timedelta(seconds=allowance_s) if late_start is LateStart.FULL else last


def used(consumed: Iterable[tuple[int, datetime]], round_id: int, limits: Limits, now: datetime) -> Used:
    """Count the attempts that a person has consumed.

    consumed: (round, start) of each · round_id: that is asked about.  attempts/queries.py repeats this rule in SQL; a
    test compares the two.
    """
    week = week_of(now, limits.week_starts)
    rows = list(consumed)
    return Used(
        in_all=len(rows),
        in_round=sum(in_round == round_id for in_round, _at in rows),
        in_week=sum(at >= week for _round, at in rows),
    )


def why_not_start(
    window: Window, used: Used, limits: Limits, now: datetime, *, is_admitted: bool = True
) -> StartRefusal | None:
    """None when an attempt may start now.  is_admitted: where only some may take part, whether this person may"""
    match phase(window, now):
        case RoundPhase.UPCOMING:
            return StartRefusal.ROUND_NOT_OPEN
        case RoundPhase.CLOSED:
            return StartRefusal.ROUND_CLOSED
    if not is_admitted:
        return StartRefusal.NOT_QUALIFIED
    if window.hours is not None and not window.hours.hold(now):
        return StartRefusal.OUTSIDE_HOURS
    for limit, spent, refusal in (
        (limits.in_all, used.in_all, StartRefusal.NO_ATTEMPT_IN_CONTEST),
        (limits.in_round, used.in_round, StartRefusal.NO_ATTEMPT_LEFT),
        (limits.in_week, used.in_week, StartRefusal.NO_ATTEMPT_IN_WEEK),
    ):
        if limit is not None and spent >= limit:
            return refusal
    return None


def why_not_abandon(consumed: Consumed, is_open: bool, deadline_at: datetime, now: datetime) -> AbandonRefusal | None:
    """None when a person may leave an attempt, so that it is not used up. The clock hands in what it has ended.

    attempts/service.py repeats this rule in SQL; a test compares the two.
    """
    if consumed is Consumed.AT_START:
        return AbandonRefusal.CONSUMED_AT_START
    return None if is_open and now < deadline_at else AbandonRefusal.HAS_ENDED


def accepts_save(
    is_open: bool, stored_revision: int, revision: int, deadline_at: datetime, grace_s: int, now: datetime
) -> bool:
    """The guard of the save, in words: the attempt is open, the revision grows, and the moment is within the grace.

    The SQL of attempts/autosave.py repeats this rule for speed; a test compares the two.
    """
    return is_open and stored_revision < revision and now <= deadline_at + timedelta(seconds=grace_s)


def why_not_save(is_open: bool, deadline_at: datetime, grace_s: int, now: datetime) -> SaveRefusal:
    """Which guard refused a save, for an attempt that exists and belongs to the sender."""
    if not is_open:
        return SaveRefusal.SUBMITTED
    if now > deadline_at + timedelta(seconds=grace_s):
        return SaveRefusal.TIME_OVER
    return SaveRefusal.OTHER_DEVICE


def elapsed_ms(started_at: datetime, ended_at: datetime, deadline_at: datetime) -> int:
    """Milliseconds of an attempt on the server's clock; time within the grace after the deadline is not counted."""
    return max(0, (min(ended_at, deadline_at) - started_at) // timedelta(milliseconds=1))
