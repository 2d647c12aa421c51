"""Commands that note what happens to a document: it is amended, replaced or repealed from a day on, whole or in places.

The columns of the document that repeat this (questioned_from; with an end of the whole document expires_on and
replaced_by) are brought up to date here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.db import db
from quiz.errors import Refusal
from quiz.formats import day
from quiz.law.models import ChangeKind, LawChange, LegalDocument
from quiz.law.refusals import LawRefusal
from quiz.rules.validity import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """What is noted of a change; the fields are those of LawChange."""

    kind: ChangeKind
    from_on: date
    by_number: str = ""
    scope: Sequence[Place] = ()
    is_read: bool = False
    note: str = ""

    @property
    def ends_document(self) -> bool:
        return self.kind != ChangeKind.AMENDED and not self.scope

    def columns(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "from_on": self.from_on, "by_number": self.by_number, "is_read": self.is_read,
            "note": self.note, "scope": [[p.article, p.clause, p.point] for p in self.scope],
        }  # fmt: skip


def why_not_change(document: LegalDocument, facts: ChangeFacts, instead_of: LawChange | None = None) -> Refusal | None:
    """The refusal that noting this would meet, or None.  instead_of: the change that is being corrected"""
    if facts.by_number and facts.by_number == document.number:
        return Refusal(LawRefusal.CHANGED_BY_ITSELF)
    if document.effective_on and facts.from_on < document.effective_on:
        return Refusal(LawRefusal.BEFORE_EFFECT, day=day(document.effective_on))
    if facts.ends_document and facts.from_on == document.effective_on:
        return Refusal(LawRefusal.END_BEFORE_EFFECT, day=day(facts.from_on))
    end = None if instead_of is not None and instead_of.ends_document else document.expires_on
    if end and facts.ends_document and facts.from_on != end:
        return Refusal(LawRefusal.OTHER_END, day=day(end))
    if end and not facts.ends_document and facts.from_on >= end:
        return Refusal(LawRefusal.AFTER_END, day=day(end))
    others = [c for c in document.changes if c is not instead_of]
    if any((c.by_number, c.from_on) == (facts.by_number, facts.from_on) for c in others):
        return Refusal(LawRefusal.SAME_CHANGE)
    return None


def record_change(
    document: LegalDocument, facts: ChangeFacts, actor: journal.Actor | None, *, now: datetime
) -> LawChange:
    """Note a change of a document.  Raises Refusal(LawRefusal)."""
    if refusal := why_not_change(document, facts):
        raise refusal
    change = LawChange(recorded_by_id=actor.id if actor else None, recorded_at=now, **facts.columns())
    document.changes.append(change)
    before = _standing_of(document)
    _settle(document, None)
    _flush()
    after = told(change) | _standing_of(document)
    journal.record(actor, "law.change_recorded", _subject(document), now=now, before=before, after=after)
    return change


def edit_change(change: LawChange, facts: ChangeFacts, actor: journal.Actor | None, *, now: datetime) -> bool:
    """Correct what was noted; checks that rest on it stay. False when nothing differs.  Raises Refusal(LawRefusal).

    A person who corrects it has recorded it from then on: imports leave alone what people have recorded.
    """
    document = change.document
    if refusal := why_not_change(document, facts, instead_of=change):
        raise refusal
    columns = facts.columns()
    if all(getattr(change, name) == value for name, value in columns.items()):
        return False
    before, end = told(change) | _standing_of(document), _end_by(change)
    for name, value in columns.items():
        setattr(change, name, value)
    if actor is not None:
        change.recorded_by_id = actor.id
    _settle(document, end)
    _flush()
    after = told(change) | _standing_of(document)
    journal.record(actor, "law.change_edited", _subject(document), now=now, before=before, after=after)
    return True


def withdraw_change(
    change: LawChange, actor: journal.Actor, why: str, *, now: datetime, keep_end: bool = False
) -> None:
    """Take away a change that was noted by mistake, and with it the end that it gave the document.

    keep_end: the document ended on that day all the same.
    Raises Refusal(CHANGE_CHECKED) once somebody has checked an item against it: that check would rest on nothing.
    """
    document, before = change.document, told(change) | _standing_of(change.document)
    end = None if keep_end else _end_by(change)
    document.changes.remove(change)
    db.session.delete(change)
    _settle(document, end)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(LawRefusal.CHANGE_CHECKED) from error
    journal.record(
        actor, "law.change_withdrawn", _subject(document), now=now, before=before, after=_standing_of(document), why=why
    )


def told(change: LawChange) -> dict[str, Any]:
    """A change as JSON for the journal."""
    return {
        "kind": change.kind, "from_on": change.from_on.isoformat(), "by_number": change.by_number,
        "scope": change.scope_lines, "is_read": change.is_read, "note": change.note,
    }  # fmt: skip


def _standing_of(document: LegalDocument) -> dict[str, Any]:
    days = {name: getattr(document, name) for name in ("questioned_from", "expires_on")}
    return {n: v.isoformat() if v else None for n, v in days.items()} | {"replaced_by": document.replaced_by}


def _end_by(change: LawChange) -> tuple[date, str] | None:
    """(first day out of force, successor) as this change gave them to its document; None when it ends nothing."""
    if not change.ends_document:
        return None
    return change.from_on, change.by_number if change.kind == ChangeKind.REPLACED else ""


def _settle(document: LegalDocument, former_end: tuple[date, str] | None) -> None:
    """Bring the repeating columns up to the changes.  former_end: what a change that is corrected or gone had given"""
    unread = [c.from_on for c in document.changes if c.kind == ChangeKind.AMENDED and not c.scope and not c.is_read]
    document.questioned_from = min(unread, default=None)
    if former_end and document.expires_on == former_end[0]:
        document.expires_on = None
        if document.replaced_by == former_end[1]:
            document.replaced_by = ""
    for end in filter(None, map(_end_by, document.changes)):
        document.expires_on, document.replaced_by = end[0], end[1] or document.replaced_by


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody noted the same at the same moment
        raise Refusal(LawRefusal.SAME_CHANGE) from error


def _subject(document: LegalDocument) -> str:
    return f"legal_document:{document.id}"
