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
    assert why_not_start(WINDOW, Used(used, used, used), Limits(in_round=limit), now) is expected


# Monday to Friday, 7:30 to 17:30, as in Nghệ An 2021
OFFICE = Hours((1, 2, 3, 4, 5), 7 * 60 + 30, 17 * 60 + 30)
HOURLY = Window(OPENS, CLOSES, OFFICE)
MONDAY_END = datetime(2024, 11, 18, 10, 30, tzinfo=UTC)  # 17:30 in Tây Ninh
TUESDAY = datetime(2024, 11, 19, 0, 30, tzinfo=UTC)  # 7:30
FRIDAY_END = MONDAY_END + timedelta(days=4)


@pytest.mark.parametrize(
    ("now", "holds", "next_start"),
    [
        (OPENS, True, OPENS),
        (MONDAY_END - TICK, True, MONDAY_END - TICK),
        (MONDAY_END, False, TUESDAY),
        (TUESDAY - TICK, False, TUESDAY),
        (TUESDAY, True, TUESDAY),
        (FRIDAY_END, False, TUESDAY + timedelta(days=6)),
        (FRIDAY_END + timedelta(days=1), False, TUESDAY + timedelta(days=6)),
    ],
)
def test_daily_hours_at_their_edges(now: datetime, holds: bool, next_start: datetime):
    assert OFFICE.hold(now) is holds
    assert OFFICE.next_start(now) == next_start
    late = None if holds else StartRefusal.OUTSIDE_HOURS
    assert why_not_start(HOURLY, Used(), Limits(), now) is late


def test_a_start_near_the_end_of_the_hours_is_cut_or_full():
    assert deadline(HOURLY, MONDAY_END - MINUTE, ALLOWANCE_S, LateStart.CUT) == MONDAY_END
    assert deadline(HOURLY, MONDAY_END - MINUTE, ALLOWANCE_S, LateStart.FULL) == MONDAY_END + 19 * MINUTE


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (Used(2, 1, 1), None),
        (Used(3, 1, 1), StartRefusal.NO_ATTEMPT_IN_CONTEST),
        (Used(2, 2, 1), StartRefusal.NO_ATTEMPT_LEFT),
        (Used(2, 1, 2), StartRefusal.NO_ATTEMPT_IN_WEEK),
        (Used(3, 2, 2), StartRefusal.NO_ATTEMPT_IN_CONTEST),  # what no other round or week will help
    ],
)
def test_each_limit_is_its_own(used: Used, expected: StartRefusal | None):
    assert why_not_start(WINDOW, used, Limits(in_all=3, in_round=2, in_week=2), OPENS) is expected


def test_who_is_not_admitted_is_told_so_first():
    full = Used(9, 9, 9)
    assert why_not_start(WINDOW, full, Limits(1, 1, 1), OPENS, is_admitted=False) is StartRefusal.NOT_QUALIFIED
    assert why_not_start(WINDOW, full, Limits(1, 1, 1), CLOSES, is_admitted=False) is StartRefusal.ROUND_CLOSED


moments = st.integers(0, 2 * 365 * 24 * 3600 * 10**6).map(lambda us: datetime(2024, 1, 1, tzinfo=UTC) + us * TICK)
week_starts = st.tuples(st.integers(1, 7), st.integers(0, 1439))


@given(now=moments, starts=week_starts)
def test_a_week_holds_its_moment_and_begins_where_it_is_said_to(now: datetime, starts: tuple[int, int]):
    begun = week_of(now, starts)
    assert begun <= now < begun + timedelta(days=7)
    local = begun.astimezone(VIETNAM)
    assert (local.isoweekday(), local.hour * 60 + local.minute, local.second) == (*starts, 0)
    assert week_of(begun, starts) == begun
    assert week_of(begun - TICK, starts) == begun - timedelta(days=7)


@given(
    consumed=st.lists(st.tuples(st.integers(1, 3), moments), max_size=12),
    starts=week_starts,
    now=moments,
    round_id=st.integers(1, 3),
)
def test_what_is_used_in_a_round_or_a_week_is_used_in_all(
    consumed: list[tuple[int, datetime]], starts: tuple[int, int], now: datetime, round_id: int
):
    limits = Limits(week_starts=starts)
    found = used(consumed, round_id, limits, now)
    assert found.in_all == len(consumed) >= max(found.in_round, found.in_week)
    more = used([*consumed, (round_id, now)], round_id, limits, now)
    assert (more.in_all, more.in_round, more.in_week) == (found.in_all + 1, found.in_round + 1, found.in_week + 1)


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
