"""Items of a contest whose law changes between its law date and its last close: what people read meanwhile is new.

A contest goes on drawing them, since its law date says which law is asked; the organizer should know, item by item.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from quiz.banks.doubts import place_of_version
from quiz.banks.models import Bank, Item, ItemVersion, LawCheck
from quiz.contests.models import Contest, ContestState
from quiz.contests.pool_plan import planned_pools
from quiz.contests.pools import candidates_of, pools_of
from quiz.contests.rule_set import RuleSet
from quiz.db import db
from quiz.formats import local
from quiz.law import queries as law
from quiz.law.models import ChangeKind, LawChange, LegalDocument, Provision
from quiz.rules.validity import lies_in


@dataclass(frozen=True, slots=True)
class Span:
    """The days over which the law of a contest should stand still: after `first`, up to `last`."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first < day <= self.last


@dataclass(frozen=True, slots=True)
class LawWarning:
    """An item that papers may hold, and the day from which its law is another.

    change: what happens to its document, or None when the document, the provision or the item's own period just ends ·
    check: who has compared the item with the change, or None
    """

    bank: Bank
    item: Item
    version: ItemVersion
    day: date
    change: LawChange | None
    check: LawCheck | None


def told(warning: LawWarning) -> str:
    """What happens, as half a sentence: "06/2022/QH15 được sửa đổi bởi 06/2026/QH16"."""
    document = warning.version.document
    number = document.number if document else ""
    if warning.change is None:
        ended = document is not None and document.expires_on == warning.day
        return (
            _("%(number)s hết hiệu lực", number=number) if ended else _("thời hạn của đáp án hoặc điều khoản kết thúc")
        )
    by = warning.change.by_number
    match ChangeKind(warning.change.kind):
        case ChangeKind.AMENDED:
            text = _("%(number)s được sửa đổi", number=number)
        case ChangeKind.REPLACED:
            text = _("%(number)s được thay thế", number=number)
        case ChangeKind.REPEALED:
            text = _("%(number)s bị bãi bỏ", number=number)
    return _("%(text)s bởi %(by)s", text=text, by=by) if by else text


def span_of(law_date: date, windows: Sequence[tuple[datetime, datetime]]) -> Span:
    """From the law date or the day of the first opening, whichever is earlier, to the day of the last close."""
    opening = min(local(opens_at).date() for opens_at, _closes_at in windows)
    # a round that closes at midnight has its last moment on the day before
    close = max(local(closes_at - timedelta(microseconds=1)).date() for _opens_at, closes_at in windows)
    return Span(min(law_date, opening), close)


def of_draft(rules: RuleSet) -> list[LawWarning]:
    """Warnings over everything that the draft's papers could draw now."""
    ids = {c.version_id for pool in planned_pools(rules) for c in pool.candidates}
    return crossing(ids, span_of(rules.law_date, [(r.opens_at, r.closes_at) for r in rules.rounds]))


def of_open(contest: Contest) -> list[LawWarning]:
    """Warnings over the frozen pools of an open contest."""
    ids = {c.version_id for pool_id in pools_of(contest) for c in candidates_of(pool_id)}
    return crossing(ids, span_of(contest.law_date, [(r.opens_at, r.closes_at) for r in contest.rounds]))


def count_unchecked(contest: Contest, now: datetime) -> int:
    """How many items of an open contest that has not ended the organizer should look at."""
    if contest.state != ContestState.OPEN or all(r.closes_at <= now for r in contest.rounds):
        return 0
    return len({w.item.id for w in of_open(contest) if w.check is None})


def crossing(version_ids: Collection[int], span: Span) -> list[LawWarning]:
    """Warnings for these versions, by day, bank and code; a version once for each change."""
    changes, terms = _changes_in(span), law.provision_terms()
    ending = set(db.session.scalars(select(LegalDocument.id).where(_within(LegalDocument.expires_on, span))))
    documents = {*changes, *ending, *(id_ for id_, ps in terms.items() if any(span.holds(p.expires_on) for p in ps))}
    v = ItemVersion
    rows = db.session.execute(
        select(Bank, Item, v)
        .join(Item, Item.bank_id == Bank.id)
        .join(v, v.item_id == Item.id)
        .where(or_(v.document_id.in_(documents), _within(v.valid_until, span)))
        .options(joinedload(v.document))
    )
    checks = _checks(changes)
    found = [
        LawWarning(bank, item, version, day, change, checks.get((version.id, change.id)) if change else None)
        for bank, item, version in rows
        if version.id in version_ids
        for day, change in _days(version, changes, terms, span)
    ]
    return sorted(found, key=lambda w: (w.day, w.bank.title, w.item.code))


def _within(column: InstrumentedAttribute[Any], span: Span) -> ColumnElement[bool]:
    return and_(column > span.first, column <= span.last)


def _changes_in(span: Span) -> dict[int, list[LawChange]]:
    found: dict[int, list[LawChange]] = {}
    in_span = select(LawChange).where(_within(LawChange.from_on, span)).order_by(LawChange.from_on, LawChange.id)
    for change in db.session.scalars(in_span):
        found.setdefault(change.document_id, []).append(change)
    return found


def _checks(changes: dict[int, list[LawChange]]) -> dict[tuple[int, int], LawCheck]:
    ids = [change.id for of_document in changes.values() for change in of_document]
    found = db.session.scalars(
        select(LawCheck).where(LawCheck.change_id.in_(ids)).options(joinedload(LawCheck.account))
    )
    return {(check.version_id, check.change_id): check for check in found}


def _days(
    version: ItemVersion, changes: dict[int, list[LawChange]], terms: dict[int, list[Provision]], span: Span
) -> list[tuple[date, LawChange | None]]:
    """Every day in the span from which this version's law is another, with the change if one is recorded."""
    place = place_of_version(version)
    found: list[tuple[date, LawChange | None]] = []
    if version.document is not None:
        found = [(c.from_on, c) for c in changes.get(version.document.id, []) if c.concerns(place)]
        provisions = [p for p in terms.get(version.document.id, []) if lies_in(place, p.place)]
        ends = [version.document.expires_on, version.valid_until, *(p.expires_on for p in provisions)]
    else:
        ends = [version.valid_until]
    told = {day for day, _change in found}
    return found + [(day, None) for day in sorted({e for e in ends if e and span.holds(e)} - told)]
