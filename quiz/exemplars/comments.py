"""What the public says of nominations in the term; read by the office alone, which notes what it found."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import func, select

from quiz import journal
from quiz.accounts.models import Account
from quiz.db import db
from quiz.errors import Refusal
from quiz.exemplars.nomination_models import Nomination, NominationState, PublicComment
from quiz.exemplars.nomination_refusals import CommentRefusal
from quiz.formats import local

MOST_A_DAY = 5  # of one person with an account
MOST_OF_ADDRESS = 20  # a day, of visitors without one; an office may stand behind one address
LONGEST = 2000


def sender_mark(address: str, secret: str, *, now: datetime) -> str:
    """Stands for an address on a day, without saying which."""
    return hmac.new(secret.encode(), f"{local(now):%Y-%m-%d}:{address}".encode(), hashlib.sha256).hexdigest()[:32]


def takes_comments(nomination: Nomination, now: datetime) -> bool:
    open_ = nomination.state == NominationState.COMMENTING and nomination.comments_until is not None
    return open_ and now < nomination.comments_until  # type: ignore[operator]


def say(
    nomination: Nomination, text: str, account: Account | None, *, name: str, contact: str, sender: str, now: datetime
) -> PublicComment:
    """name, contact: of a visitor without an account.  Raises Refusal(CommentRefusal)."""
    if not takes_comments(nomination, now):
        raise Refusal(CommentRefusal.CLOSED)
    since = select(func.count()).select_from(PublicComment).where(PublicComment.sent_at > now - timedelta(days=1))
    if account is not None:
        said, most = db.session.scalar(since.where(PublicComment.account_id == account.id)), MOST_A_DAY
    else:
        said, most = db.session.scalar(since.where(PublicComment.sender == sender)), MOST_OF_ADDRESS
    if (said or 0) >= most:
        raise Refusal(CommentRefusal.TOO_MANY)
    comment = PublicComment(
        nomination_id=nomination.id, account_id=account.id if account else None, name="" if account else name,
        contact="" if account else contact, text=text, sent_at=now, sender="" if account else sender,
    )  # fmt: skip
    db.session.add(comment)
    db.session.flush()
    return comment


def note(comment: PublicComment, text: str, actor: Account, *, now: datetime) -> None:
    """Write down what the office found about a comment."""
    before = comment.note
    comment.note, comment.noted_at, comment.noted_by_id = text, now, actor.id
    db.session.flush()
    subject = f"nomination:{comment.nomination_id}"
    after = {"comment": comment.id, "note": text}
    journal.record(actor, "nomination.comment_noted", subject, now=now, before={"note": before}, after=after)
