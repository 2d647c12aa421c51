"""A document is amended, replaced or repealed: what the library then says of it, and what it refuses to note."""

from datetime import date, timedelta

import pytest

from quiz.accounts.models import Account
from quiz.banks.models import LawCheck
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord, first_broken
from quiz.law import changes
from quiz.law.changes import ChangeFacts
from quiz.law.models import ChangeKind, LawChange, LegalDocument
from quiz.law.refusals import LawRefusal
from quiz.rules.validity import Place
from tests.conftest import NOON

EFFECTIVE = date(2024, 1, 1)
FROM = date(2026, 10, 1)
DAY = timedelta(days=1)


def facts(**values):
    usual = {"kind": ChangeKind.AMENDED, "from_on": FROM, "by_number": "06/2026/QH16"}
    return ChangeFacts(**usual | values)


@pytest.fixture
def desk(given, app):
    """(document, actor) inside an application context."""
    document_id, account_id = given.document(effective_on=EFFECTIVE), given.account()
    with app.app_context():
        yield db.session.get_one(LegalDocument, document_id), db.session.get_one(Account, account_id)


def record(desk, **values):
    document, actor = desk
    with transaction():
        return changes.record_change(document, facts(**values), actor, now=NOON)


def reason_of(desk, **values):
    with pytest.raises(Refusal) as refused:
        record(desk, **values)
    return refused.value.reason


def standing(document):
    db.session.refresh(document)
    return document.questioned_from, document.expires_on, document.replaced_by


def test_an_unread_amendment_questions_the_document_but_leaves_it_in_force(desk):
    change = record(desk)
    assert standing(desk[0]) == (FROM, None, "")
    assert (change.recorded_by_id, change.recorded_at) == (desk[1].id, NOON)
    entry = db.session.scalars(db.select(JournalRecord)).one()
    assert (entry.action, entry.subject) == ("law.change_recorded", f"legal_document:{desk[0].id}")
    assert (entry.before["questioned_from"], entry.after["questioned_from"]) == (None, "2026-10-01")
    assert first_broken() is None


def test_the_earliest_unread_amendment_of_the_whole_document_counts(desk):
    record(desk, from_on=FROM + DAY, by_number="2")
    record(desk, by_number="1", is_read=True)
    record(desk, from_on=FROM - DAY, by_number="3", scope=(Place("5"),))
    assert standing(desk[0])[0] == FROM + DAY
    record(desk, from_on=FROM - 2 * DAY, by_number="4")
    assert standing(desk[0])[0] == FROM - 2 * DAY


def test_once_read_it_questions_the_document_no_more(desk):
    change = record(desk)
    with transaction():
        assert changes.edit_change(change, facts(is_read=True), desk[1], now=NOON)
        assert not changes.edit_change(change, facts(is_read=True), desk[1], now=NOON)
    assert standing(desk[0]) == (None, None, "")
    actions = list(db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)))
    assert actions == ["law.change_recorded", "law.change_edited"]


@pytest.mark.parametrize(("kind", "successor"), [(ChangeKind.REPLACED, "152/2025/NĐ-CP"), (ChangeKind.REPEALED, "")])
def test_a_replacement_of_the_whole_document_ends_it(desk, kind, successor):
    change = record(desk, kind=kind, by_number="152/2025/NĐ-CP")
    assert standing(desk[0]) == (None, FROM, successor)
    with transaction():
        changes.edit_change(change, facts(kind=kind, by_number="152/2025/NĐ-CP", from_on=FROM + DAY), desk[1], now=NOON)
    assert standing(desk[0]) == (None, FROM + DAY, successor)
    with transaction():
        changes.edit_change(change, facts(by_number="152/2025/NĐ-CP"), desk[1], now=NOON)
    assert standing(desk[0]) == (FROM, None, "")


def test_a_replacement_of_some_places_leaves_the_document_in_force(desk):
    record(desk, kind=ChangeKind.REPLACED, scope=(Place("5", "2"),))
    assert standing(desk[0]) == (None, None, "")


def test_what_is_refused(desk):
    assert reason_of(desk, from_on=EFFECTIVE - DAY) == LawRefusal.BEFORE_EFFECT
    assert reason_of(desk, from_on=EFFECTIVE, kind=ChangeKind.REPEALED) == LawRefusal.END_BEFORE_EFFECT
    assert reason_of(desk, by_number=desk[0].number) == LawRefusal.CHANGED_BY_ITSELF
    record(desk, from_on=EFFECTIVE)
    record(desk)
    assert reason_of(desk, scope=(Place("5"),)) == LawRefusal.SAME_CHANGE
    end = record(desk, kind=ChangeKind.REPLACED, by_number="9", from_on=FROM + DAY)
    assert reason_of(desk, by_number="10", from_on=FROM + DAY) == LawRefusal.AFTER_END
    assert reason_of(desk, by_number="10", kind=ChangeKind.REPEALED) == LawRefusal.OTHER_END
    with pytest.raises(Refusal) as refused:
        changes.edit_change(end, facts(), desk[1], now=NOON)
    assert refused.value.reason == LawRefusal.SAME_CHANGE


def test_an_end_known_before_may_be_recorded_with_its_own_day_only(desk):
    with transaction():
        desk[0].expires_on = FROM
    assert reason_of(desk, kind=ChangeKind.REPLACED, from_on=FROM + DAY) == LawRefusal.OTHER_END
    record(desk, kind=ChangeKind.REPLACED)
    assert standing(desk[0])[1:] == (FROM, "06/2026/QH16")


@pytest.mark.parametrize(("keep_end", "expected"), [(False, (None, None, "")), (True, (None, FROM, "06/2026/QH16"))])
def test_a_change_noted_by_mistake_is_withdrawn_with_its_end_unless_that_holds(desk, keep_end, expected):
    change = record(desk, kind=ChangeKind.REPLACED)
    with transaction():
        changes.withdraw_change(change, desk[1], "Nhầm văn bản.", now=NOON, keep_end=keep_end)
    assert standing(desk[0]) == expected
    assert db.session.scalars(db.select(LawChange)).all() == []
    entry = db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq.desc())).first()
    assert (entry.action, entry.reason, entry.before["by_number"]) == (
        "law.change_withdrawn",
        "Nhầm văn bản.",
        "06/2026/QH16",
    )


def test_a_change_that_items_were_checked_against_stays(given, app):
    document_id, account_id = given.document(), given.account()
    change_id = given.change(document_id)
    given.bank(1, document_id=document_id)
    given.save(LawCheck(version_id=1, change_id=change_id, account_id=account_id, checked_at=NOON))
    with app.app_context():
        change, actor = db.session.get_one(LawChange, change_id), db.session.get_one(Account, account_id)
        with pytest.raises(Refusal) as refused, transaction():
            changes.withdraw_change(change, actor, "", now=NOON)
        assert refused.value.reason == LawRefusal.CHANGE_CHECKED
        assert db.session.get(LawChange, change_id) is not None
