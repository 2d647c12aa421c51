"""The newest stories as an Atom feed (RFC 4287)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask_babel import gettext as _
from sqlalchemy import func, select

from quiz.db import db
from quiz.exemplars.models import Exemplar, Field, Origin, StoryState
from quiz.exemplars.story_text import address_of
from quiz.exemplars.story_words import LIFE
from quiz.settings import Settings

MOST = 30
_ATOM = "http://www.w3.org/2005/Atom"


def state_of() -> tuple[str, datetime | None]:
    """(a mark that changes with what the feed would say, when it last changed); None while it is empty."""
    rows = db.session.execute(
        select(Exemplar.id, Exemplar.revision)
        .where(Exemplar.state == StoryState.PUBLISHED)
        .order_by(Exemplar.published_at.desc(), Exemplar.id.desc())
        .limit(MOST)
    ).all()
    said = ",".join(f"{id_}:{revision}" for id_, revision in rows)
    # of all: what leaves the feed changes it too
    changed_at = db.session.scalar(select(func.max(Exemplar.updated_at))) if rows else None
    return hashlib.sha256(said.encode()).hexdigest()[:32], changed_at


def atom(stories: Sequence[Exemplar], settings: Settings, changed_at: datetime) -> bytes:
    """The feed, as UTF-8."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    page = f"{settings.base_url}/guong"
    _put(feed, "id", page)
    _put(feed, "title", _("Điển hình tiên tiến – %(organization)s", organization=settings.organization))
    _put(feed, "updated", _moment(changed_at))
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", type="application/atom+xml", href=f"{page}/atom.xml")
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=page)
    _put(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", settings.organization)
    for story in stories:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        address = address_of(story)
        assert story.published_at is not None
        _put(entry, "id", address)
        _put(entry, "title", story.title)
        _put(entry, "published", _moment(story.published_at))
        _put(entry, "updated", _moment(max(story.updated_at, story.published_at)))
        link = f"{address}?tu={Origin.FEED}"
        ET.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=link)
        ET.SubElement(entry, f"{{{_ATOM}}}category", term=story.field, label=str(LIFE[Field(story.field)]))
        _put(entry, "summary", story.summary or story.name)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
