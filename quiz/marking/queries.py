"""Reads of the judges' work."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, text
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Entry
from quiz.db import db
from quiz.marking.models import (
    Annulment,
    AttemptNote,
    EssayMark,
    Flag,
    FlagAttempt,
    FlagRun,
    IdentityCheck,
    KeyRuling,
    Verdict,
    VerdictState,
)
from quiz.rules.suspicion import Kind, Strength


def annulled_ids() -> Select[int]:
    """Ids of the attempts that are annulled now, to be used in `NOT IN`: databases read this short list once."""
    return select(Annulment.attempt_id).where(Annulment.restored_at.is_(None))


def annulments_of(attempt_id: int) -> Sequence[Annulment]:
    """Every annulment of an attempt, also those taken back, oldest first."""
    return db.session.scalars(
        select(Annulment)
        .where(Annulment.attempt_id == attempt_id)
        .options(joinedload(Annulment.annulled_by), joinedload(Annulment.restored_by))
        .order_by(Annulment.id)
    ).all()


def active_annulment(attempt_id: int) -> Annulment | None:
    return db.session.scalars(
        select(Annulment).where(Annulment.attempt_id == attempt_id, Annulment.restored_at.is_(None))
    ).one_or_none()


def annulled_among(attempt_ids: Collection[int]) -> set[int]:
    """Those of the attempts that are annulled now."""
    return set(db.session.scalars(annulled_ids().where(Annulment.attempt_id.in_(attempt_ids))))


def annulments_of_entry(entry_id: int, round_id: int) -> Sequence[Annulment]:
    """Those of a person's attempts in a round that are annulled now, with the attempts, oldest first."""
    attempt = Annulment.attempt
    return db.session.scalars(
        select(Annulment)
        .join(attempt)
        .where(Annulment.restored_at.is_(None), Attempt.entry_id == entry_id, Attempt.round_id == round_id)
        .options(contains_eager(attempt).options(defer(Attempt.paper), defer(Attempt.responses)))
        .order_by(Annulment.id)
    ).all()


def annulled_in(round_ids: Collection[int], division_id: int, *, limit: int) -> Sequence[Annulment]:
    """Attempts of these rounds and a division that are annulled now, the latest first, with their entries and judges."""
    attempt = Annulment.attempt
    return db.session.scalars(
        select(Annulment)
        .join(attempt)
        .join(Attempt.entry)
        .where(Annulment.restored_at.is_(None), Attempt.round_id.in_(round_ids), Entry.division_id == division_id)
        .options(
            contains_eager(attempt).contains_eager(Attempt.entry),
            contains_eager(attempt).options(defer(Attempt.paper), defer(Attempt.responses)),
            joinedload(Annulment.annulled_by),
        )
        .order_by(Annulment.id.desc())
        .limit(limit)
    ).all()


def annulment_counts(round_ids: Collection[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(round, division) → (annulments ever, of which taken back). Both only grow, so they tell whether anything happened."""
    if db.session.scalar(select(Annulment.id).limit(1)) is None:
        return {}  # mostly there are none, and a planner that knows no better looks at every attempt of the rounds first
    rows = db.session.execute(
        select(Attempt.round_id, Entry.division_id, func.count(), func.count(Annulment.restored_at))
        .select_from(Annulment)
        .join(Annulment.attempt)
        .join(Attempt.entry)
        .where(Attempt.round_id.in_(round_ids))
        .group_by(Attempt.round_id, Entry.division_id)
    )
    return {(round_id, division_id): (ever, restored) for round_id, division_id, ever, restored in rows}


def essay_mark(attempt_id: int, question: int) -> EssayMark | None:
    return db.session.scalars(
        select(EssayMark)
        .where(EssayMark.attempt_id == attempt_id, EssayMark.question == question)
        .options(joinedload(EssayMark.judge))
        .execution_options(populate_existing=True)  # asked again under the lock of the attempt
    ).one_or_none()


def essay_points(attempt_id: int) -> dict[int, int]:
    """Question → points that a judge has given it."""
    rows = db.session.execute(select(EssayMark.question, EssayMark.points).where(EssayMark.attempt_id == attempt_id))
    return {row.question: row.points for row in rows}


def essay_marks_state(round_ids: Collection[int], division_id: int) -> str:
    """Changes whenever an essay of these rounds and a division gets points, or other points; empty where none has any."""
    if db.session.scalar(select(EssayMark.id).limit(1)) is None:
        return ""
    given, points, last = db.session.execute(
        select(func.count(), func.sum(EssayMark.points), func.max(EssayMark.marked_at))
        .select_from(EssayMark)
        .join(Attempt, Attempt.id == EssayMark.attempt_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(Attempt.round_id.in_(round_ids), Entry.division_id == division_id)
    ).one()
    return f"{given}.{points}.{last.isoformat()}" if given else ""


def are_marked_anew(contest_id: int, attempt_ids: Collection[int], since: datetime) -> bool:
    """Has one of the attempts been marked by a later ruling on a key, or an essay of it got points, since a moment?"""
    of_then = select(func.max(KeyRuling.number)).where(
        KeyRuling.contest_id == contest_id, KeyRuling.finished_at <= since
    )
    by_key = exists().where(Attempt.id.in_(attempt_ids), Attempt.ruling > func.coalesce(of_then.scalar_subquery(), 0))
    by_judges = exists().where(EssayMark.attempt_id.in_(attempt_ids), EssayMark.marked_at > since)
    return bool(db.session.scalar(select(or_(by_key, by_judges))))


def papers_with_essays(round_id: int, *, is_marked: bool, limit: int, offset: int = 0) -> Sequence[Attempt]:
    """Valid attempts of a round whose essays are all marked, or not, as they were handed in; nobody's name is read."""
    return db.session.scalars(
        select(Attempt)
        .where(*_with_essays(round_id, is_marked))
        .options(defer(Attempt.responses))
        .order_by(Attempt.ended_at, Attempt.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count_papers_with_essays(round_id: int, *, is_marked: bool) -> int:
    return db.session.scalar(select(func.count()).select_from(Attempt).where(*_with_essays(round_id, is_marked))) or 0


def _with_essays(round_id: int, is_marked: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.round_id == round_id,
        Attempt.state.in_((AttemptState.SUBMITTED, AttemptState.EXPIRED)),
        Attempt.essays > 0,
        Attempt.written.is_not(None) if is_marked else Attempt.written.is_(None),
        Attempt.id.not_in(annulled_ids()),
    )


def marked_questions(attempt_ids: Collection[int]) -> set[tuple[int, int]]:
    """(attempt, question) of these attempts' essays that have their points."""
    rows = db.session.execute(
        select(EssayMark.attempt_id, EssayMark.question).where(EssayMark.attempt_id.in_(attempt_ids))
    )
    return {(row.attempt_id, row.question) for row in rows}


def count_unmarked(round_ids: Collection[int]) -> int:
    """Valid attempts of these rounds with essays that wait for their marks."""
    waiting = select(func.count()).select_from(Attempt).where(
        Attempt.round_id.in_(round_ids),
        text("essays > 0 AND written IS NULL AND state <> 'open'"),  # the terms of the index of unmarked ones
        Attempt.state.in_((AttemptState.SUBMITTED, AttemptState.EXPIRED)),
        Attempt.id.not_in(annulled_ids()),
    )  # fmt: skip
    return db.session.scalar(waiting) or 0


# Verdicts and notes


def proposed_annulment(attempt_id: int) -> Verdict | None:
    """That waits for a second judge."""
    return db.session.scalars(
        select(Verdict).where(Verdict.attempt_id == attempt_id, Verdict.state == VerdictState.PROPOSED)
    ).one_or_none()


def verdicts_of(attempt_id: int) -> Sequence[Verdict]:
    return db.session.scalars(
        select(Verdict)
        .where(Verdict.attempt_id == attempt_id)
        .options(joinedload(Verdict.judge), joinedload(Verdict.second))
        .order_by(Verdict.id)
    ).all()


def notes_of(attempt_id: int) -> Sequence[AttemptNote]:
    return db.session.scalars(
        select(AttemptNote)
        .where(AttemptNote.attempt_id == attempt_id)
        .options(joinedload(AttemptNote.judge))
        .order_by(AttemptNote.id)
    ).all()


# Flags


class FlagState(enum.StrEnum):
    OPEN = "open"  # of one of its attempts at least, nobody has ruled
    PROPOSED = "proposed"  # an annulment waits for a second judge
    RULED = "ruled"


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """None: all of them"""

    kind: Kind | None = None
    strength: Strength | None = None
    state: FlagState | None = None


def _of_flag(*narrow: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(FlagAttempt.flag_id == Flag.id, *narrow).correlate(Flag)


_OPEN = _of_flag(FlagAttempt.verdict_id.is_(None))
_PROPOSED = _of_flag(FlagAttempt.verdict_id == Verdict.id, Verdict.state == VerdictState.PROPOSED)
_STATE = {
    FlagState.PROPOSED: _PROPOSED,
    FlagState.OPEN: _OPEN & ~_PROPOSED,
    FlagState.RULED: ~_OPEN & ~_PROPOSED,
}


def _flag_conditions(round_id: int, wanted: FlagFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Flag.round_id == round_id]
    if wanted.kind is not None:
        conditions.append(Flag.kind == wanted.kind)
    if wanted.strength is not None:
        conditions.append(Flag.strength == wanted.strength)
    if wanted.state is not None:
        conditions.append(_STATE[wanted.state])
    return conditions


def flags_of_round(
    round_id: int, wanted: FlagFilter, *, first_entries: Collection[int], limit: int, offset: int = 0
) -> Sequence[Flag]:
    """Flags about the named entries first, then by strength.  first_entries: those in prize places"""
    matters = _of_flag(FlagAttempt.attempt_id == Attempt.id, Attempt.entry_id.in_(first_entries))
    return db.session.scalars(
        select(Flag)
        .where(*_flag_conditions(round_id, wanted))
        .options(_with_attempts())
        .order_by(case((matters, 0), else_=1), Flag.strength, Flag.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count_flags(round_id: int, wanted: FlagFilter) -> int:
    return db.session.scalar(select(func.count()).select_from(Flag).where(*_flag_conditions(round_id, wanted))) or 0


def flag_counts(round_id: int, wanted: FlagFilter) -> dict[Kind, int]:
    """How many flags of each kind, of the strength and in the state that are wanted."""
    rows = db.session.execute(
        select(Flag.kind, func.count())
        .where(*_flag_conditions(round_id, FlagFilter(None, wanted.strength, wanted.state)))
        .group_by(Flag.kind)
    )
    return {Kind(kind): n for kind, n in rows}


def flags_of_attempt(attempt_id: int) -> Sequence[Flag]:
    return db.session.scalars(
        select(Flag)
        .where(_of_flag(FlagAttempt.attempt_id == attempt_id))
        .options(_with_attempts())
        .order_by(Flag.strength, Flag.id)
    ).all()


def flag_by_id(flag_id: int) -> Flag | None:
    return db.session.scalars(select(Flag).where(Flag.id == flag_id).options(_with_attempts())).one_or_none()


def _with_attempts() -> Any:
    return selectinload(Flag.attempts).options(
        joinedload(FlagAttempt.attempt).options(
            defer(Attempt.paper), defer(Attempt.responses), joinedload(Attempt.entry).joinedload(Entry.division)
        ),
        joinedload(FlagAttempt.verdict),
    )


def flag_run(round_id: int) -> FlagRun | None:
    return db.session.get(FlagRun, round_id)


# Identity


def identity_checks(entry_ids: Collection[int]) -> dict[int, IdentityCheck]:
    """Entry → its check, where there is one."""
    rows = db.session.scalars(
        select(IdentityCheck).where(IdentityCheck.entry_id.in_(entry_ids)).options(joinedload(IdentityCheck.checked_by))
    )
    return {row.entry_id: row for row in rows}
