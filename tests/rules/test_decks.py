"""A deck gives the papers that drawing gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.decks import Deck
from quiz.rules.drawing import ESSAY, BankTooSmall, Candidate, Cell, draw, shortage

candidates = st.builds(
    Candidate, st.integers(1, 60), st.just("b"), st.sampled_from("xy"), st.integers(ESSAY, 3), st.integers(2, 5)
)
pools = st.lists(candidates, max_size=40, unique_by=lambda c: c.version_id)
cells = st.builds(Cell, st.just("b"), st.sampled_from("xy"), st.none() | st.integers(ESSAY, 3), st.integers(1, 4))
blueprints = st.lists(cells, min_size=1, max_size=6)


@given(pools, blueprints, st.integers(0, 2**64 - 1))
def test_same_seed_same_items_in_the_same_order(pool, blueprint, seed):
    if shortage(pool, blueprint):
        with pytest.raises(BankTooSmall):
            Deck(pool, blueprint)
        return
    deck = Deck(pool, blueprint)
    assert deck.version_ids(seed) == [item.version_id for item in draw(pool, blueprint, seed)]
    assert deck.paper(seed) == [(item.version_id, item.order) for item in draw(pool, blueprint, seed)]
    assert deck.size == len(deck.version_ids(seed))
