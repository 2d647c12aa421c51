"""Lots that anybody can draw again."""

from __future__ import annotations

import hashlib
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.lots import draw_lots, ticket

seeds = st.text(min_size=1, max_size=20)


def test_a_ticket_can_be_made_by_hand():
    text = "hieu-luat lots 1\nXSKT 26/11/2026: 123456\nabc\n7\n"
    assert ticket("XSKT 26/11/2026: 123456", "abc", 7) == hashlib.sha256(text.encode()).hexdigest()


@given(seeds, st.text(max_size=8), st.sets(st.integers(1, 10**9), max_size=20), st.randoms(use_true_random=False))
def test_any_order_of_the_entries_gives_the_same_draw(seed: str, sheet: str, entries: set[int], dice: Random):
    drawn = draw_lots(seed, sheet, entries)
    assert draw_lots(seed, sheet, dice.sample(sorted(entries), len(entries))) == drawn
    assert set(drawn) == entries


@given(st.sets(st.integers(1, 10**6), min_size=2, max_size=20), seeds)
def test_who_is_left_out_does_not_change_the_order_of_the_rest(entries: set[int], seed: str):
    drawn = draw_lots(seed, "sheet", entries)
    assert draw_lots(seed, "sheet", set(drawn[1:])) == drawn[1:]


def test_everybody_has_the_same_chance():
    first = [draw_lots(str(seed), "sheet", [1, 2, 3])[0] for seed in range(3000)]
    assert all(900 < first.count(entry) < 1100 for entry in (1, 2, 3))
