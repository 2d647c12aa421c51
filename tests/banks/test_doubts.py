"""A change of the law takes what it touches out of papers, and only a check by somebody else brings it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks import doubts, law_checks, queries, review, service
from quiz.banks.law_checks import CheckState
from quiz.banks.models import Item, ItemVersion, LawCheck
from quiz.banks.refusals import LawCheckRefusal, ReviewRefusal
from quiz.banks.wording import wording_of
from quiz.db import db, transaction
from quiz.journal import JournalRecord
from quiz.law.models import LawChange, LegalDocument, Provision
from tests.conftest import NOON

FROM = date(2026, 10, 1)
BEFORE = FROM - timedelta(days=1)


@pytest.fixture
def people(given):
    """(author, reviewer)"""
    return given.account(Role.ORGANIZER, name="Người Soạn"), given.account(Role.JUDGE, name="Người Duyệt")


def drawn(day, *codes):
    return {c.version_id for c in queries.candidates(codes or ["ngan-hang"], day)}


def states(change_id):
    return {t.item.code: t.state for t in law_checks.touched_by(db.session.get_one(LawChange, change_id))}


def confirm(change_id, account_id, *item_ids, may_write=True, why=""):
    with transaction():
        change, actor = db.session.get_one(LawChange, change_id), db.session.get_one(Account, account_id)
        return law_checks.confirm(change, set(item_ids), actor, why, now=NOON, may_write=may_write)


def approve(change_id, account_id, *item_ids):
    with transaction():
        change, actor = db.session.get_one(LawChange, change_id), db.session.get_one(Account, account_id)
        return law_checks.approve_renewals(change, set(item_ids), actor, now=NOON)


def test_items_on_an_amended_document_leave_from_that_day_on(given, app):
    law, other = given.document(), given.document("35/2013/QH13", title="Luật khác")
    given.bank(2, document_id=law)
    given.bank(1, "khac", document_id=other)
    given.change(law)
    with app.app_context():
        assert len(drawn(BEFORE)) == 2
        assert drawn(FROM) == set()
        assert len(drawn(FROM, "khac")) == 1


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ([["5", "", ""]], {"muoi"}),
        ([["5", "2", ""]], {"muoi", "khoan"}),
        ([["10", "", ""], ["5", "1", ""]], set()),
        ([["7", "", ""]], {"nam", "khoan", "muoi"}),
    ],
)
def test_only_what_cites_a_touched_place_leaves(given, app, scope, left):
    law = given.document()
    for code, place in (
        ("nam", {"article": "5"}),
        ("khoan", {"article": "5", "clause": "1"}),
        ("muoi", {"article": "10"}),
    ):
        given.bank(1, code, document_id=law, **place)
    given.change(law, scope=scope)
    with app.app_context():
        assert {c.bank for c in queries.candidates(["nam", "khoan", "muoi"], FROM)} == left


def test_a_provision_with_a_period_of_its_own_bounds_what_cites_it(given, app):
    law = given.document()
    for code, place in (("nam", {"article": "5"}), ("khoan", {"article": "5", "clause": "1"}), ("ca", {})):
        given.bank(1, code, document_id=law, **place)
    given.save(Provision(document_id=law, article="5", clause="1", effective_on=date(2025, 1, 1), expires_on=FROM))
    with app.app_context():
        for day, expected in (
            (date(2024, 12, 31), {"nam", "ca"}), (BEFORE, {"nam", "khoan", "ca"}), (FROM, {"nam", "ca"}),
        ):  # fmt: skip
            assert {c.bank for c in queries.candidates(["nam", "khoan", "ca"], day)} == expected


def test_somebody_else_than_the_author_says_that_a_key_is_still_right(given, app, people):
    author, reviewer = people
    law = given.document()
    given.bank(2, document_id=law, author_id=author)
    change = given.change(law)
    with app.app_context():
        done = confirm(change, author, 1, 2)
        assert (done.checked, done.left) == ([], {LawCheckRefusal.OWN_WORDING: ["C001", "C002"]})
        assert drawn(FROM) == set()
        done = confirm(change, reviewer, 1, why="Đã đọc Điều 1.")
        assert done.checked == ["C001"]
        assert drawn(FROM) == {1}
        assert states(change) == {"C001": CheckState.CHECKED, "C002": CheckState.DOUBTED}
        record = db.session.scalars(db.select(JournalRecord)).one()
        assert (record.action, record.subject, record.reason) == ("item.law_checked", "item:1", "Đã đọc Điều 1.")
        assert (record.after["by_number"], record.after["from_on"]) == ("06/2026/QH16", "2026-10-01")
        assert confirm(change, reviewer, 1).left == {LawCheckRefusal.CHECKED: ["C001"]}
        assert db.session.query(LawCheck).count() == 1


def test_a_check_is_of_one_wording_against_one_change(given, app, people):
    author, reviewer = people
    law = given.document()
    given.bank(1, document_id=law)
    first, second = given.change(law), given.change(law, FROM + timedelta(days=90), by_number="1/2027/QH16")
    with app.app_context():
        confirm(first, reviewer, 1)
        assert drawn(FROM) == {1}
        assert drawn(FROM + timedelta(days=90)) == set()
        confirm(second, reviewer, 1)
        assert drawn(date(2030, 1, 1)) == {1}
        with transaction():
            item, writer = db.session.get_one(Item, 1), db.session.get_one(Account, author)
            wording = replace(wording_of(item.latest), stem="Câu viết lại?")
            version = service.write_version(item, wording, writer, now=NOON, send=True)
            assert [c.id for c in law_checks.askable(version)] == [first, second]
            actor = db.session.get_one(Account, reviewer)
            review.approve_version(version, actor, now=NOON, checked=[db.session.get_one(LawChange, first)])
        assert drawn(FROM) == {version.id}
        assert drawn(FROM + timedelta(days=90)) == set()


def test_a_key_that_was_given_up_to_that_day_needs_a_new_version_and_two_people(given, app, people):
    author, reviewer = people
    law = given.document()
    given.bank(2, document_id=law, valid_until=FROM)
    change = given.change(law)
    with app.app_context():
        assert states(change) == {"C001": CheckState.ENDS, "C002": CheckState.ENDS}
        assert confirm(change, reviewer, 1, may_write=False).left == {LawCheckRefusal.NEEDS_VERSION: ["C001"]}
        assert confirm(change, author, 1).renewed == ["C001"]
        assert states(change)["C001"] == CheckState.WAITS
        assert drawn(FROM) == set()
        assert drawn(BEFORE) == {1, 2}
        assert confirm(change, author, 1).left == {LawCheckRefusal.WAITS: ["C001"]}
        assert approve(change, author, 1).left == {ReviewRefusal.OWN_WORDING: ["C001"]}
        assert approve(change, reviewer, 2).left == {LawCheckRefusal.NOTHING_WAITS: ["C002"]}
        assert approve(change, reviewer, 1).approved == ["C001"]
        live = db.session.get_one(Item, 1).live_version
        assert (live.number, live.valid_until, live.author_id, live.reviewer_id) == (2, None, author, reviewer)
        assert drawn(FROM) == {live.id}
        assert states(change)["C001"] == CheckState.CHECKED


def test_a_renewed_version_keeps_the_checks_of_the_one_before(given, app, people):
    author, reviewer = people
    law = given.document()
    given.bank(1, document_id=law, valid_until=FROM)
    earlier, change = given.change(law, date(2025, 7, 1), by_number="1/2025"), given.change(law)
    with app.app_context():
        confirm(earlier, reviewer, 1)
        confirm(change, author, 1)
        approve(change, reviewer, 1)
        assert drawn(date(2025, 7, 1)) == drawn(FROM) == {db.session.get_one(Item, 1).live_version.id}


def test_a_rewritten_version_is_read_on_its_own_page(given, app, people):
    author, reviewer = people
    law = given.document()
    given.bank(1, document_id=law)
    change = given.change(law)
    given.save(
        given._version(
            1, False, {"number": 2, "item_id": 1, "stem": "Theo luật mới?", "document_id": law, "author_id": author}
        )
    )
    with app.app_context():
        with transaction():
            item = db.session.get_one(Item, 1)
            item.latest_number, item.pending = 2, True
        assert states(change) == {"C001": CheckState.WAITS}
        assert approve(change, reviewer, 1).left == {LawCheckRefusal.REWORDED: ["C001"]}


@pytest.mark.parametrize(
    ("version", "changed"),
    [({}, {"kind": "replaced"}), ({}, {"kind": "repealed"}), ({"valid_until": date(2025, 7, 1)}, {})],
)
def test_no_check_brings_back_what_has_ended_for_another_reason(given, app, people, version, changed):
    law = given.document()
    given.bank(1, document_id=law, **version)
    change = given.change(law, **changed)
    with app.app_context():
        assert states(change) == {"C001": CheckState.OVER}
        assert confirm(change, people[1], 1).left == {LawCheckRefusal.OVER: ["C001"]}


def test_a_draft_beside_the_live_version_is_not_passed_over(given, app, people):
    law = given.document()
    given.bank(1, document_id=law, valid_until=FROM)
    change = given.change(law)
    given.save(given._version(1, False, {"number": 2, "item_id": 1, "stem": "Nháp?", "sent_at": None}))
    with app.app_context():
        with transaction():
            db.session.get_one(Item, 1).latest_number = 2
        assert confirm(change, people[0], 1).left == {LawCheckRefusal.HAS_DRAFT: ["C001"]}


def test_what_a_change_touches_leaves_out_retired_items_and_drafts(given, app, people, clock):
    law = given.document()
    given.bank(2, document_id=law)
    given.bank(1, "nhap", live=False, document_id=law)
    change = given.change(law)
    with app.app_context():
        with transaction():
            record = db.session.get_one(Account, people[0])
            assert law_checks.retire(db.session.get_one(LawChange, change), {1}, record, "Luật mới.", now=NOON) == [
                "C001"
            ]
        assert states(change) == {"C002": CheckState.DOUBTED}
        document = db.session.get_one(LegalDocument, law)
        assert [a.item.code for a in law_checks.preview(document.id, ())] == ["C002"]
        assert db.session.query(ItemVersion).count() == 3


def test_open_changes_of_a_version(given, app, people):
    law = given.document()
    given.bank(1, document_id=law)
    end = given.change(law, FROM + timedelta(days=1), kind="replaced", by_number="1")
    amended = given.change(law)
    with app.app_context():
        version = db.session.get_one(ItemVersion, 1)
        assert [c.id for c in doubts.open_changes(version)] == [amended, end]
        assert [c.id for c in law_checks.askable(version)] == [amended]
        form = MultiDict([("checked", str(end)), ("checked", "x")])
        assert law_checks.checked_changes(form, version) == []
        form.add("checked", str(amended))
        assert [c.id for c in law_checks.checked_changes(form, version)] == [amended]
