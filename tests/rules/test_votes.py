from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules import votes
from quiz.rules.conflicts import own_line
from quiz.rules.votes import Base, Choice, Outcome, Tally, VoteRule, outcome

fractions = st.integers(1, 12).flatmap(lambda d: st.builds(Fraction, st.integers(1, d), st.just(d)))
rules = st.builds(
    VoteRule, quorum=fractions, base=st.sampled_from(Base), threshold=fractions.filter(lambda f: f < 1), more_than=st.booleans()
)  # fmt: skip
choices = st.sampled_from(Choice)


@st.composite
def counts(draw):
    """(tally, may vote)"""
    agree, disagree, other, silent = (draw(st.integers(0, 12)) for _ in range(4))
    return Tally(agree=agree, disagree=disagree, other=other), agree + disagree + other + silent


@pytest.mark.parametrize(
    ("agree", "others", "may_vote", "expected"),
    [
        (7, 2, 9, Outcome.CHOSEN),
        (6, 3, 9, Outcome.NOT_CHOSEN),  # exactly two thirds are not more than two thirds
        (6, 0, 8, Outcome.CHOSEN),
        (6, 0, 9, Outcome.NOT_CHOSEN),  # quorum, but those who stayed away count below the line
        (5, 0, 9, Outcome.NO_QUORUM),
        (5, 1, 9, Outcome.NOT_CHOSEN),
        (0, 0, 0, Outcome.NO_QUORUM),
        (1, 0, 1, Outcome.CHOSEN),
        (3, 0, 3, Outcome.CHOSEN),
        (2, 1, 3, Outcome.NOT_CHOSEN),
    ],
)
def test_more_than_two_thirds_of_the_council(agree, others, may_vote, expected):
    assert outcome(Tally(agree=agree, other=others), may_vote, VoteRule()) is expected


@pytest.mark.parametrize(
    ("agree", "against", "expected"),
    [(8, 2, Outcome.CHOSEN), (7, 2, Outcome.NOT_CHOSEN), (7, 1, Outcome.CHOSEN), (6, 0, Outcome.NO_QUORUM)],
)
def test_at_least_four_fifths_of_those_who_vote(agree, against, expected):
    rule = VoteRule(base=Base.VOTERS, threshold=Fraction(4, 5), more_than=False)
    assert outcome(Tally(agree=agree, disagree=against), 10, rule) is expected


@pytest.mark.parametrize(
    ("quorum", "threshold", "more_than"),
    [(Fraction(0), Fraction(1, 2), False), (Fraction(4, 3), Fraction(1, 2), False), (Fraction(1), Fraction(1), True),
     (Fraction(1), Fraction(0), False), (Fraction(1), Fraction(3, 2), False)],
)  # fmt: skip
def test_rules_that_nobody_could_mean_are_refused(quorum, threshold, more_than):
    with pytest.raises(ValueError, match=r"a (quorum|threshold) of"):
        VoteRule(quorum=quorum, threshold=threshold, more_than=more_than)


def test_more_votes_than_people_are_a_fault():
    with pytest.raises(ValueError, match="3 votes of 2 people"):
        outcome(Tally(agree=3), 2, VoteRule())


@given(counts(), rules)
def test_the_outcome_is_the_plain_comparison_of_fractions(counted, rule):
    tally, may_vote = counted
    found = outcome(tally, may_vote, rule)
    quorum = tally.voted > 0 and Fraction(tally.voted, may_vote) >= rule.quorum
    assert (found is Outcome.NO_QUORUM) == (not quorum)
    if quorum:
        base = may_vote if rule.base is Base.COUNCIL else tally.voted
        share = Fraction(tally.agree, base)
        enough = share > rule.threshold if rule.more_than else share >= rule.threshold
        assert (found is Outcome.CHOSEN) == enough


@given(st.integers(1, 60), rules)
def test_the_numbers_that_pages_state_are_the_least_that_suffice(people, rule):
    fewest = votes.needed_to_vote(people, rule)
    assert votes.has_quorum(fewest, people, rule)
    assert not votes.has_quorum(fewest - 1, people, rule)
    agree = votes.needed_to_choose(people, rule)
    chosen = [outcome(Tally(agree=n, other=people - n), people, rule) is Outcome.CHOSEN for n in range(people + 1)]
    assert chosen == [n >= agree for n in range(people + 1)]


@given(counts(), rules)
def test_agreement_never_harms_and_conflicts_of_the_silent_never_harm(counted, rule):
    tally, may_vote = counted
    if outcome(tally, may_vote, rule) is Outcome.CHOSEN:
        if tally.other:
            better = Tally(agree=tally.agree + 1, disagree=tally.disagree, other=tally.other - 1)
            assert outcome(better, may_vote, rule) is Outcome.CHOSEN
        if may_vote > tally.voted:
            assert outcome(tally, may_vote - 1, rule) is Outcome.CHOSEN


# 1 is the department; 2 and 3 stand below it, 4 and 5 below 2, 6 below 4
TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4}


@pytest.mark.parametrize(
    ("unit", "line"),
    [(None, set()), (1, {1}), (2, {2, 4, 5, 6}), (3, {3}), (4, {2, 4, 6}), (6, {2, 4, 6}), (5, {2, 5}), (99, {99})],
)
def test_own_line(unit, line):
    assert own_line(unit, TREE) == line


@given(st.lists(st.integers(0, 8), max_size=9), st.integers(1, 9), st.integers(1, 9))
def test_conflict_below_the_top_is_mutual(above, one, other):
    """Whoever may not vote on a unit belongs to one whose nominations its people may not vote on either."""
    parents = {n: (a % n or None) if n > 1 else None for n, a in enumerate(above, 1)}
    if one in parents and other in parents:
        assert (other in own_line(one, parents)) == (one in own_line(other, parents))


def _code(n: int) -> str:
    return f"MA{n:022d}"


@given(st.lists(choices, min_size=1, max_size=12), st.randoms())
def test_a_box_is_the_same_whoever_came_first(cast, dice):
    ballots = [(votes.mark_of(_code(n), 7), choice) for n, choice in enumerate(cast)]
    boxes = []
    for _ in range(2):
        box: list[list[str]] = []
        for mark, choice in ballots:
            box = votes.put(box, mark, choice)
        boxes.append(box)
        dice.shuffle(ballots)
    assert boxes[0] == boxes[1] == sorted(boxes[0])
    assert votes.count(boxes[0]) == votes.tally(c.value for c in cast)
    assert votes.digest({7: boxes[0]}) == votes.digest({7: list(reversed(boxes[0]))})


def test_every_order_of_four_voters_leaves_one_box():
    ballots = [(votes.mark_of(_code(n), 3), choice) for n, choice in enumerate([*Choice, Choice.AGREE])]
    found = set()
    for order in permutations(ballots):
        box: list[list[str]] = []
        for mark, choice in order:
            box = votes.put(box, mark, choice)
        found.add(str(box))
    assert len(found) == 1


@given(st.lists(choices, min_size=1, max_size=8), choices)
def test_a_changed_ballot_counts_once_with_its_last_choice(cast, last):
    box: list[list[str]] = []
    for n, choice in enumerate(cast):
        box = votes.put(box, votes.mark_of(_code(n), 3), choice)
    mark = votes.mark_of(_code(0), 3)
    changed = votes.replace(box, mark, last)
    assert votes.count(changed) == votes.tally([last.value, *(c.value for c in cast[1:])])
    with pytest.raises(KeyError):
        votes.put(box, mark, last)
    with pytest.raises(KeyError):
        votes.replace(box, votes.mark_of("of nobody", 3), last)


def test_marks_of_one_ballot_do_not_tell_in_two_boxes_that_they_belong_together():
    marks = {votes.mark_of(_code(1), nomination) for nomination in range(20)}
    assert len(marks) == 20
    assert votes.mark_of(_code(1), 12) != votes.mark_of("2:" + _code(1), 1)
