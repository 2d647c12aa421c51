"""Two people see an item before papers draw it, and no wording is ever lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks import queries, review, service, standing
from quiz.banks import shipped as shipping
from quiz.banks.models import Bank, Item, ItemState, ItemVersion
from quiz.banks.refusals import BankRefusal, ReviewRefusal
from quiz.banks.wording import Wording, wording_of
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord, first_broken
from tests.banks.bank_folders import HEAD, OTHERS, SINGLE, changed, folder
from tests.conftest import NOON

WORDING = Wording(kind="single", stem="Câu?", options=("a", "b"), key=(1,), topic="chung", level=1)


@pytest.fixture
def people(given):
    return given.account(Role.ORGANIZER), given.account(Role.JUDGE)


@pytest.fixture
def bench(given, people, app):
    """author, reviewer, item with one draft version by the author, inside an application context."""
    bank_id = given.bank(0)
    with app.app_context():
        author, reviewer = (db.session.get_one(Account, id_) for id_ in people)
        item = service.add_item(db.session.get_one(Bank, bank_id), WORDING, author, now=NOON, send=True)
        db.session.commit()
        yield author, reviewer, item


def actions():
    return list(db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)))


def refusal_of(call, *arguments, **named):
    with pytest.raises(Refusal) as refused, transaction():
        call(*arguments, **named)
    return refused.value.reason


def test_a_new_item_is_a_draft_with_the_next_code(bench):
    author, _, item = bench
    assert (item.code, item.state, item.latest.author_id) == ("CH-0001", ItemState.REVIEW, author.id)
    second = service.add_item(item.bank, replace(WORDING, stem="Hai?"), author, now=NOON)
    assert second.code == "CH-0002"
    assert refusal_of(service.add_item, item.bank, WORDING, author, now=NOON, code="CH-0001") == BankRefusal.CODE_TAKEN


def test_the_author_cannot_approve_and_another_can(bench):
    author, reviewer, item = bench
    assert refusal_of(review.approve_version, item.latest, author, now=NOON) == ReviewRefusal.OWN_WORDING
    assert item.state == ItemState.REVIEW
    review.approve_version(item.latest, reviewer, now=NOON)
    db.session.commit()
    assert item.state == ItemState.LIVE
    assert (item.latest.reviewer_id, item.latest.reviewed_at) == (reviewer.id, NOON)
    assert actions() == ["item.approved"]
    assert refusal_of(review.approve_version, item.latest, reviewer, now=NOON) == ReviewRefusal.REVIEWED


def test_the_database_keeps_to_it_as_well(bench):
    author, _, item = bench
    item.latest.reviewer_id = author.id
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_new_version_waits_beside_the_live_one(bench):
    author, reviewer, item = bench
    review.approve_version(item.latest, reviewer, now=NOON)
    second = service.write_version(item, replace(WORDING, key=(2,)), author, now=NOON, after=1, send=True)
    db.session.commit()
    assert (second.number, item.live_version.number, item.state) == (2, 1, ItemState.LIVE)
    review.approve_version(second, reviewer, now=NOON)
    db.session.commit()
    assert [v.is_live for v in item.versions] == [False, True]
    assert item.versions[0].key == [1]


def test_an_older_version_cannot_be_approved_any_more(bench):
    author, reviewer, item = bench
    first = item.latest
    service.write_version(item, replace(WORDING, key=(2,)), author, now=NOON, send=True)
    assert refusal_of(review.approve_version, first, reviewer, now=NOON) == ReviewRefusal.NOT_LATEST


def test_the_wording_seen_must_be_the_latest(bench):
    author, reviewer, item = bench
    service.write_version(item, replace(WORDING, stem="Của người khác?"), reviewer, now=NOON, after=1)
    mine = replace(WORDING, stem="Của tôi?")
    assert refusal_of(service.write_version, item, mine, author, now=NOON, after=1) == BankRefusal.EDITED_MEANWHILE
    assert refusal_of(service.write_version, item, WORDING, author, now=NOON) == BankRefusal.NOTHING_CHANGED


def test_a_declined_version_keeps_its_reason_and_the_live_one_stays(bench):
    author, reviewer, item = bench
    review.approve_version(item.latest, reviewer, now=NOON)
    db.session.commit()
    second = service.write_version(item, replace(WORDING, key=(2,)), author, now=NOON, send=True)
    assert refusal_of(review.decline_version, second, author, "?", now=NOON) == ReviewRefusal.OWN_WORDING
    second = service.write_version(item, replace(WORDING, key=(2,)), author, now=NOON, send=True)
    review.decline_version(second, reviewer, "Sai căn cứ.", now=NOON)
    db.session.commit()
    assert (second.declined_why, second.is_live, item.live_version.number) == ("Sai căn cứ.", False, 1)
    assert refusal_of(review.approve_version, second, reviewer, now=NOON) == ReviewRefusal.REVIEWED
    record = db.session.scalars(db.select(JournalRecord).filter_by(action="item.declined")).one()
    assert (record.reason, record.after) == ("Sai căn cứ.", 2)


def test_a_retired_item_keeps_its_version_and_may_come_back(bench):
    author, reviewer, item = bench
    review.approve_version(item.latest, reviewer, now=NOON)
    assert review.retire_item(item, author, "Luật đổi.", now=NOON + timedelta(days=1))
    assert not review.retire_item(item, author, now=NOON)
    db.session.commit()
    assert (item.state, item.live_version.number) == (ItemState.RETIRED, 1)
    version = service.write_version(item, replace(WORDING, key=(2,)), author, now=NOON, send=True)
    db.session.commit()
    assert refusal_of(review.approve_version, version, reviewer, now=NOON) == ReviewRefusal.RETIRED
    assert review.revive_item(item, author, now=NOON)
    assert not review.revive_item(item, author, now=NOON)
    assert item.state == ItemState.LIVE
    assert actions() == ["item.approved", "item.retired", "item.revived"]
    assert first_broken() is None


def test_approving_many_leaves_own_ones(bench):
    _, reviewer, item = bench
    other = service.add_item(item.bank, replace(WORDING, stem="Hai?"), reviewer, now=NOON, send=True)
    bulk = review.in_bulk([item, other], lambda one: review.approve_version(one.latest, reviewer, now=NOON))
    assert (bulk.done, bulk.left) == (["CH-0001"], {ReviewRefusal.OWN_WORDING: ["CH-0002"]})


def test_a_draft_is_reviewed_only_once_it_has_been_sent(bench):
    author, reviewer, item = bench
    draft = service.write_version(item, replace(WORDING, stem="Nháp?"), author, now=NOON)
    db.session.commit()
    assert (item.state, item.pending) == (ItemState.DRAFT, False)
    assert refusal_of(review.approve_version, draft, reviewer, now=NOON) == ReviewRefusal.NOT_SENT
    review.send_version(draft, now=NOON)
    db.session.commit()
    assert (item.state, item.pending) == (ItemState.REVIEW, True)
    assert refusal_of(review.send_version, draft, now=NOON) == ReviewRefusal.SENT


def test_comments_name_the_version_they_were_made_on(bench):
    _, reviewer, item = bench
    service.comment(item, 1, "Căn cứ chưa đủ khoản.", reviewer, now=NOON)
    db.session.commit()
    assert [(said.number, said.body, said.account_id) for said in item.comments] == [
        (1, "Căn cứ chưa đủ khoản.", reviewer.id)
    ]


def test_the_row_of_an_item_repeats_its_latest_version(bench):
    author, reviewer, item = bench
    review.approve_version(item.latest, reviewer, now=NOON)
    changed = replace(WORDING, stem="Câu về thi đua?", topic="danh-hieu", level=3, kind="multiple", key=(1, 2))
    service.write_version(item, changed, author, now=NOON, send=True)
    db.session.commit()
    expected = standing.columns_of_item(item)
    assert {name: getattr(item, name) for name in expected} == expected
    assert (item.state, item.pending, item.topic, item.level) == (ItemState.LIVE, True, "danh-hieu", 3)
    assert "thi dua" in item.search_text


def test_banks_are_made_changed_and_deleted_only_when_empty(bench):
    author, _, item = bench
    topics = [{"code": "chung", "title": "Chung"}]
    bank = service.create_bank("moi", "Mới", "", topics, author, now=NOON)
    assert refusal_of(service.create_bank, "moi", "Khác", "", topics, author, now=NOON) == BankRefusal.CODE_TAKEN
    bank = service.create_bank("moi", "Mới", "", topics, author, now=NOON)
    service.edit_bank(bank, "Mới hơn", "Ghi chú", [{"code": "x", "title": "X"}], author, now=NOON)
    service.delete_bank(bank, author, now=NOON)
    db.session.commit()
    assert queries.bank_by_code("moi") is None
    assert actions() == ["bank.created", "bank.changed", "bank.deleted"]
    others = [{"code": "danh-hieu", "title": "Danh hiệu"}]
    assert refusal_of(service.edit_bank, item.bank, "A", "", others, author, now=NOON) == BankRefusal.TOPIC_IN_USE
    assert refusal_of(service.delete_bank, item.bank, author, now=NOON) == BankRefusal.NOT_EMPTY


def shipped(path, **arguments):
    with transaction():
        return shipping.import_bank(path, now=NOON, **arguments)


@pytest.fixture
def library(given, app):
    given.document()
    with app.app_context():
        yield


def test_a_shipped_bank_is_live_and_importing_it_again_changes_nothing(library, tmp_path):
    report = shipped(folder(tmp_path, SINGLE + OTHERS))
    assert report.added == ["T-001", "T-002", "T-003"]
    again = shipped(tmp_path)
    assert (again.added, again.changed, again.kept, again.unchanged) == ([], [], [], 3)
    versions = db.session.scalars(db.select(ItemVersion)).all()
    assert [(v.number, v.is_live, v.author_id) for v in versions] == [(1, True, None)] * 3
    assert actions() == ["bank.created", "bank.imported"]


def test_changed_content_becomes_a_new_version_beside_the_old_one(library, tmp_path):
    shipped(folder(tmp_path, SINGLE + OTHERS))
    report = shipped(folder(tmp_path, changed("key: B", "key: A") + OTHERS))
    assert (report.changed, report.unchanged) == (["T-001"], 2)
    item = queries.item_by_code("thu", "T-001")
    assert [(v.number, v.key, v.is_live) for v in item.versions] == [(1, [2], False), (2, [1], True)]
    # the facts alone are not content
    assert shipped(folder(tmp_path, changed("key: B", "key: A").replace("NT-03", "NT-09"))).changed == []


def test_what_people_have_worded_or_retired_is_left_to_them(library, given, tmp_path):
    shipped(folder(tmp_path, SINGLE + OTHERS))
    author, reviewer = (db.session.get_one(Account, given.account()) for _ in range(2))
    item = queries.item_by_code("thu", "T-001")
    with transaction():
        mine = service.write_version(
            item, replace(wording_of(item.latest), stem="Của tôi?"), author, now=NOON, send=True
        )
        review.approve_version(mine, reviewer, now=NOON)
        review.retire_item(queries.item_by_code("thu", "T-002"), author, now=NOON)
    assert shipped(tmp_path).unchanged == 3  # an older version says what is shipped
    report = shipped(folder(tmp_path, changed("key: B", "key: A") + OTHERS))
    assert report.kept == ["T-001"]
    db.session.expire_all()
    item = queries.item_by_code("thu", "T-001")
    assert (item.live_version.stem, item.latest.number, item.latest.is_live) == ("Của tôi?", 3, False)
    assert queries.item_by_code("thu", "T-002").state == ItemState.RETIRED


def test_drafts_unless_live_is_asked_and_live_needs_names(library, tmp_path):
    from quiz.banks.formats.bank_yaml import BadBankFile

    folder(tmp_path, SINGLE, head=HEAD.replace("  second_reader: Người đọc\n", ""))
    with pytest.raises(BadBankFile):
        shipped(tmp_path)
    assert db.session.scalar(db.select(db.func.count(Bank.id))) == 0
    shipped(tmp_path, live=False)
    assert db.session.scalars(db.select(Item)).one().state == ItemState.REVIEW


def test_the_command_lists_all_problems_and_writes_nothing(given, app, tmp_path):
    given.document()
    run = app.test_cli_runner().invoke
    folder(tmp_path, changed("key: B", "key: D") + OTHERS.replace("level: 2", "level: 5"))
    result = run(args=["banks", "import", str(tmp_path), "--live"])
    assert result.exit_code == 1
    assert "01.yaml: T-001: Đáp án là D nhưng phương án chỉ có đến B." in result.output
    assert "01.yaml: T-002: Không hiểu mức độ “5”" in result.output
    folder(tmp_path, SINGLE + OTHERS)
    assert "thu: 3 added, 0 changed" in run(args=["banks", "import", str(tmp_path), "--live"]).output
    assert "0 added, 0 changed, 0 kept as drafts, 3 unchanged" in run(args=["banks", "import", str(tmp_path)]).output


@pytest.mark.usefixtures("bench")
def test_a_wording_cannot_be_edited_even_in_sql():
    with pytest.raises(IntegrityError):
        db.session.execute(db.update(ItemVersion).values(stem="Khác"))
    db.session.rollback()
    with pytest.raises(IntegrityError):
        db.session.execute(db.delete(ItemVersion))
    db.session.rollback()
