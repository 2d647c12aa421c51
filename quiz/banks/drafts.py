"""Uploads: read and reported first, written only when somebody has seen the report."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_

from quiz import journal
from quiz.accounts.models import Account
from quiz.banks import queries, service
from quiz.banks.formats import xlsx
from quiz.banks.formats.xlsx import Known, ReadRow
from quiz.banks.models import Bank, ImportDraft, Item
from quiz.banks.refusals import BankRefusal
from quiz.banks.wording import Fault, Problem, Severity, Wording, wording_of
from quiz.db import db
from quiz.errors import Refusal
from quiz.formats import local
from quiz.law import queries as law

_KEPT_FOR = timedelta(days=7)  # an upload nobody decided on


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of an upload as stored.  key: as the file writes it."""

    number: int
    code: str
    stem: str
    key: str
    options: int
    wording: Wording | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def worst(self) -> Severity | None:
        found = {problem.severity for problem in self.problems}
        return next((severity for severity in Severity if severity in found), None)

    @property
    def can_be_written(self) -> bool:
        return self.wording is not None and self.worst != Severity.ERROR

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.number, "code": self.code, "stem": self.stem, "key": self.key, "options": self.options,
            "wording": self.wording.to_json() if self.wording else None, "problems": [p.to_json() for p in self.problems],
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DraftRow:
        wording = Wording.from_json(value["wording"]) if value["wording"] else None
        problems = [Problem.from_json(p) for p in value["problems"]]
        return cls(value["n"], value["code"], value["stem"], value["key"], value["options"], wording, problems)


def rows_of(draft: ImportDraft) -> list[DraftRow]:
    return [DraftRow.from_json(row) for row in draft.rows]


def start_import(bank: Bank, file_name: str, content: bytes, uploader: Account, *, now: datetime) -> ImportDraft:
    """Read an Excel file and keep what it says, with every problem, for a decision.  Raises Refusal(FileRefusal)."""
    known = Known(bank.topics, law.all_documents(), local(now).date())
    reading = xlsx.read(content, known)
    _find_doubles(reading.rows, queries.items_with_versions(bank))
    rows = [DraftRow(r.number, r.code, r.stem, r.key, r.options, r.wording, r.problems) for r in reading.rows]
    report = {
        "sheet": reading.sheet,
        "read": len(rows),
        "valid": sum(row.can_be_written and row.worst != Severity.WARNING for row in rows),
        "warning": sum(row.worst == Severity.WARNING for row in rows),
        "error": sum(not row.can_be_written for row in rows),
        "skipped": reading.empty,
        "problems": [problem.to_json() for problem in reading.problems],
    }
    # the same file, or its mended successor, takes the place of what this person has uploaded before
    digest, name = hashlib.sha256(content).hexdigest(), file_name[-300:]
    same = or_(ImportDraft.file_sha256 == digest, ImportDraft.file_name == name)
    replaced = and_(ImportDraft.bank_id == bank.id, ImportDraft.account_id == uploader.id, same)
    db.session.execute(delete(ImportDraft).where(or_(replaced, ImportDraft.created_at < now - _KEPT_FOR)))
    draft = ImportDraft(
        bank_id=bank.id, account_id=uploader.id, file_name=name, created_at=now, report=report,
        file_sha256=digest, rows=[row.to_json() for row in rows],
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    return draft


def _find_doubles(rows: Sequence[ReadRow], items: Iterable[Item]) -> None:
    """Note codes, stems and whole items that the file or the bank has already."""
    by_code: dict[str, Item] = {}
    by_stem: dict[str, str] = {}
    by_all: dict[object, str] = {}
    for item in items:
        by_code[item.code] = item
        stem, options = wording_of(item.latest).essence
        by_stem.setdefault(stem, item.code)
        by_all.setdefault((stem, options), item.code)
    codes: dict[str, int] = {}
    stems: dict[str, int] = {}
    wholes: dict[object, int] = {}
    for row in rows:
        wording = row.wording
        if row.code and codes.setdefault(row.code, row.number) != row.number:
            row.note(Fault.SAME_CODE_TWICE, code=row.code, row=codes[row.code])
        if wording is None or not wording.stem:
            continue
        stem, whole = wording.essence[0], wording.essence
        known = by_code.get(row.code)
        if known is not None and not wording.says_the_same(wording_of(known.latest)):
            row.note(Fault.NEW_VERSION, Severity.INFO, code=row.code)
        elif whole in by_all:
            row.note(Fault.ITEM_IN_BANK, code=by_all[whole])
        elif stem in by_stem:
            row.note(Fault.STEM_IN_BANK, Severity.WARNING, code=by_stem[stem])
        if wholes.setdefault(whole, row.number) != row.number:
            row.note(Fault.SAME_ITEM_TWICE, row=wholes[whole])
        elif stems.setdefault(stem, row.number) != row.number:
            row.note(Fault.SAME_STEM_TWICE, Severity.WARNING, row=stems[stem])


@dataclass(frozen=True, slots=True)
class Committed:
    """added: new items; versions: new versions of known ones; same: rows that the bank has got in the meantime."""

    added: int
    versions: int
    same: int


def commit_import(
    draft: ImportDraft, actor: Account, *, now: datetime, only: Collection[int] | None = None
) -> Committed:
    """Write the rows without errors as drafts by the uploader, all or those numbered in `only`, and end the upload.

    Raises Refusal(BankRefusal), leaving the upload as it was.
    """
    rows = [row for row in rows_of(draft) if row.can_be_written and (only is None or row.number in only)]
    if not rows:
        raise Refusal(BankRefusal.NOTHING_TO_WRITE)
    bank, uploader = draft.bank, draft.account
    _end(draft)
    present = {item.code: item for item in queries.items_with_versions(bank)}
    known = {wording_of(item.latest).essence for item in present.values()}
    new, versions, same = [], [], 0
    for row in rows:
        assert row.wording is not None
        wording = _with_source(row.wording, draft.file_name, row.number)
        item = present.get(row.code)
        if item is None and wording.essence not in known:
            new.append((row.code, wording))
        elif item is not None and not wording.says_the_same(wording_of(item.latest)):
            service.write_version(item, wording, uploader, now=now)
            versions.append(row.code)
        else:  # another upload was faster
            same += 1
    added = [item.code for item in service.add_items(bank, new, uploader, now=now)]
    after = {"file": draft.file_name, "sha256": draft.file_sha256, "added": added, "versions": versions}
    journal.record(actor, "bank.items_imported", bank, now=now, after=after)
    return Committed(len(added), len(versions), same)


def _with_source(wording: Wording, file_name: str, number: int) -> Wording:
    place = f"{file_name}, dòng {number}"
    return replace(wording, source="; ".join(filter(None, (wording.source, place)))[:300])


def drop_import(draft: ImportDraft) -> None:
    """Forget an upload; nothing of it was written.  Raises Refusal(BankRefusal)."""
    _end(draft)


def _end(draft: ImportDraft) -> None:
    """Delete the upload; of two clicks at once the row lets one go on."""
    gone = db.session.execute(delete(ImportDraft).where(ImportDraft.id == draft.id))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise Refusal(BankRefusal.DRAFT_GONE)
