"""Who may start, what an attempt uses up, what leaving one does, and what the boards are told; on both databases."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import event, select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts import predictions, queries, service, submission
from quiz.attempts.models import Attempt, AttemptNews, AttemptState
from quiz.attempts.responses import EMPTY
from quiz.contests.models import Entry, Qualification, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import service as marking
from quiz.rules import clock as rules_clock
from quiz.rules.clock import AbandonRefusal, StartRefusal
from quiz.rules.prediction import PredictionRefusal

DAY = timedelta(days=1)
ALWAYS = {"attempt_limit": None, "chain": ["score"]}
WEEKDAYS = {"weekdays": [1, 2, 3, 4, 5], "opens": "07:30", "closes": "17:30"}


@pytest.fixture
def sitting(given, db_session, clock):
    """`sitting(rules, …)`: an entry of a contest that is open for twelve days from Wednesday noon, with its round."""

    def make(rules=None, **contest):
        values = {"closes_at": clock.now + 12 * DAY} | contest
        contest_id = given.contest(rules=ALWAYS | (rules or {}), **values)
        entry_id = given.entry(contest_id)
        return db.session.get_one(Entry, entry_id), db.session.get_one(Round, given.round_ids(contest_id)[0])

    return make


def start(entry, round_, clock):
    with transaction():
        return service.start_attempt(entry, round_, now=clock.now)


def hand_in(attempt, clock):
    with transaction():
        submission.submit(attempt, EMPTY, 1, now=clock.now)


def refusal_of(entry, round_, clock):
    refusal = service.why_not_start(entry, round_, now=clock.now)
    with pytest.raises(Refusal) as raised:
        start(entry, round_, clock)
    assert raised.value.sentence == refusal.sentence
    return refusal


def news():
    return set(db.session.scalars(select(AttemptNews.attempt_id)))


def test_outside_the_hours_the_next_opening_is_named(sitting, clock):
    entry, round_ = sitting(round_rules=[{"hours": WEEKDAYS}])
    clock.advance(hours=5, minutes=30)  # 17:30
    refusal = refusal_of(entry, round_, clock)
    assert refusal.reason is StartRefusal.OUTSIDE_HOURS
    for words in ("từ 07:30 đến 17:30, thứ Hai đến thứ Sáu", "lúc 07:30 ngày 21/11/2024", "Chưa tính lượt"):
        assert words in refusal.sentence
    clock.advance(hours=14)
    attempt = start(entry, round_, clock)
    assert attempt.deadline_at == clock.now + timedelta(minutes=20)


def test_when_no_hours_are_left_before_the_close_that_is_said(sitting, clock):
    entry, round_ = sitting(closes_at=clock.now + timedelta(hours=8), round_rules=[{"hours": WEEKDAYS}])
    clock.advance(hours=6)
    assert "không còn giờ nhận bài nào" in refusal_of(entry, round_, clock).sentence


def test_an_attempt_near_the_end_of_the_hours_is_cut(sitting, clock):
    entry, round_ = sitting(round_rules=[{"hours": WEEKDAYS}])
    clock.advance(hours=5, minutes=20)
    assert start(entry, round_, clock).deadline_at == clock.now + timedelta(minutes=10)


def test_a_week_gives_its_attempts_and_the_next_one_new_ones(sitting, clock):
    entry, round_ = sitting({"week_limit": 2, "week_starts": {"weekday": 1, "at": "10:00"}})
    for _ in range(2):
        hand_in(start(entry, round_, clock), clock)
    refusal = refusal_of(entry, round_, clock)
    assert refusal.reason is StartRefusal.NO_ATTEMPT_IN_WEEK
    assert "2 lượt của tuần này" in refusal.sentence
    assert "10:00 ngày 25/11/2024" in refusal.sentence
    clock.now = clock.now.replace(day=25, hour=2, minute=59)
    refusal_of(entry, round_, clock)
    clock.advance(minutes=1)
    start(entry, round_, clock)


def test_the_whole_contest_has_its_limit_over_all_rounds(sitting, given, clock):
    entry, round_ = sitting({"total_limit": 1}, closes_at=clock.now + DAY, rounds=2)
    hand_in(start(entry, round_, clock), clock)
    clock.advance(days=1)
    refusal = refusal_of(entry, entry.contest.rounds[1], clock)
    assert refusal.reason is StartRefusal.NO_ATTEMPT_IN_CONTEST
    assert "1 lượt của cả cuộc thi" in refusal.sentence


@pytest.mark.parametrize("limit", ["total_limit", "week_limit"])
def test_an_attempt_that_came_and_went_between_the_count_and_the_start_is_counted(sitting, given, app, clock, limit):
    """Two tabs, two rounds: while the one start draws its paper, the other begins and hands in."""
    entry, round_ = sitting({limit: 1}, closes_at=clock.now + DAY, rounds=2)
    second = entry.contest.rounds[1]
    with transaction():
        second.opens_at, second.closes_at = round_.opens_at, round_.closes_at
    entry_id, other_round, done = entry.id, round_.id, []

    def other_tab(_connection, statement, *_rest):
        if getattr(statement, "is_insert", False) and statement.table.name == "attempt" and not done:
            done.append(True)
            thread = Thread(target=given.attempt, args=(entry_id, other_round), kwargs={"started_at": clock.now})
            thread.start()
            thread.join()

    event.listen(db.engine, "before_execute", other_tab)
    try:
        with pytest.raises(Refusal) as refusal:
            start(entry, second, clock)
    finally:
        event.remove(db.engine, "before_execute", other_tab)
    assert done
    assert refusal.value.reason in (StartRefusal.NO_ATTEMPT_IN_CONTEST, StartRefusal.NO_ATTEMPT_IN_WEEK)
    assert queries.open_attempt(entry_id) is None


def test_a_round_for_the_admitted_takes_only_them(sitting, given, clock):
    admission = {"rounds": ["ky-1"], "quota": 10}
    entry, _first = sitting(closes_at=clock.now + DAY, rounds=2, round_rules=[{}, {"admission": admission}])
    final = entry.contest.rounds[1]
    clock.advance(days=1)
    assert refusal_of(entry, final, clock).reason is StartRefusal.NOT_QUALIFIED
    judge_id = given.account(Role.JUDGE)
    given.save(Qualification(round_id=final.id, entry_id=entry.id, admitted_at=clock.now, admitted_by_id=judge_id))
    db.session.expire_all()
    start(entry, final, clock)


def test_a_round_may_have_its_own_minutes(sitting, clock):
    entry, round_ = sitting(round_rules=[{"minutes": 45}])
    assert start(entry, round_, clock).deadline_at == clock.now + timedelta(minutes=45)


def test_what_is_used_is_counted_alike_in_sql_and_in_the_rules(sitting, given, clock):
    entry, first = sitting({"week_starts": {"weekday": 3, "at": "12:00"}}, closes_at=clock.now + 5 * DAY, rounds=2)
    second = entry.contest.rounds[1]
    states = ["submitted", "abandoned", "expired"] * 4
    noon = clock.now
    for n, state in enumerate(states, 1):
        at = noon + timedelta(hours=21) * n
        given.attempt(entry.id, (first, second)[n % 2].id, number=n, state=state, started_at=at)
    limits = contest_rules(first.contest).limits
    rows = [(a.round_id, a.started_at) for a in queries.attempts_of(entry.id) if a.state != AttemptState.ABANDONED]
    for day in range(12):
        for round_ in (first, second):
            now = noon + day * DAY
            assert queries.used(entry.id, round_.id, limits, now) == rules_clock.used(rows, round_.id, limits, now)


class TestLeaving:
    def leave(self, attempt, clock):
        with transaction():
            service.abandon(attempt, now=clock.now)

    def test_a_left_attempt_uses_up_nothing_and_nobody_is_told(self, sitting, clock):
        entry, round_ = sitting({"attempt_limit": 1, "consumed": "at_submit"})
        first = start(entry, round_, clock)
        clock.advance(minutes=3)
        self.leave(first, clock)
        assert (first.state, first.ended_at, first.elapsed_ms) == (AttemptState.ABANDONED, clock.now, 180_000)
        self.leave(first, clock)  # a second click
        second = start(entry, round_, clock)
        assert (second.number, second.seed != first.seed) == (2, True)
        assert news() == set()
        hand_in(second, clock)
        assert refusal_of(entry, round_, clock).reason is StartRefusal.NO_ATTEMPT_LEFT

    @pytest.mark.parametrize("seconds", [1200, 1205, 1300])
    def test_what_the_clock_has_ended_is_handed_in(self, sitting, clock, seconds):
        entry, round_ = sitting({"consumed": "at_submit"})
        attempt = start(entry, round_, clock)
        clock.advance(seconds=seconds)
        with pytest.raises(Refusal) as refused:
            self.leave(attempt, clock)
        assert refused.value.reason is AbandonRefusal.HAS_ENDED
        assert attempt.state == AttemptState.OPEN

    def test_what_was_handed_in_stays_so(self, sitting, clock):
        entry, round_ = sitting({"consumed": "at_submit"})
        attempt = start(entry, round_, clock)
        hand_in(attempt, clock)
        with pytest.raises(Refusal) as refused:
            self.leave(attempt, clock)
        assert refused.value.reason is AbandonRefusal.HAS_ENDED
        assert attempt.state == AttemptState.SUBMITTED

    def test_where_a_start_counts_there_is_nothing_to_leave(self, sitting, clock):
        attempt = start(*sitting(), clock)
        with pytest.raises(Refusal) as refused:
            self.leave(attempt, clock)
        assert refused.value.reason is AbandonRefusal.CONSUMED_AT_START
        assert "còn nguyên" in refused.value.sentence

    def test_judges_need_not_annul_it(self, sitting, given, clock):
        entry, round_ = sitting({"consumed": "at_submit"})
        attempt = start(entry, round_, clock)
        self.leave(attempt, clock)
        judge = db.session.get_one(Account, given.account(Role.JUDGE))
        with pytest.raises(Refusal) as refused, transaction():
            marking.annul(attempt, judge, why="không tính", now=clock.now)
        assert "tự bỏ" in refused.value.sentence


class TestNews:
    def test_handing_in_is_told_once(self, sitting, clock):
        attempt = start(*sitting(), clock)
        assert news() == set()
        hand_in(attempt, clock)
        hand_in(attempt, clock)
        assert news() == {attempt.id}

    def test_it_is_told_again_only_after_an_end_of_its_own(self, sitting, clock):
        attempt = start(*sitting(), clock)
        hand_in(attempt, clock)
        with transaction():
            db.session.execute(db.delete(AttemptNews))
        hand_in(attempt, clock)
        assert news() == set()

    def test_the_sweep_tells_of_all_it_has_ended(self, sitting, given, clock):
        entry, round_ = sitting()
        others = [given.open_attempt(given.entry(entry.contest_id), round_.id) for _ in range(3)]
        clock.advance(hours=1)
        with transaction():
            assert submission.end_expired(clock.now) == 3
        assert news() == set(others)
        assert set(db.session.scalars(select(AttemptNews.round_id))) == {round_.id}

    def test_annulling_and_restoring_are_told_beside_what_is_told_already(self, sitting, given, clock):
        entry, round_ = sitting()
        attempt = db.session.get_one(Attempt, given.attempt(entry.id, round_.id))
        judge = db.session.get_one(Account, given.account(Role.JUDGE))
        with transaction():
            db.session.execute(db.delete(AttemptNews))
        with transaction():
            marking.annul(attempt, judge, why="thi hộ người khác", now=clock.now)
        assert news() == {attempt.id}
        with transaction():
            marking.restore(attempt, judge, why="nhầm người", now=clock.now)
        assert news() == {attempt.id}


class TestMarking:
    def test_levels_have_their_points(self, sitting, clock, db_session):
        entry, round_ = sitting({"level_points": {"level_1": 1, "level_2": 10, "level_3": 100}}, items=4)
        attempt = start(entry, round_, clock)
        right = {str(n): [order.index(2) + 1] for n, (_id, order) in enumerate(attempt.paper, 1)}
        with transaction():
            submission.submit(attempt, EMPTY | {"a": right}, 1, now=clock.now)
        versions = [item[0] for item in attempt.paper]
        from quiz.banks.models import ItemVersion

        levels = db_session.scalars(select(ItemVersion.level).where(ItemVersion.id.in_(versions))).all()
        assert attempt.score == attempt.max_score == sum(10 ** (level - 1) for level in levels)
        assert (attempt.correct, attempt.all_correct) == (4, True)


AFTER = {
    "prediction": {"target": "people", "placement": "after_paper"}, "chain": ["score", "prediction"], "attempt_limit": None,
}  # fmt: skip


class TestPredictingAfterThePaper:
    def predict(self, attempt, value, now):
        with transaction():
            predictions.predict(attempt, value, now=now)

    def refused(self, attempt, now, reason):
        assert predictions.why_not_predict(attempt, now=now).reason is reason
        before = attempt.prediction
        with pytest.raises(Refusal) as raised:
            self.predict(attempt, 7, now)
        assert raised.value.reason is reason
        assert attempt.prediction == before

    def test_it_is_given_once(self, sitting, clock):
        attempt = start(*sitting(AFTER), clock)
        self.refused(attempt, clock.now, PredictionRefusal.NOT_HANDED_IN)
        with transaction():  # a document of a contest that asks in the paper decides nothing here
            submission.submit(attempt, EMPTY | {"p": 5}, 1, now=clock.now)
        assert attempt.prediction is None
        self.predict(attempt, 850, clock.now)
        assert attempt.prediction == 850
        self.refused(attempt, clock.now, PredictionRefusal.GIVEN_ALREADY)

    @pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, True), (10, True), (10.000001, False)])
    def test_until_the_round_is_closed_and_the_grace_over(self, sitting, clock, seconds, is_taken):
        entry, round_ = sitting(AFTER)
        attempt = start(entry, round_, clock)
        hand_in(attempt, clock)
        now = round_.closes_at + timedelta(seconds=seconds)
        if is_taken:
            self.predict(attempt, 1, now)
            assert attempt.prediction == 1
        else:
            self.refused(attempt, now, PredictionRefusal.TOO_LATE)

    def test_who_is_at_work_beyond_the_close_may_still_predict(self, sitting, clock):
        entry, round_ = sitting(AFTER | {"late_start": "full"})
        clock.now = round_.closes_at - timedelta(minutes=1)
        attempt = start(entry, round_, clock)
        clock.advance(minutes=19)
        hand_in(attempt, clock)
        clock.advance(minutes=1)
        self.predict(attempt, 3, clock.now)
        assert attempt.prediction == 3

    def test_what_the_clock_has_handed_in_may_be_completed(self, sitting, clock):
        attempt = start(*sitting(AFTER), clock)
        clock.advance(hours=1)
        with transaction():
            submission.end_if_over(attempt, now=clock.now)
        self.predict(attempt, 3, clock.now)
        assert (attempt.state, attempt.prediction) == (AttemptState.EXPIRED, 3)

    def test_nothing_is_taken_where_the_paper_asks(self, sitting, clock):
        in_paper = AFTER | {"prediction": {"target": "people"}}
        attempt = start(*sitting(in_paper), clock)
        with transaction():
            submission.submit(attempt, EMPTY | {"p": None}, 1, now=clock.now)
        self.refused(attempt, clock.now, PredictionRefusal.NOT_ASKED)

    def test_a_left_attempt_takes_none(self, sitting, clock):
        attempt = start(*sitting(AFTER | {"consumed": "at_submit"}), clock)
        with transaction():
            service.abandon(attempt, now=clock.now)
        self.refused(attempt, clock.now, PredictionRefusal.NOT_HANDED_IN)
