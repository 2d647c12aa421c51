"""Who may enter: role, age on the first day, audience."""

from datetime import date
from typing import Any

import pytest

from quiz.rules.eligibility import EntryRefusal, age_on, why_not_enter

FIRST_DAY = date(2026, 11, 1)


def refusal(**differing: Any) -> EntryRefusal | None:
    person: dict[str, Any] = {
        "roles": {"participant"}, "barred_roles": {"organizer", "judge"}, "birth_date": date(1990, 1, 1), "min_age": 15,
        "first_day": FIRST_DAY, "audience": "citizen", "division_audiences": ["staff", "citizen"],
    }  # fmt: skip
    return why_not_enter(**person | differing)


def test_an_ordinary_person_may_enter():
    assert refusal() is None


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (date(2011, 10, 31), None),
        (date(2011, 11, 1), None),  # turns 15 on the day itself
        (date(2011, 11, 2), EntryRefusal.TOO_YOUNG),
    ],
)
def test_age_counts_on_the_first_day(birth_date, expected):
    assert refusal(birth_date=birth_date) is expected


def test_born_on_leap_day():
    assert age_on(date(2008, 2, 29), date(2023, 2, 28)) == 14
    assert age_on(date(2008, 2, 29), date(2023, 3, 1)) == 15


def test_a_barred_role_is_named_before_anything_else():
    assert refusal(roles={"participant", "judge"}, birth_date=date(2020, 1, 1)) is EntryRefusal.BARRED_ROLE
    assert refusal(roles={"participant", "unit_contact"}) is None


def test_audience_must_fit_a_division():
    assert refusal(division_audiences=["staff"]) is EntryRefusal.WRONG_AUDIENCE
    assert refusal(division_audiences=["all"]) is None
