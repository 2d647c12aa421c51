"""Item versions as papers read them: plain values, kept in memory, because a version never changes once written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from flask import current_app
from sqlalchemy import select

from quiz.banks.models import Item, ItemKind, ItemVersion, place_of
from quiz.banks.wording import Image
from quiz.db import db
from quiz.law.models import LegalDocument, name_of
from quiz.rules import records
from quiz.rules.marking import Key

KEPT = 20_000  # some 2 KB each
_STEP = 500  # ids in one query; SQLite takes 32,766 and small statements are cached better
_writing = Lock()


@dataclass(frozen=True, slots=True)
class Face:
    """One item version.  options, matches: texts in the author's order, in which the key numbers them from 1.

    words: the most an essay may have, None for no limit

    document_name: as it read when the face was first asked for; "" when the item cites no document
    """

    version_id: int
    item_code: str
    kind: str
    level: int
    stem: str
    options: tuple[str, ...]
    matches: tuple[str, ...]
    key: Key
    images: tuple[Image, ...]
    words: int | None
    explanation: str
    document_id: int | None
    document_number: str
    document_name: str
    place: str
    valid_from: date | None
    valid_until: date | None
    exemplar: str

    def image_at(self, place: int) -> Image | None:
        """Place 0 is the stem, n the option n."""
        return next((image for image in self.images if image.place == place), None) if self.images else None


def key_of(version: Any) -> Key:
    """What is right in a version, as marking takes it.  version: an ItemVersion or a row with these columns of one."""
    # the things of an ordering are kept in their right order
    right = range(1, len(version.options) + 1) if version.kind == ItemKind.ORDERING else version.key
    return Key(kind=version.kind, right=tuple(right), accepted=tuple(version.accepted), partial=version.partial)


def faces(ids: Iterable[int]) -> dict[int, Face]:
    """Version id → face. Ids that exist nowhere are left out.

    Call it for committed versions only: a face of a version that is rolled back would outlive it.
    """
    # kept with the application, not the module: two applications of one process may have two databases
    known: dict[int, Face] = current_app.extensions.setdefault("banks.faces", {})
    wanted = list(ids)
    found = {id_: face for id_ in wanted if (face := known.get(id_)) is not None}
    missing = sorted(set(wanted) - found.keys())
    if missing:
        fresh = {face.version_id: face for face in _read(missing)}
        found |= fresh
        with _writing:
            known.update(fresh)
            while len(known) > KEPT:
                del known[next(iter(known))]  # the oldest
    return found


def _read(ids: list[int]) -> Iterator[Face]:
    v, d = ItemVersion, LegalDocument
    columns = (
        select(
            v.id, Item.code, v.kind, v.level, v.stem, v.options, v.matches, v.key, v.accepted, v.partial, v.images, v.words,
            v.explanation, v.document_id, d.kind.label("document_kind"), d.number, d.title, v.article, v.clause, v.point, v.valid_from,
            v.valid_until, v.exemplar,
        )
        .join(Item, Item.id == v.item_id)
        .outerjoin(d, d.id == v.document_id)
        .order_by(v.id)
    )  # fmt: skip
    for start in range(0, len(ids), _STEP):
        for row in db.session.execute(columns.where(v.id.in_(ids[start : start + _STEP]))):
            yield Face(
                version_id=row.id,
                item_code=row.code,
                kind=row.kind,
                level=row.level,
                stem=row.stem,
                options=tuple(row.options),
                matches=tuple(row.matches),
                key=key_of(row),
                images=tuple(Image(*image) for image in row.images),
                words=row.words,
                explanation=row.explanation,
                document_id=row.document_id,
                document_number=row.number or "",
                document_name=name_of(row.document_kind, row.number, row.title) if row.number else "",
                place=place_of(row.article, row.clause, row.point),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                exemplar=row.exemplar,
            )


def contents(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Version id → what it says, as sealed (rules.records.CONTENT), read from the rows and not from memory."""
    wanted = sorted(set(ids))
    columns = [ItemVersion.id, *(getattr(ItemVersion, name) for name in records.CONTENT)]
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), _STEP):
        rows = db.session.execute(select(*columns).where(ItemVersion.id.in_(wanted[start : start + _STEP])))
        found |= {row[0]: dict(zip(records.CONTENT, row[1:], strict=True)) for row in rows}
    return found
