"""What is worth a judge's look: properties over made-up fields, and the planted cheat that must be found."""

import math
from array import array
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.rules import suspicion
from quiz.rules.suspicion import Field, Papers, Spread, Strength

OPTIONS = 4  # of an item; its first answer is the right one


def field(people, seed, *, bank=40, questions=20, copies=()):
    """Papers of people of different skill.  copies: (source, copier) pairs"""
    dice = Random(seed)
    hard = [dice.gauss(-1, 1) for _ in range(bank)]
    pull = [[dice.random() + 0.1 for _ in range(OPTIONS - 1)] for _ in range(bank)]
    answers, began = [], []
    for _ in range(people):
        skill = dice.gauss(0, 1)
        own = array("i")
        for item in dice.sample(range(bank), questions):
            right = dice.random() < 1 / (1 + math.exp(hard[item] - skill))
            own.append(OPTIONS * item + (0 if right else 1 + dice.choices(range(OPTIONS - 1), pull[item])[0]))
        answers.append(own)
        began.append(dice.randrange(7 * 86400))
    for source, copier in copies:
        answers[copier], began[copier] = answers[source][:], began[source] + 60
    item_of = [a // OPTIONS for a in range(OPTIONS * bank)]
    return Papers(item_of, [a % OPTIONS == 0 for a in range(OPTIONS * bank)], answers, began, list(range(people)))


def wrong(papers, i):
    return {a for a in papers.answers[i] if not papers.right[a]}


@given(st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_copiers_are_found_and_an_honest_field_is_left_alone(seed):
    copies = [(0, 1), (2, 3)]
    papers = field(400, seed, copies=copies)
    groups = [f"n{min(i, 3) // 2 if i < 4 else i}" for i in range(400)]
    found = suspicion.alike(papers, {"network": groups})
    pairs = {(p.a, p.b) for p in found}
    assert {pair for pair in copies if len(wrong(papers, pair[0])) >= 5} <= pairs
    assert len(pairs - set(copies)) <= 1
    for p in found:
        assert set(p.shared) == wrong(papers, p.a) & wrong(papers, p.b)
        assert p.by_chance <= 1
        assert p.beside == (groups[p.a] == groups[p.b])
    honest = suspicion.alike(field(400, seed + 1), {"network": [""] * 400})
    assert len(honest) <= 1


@given(st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_the_index_misses_no_pair_that_shares_many_rare_wrong_answers(seed):
    """Against comparing all pairs; within the wrong answers that are looked at."""
    papers = field(60, seed, bank=20)
    index = Field(papers)
    rare = [sorted(wrong(papers, i), key=lambda a: (index.times[a], a))[: suspicion.RAREST] for i in range(60)]
    expected = {
        (i, j) for i, j in combinations(range(60), 2) if len(set(rare[i]) & set(rare[j])) >= suspicion.FEWEST_SHARED
    }
    found = list(suspicion.candidates(index))
    assert set(found) == expected
    assert len(found) == len(set(found))


def test_a_thousand_equal_papers_make_no_million_pairs():
    papers = field(1000, 7, copies=[(0, i) for i in range(1, 1000)])
    found = list(suspicion.candidates(Field(papers)))
    assert 0 < len(found) < 3000


@given(st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_chances_sum_up_and_likeness_has_no_direction(seed):
    papers = field(80, seed)
    index = Field(papers)
    for item in range(40):
        own = [a for a in index.times if papers.item_of[a] == item]
        assert sum(index.chance(a, 0.3) for a in own) <= 1.000001
    for a, b in [(0, 1), (5, 9)]:
        assert index.likeness(a, b) == pytest.approx(index.likeness(b, a))
        assert index.likeness(a, a) >= index.likeness(a, b)


def test_a_small_field_says_so():
    assert suspicion.alike(field(29, 1), {}) is None
    assert suspicion.spread([1.0] * 29, 30) is None
    assert suspicion.many_changes([0] * 29) is None
    assert suspicion.many_changes([0] * 100) == 4


def test_two_papers_of_one_person_are_no_pair():
    papers = field(50, 3, copies=[(0, 1)])
    same = Papers(papers.item_of, papers.right, papers.answers, papers.started_s, [0, 0, *range(2, 50)])
    assert all({p.a, p.b} != {0, 1} for p in suspicion.alike(same, {"network": ["x"] * 50}))


@given(st.lists(st.floats(5, 15), min_size=30, max_size=60), st.integers(0, 29))
def test_one_odd_time_moves_the_field_little(logs, odd):
    usual = suspicion.spread(logs, 30)
    moved = suspicion.spread([*logs[:odd], 0.0, *logs[odd + 1 :]], 30)
    assert usual.mad > 0
    assert min(logs) <= usual.median <= max(logs)
    ordered = sorted(logs)
    middle = len(logs) // 2
    assert ordered[middle - 2] <= moved.median <= ordered[min(middle + 1, len(logs) - 1)]


def test_fast_papers():
    field_ = Spread(math.log(1.0), 0.3, 100)
    assert suspicion.fast_paper(60_000, 600_000, field_, 19, 15)[0] is Strength.STRONG
    assert suspicion.fast_paper(200_000, 600_000, field_, 19, 15)[0] is Strength.NOTABLE
    assert suspicion.fast_paper(60_000, 600_000, field_, 9, 15) is None  # somebody who only clicked
    assert suspicion.fast_paper(400_000, 600_000, field_, 19, 15) is None
    items = {i: Spread(math.log(20_000), 0.5, 100) for i in range(10)}
    assert suspicion.fast_answers(dict.fromkeys(range(10), 900), items) == list(range(10))
    assert suspicion.fast_answers({**dict.fromkeys(range(4), 900), 5: 15_000}, items) == []


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 10**6), max_size=30))
def test_gaps_add_up_to_the_last_answer(moments):
    found = suspicion.gaps(moments)
    assert found.keys() == moments.keys()
    assert sum(found.values()) == max(moments.values(), default=0)
    assert all(gap >= 0 for gap in found.values())


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 10**6), min_size=5, max_size=30))
def test_agreement_of_orders(moments):
    assert suspicion.order_agreement(moments, moments) == 1
    ranks = {item: n for n, item in enumerate(sorted(moments))}
    assert suspicion.order_agreement(ranks, {item: -n for item, n in ranks.items()}) == -1


def test_orders_say_something_only_where_papers_stand_in_different_ones():
    assert suspicion.same_order(0.95, 0.1)
    assert not suspicion.same_order(0.95, 1.0)
    assert not suspicion.same_order(None, 0.1)


def test_shared_devices_and_people():
    keys = [("x", 1, 10), ("x", 2, 11), ("x", 1, 12), ("", 3, 13), ("", 4, 14), ("y", 5, 15), ("y", 5, 16)]
    assert suspicion.shared_by(keys) == [[10, 11, 12]]
    assert suspicion.mailbox("Nguyen.Van.A+thi@gmail.com") == suspicion.mailbox("nguyenvana@gmail.com")
    assert suspicion.mailbox("a.b@vidu.vn") != suspicion.mailbox("ab@vidu.vn")
    assert suspicion.mailbox("") == ""


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50), st.integers(1, 5)), max_size=30))
def test_overlaps_are_of_two_people_and_as_long_as_both_were_open(spans):
    made = [(begin, begin + long, owner, n) for n, (begin, long, owner) in enumerate(spans)]
    by_id = {n: (begin, end, owner) for begin, end, owner, n in made}
    found = suspicion.overlaps(made)
    for a, b, common in found:
        (a0, a1, who), (b0, b1, other) = by_id[a], by_id[b]
        assert who != other
        assert common == min(a1, b1) - max(a0, b0) > 0
    exists = any(
        x[2] != y[2] and min(x[1], y[1]) > max(x[0], y[0]) for x, y in combinations(by_id.values(), 2)
    )  # fmt: skip
    assert bool(found) == exists
