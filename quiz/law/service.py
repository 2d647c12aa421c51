"""Commands of the law library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import select

from quiz import journal
from quiz.db import db
from quiz.law.csv_file import DocumentRow
from quiz.law.models import LegalDocument


@dataclass(slots=True)
class DocumentReport:
    """Numbers of the documents that were new, that changed, and how many were the same already."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


def import_documents(
    rows: Iterable[DocumentRow], *, now: datetime, actor: journal.Actor | None = None
) -> DocumentReport:
    """Add documents and update known ones by their number; a second import of the same rows changes nothing."""
    report = DocumentReport()
    known = {d.number: d for d in db.session.scalars(select(LegalDocument))}
    for row in rows:
        values = asdict(row)
        document = known.get(row.number)
        if document is None:
            db.session.add(LegalDocument(**values))
            report.added.append(row.number)
            continue
        different = {name: value for name, value in values.items() if getattr(document, name) != value}
        if not different:
            report.unchanged += 1
            continue
        before = {name: _plain_value(getattr(document, name)) for name in different}
        for name, value in different.items():
            setattr(document, name, value)
        report.changed.append(row.number)
        # periods decide which items are drawn, so every change is kept
        after = {name: _plain_value(value) for name, value in different.items()}
        journal.record(actor, "law.changed", f"legal_document:{document.id}", now=now, before=before, after=after)
    if report.added:
        journal.record(actor, "law.added", "legal_documents", now=now, after=report.added)
    db.session.flush()
    return report


def _plain_value(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)
