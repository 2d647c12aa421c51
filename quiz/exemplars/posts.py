"""Writing, publishing, cancelling posts."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from quiz import journal
from quiz.accounts.models import Account
from quiz.db import db
from quiz.errors import Refusal, explain
from quiz.exemplars import post_queries
from quiz.exemplars.post_models import Post, PostKind, PostState
from quiz.slugs import free_slug, slug

SAID = ("kind", "title", "summary", "body", "starts_at", "ends_at", "place", "org_unit_id")


class PostRefusal(enum.Enum):
    OWN_POST = "own_post"
    EDITED_SINCE = "edited_since"
    NOT_A_DRAFT = "not_a_draft"
    NOT_PUBLISHED = "not_published"
    IS_PUBLISHED = "is_published"
    NO_EVENT = "no_event"
    IS_CANCELLED = "is_cancelled"


explain(
    {
        PostRefusal.OWN_POST: _l("Bài này do bạn viết nên cần người khác duyệt đăng. Bài vẫn ở bản nháp, chưa có gì bị thay đổi."),
        PostRefusal.EDITED_SINCE: _l("Người khác vừa sửa bài này. Những gì bạn gõ vẫn còn trong biểu mẫu; hãy mở bản mới ở thẻ khác để so, rồi lưu lại."),
        PostRefusal.NOT_A_DRAFT: _l("Bài này không còn là bản nháp: có thể người khác vừa duyệt. Chưa có gì bị thay đổi."),
        PostRefusal.NOT_PUBLISHED: _l("Bài này chưa đăng hoặc đã được gỡ. Chưa có gì bị thay đổi."),
        PostRefusal.IS_PUBLISHED: _l("Bài đã đăng thì chỉ Ban Tổ chức sửa được. Chưa có gì bị thay đổi. Hãy nhắn Ban Tổ chức chỗ cần sửa."),
        PostRefusal.NO_EVENT: _l("Chỉ hủy được sự kiện đã đăng. Chưa có gì bị thay đổi."),
        PostRefusal.IS_CANCELLED: _l("Sự kiện này đã hủy từ trước. Chưa có gì thay đổi thêm."),
    }
)  # fmt: skip


def write_post(said: Mapping[str, Any], exemplars: list[Any], author: Account | None, *, now: datetime) -> Post:
    """A new draft.  said: the columns SAID"""
    stem = slug(said["title"])
    post = Post(
        **said, slug=free_slug(stem, post_queries.slugs_like(stem)), state=PostState.DRAFT, revision=1, exemplars=exemplars,
        author_id=author.id if author else None, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(post)
    db.session.flush()
    return post


def edit_post(
    post: Post, said: Mapping[str, Any], exemplars: list[Any], editor: Account, *, revision: int, now: datetime
) -> bool:
    """Write what has been typed over the post; gives whether anything differs.

    revision: the one that the editor began from.  Raises Refusal(EDITED_SINCE), or Refusal(NOT_PUBLISHED) once withdrawn.
    A published post is corrected in sight: the journal keeps what it said before.
    """
    db.session.refresh(post, with_for_update=True)
    if post.revision != revision:
        raise Refusal(PostRefusal.EDITED_SINCE)
    if post.state == PostState.WITHDRAWN:
        raise Refusal(PostRefusal.NOT_PUBLISHED)
    before, ids = _told(post), {e.id for e in post.exemplars}
    for name in SAID:
        setattr(post, name, said[name])
    post.exemplars = exemplars
    if before == _told(post) and ids == {e.id for e in exemplars}:
        return False
    post.revision += 1
    post.updated_at = now
    if post.state == PostState.PUBLISHED:
        journal.record(editor, "post.corrected", post, before=before, after=_told(post), now=now)
    db.session.flush()
    return True


def _told(post: Post) -> dict[str, Any]:
    values = {name: getattr(post, name) for name in SAID}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}


def publish_post(post: Post, actor: Account, *, now: datetime) -> None:
    """Show a draft to everybody.  Raises Refusal(OWN_POST, NOT_A_DRAFT): another person than its author has to read it."""
    db.session.refresh(post, with_for_update=True)
    if post.state != PostState.DRAFT:
        raise Refusal(PostRefusal.NOT_A_DRAFT)
    if post.author_id == actor.id:
        raise Refusal(PostRefusal.OWN_POST)
    post.state, post.published_at, post.published_by_id = PostState.PUBLISHED, now, actor.id
    journal.record(actor, "post.published", post, after=_told(post), now=now)


def withdraw_post(post: Post, actor: Account, why: str, *, now: datetime) -> None:
    """Take a published post away from the public, for good.  Raises Refusal(NOT_PUBLISHED)."""
    db.session.refresh(post, with_for_update=True)
    if post.state != PostState.PUBLISHED:
        raise Refusal(PostRefusal.NOT_PUBLISHED)
    post.state, post.updated_at = PostState.WITHDRAWN, now
    journal.record(actor, "post.withdrawn", post, why=why, now=now)


def cancel_event(post: Post, actor: Account, why: str, *, now: datetime) -> None:
    """Say that an event does not take place; calendars that took it over learn of it.  Raises Refusal."""
    db.session.refresh(post, with_for_update=True)
    if post.state != PostState.PUBLISHED or not PostKind(post.kind).is_event:
        raise Refusal(PostRefusal.NO_EVENT)
    if post.cancelled_why:
        raise Refusal(PostRefusal.IS_CANCELLED)
    post.cancelled_why, post.updated_at = why, now
    post.revision += 1
    journal.record(actor, "event.cancelled", post, why=why, now=now)


def drop_draft(post: Post, actor: Account, *, now: datetime) -> None:
    """Delete a draft.  Raises Refusal(NOT_A_DRAFT)."""
    db.session.refresh(post, with_for_update=True)
    if post.state != PostState.DRAFT:
        raise Refusal(PostRefusal.NOT_A_DRAFT)
    journal.record(actor, "post.dropped", post, before={"title": post.title}, now=now)
    db.session.delete(post)
