"""Days on which a law begins, ends, or becomes doubtful, and places that a change of the law touches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.validity import Period, Place, drawable, lies_in, touches

DAY = timedelta(days=1)
ALWAYS = Period()
EMULATION_LAW = Period(date(2024, 1, 1))  # 06/2022/QH15, amended by 06/2026/QH16 from 2026-10-01
AMENDED_ON = date(2026, 10, 1)
DECREE_98 = Period(date(2024, 1, 1), date(2025, 7, 1))  # an answer that the merger of provinces made wrong
MERGER = date(2025, 7, 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ends = st.none() | days
periods = st.builds(Period, ends, ends)
doubts = st.lists(days, max_size=3)
numbers = st.sampled_from(["", "1", "2", "5a", "A", "a"])
places = st.builds(Place, numbers, numbers, numbers)
scopes = st.lists(places, max_size=3)


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
    assert drawable(ALWAYS, EMULATION_LAW, [AMENDED_ON], law_date) is expected


@pytest.mark.parametrize(
    ("law_date", "expected"), [(date(2024, 12, 31), True), (MERGER - DAY, True), (MERGER, False), (AMENDED_ON, False)]
)
def test_an_item_whose_key_ended_with_the_merger_of_provinces(law_date: date, expected: bool):
    assert drawable(DECREE_98, EMULATION_LAW, [AMENDED_ON], law_date) is expected


def test_an_item_that_cites_nothing_depends_on_its_own_period_only():
    assert drawable(ALWAYS, None, [], date.max)
    assert not drawable(DECREE_98, None, [], MERGER)


@given(item=periods, document=st.none() | periods, doubted_from=doubts, law_date=days)
def test_drawable_needs_every_one_of_its_conditions(
    item: Period, document: Period | None, doubted_from: list[date], law_date: date
):
    expected = all(
        (
            item.holds_on(law_date),
            document is None or document.holds_on(law_date),
            all(Period(until=day).holds_on(law_date) for day in doubted_from),
        )
    )
    assert drawable(item, document, doubted_from, law_date) is expected


@given(item=periods, document=st.none() | periods, doubted_from=doubts, more=days, law_date=days)
def test_one_more_doubt_never_makes_an_item_drawable(
    item: Period, document: Period | None, doubted_from: list[date], more: date, law_date: date
):
    if drawable(item, document, [*doubted_from, more], law_date):
        assert drawable(item, document, doubted_from, law_date)
        assert law_date < more


@pytest.mark.parametrize(
    ("changed", "cited", "expected"),
    [
        (Place("5"), Place("5", "2", "a"), True),  # the whole article is amended
        (Place("5", "2"), Place("5"), True),  # whoever cites the article cites the clause
        (Place("5", "2"), Place("5", "2", "a"), True),
        (Place("5", "2", "a"), Place("5", "2", "A"), True),
        (Place("5", "2"), Place("5", "1"), False),
        (Place("5", "2", "a"), Place("5", "2", "đ"), False),
        (Place("5"), Place("50"), False),
        (Place("5"), Place("5a"), False),
        (Place("5"), Place(), True),  # a citation of the document alone may mean any article
        (Place("5", "2"), Place("5", "", "a"), True),  # of a point whose clause is not named only the article is known
    ],
)
def test_what_a_change_touches(changed: Place, cited: Place, expected: bool):
    assert touches([changed], cited) is expected


@given(place=places)
def test_a_change_of_the_whole_document_touches_everything(place: Place):
    assert touches([], place)
    assert touches([Place()], place)


@given(a=places, b=places)
def test_touching_is_symmetric(a: Place, b: Place):
    assert touches([a], b) == touches([b], a)


@given(place=places)
def test_every_place_touches_itself(place: Place):
    assert touches([place], place)


@given(scope=scopes, more=places, place=places)
def test_a_wider_scope_touches_no_less(scope: list[Place], more: Place, place: Place):
    if scope and touches(scope, place):
        assert touches([*scope, more], place)


@given(article=numbers, clause=numbers, point=numbers, place=places)
def test_narrowing_a_place_never_touches_more(article: str, clause: str, point: str, place: Place):
    whole, part = Place(article, clause), Place(article, clause, point)
    if touches([part], place):
        assert touches([whole], place)
        assert touches([Place(article)], place)


@given(a=places, b=places)
def test_a_change_touches_what_lies_in_it_and_what_it_lies_in(a: Place, b: Place):
    assert touches([a], b) == (lies_in(a, b) or lies_in(b, a))
    if lies_in(a, b) and lies_in(b, a):
        assert a.way == b.way
