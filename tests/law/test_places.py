"""Places as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.law.models import place_of
from quiz.law.places import BadPlace, in_order, read_number, read_place, read_places
from quiz.rules.validity import Place


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Điều 5", Place("5")),
        ("khoản 2 Điều 5", Place("5", "2")),
        ("điểm đ khoản 2 Điều 5", Place("5", "2", "đ")),
        ("Điều 12a, khoản 1, điểm b", Place("12a", "1", "b")),
        ("ĐIỂM A, KHOẢN 2 của ĐIỀU 5.", Place("5", "2", "a")),
        ("dieu 5 khoan 2", Place("5", "2")),
        ("- Khoản 3 – Điều 7;", Place("7", "3")),
    ],
)
def test_reads_a_place_in_any_order(line, expected):
    assert read_place(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "khoản 2", "điểm a", "Điều", "Điều năm", "Điều 5 và Điều 6", "khoản 1, khoản 2 Điều 5", "Phụ lục I", "5",
        "Điều 5 trừ khoản 2", "khoản a Điều 5", "điểm 1 khoản 2 Điều 5", "Điều 123456",
    ],
)  # fmt: skip
def test_what_is_no_single_place_is_refused_with_its_line(line):
    with pytest.raises(BadPlace) as refused:
        read_places(f"Điều 1\n  {line}\n")
    assert refused.value.line == line


def test_lines_are_read_in_order_each_place_once():
    assert read_places(" Điều 5 \n\nkhoản 2 Điều 4\r\nĐiều 5") == [Place("5"), Place("4", "2")]
    assert read_places(" \n") == []


def number(suffixes):
    return st.builds(lambda n, s: f"{n}{s}", st.integers(1, 9999), st.sampled_from(suffixes))


@given(
    article=number(["", "a", "đ"]), clause=st.just("") | number(["", "b"]), point=st.sampled_from(["", "a", "đ", "ab1"])
)
def test_what_pages_print_is_read_back(article, clause, point):
    assert read_place(place_of(article, clause, point)) == Place(article, clause, point)


def test_numbers_with_and_without_their_word():
    assert read_number(" Điều 5a", "article") == "5a"
    assert read_number("5", "clause") == "5"
    assert read_number("Điểm Đ", "point") == "đ"
    assert read_number("", "clause") == ""
    assert read_number("năm", "article") is None


def test_places_are_sorted_as_in_a_document():
    written = [
        Place("2"),
        Place("10", "1", "d"),
        Place("10", "1", "đ"),
        Place("10", "1", "e"),
        Place("10", "2"),
        Place("10a"),
    ]
    assert sorted(set(written), key=in_order) == written
