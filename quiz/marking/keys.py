"""Wrong keys: a ruling is proposed, looked at, confirmed by a second person, and then every attempt is marked by it.

Attempts are marked anew from their stored responses. One that ends while this goes on is marked by whichever rulings it
has read; `must_be_finished` finds those that read too early, before a result sheet is made of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.orm import joinedload

from quiz import jobs, journal
from quiz.accounts.models import Account
from quiz.attempts import news
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import Marker
from quiz.banks import doubts
from quiz.banks.versions import faces
from quiz.contests.key_rulings import Rulings, rulings_of
from quiz.contests.models import Contest, ContestState
from quiz.contests.pools import candidates_of, pools_of
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_many, insert_unless_taken, transaction
from quiz.errors import Refusal
from quiz.marking.models import KeyRuling, Remark
from quiz.marking.refusals import KeyRefusal
from quiz.rules.keys import Overlay, after, effective

STEP = 2_000  # attempts marked in one transaction: savers wait so long
JOB = "apply-key"

_HANDED_IN = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value)  # an abandoned attempt counts for nothing
_ATTEMPT: Any = Attempt.__table__


def why_not_propose(contest: Contest, version_id: int, overlay: Overlay) -> Refusal | None:
    """Why a ruling makes no sense; None when it does."""
    pooled = {c.version_id for pool_id in pools_of(contest) for c in candidates_of(pool_id)}
    if contest.state != ContestState.OPEN or version_id not in pooled:
        return Refusal(KeyRefusal.NOT_IN_CONTEST)
    face = faces([version_id])[version_id]
    before = rulings_of(contest).items.get(version_id)
    now = effective(face.key, before) if before else face.key
    if face.kind == "essay" or effective(face.key, after(before, overlay)) == now:
        return Refusal(KeyRefusal.CHANGES_NOTHING)
    return None


def propose(
    contest: Contest, version_id: int, overlay: Overlay, actor: Account, *, why: str, now: datetime
) -> KeyRuling:
    """Propose a ruling; nothing is marked by it.  Raises Refusal(KeyRefusal)."""
    if refusal := why_not_propose(contest, version_id, overlay):
        raise refusal
    ruling = KeyRuling(
        contest_id=contest.id, version_id=version_id, why=why, proposed_at=now, proposed_by_id=actor.id, counts={},
        **overlay.to_json(),
    )  # fmt: skip
    if not insert_unless_taken(ruling):
        raise Refusal(KeyRefusal.ANOTHER_WAITS)
    after = {"contest": contest.id, "version": version_id, **overlay.to_json()}
    journal.record(actor, "key.proposed", f"key_ruling:{ruling.id}", now=now, after=after, why=why)
    return db.session.get_one(KeyRuling, ruling.id)


def withdraw(ruling: KeyRuling, actor: Account, *, now: datetime) -> None:
    """Drop a proposal that nobody has confirmed.  Raises Refusal(KeyRefusal)."""
    done = db.session.execute(
        update(KeyRuling)
        .where(KeyRuling.id == ruling.id, KeyRuling.confirmed_at.is_(None), KeyRuling.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(KeyRuling.id)
    ).one_or_none()
    if done is None:
        raise Refusal(KeyRefusal.SETTLED)
    journal.record(actor, "key.withdrawn", f"key_ruling:{ruling.id}", now=now)


def confirm(ruling: KeyRuling, actor: Account, *, now: datetime) -> None:
    """Let a proposal hold: from here on it is applied, by a job.  Raises Refusal(KeyRefusal)."""
    if actor.id == ruling.proposed_by_id:
        raise Refusal(KeyRefusal.SAME_PERSON)
    done = db.session.execute(
        update(KeyRuling)
        .where(KeyRuling.id == ruling.id, KeyRuling.confirmed_at.is_(None), KeyRuling.withdrawn_at.is_(None))
        .values(confirmed_at=now, confirmed_by_id=actor.id)
        .returning(KeyRuling.id)
    ).one_or_none()
    if done is None:
        raise Refusal(KeyRefusal.SETTLED)
    journal.record(actor, "key.confirmed", f"key_ruling:{ruling.id}", now=now)
    jobs.ask(JOB, f"key_ruling:{ruling.id}", actor, now=now)


# Marking anew


class Remarked(NamedTuple):
    """An attempt as it is marked and as it would be.  before, after: (points, right items, are all right)"""

    attempt_id: int
    entry_id: int
    round_id: int
    before: tuple[int, int, bool]
    after: tuple[int, int, bool]

    @property
    def gain(self) -> int:
        return self.after[0] - self.before[0]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


_MARKED = (
    Attempt.id, Attempt.entry_id, Attempt.round_id, Attempt.paper, Attempt.responses, Attempt.score, Attempt.correct,
    Attempt.all_correct,
)  # fmt: skip


def remarked(
    contest: Contest, version_id: int, rulings: Rulings, *, before_ruling: int | None = None
) -> Iterator[list[Remarked]]:
    """Every attempt handed in whose paper holds an item, marked by some rulings; by parts, nothing is written.

    before_ruling: only those that were marked by earlier rulings
    """
    round_ids = [r.id for r in contest.rounds]
    marker = Marker(contest_rules(contest).worth, rulings.items)
    # a paper is [[version, [order]], …] as JSON without blanks
    holds = cast(Attempt.paper, Text).contains(f"[{version_id},[", autoescape=True)
    which = [Attempt.round_id.in_(round_ids), Attempt.state.in_(_HANDED_IN), holds]
    if before_ruling is not None:
        which.append(Attempt.ruling < before_ruling)
    # one look for the numbers alone: a database that is asked for "the next ones" may sort all of them for each part
    ids = array("q", db.session.scalars(select(Attempt.id).where(*which).order_by(Attempt.id)))
    for start in range(0, len(ids), STEP):
        first, last = ids[start], ids[min(start + STEP, len(ids)) - 1]
        rows = select(*_MARKED).where(Attempt.id.between(first, last), *which).order_by(Attempt.id)
        yield [_remark(row, marker.score(row.paper, row.responses)) for row in db.session.execute(rows)]


def _remark(row: Any, new: Any) -> Remarked:
    before = (row.score, row.correct, bool(row.all_correct))
    return Remarked(row.id, row.entry_id, row.round_id, before, (new.points, new.correct, new.all_correct))


@jobs.handler(JOB)
def apply(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    """Mark everything by a confirmed ruling. May be stopped and go on; says how many were marked, gained and lost."""
    ruling_id = int(job.subject.partition(":")[2])
    number = _let_hold(ruling_id)
    ruling = db.session.get_one(KeyRuling, ruling_id)
    contest, version_id = ruling.contest, ruling.version_id
    done = 0
    write = partial(_write_apart, current_app._get_current_object(), ruling_id, number)  # type: ignore[attr-defined]
    with ThreadPoolExecutor(max_workers=1) as writer:  # the database writes one part while the next one is marked
        for _time in range(2):  # again for those that have ended meanwhile and had read the rulings before this one
            parts = remarked(contest, version_id, rulings_of(contest), before_ruling=number)
            for written in _in_turn(writer, write, parts):
                done += written
                jobs.progress(job, done, max(done, job.total), clock)
    return _finish(ruling_id, clock())


def _in_turn(worker: Executor, work: Callable[[list[Remarked]], int], parts: Iterable[list[Remarked]]) -> Iterator[int]:
    """What the work gives for each part, in their order; a part is made while the worker has the one before it."""
    given: Future[int] | None = None
    for part in parts:
        if given is not None:
            yield given.result()
        given = worker.submit(work, part)
    if given is not None:
        yield given.result()


def _write_apart(app: Flask, ruling_id: int, number: int, part: list[Remarked]) -> int:
    with app.app_context(), transaction():  # a session of its own: this is another thread
        _write(part, ruling_id, number)
    return len(part)


def _let_hold(ruling_id: int) -> int:
    """Put the ruling over the contest's keys: attempts that end from now on are marked by it. Gives its number."""
    with transaction():
        ruling = db.session.get_one(KeyRuling, ruling_id, populate_existing=True)
        if ruling.number is None:
            contest = db.session.get_one(Contest, ruling.contest_id, populate_existing=True, with_for_update=True)
            rulings = rulings_of(contest).with_one_more(ruling.version_id, ruling.overlay)
            contest.key_rulings = rulings.to_json()
            ruling.number = rulings.number
        return ruling.number


def _write(part: Sequence[Remarked], ruling_id: int, number: int) -> None:
    """Write the marks of a part, and who got other points by the ruling."""
    alike: dict[tuple[int, int, bool], list[int]] = {}  # marks → attempts: few statements, however many attempts
    for r in part:
        alike.setdefault(r.after, []).append(r.attempt_id)
    for (points, correct, all_correct), ids in alike.items():
        db.session.execute(
            update(_ATTEMPT)
            .where(_ATTEMPT.c.id.in_(ids), _ATTEMPT.c.ruling < number)
            .values(score=points, correct=correct, all_correct=all_correct, ruling=number)
        )
    changed = [
        {"ruling_id": ruling_id, "attempt_id": r.attempt_id, "score_before": r.before[0], "score_after": r.after[0]}
        for r in part
        if r.gain
    ]
    insert_many(Remark.__table__, changed)


def _finish(ruling_id: int, now: datetime) -> dict[str, int]:
    """Say that all are marked: boards and sheets of before are out of date from here on."""
    with transaction():
        ruling = db.session.get_one(KeyRuling, ruling_id, populate_existing=True)
        if ruling.finished_at is not None:
            return ruling.counts
        contest = db.session.get_one(Contest, ruling.contest_id, populate_existing=True, with_for_update=True)
        rulings = rulings_of(contest)
        contest.key_rulings = Rulings(rulings.number, rulings.number, rulings.items).to_json()
        of = Remark.ruling_id == ruling_id
        up = db.session.scalar(select(func.count()).where(of, Remark.score_after > Remark.score_before)) or 0
        down = db.session.scalar(select(func.count()).where(of, Remark.score_after < Remark.score_before)) or 0
        ruling.counts = {"up": up, "down": down}
        ruling.finished_at = now
        doubts.doubt_key(ruling.version_id, why=ruling.why, now=now)
        db.session.flush()
        after = {"number": ruling.number, "version": ruling.version_id, **ruling.overlay.to_json(), **ruling.counts}
        actor = db.session.get_one(Account, ruling.confirmed_by_id)
        journal.record(actor, "key.applied", f"key_ruling:{ruling_id}", now=now, after=after, why=ruling.why)
        return ruling.counts


def must_be_finished(contest: Contest) -> None:
    """Before results are made: no ruling is half applied, and whatever ended while one was being applied is marked by it.

    Raises Refusal(KeyRefusal).
    """
    rulings = rulings_of(contest)
    if rulings.number != rulings.finished:
        raise Refusal(KeyRefusal.BEING_APPLIED)
    for ruling in rulings_applied(contest.id):
        for part in remarked(contest, ruling.version_id, rulings, before_ruling=ruling.number):
            _write(part, ruling.id, rulings.number)
            news.tell([r.attempt_id for r in part])


def rulings_applied(contest_id: int) -> Sequence[KeyRuling]:
    """The rulings that hold in a contest, the first first."""
    return db.session.scalars(
        select(KeyRuling)
        .where(KeyRuling.contest_id == contest_id, KeyRuling.finished_at.is_not(None))
        .order_by(KeyRuling.number)
    ).all()


def rulings_proposed(contest_id: int) -> Sequence[KeyRuling]:
    """All rulings of a contest, the newest first."""
    return db.session.scalars(
        select(KeyRuling).where(KeyRuling.contest_id == contest_id).order_by(KeyRuling.id.desc())
    ).all()


def affected(ruling_id: int, after: int, limit: int) -> Sequence[Remark]:
    """Whose points a ruling has changed, in the order of their attempts.  after: id of an attempt, 0 for the first ones"""
    return db.session.scalars(
        select(Remark)
        .where(Remark.ruling_id == ruling_id, Remark.attempt_id > after)
        .options(joinedload(Remark.attempt).joinedload(Attempt.entry))
        .order_by(Remark.attempt_id)
        .limit(limit)
    ).all()


def remarks_of(attempt_id: int) -> Sequence[Remark]:
    """What rulings have changed of an attempt's points, the first first."""
    return db.session.scalars(
        select(Remark).join(Remark.ruling).where(Remark.attempt_id == attempt_id).order_by(KeyRuling.number)
    ).all()
