"""Stories and movements that come with the product: brought in by a command, again and again without harm.

They are published at once, on the word of those who wrote and checked the files; nobody's account is their author. Each
row keeps the digest of what was brought in (`origin`). A later import mends only rows that still say just that: what
people have changed, taken back or are about to change is theirs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import select

from quiz import journal
from quiz.db import db
from quiz.exemplars import movements as movement_service
from quiz.exemplars import story_files, story_queries
from quiz.exemplars.models import Exemplar, ExemplarKind, Movement, Scope, StoryState
from quiz.exemplars.models import Field as Life
from quiz.exemplars.movements import said_of
from quiz.exemplars.story_content import content_of, put
from quiz.law import queries as law

FOLDER = Path(__file__).resolve().parent / "shipped"
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class BadShipped(Exception):
    """Files that are not of their form.  problems: one line each"""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        """YAML reads 1948 as a number, 1948-06-11 as a day, and nothing as nothing."""
        return value.isoformat() if isinstance(value, date) else value


class _Figure(_Strict):
    value: str = Field(min_length=1, max_length=40, coerce_numbers_to_str=True)
    label: str = Field(min_length=1, max_length=120)


class _Source(_Strict):
    fact: str = ""
    title: str = Field(min_length=1, max_length=300)
    publisher: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500, pattern=r"^(https?://\S+)?$")


class _Provision(_Strict):
    document: str = Field(min_length=1, max_length=160)
    article: str = Field(default="", max_length=40, coerce_numbers_to_str=True)
    clause: str = Field(default="", max_length=40, coerce_numbers_to_str=True)
    point: str = Field(default="", max_length=40)


class ShippedStory(_Strict):
    slug: str = Field(pattern=_SLUG, max_length=80)
    kind: ExemplarKind
    name: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=300)
    summary: str = Field(min_length=1, max_length=500)
    field: Life
    place: str = Field(default="", max_length=200)
    period: str = Field(default="", max_length=100, coerce_numbers_to_str=True)
    year: int | None = None
    movements: list[str] = []
    figures: list[_Figure] = []
    sources: list[_Source] = Field(min_length=1)
    provisions: list[_Provision] = []
    topics: str = Field(default="", max_length=500)
    body: str = Field(min_length=1, max_length=50_000)


class _Note(_Strict):
    fact: str = ""
    note: str = Field(min_length=1)


class ShippedMovement(_Strict):
    slug: str = Field(pattern=_SLUG, max_length=80)
    title: str = Field(min_length=1, max_length=300)
    scope: Scope
    launched_by: str = Field(default="", max_length=200)
    started_on: str | None = Field(default=None, pattern=r"^\d{4}(-\d\d){0,2}$", coerce_numbers_to_str=True)
    ended_on: str | None = Field(default=None, pattern=r"^\d{4}(-\d\d){0,2}$", coerce_numbers_to_str=True)
    summary: str = Field(default="", max_length=500)
    body: str = Field(default="", max_length=50_000)
    sources: list[_Note] = []


@dataclass(slots=True)
class ShippedReport:
    """What an import did, by slug.  kept: left as people have made them · unknown_law: (slug, number of a document that the
    library has not)"""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0
    unknown_law: list[tuple[str, str]] = field(default_factory=list)


def read(folder: Path = FOLDER) -> tuple[list[ShippedMovement], list[ShippedStory]]:
    """The files of a folder, in the order in which they are shown.  Raises BadShipped, with all problems."""
    problems: list[str] = []
    movements: list[ShippedMovement] = []
    path = folder / "movements.yaml"
    if path.exists():
        listed = _yaml(path.read_text("utf-8"), path.name, problems) or {}
        rows = listed.get("movements") if isinstance(listed, dict) else listed
        for number, row in enumerate(rows or [], 1):
            if found := _checked(ShippedMovement, row, f"{path.name}, {number}", problems):
                movements.append(found)
    stories: list[ShippedStory] = []
    for path in sorted((folder / "stories").glob("*.md")):
        parts = _FRONT.match(path.read_text("utf-8").replace("\r\n", "\n"))
        if parts is None:
            problems.append(f"{path.name}: no front matter between two lines ---")
            continue
        front = _yaml(parts[1], path.name, problems)
        if isinstance(front, dict) and (
            found_ := _checked(ShippedStory, front | {"body": parts[2]}, path.name, problems)
        ):
            stories.append(found_)
            if found_.slug != path.stem:
                problems.append(f"{path.name}: its slug is {found_.slug}")
    known = {m.slug for m in movements}
    problems += [f"{s.slug}.md: no movement {m}" for s in stories for m in s.movements if m not in known]
    slugs = [m.slug for m in movements]
    problems += [f"movements.yaml: {slug} twice" for slug in sorted({s for s in slugs if slugs.count(s) > 1})]
    if problems:
        raise BadShipped(problems)
    return movements, sorted(stories, key=lambda s: (s.year or 9999, s.slug))


def _yaml(text: str, name: str, problems: list[str]) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        problems.append(f"{name}: {' '.join(str(error).split())}")
        return None


def _checked(form: Any, row: Any, name: str, problems: list[str]) -> Any:
    try:
        return form.model_validate(row)
    except ValidationError as error:
        problems.extend(f"{name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return None


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
