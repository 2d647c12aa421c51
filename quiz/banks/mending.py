"""Deciding on the page what an upload left open: one row's wording, many keys at once, what many rows lack."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from quiz.banks import doubles
from quiz.banks.drafts import draft_row, worst
from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.formats.assembly import KEY_FAULTS, Assembled
from quiz.banks.models import ImportDraft, ImportRow, ItemKind
from quiz.banks.refusals import BankRefusal
from quiz.banks.wording import TRUE_FALSE, Wording, flaws
from quiz.db import db
from quiz.errors import Refusal

# what was said of the reading stays true whatever is decided later
_OF_THE_READING = {Fault.REPAIRED, Fault.IMAGE_NOT_KEPT, Fault.PINNED_BY_WORDS}
_TOPIC_FAULTS = {Fault.NO_TOPIC, Fault.UNKNOWN_TOPIC, Fault.TOPIC_BY_DEFAULT}
_LEVEL_FAULTS = {Fault.NO_LEVEL, Fault.UNKNOWN_LEVEL}


def mend_row(row: ImportRow, wording: Wording, draft: ImportDraft) -> None:
    """Put a person's wording in the place of what was read, and compare it with the bank again if it is another question."""
    read = draft_row(row)
    kept = [problem for problem in read.problems if problem.fault in _OF_THE_READING | doubles.DOUBLES]
    if wording.essence != read.wording.essence:
        again = Assembled(row.number, row.place, row.code, row.key_text, wording)
        doubles.note_doubles([again], draft.bank)
        kept = [problem for problem in kept if problem.fault not in doubles.DOUBLES] + again.problems
    _store(row, wording, kept, draft)


def decide_keys(draft: ImportDraft, keys: Mapping[int, Collection[int]]) -> int:
    """Set the keys of rows.  keys: row number → numbers of the right options.  Gives how many rows have changed."""
    changed = 0
    for row in _rows(draft, keys):
        read = draft_row(row)
        key = tuple(sorted(n for n in keys[row.number] if 1 <= n <= len(read.wording.options)))
        if not key or not ItemKind(read.wording.kind).has_options:
            continue
        wording = replace(read.wording, key=key, kind=_kind_for(read.wording, key))
        kept = [p for p in read.problems if p.fault not in KEY_FAULTS and p.fault != Fault.SEVERAL_ASSUMED]
        if wording != read.wording or len(kept) < len(read.problems):
            _store(row, wording, kept, draft)
            changed += 1
    return changed


def _kind_for(wording: Wording, key: tuple[int, ...]) -> str:
    if len(key) > 1 and wording.kind == ItemKind.SINGLE:
        return ItemKind.MULTIPLE
    return wording.kind


def fill_rows(
    draft: ImportDraft, numbers: Collection[int] | None, *, topic: str, level: int | None, document_id: int | None
) -> int:
    """Give rows a topic, a level, a document; all rows that lack one when `numbers` is None, else those numbered.

    Empty values change nothing.  Gives how many rows have changed.
    """
    changed = 0
    for row in _rows(draft, numbers):
        read = draft_row(row)
        said = {problem.fault for problem in read.problems}
        asked = numbers is not None
        values: dict[str, object] = {}
        settled: set[Fault] = set()
        if topic and (asked or said & {Fault.NO_TOPIC, Fault.UNKNOWN_TOPIC}):
            values["topic"] = topic
            settled |= _TOPIC_FAULTS
        if level and (asked or said & _LEVEL_FAULTS):
            values["level"] = level
            settled |= _LEVEL_FAULTS
        if document_id and (asked or read.wording.document_id is None):
            values["document_id"] = document_id
            settled |= {Fault.UNKNOWN_DOCUMENT, Fault.PLACE_WITHOUT_DOCUMENT}
        if not values:
            continue
        wording = replace(read.wording, **values)  # type: ignore[arg-type]
        _store(row, wording, [p for p in read.problems if p.fault not in settled], draft)
        changed += 1
    return changed


def change_kind(wording: Wording, kind: ItemKind) -> Wording:
    """The same question as another kind, with as much of it as that kind can hold."""
    options = TRUE_FALSE if kind == ItemKind.TRUE_FALSE else wording.options
    if not (kind.has_options or kind in (ItemKind.ORDERING, ItemKind.MATCHING)):
        options = ()
    key = wording.key if kind.has_options and ItemKind(wording.kind).has_options else ()
    return replace(
        wording, kind=kind.value, options=options, key=tuple(n for n in key if n <= len(options)),
        matches=wording.matches if kind == ItemKind.MATCHING else (), pinned=(), partial=False,
        images=tuple(image for image in wording.images if image.place <= len(options)),
    )  # fmt: skip


def _rows(draft: ImportDraft, numbers: Collection[int] | None) -> list[ImportRow]:
    found = select(ImportRow).where(ImportRow.draft_id == draft.id).order_by(ImportRow.number)
    if numbers is not None:
        found = found.where(ImportRow.number.in_(list(numbers)))
    return list(db.session.scalars(found))


def _store(row: ImportRow, wording: Wording, kept: list[Problem], draft: ImportDraft) -> None:
    """Write the row with what is still wrong with it."""
    said = {problem.fault for problem in kept if problem.severity == Severity.ERROR}
    if Fault.NO_TOPIC in said:
        said.add(Fault.UNKNOWN_TOPIC)  # the same lack, in other words
    if said & KEY_FAULTS:
        said.add(Fault.NO_KEY)
    found = [problem for problem in flaws(wording, [t["code"] for t in draft.bank.topics]) if problem.fault not in said]
    problems = [p for p in kept if p.fault not in {f.fault for f in found}] + found
    row.wording, row.is_mended = wording.to_json(), True
    row.problems, row.worst = [problem.to_json() for problem in problems], worst(problems) or ""
    try:
        db.session.flush()
    except StaleDataError as error:  # written or dropped by somebody else at this moment
        raise Refusal(BankRefusal.DRAFT_GONE) from error
