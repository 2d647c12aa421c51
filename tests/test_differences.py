"""What went and what stayed make the earlier text, what came and what stayed the later one, however long they are."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.differences import Piece, pieces

WORDS = st.lists(st.sampled_from(["luật", "điều", "khoản", "\n", "\n\n", "  ", "một"]), max_size=30).map(" ".join)


def sides(found):
    return tuple("".join(p.text for p in found if p.kind in ("same", kind)) for kind in ("gone", "new"))


@given(WORDS, WORDS)
@settings(deadline=None)
def test_both_texts_can_be_put_together_again(before, after):
    assert sides(pieces(before, after)) == (before, after)


def test_words_are_told_apart():
    assert pieces("Hòa giải 195 vụ", "Hòa giải 212 vụ") == [
        Piece("same", "Hòa giải "), Piece("gone", "195"), Piece("new", "212"), Piece("same", " vụ"),
    ]  # fmt: skip


def test_a_word_of_a_long_text_is_found_soon():
    before = "\n\n".join(f"Đoạn thứ {n} kể chuyện hòa giải ở cơ sở." for n in range(3000))
    after = before.replace("thứ 1500 kể", "thứ 1500 thuật")
    began = time.process_time()
    found = pieces(before, after)
    assert time.process_time() - began < 3
    assert [p for p in found if p.kind != "same"] == [Piece("gone", "kể"), Piece("new", "thuật")]
    assert sides(found) == (before, after)
