"""Papers by lot: two different judges, nobody of the own unit, equal loads, and the same for everybody who knows the seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.assigning import NotEnoughJudges, assign, loads_of

JUDGES = st.integers(2, 7).map(lambda n: list(range(1, n + 1)))


@given(JUDGES, st.integers(0, 60), st.text(max_size=5))
def test_loads_differ_by_one_at_most(judges, papers, seed):
    given_ = assign({f"P{n}": () for n in range(papers)}, judges, seed, each=2)
    loads = [loads_of(given_).get(judge, 0) for judge in judges]
    assert max(loads) - min(loads) <= 1
    assert all(len(set(chosen)) == 2 for chosen in given_.values())


@given(JUDGES, st.lists(st.frozensets(st.integers(1, 7), max_size=5), max_size=30), st.text(max_size=5), st.randoms())
def test_nobody_marks_what_they_must_not_and_the_order_does_not_matter(judges, barred, seed, dice):
    papers = {f"P{n}": of for n, of in enumerate(barred)}
    mixed = list(papers.items())
    dice.shuffle(mixed)
    if any(len(set(judges) - of) < 2 for of in barred):
        with pytest.raises(NotEnoughJudges):
            assign(papers, judges, seed, each=2)
        return
    given_ = assign(papers, judges, seed, each=2)
    assert all(not set(chosen) & papers[paper] for paper, chosen in given_.items())
    assert assign(dict(mixed), judges[::-1], seed, each=2) == given_


def test_who_has_many_gets_fewer():
    given_ = assign({f"P{n}": () for n in range(10)}, [1, 2, 3], "x", each=1, loads={1: 10})
    assert Counter(j for chosen in given_.values() for j in chosen) == {2: 5, 3: 5}


def test_papers_that_few_may_mark_do_not_burden_them_more_than_they_must():
    """Judge 3 may not mark half of the papers; taken last, those would have left 1 and 2 with five each, and 3 with two."""
    papers = {f"P{n}": {3} if n % 2 else () for n in range(6)}
    for seed in "abcdefgh":
        loads = loads_of(assign(papers, [1, 2, 3], seed, each=2))
        assert loads[3] == 3
        assert {loads[1], loads[2]} == {4, 5}
