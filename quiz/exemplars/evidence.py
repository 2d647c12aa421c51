"""Files with a nomination: PDF as it came, pictures encoded anew."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from sqlalchemy import func, select, update

from quiz import journal, pictures
from quiz.accounts.models import Account
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.exemplars.nomination_models import WITH_THE_UNIT, Evidence, EvidenceKind, Nomination
from quiz.exemplars.nomination_refusals import EvidenceRefusal, NominationRefusal

MOST_FILES = 12
MOST_PDF_MB = 8
_PDF = b"%PDF-"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")
_NOT_IN_NAMES = re.compile(r"[^\w .()\-]+")


def add(
    nomination: Nomination, kind: EvidenceKind, file_name: str, content: bytes, actor: Account, *, now: datetime
) -> Evidence:
    """Raises Refusal(EvidenceRefusal, PictureRefusal, NominationRefusal)."""
    _hold(nomination)
    held = db.session.scalar(select(func.count()).where(Evidence.nomination_id == nomination.id)) or 0
    if held >= MOST_FILES:
        raise Refusal(EvidenceRefusal.TOO_MANY, most=MOST_FILES)
    media_type, kept = _read(content)
    evidence = Evidence(
        nomination_id=nomination.id, kind=kind.value, file_name=_tidy(file_name, media_type), media_type=media_type,
        digest=hashlib.sha256(kept).hexdigest(), size=len(kept), content=kept, added_at=now, added_by_id=actor.id,
    )  # fmt: skip
    if not insert_unless_taken(evidence):
        raise Refusal(EvidenceRefusal.SAME_FILE)
    after = {"kind": kind.value, "file": evidence.file_name, "sha256": evidence.digest}
    journal.record(actor, "nomination.evidence_added", nomination, now=now, after=after)
    db.session.expire(nomination, ["evidence"])
    return evidence


def remove(evidence: Evidence, actor: Account, *, now: datetime) -> None:
    """Raises Refusal(NominationRefusal)."""
    nomination = evidence.nomination
    _hold(nomination)
    before = {"kind": evidence.kind, "file": evidence.file_name, "sha256": evidence.digest}
    db.session.delete(evidence)
    journal.record(actor, "nomination.evidence_removed", nomination, now=now, before=before)
    db.session.expire(nomination, ["evidence"])


def _hold(nomination: Nomination) -> None:
    """Files change only while it is with the unit; the row is written to, so that it is not sent in the same moment."""
    held = update(Nomination).where(Nomination.id == nomination.id, Nomination.state.in_(WITH_THE_UNIT))
    held = held.values(revision=Nomination.revision).returning(Nomination.id)
    if db.session.execute(held.execution_options(synchronize_session=False)).one_or_none() is None:
        raise Refusal(NominationRefusal.NOT_WITH_UNIT)


def _read(content: bytes) -> tuple[str, bytes]:
    if not content:
        raise Refusal(EvidenceRefusal.EMPTY)
    if content.startswith(_PDF):
        if len(content) > MOST_PDF_MB * 1024 * 1024:
            raise Refusal(EvidenceRefusal.PDF_TOO_LARGE, most=MOST_PDF_MB)
        return "application/pdf", content
    if not content.startswith(_PICTURES):
        raise Refusal(EvidenceRefusal.NOT_A_PDF)
    encoded = pictures.encode(content)
    return encoded.media_type, encoded.content


def _tidy(name: str, media_type: str) -> str:
    """The name without what could steer a path or a header, with the ending of what is kept."""
    stem = _NOT_IN_NAMES.sub("-", name.replace("\\", "/").rpartition("/")[2]).rpartition(".")
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[media_type]
    return f"{(stem[0] or stem[2])[:150].strip(' .-') or 'minh-chung'}.{ending}"
