"""Who sees what when: nothing during, the rest as the rule set releases it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.visibility import Release, Stage, released, stage
from tests.rules.results import NOON, TICK


@pytest.mark.parametrize(
    ("finished", "published", "now", "expected"),
    [
        (False, False, NOON - TICK, Stage.DURING),
        (False, True, NOON + timedelta(days=1), Stage.DURING),  # whatever the round does
        (True, False, NOON - TICK, Stage.SUBMITTED),
        (True, True, NOON - TICK, Stage.SUBMITTED),  # somebody is still at work
        (True, False, NOON, Stage.CLOSED),
        (True, False, NOON + TICK, Stage.CLOSED),
        (True, True, NOON, Stage.PUBLISHED),
    ],
)
def test_stage_around_the_end_of_the_last_attempt(finished: bool, published: bool, now: datetime, expected: Stage):
    assert stage(NOON, finished, published, now) is expected


@pytest.mark.parametrize(
    ("setting", "stages"),
    [
        (Release.AFTER_SUBMIT, {Stage.SUBMITTED, Stage.CLOSED, Stage.PUBLISHED}),
        (Release.AFTER_CLOSE, {Stage.CLOSED, Stage.PUBLISHED}),
        (Release.AFTER_PUBLISH, {Stage.PUBLISHED}),
        (Release.NEVER, set()),
    ],
)
def test_released(setting: Release, stages: set[Stage]):
    assert {at for at in Stage if released(setting, at)} == stages


@given(st.sampled_from(Release), st.booleans(), st.integers(-5, 5), st.integers(0, 5))
def test_what_was_released_stays_released(setting: Release, published: bool, at: int, later: int):
    """As time goes by and the results are published, nothing that could be seen is hidden again."""
    before = stage(NOON, True, published, NOON + at * TICK)
    after = stage(NOON, True, True, NOON + (at + later) * TICK)
    assert before <= after
    assert released(setting, after) or not released(setting, before)
