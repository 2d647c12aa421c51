"""Checks of winners' identity: who was asked for, what came out. They belong to the person's entry, so they outlive sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests.models import Entry
from quiz.db import db
from quiz.marking.conflicts import must_be_free
from quiz.marking.models import IdentityCheck, IdentityResult


def ask(entry: Entry, judge: Account, *, now: datetime) -> IdentityCheck:
    """Have the identity checked, again if it was before."""
    check = _check_of(entry)
    check.result, check.asked_by_id, check.asked_at = IdentityResult.PENDING, judge.id, now
    db.session.flush()
    return check


def state(entry: Entry, result: IdentityResult, actor: Account, *, note: str, now: datetime) -> IdentityCheck:
    """Write down what came out.  Raises Refusal(MarkingRefusal) for one's own entry or unit."""
    must_be_free(actor, entry)
    check = _check_of(entry)
    before = _told(check)
    check.result, check.note = result, note
    check.checked_by_id, check.checked_at = actor.id, now
    db.session.flush()
    journal.record(actor, "identity.checked", f"entry:{entry.id}", now=now, before=before, after=_told(check), why=note)
    return check


def _check_of(entry: Entry) -> IdentityCheck:
    check = db.session.get(IdentityCheck, entry.id)
    if check is None:
        check = IdentityCheck(entry_id=entry.id, result=IdentityResult.PENDING, note="")
        db.session.add(check)
        db.session.flush()
    return check


def _told(check: IdentityCheck) -> dict[str, Any]:
    return {"result": check.result, "note": check.note}
