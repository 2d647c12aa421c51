"""Papers: a function of pool, blueprint and seed, and of nothing else."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.drawing import (
    ESSAY,
    BankTooSmall,
    Candidate,
    Cell,
    PaperItem,
    attempt_seed,
    draw,
    shortage,
    split,
    split_seed,
)

BANK = "thi-dua"
seeds = st.integers(0, 2**64 - 1)


def candidates(
    count: int, *, topic: str = "law", level: int = 1, first: int = 1, shuffle: bool = True
) -> list[Candidate]:
    return [Candidate(n, BANK, topic, level, 4, shuffle) for n in range(first, first + count)]


@st.composite
def pools(draw_: st.DrawFn) -> list[Candidate]:
    rows = draw_(
        st.lists(
            st.tuples(st.sampled_from("ab"), st.integers(1, 2), st.integers(2, 6), st.booleans()),
            min_size=8,
            max_size=30,
        )
    )
    return [Candidate(n, BANK, *row) for n, row in enumerate(rows, 100)]


cells = st.builds(Cell, st.just(BANK), st.sampled_from("ab"), st.none() | st.integers(1, 2), st.integers(1, 2))
blueprints = st.lists(cells, min_size=1, max_size=5)


@given(pool=pools(), blueprint=blueprints, seed=seeds, dice=st.randoms(use_true_random=False))
def test_a_paper_is_drawn_whole_or_the_pool_is_named_too_small(
    pool: list[Candidate], blueprint: list[Cell], seed: int, dice: Random
):
    short = shortage(pool, blueprint)
    if short:
        with pytest.raises(BankTooSmall) as caught:
            draw(pool, blueprint, seed)
        assert (caught.value.cell, caught.value.available) in short
        return
    paper = draw(pool, blueprint, seed)

    shuffled, cells_shuffled = dice.sample(pool, len(pool)), dice.sample(blueprint, len(blueprint))
    assert draw(iter(shuffled), cells_shuffled, seed) == paper

    by_id = {c.version_id: c for c in pool}
    drawn = [by_id[item.version_id] for item in paper]
    assert len(set(drawn)) == len(drawn) == sum(cell.count for cell in blueprint)
    topics: Counter[str] = Counter()
    levels: Counter[tuple[str, int | None]] = Counter()
    for cell in blueprint:
        topics[cell.topic] += cell.count
        levels[cell.topic, cell.level] += cell.count
    assert Counter(c.topic for c in drawn) == topics
    for (topic, level), count in levels.items():
        if level is not None:  # cells without a level may add to it
            assert sum(c.topic == topic and c.level == level for c in drawn) >= count

    for item, candidate in zip(paper, drawn, strict=True):
        places = list(range(1, candidate.options + 1))
        assert sorted(item.order) == places
        assert candidate.shuffle or list(item.order) == places


@given(pool=pools(), blueprint=blueprints)
def test_whether_a_paper_can_be_drawn_does_not_depend_on_the_seed(pool: list[Candidate], blueprint: list[Cell]):
    def succeeds(seed: int) -> bool:
        try:
            draw(pool, blueprint, seed)
        except BankTooSmall:
            return False
        return True

    assert {succeeds(seed) for seed in range(8)} == {shortage(pool, blueprint) == []}


def test_levels_take_first_and_the_open_cell_gets_what_is_left():
    pool = candidates(2, level=1) + candidates(3, level=2, first=3)
    blueprint = [Cell(BANK, "law", None, 2), Cell(BANK, "law", 1, 2), Cell(BANK, "law", 2, 1)]
    for seed in range(50):
        assert sorted(item.version_id for item in draw(pool, blueprint, seed)) == [1, 2, 3, 4, 5]
    assert shortage(pool, [*blueprint, Cell(BANK, "law", None, 1)]) == [(Cell(BANK, "law", None, 3), 2)]


def test_cells_that_ask_the_same_are_added_up():
    pool, cell = candidates(5), Cell(BANK, "law", 1, 3)
    assert shortage(pool, [cell, cell]) == [(Cell(BANK, "law", 1, 6), 5)]
    assert len(draw(candidates(6), [cell, cell], 1)) == 6


def test_a_pool_that_just_suffices_gives_everything():
    assert {item.version_id for item in draw(candidates(4), [Cell(BANK, "law", 1, 4)], 7)} == {1, 2, 3, 4}


def test_a_bank_that_is_too_small_names_the_cell_and_what_there_is():
    blueprint = [Cell(BANK, "law", 1, 3), Cell(BANK, "merit", 2, 5)]
    pool = candidates(3) + candidates(4, topic="merit", level=2, first=10)
    with pytest.raises(BankTooSmall) as caught:
        draw(pool, blueprint, 1)
    assert (caught.value.cell, caught.value.available) == (Cell(BANK, "merit", 2, 5), 4)
    assert "merit" in str(caught.value)


def test_the_same_topic_of_another_bank_does_not_help():
    elsewhere = [Candidate(n, "election", "law", 1, 4) for n in range(9)]
    assert shortage(elsewhere, [Cell(BANK, "law", None, 1)]) == [(Cell(BANK, "law", None, 1), 0)]


def test_every_item_every_place_and_every_order_is_reached():
    pool = [Candidate(n, BANK, "law", 1 + n % 3, 3) for n in range(12)]
    papers = [draw(pool, [Cell(BANK, "law", None, 4)], seed) for seed in range(400)]
    assert {item.version_id for paper in papers for item in paper} == set(range(12))
    assert {paper[0].version_id for paper in papers} == set(range(12))
    assert len({item.order for paper in papers for item in paper}) == 6


def test_every_item_is_drawn_about_as_often():
    pool, runs = candidates(20), 2000
    drawn = Counter(item.version_id for s in range(runs) for item in draw(pool, [Cell(BANK, "law", 1, 5)], s))
    assert all(0.85 < drawn[n] / (runs * 5 / 20) < 1.15 for n in range(1, 21))


def test_a_paper_of_today_is_the_paper_of_tomorrow():
    """Papers are checked years later against seed and pool: another Python must not draw them otherwise."""
    pool = candidates(10) + candidates(10, topic="merit", level=2, first=11, shuffle=False)
    assert draw(pool, [Cell(BANK, "law", None, 2), Cell(BANK, "merit", 2, 2)], 20241120) == [
        PaperItem(12, (1, 2, 3, 4)),
        PaperItem(7, (2, 4, 1, 3)),
        PaperItem(6, (1, 4, 3, 2)),
        PaperItem(17, (1, 2, 3, 4)),
    ]


def test_pinned_options_keep_their_place_and_the_others_are_shuffled():
    pool = [Candidate(1, BANK, "law", 1, 5, True, (2, 5))]
    orders = {draw(pool, [Cell(BANK, "law", 1, 1)], seed)[0].order for seed in range(100)}
    assert {(order[1], order[4]) for order in orders} == {(2, 5)}
    assert len(orders) == 6  # the three others stand in every way


@given(seed=seeds, options=st.integers(0, 12))
def test_without_pins_the_order_is_the_one_that_was_drawn_before_there_were_pins(seed: int, options: int):
    """Pools that were frozen before must give the papers that their receipts name."""
    dice = Random(seed)
    dice.sample([None], 1)
    dice.shuffle([None])
    order = list(range(1, options + 1))
    dice.shuffle(order)
    (item,) = draw([Candidate(1, BANK, "law", 1, options)], [Cell(BANK, "law", 1, 1)], seed)
    assert item.order == tuple(order)


@given(seed=seeds, options=st.integers(1, 8), data=st.data())
def test_an_order_has_every_option_once_whatever_is_pinned(seed: int, options: int, data: st.DataObject):
    pinned = data.draw(st.sets(st.integers(1, options)))
    pool = [Candidate(1, BANK, "law", 1, options, True, tuple(sorted(pinned)))]
    (item,) = draw(pool, [Cell(BANK, "law", 1, 1)], seed)
    assert sorted(item.order) == list(range(1, options + 1))
    assert all(item.order[place - 1] == place for place in pinned)


def test_the_seed_of_an_attempt_is_stable():
    assert attempt_seed(bytes(32), 7, 3, 1) == 13355252078265226909  # the first 8 bytes of HMAC-SHA256 of "7:3:1"


@given(
    st.sets(st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 20)), min_size=2, max_size=20),
    st.binary(min_size=32, max_size=32),
)
def test_attempts_have_different_seeds(attempts: set[tuple[int, int, int]], secret: bytes):
    found = {attempt_seed(secret, *attempt) for attempt in attempts}
    assert len(found) == len(attempts)
    assert all(0 <= seed < 2**64 for seed in found)


def test_seeds_do_not_run_into_each_other_nor_survive_another_secret():
    secret = bytes(32)
    assert attempt_seed(secret, 1, 11, 1) != attempt_seed(secret, 11, 1, 1)
    assert attempt_seed(secret, 1, 1, 1) != attempt_seed(b"\x01" * 32, 1, 1, 1)


# Essays, and parts for rounds


def essays(n: int) -> list[Candidate]:
    return [Candidate(1000 + i, "luat", "chung", ESSAY, 0, False) for i in range(n)]


def test_essays_stand_last_and_are_never_drawn_for_any_level():
    pool = [Candidate(i, "luat", "chung", i % 3 + 1, 4) for i in range(1, 7)] + essays(2)
    paper = draw(pool, [Cell("luat", "chung", None, 6), Cell("luat", "chung", ESSAY, 1)], 5)
    assert [item.version_id > 999 for item in paper] == [False] * 6 + [True]
    assert shortage(pool, [Cell("luat", "chung", None, 7)]) == [(Cell("luat", "chung", None, 7), 6)]
    assert shortage(pool, [Cell("luat", "chung", ESSAY, 3)]) == [(Cell("luat", "chung", ESSAY, 3), 2)]
    with pytest.raises(BankTooSmall):
        draw(pool, [Cell("luat", "chung", None, 7)], 5)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=60), st.integers(1, 8), st.integers(0, 99)
)
def test_parts_share_no_item_and_have_even_shares(rows: list[tuple[str, int]], parts: int, seed: int):
    pool = [Candidate(n, "luat", topic, level, 4) for n, (topic, level) in enumerate(rows, 1)]
    found = split(pool, parts, seed)
    assert sorted(c for part in found for c in part) == sorted(pool)
    assert split(list(reversed(pool)), parts, seed) == found
    for topic in "ab":
        for level in range(4):
            shares = [sum((c.topic, c.level) == (topic, level) for c in part) for part in found]
            assert max(shares) - min(shares) <= 1


def test_the_seed_of_a_split_needs_every_secret_in_order():
    secrets = ["00" * 32, "11" * 32]
    assert split_seed(secrets) == 6634931659416084947
    assert len({split_seed(some) for some in (secrets, secrets[::-1], secrets[:1], secrets[1:])}) == 4
