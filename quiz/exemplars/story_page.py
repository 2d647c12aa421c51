"""What the page of a story shows: to readers, and to those who look at it beforehand."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from quiz.exemplars import post_queries, story_files, story_queries
from quiz.exemplars.models import Exemplar, Field, FileKind, Origin
from quiz.exemplars.story_text import address_of, sources_of
from quiz.exemplars.story_words import LIFE
from quiz.settings import Settings
from quiz.typesetting import qr

OTHERS = 3


def page_of(shown: Exemplar) -> dict[str, Any]:
    """The variables of its template."""
    address = address_of(shown)
    return {
        "story": shown,
        "address": address,
        "shared_address": f"{address}?tu={Origin.SHARED}",
        "qr_code": qr(f"{address}?tu={Origin.QR}"),
        "share_picture": _share_picture(shown),
        "sources": sources_of(shown),
        "posts": post_queries.about(shown.id),
        "others": story_queries.others(shown, OTHERS),
        "posters": [paper for paper, kind in story_files.POSTERS.items() if story_queries.file_of(shown.id, kind)],
        "field_word": LIFE[Field(shown.field)],
    }


def _share_picture(shown: Exemplar) -> tuple[str, int, int, str] | None:
    """(whole address, width, height, what it shows) of what others show beside a link to it."""
    settings: Settings = current_app.extensions["settings"]
    if shown.shown_pictures:
        first = shown.shown_pictures[0]
        path = url_for("exemplars.story_picture", slug=shown.slug, digest=first.digest)
        return f"{settings.base_url}{path}", first.width, first.height, first.alt
    card = story_queries.file_of(shown.id, FileKind.CARD)
    if card is None:
        return None
    path = url_for("exemplars.card", slug=shown.slug, v=card.digest[:12])
    return f"{settings.base_url}{path}", *story_files.CARD_SIZE, f"{shown.title}. {shown.name}"
