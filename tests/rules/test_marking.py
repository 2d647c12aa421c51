"""From a response to its points: all or nothing, or the part that is right where a key allows it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.marking import Key, Mark, Response, Score, Worth, in_sequence, mark, original, original_sequence, score

CHOICE, ORDERING, MATCHING = "multiple", "ordering", "matching"
options = st.frozensets(st.integers(1, 6))
orders = st.integers(1, 6).flatmap(lambda n: st.permutations(range(1, n + 1)))
points = st.integers(1, 100)


def choice(*right: int, partial: bool = False) -> Key:
    return Key(kind=CHOICE, right=right, partial=partial)


@st.composite
def keys_with_responses(draw_: st.DrawFn) -> tuple[Key, Response]:
    """A key of any kind that may be partial, without that, and a response to it."""
    kind = draw_(st.sampled_from([CHOICE, ORDERING, MATCHING]))
    if kind == CHOICE:
        return choice(*sorted(draw_(options.filter(bool)))), draw_(options)
    right = draw_(orders) if kind == ORDERING else draw_(st.lists(st.integers(1, 6), min_size=1, max_size=6))
    given_ = draw_(st.lists(st.integers(0, 6), min_size=len(right), max_size=len(right)))
    return Key(kind=kind, right=tuple(right)), tuple(given_)


def as_partial(key: Key) -> Key:
    return Key(kind=key.kind, right=key.right, partial=True)


# choices


@pytest.mark.parametrize(
    ("right", "chosen", "correct"),
    [
        ({2}, {2}, True),
        ({2}, {3}, False),
        ({2}, set(), False),
        ({1, 3}, {1, 3}, True),
        ({1, 3}, {1}, False),  # too few
        ({1, 3}, {1, 3, 4}, False),  # one too many
        ({1, 2, 3, 4}, {1, 2, 3, 4}, True),  # VCNET 2020: one to four correct options
        (set(), set(), False),  # an item without a key earns nobody anything
    ],
)
def test_exactly_the_options_of_the_key(right: set[int], chosen: set[int], correct: bool):
    assert mark(choice(*right), frozenset(chosen), 5) == Mark(correct, 5 if correct else 0)


@given(right=options, chosen=options, points=points)
def test_points_go_to_equal_sets_and_to_no_others(right: frozenset[int], chosen: frozenset[int], points: int):
    correct = bool(right) and right == chosen
    assert mark(choice(*right), chosen, points) == Mark(correct, points if correct else 0)


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        ({1, 2, 3}, 4), ({1, 2}, 2), ({1}, 1), (set(), 0),  # thirds of four points, rounded down
        ({1, 2, 3, 4}, 2), ({1, 2, 4}, 1), ({1, 4}, 0), ({4, 5}, 0), ({1, 2, 3, 4, 5}, 1),
    ],
)  # fmt: skip
def test_a_wrong_option_takes_back_a_right_one(chosen: set[int], points: int):
    assert mark(choice(1, 2, 3, partial=True), frozenset(chosen), 4) == Mark(chosen == {1, 2, 3}, points)


@given(right=options.filter(bool), count=st.integers(6, 8), points=points)
def test_choosing_everything_earns_no_more_than_half_when_half_is_wrong(right: frozenset[int], count: int, points: int):
    earned = mark(choice(*right, partial=True), frozenset(range(1, count + 1)), points).points
    wrong = count - len(right)
    assert earned <= points * max(0, len(right) - wrong) / len(right)
    assert earned == 0 or wrong < len(right)


@given(right=st.lists(st.integers(1, 6), min_size=1, unique=True), chosen=options, partial=st.booleans())
def test_the_order_of_a_key_of_options_does_not_matter(right: list[int], chosen: frozenset[int], partial: bool):
    assert mark(choice(*right, partial=partial), chosen, 7) == mark(choice(*sorted(right), partial=partial), chosen, 7)


@given(right=options.filter(bool), chosen=options, option=st.integers(1, 6), points=points)
def test_one_more_right_option_never_costs_and_one_more_wrong_never_earns(
    right: frozenset[int], chosen: frozenset[int], option: int, points: int
):
    key = choice(*right, partial=True)
    before, after = mark(key, chosen, points).points, mark(key, chosen | {option}, points).points
    assert after >= before if option in right else after <= before


# sequences


@pytest.mark.parametrize(
    ("given_", "points"),
    [((3, 1, 2), 6), ((3, 2, 1), 2), ((1, 2, 3), 0), ((3, 0, 0), 2), ((3, 1), 4), ((), 0), ((3, 1, 2, 4), 0)],
)
def test_each_place_of_an_ordering_is_a_part(given_: tuple[int, ...], points: int):
    assert mark(Key(kind=ORDERING, right=(3, 1, 2), partial=True), given_, 6) == Mark(points == 6, points)
    assert mark(Key(kind=ORDERING, right=(3, 1, 2)), given_, 6) == Mark(points == 6, 6 if points == 6 else 0)


def test_a_right_side_may_belong_to_two_left_ones():
    key = Key(kind=MATCHING, right=(2, 2, 1), partial=True)
    assert mark(key, (2, 2, 1), 3) == Mark(True, 3)
    assert mark(key, (2, 2, 2), 3) == Mark(False, 2)


@given(orders, st.data())
def test_one_more_place_right_never_costs(right: list[int], data: st.DataObject):
    given_ = data.draw(st.lists(st.integers(0, 6), min_size=len(right), max_size=len(right)))
    place = data.draw(st.integers(0, len(right) - 1))
    better = [*given_[:place], right[place], *given_[place + 1 :]]
    key = Key(kind=ORDERING, right=tuple(right), partial=True)
    assert mark(key, tuple(better), 10).points >= mark(key, tuple(given_), 10).points


# all kinds that may be partial


@given(keys_with_responses(), points)
def test_a_part_is_between_nothing_and_everything(pair: tuple[Key, Response], points: int):
    key, response = pair
    whole, part = mark(key, response, points), mark(as_partial(key), response, points)
    assert part.correct == whole.correct
    assert whole.points <= part.points <= points
    assert (part.points == points) == whole.correct  # a part is never rounded up to the whole


@given(keys_with_responses(), points, points)
def test_more_points_never_give_less(pair: tuple[Key, Response], one: int, other: int):
    key, response = as_partial(pair[0]), pair[1]
    low, high = sorted([one, other])
    assert mark(key, response, low).points <= mark(key, response, high).points


@given(keys_with_responses())
def test_with_one_point_a_part_earns_nothing(pair: tuple[Key, Response]):
    key, response = pair
    assert mark(as_partial(key), response, 1) == mark(key, response, 1)


# typed answers


@pytest.mark.parametrize(
    ("kind", "accepted", "typed", "correct"),
    [
        ("short_text", ("Hồ Chí Minh", "Bác Hồ"), "bác  hồ.", True),
        ("short_text", ("Hồ Chí Minh", "Bác Hồ"), "bac ho", False),
        ("short_text", ("Hồ Chí Minh",), "", False),
        ("number", ("3.5±0.25", "7"), "3,75", True),
        ("number", ("3.5±0.25", "7"), "7", True),
        ("number", ("3.5±0.25", "7"), "3,76", False),
        ("number", (), "7", False),
    ],
)
def test_any_accepted_answer_will_do(kind: str, accepted: tuple[str, ...], typed: str, correct: bool):
    assert mark(Key(kind=kind, accepted=accepted, partial=True), typed, 3) == Mark(correct, 3 if correct else 0)


# from places shown to original numbers


@given(orders, st.data())
def test_original_undoes_the_shuffling(order: list[int], data: st.DataObject):
    chosen = data.draw(st.frozensets(st.sampled_from(order)))
    shown = {order.index(option) + 1 for option in chosen}
    assert original(order, shown) == chosen


@given(orders)
def test_places_that_are_not_on_the_paper_are_dropped(order: list[int]):
    assert original(order, {-1, 0, len(order) + 1, 99}) == frozenset()
    assert original_sequence(order, [0, len(order) + 1, 1]) == (0, 0, order[0])


@given(orders, st.data())
def test_the_right_positions_make_the_right_sequence_whatever_the_order_shown(order: list[int], data: st.DataObject):
    right = data.draw(st.permutations(order))
    positions = [right.index(thing) + 1 for thing in order]
    assert original_sequence(order, in_sequence(positions)) == tuple(right)
    assert mark(Key(kind=ORDERING, right=tuple(right)), original_sequence(order, in_sequence(positions)), 1).correct


@pytest.mark.parametrize(
    ("positions", "sequence"),
    [([2, 3, 1], (3, 1, 2)), ([1, 1, 3], (0, 0, 3)), ([0, 2, 0], (0, 2, 0)), ([9, 1, 2], (2, 3, 0)), ([], ())],
)
def test_a_position_given_twice_or_never_holds_nothing(positions: list[int], sequence: tuple[int, ...]):
    assert in_sequence(positions) == sequence


# the score


@given(st.lists(keys_with_responses(), max_size=20), points)
def test_a_score_is_the_sum_of_its_marks(pairs: list[tuple[Key, Response]], points: int):
    marks = [mark(as_partial(key), response, points) for key, response in pairs]
    total = score(marks, points * len(marks))
    right = sum(m.correct for m in marks)
    assert total == Score(sum(m.points for m in marks), points * len(marks), right, len(marks))
    assert total.all_correct == (bool(marks) and all(m.correct for m in marks))
    assert total.all_correct == (bool(marks) and total.points == total.maximum)
    assert Fraction(total.points) <= total.maximum


def test_twenty_questions_of_five_points_as_in_quan_1():
    marks = [mark(choice(1), frozenset([1]), 5)] * 19 + [mark(choice(1), frozenset([2]), 5)]
    assert score(marks, 100) == Score(points=95, maximum=100, correct=19, items=20)
    assert not score(marks, 100).all_correct


@given(st.lists(keys_with_responses(), max_size=20), points, st.integers(1, 100))
def test_essays_add_to_the_maximum_alone(pairs: list[tuple[Key, Response]], points: int, essays: int):
    marks = [mark(key, response, points) for key, response in pairs]
    without, with_ = score(marks, points * len(marks)), score(marks, points * len(marks) + essays)
    assert with_ == Score(without.points, without.maximum + essays, without.correct, without.items)
    assert with_.all_correct == without.all_correct


def test_a_paper_of_essays_alone_is_never_all_correct():
    assert not score([], 60).all_correct


@given(keys_with_responses(), points)
def test_all_or_nothing_gives_no_part_whatever_the_key_allows(pair: tuple[Key, Response], points: int):
    key, response = pair
    assert mark(as_partial(key), response, points, whole=True) == mark(key, response, points)


def test_levels_have_their_points_and_essays_theirs():
    worth = Worth(each=5, by_level={1: 1, 2: 2, 3: 3}, essay=20)
    assert [worth.of(CHOICE, level) for level in (1, 2, 3)] == [1, 2, 3]
    assert Worth(each=5).of(CHOICE, 3) == 5
    assert worth.of("essay", 1) == 20
