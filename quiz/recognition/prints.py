"""What certificates bear beside their words (images of a seal and a signature), and files of many certificates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload, undefer

from quiz import jobs, journal, pictures
from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.pictures import PictureRefusal
from quiz.recognition import printing, queries
from quiz.recognition.models import Certificate, Decision, ImageKind, PrintChoice, PrintFile, PrintImage
from quiz.recognition.printing import Look
from quiz.recognition.refusals import RecognitionRefusal
from quiz.settings import Settings

AT_ONCE = 30  # certificates set while the browser waits; more are a job's
KEPT = timedelta(days=2)
MOST_BYTES = pictures.MOST_BYTES
JOB = "print-certificates"
KINDS = {"pdf": "application/pdf", "zip": "application/zip"}


# Images


def images() -> Sequence[PrintImage]:
    return db.session.scalars(
        select(PrintImage).options(joinedload(PrintImage.added_by)).order_by(PrintImage.kind, PrintImage.id)
    ).all()


def add_image(kind: ImageKind, title: str, content: bytes, actor: Account, *, now: datetime) -> PrintImage:
    """Keep an image, encoded anew.  Raises Refusal(RecognitionRefusal)."""
    try:
        encoded = pictures.encode(content)
    except Refusal as refusal:
        unreadable = refusal.reason is PictureRefusal.NOT_A_PICTURE
        raise Refusal(
            RecognitionRefusal.NOT_A_PICTURE if unreadable else RecognitionRefusal.PICTURE_TOO_LARGE
        ) from refusal
    image = PrintImage(
        kind=kind.value, title=title, digest=encoded.digest, media_type=encoded.media_type, width=encoded.width,
        height=encoded.height, content=encoded.content, added_at=now, added_by_id=actor.id,
    )  # fmt: skip
    db.session.add(image)
    db.session.flush()
    after = {"kind": kind.value, "title": title, "digest": encoded.digest}
    journal.record(actor, "print_image.added", f"print_image:{image.id}", now=now, after=after)
    return image


def delete_image(image: PrintImage, actor: Account, *, now: datetime) -> None:
    """Forget an image: certificates bear it no longer, and files with it are thrown away."""
    for column in (PrintChoice.seal_id, PrintChoice.signature_id):
        db.session.execute(update(PrintChoice).where(column == image.id).values({column: None}))
    db.session.execute(delete(PrintFile))
    before = {"kind": image.kind, "title": image.title, "digest": image.digest}
    journal.record(actor, "print_image.deleted", f"print_image:{image.id}", now=now, before=before)
    db.session.delete(image)
    db.session.flush()


def choice_of(decision_id: int) -> PrintChoice:
    return db.session.get(PrintChoice, decision_id) or PrintChoice(decision_id=decision_id)


def choose(decision: Decision, seal_id: int | None, signature_id: int | None, actor: Account, *, now: datetime) -> None:
    """Say which images the certificates of a decision bear from now on."""
    before = choice_of(decision.id)
    told = {"seal": before.seal_id, "signature": before.signature_id}
    after = {"seal": seal_id, "signature": signature_id}
    if told == after:
        return
    db.session.merge(PrintChoice(decision_id=decision.id, seal_id=seal_id, signature_id=signature_id))
    db.session.flush()
    journal.record(actor, "certificates.images_chosen", decision, now=now, before=told, after=after)


def look_of(decision_id: int) -> Look:
    settings: Settings = current_app.extensions["settings"]
    chosen = choice_of(decision_id)
    return Look(
        base_url=settings.base_url,
        demo=settings.demo,
        seal=_image(chosen.seal_id),
        signature=_image(chosen.signature_id),
    )


def _image(image_id: int | None) -> PrintImage | None:
    return db.session.get(PrintImage, image_id, options=[undefer(PrintImage.content)]) if image_id else None


# Files of many certificates


def to_print(decision: Decision) -> list[Certificate]:
    """The valid certificates of a decision, in the order of its winners.  Raises Refusal(RecognitionRefusal)."""
    certificates = decision.valid_certificates
    if not certificates:
        raise Refusal(RecognitionRefusal.NOTHING_TO_PRINT)
    return certificates


def made(decision: Decision, kind: str) -> bytes:
    certificates, look = to_print(decision), look_of(decision.id)
    return printing.pdf_of(certificates, look) if kind == "pdf" else printing.zip_of(certificates, look)


def digest_of(decision: Decision) -> str:
    """Of what a file would hold now, in hex."""
    chosen = choice_of(decision.id)
    parts = [str(chosen.seal_id), str(chosen.signature_id), *(str(c.id) for c in decision.valid_certificates)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def subject(decision: Decision, kind: str) -> str:
    return f"decision:{decision.id}:{kind}"


def ask(decision: Decision, kind: str, actor: Account, *, now: datetime) -> None:
    """Let a job make the file.  Raises Refusal(RecognitionRefusal)."""
    to_print(decision)
    jobs.ask(JOB, subject(decision, kind), actor, now=now)


@jobs.handler(JOB)
def _make_file(job: jobs.Job, clock: jobs.Clock) -> dict[str, int]:
    _decision, id_, kind = job.subject.split(":")
    decision = queries.decision_by_id(int(id_))
    assert decision is not None
    digest, content = digest_of(decision), made(decision, kind)
    now = clock()
    with transaction():
        db.session.execute(
            delete(PrintFile).where(
                (PrintFile.expires_at <= now) | ((PrintFile.decision_id == decision.id) & (PrintFile.kind == kind))
            )
        )
        file = PrintFile(
            decision_id=decision.id, kind=kind, digest=digest, content=content, made_at=now, expires_at=now + KEPT
        )
        db.session.add(file)
    return {"bytes": len(content)}


def file_of(decision: Decision, kind: str, now: datetime) -> PrintFile | None:
    """The file that a job has made, if it is still what it would be made of now."""
    return db.session.scalars(
        select(PrintFile)
        .where(
            PrintFile.decision_id == decision.id,
            PrintFile.kind == kind,
            PrintFile.digest == digest_of(decision),
            PrintFile.expires_at > now,
        )
        .order_by(PrintFile.id.desc())
        .limit(1)
    ).first()
