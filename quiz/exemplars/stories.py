"""Writing stories and bringing them before the public: draft → approved → published → archived.

What the public reads has been seen by two people: whoever approves a story has not written it, and what is changed in it
afterwards waits in `pending` until somebody else has compared and applied it.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from quiz import journal, pictures
from quiz.accounts.models import Account
from quiz.db import db
from quiz.errors import Refusal
from quiz.exemplars import story_queries
from quiz.exemplars.models import Exemplar, StoryPicture, StoryState
from quiz.exemplars.story_content import (
    COLUMNS,
    Content,
    changed,
    content_of,
    forget_waiting_pictures,
    latest_content,
    put,
)
from quiz.exemplars.story_refusals import StoryRefusal
from quiz.exemplars.story_words import CONTENT
from quiz.slugs import free_slug, slug

MOST_PICTURES = 12
NEEDED = ("summary", "body", "sources")  # before anybody is asked to approve


class Saved(enum.Enum):
    """What came of an edit.  WAITS: it is shown once another person has seen it"""

    NOTHING = "nothing"
    AT_ONCE = "at_once"
    WAITS = "waits"


def write_story(content: Content, author: Account, *, now: datetime) -> Exemplar:
    """Begin a draft.  Raises Refusal(TAKEN_SLUG) when two with the same name begin at the same moment."""
    stem = slug(content["name"])
    story = Exemplar(
        **{name: content[name] for name in COLUMNS}, slug=free_slug(stem, story_queries.slugs_like(stem)),
        state=StoryState.DRAFT, revision=1, author_id=author.id, edited_by_id=author.id, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(story)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(StoryRefusal.TAKEN_SLUG) from error
    put(story, content)
    db.session.flush()
    journal.record(author, "story.written", story, after=content_of(story), now=now)
    return story


def edit_story(story: Exemplar, content: Content, editor: Account, *, revision: int, now: datetime) -> Saved:
    """Change what a story says, pictures included: at once while it is a draft, else when another person has seen it.

    revision: the one that the editor began from.  Raises Refusal(EDITED_SINCE, IS_ARCHIVED).
    """
    _hold(story, revision)
    return _write(story, content, editor, now)


def _write(story: Exemplar, content: Content, editor: Account, now: datetime) -> Saved:
    before = latest_content(story)
    names = changed(before, content)
    if not names:
        return Saved.NOTHING
    if story.state == StoryState.ARCHIVED:
        raise Refusal(StoryRefusal.IS_ARCHIVED)
    told = {name: before[name] for name in names}, {name: content[name] for name in names}
    if story.state == StoryState.DRAFT:
        put(story, content)
        story.edited_by_id, story.edit_seen_by_id, story.submitted_at = editor.id, None, None
        story.updated_at = now
        action = "story.edited"
    else:
        waits = bool(changed(content_of(story), content))  # or it says what is shown already
        story.pending, story.pending_by_id = (dict(content), editor.id) if waits else (None, None)
        forget_waiting_pictures(story)
        action = "story.edit_proposed"
    story.revision += 1
    db.session.flush()
    journal.record(editor, action, story, before=told[0], after=told[1], now=now)
    return Saved.AT_ONCE if story.state == StoryState.DRAFT else Saved.WAITS


def add_picture(
    story: Exemplar, file: bytes, texts: Content, editor: Account, *, revision: int, now: datetime
) -> Saved:
    """Put a picture behind the others.  texts: the PICTURE_TEXTS, alt and consent not empty

    Raises Refusal(PictureRefusal), Refusal(StoryRefusal).
    """
    encoded = pictures.encode(file)  # it takes a while, so the row is not held yet
    _hold(story, revision)
    content = latest_content(story)
    if len(content["pictures"]) >= MOST_PICTURES:
        raise Refusal(StoryRefusal.TOO_MANY_PICTURES, most=MOST_PICTURES)
    if encoded.digest in {said["digest"] for said in content["pictures"]}:
        raise Refusal(StoryRefusal.PICTURE_THERE)
    if encoded.digest not in {picture.digest for picture in story.pictures}:
        story.pictures.append(
            StoryPicture(
                digest=encoded.digest, media_type=encoded.media_type, width=encoded.width, height=encoded.height,
                content=encoded.content, position=len(story.pictures) + 1, added_at=now, added_by_id=editor.id,
                is_shown=False, **texts,
            )
        )  # fmt: skip
    said = {"digest": encoded.digest, **texts}
    return _write(story, content | {"pictures": [*content["pictures"], said]}, editor, now)


def submit_story(story: Exemplar, actor: Account, *, revision: int, now: datetime) -> None:
    """Say that a draft is ready to be approved.  Raises Refusal(NOT_A_DRAFT, NOT_COMPLETE, EDITED_SINCE)."""
    _hold(story, revision)
    _must_be_whole_draft(story)
    if story.submitted_at is None:
        story.submitted_at = now
        journal.record(actor, "story.submitted", story, now=now)


def approve_story(story: Exemplar, actor: Account, *, revision: int, now: datetime) -> None:
    """Vouch for a draft as its second reader.  Raises Refusal(NOT_A_DRAFT, NOT_COMPLETE, OWN_STORY, EDITED_SINCE)."""
    _hold(story, revision)
    _must_be_whole_draft(story)
    if actor.id in (story.author_id, story.edited_by_id):
        raise Refusal(StoryRefusal.OWN_STORY)
    story.state, story.approved_at, story.approved_by_id = StoryState.APPROVED, now, actor.id
    story.edit_seen_by_id, story.submitted_at = actor.id, None
    story.revision += 1
    journal.record(actor, "story.approved", story, after=content_of(story), now=now)


def _must_be_whole_draft(story: Exemplar) -> None:
    if story.state != StoryState.DRAFT:
        raise Refusal(StoryRefusal.NOT_A_DRAFT)
    if missing := [str(CONTENT[name]).lower() for name in NEEDED if not getattr(story, name)]:
        raise Refusal(StoryRefusal.NOT_COMPLETE, missing=", ".join(missing))


def publish_story(story: Exemplar, actor: Account, *, now: datetime) -> None:
    """Show an approved story to everybody, or bring an archived one back.  Raises Refusal(NOT_APPROVED)."""
    _hold(story)
    if story.state == StoryState.APPROVED:
        story.published_at = now
    elif story.state == StoryState.ARCHIVED:
        story.archived_at = None
    else:
        raise Refusal(StoryRefusal.NOT_APPROVED)
    before = story.state
    story.state, story.updated_at = StoryState.PUBLISHED, now
    story.revision += 1
    journal.record(actor, "story.published", story, before=before, after=StoryState.PUBLISHED, now=now)


def archive_story(story: Exemplar, actor: Account, why: str, *, now: datetime) -> None:
    """Take a story off the lists; its address goes on answering.  Raises Refusal(NOT_PUBLISHED)."""
    _hold(story)
    if story.state != StoryState.PUBLISHED:
        raise Refusal(StoryRefusal.NOT_PUBLISHED)
    story.state, story.archived_at, story.updated_at = StoryState.ARCHIVED, now, now
    story.revision += 1
    journal.record(actor, "story.archived", story, why=why, now=now)


def take_back(story: Exemplar, actor: Account, why: str, *, now: datetime) -> None:
    """Make a draft of a story again, with what waited to be seen in it.  Raises Refusal(IS_A_DRAFT)."""
    _hold(story)
    if story.state == StoryState.DRAFT:
        raise Refusal(StoryRefusal.IS_A_DRAFT)
    before = story.state
    if story.pending is not None:
        put(story, story.pending)
        story.edited_by_id = story.pending_by_id
        story.pending = story.pending_by_id = None
    story.state = StoryState.DRAFT
    story.approved_at = story.approved_by_id = story.published_at = story.archived_at = None
    story.edit_seen_by_id = None
    story.updated_at = now
    story.revision += 1
    journal.record(actor, "story.taken_back", story, before=before, after=StoryState.DRAFT, why=why, now=now)


def apply_edit(story: Exemplar, actor: Account, *, revision: int, now: datetime) -> None:
    """Let the content that waits take the place of what is shown.  Raises Refusal(NOTHING_WAITS, OWN_EDIT, EDITED_SINCE)."""
    _hold(story, revision)
    before, after = content_of(story), _waiting(story)
    if actor.id == story.pending_by_id:
        raise Refusal(StoryRefusal.OWN_EDIT)
    put(story, after)
    story.edited_by_id, story.edit_seen_by_id = story.pending_by_id, actor.id
    story.pending = story.pending_by_id = None
    story.revision += 1
    story.updated_at = now
    names = changed(before, after)
    journal.record(
        actor, "story.edit_applied", story, now=now, before={n: before[n] for n in names}, after={n: after[n] for n in names}
    )  # fmt: skip


def refuse_edit(story: Exemplar, actor: Account, why: str, *, revision: int, now: datetime) -> None:
    """Throw away the content that waits; the journal keeps it.  Raises Refusal(NOTHING_WAITS, EDITED_SINCE)."""
    _hold(story, revision)
    shown, waiting = content_of(story), _waiting(story)
    story.pending, story.pending_by_id = None, None
    forget_waiting_pictures(story)
    story.revision += 1
    names = changed(shown, waiting)
    journal.record(actor, "story.edit_refused", story, before={n: waiting[n] for n in names}, why=why, now=now)


def _waiting(story: Exemplar) -> dict[str, Any]:
    if story.pending is None:
        raise Refusal(StoryRefusal.NOTHING_WAITS)
    return dict(story.pending)


def drop_draft(story: Exemplar, actor: Account, *, now: datetime) -> None:
    """Delete a draft.  Raises Refusal(NOT_A_DRAFT)."""
    _hold(story)
    if story.state != StoryState.DRAFT:
        raise Refusal(StoryRefusal.NOT_A_DRAFT)
    journal.record(actor, "story.dropped", story, before=content_of(story), now=now)
    db.session.delete(story)
    db.session.flush()


def _hold(story: Exemplar, revision: int | None = None) -> None:
    """Keep others from changing the row until the transaction ends.  revision: the one that was on the page, if any"""
    db.session.refresh(story, with_for_update=True)
    if revision is not None and story.revision != revision:
        raise Refusal(StoryRefusal.EDITED_SINCE)
