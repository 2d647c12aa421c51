"""Edges of time, each just before, at, and just after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.clock import (
    VIETNAM,
    AbandonRefusal,
    Consumed,
    Hours,
    LateStart,
    Limits,
    RoundPhase,
    SaveRefusal,
    StartRefusal,
    Used,
    Window,
    accepts_save,
    all_ended_at,
    deadline,
    elapsed_ms,
    phase,
    used,
    week_of,
    why_not_abandon,
    why_not_save,
    why_not_start,
)

OPENS = datetime(2024, 11, 18, 3, 0, tzinfo=UTC)  # Monday 10:00 in Tây Ninh
CLOSES = datetime(2024, 11, 25, 2, 0, tzinfo=UTC)  # the next Monday, 9:00
WINDOW = Window(OPENS, CLOSES)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
ALLOWANCE_S = 20 * 60


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - TICK, RoundPhase.UPCOMING),
        (OPENS, RoundPhase.OPEN),
        (OPENS + TICK, RoundPhase.OPEN),
        (CLOSES - TICK, RoundPhase.OPEN),
        (CLOSES, RoundPhase.CLOSED),
        (CLOSES + TICK, RoundPhase.CLOSED),
    ],
)
def test_phase_at_the_edges_of_a_week(now: datetime, expected: RoundPhase):
    assert phase(WINDOW, now) is expected


def test_a_window_without_length_is_never_open():
    empty = Window(OPENS, OPENS)
    assert [phase(empty, now) for now in (OPENS - TICK, OPENS)] == [RoundPhase.UPCOMING, RoundPhase.CLOSED]


@pytest.mark.parametrize(
    ("started_at", "cut"),
    [
        (OPENS, OPENS + 20 * MINUTE),
        (CLOSES - 20 * MINUTE - TICK, CLOSES - TICK),
        (CLOSES - 20 * MINUTE, CLOSES),
        (CLOSES - 20 * MINUTE + TICK, CLOSES),
        (CLOSES - TICK, CLOSES),
    ],
)
def test_deadline_of_a_late_start(started_at: datetime, cut: datetime):
    assert deadline(WINDOW, started_at, ALLOWANCE_S, LateStart.CUT) == cut
    assert deadline(WINDOW, started_at, ALLOWANCE_S, LateStart.FULL) == started_at + 20 * MINUTE


@pytest.mark.parametrize(
    ("used", "limit", "now", "expected"),
    [
        (0, 1, OPENS - TICK, StartRefusal.ROUND_NOT_OPEN),
        (0, 1, OPENS, None),
        (0, 1, CLOSES - TICK, None),
        (0, 1, CLOSES, StartRefusal.ROUND_CLOSED),
        (1, 1, OPENS, StartRefusal.NO_ATTEMPT_LEFT),
        (2, 3, OPENS, None),
        (3, 3, OPENS, StartRefusal.NO_ATTEMPT_LEFT),
        (4, 3, OPENS, StartRefusal.NO_ATTEMPT_LEFT),
        (10**6, None, OPENS, None),
        (3, 3, CLOSES, StartRefusal.ROUND_CLOSED),  # what can not be helped any more is said first
    ],
)
def test_why_not_start(used: int, limit: int | None, now: datetime, expected: StartRefusal | None):
    assert why_not_start(WINDOW, Used(in_round=used), Limits(in_round=limit), now) is expected


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (Used(2, 0, 0), None),
        (Used(3, 0, 0), StartRefusal.NO_ATTEMPT_IN_CONTEST),
        (Used(1, 1, 1), StartRefusal.NO_ATTEMPT_LEFT),
        (Used(2, 0, 2), StartRefusal.NO_ATTEMPT_IN_WEEK),
        (Used(3, 1, 2), StartRefusal.NO_ATTEMPT_IN_CONTEST),
    ],
)
def test_every_limit_refuses_by_itself(used: Used, expected: StartRefusal | None):
    assert why_not_start(WINDOW, used, Limits(in_all=3, in_round=1, in_week=2), OPENS) is expected


def test_who_is_not_admitted_is_told_so_first():
    full = Used(9, 9, 9)
    assert why_not_start(WINDOW, full, Limits(1, 1, 1), OPENS, is_admitted=False) is StartRefusal.NOT_QUALIFIED
    assert why_not_start(WINDOW, full, Limits(1, 1, 1), CLOSES, is_admitted=False) is StartRefusal.ROUND_CLOSED


@pytest.mark.parametrize(
    ("consumed", "is_open", "now", "expected"),
    [
        (Consumed.AT_SUBMIT, True, OPENS + 20 * MINUTE - TICK, None),
        (Consumed.AT_SUBMIT, True, OPENS + 20 * MINUTE, AbandonRefusal.HAS_ENDED),
        (Consumed.AT_SUBMIT, False, OPENS, AbandonRefusal.HAS_ENDED),
        (Consumed.AT_START, True, OPENS, AbandonRefusal.CONSUMED_AT_START),
    ],
)
def test_leaving_an_attempt(consumed: Consumed, is_open: bool, now: datetime, expected: AbandonRefusal | None):
    assert why_not_abandon(consumed, is_open, OPENS + 20 * MINUTE, now) is expected


OFFICE = Hours((1, 2, 3, 4, 5), 7 * 60 + 30, 17 * 60 + 30)  # thứ Hai đến thứ Sáu, 7:30–17:30


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2024 on clocks in Tây Ninh; the 18th is a Monday."""
    return datetime(2024, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "held"),
    [
        (local(18, 7, 30) - TICK, False),
        (local(18, 7, 30), True),
        (local(18, 17, 30) - TICK, True),
        (local(18, 17, 30), False),
        (local(22, 12), True),
        (local(23, 12), False),  # a Saturday
        (local(24, 12), False),
    ],
)
def test_office_hours_at_their_edges(now: datetime, held: bool):
    assert OFFICE.hold(now) is held
    refusal = why_not_start(Window(local(1, 0), local(30, 0), OFFICE), Used(), Limits(), now)
    assert refusal is (None if held else StartRefusal.OUTSIDE_HOURS)


any_moment = st.integers(0, 3 * 365 * 86_400).map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@given(any_moment)
def test_the_next_start_is_the_first_moment_that_holds(now: datetime):
    at = OFFICE.next_start(now)
    assert at >= now
    assert OFFICE.hold(at)
    assert at == now or not OFFICE.hold(at - TICK)
    assert at - now <= timedelta(days=3)


def test_a_late_start_is_cut_by_the_end_of_the_day_of_work():
    window = Window(local(1, 0), local(30, 0), OFFICE)
    assert deadline(window, local(18, 17, 20), ALLOWANCE_S, LateStart.CUT) == local(18, 17, 30)
    assert deadline(window, local(18, 17, 20), ALLOWANCE_S, LateStart.FULL) == local(18, 17, 40)
    assert deadline(window, local(18, 9), ALLOWANCE_S, LateStart.CUT) == local(18, 9, 20)


@given(
    any_moment,
    st.integers(1, 7),
    st.integers(0, 1439),
)
def test_a_week_holds_its_moment_and_begins_when_it_should(now: datetime, weekday: int, minute: int):
    begun = week_of(now, (weekday, minute))
    assert begun <= now < begun + timedelta(days=7)
    here = begun.astimezone(VIETNAM)
    assert (here.isoweekday(), here.hour * 60 + here.minute) == (weekday, minute)
    assert week_of(begun, (weekday, minute)) == begun
    assert week_of(begun - TICK, (weekday, minute)) == begun - timedelta(days=7)


@given(
    st.lists(st.tuples(st.integers(1, 3), any_moment), max_size=12),
    st.tuples(st.integers(1, 7), st.integers(0, 1439)),
    any_moment,
    st.integers(1, 3),
)
def test_what_is_used_in_a_round_or_a_week_is_used_in_all(
    consumed: list[tuple[int, datetime]], starts: tuple[int, int], now: datetime, round_id: int
):
    limits = Limits(week_starts=starts)
    found = used(consumed, round_id, limits, now)
    assert found.in_all == len(consumed) >= max(found.in_round, found.in_week)
    more = used([*consumed, (round_id, now)], round_id, limits, now)
    assert (more.in_all, more.in_round, more.in_week) == (found.in_all + 1, found.in_round + 1, found.in_week + 1)


END = OPENS + 20 * MINUTE
GRACE_END = END + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("is_open", "stored", "sent", "now", "refusal"),
    [
        (True, 4, 5, END - TICK, None),
        (True, 4, 5, END, None),
        (True, 4, 5, GRACE_END - TICK, None),
        (True, 4, 5, GRACE_END, None),
        (True, 4, 5, GRACE_END + TICK, SaveRefusal.TIME_OVER),
        (True, 5, 5, END, SaveRefusal.OTHER_DEVICE),
        (True, 6, 5, END, SaveRefusal.OTHER_DEVICE),
        (True, 6, 5, GRACE_END + TICK, SaveRefusal.TIME_OVER),
        (False, 4, 5, END, SaveRefusal.SUBMITTED),
        (False, 4, 5, GRACE_END + TICK, SaveRefusal.SUBMITTED),
    ],
)
def test_a_save_and_its_refusal(is_open: bool, stored: int, sent: int, now: datetime, refusal: SaveRefusal | None):
    assert accepts_save(is_open, stored, sent, END, 10, now) is (refusal is None)
    if refusal:
        assert why_not_save(is_open, END, 10, now) is refusal


def test_without_grace_the_deadline_itself_is_still_in_time():
    assert accepts_save(True, 0, 1, END, 0, END)
    assert not accepts_save(True, 0, 1, END, 0, END + TICK)


@given(
    late_start=st.sampled_from(LateStart),
    allowance_s=st.integers(1, 4 * 3600),
    grace_s=st.integers(0, 60),
    before_close=st.integers(1, 3 * 10**10).map(lambda us: us * TICK),
)
def test_when_all_have_ended_no_save_is_taken(
    late_start: LateStart, allowance_s: int, grace_s: int, before_close: timedelta
):
    started_at = CLOSES - before_close
    ends_at = deadline(WINDOW, started_at, allowance_s, late_start)
    ended = all_ended_at(WINDOW, allowance_s, late_start, grace_s)
    assert started_at < ends_at
    assert not accepts_save(True, 0, 1, ends_at, grace_s, ended)


@pytest.mark.parametrize(("late_start", "last_end"), [(LateStart.CUT, CLOSES), (LateStart.FULL, CLOSES + 20 * MINUTE)])
def test_all_have_ended_as_soon_as_the_last_grace_is_over(late_start: LateStart, last_end: datetime):
    ended = all_ended_at(WINDOW, ALLOWANCE_S, late_start, 10)
    assert ended - (last_end + timedelta(seconds=10)) == TICK


@pytest.mark.parametrize(
    ("ended_at", "expected"),
    [
        (OPENS, 0),
        (OPENS + timedelta(microseconds=999), 0),
        (OPENS + timedelta(microseconds=1000), 1),
        (OPENS + timedelta(seconds=45, milliseconds=7), 45_007),
        (END - TICK, ALLOWANCE_S * 1000 - 1),
        (END, ALLOWANCE_S * 1000),
        (GRACE_END, ALLOWANCE_S * 1000),
        (OPENS - TICK, 0),
    ],
)
def test_elapsed_counts_no_grace(ended_at: datetime, expected: int):
    assert elapsed_ms(OPENS, ended_at, END) == expected
