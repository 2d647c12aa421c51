"""Pictures in the database: kept once by their digest, and forgotten when an upload that showed them came to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from quiz.banks.models import Picture
from quiz.db import db
from quiz.pictures import Encoded, encode

_UNUSED_FOR = timedelta(days=8)  # longer than an upload waits for a decision


def keep(content: bytes, *, now: datetime) -> str:
    """Encode a picture anew and keep it, not yet used by any item; gives its digest.  Raises Refusal(PictureRefusal)."""
    encoded = encode(content)
    return keep_encoded(encoded, now=now)


def keep_encoded(encoded: Encoded, *, now: datetime) -> str:
    """One statement decides, because two people may upload the same picture at once; an old one begins to wait anew."""
    row = {
        "digest": encoded.digest, "media_type": encoded.media_type, "width": encoded.width, "height": encoded.height,
        "content": encoded.content, "is_used": False, "created_at": now,
    }  # fmt: skip
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    again = {"index_elements": [Picture.digest], "set_": {"created_at": now}}
    db.session.execute(insert(Picture).values(row).on_conflict_do_update(**again))
    return encoded.digest


def keep_waiting(digests: Iterable[str], *, now: datetime) -> None:
    """Let pictures of an earlier upload wait as long as the one that has taken its place."""
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), 500):
        these = Picture.digest.in_(wanted[start : start + 500])
        db.session.execute(update(Picture).where(these).values(created_at=now))


def is_kept(digest: str) -> bool:
    return db.session.get(Picture, digest) is not None


def keep_all(pictures: Iterable[Encoded], *, now: datetime) -> None:
    """Keep what was uploaded with a form, so that it is not lost when something else has to be corrected."""
    # in one order, so that of two uploads with the same pictures neither waits for the other
    for picture in sorted(pictures, key=lambda picture: picture.digest):
        keep_encoded(picture, now=now)


def use(digests: Iterable[str]) -> None:
    """Mark pictures as used by an item version: they are never forgotten."""
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), 500):
        db.session.execute(update(Picture).where(Picture.digest.in_(wanted[start : start + 500])).values(is_used=True))


def forget_unused(now: datetime) -> None:
    """Delete what only old uploads have shown."""
    db.session.execute(delete(Picture).where(~Picture.is_used, Picture.created_at < now - _UNUSED_FOR))
