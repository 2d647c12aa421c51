"""Importing the files of the law library: a plan that says line by line what would change, then all of it or nothing."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from quiz import journal
from quiz.db import db
from quiz.errors import Refusal
from quiz.law import changes, queries, service
from quiz.law.changes import ChangeFacts
from quiz.law.csv_file import DocumentRow, FileKind, ProvisionRow, Reading
from quiz.law.models import ChangeKind, LawChange, LegalDocument, Provision, place_of
from quiz.law.refusals import LawRefusal


class LineStatus(enum.StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What a line of the file would do.  differences: (column, before, after) · problem: why it cannot be done, or ""

    kept: columns that the file would set otherwise, left as people have decided them on the page
    """

    line: int
    number: str
    name: str
    status: LineStatus
    differences: Sequence[tuple[str, Any, Any]] = ()
    kept: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    kind: FileKind
    lines: list[PlanLine]

    def count(self, status: LineStatus) -> int:
        return sum(line.status == status for line in self.lines)

    @property
    def can_apply(self) -> bool:
        return not self.count(LineStatus.REFUSED) and any(line.status != LineStatus.UNCHANGED for line in self.lines)

    @property
    def digest(self) -> str:
        """Tells whether two plans would do the same, so that nobody confirms another report than the one they read."""
        said = [(each.line, each.number, each.status, tuple(each.differences)) for each in self.lines]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


@dataclass(slots=True)
class DocumentReport:
    """Numbers of the documents that were new, that changed, and how many were the same already."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


def plan_of(reading: Reading) -> Plan:
    """What the file would change in the library as it is now. Empty cells change nothing."""
    if reading.kind == FileKind.PROVISIONS:
        return Plan(reading.kind, _plan_provisions(reading.provisions))
    return Plan(reading.kind, _plan_documents(reading.rows))


def apply(reading: Reading, seen: str, actor: journal.Actor | None, *, now: datetime) -> Plan:
    """Do what the plan says.  seen: digest of the plan that the person confirms.  Raises Refusal(LawRefusal)."""
    plan = plan_of(reading)
    if plan.digest != seen:
        raise Refusal(LawRefusal.LIBRARY_CHANGED)
    if reading.problems or plan.count(LineStatus.REFUSED):
        raise Refusal(LawRefusal.FILE_HAS_PROBLEMS)
    if not plan.can_apply:
        raise Refusal(LawRefusal.FILE_CHANGES_NOTHING)
    if reading.kind == FileKind.PROVISIONS:
        _write_provisions(reading.provisions, actor, now)
    else:
        import_documents(reading.rows, now=now, actor=actor)
    return plan


def import_documents(
    rows: Iterable[DocumentRow], *, now: datetime, actor: journal.Actor | None = None
) -> DocumentReport:
    """Add documents and update known ones by their number; a second import of the same rows changes nothing.

    Raises Refusal(LawRefusal) for a row that the library cannot take.
    """
    report = DocumentReport()
    known = _documents()
    for row in rows:
        document = known.get(row.number)
        if document is None:
            document = LegalDocument(number=row.number, **row.values)
            db.session.add(document)
            report.added.append(row.number)
            _note_doubt(document, row, actor, now)
            continue
        different, _kept = _differences(document, row)
        edited = service.edit_document(document, different, actor, now=now)
        if _note_doubt(document, row, actor, now) or edited:
            report.changed.append(row.number)
        else:
            report.unchanged += 1
    if report.added:
        journal.record(actor, "law.added", "legal_documents", now=now, after=report.added)
    db.session.flush()
    return report


def _documents() -> dict[str, LegalDocument]:
    found = db.session.scalars(select(LegalDocument).options(selectinload(LegalDocument.changes)))
    return {document.number: document for document in found}


def _differences(document: LegalDocument, row: DocumentRow) -> tuple[dict[str, Any], list[str]]:
    """(columns that the row changes, columns it would change where people have recorded the document's end)."""
    different = {name: value for name, value in row.values.items() if getattr(document, name) != value}
    if not any(c.ends_document for c in document.changes):
        return different, []
    kept = sorted({"expires_on", "replaced_by"} & set(different))
    return {name: value for name, value in different.items() if name not in kept}, kept


def _doubt(document: LegalDocument, row: DocumentRow) -> tuple[LawChange | None, ChangeFacts | None]:
    """(a change that the row corrects, what it should say); no facts when the library knows, or people know better."""
    if row.questioned_from is None:
        return None, None
    by_same = [c for c in document.changes if row.amended_by and c.by_number == row.amended_by]
    same_day = [
        c
        for c in document.changes
        if c.from_on == row.questioned_from and c.kind == ChangeKind.AMENDED and not c.scope
        if not (row.amended_by and c.by_number)
    ]
    known = next(iter(by_same + same_day), None)
    facts = ChangeFacts(kind=ChangeKind.AMENDED, from_on=row.questioned_from, by_number=row.amended_by)
    if known is None:
        return None, facts
    says_so = known.from_on == facts.from_on and (not row.amended_by or known.by_number == row.amended_by)
    return (None, None) if says_so or known.recorded_by_id is not None else (known, facts)


def _note_doubt(document: LegalDocument, row: DocumentRow, actor: journal.Actor | None, now: datetime) -> bool:
    change, facts = _doubt(document, row)
    if facts is None:
        return False
    db.session.flush()
    if change is None:
        changes.record_change(document, facts, actor, now=now)
        return True
    return changes.edit_change(change, facts, actor, now=now)


def _plan_documents(rows: Sequence[DocumentRow]) -> list[PlanLine]:
    known = _documents()
    return [_plan_document(row, known.get(row.number)) for row in rows]


def _plan_document(row: DocumentRow, document: LegalDocument | None) -> PlanLine:
    name = str(row.values["title"])
    if document is None:
        new = LegalDocument(number=row.number, **row.values)
        _change, facts = _doubt(new, row)
        refusal = changes.why_not_change(new, facts) if facts else None
        status = LineStatus.REFUSED if refusal else LineStatus.NEW
        return PlanLine(row.line, row.number, name, status, problem=refusal.sentence if refusal else "")
    different, kept = _differences(document, row)
    change, facts = _doubt(document, row)
    told = [(column, getattr(document, column), value) for column, value in different.items()]
    if facts:
        told.append(("questioned_from", change.from_on if change else None, facts.from_on))
        told.append(("amended_by", change.by_number if change else "", facts.by_number))
    if problem := _problem(document, different, change, facts):
        return PlanLine(row.line, row.number, name, LineStatus.REFUSED, told, kept, problem)
    return PlanLine(row.line, row.number, name, LineStatus.CHANGED if told else LineStatus.UNCHANGED, told, kept)


def _problem(
    document: LegalDocument, different: Mapping[str, Any], change: LawChange | None, facts: ChangeFacts | None
) -> str:
    effective = different.get("effective_on", document.effective_on)
    expires = different.get("expires_on", document.expires_on)
    if effective and expires and expires <= effective:
        return _("ngày hết hiệu lực phải sau ngày có hiệu lực.")
    refusal = service.why_not_edit(document, different)
    if refusal is None and facts is not None:
        refusal = changes.why_not_change(document, facts, instead_of=change)
    return refusal.sentence if refusal else ""


def _plan_provisions(rows: Sequence[ProvisionRow]) -> list[PlanLine]:
    documents = _documents()
    known = {(p.document_id, p.article, p.clause, p.point): p for p in db.session.scalars(select(Provision))}
    lines = []
    for row in rows:
        document, name = documents.get(row.number), place_of(*row.place)
        if document is None:
            problem = _("thư viện chưa có văn bản “%(number)s”. Hãy nhập văn bản trước.", number=row.number)
            lines.append(PlanLine(row.line, row.number, name, LineStatus.REFUSED, problem=problem))
            continue
        provision = known.get((document.id, *row.place))
        if provision is None:
            lines.append(PlanLine(row.line, row.number, name, LineStatus.NEW))
            continue
        told = [(n, getattr(provision, n), v) for n, v in row.values.items() if getattr(provision, n) != v]
        after = {n: v for n, _before, v in told}
        effective, expires = (after.get(n, getattr(provision, n)) for n in ("effective_on", "expires_on"))
        wrong = effective and expires and expires <= effective
        problem = _("ngày hết hiệu lực phải sau ngày có hiệu lực.") if wrong else ""
        status = LineStatus.REFUSED if wrong else LineStatus.CHANGED if told else LineStatus.UNCHANGED
        lines.append(PlanLine(row.line, row.number, name, status, told, problem=problem))
    return lines


def _write_provisions(rows: Sequence[ProvisionRow], actor: journal.Actor | None, now: datetime) -> None:
    for row in rows:
        document = queries.document_by_number(row.number)
        assert document is not None
        article, clause, point = row.place
        provision = queries.provision_at(document, article, clause, point)
        if provision is None:
            place = {"article": article, "clause": clause, "point": point}
            service.add_provision(document, place | dict(row.values), actor, now=now)
        else:
            service.edit_provision(provision, row.values, actor, now=now)
