"""Shared passages: found whatever the marks, none where there are none, and shown without losing a letter."""

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.passages import alike, marked_passages, words_of

STORY = "Năm 2020 bà Tư ở ấp 3 đã hiến hai trăm mét vuông đất để làm đường, bà con trong ấp ai cũng noi theo."
WORDS = st.lists(st.sampled_from("an bình cao dũng em gió hoa".split()), max_size=30).map(" ".join)


def test_a_copied_story_is_found():
    texts = {
        "a": f"Mở bài của tôi khác hẳn. {STORY} Tôi rất cảm phục.",
        "b": f"Theo tôi biết, {STORY.upper()} Đó là tấm gương.",
        "c": "Một bài hoàn toàn khác, kể về anh Ba đi bộ đội rồi về làm kinh tế trang trại.",
    }
    (pair,) = alike(texts)
    assert (pair.a, pair.b) == ("a", "b")
    assert pair.share > 0.5


def test_what_everybody_writes_says_nothing():
    phrase = "Luật Thi đua, khen thưởng số 06/2022/QH15 của Quốc hội nước Cộng hòa"
    texts = {str(n): f"{phrase} {n} một {n} hai {n} ba {n} bốn {n} năm {n} sáu {n} bảy" for n in range(12)}
    assert alike(texts) == []


def test_a_text_that_a_whole_class_has_copied_is_found():
    texts = {f"{n:02}": f"Bài của em {n}. {STORY} {STORY[:30]} Lời kết số {n}." for n in range(30)}
    pairs = alike(texts)
    assert {pair.b for pair in pairs} == {f"{n:02}" for n in range(1, 30)}
    assert len(pairs) == 29  # each with the first, and not each with each


@given(st.lists(WORDS, max_size=6))
def test_alike_is_between_nought_and_all_and_says_each_pair_once(texts):
    found = alike({str(n): text for n, text in enumerate(texts)}, least=0.01)
    assert all(0 < pair.share <= 1 and pair.a < pair.b for pair in found)
    assert len({(pair.a, pair.b) for pair in found}) == len(found)


@given(st.text(max_size=80), WORDS)
def test_pieces_joined_are_the_text(text, other):
    assert "".join(piece for piece, _shared in marked_passages(text, other)) == text


def test_the_shared_passage_is_marked():
    pieces = marked_passages(f"Mở bài khác. {STORY} Hết.", f"Khác hẳn. {STORY} Thôi.")
    shared = " ".join(piece for piece, is_shared in pieces if is_shared)
    assert words_of(shared) == words_of(STORY)
