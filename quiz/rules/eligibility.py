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
    TOO_OLD = "too_old"
    OUTSIDE_AREA = "outside_area"
    WROTE_ITEMS = "wrote_items"
    NOT_DECLARED = "not_declared"
    WRONG_AUDIENCE = "wrong_audience"


def age_on(birth_date: date, day: date) -> int:
    """Whole years; who was born on 29 February comes of age on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def fits(audience: str, division_audience: str) -> bool:
    """Is a division for people of this audience?

    division_audience: "all" takes everybody, "citizen" whoever is not on a staff, "free" those of them who are not
    pupils or students; the others are audiences by name
    """
    match division_audience:
        case "all":
            return True
        case "citizen":
            return audience != "staff"
        case "free":
            return audience == "citizen"
    return audience == division_audience


def in_area(areas: Collection[int], province: int | None, belongs_to_unit: bool) -> bool:
    """Does a person live or work in one of these provinces?  areas: empty for anywhere · province: where the person
    lives, None where that is not known · belongs_to_unit: units are those of the province that holds the contest"""
    return not areas or belongs_to_unit or province in areas


def why_not_enter(
    *,
    roles: Collection[str],
    barred_roles: Collection[str],
    wrote_items: bool = False,
    birth_date: date,
    min_age: int,
    max_age: int | None = None,
    first_day: date,
    in_area: bool = True,
    audience: str,
    division_audiences: Collection[str],
) -> EntryRefusal | None:
    """None when the person may enter one of the divisions.

    wrote_items: of those that papers may hold, where the rules bar their authors · first_day: on which the age is counted
    """
    if set(roles) & set(barred_roles):
        return EntryRefusal.BARRED_ROLE
    if wrote_items:
        return EntryRefusal.WROTE_ITEMS
    age = age_on(birth_date, first_day)
    if age < min_age:
        return EntryRefusal.TOO_YOUNG
    if max_age is not None and age > max_age:
        return EntryRefusal.TOO_OLD
    if not in_area:
        return EntryRefusal.OUTSIDE_AREA
    if not any(fits(audience, division) for division in division_audiences):
        return EntryRefusal.WRONG_AUDIENCE
    return None
