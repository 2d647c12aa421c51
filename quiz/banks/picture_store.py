"""Pictures in the database: kept once by their digest, and forgotten when an upload that showed them came to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from quiz.banks.models import Picture
from quiz.banks.pictures import Encoded, encode
from quiz.db import db

_UNUSED_FOR = timedelta(days=8)  # longer than an upload waits for a decision


def keep(content: bytes, *, now: datetime) -> str:
    """Encode a picture anew and keep it, not yet used by any item; gives its digest.  Raises Refusal(PictureRefusal)."""
    encoded = encode(content)
    return keep_encoded(encoded, now=now)


def keep_encoded(encoded: Encoded, *, now: datetime) -> str:
    if db.session.get(Picture, encoded.digest) is None:
        db.session.add(
            Picture(
                digest=encoded.digest, media_type=encoded.media_type, width=encoded.width, height=encoded.height,
                content=encoded.content, is_used=False, created_at=now,
            )
        )  # fmt: skip
        db.session.flush()
    return encoded.digest


def keep_all(pictures: Iterable[Encoded], *, now: datetime) -> None:
    """Keep what was uploaded with a form, so that it is not lost when something else has to be corrected."""
    for picture in pictures:
        keep_encoded(picture, now=now)


def use(digests: Iterable[str]) -> None:
    """Mark pictures as used by an item version: they are never forgotten."""
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), 500):
        db.session.execute(update(Picture).where(Picture.digest.in_(wanted[start : start + 500])).values(is_used=True))


def forget_unused(now: datetime) -> None:
    """Delete what only old uploads have shown."""
    db.session.execute(delete(Picture).where(~Picture.is_used, Picture.created_at < now - _UNUSED_FOR))
