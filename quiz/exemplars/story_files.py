"""What typst sets of a story: posters to print, and the card that stands beside a shared link.

A reader never waits for typst. A job sets the files after a story is published or changed and keeps them in the database,
where every worker finds them; readers get what is kept, or are told that it is being made. People in office, few and with
time, may have one made while they wait, of a draft too. An hourly chore asks for what is missing or out of date, after an
upgrade that changes the templates for instance.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import undefer

from quiz import jobs
from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.exemplars.models import Exemplar, FileKind, StoryFile, StoryPicture, StoryState
from quiz.exemplars.story_text import address_of, belongs_to, eyebrow
from quiz.markdown import quotation
from quiz.settings import Settings
from quiz.typesetting import FOLDER, compiled, picture, qr

JOB = "draw-story"
POSTERS = {"A4": FileKind.POSTER_A4, "A3": FileKind.POSTER_A3}
CARD_SIZE = (1200, 630)
_TEMPLATES = {FileKind.CARD: "card.typ", FileKind.POSTER_A4: "poster.typ", FileKind.POSTER_A3: "poster.typ"}
_PAPERS = {FileKind.POSTER_A4: ("a4", 1.0), FileKind.POSTER_A3: ("a3", 2**0.5)}
_MOST_FIGURES = 4
_LONGEST_QUOTATION = 320  # signs; longer ones are read on the page


def kinds_of(story: Exemplar) -> list[FileKind]:
    """The files that a published story has: one with a picture of its own needs no card."""
    return [kind for kind in FileKind if kind is not FileKind.CARD or not story.shown_pictures]


def _said(story: Exemplar, kind: FileKind) -> dict[str, Any]:
    """What stands on a file, its picture by its digest."""
    settings: Settings = current_app.extensions["settings"]
    words = {
        "organization": settings.organization, "eyebrow": eyebrow(story), "name": story.name, "title": story.title,
        "belongs_to": belongs_to(story),
    }  # fmt: skip
    if kind is FileKind.CARD:
        return words
    paper, scale = _PAPERS[kind]
    first = story.shown_pictures[0] if story.shown_pictures else None
    said = quotation(story.body)
    return words | {
        "paper": paper,
        "scale": scale,
        "demo": story.is_demo,
        "summary": story.summary,
        "figures": [[f["value"], f["label"]] for f in story.figures[:_MOST_FIGURES]],
        "quotation": said if len(said) <= _LONGEST_QUOTATION else "",
        "picture": first.digest if first else None,
        "alt": first.alt if first else "",
        "caption": " ".join(filter(None, (first.caption, first.credit))) if first else "",
        "law": "; ".join(f"{p.name} {p.document.name}".strip() for p in story.provisions[:2]),
        "address": f"{address_of(story)}?tu=qr",
        "shown_address": address_of(story).removeprefix("https://").removeprefix("http://"),
    }


@cache
def _template(name: str) -> str:
    """Its text, with that of the part that all share; read once, so that a new one makes all files anew."""
    return (FOLDER / name).read_text("utf-8") + (FOLDER / "fitted.typ").read_text("utf-8")


def digest_of(story: Exemplar, kind: FileKind) -> str:
    """Of all that a file would be made of now, in hex."""
    said = json.dumps(_said(story, kind), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{_template(_TEMPLATES[kind])}\n{said}".encode()).hexdigest()


def made(story: Exemplar, kind: FileKind) -> bytes:
    """Set a file, here and now: a PDF, of the card a PNG."""
    data = _said(story, kind)
    if kind is FileKind.CARD:
        return compiled(_TEMPLATES[kind], data, "png", ppi=144.0)
    if data["picture"]:
        shown = db.session.scalars(
            select(StoryPicture)
            .where(StoryPicture.exemplar_id == story.id, StoryPicture.digest == data["picture"])
            .options(undefer(StoryPicture.content))
        ).one()
        data["picture"] = picture(shown.media_type, shown.width, shown.height, shown.content)
    data["qr"] = qr(data["address"])
    # a picture of 400 KB is no use to the next poster
    return compiled(_TEMPLATES[kind], data, "pdf", forget=True, pdf_standards="ua-1", timestamp=0)


def ask(story: Exemplar, asker: Account | None, *, now: datetime) -> None:
    """Let a job set what is missing or out of date, in the caller's transaction."""
    if story.state == StoryState.PUBLISHED:
        jobs.ask(JOB, f"exemplar:{story.id}", asker, now=now)


def outdated(story: Exemplar) -> list[FileKind]:
    kept = dict(
        db.session.execute(
            select(StoryFile.kind, StoryFile.digest).where(StoryFile.exemplar_id == story.id)
        ).all()
    )  # fmt: skip
    return [kind for kind in kinds_of(story) if kept.get(kind.value) != digest_of(story, kind)]


@jobs.handler(JOB)
def _set_files(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    story = db.session.get(Exemplar, int(job.subject.partition(":")[2]))
    if story is None or story.state != StoryState.PUBLISHED:
        return {"made": 0}
    kinds = outdated(story)
    for kind in kinds:
        digest, content = digest_of(story, kind), made(story, kind)
        media_type = "image/png" if kind is FileKind.CARD else "application/pdf"
        with transaction():
            file = StoryFile(
                exemplar_id=story.id, kind=kind.value, digest=digest, media_type=media_type, content=content,
                made_at=clock(),
            )  # fmt: skip
            db.session.merge(file)
    return {"made": len(kinds)}


@jobs.chore("story-files", every=timedelta(hours=1))
def ask_for_outdated(clock: jobs.Clock) -> None:
    """Ask for the files of every published story that lacks one."""
    published = db.session.scalars(select(Exemplar).where(Exemplar.state == StoryState.PUBLISHED)).all()
    late = [story for story in published if outdated(story)]
    with transaction():
        for story in late:
            ask(story, None, now=clock())
