"""When a participant may see what: score, own answers with right and wrong, and the key."""

from __future__ import annotations

import enum
from datetime import datetime


class Stage(enum.IntEnum):
    """How far an attempt and its round have come; a later stage releases what an earlier one does."""

    DURING = 0
    SUBMITTED = 1
    CLOSED = 2
    PUBLISHED = 3


class Release(enum.StrEnum):
    """From which stage on something may be seen."""

    AFTER_SUBMIT = "after_submit"
    AFTER_CLOSE = "after_close"
    AFTER_PUBLISH = "after_publish"
    NEVER = "never"


_FROM = {
    Release.AFTER_SUBMIT: Stage.SUBMITTED,
    Release.AFTER_CLOSE: Stage.CLOSED,
    Release.AFTER_PUBLISH: Stage.PUBLISHED,
}


def stage(all_ended_at: datetime, finished: bool, published: bool, now: datetime) -> Stage:
    """The stage of one attempt. An attempt that is still open sees nothing, whatever its round does.

    all_ended_at: from when on no attempt of the round can be running (clock.all_ended_at); a round that is closed but
    still has people at work has not come to the stage CLOSED.
    """
    if not finished:
        return Stage.DURING
    if now < all_ended_at:
        return Stage.SUBMITTED
    return Stage.PUBLISHED if published else Stage.CLOSED


def released(setting: Release, at: Stage) -> bool:
    return setting in _FROM and at >= _FROM[setting]
