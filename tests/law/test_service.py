"""Documents and provisions: what is written is journalled, and what contradicts a recorded change is refused."""

from datetime import date

import pytest

from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.law import queries, service
from quiz.law.models import DocumentState, LegalDocument
from quiz.law.refusals import LawRefusal
from tests.conftest import NOON

LAW = {"number": "06/2022/QH15", "title": "Luật Thi đua, khen thưởng", "kind": "Luật", "issuer": "Quốc hội"}
DECREE = {"number": "98/2023/NĐ-CP", "title": "Quy định chi tiết", "kind": "Nghị định"}


def add(values, **more):
    with transaction():
        return service.add_document(values | more, None, now=NOON)


def reason_of(command, *arguments):
    with pytest.raises(Refusal) as refused, transaction():
        command(*arguments, None, now=NOON)
    return refused.value.reason


def actions():
    return list(db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)))


def test_a_document_is_added_once(db_session):
    add(LAW)
    assert reason_of(service.add_document, LAW) == LawRefusal.NUMBER_TAKEN
    assert actions() == ["law.added"]


def test_a_correction_is_journalled_and_nothing_is_not(db_session):
    document = add(LAW, effective_on=date(2024, 1, 1))
    with transaction():
        assert service.edit_document(document, {"effective_on": date(2024, 2, 1)}, None, now=NOON)
        assert not service.edit_document(document, LAW, None, now=NOON)
    assert actions() == ["law.added", "law.changed"]
    record = db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq.desc())).first()
    assert (record.before, record.after) == ({"effective_on": "2024-01-01"}, {"effective_on": "2024-02-01"})
    other = add(DECREE)
    assert reason_of(service.edit_document, other, {"number": LAW["number"]}) == LawRefusal.NUMBER_TAKEN


def test_a_correction_does_not_contradict_a_recorded_change(given, app):
    document_id = given.document()
    given.change(document_id, date(2025, 7, 1), kind="replaced", by_number="1/2025")
    with app.app_context():
        document = db.session.get_one(LegalDocument, document_id)
        late = {"effective_on": date(2025, 8, 1)}
        assert reason_of(service.edit_document, document, late) == LawRefusal.CHANGE_BEFORE_EFFECT
        assert (
            reason_of(service.edit_document, document, {"expires_on": None} | late) == LawRefusal.CHANGE_BEFORE_EFFECT
        )
        assert reason_of(service.edit_document, document, {"replaced_by": "2/2025"}) == LawRefusal.END_IS_A_CHANGE


def test_provisions_are_listed_once_each(db_session):
    document = add(LAW)
    place = {"article": "5", "clause": "2", "point": ""}
    with transaction():
        provision = service.add_provision(document, place | {"title": "Mục tiêu"}, None, now=NOON)
        other = service.add_provision(document, place | {"clause": "3"}, None, now=NOON)
    assert provision.name == "Khoản 2 Điều 5"
    assert reason_of(service.add_provision, document, place) == LawRefusal.PLACE_TAKEN
    assert reason_of(service.edit_provision, other, place) == LawRefusal.PLACE_TAKEN
    with transaction():
        assert service.edit_provision(provision, {"expires_on": date(2026, 10, 1)}, None, now=NOON)
        assert not service.edit_provision(provision, place, None, now=NOON)
        service.remove_provision(other, None, now=NOON)
    assert [p.name for p in queries.document_by_number("06/2022/QH15").provisions] == ["Khoản 2 Điều 5"]
    assert actions()[1:] == ["law.provision_added"] * 2 + ["law.provision_edited", "law.provision_removed"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("khen thuong", ["06/2022/QH15"]), ("98/2023", ["98/2023/NĐ-CP"]), ("nghi dinh chi tiet", ["98/2023/NĐ-CP"]),
     ("QUỐC HỘI", ["06/2022/QH15"]), ("100%", []), ("", ["06/2022/QH15", "98/2023/NĐ-CP"])],
)  # fmt: skip
def test_search_needs_no_diacritics(db_session, text, found):
    add(LAW)
    add(DECREE)
    documents, in_all = queries.documents(text, None, date(2024, 6, 1), limit=10)
    assert sorted(d.number for d in documents) == found
    assert in_all == len(found)


def test_the_state_in_sql_is_the_state_of_the_model(given, app):
    days = [None, date(2024, 1, 1), date(2025, 1, 1)]
    for i, effective in enumerate(days):
        for j, expires in enumerate(days):
            for k, questioned in enumerate(days):
                if not (effective and expires and expires <= effective):
                    given.document(f"{i}{j}{k}", effective_on=effective, expires_on=expires, questioned_from=questioned)
    with app.app_context():
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
            for state in DocumentState:
                in_sql = {d.number for d in queries.documents("", state, day, limit=100)[0]}
                assert in_sql == {d.number for d in queries.all_documents() if d.state_on(day) == state}


def test_the_name_of_a_document():
    assert LegalDocument(number="06/2022/QH15", kind="Luật", title="Luật A").name == "Luật A số 06/2022/QH15"
    assert LegalDocument(number="98/2023/NĐ-CP", kind="Nghị định", title="Quy định B").name == "Nghị định 98/2023/NĐ-CP"
    assert (
        LegalDocument(number="Lời kêu gọi", kind="Tư liệu", title="Lời kêu gọi thi đua").name == "Lời kêu gọi thi đua"
    )
