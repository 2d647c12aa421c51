"""Long work: a page asks for it, and a process of its own does it, one piece at a time; and work that comes round again.

A job is a row. Pages ask and look; `flask run-jobs`, which gunicorn's master starts beside the clock, takes the oldest
waiting one with one guarded UPDATE, so that several nodes may run it. What a job is about lives in its domain, which names
its kind with `@handler`.
"""

from __future__ import annotations

import enum
import gc
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import click
from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from quiz.db import Model, Moment, db, insert_unless_taken, transaction
from quiz.errors import Refusal

log = logging.getLogger(__name__)

STALE = timedelta(minutes=15)  # without a sign of life: its process is gone
MOST_TRIES = 3  # a job that ends its process must not do so for ever
IDLE_S = 1.0


class JobState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_UNFINISHED = text("state IN ('waiting', 'running')")


class Job(Model):
    """A piece of long work.  kind: of its handler · subject: what it is about, "round:12"; one unfinished job of each kind
    and subject · beat_at: its last sign of life · done, total: how far it is, 0 of 0 while it cannot say · result: what
    the handler returned · fault: what people are told when it has failed
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_unfinished", "kind", "subject", unique=True,
            sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED,
        ),
        Index("ix_job_kind_subject", "kind", "subject"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state_known"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(8), default=JobState.WAITING)
    holder: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[Any] = mapped_column(JSON, nullable=True)
    fault: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_unfinished(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


class Chore(Model):
    """Work that comes round again, and when it is due next; moved on by one guarded UPDATE, so that nodes do not double it."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment)


class _Asker(Protocol):
    id: Any


Clock = Callable[[], datetime]
Handler = Callable[[Job, Clock], Any]

_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that does a kind of job.

    It gets the job and the clock, opens its own transactions, and returns what the job's page shows, as JSON. It may run
    again after having been stopped half-way. Raises Refusal where the rules say no: people read its sentence.
    """

    def mark(work: Handler) -> Handler:
        _handlers[kind] = work
        return work

    return mark


_chores: dict[str, tuple[timedelta, Callable[[Clock], None]]] = {}


def chore(name: str, every: timedelta) -> Callable[[Callable[[Clock], None]], Callable[[Clock], None]]:
    """Name work that the process for jobs does again and again, between jobs.  It opens its own transactions."""

    def mark(work: Callable[[Clock], None]) -> Callable[[Clock], None]:
        _chores[name] = (every, work)
        return work

    return mark


def do_chores(clock: Clock) -> None:
    """Do the chores that are due. One that fails is written to the log and does not keep the others from being done."""
    for name, (every, work) in _chores.items():
        if _take_chore(name, clock(), every):
            try:
                work(clock)
            except Exception:
                db.session.rollback()
                log.exception("chore %s failed", name)


def _take_chore(name: str, now: datetime, every: timedelta) -> bool:
    with transaction():
        if db.session.get(Chore, name, populate_existing=True) is not None:
            taken = update(Chore).where(Chore.name == name, Chore.due_at <= now).values(due_at=now + every)
            return db.session.scalar(taken.returning(Chore.name)) is not None
    try:
        with transaction():
            db.session.add(Chore(name=name, due_at=now + every))
    except IntegrityError:  # another node came first
        return False
    return True


def ask(kind: str, subject: str, asker: _Asker | None, *, now: datetime, **arguments: Any) -> Job:
    """Ask for a job in the caller's transaction, unless the same one waits or runs already; gives the one that will do it."""
    assert kind in _handlers, f"nobody does {kind}"
    job = Job(
        kind=kind, subject=subject, arguments=arguments, state=JobState.WAITING, holder="", tries=0, done=0, total=0,
        fault="", asked_at=now, asked_by_id=asker.id if asker is not None else None,
    )  # fmt: skip
    insert_unless_taken(job)
    latest_ = latest(kind, subject)
    assert latest_ is not None
    return latest_


def latest(kind: str, subject: str) -> Job | None:
    """The last job of a kind about a subject, finished or not."""
    return db.session.scalars(
        select(Job).where(Job.kind == kind, Job.subject == subject).order_by(Job.id.desc()).limit(1)
    ).first()


def progress(job: Job, done: int, total: int, clock: Clock) -> None:
    """Say how far a job is; between its transactions, since this is one of its own."""
    with transaction():
        db.session.execute(update(Job).where(Job.id == job.id).values(done=done, total=total, beat_at=clock()))


class Stopped(BaseException):
    """The process is asked to end; its job waits for another."""


def run_next(holder: str, clock: Clock) -> bool:
    """Do the oldest waiting job, if there is one. Whatever goes wrong in it is written down and does not rise."""
    job = _take(holder, clock())
    if job is None:
        return False
    ended: dict[str, Any]
    try:
        if job.tries > MOST_TRIES:
            ended = {"state": JobState.FAILED, "fault": _fault_of_ours()}
        else:
            ended = {"state": JobState.DONE, "result": _handlers[job.kind](job, clock)}
    except Stopped:
        db.session.rollback()
        _write_end(job.id, holder, {"state": JobState.WAITING, "holder": ""})
        raise
    except Refusal as refusal:
        db.session.rollback()
        ended = {"state": JobState.FAILED, "fault": refusal.sentence}
    except Exception:
        db.session.rollback()
        log.exception("job %s of kind %s failed", job.id, job.kind)
        ended = {"state": JobState.FAILED, "fault": _fault_of_ours()}
    _write_end(job.id, holder, ended | {"ended_at": clock()})
    return True


def run_all(clock: Clock) -> None:
    """Do what waits, here and now: for tests, the demo and single commands."""
    while run_next("here", clock):
        pass


def _take(holder: str, now: datetime) -> Job | None:
    free = or_(Job.state == JobState.WAITING, (Job.state == JobState.RUNNING) & (Job.beat_at < now - STALE))
    oldest = select(Job.id).where(free).order_by(Job.id).limit(1)
    with transaction():
        job_id = db.session.scalar(oldest)
        if job_id is None:
            return None
        taken = db.session.scalar(
            update(Job)
            .where(Job.id == job_id, free)  # another node may have been quicker
            .values(state=JobState.RUNNING, holder=holder, tries=Job.tries + 1, started_at=now, beat_at=now)
            .returning(Job.id)
        )
    return None if taken is None else db.session.get_one(Job, taken, populate_existing=True)


def _write_end(job_id: int, holder: str, values: dict[str, Any]) -> None:
    with transaction():
        db.session.execute(update(Job).where(Job.id == job_id, Job.holder == holder).values(**values))
    db.session.expire_all()


def _fault_of_ours() -> str:
    return _(
        "Lỗi này ở phía chúng tôi và đã được ghi lại; chưa có gì bị thay đổi. Hãy thử lại, hoặc báo người vận hành."
    )


def init_app(app: Flask) -> None:
    @app.cli.command("run-jobs")
    @click.option("--with-parent", is_flag=True, help="Stop when the process that started this one is gone.")
    @click.option("--once", is_flag=True, help="Do what waits and stop.")
    def run_jobs(with_parent: bool, once: bool) -> None:
        """Do long work that pages ask for, one piece after the other, until SIGTERM."""
        parent, clock = os.getppid(), current_app.extensions["clock"]
        holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

        def stop(*_signal: Any) -> None:
            raise Stopped

        collect_less()
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            while not with_parent or os.getppid() == parent:
                _survive(lambda: do_chores(clock))
                if not _survive(lambda: run_next(holder, clock)):
                    if once:
                        break
                    time.sleep(IDLE_S)
        except Stopped:
            pass
        finally:
            db.engine.dispose()


def collect_less() -> None:
    """What the program has loaded stays, and jobs make many plain values: half of their time would go to the collector."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _survive(work: Callable[[], bool | None]) -> bool:
    """A database that is away for a while must not end the process."""
    try:
        return bool(work())
    except Exception:
        log.exception("a look for work failed; the next one tries again")
        return False
    finally:
        db.session.remove()
