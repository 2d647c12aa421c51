"""Uploads: read and reported first, mended on the page (mending.py), written only when somebody has seen the report."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, delete, func, or_, select

from quiz import journal
from quiz.accounts.models import Account
from quiz.banks import doubles, picture_store, queries, service
from quiz.banks.faults import Problem, Severity
from quiz.banks.formats.assembly import Assembled, assemble
from quiz.banks.formats.detection import READERS, Format, detect
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import MOST_ITEMS, Defaults, Known, Reading
from quiz.banks.models import Bank, ImportDraft, ImportRow
from quiz.banks.refusals import BankRefusal
from quiz.banks.service import NewItem
from quiz.banks.wording import Wording, wording_of
from quiz.db import db, insert_many
from quiz.errors import Refusal
from quiz.formats import local
from quiz.law import queries as law
from quiz.pictures import PicturesOfFile

_KEPT_FOR = timedelta(days=7)  # an upload nobody decided on
NO_DEFAULTS = Defaults()
_MOST_TOLD = 200  # problems of the file, and pieces that became no item: a file may have a million
_STEP = 500  # items between two tellings of progress


class Stage(enum.StrEnum):
    READ = "read"
    CHECK = "check"
    COMPARE = "compare"
    KEEP = "keep"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Progress:
    """of: 0 while the size of the work is not known."""

    stage: Stage
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of an upload as stored."""

    id: int
    number: int
    place: str
    code: str
    key_text: str
    wording: Wording
    problems: list[Problem] = field(default_factory=list)
    is_mended: bool = False

    @property
    def worst(self) -> Severity | None:
        return worst(self.problems)

    @property
    def can_be_written(self) -> bool:
        return self.worst not in UNWRITTEN

    @property
    def findings(self) -> list[Problem]:
        """What is said of it on the page, the gravest first; of a row that is there already, nothing but that."""
        if self.worst == Severity.KNOWN:
            return [problem for problem in self.problems if problem.severity == Severity.KNOWN]
        return sorted(self.problems, key=lambda problem: list(Severity).index(problem.severity))


UNWRITTEN = (Severity.KNOWN, Severity.ERROR)


def worst(problems: Iterable[Problem]) -> Severity | None:
    found = {problem.severity for problem in problems}
    return next((severity for severity in Severity if severity in found), None)


def draft_row(row: ImportRow) -> DraftRow:
    return DraftRow(
        row.id, row.number, row.place, row.code, row.key_text, Wording.from_json(row.wording),
        [Problem.from_json(problem) for problem in row.problems], row.is_mended,
    )  # fmt: skip


def finished(work: Generator[Progress, None, Any]) -> Any:
    """Do the work to its end without telling of its progress; what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def start_import(
    bank: Bank, file_name: str, content: bytes, uploader: Account, *, now: datetime, defaults: Defaults = NO_DEFAULTS
) -> Generator[Progress, None, ImportDraft]:
    """Read a file of any format and keep what it says, with every problem, for a decision.

    Tells of its progress; gives the upload.  Nothing is written before all is known, and nothing is told while it is, because
    SQLite has one writer at a time and somebody's answers may be waiting.  Raises Refusal(FileRefusal).
    """
    yield Progress(Stage.READ, 0, 0)
    format_ = detect(content)
    reading = READERS[format_](content)
    if not reading.items:
        raise Refusal(FileRefusal.NO_ITEMS)
    if len(reading.items) > MOST_ITEMS:
        raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
    pictures = PicturesOfFile()
    rows = yield from _assembled(reading, bank, defaults, pictures, now)
    yield Progress(Stage.COMPARE, 0, len(rows))
    doubles.note_doubles(rows, bank)
    yield Progress(Stage.KEEP, 0, len(rows))
    draft = _draft(bank, file_name, content, uploader, format_, reading, defaults, now)
    mended = _mended_before(draft)
    columns = [_row_columns(row, mended.get(row.origin)) for row in rows]
    picture_store.keep_all(pictures.encoded.values(), now=now)
    picture_store.keep_waiting((image[1] for row in mended.values() for image in row.wording["images"]), now=now)
    db.session.add(draft)
    db.session.flush()
    _forget_others(draft, now)
    insert_many(ImportRow.__table__, [{"draft_id": draft.id, **row} for row in columns])
    return draft


def _assembled(
    reading: Reading, bank: Bank, defaults: Defaults, pictures: PicturesOfFile, now: datetime
) -> Generator[Progress, None, list[Assembled]]:
    """The items of the file compared with the bank; their pictures, encoded anew, are put into `pictures`."""
    known = Known(bank.topics, law.all_documents(), local(now).date(), defaults)
    rows: list[Assembled] = []
    for raw in reading.items:
        if len(rows) % _STEP == 0:
            yield Progress(Stage.CHECK, len(rows), len(reading.items))
        rows.append(assemble(raw, known, pictures.keep))
    reading.items.clear()  # what was read has become rows
    return rows


def _draft(
    bank: Bank, file_name: str, content: bytes, uploader: Account, format_: Format, reading: Reading, defaults: Defaults,
    now: datetime,
) -> ImportDraft:  # fmt: skip
    skipped = [[skipped.place, skipped.problem.to_json()] for skipped in reading.skipped[:_MOST_TOLD]]
    return ImportDraft(
        bank_id=bank.id, account_id=uploader.id, file_name=file_name[-300:], format=format_.value, created_at=now,
        file_sha256=hashlib.sha256(content).hexdigest(),
        defaults={"topic": defaults.topic, "level": defaults.level, "document_id": defaults.document_id},
        report={
            "about": reading.about, "empty": reading.empty, "skipped": skipped, "skipped_count": len(reading.skipped),
            "problems": [problem.to_json() for problem in reading.problems[:_MOST_TOLD]],
            "problems_count": len(reading.problems),
        },
    )  # fmt: skip


def _mended_before(draft: ImportDraft) -> dict[str, ImportRow]:
    """What the same person has mended in an earlier upload of this file, or of its successor, by its origin."""
    rows = db.session.scalars(select(ImportRow).join(ImportDraft).where(_replaced_by(draft), ImportRow.is_mended))
    return {row.origin: row for row in rows}


def _replaced_by(draft: ImportDraft) -> Any:
    """The same file, or its mended successor, takes the place of what this person has uploaded before."""
    same = or_(ImportDraft.file_sha256 == draft.file_sha256, ImportDraft.file_name == draft.file_name)
    owned = (ImportDraft.bank_id == draft.bank_id, ImportDraft.account_id == draft.account_id)
    return and_(*owned, same, ImportDraft.id != (draft.id or 0))


def _forget_others(draft: ImportDraft, now: datetime) -> None:
    old = or_(_replaced_by(draft), ImportDraft.created_at < now - _KEPT_FOR)
    gone = list(db.session.scalars(select(ImportDraft.id).where(old)))
    db.session.execute(delete(ImportRow).where(ImportRow.draft_id.in_(gone)))
    db.session.execute(delete(ImportDraft).where(ImportDraft.id.in_(gone)))
    picture_store.forget_unused(now)


def _row_columns(row: Assembled, mended: ImportRow | None) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "number": row.number, "place": row.place[:120], "code": row.code, "key_text": row.key_text,
        "origin": row.origin,
    }  # fmt: skip
    if mended is not None and worst(row.problems) != Severity.KNOWN:
        return columns | {
            "wording": mended.wording, "problems": mended.problems, "worst": mended.worst, "is_mended": True,
        }  # fmt: skip
    return columns | {
        "wording": row.wording.to_json(), "problems": [problem.to_json() for problem in row.problems],
        "worst": worst(row.problems) or "", "is_mended": False,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftCounts:
    """Items of an upload by the gravest thing said of them."""

    known: int = 0
    error: int = 0
    warning: int = 0
    info: int = 0
    good: int = 0

    @property
    def read(self) -> int:
        return self.known + self.error + self.warning + self.info + self.good

    @property
    def valid(self) -> int:
        """Without anything that somebody should look at."""
        return self.info + self.good

    @property
    def can_be_written(self) -> int:
        return self.warning + self.info + self.good


def counts_of(draft: ImportDraft) -> DraftCounts:
    rows = db.session.execute(
        select(ImportRow.worst, func.count()).where(ImportRow.draft_id == draft.id).group_by(ImportRow.worst)
    )
    return DraftCounts(**{severity or "good": count for severity, count in rows})


@dataclass(frozen=True, slots=True)
class Committed:
    """added: new items; versions: new versions of known ones; same: rows that the bank has got in the meantime."""

    added: int
    versions: int
    same: int


def commit_import(
    draft: ImportDraft, actor: Account, *, now: datetime, only: Collection[int] | None = None, send: bool = False
) -> Generator[Progress, None, Committed]:
    """Write the rows without errors as drafts by the uploader, all or those numbered in `only`, and end the upload.

    send: to review, at once.  Raises Refusal(BankRefusal), leaving the upload as it was.
    """
    written = ImportRow.worst.not_in([severity.value for severity in UNWRITTEN])
    found = (
        select(
            ImportRow.code, ImportRow.number, ImportRow.place, ImportRow.origin, ImportRow.wording, ImportRow.is_mended
        )
        .where(ImportRow.draft_id == draft.id, written)
        .order_by(ImportRow.number)
    )
    if only is not None:
        found = found.where(ImportRow.number.in_(list(only)))
    rows = db.session.execute(found).all()
    if not rows:
        is_there = db.session.scalar(select(ImportDraft.id).where(ImportDraft.id == draft.id))
        raise Refusal(BankRefusal.NOTHING_TO_WRITE if is_there else BankRefusal.DRAFT_GONE)
    bank, uploader, file_name, digest = draft.bank, draft.account, draft.file_name, draft.file_sha256
    known = doubles.KnownItems(bank)
    places: dict[_Place, list[NewItem]] = {place: [] for place in _Place}
    for done, row in enumerate(rows):
        if done % _STEP == 0:
            yield Progress(Stage.COMPARE, done, len(rows))
        item = _new_item(row, file_name)
        places[_place_of(item, row.is_mended, known)].append(item)
    yield Progress(Stage.WRITE, 0, len(rows))
    _end(draft)
    new, changed, same = places[_Place.NEW], places[_Place.KNOWN], len(places[_Place.HERE])
    added = [item.code for item in service.add_items(bank, new, uploader, now=now, send=send)]
    versions = _write_versions(bank, changed, uploader, now, send)
    after = {"file": file_name, "sha256": digest, "added": added, "versions": versions, "sent": send}
    journal.record(actor, "bank.items_imported", bank, now=now, after=after)
    return Committed(len(added), len(versions), same + len(changed) - len(versions))


def _new_item(row: Any, file_name: str) -> NewItem:
    """A stored row as what is to be written; its source says where it comes from."""
    wording = Wording.from_json(row.wording)
    where = f"{file_name}, {row.place or _('câu %(number)s', number=row.number)}"
    source = "; ".join(filter(None, (wording.source, where)))[:300]
    return NewItem(row.code, replace(wording, source=source), row.origin)


class _Place(enum.Enum):
    """Where a row belongs.  KNOWN: to an item of its code; HERE: the bank has got it since, or mending made two rows the same"""

    NEW = enum.auto()
    KNOWN = enum.auto()
    HERE = enum.auto()


def _place_of(item: NewItem, is_mended: bool, known: doubles.KnownItems) -> _Place:
    if item.code in known.by_code:
        return _Place.KNOWN
    if not known.learn(item.wording):
        return _Place.HERE
    # mending may have made another question of one that the bank has
    return _Place.NEW if is_mended or item.origin not in known.by_origin else _Place.HERE


def _write_versions(bank: Bank, changed: Sequence[NewItem], uploader: Account, now: datetime, send: bool) -> list[str]:
    present = {item.code: item for item in queries.items_by_code(bank, [new.code for new in changed])}
    written = []
    for new in changed:
        item = present[new.code]
        if not new.wording.says_the_same(wording_of(item.latest)):
            service.write_version(item, new.wording, uploader, now=now, send=send, origin=new.origin)
            written.append(new.code)
    return written


def drop_import(draft: ImportDraft) -> None:
    """Forget an upload; nothing of it was written.  Raises Refusal(BankRefusal)."""
    _end(draft)


def _end(draft: ImportDraft) -> None:
    """Delete the upload; of two clicks at once the row lets one go on."""
    db.session.execute(delete(ImportRow).where(ImportRow.draft_id == draft.id))
    gone = db.session.execute(delete(ImportDraft).where(ImportDraft.id == draft.id))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise Refusal(BankRefusal.DRAFT_GONE)
