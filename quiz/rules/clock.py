"""Windows of time, and who may start when. Moments are aware UTC; windows are half-open: at `closes_at` it is closed."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta


class RoundPhase(enum.StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class LateStart(enum.StrEnum):
    """What a start near the end of the round gets: its full time beyond the close, or what is left until the close."""

    FULL = "full"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Window:
    opens_at: datetime
    closes_at: datetime


class StartRefusal(enum.Enum):
    CONTEST_NOT_OPEN = "contest_not_open"
    ROUND_NOT_OPEN = "round_not_open"
    ROUND_CLOSED = "round_closed"
    NO_ATTEMPT_LEFT = "no_attempt_left"


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
    # a late start is cut by the close of the round, unless the rule set grants the full time
    return min(end, window.closes_at) if late_start is LateStart.CUT else end


def all_ended_at(window: Window, allowance_s: int, late_start: LateStart, grace_s: int) -> datetime:
    """From this moment on no attempt of the round can still be running, so keys may be shown and results ranked."""
    # a save at the very end of the grace still counts, so nothing is shown before the moment after it
    last = window.closes_at + timedelta(seconds=grace_s) + timedelta.resolution
    return last + timedelta(seconds=allowance_s) if late_start is LateStart.FULL else last


def why_not_start(window: Window, used: int, limit: int | None, now: datetime) -> StartRefusal | None:
    """None when an attempt may start now.  used: attempts already consumed; limit: None for unlimited."""
    match phase(window, now):
        case RoundPhase.UPCOMING:
            return StartRefusal.ROUND_NOT_OPEN
        case RoundPhase.CLOSED:
            return StartRefusal.ROUND_CLOSED
    return StartRefusal.NO_ATTEMPT_LEFT if limit is not None and used >= limit else None


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
