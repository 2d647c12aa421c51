"""Nominations, step by step: written by a unit, confirmed by its head, consolidated by the office, shown to the public.

Each step is one guarded UPDATE from the states it may begin in, so of two people who click at once one is told. Who writes
does not confirm, and who wrote or confirmed does not accept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from quiz import journal
from quiz.accounts.models import Account, OrgUnit
from quiz.db import db
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars import quarters
from quiz.exemplars.nomination_models import (
    BEFORE_THE_VOTE,
    WITH_THE_UNIT,
    Nomination,
    NominationState,
    NominationStep,
    Quarter,
    QuarterUnit,
)
from quiz.exemplars.nomination_refusals import NominationRefusal
from quiz.formats import LOCAL, local
from quiz.rules.working_days import term_end

MOST_WORDS = 300  # of the summary, which the public reads
CONTENT = (
    "kind", "honorific", "name", "position", "birth_year", "field", "movement_id", "summary", "situation", "achievements",
    "figures", "honours", "grounds", "consent", "consented_on",
)  # fmt: skip
_AT_THE_OFFICE = (NominationState.CONFIRMED, NominationState.ACCEPTED)


def draft(
    quarter: Quarter,
    unit: OrgUnit,
    content: Mapping[str, Any],
    author: Account,
    *,
    now: datetime,
    is_demo: bool = False,
) -> Nomination:
    """content: of CONTENT.  Raises Refusal(NominationRefusal)."""
    if db.session.get(QuarterUnit, (quarter.id, unit.id)) is None:
        raise Refusal(NominationRefusal.UNIT_NOT_ASKED)
    if now >= quarter.nominations_due_at:
        raise Refusal(NominationRefusal.TOO_LATE, due=_said(quarter.nominations_due_at))
    nomination = Nomination(
        quarter_id=quarter.id, org_unit_id=unit.id, state=NominationState.DRAFT, author_id=author.id,
        edited_by_id=author.id, created_at=now, updated_at=now, is_demo=is_demo, **_checked(content),
    )  # fmt: skip
    db.session.add(nomination)
    db.session.flush()
    _note_step(nomination, "", NominationState.DRAFT, author, now, "")
    journal.record(author, "nomination.drafted", nomination, now=now, after=_told(nomination))
    return nomination


def edit(nomination: Nomination, content: Mapping[str, Any], revision: int, actor: Account, *, now: datetime) -> None:
    """revision: of the version that was on the screen.  Raises Refusal(NominationRefusal)."""
    if not nomination.is_with_unit:
        raise Refusal(NominationRefusal.NOT_WITH_UNIT)
    mine = (Nomination.id == nomination.id, Nomination.revision == revision, Nomination.state.in_(WITH_THE_UNIT))
    taken = update(Nomination).where(*mine).values(revision=revision + 1).returning(Nomination.id)
    if db.session.execute(taken.execution_options(synchronize_session=False)).one_or_none() is None:
        raise Refusal(NominationRefusal.EDITED_MEANWHILE)
    db.session.refresh(nomination)
    before = _told(nomination)
    for name, value in _checked(content).items():
        setattr(nomination, name, value)
    nomination.edited_by_id, nomination.updated_at = actor.id, now
    db.session.flush()
    journal.record(actor, "nomination.edited", nomination, now=now, before=before, after=_told(nomination))


def count_words(text: str) -> int:
    return len(text.split())


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    words = count_words(content.get("summary", ""))
    if words > MOST_WORDS:
        raise Refusal(NominationRefusal.TOO_MANY_WORDS, words=words, most=MOST_WORDS)
    return {name: content[name] for name in CONTENT if name in content}


def send_until(nomination: Nomination) -> datetime:
    """Until when the unit may send it: a draft by the calendar, one that came back by the term it came back with."""
    if nomination.state == NominationState.RETURNED and nomination.return_due_at is not None:
        return nomination.return_due_at
    quarter = nomination.quarter
    return quarter.confirmation_due_at if nomination.sent_at else quarter.nominations_due_at


def send(nomination: Nomination, actor: Account, *, now: datetime) -> None:
    """Send a draft, or an answer to the office's question, to the head of the unit.  Raises Refusal(NominationRefusal)."""
    if now >= (until := send_until(nomination)):
        raise Refusal(NominationRefusal.TOO_LATE, due=_said(until))
    if not nomination.summary:
        raise Refusal(NominationRefusal.NO_SUMMARY)
    if not nomination.achievements:
        raise Refusal(NominationRefusal.NO_ACHIEVEMENTS)
    if not nomination.consent:
        raise Refusal(NominationRefusal.NO_CONSENT)
    if not nomination.head_ids:
        raise Refusal(NominationRefusal.NO_HEAD)
    move(nomination, WITH_THE_UNIT, NominationState.SENT, actor, now=now, sent_at=now)


def confirm(nomination: Nomination, head: Account, *, now: datetime) -> None:
    """The head of the unit answers for it, and it goes to the office.  Raises Refusal(NominationRefusal)."""
    if head.id not in nomination.head_ids:
        raise Refusal(NominationRefusal.OWN_WORK)
    sent = (NominationState.SENT,)
    move(nomination, sent, NominationState.CONFIRMED, head, now=now, confirmed_by_id=head.id, confirmed_at=now)


def hand_back(nomination: Nomination, head: Account, *, why: str, now: datetime) -> None:
    """The head of the unit wants it changed before it leaves the unit."""
    to = NominationState.RETURNED if nomination.question else NominationState.DRAFT
    move(nomination, (NominationState.SENT,), to, head, now=now, note=why)


def ask_back(nomination: Nomination, question: str, due_at: datetime, actor: Account, *, now: datetime) -> None:
    """Return it to the unit with a question and a term; its head then confirms anew.  Raises Refusal(NominationRefusal)."""
    if due_at <= now:
        raise Refusal(NominationRefusal.TERM_PASSED)
    move(
        nomination, _AT_THE_OFFICE, NominationState.RETURNED, actor, now=now, note=question, question=question,
        return_due_at=due_at, confirmed_by_id=None, confirmed_at=None,
    )  # fmt: skip


def accept(nomination: Nomination, actor: Account, *, why: str = "", now: datetime) -> None:
    """why: needed where the same person or group has been nominated or told of before.  Raises Refusal(NominationRefusal)."""
    _not_own(nomination, actor)
    repeats = [r for r in queries.repeats_of(nomination) if r.is_same]
    if repeats and not why:
        raise Refusal(NominationRefusal.REPEAT_NEEDS_REASON)
    after = {"repeats": [r.told for r in repeats]} if repeats else {}
    move(
        nomination,
        (NominationState.CONFIRMED,),
        NominationState.ACCEPTED,
        actor,
        now=now,
        note=why,
        told=after,
        question="",
    )


def decline(nomination: Nomination, actor: Account, *, why: str, now: datetime) -> None:
    _not_own(nomination, actor)
    move(
        nomination, (*_AT_THE_OFFICE, NominationState.COMMENTING), NominationState.DECLINED, actor, now=now, note=why
    )  # fmt: skip


def merge(nomination: Nomination, survivor: Nomination, actor: Account, *, why: str, now: datetime) -> None:
    """Let another nomination of the quarter stand for this one, which keeps its history and points there.

    Raises Refusal(NominationRefusal).
    """
    _not_own(nomination, actor)
    same_quarter = survivor.quarter_id == nomination.quarter_id and survivor.id != nomination.id
    if not same_quarter or survivor.state not in _AT_THE_OFFICE:
        raise Refusal(NominationRefusal.CANNOT_MERGE_INTO)
    move(
        nomination, _AT_THE_OFFICE, NominationState.MERGED, actor, now=now, note=why, told={"into": survivor.id},
        merged_into_id=survivor.id,
    )  # fmt: skip


def withdraw(nomination: Nomination, actor: Account, *, why: str, now: datetime) -> None:
    """The unit takes it back, at any time before the council votes."""
    move(nomination, BEFORE_THE_VOTE, NominationState.WITHDRAWN, actor, now=now, note=why)


def open_comments(quarter: Quarter, actor: Account, *, now: datetime) -> datetime:
    """Put all accepted nominations before the public; gives the end of the term.  Raises Refusal(NominationRefusal)."""
    accepted = db.session.scalars(
        select(Nomination).where(Nomination.quarter_id == quarter.id, Nomination.state == NominationState.ACCEPTED)
        .order_by(Nomination.id)
    ).all()  # fmt: skip
    if not accepted:
        raise Refusal(NominationRefusal.NOTHING_TO_COMMENT)
    until = term_end(now, quarter.comment_days, LOCAL, quarters.working_days(local(now).year))
    for nomination in accepted:
        move(
            nomination, (NominationState.ACCEPTED,), NominationState.COMMENTING, actor, now=now, comments_from=now,
            comments_until=until, told={"until": until.isoformat()},
        )  # fmt: skip
    return until


def move(
    nomination: Nomination,
    begins: Collection[NominationState],
    to: NominationState,
    actor: Account | None,
    *,
    now: datetime,
    note: str = "",
    told: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Take a nomination to another state, unless it has left those the step begins in; a step and a journal record say so.

    told: what the journal tells besides.  Raises Refusal(NominationRefusal.MOVED_ON).
    """
    before = nomination.state
    moved = update(Nomination).where(Nomination.id == nomination.id, Nomination.state.in_(begins))
    moved = moved.values(state=to.value, updated_at=now, **values).returning(Nomination.id)
    if db.session.execute(moved.execution_options(synchronize_session=False)).one_or_none() is None:
        raise Refusal(NominationRefusal.MOVED_ON)
    db.session.refresh(nomination)
    _note_step(nomination, before, to, actor, now, note)
    after = {"state": to.value, "quarter": nomination.quarter.name, **(told or {})}
    journal.record(
        actor, f"nomination.{to.value}", nomination, now=now, before={"state": before}, after=after, why=note
    )


def _note_step(
    nomination: Nomination, before: str, to: NominationState, actor: Account | None, now: datetime, note: str
) -> None:
    db.session.add(
        NominationStep(
            nomination_id=nomination.id, at=now, actor_id=actor.id if actor else None,
            actor_name=actor.full_name if actor else "", from_state=before, to_state=to.value, note=note,
        )
    )  # fmt: skip
    db.session.flush()


def _not_own(nomination: Nomination, actor: Account) -> None:
    if actor.id in (nomination.author_id, nomination.edited_by_id, nomination.confirmed_by_id):
        raise Refusal(NominationRefusal.OWN_WORK)


def _told(nomination: Nomination) -> dict[str, Any]:
    """What the journal keeps of the content: that it names whom, and how long each part is; texts stay with the row."""
    lengths = {
        part: len(getattr(nomination, part)) for part in ("summary", "situation", "achievements", "honours", "grounds")
    }
    return {
        "quarter": nomination.quarter_id, "unit": nomination.org_unit_id, "kind": nomination.kind, "name": nomination.name,
        "field": nomination.field, "consent": nomination.consent, "lengths": lengths,
    }  # fmt: skip


def _said(moment: datetime) -> str:
    return f"{local(moment):%H:%M ngày %d/%m/%Y}"
