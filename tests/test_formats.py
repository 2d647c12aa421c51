"""Numbers, moments and spans read as people here write them, in local time."""

from datetime import UTC, date, datetime

import pytest

from quiz import formats
from quiz.codes import ALPHABET, LENGTH, grouped, new_code, read_code

LATE = datetime(2026, 11, 30, 17, 30, 5, tzinfo=UTC)  # already the next day in Tây Ninh


def test_moments_are_local():
    assert formats.moment(LATE) == '<time datetime="2026-12-01T00:30:05+07:00">00:30 ngày 01/12/2026</time>'
    assert formats.day(LATE) == "01/12/2026"
    assert formats.day(date(2024, 12, 31)) == "31/12/2024"
    assert formats.from_local(datetime(2026, 12, 1, 0, 30, 5)) == LATE  # noqa: DTZ001 a wall time has no zone


@pytest.mark.parametrize(("value", "digits", "text"), [(18426, 0, "18.426"), (97.13, 1, "97,1"), (0, 0, "0")])
def test_numbers(value, digits, text):
    assert formats.number(value, digits) == text


@pytest.mark.parametrize(
    ("ms", "digits", "text"),
    [
        (521_299, 1, "08:41,2"),
        (521_299, 0, "08:41"),
        (521_299, 3, "08:41,299"),
        (3_723_004, 3, "1:02:03,004"),
        (0, 1, "00:00,0"),
    ],
)
def test_spans_are_cut_not_rounded(ms, digits, text):
    assert formats.span(ms, digits) == text


def test_codes_are_read_as_people_type_them():
    code = new_code()
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert read_code(f" {grouped(code).lower()} ") == code
