"""Texts that differ in a word or two find each other, whatever else the file holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quiz.banks.likeness import ALIKE, neighbours

QUESTION = "theo luat thi dua khen thuong danh hieu lao dong tien tien duoc xet tang vao thoi diem nao trong nam"
OTHER = "chu tich uy ban nhan dan cap tinh quyet dinh tang bang khen cho nhung ai sau day"
words = st.lists(st.sampled_from([f"tu{n}" for n in range(40)]), min_size=1, max_size=30).map(" ".join)


def test_one_word_changed_is_much_alike_and_another_question_is_not():
    assert neighbours([QUESTION, OTHER, QUESTION.replace("thoi diem", "luc")]) == {2: 0}


def test_only_texts_from_the_first_asked_on_are_compared():
    assert neighbours([QUESTION, QUESTION, OTHER], 2) == {}
    assert neighbours([QUESTION, OTHER, QUESTION], 2) == {2: 0}


def test_short_texts_are_not_compared():
    assert neighbours(["dung hay sai", "dung hay sai"]) == {}


@given(st.lists(words, max_size=12))
def test_a_neighbour_comes_before_and_is_alike(texts: list[str]):
    for index, near in neighbours(texts).items():
        a, b = set(texts[index].split()), set(texts[near].split())
        assert near < index
        assert len(a & b) >= ALIKE * len(a | b)


@given(st.lists(words, max_size=8), words)
def test_a_text_and_its_copy_always_find_each_other(texts: list[str], text: str):
    found = neighbours([text, *texts, text])
    assert len(text.split()) < 6 or len(set(text.split())) < 6 or len(texts) + 1 in found
