"""Stories and movements that come with the product: brought in by a command, again and again without harm.

They are published at once, on the word of those who wrote and checked the files; nobody's account is their author. Each
row keeps the digest of what was brought in (`origin`). A later import mends only rows that still say just that: what
people have changed, taken back or are about to change is theirs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from quiz import journal
from quiz.db import db
from quiz.exemplars import movements as movement_service
from quiz.exemplars import story_files, story_queries
from quiz.exemplars.models import Exemplar, Movement, StoryState
from quiz.exemplars.movements import said_of
from quiz.exemplars.shipped_files import FOLDER, ShippedMovement, ShippedStory, read
from quiz.exemplars.story_content import content_of, put
from quiz.law import queries as law


@dataclass(slots=True)
class ShippedReport:
    """What an import did, by slug.  kept: left as people have made them · unknown_law: (slug, number of a document that the
    library has not)"""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0
    unknown_law: list[tuple[str, str]] = field(default_factory=list)


def import_shipped(folder: Path = FOLDER, *, now: datetime, actor: journal.Actor | None = None) -> ShippedReport:
    """Bring in the stories and movements of a folder.  Raises BadShipped; then nothing is written."""
    movements, stories = read(folder)
    report = ShippedReport()
    for position, movement in enumerate(movements, 1):
        _import_movement(movement, position, report, now)
    db.session.flush()
    documents = {document.number: document.id for document in law.all_documents()}
    for story in reversed(stories):  # lists show first what came last
        _import_story(story, documents, report, now)
    db.session.flush()
    if report.added or report.changed:
        after = {"added": report.added, "changed": report.changed, "kept": report.kept}
        journal.record(actor, "stories.imported", "exemplars:shipped", now=now, after=after)
    return report


def _digest(value: Mapping[str, Any]) -> str:
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _import_movement(shipped: ShippedMovement, position: int, report: ShippedReport, now: datetime) -> None:
    said = {
        "title": shipped.title, "scope": shipped.scope.value, "launched_by": shipped.launched_by,
        "started": shipped.started_on or "", "ended": shipped.ended_on or "", "summary": shipped.summary,
        "body": shipped.body, "sources": [note.model_dump() for note in shipped.sources], "position": position,
        "is_shown": True,
    }  # fmt: skip
    row = story_queries.movement_by_slug(shipped.slug)
    if row is None:
        row = Movement(slug=shipped.slug, created_at=now)
        db.session.add(row)
        report.added.append(shipped.slug)
    elif not row.origin or _digest(said_of(row)) != row.origin:
        report.kept.append(shipped.slug)
        return
    elif _digest(said) == row.origin:
        report.unchanged += 1
        return
    else:
        report.changed.append(shipped.slug)
    for name in movement_service.SAID:
        setattr(row, name, said[name])
    row.origin, row.updated_at = _digest(said), now


def _import_story(shipped: ShippedStory, documents: Mapping[str, int], report: ShippedReport, now: datetime) -> None:
    report.unknown_law += [(shipped.slug, p.document) for p in shipped.provisions if p.document not in documents]
    wanted = select(Movement.id).where(Movement.slug.in_(shipped.movements))
    content = {
        "kind": shipped.kind.value, "name": shipped.name, "title": shipped.title, "summary": shipped.summary,
        "field": shipped.field.value, "org_unit_id": None, "unit_name": "", "place": shipped.place,
        "period": shipped.period, "year": shipped.year, "quarter": "",
        "figures": [figure.model_dump() for figure in shipped.figures], "body": shipped.body,
        "sources": [source.model_dump() for source in shipped.sources], "topics": shipped.topics,
        "movements": sorted(db.session.scalars(wanted)),
        "provisions": [
            [documents[p.document], p.article, p.clause, p.point] for p in shipped.provisions if p.document in documents
        ],
        "pictures": [],
    }  # fmt: skip
    row = story_queries.story_by_slug(shipped.slug)
    if row is None:
        row = Exemplar(
            slug=shipped.slug, kind=content["kind"], name=shipped.name, title=shipped.title, field=content["field"],
            state=StoryState.PUBLISHED, revision=0, created_at=now, updated_at=now, approved_at=now, published_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        report.added.append(shipped.slug)
    elif not row.origin or _is_touched(row):
        report.kept.append(shipped.slug)
        return
    elif _digest(content) == row.origin:
        report.unchanged += 1
        return
    else:
        report.changed.append(shipped.slug)
    put(row, content)
    row.origin, row.updated_at = _digest(content), now
    row.revision += 1
    db.session.flush()
    story_files.ask(row, None, now=now)


def _is_touched(row: Exemplar) -> bool:
    return row.pending is not None or row.state == StoryState.DRAFT or _digest(content_of(row)) != row.origin
