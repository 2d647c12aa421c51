"""What a story says, apart from its state: as one plain value that can wait, be compared, and be written into its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from quiz.db import db
from quiz.exemplars.models import Exemplar, Movement, StoryPicture, StoryProvision

COLUMNS = (
    "kind", "name", "title", "summary", "field", "org_unit_id", "unit_name", "place", "period", "year", "quarter",
    "figures", "body", "sources", "topics",
)  # fmt: skip
PICTURE_TEXTS = ("alt", "caption", "credit", "consent")

# the COLUMNS, and movements: [id, …] · provisions: [[document id, article, clause, point], …] · pictures: [{"digest", and
# the PICTURE_TEXTS}, …] in their order; all of it JSON
Content = Mapping[str, Any]


def content_of(story: Exemplar) -> dict[str, Any]:
    """What readers see, or will see."""
    return {name: getattr(story, name) for name in COLUMNS} | {
        "movements": sorted(m.id for m in story.movements),
        "provisions": [[p.document_id, p.article, p.clause, p.point] for p in story.provisions],
        "pictures": [_picture(p) for p in story.shown_pictures],
    }


def latest_content(story: Exemplar) -> dict[str, Any]:
    """What editors go on from: the content that waits, if any."""
    return dict(story.pending) if story.pending is not None else content_of(story)


def _picture(picture: StoryPicture) -> dict[str, str]:
    return {"digest": picture.digest} | {name: getattr(picture, name) for name in PICTURE_TEXTS}


def changed(before: Content, after: Content) -> list[str]:
    """The parts that differ."""
    return [name for name in before if before[name] != after[name]]


def put(story: Exemplar, content: Content) -> None:
    """Write the content over that of the story. Pictures that it does not name are thrown away."""
    for name in COLUMNS:
        setattr(story, name, content[name])
    wanted = select(Movement).where(Movement.id.in_(content["movements"])).order_by(Movement.position, Movement.id)
    story.movements = list(db.session.scalars(wanted))
    if [[p.document_id, p.article, p.clause, p.point] for p in story.provisions] != content["provisions"]:
        story.provisions.clear()
        db.session.flush()  # the old rows leave before the new ones come, which may be the same
        story.provisions = [
            StoryProvision(document_id=document_id, article=article, clause=clause, point=point)
            for document_id, article, clause, point in content["provisions"]
        ]
    rows = {picture.digest: picture for picture in story.pictures}
    kept = []
    for position, said in enumerate(content["pictures"], 1):
        if picture := rows.get(said["digest"]):
            picture.position, picture.is_shown = position, True
            for name in PICTURE_TEXTS:
                setattr(picture, name, said[name])
            kept.append(picture)
    story.pictures = kept


def forget_waiting_pictures(story: Exemplar) -> None:
    """Throw away pictures that neither readers see nor pending content names."""
    named = {said["digest"] for said in story.pending["pictures"]} if story.pending else set()
    story.pictures = [p for p in story.pictures if p.is_shown or p.digest in named]
