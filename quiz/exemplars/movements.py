"""Writing the patriotic emulation movements. Organizers do it at once: a movement is a matter of record, not of judgement."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.accounts.models import Account
from quiz.db import db
from quiz.errors import Refusal, explain
from quiz.exemplars import story_queries
from quiz.exemplars.models import Movement
from quiz.slugs import free_slug, slug

SAID = (
    "title", "scope", "launched_by", "started", "ended", "summary", "body", "sources", "position", "is_shown",
)  # fmt: skip


class MovementRefusal(enum.Enum):
    EDITED_SINCE = "edited_since"
    TAKEN_SLUG = "taken_slug"


explain(
    {
        MovementRefusal.EDITED_SINCE: _l("Người khác vừa sửa phong trào này. Chưa có gì được ghi đè; những gì bạn gõ vẫn còn trong biểu mẫu. Hãy mở bản mới ở thẻ khác để so, rồi lưu lại."),
        MovementRefusal.TAKEN_SLUG: _l("Người khác vừa thêm một phong trào cùng tên. Chưa có gì được ghi. Hãy xem lại danh sách."),
    }
)  # fmt: skip


def said_of(movement: Movement) -> dict[str, Any]:
    return {name: getattr(movement, name) for name in SAID}


def digest_of(movement: Movement) -> str:
    """Of what a movement says, in hex: by it an editor's page knows whether somebody else was quicker."""
    said = json.dumps(said_of(movement), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def add_movement(said: Mapping[str, Any], actor: Account, *, now: datetime) -> Movement:
    """said: the columns SAID.  Raises Refusal(TAKEN_SLUG)."""
    stem = slug(said["title"])
    movement = Movement(
        **said, slug=free_slug(stem, story_queries.movement_slugs_like(stem)), created_at=now, updated_at=now
    )  # fmt: skip
    db.session.add(movement)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(MovementRefusal.TAKEN_SLUG) from error
    journal.record(actor, "movement.added", movement, after=said_of(movement), now=now)
    return movement


def edit_movement(movement: Movement, said: Mapping[str, Any], actor: Account, *, seen: str, now: datetime) -> bool:
    """Write what has been typed; gives whether anything differs.  seen: digest_of what the editor began from

    Raises Refusal(EDITED_SINCE).
    """
    db.session.refresh(movement, with_for_update=True)
    if digest_of(movement) != seen:
        raise Refusal(MovementRefusal.EDITED_SINCE)
    before = said_of(movement)
    names = [name for name in SAID if before[name] != said[name]]
    if not names:
        return False
    for name in names:
        setattr(movement, name, said[name])
    movement.updated_at = now
    db.session.flush()
    journal.record(
        actor, "movement.edited", movement, now=now, before={n: before[n] for n in names}, after={n: said[n] for n in names}
    )  # fmt: skip
    return True
