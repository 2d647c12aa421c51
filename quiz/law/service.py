"""Commands of the law library: documents and provisions. What happens to a document: changes.py; files: csv_import.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.db import db
from quiz.errors import Refusal
from quiz.formats import day
from quiz.law import queries
from quiz.law.models import LegalDocument, Provision
from quiz.law.refusals import LawRefusal


def add_document(values: Mapping[str, Any], actor: journal.Actor | None, *, now: datetime) -> LegalDocument:
    """Put a document into the library.  values: columns of LegalDocument.  Raises Refusal(NUMBER_TAKEN)."""
    if queries.document_by_number(values["number"]):
        raise Refusal(LawRefusal.NUMBER_TAKEN, number=values["number"])
    document = LegalDocument(**values)
    db.session.add(document)
    _flush_or(Refusal(LawRefusal.NUMBER_TAKEN, number=values["number"]))
    journal.record(actor, "law.added", _subject(document), now=now, after=plain_values(values))
    return document


def edit_document(
    document: LegalDocument, values: Mapping[str, Any], actor: journal.Actor | None, *, now: datetime
) -> bool:
    """Correct what the library says of a document; False when nothing differs.

    Its end, where a recorded change gave it, is corrected there (changes.py).  Raises Refusal(LawRefusal).
    """
    different = {name: value for name, value in values.items() if getattr(document, name) != value}
    if not different:
        return False
    if (number := different.get("number")) and queries.document_by_number(number):
        raise Refusal(LawRefusal.NUMBER_TAKEN, number=number)
    if refusal := why_not_edit(document, different):
        raise refusal
    before = {name: getattr(document, name) for name in different}
    for name, value in different.items():
        setattr(document, name, value)
    _flush_or(Refusal(LawRefusal.NUMBER_TAKEN, number=document.number))
    # periods decide which items are drawn, so every change is kept
    journal.record(
        actor, "law.changed", _subject(document), now=now, before=plain_values(before), after=plain_values(different)
    )
    return True


def why_not_edit(document: LegalDocument, different: Mapping[str, Any]) -> Refusal | None:
    """The refusal that writing these columns over the present ones would meet, or None."""
    effective = different.get("effective_on")
    first = min((c.from_on for c in document.changes), default=None)
    if effective and first and first < effective:
        return Refusal(LawRefusal.CHANGE_BEFORE_EFFECT, change=day(first))
    end = next((c for c in document.changes if c.ends_document), None)
    if end and {"expires_on", "replaced_by"} & set(different):
        return Refusal(LawRefusal.END_IS_A_CHANGE, day=day(end.from_on))
    return None


def add_provision(
    document: LegalDocument, values: Mapping[str, Any], actor: journal.Actor | None, *, now: datetime
) -> Provision:
    """List an article, clause or point of a document.  Raises Refusal(PLACE_TAKEN)."""
    provision = Provision(document_id=document.id, **values)
    db.session.add(provision)
    _flush_or(Refusal(LawRefusal.PLACE_TAKEN, place=provision.name))
    after = plain_values(values)
    journal.record(actor, "law.provision_added", _subject(document), now=now, after=after)
    return provision


def edit_provision(
    provision: Provision, values: Mapping[str, Any], actor: journal.Actor | None, *, now: datetime
) -> bool:
    """Correct a provision; False when nothing differs.  Raises Refusal(PLACE_TAKEN)."""
    different = {name: value for name, value in values.items() if getattr(provision, name) != value}
    if not different:
        return False
    before = {"place": provision.name} | plain_values({name: getattr(provision, name) for name in different})
    for name, value in different.items():
        setattr(provision, name, value)
    _flush_or(Refusal(LawRefusal.PLACE_TAKEN, place=provision.name))
    journal.record(
        actor, "law.provision_edited", f"legal_document:{provision.document_id}",
        now=now, before=before, after={"place": provision.name} | plain_values(different),
    )  # fmt: skip
    return True


def remove_provision(provision: Provision, actor: journal.Actor, *, now: datetime) -> None:
    """Take a provision off the list; items and changes name places by themselves and keep them."""
    columns = ("article", "clause", "point", "title", "effective_on", "expires_on", "note")
    before = plain_values({name: getattr(provision, name) for name in columns})
    journal.record(actor, "law.provision_removed", f"legal_document:{provision.document_id}", now=now, before=before)
    db.session.delete(provision)
    db.session.flush()


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as JSON."""
    return {n: v if v is None or isinstance(v, str) else v.isoformat() for n, v in values.items()}


def _subject(document: LegalDocument) -> str:
    return f"legal_document:{document.id}"


def _flush_or(refusal: Refusal) -> None:
    """Flush; a constraint that is broken because somebody was faster becomes the refusal."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error
