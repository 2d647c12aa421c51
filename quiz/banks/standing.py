"""What an item's row repeats of its versions, so that lists are filtered and searched in one table."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from sqlalchemy.orm import object_session

from quiz.banks import search
from quiz.banks.models import Item, ItemState, ItemVersion
from quiz.banks.wording import Wording


def refresh(item: Item) -> None:
    """Bring the item's row up to its versions; every command that writes or reviews one ends with this."""
    session = object_session(item)
    # half a change would break the constraints that hold the columns together
    with session.no_autoflush if session else nullcontext():
        for name, value in columns_of_item(item).items():
            if getattr(item, name) != value:
                setattr(item, name, value)


def columns_of_item(item: Item) -> dict[str, Any]:
    """What the repeating columns of the item should be."""
    latest, is_retired = item.latest, item.retired_at is not None
    pending = latest.waits_for_review and not is_retired
    live = item.live_version is not None
    state = ItemState.RETIRED if is_retired else ItemState.LIVE if live else _unapproved(pending)
    return columns_of(item.code, latest, state=state, pending=pending, number=latest.number)


def columns_of_new(code: str, wording: Wording, *, sent: bool) -> dict[str, Any]:
    """The same for an item whose first version has just been worded."""
    return columns_of(code, wording, state=_unapproved(sent), pending=sent, number=1)


def _unapproved(pending: bool) -> ItemState:
    return ItemState.REVIEW if pending else ItemState.DRAFT


def columns_of(
    code: str, said: Wording | ItemVersion, *, state: ItemState, pending: bool, number: int
) -> dict[str, Any]:
    """Values of the repeating columns.  said: the latest wording; number: that of its version"""
    return {
        "state": state.value,
        "pending": pending,
        "latest_number": number,
        "kind": said.kind,
        "topic": said.topic,
        "level": said.level,
        "document_id": said.document_id,
        "search_text": search_text(code, said),
    }


def search_text(code: str, said: Wording | ItemVersion) -> str:
    """The words that a search goes through: the code, the stem and everything offered beside it, without diacritics."""
    texts = (code, said.stem, *said.options, *(said.matches or ()), *(said.accepted or ()))
    return " ".join(search.words(" ".join(texts)))
