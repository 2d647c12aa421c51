"""An upload is reported first and written once, whole, by its uploader, as drafts."""

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks import drafts, queries
from quiz.banks.models import Bank, ImportDraft, Item
from quiz.banks.refusals import BankRefusal
from quiz.banks.wording import Fault, Severity
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from tests.banks.sheets import HEADINGS, good, workbook
from tests.conftest import NOON


@pytest.fixture
def desk(given, app):
    """An organizer before an empty bank, inside an application context."""
    account_id, bank_id = given.account(Role.ORGANIZER), given.bank(0)
    with app.app_context():
        yield db.session.get_one(Account, account_id), db.session.get_one(Bank, bank_id)


def start(desk, *rows, name="cau-hoi.xlsx", **arguments):
    account, bank = desk
    with transaction():
        return drafts.start_import(bank, name, workbook(*rows, **arguments), account, now=NOON)


def commit(draft, account, **arguments):
    with transaction():
        return drafts.commit_import(draft, account, now=NOON, **arguments)


def items():
    return db.session.scalars(db.select(Item).order_by(Item.code)).all()


def test_nothing_is_written_before_the_commit(desk):
    draft = start(desk, good(), good("Hai?", key="Z"), [], good("Ba?", level=""))
    assert items() == []
    assert {k: draft.report[k] for k in ("read", "valid", "warning", "error", "skipped")} == {
        "read": 3, "valid": 1, "warning": 1, "error": 1, "skipped": 1,
    }  # fmt: skip
    rows = drafts.rows_of(draft)
    assert [(r.number, r.worst, r.can_be_written) for r in rows] == [
        (2, None, True), (3, Severity.ERROR, False), (5, Severity.WARNING, True),
    ]  # fmt: skip


def test_the_commit_writes_what_can_be_written_as_drafts_by_the_uploader(desk, given):
    account, _bank = desk
    draft = start(desk, good(), good("Hai?", key="Z"), good("Ba?", level=""))
    other = db.session.get_one(Account, given.account(Role.ORGANIZER))
    done = commit(draft, other)
    assert (done.added, done.versions, done.same) == (2, 0, 0)
    assert [(i.code, i.state, i.latest.author_id) for i in items()] == [
        ("CH-0001", "draft", account.id),
        ("CH-0002", "draft", account.id),
    ]
    assert items()[0].latest.source == "cau-hoi.xlsx, dòng 2"
    assert db.session.query(ImportDraft).count() == 0
    record = db.session.scalars(db.select(JournalRecord).filter_by(action="bank.items_imported")).one()
    assert (record.actor_id, record.after["added"]) == (other.id, ["CH-0001", "CH-0002"])


def test_only_chosen_rows(desk):
    draft = start(desk, good(), good("Hai?"), good("Ba?", key="Z"))
    assert commit(draft, desk[0], only={3, 4, 99}).added == 1
    assert [i.latest.stem for i in items()] == ["Hai?"]


def test_nothing_chosen_leaves_the_upload_as_it_was(desk):
    draft = start(desk, good(), good("Ba?", key="Z"))
    with pytest.raises(Refusal) as refusal:
        commit(draft, desk[0], only={3})
    assert refusal.value.reason == BankRefusal.NOTHING_TO_WRITE
    assert db.session.query(ImportDraft).count() == 1


def test_of_two_commits_at_once_one_is_refused(desk):
    account, _bank = desk
    draft = start(desk, good())
    assert drafts.rows_of(draft)
    assert (draft.bank.code, draft.account, draft.file_name) == ("ngan-hang", account, "cau-hoi.xlsx")
    with db.engine.begin() as elsewhere:  # the other click was faster
        elsewhere.execute(db.delete(ImportDraft).where(ImportDraft.id == draft.id))
    with pytest.raises(Refusal) as refusal:
        commit(draft, account)
    assert refusal.value.reason == BankRefusal.DRAFT_GONE
    assert items() == []


def faults(draft):
    return [[p.fault for p in row.problems] for row in drafts.rows_of(draft)]


def test_doubles_within_the_file(desk):
    rows = [
        good(),
        good("CÂU HỎI   thứ nhất"),
        good(a="khác"),
        ["Câu hỏi thứ nhất?", "bốn", "ba", "hai", "một", "C", "chung", 1],
    ]
    draft = start(desk, *rows)
    assert faults(draft) == [[], [Fault.SAME_ITEM_TWICE], [Fault.SAME_STEM_TWICE], [Fault.SAME_ITEM_TWICE]]
    assert drafts.rows_of(draft)[1].problems[0].details == {"row": 2}


def test_doubles_with_the_bank(desk):
    commit(start(desk, good()), desk[0])
    draft = start(desk, good(a="khác"), good("Mới?"), good(c="Ba!"))
    assert faults(draft) == [[Fault.STEM_IN_BANK], [], [Fault.ITEM_IN_BANK, Fault.SAME_STEM_TWICE]]
    assert commit(draft, desk[0]).added == 2


def test_codes(desk):
    names = ["Mã câu", *HEADINGS]
    commit(start(desk, ["TD-1", *good()], headings=names), desk[0])
    draft = start(
        desk, ["TD-1", *good(key="C")], ["TD-2", *good("Hai?")], ["TD-2", *good("Ba?")], headings=names
    )  # fmt: skip
    assert faults(draft) == [[Fault.NEW_VERSION], [], [Fault.SAME_CODE_TWICE]]
    done = commit(draft, desk[0])
    assert (done.added, done.versions) == (1, 1)
    item = queries.item_by_code("ngan-hang", "TD-1")
    assert [(v.number, v.key) for v in item.versions] == [(1, [2]), (2, [3])]


def test_an_upload_of_another_person_was_faster(desk):
    first, second = start(desk, good(), good("Hai?")), start(desk, good(), good("Ba?"), name="b.xlsx")
    commit(first, desk[0])
    done = commit(second, desk[0])
    assert (done.added, done.same) == (1, 1)
    assert [i.latest.stem for i in items()] == ["Câu hỏi thứ nhất?", "Hai?", "Ba?"]


def test_a_mended_file_takes_the_place_of_the_first(desk, given):
    start(desk, good(key="Z"))
    start(desk, good())
    other = db.session.get_one(Account, given.account(Role.ORGANIZER))
    start((other, desk[1]), good())
    assert [(d.account_id, d.report["error"]) for d in queries.drafts_of(desk[1])] == [(other.id, 0), (desk[0].id, 0)]


def test_uploads_nobody_decided_on_go_after_a_week(desk):
    from datetime import timedelta

    start(desk, good())
    account, bank = desk
    with transaction():
        drafts.start_import(bank, "b.xlsx", workbook(good()), account, now=NOON + timedelta(days=7, seconds=1))
    assert [d.file_name for d in queries.drafts_of(bank)] == ["b.xlsx"]


def test_a_file_of_a_thousand_items(desk):
    rows = [good(f"Câu hỏi thứ {n}?") for n in range(1000)]
    draft = start(desk, *rows)
    assert draft.report["valid"] == 1000
    assert commit(draft, desk[0]).added == 1000
    assert items()[-1].code == "CH-1000"
