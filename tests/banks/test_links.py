"""Which exemplars an item asks about, and where people see it."""

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.banks import links
from quiz.banks.models import Item, ItemVersion
from quiz.db import db
from quiz.journal import JournalRecord

ITEM = "/ngan-hang/ngan-hang/cau/C001"


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER)


@pytest.fixture
def linked(app):
    def read():
        with app.app_context():
            item = db.session.scalars(select(Item).where(Item.code == "C001")).one()
            return [e.name for e in links.stories_of_item(item)]

    return read


def test_linking_and_taking_away_again(app, given, visit, organizer, linked):
    given.bank(2)
    first, second = given.exemplar("Tổ Giáp"), given.exemplar("Đội Ất", state="draft")
    person = visit(organizer)
    for exemplar in (first, second):
        assert person.post(f"{ITEM}/guong", {"add": str(exemplar)}, page=ITEM).status_code == 302
    assert set(linked()) == {"Tổ Giáp", "Đội Ất"}
    page = person.get(ITEM).text
    assert "Chưa đăng" in page
    assert person.post(f"{ITEM}/guong", {"drop": str(first)}, page=ITEM).status_code == 302
    assert linked() == ["Đội Ất"]
    with app.app_context():
        records = db.session.scalars(select(JournalRecord).order_by(JournalRecord.seq)).all()
        assert [(r.before, r.after) for r in records] == [
            ([], [first]),
            ([first], [first, second]),
            ([first, second], [second]),
        ]


def test_what_makes_no_sense_changes_nothing(given, visit, organizer, linked):
    given.bank(1)
    person = visit(organizer)
    assert person.post(f"{ITEM}/guong", {"add": "999999"}, page=ITEM).status_code == 400
    for fields in ({}, {"add": ""}, {"drop": "5"}, {"drop": "x"}):
        assert person.post(f"{ITEM}/guong", fields, page=ITEM).status_code == 302
    assert linked() == []
    assert visit(given.account(Role.JUDGE)).post(f"{ITEM}/guong", {"add": "1"}, page="/tai-khoan").status_code == 403


def test_only_published_stories_stand_beside_an_answer(app, given):
    given.bank(2)
    with app.app_context():
        ids = db.session.scalars(select(Item.id).order_by(Item.id)).all()
        versions = db.session.scalars(select(ItemVersion.id).order_by(ItemVersion.item_id)).all()
    shown = given.exemplar("Tổ Giáp", items=ids[:1])
    for state in ("draft", "approved", "archived"):
        given.exemplar(f"Đội {state}", state=state, items=ids)
    with app.app_context():
        found = links.stories_of_versions(versions)
        assert {v: [e.id for e in some] for v, some in found.items()} == {versions[0]: [shown]}
        assert links.on_exemplars(versions) == {versions[0]}
        assert [item.code for item in links.items_about(shown)] == ["C001"]
