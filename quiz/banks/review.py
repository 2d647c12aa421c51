"""The way of a version from draft to use: sent to review, approved or declined by another person; and retiring items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.banks import doubts, standing
from quiz.banks.models import Item, ItemVersion
from quiz.banks.refusals import ReviewRefusal
from quiz.db import db
from quiz.errors import Refusal
from quiz.law.models import LawChange


def why_not_send(item: Item, version: ItemVersion) -> ReviewRefusal | None:
    """None when the version may be sent to review."""
    if item.retired_at is not None:
        return ReviewRefusal.RETIRED
    if version.number != item.latest.number:
        return ReviewRefusal.NOT_LATEST
    return ReviewRefusal.SENT if version.sent_at is not None else None


def send_version(version: ItemVersion, *, now: datetime) -> None:
    """Send the latest version to review.  Raises Refusal(ReviewRefusal)."""
    if reason := why_not_send(version.item, version):
        raise Refusal(reason)
    version.sent_at = now
    standing.refresh(version.item)
    db.session.flush()


def why_not_review(item: Item, version: ItemVersion, reviewer: journal.Actor) -> ReviewRefusal | None:
    """None when the reviewer may approve or decline the version."""
    if item.retired_at is not None:
        return ReviewRefusal.RETIRED
    if version.number != item.latest.number:
        return ReviewRefusal.NOT_LATEST
    if version.sent_at is None:
        return ReviewRefusal.NOT_SENT
    if not version.waits_for_review:
        return ReviewRefusal.REVIEWED
    return ReviewRefusal.OWN_WORDING if version.author_id == reviewer.id else None


def approve_version(
    version: ItemVersion, reviewer: journal.Actor, *, now: datetime, checked: Collection[LawChange] = ()
) -> None:
    """Make the latest version the one that papers draw.  Raises Refusal(ReviewRefusal), always for its own author.

    checked: changes of the law that the reviewer has compared the wording with; the others keep it out of papers for law
    dates from their days on
    """
    item = version.item
    _review(version, reviewer, now)
    before = item.live_version
    db.session.execute(
        update(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.is_live).values(is_live=False)
    )
    version.is_live = True
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(ReviewRefusal.NOT_LATEST) from error
    db.session.refresh(version)
    standing.refresh(item)
    doubts.note_checks(version, checked, reviewer, now=now)
    db.session.flush()
    journal.record(
        reviewer, "item.approved", item, now=now, before=before.number if before else None, after=version.number,
        why="; ".join(change.by_number for change in checked),
    )  # fmt: skip


def decline_version(version: ItemVersion, reviewer: journal.Actor, why: str, *, now: datetime) -> None:
    """Send the latest version back to its author with a reason; what is live stays.  Raises Refusal(ReviewRefusal)."""
    _review(version, reviewer, now)
    version.declined_why = why
    db.session.flush()
    db.session.refresh(version)
    standing.refresh(version.item)
    db.session.flush()
    journal.record(reviewer, "item.declined", version.item, now=now, after=version.number, why=why)


def _review(version: ItemVersion, reviewer: journal.Actor, now: datetime) -> None:
    if reason := why_not_review(version.item, version, reviewer):
        raise Refusal(reason)
    # two reviewers at once: the row decides, not what either of them has read
    waiting = (ItemVersion.id == version.id, ItemVersion.reviewed_at.is_(None), ItemVersion.is_live.is_(False))
    taken = db.session.execute(update(ItemVersion).where(*waiting).values(reviewer_id=reviewer.id, reviewed_at=now))
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Refusal(ReviewRefusal.REVIEWED)


def retire_item(item: Item, actor: journal.Actor, why: str = "", *, now: datetime) -> bool:
    """Take an item out of use; papers that hold it keep it. False when it was retired already."""
    if item.retired_at is not None:
        return False
    item.retired_at = now
    standing.refresh(item)
    journal.record(actor, "item.retired", item, now=now, after=item.code, why=why)
    return True


def revive_item(item: Item, actor: journal.Actor, *, now: datetime) -> bool:
    """Bring a retired item back as it was. False when it was in use."""
    if item.retired_at is None:
        return False
    item.retired_at = None
    standing.refresh(item)
    journal.record(actor, "item.revived", item, now=now, after=item.code)
    return True


@dataclass(slots=True)
class Bulk:
    """What became of the chosen items: codes that were changed, and codes left alone by reason."""

    done: list[str] = field(default_factory=list)
    left: dict[ReviewRefusal, list[str]] = field(default_factory=dict)


def in_bulk(items: Sequence[Item], command: Callable[[Item], None]) -> Bulk:
    """Do the same to each item where the rules allow it; leave the others as they are.

    The command must refuse before it writes, so that what is left alone is untouched.
    """
    bulk = Bulk()
    for item in items:
        try:
            command(item)
        except Refusal as refusal:
            if not isinstance(refusal.reason, ReviewRefusal):
                raise
            bulk.left.setdefault(refusal.reason, []).append(item.code)
        else:
            bulk.done.append(item.code)
    return bulk
