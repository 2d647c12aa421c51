"""An upload is reported first and written once, whole, by its uploader, as drafts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks import drafts, mending, queries, review, service
from quiz.banks.drafts import Stage, draft_row
from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import Defaults
from quiz.banks.models import Bank, ImportDraft, ImportRow, Item, ItemState
from quiz.banks.queries import RowFilter
from quiz.banks.refusals import BankRefusal
from quiz.banks.wording import wording_of
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
    return upload(desk, workbook(*rows, **arguments), name)


def upload(desk, content, name="cau-hoi.xlsx", *, now=NOON, **arguments):
    account, bank = desk
    with transaction():
        return drafts.finished(drafts.start_import(bank, name, content, account, now=now, **arguments))


def commit(draft, account, **arguments):
    with transaction():
        return drafts.finished(drafts.commit_import(draft, account, now=NOON, **arguments))


def rows_of(draft):
    return [draft_row(row) for row in queries.rows_of(draft, RowFilter.ALL, limit=1000)]


def items():
    return db.session.scalars(db.select(Item).order_by(Item.code)).all()


def test_nothing_is_written_before_the_commit(desk):
    draft = start(desk, good(), good("Hai?", key="Z"), [], good("Ba?", level=""))
    assert items() == []
    counts = drafts.counts_of(draft)
    assert (counts.read, counts.valid, counts.warning, counts.error) == (3, 1, 1, 1)
    assert (draft.format, draft.report["empty"]) == ("xlsx", 1)
    assert [(r.number, r.place, r.worst, r.can_be_written) for r in rows_of(draft)] == [
        (1, "dòng 2", None, True), (2, "dòng 3", Severity.ERROR, False), (3, "dòng 5", Severity.WARNING, True),
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
    assert commit(draft, desk[0], only={2, 3, 99}).added == 1
    assert [i.latest.stem for i in items()] == ["Hai?"]


def test_nothing_chosen_leaves_the_upload_as_it_was(desk):
    draft = start(desk, good(), good("Ba?", key="Z"))
    with pytest.raises(Refusal) as refusal:
        commit(draft, desk[0], only={2})
    assert refusal.value.reason == BankRefusal.NOTHING_TO_WRITE
    assert db.session.query(ImportDraft).count() == 1


def test_of_two_commits_at_once_one_is_refused(desk):
    account, _bank = desk
    draft = start(desk, good())
    assert (draft.bank.code, draft.account, draft.file_name) == ("ngan-hang", account, "cau-hoi.xlsx")
    with db.engine.begin() as elsewhere:  # the other click was faster
        elsewhere.execute(db.delete(ImportDraft).where(ImportDraft.id == draft.id))
    with pytest.raises(Refusal) as refusal:
        commit(draft, account)
    assert refusal.value.reason == BankRefusal.DRAFT_GONE
    assert items() == []


def faults(draft):
    return [[p.fault for p in row.problems] for row in rows_of(draft)]


def test_doubles_within_the_file(desk):
    rows = [
        good(),
        good("CÂU HỎI   thứ nhất"),
        good(a="khác"),
        ["Câu hỏi thứ nhất?", "bốn", "ba", "hai", "một", "C", "chung", 1],
    ]
    draft = start(desk, *rows)
    assert faults(draft) == [[], [Fault.SAME_ITEM_TWICE], [Fault.SAME_STEM_TWICE], [Fault.SAME_ITEM_TWICE]]
    assert rows_of(draft)[1].problems[0].details == {"row": 1}
    assert rows_of(draft)[1].worst == Severity.KNOWN


def test_doubles_with_the_bank(desk):
    commit(start(desk, good()), desk[0])
    draft = start(desk, good(a="khác"), good("Mới?"), good(c="Ba!"))
    assert faults(draft) == [[Fault.STEM_IN_BANK], [], [Fault.ITEM_IN_BANK]]
    assert commit(draft, desk[0]).added == 2


def test_codes(desk):
    names = ["Mã câu", *HEADINGS]
    commit(start(desk, ["TD-1", *good()], headings=names), desk[0])
    draft = start(
        desk, ["TD-1", *good(key="C")], ["TD-2", *good("Hai?")], ["TD-2", *good("Ba?")], headings=names
    )  # fmt: skip
    assert faults(draft) == [[Fault.KEY_DIFFERS], [], [Fault.SAME_CODE_TWICE]]
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
    kept = [(d.account_id, drafts.counts_of(d).error) for d in queries.drafts_of(desk[1])]
    assert kept == [(other.id, 0), (desk[0].id, 0)]


def test_uploads_nobody_decided_on_go_after_a_week(desk):
    start(desk, good())
    upload(desk, workbook(good()), "b.xlsx", now=NOON + timedelta(days=7, seconds=1))
    assert [d.file_name for d in queries.drafts_of(desk[1])] == ["b.xlsx"]
    assert db.session.query(ImportRow).count() == 1


def test_a_file_of_a_thousand_items(desk):
    rows = [good(f"Câu hỏi thứ {n}?") for n in range(1000)]
    draft = start(desk, *rows)
    assert drafts.counts_of(draft).can_be_written == 1000
    assert commit(draft, desk[0]).added == 1000
    assert items()[-1].code == "CH-1000"


def test_the_work_tells_how_far_it_has_come(desk):
    account, bank = desk
    content = workbook(*(good(f"Câu hỏi thứ {n}?") for n in range(3)))
    with transaction():
        told = list(drafts.start_import(bank, "a.xlsx", content, account, now=NOON))
    assert [step.stage for step in told] == [Stage.READ, Stage.CHECK, Stage.COMPARE, Stage.KEEP]
    assert {step.of for step in told[1:]} == {3}


def test_what_is_sent_at_once_waits_for_review(desk):
    commit(start(desk, good()), desk[0], send=True)
    assert [(i.state, i.pending) for i in items()] == [(ItemState.REVIEW, True)]


def test_defaults_fill_what_the_file_leaves_open(desk, given):
    law = given.document()
    draft = upload(desk, workbook(good(topic="", level="")), defaults=Defaults("danh-hieu", 3, law))
    wording = rows_of(draft)[0].wording
    assert (wording.topic, wording.level, wording.document_id) == ("danh-hieu", 3, law)
    assert drafts.counts_of(draft).can_be_written == 1


# a second import of what people have decided about


def test_an_item_that_people_have_changed_since_is_left_to_them(desk, given):
    account, _bank = desk
    content = workbook(good())
    commit(upload(desk, content), account, send=True)
    item = items()[0]
    with transaction():
        service.write_version(item, replace(wording_of(item.latest), stem="Câu đã viết lại hẳn?"), account, now=NOON)
    again = upload(desk, content)
    assert faults(again) == [[Fault.KEPT_BY_PEOPLE]]
    with pytest.raises(Refusal):
        commit(again, account)
    assert [v.stem for v in items()[0].versions] == ["Câu hỏi thứ nhất?", "Câu đã viết lại hẳn?"]


def test_a_retired_and_a_declined_item_do_not_come_back(desk, given):
    account, _bank = desk
    content = workbook(good(), good("Hai?"))
    commit(upload(desk, content), account, send=True)
    other = db.session.get_one(Account, given.account(Role.JUDGE))
    with transaction():
        first, second = items()
        review.retire_item(first, account, now=NOON)
        review.decline_version(second.latest, other, "Sai căn cứ.", now=NOON)
    assert faults(upload(desk, content)) == [[Fault.KEPT_RETIRED], [Fault.KEPT_DECLINED]]


def test_an_item_mended_before_it_was_written_is_known_again_by_its_file(desk):
    content = workbook(good(key=""))
    draft = upload(desk, content)
    assert [row.can_be_written for row in rows_of(draft)] == [False]
    with transaction():
        mending.decide_keys(draft, {1: [3]})
    commit(draft, desk[0])
    assert [(i.latest.key, bool(i.latest.origin)) for i in items()] == [([3], True)]
    assert faults(upload(desk, content))[0][-1] == Fault.ITEM_IN_BANK


def test_another_key_for_the_same_question_is_a_new_version_of_it(desk):
    commit(start(desk, good()), desk[0])
    draft = start(desk, good(key="C"))
    assert faults(draft) == [[Fault.KEY_DIFFERS]]
    done = commit(draft, desk[0])
    assert (done.added, done.versions) == (0, 1)
    assert [v.key for v in items()[0].versions] == [[2], [3]]


def test_what_was_mended_stays_when_the_same_file_comes_again(desk):
    content = workbook(good(key=""), good("Hai?"))
    with transaction():
        mending.decide_keys(upload(desk, content), {1: [4]})
    again = upload(desk, content)
    assert [(row.wording.key, row.is_mended) for row in rows_of(again)] == [((4,), True), ((2,), False)]


def test_questions_much_alike_are_pointed_out(desk):
    stem = "Theo Luật Thi đua, khen thưởng năm 2022, danh hiệu Lao động tiên tiến được xét tặng vào thời điểm nào trong năm?"
    commit(start(desk, good(stem)), desk[0])
    rows = [
        good(stem.replace("thời điểm", "lúc")),
        good("Câu khác hẳn về hòa giải ở cơ sở?", a="một", b="hai", c="ba", d="bốn"),
    ]
    assert faults(start(desk, *rows)) == [[Fault.MUCH_LIKE_ITEM], []]


# mending


def test_a_key_decided_on_the_page_settles_what_was_said_of_it(desk):
    draft = start(desk, good(key=""), good("Hai?", key="Z"))
    with transaction():
        assert mending.decide_keys(draft, {1: [1], 2: [2, 9], 7: [1]}) == 2
    assert [(r.wording.key, r.problems, r.is_mended) for r in rows_of(draft)] == [((1,), [], True), ((2,), [], True)]


def test_two_right_options_make_a_question_with_several(desk):
    draft = start(desk, good(key=""))
    with transaction():
        mending.decide_keys(draft, {1: [1, 3]})
    assert (rows_of(draft)[0].wording.kind, rows_of(draft)[0].wording.key) == ("multiple", (1, 3))


def test_rows_that_lack_a_topic_get_one_and_the_others_keep_theirs(desk):
    draft = start(desk, good(topic="lạ"), good("Hai?", topic=""), good("Ba?", topic="chung"))
    with transaction():
        assert mending.fill_rows(draft, None, topic="danh-hieu", level=None, document_id=None) == 2
    assert [r.wording.topic for r in rows_of(draft)] == ["danh-hieu", "danh-hieu", "chung"]
    assert drafts.counts_of(draft).error == 0


def test_a_row_worded_anew_is_compared_with_the_bank_again(desk):
    commit(start(desk, good()), desk[0])
    draft = start(desk, good(), name="b.xlsx")
    row = queries.row_of(draft.id, 1)
    with transaction():
        mending.mend_row(row, replace(draft_row(row).wording, stem="Câu khác hẳn?"), draft)
    assert rows_of(draft)[0].can_be_written
    assert commit(draft, desk[0]).added == 1
