"""Days on which a law begins, ends, or becomes doubtful."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.validity import Period, drawable

DAY = timedelta(days=1)
ALWAYS = Period()
EMULATION_LAW = Period(date(2024, 1, 1))  # 06/2022/QH15, amended by 06/2026/QH16 from 2026-10-01
AMENDED_ON = date(2026, 10, 1)
DECREE_98 = Period(date(2024, 1, 1), date(2025, 7, 1))  # an answer that the merger of provinces made wrong
MERGER = date(2025, 7, 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ends = st.none() | days
periods = st.builds(Period, ends, ends)


@pytest.mark.parametrize(
    ("period", "day", "expected"),
    [
        (ALWAYS, date.min, True),
        (ALWAYS, date.max, True),
        (EMULATION_LAW, date(2023, 12, 31), False),
        (EMULATION_LAW, date(2024, 1, 1), True),
        (EMULATION_LAW, date.max, True),
        (DECREE_98, MERGER - DAY, True),
        (DECREE_98, MERGER, False),
        (DECREE_98, MERGER + DAY, False),
        (Period(until=MERGER), date.min, True),
        (Period(MERGER, MERGER), MERGER, False),
    ],
)
def test_a_period_holds_from_its_start_until_the_day_before_its_end(period: Period, day: date, expected: bool):
    assert period.holds_on(day) is expected


@pytest.mark.parametrize(
    ("law_date", "expected"),
    [
        (date(2023, 12, 31), False),  # the law of 2022 is not in force yet
        (date(2024, 12, 31), True),  # the law date of the demonstration
        (MERGER, True),
        (AMENDED_ON - DAY, True),
        (AMENDED_ON, False),  # what the amendment says is not known
        (AMENDED_ON + DAY, False),
    ],
)
def test_an_item_on_the_emulation_law(law_date: date, expected: bool):
    assert drawable(ALWAYS, EMULATION_LAW, AMENDED_ON, law_date) is expected


@pytest.mark.parametrize(
    ("law_date", "expected"), [(date(2024, 12, 31), True), (MERGER - DAY, True), (MERGER, False), (AMENDED_ON, False)]
)
def test_an_item_whose_key_ended_with_the_merger_of_provinces(law_date: date, expected: bool):
    assert drawable(DECREE_98, EMULATION_LAW, AMENDED_ON, law_date) is expected


def test_an_item_that_cites_nothing_depends_on_its_own_period_only():
    assert drawable(ALWAYS, None, None, date.max)
    assert not drawable(DECREE_98, None, None, MERGER)


@given(item=periods, document=st.none() | periods, questioned_from=ends, law_date=days)
def test_drawable_needs_every_one_of_its_conditions(
    item: Period, document: Period | None, questioned_from: date | None, law_date: date
):
    expected = all(
        (
            item.holds_on(law_date),
            document is None or document.holds_on(law_date),
            questioned_from is None or Period(until=questioned_from).holds_on(law_date),
        )
    )
    assert drawable(item, document, questioned_from, law_date) is expected


@given(item=periods, document=st.none() | periods, questioned_from=days, law_date=days)
def test_a_doubt_never_makes_an_item_drawable(
    item: Period, document: Period | None, questioned_from: date, law_date: date
):
    if drawable(item, document, questioned_from, law_date):
        assert drawable(item, document, None, law_date)
        assert law_date < questioned_from
