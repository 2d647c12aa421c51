"""When keys may be read by everybody: no sooner than the rules release them, and never while a round may still ask the items."""

from datetime import UTC, datetime, timedelta

import pytest

from quiz.contests.models import Contest, Round
from quiz.contests.round_state import all_ended_at, keys_are_public, stage_of_finished
from quiz.rules.visibility import Release, Stage
from tests.given import RULES

OPENS = datetime(2024, 11, 20, 5, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


def two_rounds(release, published=0):
    """A contest of two weeks, the results of the first rounds of which are out."""
    contest = Contest(rules=RULES | {"review_release": release})
    for n in range(2):
        opens_at = OPENS + n * WEEK
        contest.rounds.append(Round(code=f"ky-{n}", opens_at=opens_at, closes_at=opens_at + WEEK, rules={}))
    for round_ in contest.rounds[:published]:
        round_.published_at = all_ended_at(round_)
    return contest


@pytest.mark.parametrize("release", list(Release))
@pytest.mark.parametrize("published", [0, 1, 2])
def test_keys_wait_for_the_rules_and_for_the_last_round(release, published):
    contest = two_rounds(release, published)
    first, last = map(all_ended_at, contest.rounds)
    assert not any(keys_are_public(contest, now) for now in (OPENS, first, last - TICK))
    are_out = {
        Release.AFTER_SUBMIT: True,
        Release.AFTER_CLOSE: True,
        Release.AFTER_PUBLISH: published == 2,
        Release.NEVER: False,
    }
    assert keys_are_public(contest, last) == are_out[release]
    assert keys_are_public(contest, last + 52 * WEEK) == are_out[release]


def test_a_contest_without_rounds_opens_nothing():
    assert not keys_are_public(Contest(rules=RULES | {"review_release": "after_submit"}), OPENS)


def test_a_finished_attempt_comes_to_the_close_with_the_last_one_running():
    round_ = two_rounds("after_close").rounds[0]
    ended_at = all_ended_at(round_)
    assert stage_of_finished(round_, ended_at - TICK) is Stage.SUBMITTED
    assert stage_of_finished(round_, ended_at) is Stage.CLOSED
    round_.published_at = ended_at
    assert stage_of_finished(round_, ended_at) is Stage.PUBLISHED
