"""The form of the files that stories and movements are shipped in: YAML, and Markdown behind a YAML front; strictly read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from quiz.exemplars.models import ExemplarKind, Scope
from quiz.exemplars.models import Field as Life

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
