"""Who may enter a contest, and which of its divisions."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import date


class EntryRefusal(enum.Enum):
    CONTEST_NOT_OPEN = "contest_not_open"
    CONTEST_ENDED = "contest_ended"
    BARRED_ROLE = "barred_role"
    TOO_YOUNG = "too_young"
    WRONG_AUDIENCE = "wrong_audience"


def age_on(birth_date: date, day: date) -> int:
    """Whole years; who was born on 29 February comes of age on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def fits(audience: str, division_audience: str) -> bool:
    """Is a division for people of this audience?  division_audience "all" takes everybody."""
    return division_audience in ("all", audience)


def why_not_enter(
    *,
    roles: Collection[str],
    barred_roles: Collection[str],
    birth_date: date,
    min_age: int,
    first_day: date,
    audience: str,
    division_audiences: Collection[str],
) -> EntryRefusal | None:
    """None when the person may enter one of the divisions.  first_day: on which the age is counted."""
    if set(roles) & set(barred_roles):
        return EntryRefusal.BARRED_ROLE
    if age_on(birth_date, first_day) < min_age:
        return EntryRefusal.TOO_YOUNG
    if not any(fits(audience, division) for division in division_audiences):
        return EntryRefusal.WRONG_AUDIENCE
    return None
