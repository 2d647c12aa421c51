"""Comparing items with a change of the law: what it touches and where each item stands, and what people then decide."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from quiz import journal
from quiz.banks import doubts, review, service
from quiz.banks.doubts import Affected
from quiz.banks.models import Item, ItemVersion
from quiz.banks.refusals import LawCheckRefusal
from quiz.banks.wording import wording_of
from quiz.db import db
from quiz.law.models import LawChange
from quiz.rules.validity import Place


class CheckState(enum.StrEnum):
    """Where an item stands with a change.

    ENDS: its key was given only up to that day, so it needs a version without that end · WAITS: a newer version of it
    waits for a review · OVER: no check brings it back, because its document or its own period has ended
    """

    DOUBTED = "doubted"
    ENDS = "ends"
    WAITS = "waits"
    CHECKED = "checked"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Touched:
    """An item in use that a change touches.  pending: its newer version that waits for a review"""

    affected: Affected
    state: CheckState
    pending: ItemVersion | None

    @property
    def item(self) -> Item:
        return self.affected.item

    @property
    def version(self) -> ItemVersion:
        return self.affected.version

    @property
    def only_renews(self) -> bool:
        """Does the pending version differ from the live one in nothing but its end?"""
        if self.pending is None:
            return False
        live, pending = wording_of(self.version), wording_of(self.pending)
        return pending.says_the_same(replace(live, valid_until=pending.valid_until))


def touched_by(change: LawChange) -> list[Touched]:
    """Items in use that the change touches, by bank and code."""
    found = doubts.affected_by(change)
    pending = _pending_versions([a.item.id for a in found])
    return [_touched(change, a, pending.get(a.item.id)) for a in found]


_A_QUERY = 500  # ids in one statement: SQLite takes a limited number


def _pending_versions(item_ids: Sequence[int]) -> dict[int, ItemVersion]:
    latest = and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.latest_number)
    found: dict[int, ItemVersion] = {}
    for start in range(0, len(item_ids), _A_QUERY):
        chunk = item_ids[start : start + _A_QUERY]
        rows = db.session.scalars(select(ItemVersion).join(Item, latest).where(Item.id.in_(chunk), Item.pending))
        found |= {version.item_id: version for version in rows}
    return found


def _touched(change: LawChange, affected: Affected, pending: ItemVersion | None) -> Touched:
    until = affected.version.valid_until
    if change.ends_document or (until is not None and until < change.from_on):
        state = CheckState.OVER
    elif affected.check is not None:
        state = CheckState.CHECKED
    elif pending is not None:
        state = CheckState.WAITS
    else:
        state = CheckState.ENDS if until == change.from_on else CheckState.DOUBTED
    return Touched(affected, state, pending)


@dataclass(slots=True)
class Done:
    """What became of the chosen items: codes by deed, and codes left alone by reason."""

    checked: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    left: dict[enum.Enum, list[str]] = field(default_factory=dict)

    def leave(self, reason: enum.Enum, code: str) -> None:
        self.left.setdefault(reason, []).append(code)


def confirm(
    change: LawChange, item_ids: Collection[int], actor: journal.Actor, why: str, *, now: datetime, may_write: bool
) -> Done:
    """Say of chosen items that their keys are still right after the change.

    A key that was given up to the day of the change gets a new version without that end, which another person approves;
    any other is checked at once, if somebody else has worded it.  may_write: may the actor write versions?
    """
    done = Done()
    for touched in touched_by(change):
        if touched.item.id not in item_ids:
            continue
        if reason := why_not_confirm(touched, actor, may_write=may_write):
            done.leave(reason, touched.item.code)
        elif touched.state is CheckState.ENDS:
            wording = replace(wording_of(touched.version), valid_until=None)
            service.write_version(touched.item, wording, actor, now=now, after=touched.version.number, send=True)
            done.renewed.append(touched.item.code)
        elif doubts.note_checks(touched.version, [change], actor, now=now, why=why):
            _journal_check(touched, change, actor, why, now)
            done.checked.append(touched.item.code)
        else:
            done.leave(LawCheckRefusal.CHECKED, touched.item.code)
    return done


def why_not_confirm(touched: Touched, actor: journal.Actor, *, may_write: bool) -> LawCheckRefusal | None:
    """None when the actor may say of this item that its key is still right."""
    match touched.state:
        case CheckState.OVER:
            return LawCheckRefusal.OVER
        case CheckState.CHECKED:
            return LawCheckRefusal.CHECKED
        case CheckState.WAITS:
            return LawCheckRefusal.WAITS
        case CheckState.ENDS:
            if not may_write:
                return LawCheckRefusal.NEEDS_VERSION
            return None if touched.item.latest_number == touched.version.number else LawCheckRefusal.HAS_DRAFT
    return LawCheckRefusal.OWN_WORDING if touched.version.author_id == actor.id else None


def _journal_check(touched: Touched, change: LawChange, actor: journal.Actor, why: str, now: datetime) -> None:
    after = {
        "version": touched.version.number, "law_change": change.id, "by_number": change.by_number,
        "from_on": change.from_on.isoformat(),
    }  # fmt: skip
    journal.record(actor, "item.law_checked", touched.item, now=now, after=after, why=why)


def approve_renewals(change: LawChange, item_ids: Collection[int], reviewer: journal.Actor, *, now: datetime) -> Done:
    """Approve chosen pending versions that only lift an end, each with the check against the change noted on it."""
    done = Done()
    for touched in touched_by(change):
        if touched.item.id not in item_ids:
            continue
        if touched.state is not CheckState.WAITS or touched.pending is None:
            done.leave(LawCheckRefusal.NOTHING_WAITS, touched.item.code)
        elif not touched.only_renews:
            done.leave(LawCheckRefusal.REWORDED, touched.item.code)
        elif reason := review.why_not_review(touched.item, touched.pending, reviewer):
            done.leave(reason, touched.item.code)
        else:
            checked = [change, *_carried(touched.version, touched.pending, besides=change)]
            review.approve_version(touched.pending, reviewer, now=now, checked=checked)
            done.approved.append(touched.item.code)
    return done


def _carried(live: ItemVersion, pending: ItemVersion, *, besides: LawChange) -> list[LawChange]:
    """Other changes that the live version has been checked against: of the same wording that goes on being true."""
    known = doubts.doubts().checked
    return [c for c in doubts.open_changes(pending) if c.id != besides.id and (live.id, c.id) in known]


def retire(change: LawChange, item_ids: Collection[int], actor: journal.Actor, why: str, *, now: datetime) -> list[str]:
    """Take chosen items that the change touches out of use; gives their codes."""
    chosen = [touched.item for touched in touched_by(change) if touched.item.id in item_ids]
    return [item.code for item in chosen if review.retire_item(item, actor, why, now=now)]


def askable(version: ItemVersion) -> list[LawChange]:
    """Changes that a reviewer of this version can be asked about: open ones that leave its document in force."""
    return [change for change in doubts.open_changes(version) if not change.ends_document]


def checked_changes(form: Any, version: ItemVersion) -> list[LawChange]:
    """Those of the askable changes that a reviewer has ticked.  form: fields as sent, `checked` holds ids of changes"""
    ticked = set(form.getlist("checked"))
    return [change for change in askable(version) if str(change.id) in ticked]


def preview(document_id: int, scope: Sequence[Place]) -> list[Affected]:
    """Items in use that a change of these places would touch; an empty scope is the whole document."""
    places = [[place.article, place.clause, place.point] for place in scope]
    return doubts.affected_by(LawChange(document_id=document_id, scope=places))
