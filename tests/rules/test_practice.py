"""No state and no moment of any contest lets practice show what the contest still keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.clock import LateStart, Window, all_ended_at
from quiz.rules.practice import (
    DraftClaim,
    RoundClaim,
    Subject,
    Why,
    concerns,
    due_at,
    free,
    keeping,
    next_item,
    why_kept,
)
from quiz.rules.visibility import Release
from tests.rules.results import NOON, TICK

HOUR = timedelta(hours=1)
SUBJECTS = [Subject(n, f"b{n % 2}", f"t{n % 3}", f"w{n // 2}") for n in range(12)]
SEEN_AFTER_CLOSE = (Release.AFTER_SUBMIT, Release.AFTER_CLOSE)


def claim(**changes: object) -> RoundClaim:
    """A round of an hour from noon on, with twenty minutes and ten seconds after it for those who began late."""
    values: dict[str, object] = {
        "items": frozenset({1}), "words": frozenset(), "window": Window(NOON, NOON + HOUR), "sitting_until": None,
        "all_ended_at": all_ended_at(Window(NOON, NOON + HOUR), 1200, LateStart.FULL, 10),
        "release": Release.AFTER_CLOSE, "is_published": False,
    }  # fmt: skip
    return RoundClaim(**values | changes)  # type: ignore[arg-type]


ENDED = claim().all_ended_at

minutes = st.integers(-10_000, 10_000)
moments = minutes.map(lambda n: NOON + timedelta(minutes=n))


@st.composite
def round_claims(draw: st.DrawFn) -> RoundClaim:
    opens = draw(moments)
    window = Window(opens, opens + timedelta(minutes=draw(st.integers(1, 3000))))
    return RoundClaim(
        items=draw(st.frozensets(st.integers(0, 11))), words=draw(st.frozensets(st.sampled_from(["w1", "w4"]), max_size=1)), window=window,
        all_ended_at=all_ended_at(window, draw(st.integers(60, 14_400)), draw(st.sampled_from(LateStart)), draw(st.integers(0, 60))),
        sitting_until=draw(st.none() | moments), release=draw(st.sampled_from(Release)), is_published=draw(st.booleans()),
    )  # fmt: skip


topics = st.sampled_from([(s.bank, s.topic) for s in SUBJECTS])
claims = st.lists(round_claims() | st.builds(DraftClaim, topics=st.frozensets(topics)), max_size=8)


@given(claims=claims, now=moments)
def test_what_is_free_no_contest_has_a_use_for(claims: list[RoundClaim | DraftClaim], now: datetime):
    for subject in free(SUBJECTS, claims, now):
        for claim in claims:
            if isinstance(claim, DraftClaim):
                assert (subject.bank, subject.topic) not in claim.topics
            elif subject.item_id in claim.items or subject.words in claim.words:
                assert claim.window.opens_at < claim.window.closes_at <= now
                assert claim.all_ended_at <= now
                assert claim.sitting_until is None or claim.sitting_until < now
                assert claim.release is not Release.NEVER
                assert claim.is_published or claim.release in SEEN_AFTER_CLOSE


@given(claims=claims, now=moments)
def test_what_is_not_free_some_contest_keeps(claims: list[RoundClaim | DraftClaim], now: datetime):
    kept = set(SUBJECTS) - set(free(SUBJECTS, claims, now))
    assert kept == {s for s in SUBJECTS if any(concerns(c, s) for c in keeping(claims, now))}


@given(claims=claims, one_more=round_claims(), now=moments)
def test_another_contest_never_sets_free(
    claims: list[RoundClaim | DraftClaim], one_more: RoundClaim, now: datetime
) -> None:
    assert set(free(SUBJECTS, [one_more, *claims], now)) <= set(free(SUBJECTS, claims, now))
    assert free(SUBJECTS, [*claims, one_more], now) == free(SUBJECTS, [one_more, *claims], now)


@given(claim=round_claims(), now=moments, later=st.integers(0, 10_000))
def test_what_a_round_has_set_free_it_does_not_keep_again_by_itself(claim: RoundClaim, now: datetime, later: int):
    if why_kept(claim, now) is None:
        assert why_kept(claim, now + timedelta(minutes=later)) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON - TICK, Why.TO_COME),
        (NOON, Why.OPEN),
        (NOON + HOUR - TICK, Why.OPEN),
        (NOON + HOUR, Why.SITTING),  # who began late has full time
        (NOON + HOUR + timedelta(minutes=20, seconds=10), Why.SITTING),  # a save in this moment counts
        (ENDED - TICK, Why.SITTING),
        (ENDED, None),
    ],
)
def test_edges_of_a_round(now: datetime, expected: Why | None):
    assert why_kept(claim(), now) is expected


@pytest.mark.parametrize(("shift", "expected"), [(-TICK, Why.SITTING), (timedelta(0), Why.SITTING), (TICK, None)])
def test_an_attempt_that_outlives_the_rules_of_today_keeps_its_round(shift: timedelta, expected: Why | None):
    """The minutes may be cut once attempts run, and these keep the deadline that they were promised."""
    promised = ENDED + HOUR
    assert why_kept(claim(sitting_until=promised), promised + shift) is expected


@pytest.mark.parametrize(
    ("release", "is_published", "expected"),
    [
        (Release.AFTER_SUBMIT, False, None),
        (Release.AFTER_CLOSE, False, None),
        (Release.AFTER_PUBLISH, False, Why.KEY_KEPT),
        (Release.AFTER_PUBLISH, True, None),
        (Release.NEVER, False, Why.KEY_KEPT),
        (Release.NEVER, True, Why.KEY_KEPT),
    ],
)
def test_a_key_that_its_own_contest_does_not_show_is_not_practised(
    release: Release, is_published: bool, expected: Why | None
):
    assert why_kept(claim(release=release, is_published=is_published), ENDED) is expected


def test_published_early_is_not_over():
    assert why_kept(claim(is_published=True), NOON + HOUR) is Why.SITTING


def test_one_pool_for_two_rounds_is_kept_between_them():
    first, second = claim(), claim(window=Window(NOON + 24 * HOUR, NOON + 25 * HOUR), all_ended_at=NOON + 26 * HOUR)
    between = NOON + 12 * HOUR
    assert why_kept(first, between) is None
    assert SUBJECTS[1] not in free(SUBJECTS, [first, second], between)
    own = claim(items=frozenset({2}), window=second.window, all_ended_at=second.all_ended_at)
    assert SUBJECTS[1] in free(SUBJECTS, [first, own], between)  # pools that were split


def test_a_copy_of_the_question_elsewhere_is_kept_too():
    copy = claim(items=frozenset(), words=frozenset({SUBJECTS[4].words}))
    assert {s.item_id for s in SUBJECTS} - {s.item_id for s in free(SUBJECTS, [copy], NOON)} == {4, 5}


def test_a_draft_keeps_its_topics_whatever_the_day():
    draft = DraftClaim(topics={("b0", "t0")})
    for days in (-1000, 0, 1000):
        assert why_kept(draft, NOON + timedelta(days=days)) is Why.DRAFT
    assert {s.item_id for s in SUBJECTS} - {s.item_id for s in free(SUBJECTS, [draft], NOON)} == {0, 6}


@given(items=st.frozensets(st.integers(1, 10**6), max_size=30), seed=st.integers(0, 10**6), data=st.data())
def test_a_walk_comes_to_every_item_once(items: frozenset[int], seed: int, data: st.DataObject):
    """And where some are kept back on the way, to all others."""
    lost = data.draw(st.frozensets(st.sampled_from(sorted(items)))) if items else frozenset()
    met: list[int] = []
    while (item := next_item(items - lost if len(met) > 3 else items, seed, met[-1] if met else None)) is not None:
        met.append(item)
    assert len(set(met)) == len(met)
    assert items - lost <= set(met)


def test_seeds_order_differently():
    assert len({tuple(sorted(range(9), key=lambda n, s=s: _rank(n, s))) for s in range(5)}) == 5


def _rank(item: int, seed: int) -> int:
    return sum(next_item({other, item}, seed) == other for other in range(9) if other != item)


def test_a_day_begins_at_midnight_and_minutes_are_minutes():
    evening = NOON.replace(hour=13)  # 20:00 in Vietnam
    assert due_at(evening + timedelta(minutes=10), evening) == evening + timedelta(minutes=10)
    assert due_at(evening + timedelta(days=2), evening) == evening.replace(hour=17) + timedelta(days=1)
