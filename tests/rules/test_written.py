"""Typed answers: what people type in many ways and mean the same, and what they do not mean."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.written import (
    AcceptedNumber,
    agrees,
    count_words,
    essential,
    read_accepted_number,
    read_number,
    read_typed_number,
)

texts = st.text(st.sampled_from("aáàạăâbBđeêhòóọoôơquýyuư .,!\"'\u0301\u0323"), max_size=20)
numbers = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=3)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("Hòa giải", "hoà giải"),
        ("hoà giải ở cơ sở", "HÒA GIẢI  ở cơ sở."),
        ("Thủy lợi", "thuỷ lợi"),
        ("quý", "Quý"),
        ("Bác Hồ", "“Bác Hồ”"),
        ("05 năm", "05 năm"),
        ("năm", unicodedata.normalize("NFD", "năm")),
    ],
)
def test_what_means_the_same(accepted: str, typed: str):
    assert agrees("short_text", accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [("bán", "bạn"), ("hòa", "hoa"), ("toàn", "tòan dân"), ("năm", "nam"), ("một", ""), ("", ""), ("!", "."), ("5", "5 năm")],
)  # fmt: skip
def test_what_does_not(accepted: str, typed: str):
    assert not agrees("short_text", accepted, typed)


@given(texts, texts)
def test_agreeing_is_mutual_and_survives_case_blanks_and_normal_forms(one: str, other: str):
    assert agrees("short_text", one, other) == agrees("short_text", other, one)
    assert essential(essential(one)) == essential(one)
    for form in ("NFC", "NFD"):
        assert essential(f"  {unicodedata.normalize(form, one.upper())} . ") == essential(one)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3,14", "3.14"), ("3.14", "3.14"), ("1.500", "1500"), ("1 500", "1500"), ("1.500.000,5", "1500000.5"), ("0.125", "0.125"),
        ("0,125", "0.125"), ("-2", "-2"), ("−2,5", "-2.5"), ("+7", "7"), (" 12\u00a0000 ", "12000"), ("007", "7"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: str):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "ba", "3,14,15", "1e5", "NaN", "Infinity", "3 m", "1.50.000", "--3", "9" * 41])
def test_what_is_no_number(text: str):
    assert read_number(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str):
    number = read_number(text)
    assert number is None or number.is_finite()
    agrees("number", "1", text)


@given(numbers, st.decimals(0, 100, places=2), numbers)
def test_a_number_agrees_within_its_tolerance(value: Decimal, tolerance: Decimal, typed: Decimal):
    accepted = str(AcceptedNumber(value, tolerance))
    assert read_accepted_number(accepted) == AcceptedNumber(value, tolerance)
    plain = f"{typed:f}".replace(".", ",")
    assert agrees("number", accepted, plain) == (abs(typed - value) <= tolerance)


@pytest.mark.parametrize("text", ["", "ba", "1±", "1±-2", "NaN", "1±inf", "1e15", "1±2±3"])
def test_what_an_item_cannot_accept(text: str):
    assert read_accepted_number(text) is None


@pytest.mark.parametrize(
    ("text", "stored"),
    [("3,14", "3.14"), ("1.500", "1500"), ("100 ± 5", "100±5"), ("100 +/- 0,5", "100±0.5"), ("7+-1", "7±1"), ("95..105", "100±5")],
)  # fmt: skip
def test_accepted_numbers_as_people_write_them(text: str, stored: str):
    assert str(read_typed_number(text)) == stored


@pytest.mark.parametrize("text", ["", "trăm", "5 ±", "± 5", "5 ± -1", "9..1", "1..", "..5", "1..2..3"])
def test_what_is_no_accepted_number(text: str):
    assert read_typed_number(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("Thi đua, khen thưởng", 4),
        ("Thi đua – khen thưởng", 4),  # a dash that stands alone is no word
        ("kinh tế - xã hội\nnăm 2024.", 6),
        ("Luật số 06/2022/QH15", 3),
        ("… ! ? “ ”", 0),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, words: int):
    assert count_words(text) == words
