"""Participation, counted up the tree of units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.units import Named, Participation, names_apart, participation

PROVINCE, JUSTICE, HOME_AFFAIRS, NOTARY, LEGAL_AID = 1, 2, 3, 4, 5
TREE = {PROVINCE: None, JUSTICE: PROVINCE, HOME_AFFAIRS: PROVINCE, NOTARY: JUSTICE, LEGAL_AID: JUSTICE}


def by_unit(*args: dict[int, int], tree: dict[int, int | None] = TREE) -> dict[int, tuple[int, int | None]]:
    return {p.unit_id: (p.participants, p.headcount) for p in participation(tree, *args)}


def test_people_are_counted_up_the_tree():
    found = by_unit({}, {JUSTICE: 3, NOTARY: 2, LEGAL_AID: 4, HOME_AFFAIRS: 1})
    assert found == {NOTARY: (2, None), LEGAL_AID: (4, None), JUSTICE: (9, None), HOME_AFFAIRS: (1, None), PROVINCE: (10, None)}  # fmt: skip


def test_an_own_headcount_covers_the_units_below():
    found = by_unit({JUSTICE: 50, NOTARY: 10, LEGAL_AID: 10}, {JUSTICE: 3, NOTARY: 2})
    assert found[JUSTICE] == (5, 50)
    assert found[PROVINCE] == (5, 50)


def test_without_an_own_headcount_those_below_are_added():
    found = by_unit({NOTARY: 10, LEGAL_AID: 15, HOME_AFFAIRS: 40}, {NOTARY: 2, HOME_AFFAIRS: 5})
    assert found[JUSTICE] == (2, 25)
    assert found[PROVINCE] == (7, 65)


def test_a_unit_below_that_nobody_counted_and_nobody_came_from_is_left_out_of_the_sum():
    assert by_unit({NOTARY: 10}, {NOTARY: 5})[JUSTICE] == (5, 10)


@pytest.mark.parametrize("unit", [LEGAL_AID, JUSTICE])
def test_a_sum_that_leaves_out_people_who_took_part_is_no_headcount(unit: int):
    """10 of 10 notaries and 50 people of uncounted places are not 60 of 10."""
    found = by_unit({NOTARY: 10, HOME_AFFAIRS: 40}, {NOTARY: 10, unit: 50})
    assert found[JUSTICE] == (60, None)
    assert found[PROVINCE] == (60, None)
    stated = by_unit({NOTARY: 10, HOME_AFFAIRS: 40, JUSTICE: 100}, {NOTARY: 10, unit: 50})
    assert stated[JUSTICE] == (60, 100)
    assert stated[PROVINCE] == (60, 140)


@pytest.mark.parametrize(
    ("participants", "headcount", "ratio"),
    [(0, 40, 0.0), (13, 40, 32.5), (40, 40, 100.0), (41, 40, 100.0), (5, None, None), (5, 0, None), (0, 0, None)],
)
def test_ratio(participants: int, headcount: int | None, ratio: float | None):
    assert Participation(1, participants, headcount).ratio == ratio


def test_order_is_ratio_then_participants_then_id_and_no_headcount_last():
    tree = dict.fromkeys(range(1, 8))
    headcounts = {1: 10, 2: 100, 3: 10, 4: 10, 6: 5}
    found = participation(tree, headcounts, {1: 5, 2: 50, 3: 5, 4: 9, 5: 70, 6: 0, 7: 71})
    assert [p.unit_id for p in found] == [4, 2, 1, 3, 6, 7, 5]


def test_a_unit_whose_superior_is_not_given_is_a_top():
    assert by_unit({8: 10}, {8: 3, 9: 2}, tree={8: 404, 9: 8}) == {8: (5, 10), 9: (2, None)}


def test_people_of_units_that_are_not_given_count_nowhere():
    assert by_unit({}, {404: 3}, tree={1: None}) == {1: (0, None)}


def test_a_deep_tree():
    depth = 20_000
    chain: dict[int, int | None] = {n: n - 1 if n else None for n in range(depth)}
    assert by_unit({}, {depth - 1: 1}, tree=chain)[0] == (1, None)


def test_a_circle_is_named():
    with pytest.raises(ValueError, match=r"units above themselves: \[2, 3\]"):
        participation({1: None, 2: 3, 3: 2}, {}, {2: 1})


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    size = draw(st.integers(0, 12))
    forest: dict[int, int | None] = {}
    for unit in range(size):
        forest[unit] = draw(st.none() | st.integers(0, unit - 1)) if unit else None
    return dict(draw(st.permutations(list(forest.items()))))


@given(forests(), st.dictionaries(st.integers(0, 12), st.integers(0, 20)), st.dictionaries(st.integers(0, 12), st.integers(0, 20)))  # fmt: skip
def test_every_unit_once_with_its_sums(
    tree: dict[int, int | None], headcounts: dict[int, int], participants: dict[int, int]
):
    found = participation(tree, headcounts, participants)
    rows = {p.unit_id: p for p in found}
    assert len(found) == len(rows)
    assert rows.keys() == tree.keys()
    for unit, row in rows.items():
        below = [rows[u] for u, above in tree.items() if above == unit]
        assert row.participants == participants.get(unit, 0) + sum(p.participants for p in below)
        if unit in headcounts:
            assert row.headcount == headcounts[unit]
        elif row.headcount is not None:
            assert row.headcount == sum(p.headcount or 0 for p in below)
        assert row.ratio is None or 0 <= row.ratio <= 100
    tops = [rows[u].participants for u, above in tree.items() if above is None]
    assert sum(tops) == sum(participants.get(u, 0) for u in tree)

    ratios = [p.ratio for p in found]
    known = [r for r in ratios if r is not None]
    assert ratios == sorted(known, reverse=True) + [None] * (len(ratios) - len(known))
    assert found == participation(dict(reversed(tree.items())), headcounts, participants)


def test_units_of_one_name_are_told_apart_by_those_above():
    units = {
        1: Named("UBND xã Bến Lức", None, "bl"), 2: Named("UBND xã Tân Biên", None, "tb"),
        3: Named("Phòng Tư pháp", 1, "bl-tp"), 4: Named("Phòng Tư pháp", 2, "tb-tp"), 5: Named("Phòng Nội vụ", 1, "bl-nv"),
        6: Named("Tổ 1", 3, "x"), 7: Named("Tổ 1", 4, "y"), 8: Named("Trường An", None, "a"), 9: Named("Trường An", None, "b"),
    }  # fmt: skip
    assert names_apart(units) == {
        1: "UBND xã Bến Lức", 2: "UBND xã Tân Biên", 3: "Phòng Tư pháp, UBND xã Bến Lức",
        4: "Phòng Tư pháp, UBND xã Tân Biên", 5: "Phòng Nội vụ", 6: "Tổ 1, Phòng Tư pháp, UBND xã Bến Lức",
        7: "Tổ 1, Phòng Tư pháp, UBND xã Tân Biên", 8: "Trường An (a)", 9: "Trường An (b)",
    }  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("AB"), st.none() | st.integers(0, 7)), max_size=8))
def test_no_two_units_have_one_name(rows):
    """Also where units stand above themselves, or below one that is not there."""
    found = names_apart({n: Named(name, above, str(n)) for n, (name, above) in enumerate(rows)})
    assert len(set(found.values())) == len(found) == len(rows)
    assert all(found[n].startswith(name) for n, (name, _above) in enumerate(rows))
