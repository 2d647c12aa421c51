"""Broken letters are mended, each mending is told, and what only looks odd is left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.banks.formats.spelling.repair import mend


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("Nhà nƣớc", "Nhà nước"),
        ("nướ c", "nước"),
        ("khen thưở ng", "khen thưởng"),
        ("Quố c hội", "Quốc hội"),
        ("phương án đú ng", "phương án đúng"),
        ("ðiều 5", "điều 5"),
    ],
)
def test_damages_seen_in_real_files(broken: str, right: str):
    changes: list[str] = []
    assert mend(broken, changes) == right
    assert changes


@pytest.mark.parametrize("text", ["điểm c khoản 2", "Đây là ý c", "bộ c", "hạng n", "theo điểm a, b, c Điều 5", "Ô ch"])
def test_letters_that_stand_alone_by_right_are_left(text: str):
    changes: list[str] = []
    assert (mend(text, changes), changes) == (text, [])


def test_composing_and_dropping_what_nobody_sees_is_no_repair():
    changes: list[str] = []
    assert mend(unicodedata.normalize("NFD", "Điều\u00a05\u200b\u2067\u061c"), changes) == "Điều 5"
    assert changes == []


@given(st.text())
def test_mending_twice_is_mending_once(text: str):
    once = mend(text, [])
    assert mend(once, []) == once
    assert unicodedata.is_normalized("NFC", once)
