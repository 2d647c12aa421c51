"""Long work: asked for once, done by one, and written down however it ends."""

import enum
from datetime import timedelta

import pytest

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.errors import Refusal, explain
from quiz.jobs import Job, JobState


class No(enum.Enum):
    NOT_TODAY = enum.auto()


explain({No.NOT_TODAY: "Hôm nay chưa được."})


@jobs.handler("test.add")
def add(job, clock):
    jobs.progress(job, 1, 2, clock)
    return job.arguments["a"] + job.arguments["b"]


@jobs.handler("test.refuse")
def refuse(job, clock):
    raise Refusal(No.NOT_TODAY)


@jobs.handler("test.break")
def break_(job, clock):
    raise ZeroDivisionError


@jobs.handler("test.stop")
def stop(job, clock):
    raise jobs.Stopped


def ask(kind, clock, subject="round:1", **arguments):
    with transaction():
        return jobs.ask(kind, subject, None, now=clock(), **arguments)


def test_a_job_is_asked_for_and_done(db_session, given, clock):
    person = db.session.get_one(Account, given.account(Role.JUDGE))
    with transaction():
        jobs.ask("test.add", "round:1", person, now=clock(), a=2, b=3)
    jobs.run_all(clock)
    job = jobs.latest("test.add", "round:1")
    assert (job.state, job.result, job.done, job.total) == (JobState.DONE, 5, 1, 2)
    assert (job.asked_by_id, job.ended_at) == (person.id, clock())


def test_the_same_job_is_not_asked_for_twice(db_session, clock):
    first, second = ask("test.add", clock, a=1, b=1), ask("test.add", clock, a=9, b=9)
    other = ask("test.add", clock, subject="round:2", a=1, b=1)
    assert first.id == second.id != other.id
    jobs.run_all(clock)
    assert ask("test.add", clock, a=9, b=9).id not in (first.id, other.id)


def test_a_refusal_is_told(db_session, clock):
    ask("test.refuse", clock)
    jobs.run_all(clock)
    job = jobs.latest("test.refuse", "round:1")
    assert (job.state, job.fault) == (JobState.FAILED, "Hôm nay chưa được.")


def test_a_fault_does_not_stop_the_others(db_session, clock):
    ask("test.break", clock)
    ask("test.add", clock, a=1, b=1)
    jobs.run_all(clock)
    broken = jobs.latest("test.break", "round:1")
    assert broken.state == JobState.FAILED
    assert "đã được ghi lại" in broken.fault
    assert jobs.latest("test.add", "round:1").state == JobState.DONE


def test_a_stopped_job_waits_for_another_process(db_session, clock):
    ask("test.stop", clock)
    with pytest.raises(jobs.Stopped):
        jobs.run_next("a", clock)
    assert jobs.latest("test.stop", "round:1").state == JobState.WAITING


@pytest.mark.parametrize(("minutes", "is_taken"), [(15, False), (16, True)])
def test_a_job_without_a_sign_of_life_is_taken_up_again(db_session, clock, minutes, is_taken):
    job_id = ask("test.add", clock, a=1, b=1).id
    with transaction():
        job = db.session.get_one(Job, job_id)
        job.state, job.holder, job.beat_at, job.tries = JobState.RUNNING, "gone", clock(), 1
    clock.advance(minutes=minutes)
    assert jobs.run_next("b", clock) is is_taken
    assert (jobs.latest("test.add", "round:1").state == JobState.DONE) is is_taken


def test_a_job_that_ends_its_process_is_given_up(db_session, clock):
    job_id = ask("test.add", clock, a=1, b=1).id
    with transaction():
        job = db.session.get_one(Job, job_id)
        job.state, job.holder, job.tries = JobState.RUNNING, "gone", jobs.MOST_TRIES
        job.beat_at = clock() - timedelta(hours=1)
    jobs.run_all(clock)
    assert jobs.latest("test.add", "round:1").state == JobState.FAILED


def test_the_command_does_what_waits(app, given, clock):
    with app.app_context():
        ask("test.add", clock, a=4, b=5)
    assert app.test_cli_runner().invoke(args=["run-jobs", "--once"]).exit_code == 0
    with app.app_context():
        assert jobs.latest("test.add", "round:1").result == 9


def test_a_chore_comes_round_again_and_is_done_by_one(db_session, clock, monkeypatch):
    done = []
    monkeypatch.setitem(jobs._chores, "test.sweep", (timedelta(minutes=1), lambda clock: done.append(clock())))
    monkeypatch.setitem(jobs._chores, "a.broken", (timedelta(minutes=1), lambda clock: 1 / 0))
    for seconds, times in ((0, 1), (59, 1), (1, 2)):
        clock.advance(seconds=seconds)
        jobs.do_chores(clock)
        jobs.do_chores(clock)
        assert len(done) == times
