"""Which items ask about which exemplars."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from quiz import journal
from quiz.accounts.models import Account
from quiz.banks.models import Item, ItemStory, ItemVersion
from quiz.db import db
from quiz.exemplars.models import Exemplar, StoryState

_STEP = 500  # ids in one query


def link_stories(item: Item, exemplar_ids: Iterable[int], actor: Account | None, *, now: datetime) -> None:
    """Say anew which exemplars an item asks about; unknown ones are left out."""
    wanted = set(db.session.scalars(select(Exemplar.id).where(Exemplar.id.in_(list(exemplar_ids)))))
    there = set(db.session.scalars(select(ItemStory.exemplar_id).where(ItemStory.item_id == item.id)))
    if wanted == there:
        return
    gone = ItemStory.exemplar_id.in_(there - wanted)
    db.session.execute(delete(ItemStory).where(ItemStory.item_id == item.id, gone))
    by = actor.id if actor else None
    db.session.add_all(
        ItemStory(item_id=item.id, exemplar_id=exemplar_id, linked_by_id=by, linked_at=now)
        for exemplar_id in sorted(wanted - there)
    )
    journal.record(actor, "item.stories_linked", item, before=sorted(there), after=sorted(wanted), now=now)


def stories_of_item(item: Item) -> list[Exemplar]:
    """Every exemplar an item is linked with, also those whose story is not published."""
    linked = select(Exemplar).join(ItemStory).where(ItemStory.item_id == item.id)
    return list(db.session.scalars(linked.order_by(Exemplar.name)))


def stories_of_versions(version_ids: Collection[int]) -> dict[int, list[Exemplar]]:
    """Version → the published exemplars that its item asks about; versions without any are left out."""
    found: dict[int, list[Exemplar]] = {}
    for some in _parts(version_ids):
        rows = db.session.execute(
            select(ItemVersion.id, ItemStory)
            .join(ItemStory, ItemStory.item_id == ItemVersion.item_id)
            .join(Exemplar, Exemplar.id == ItemStory.exemplar_id)
            .where(ItemVersion.id.in_(some), Exemplar.state == StoryState.PUBLISHED)
            .options(joinedload(ItemStory.exemplar))
            .order_by(Exemplar.name)
        )
        for version_id, link in rows:
            found.setdefault(version_id, []).append(link.exemplar)
    return found


def on_exemplars(version_ids: Collection[int]) -> set[int]:
    """Those of these versions whose item asks about a published exemplar."""
    found: set[int] = set()
    for some in _parts(version_ids):
        found |= set(
            db.session.scalars(
                select(ItemVersion.id)
                .join(ItemStory, ItemStory.item_id == ItemVersion.item_id)
                .join(Exemplar, Exemplar.id == ItemStory.exemplar_id)
                .where(ItemVersion.id.in_(some), Exemplar.state == StoryState.PUBLISHED)
            )
        )
    return found


def items_about(exemplar_id: int) -> list[Item]:
    """The items that ask about an exemplar, in the order of their banks and codes."""
    linked = select(Item).join(ItemStory, ItemStory.item_id == Item.id).where(ItemStory.exemplar_id == exemplar_id)
    return list(db.session.scalars(linked.options(joinedload(Item.bank)).order_by(Item.bank_id, Item.code)))


def _parts(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _STEP):
        yield ordered[start : start + _STEP]
