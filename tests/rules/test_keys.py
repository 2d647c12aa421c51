"""Rulings on keys: what they make right, and what they never take away."""

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.keys import Overlay, What, after, effective
from quiz.rules.marking import Key, mark

NUMBERS = st.integers(1, 5)
CHOICES = st.frozensets(NUMBERS, max_size=5)
RIGHT = st.lists(NUMBERS, min_size=1, max_size=4, unique=True).map(tuple)
KEYS = st.builds(Key, kind=st.just("multiple"), right=RIGHT, partial=st.booleans())
OTHERS = st.lists(RIGHT, min_size=1, max_size=3).map(tuple)
POINTS = st.integers(1, 100)


@given(KEYS, CHOICES, POINTS, st.booleans())
def test_a_void_item_earns_everybody_all(key, response, points, whole):
    given_ = mark(effective(key, Overlay(What.VOID)), response, points, whole=whole)
    assert (given_.correct, given_.points) == (True, points)


@given(KEYS, OTHERS, CHOICES, POINTS, st.booleans())
def test_accepting_more_takes_nothing_away(key, others, response, points, whole):
    before = mark(key, response, points, whole=whole)
    after = mark(effective(key, Overlay(What.ACCEPT, others)), response, points, whole=whole)
    assert after.points >= before.points
    assert after.correct >= before.correct
    assert after == max((mark(Key(kind="multiple", right=r, partial=key.partial), response, points, whole=whole)
                         for r in (key.right, *others)), key=lambda m: (m.correct, m.points))  # fmt: skip


@given(KEYS, RIGHT, CHOICES, POINTS)
def test_a_corrected_key_is_as_if_it_had_been_so_from_the_start(key, right, response, points):
    corrected = effective(key, Overlay(What.CORRECT, (right,)))
    assert mark(corrected, response, points) == mark(
        Key(kind="multiple", right=right, partial=key.partial), response, points
    )


@given(st.sampled_from(What), OTHERS, st.lists(st.text(max_size=5), max_size=3).map(tuple))
def test_a_ruling_is_kept_as_it_is(what, keys, accepted):
    overlay = Overlay(what, keys, accepted)
    assert Overlay.from_json(overlay.to_json()) == overlay


@given(KEYS, RIGHT, OTHERS, CHOICES)
def test_what_is_accepted_later_adds_to_what_holds(key, right, others, response):
    corrected, more = Overlay(What.CORRECT, (right,)), Overlay(What.ACCEPT, others)
    holds = after(after(None, corrected), more)
    rights = [Key(kind="multiple", right=r) for r in (right, *others)]
    assert mark(effective(key, holds), response, 1, whole=True).correct == any(
        mark(r, response, 1, whole=True).correct for r in rights
    )
    assert effective(key, after(holds, corrected)) == effective(key, corrected)  # a new key replaces all of it
    void = Overlay(What.VOID)
    assert after(after(holds, void), more) == void  # everything is right already


@given(KEYS)
def test_accepting_what_is_right_already_changes_nothing(key):
    assert effective(key, Overlay(What.ACCEPT, (key.right,), key.accepted)) == key


def test_typed_answers():
    key = Key(kind="short_text", accepted=("ba năm",))
    more = effective(key, Overlay(What.ACCEPT, (), ("36 tháng",)))
    assert [mark(more, text, 1).points for text in ("Ba năm", "36 tháng", "hai năm")] == [1, 1, 0]
    other = effective(key, Overlay(What.CORRECT, (), ("36 tháng",)))
    assert [mark(other, text, 1).points for text in ("Ba năm", "36 tháng")] == [0, 1]
