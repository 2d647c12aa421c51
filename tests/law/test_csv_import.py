"""Importing twice is harmless, a changed period is in the journal, and what people have decided stays."""

from datetime import date
from pathlib import Path

import pytest

from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.law import changes, csv_import, queries, service
from quiz.law.changes import ChangeFacts
from quiz.law.csv_file import read_bytes, read_file
from quiz.law.csv_import import LineStatus
from quiz.law.models import ChangeKind, LegalDocument
from quiz.law.refusals import LawRefusal
from tests.conftest import NOON

HEAD = "so_hieu,ten,loai,ngay_hieu_luc,ngay_het_hieu_luc,nghi_van_tu,sua_doi_boi,thay_the_boi\n"
LAW = "06/2022/QH15,Luật Thi đua,Luật,2024-01-01,,,,\n"
DECREE = "98/2023/NĐ-CP,Quy định chi tiết,Nghị định,2024-01-01,,,,152/2025/NĐ-CP\n"
DOUBTED = "06/2022/QH15,Luật Thi đua,Luật,2024-01-01,,2026-10-01,06/2026/QH16,\n"


def load(text):
    with transaction():
        return csv_import.import_documents(read_bytes(text.encode()).rows, now=NOON)


def law():
    return queries.document_by_number("06/2022/QH15")


def noted():
    return [(c.kind, c.from_on, c.by_number, c.is_read, c.scope) for c in law().changes]


def test_a_second_import_changes_nothing(db_session):
    first = load(HEAD + LAW + DECREE)
    assert (first.added, first.changed, first.unchanged) == (["06/2022/QH15", "98/2023/NĐ-CP"], [], 0)
    again = load(HEAD + LAW + DECREE)
    assert (again.added, again.changed, again.unchanged) == ([], [], 2)
    assert db.session.query(LegalDocument).count() == 2


def test_a_changed_period_updates_the_document_and_is_journalled(db_session):
    load(HEAD + LAW)
    assert load(HEAD + LAW.replace("2024-01-01,,", "2024-01-01,2027-01-01,")).changed == ["06/2022/QH15"]
    assert law().expires_on == date(2027, 1, 1)
    record = db.session.query(JournalRecord).order_by(JournalRecord.seq.desc()).first()
    assert (record.action, record.before, record.after) == (
        "law.changed", {"expires_on": None}, {"expires_on": "2027-01-01"},
    )  # fmt: skip


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(db_session):
    load(HEAD + DECREE)
    load("so_hieu,ten\n98/2023/NĐ-CP,Quy định chi tiết\n")
    load(HEAD + "98/2023/NĐ-CP,Quy định chi tiết,,,,,,\n")
    document = queries.document_by_number("98/2023/NĐ-CP")
    assert (document.kind, document.effective_on, document.replaced_by) == (
        "Nghị định", date(2024, 1, 1), "152/2025/NĐ-CP",
    )  # fmt: skip


def test_an_amendment_of_unknown_content_becomes_a_change(db_session):
    load(HEAD + DOUBTED)
    assert noted() == [(ChangeKind.AMENDED, date(2026, 10, 1), "06/2026/QH16", False, [])]
    assert law().questioned_from == date(2026, 10, 1)
    assert load(HEAD + DOUBTED).unchanged == 1
    assert load(HEAD + LAW).unchanged == 1  # a file that does not tell of it takes nothing away
    assert len(noted()) == 1


def test_a_later_file_names_the_amending_text_or_corrects_its_day(db_session):
    load(HEAD + DOUBTED.replace("06/2026/QH16", ""))
    assert load(HEAD + DOUBTED).changed == ["06/2022/QH15"]
    assert noted() == [(ChangeKind.AMENDED, date(2026, 10, 1), "06/2026/QH16", False, [])]
    load(HEAD + DOUBTED.replace("2026-10-01", "2026-11-01"))
    assert [change[1] for change in noted()] == [date(2026, 11, 1)]
    assert law().questioned_from == date(2026, 11, 1)


@pytest.mark.parametrize(
    "later", [DOUBTED, DOUBTED.replace("2026-10-01", "2026-12-01"), DOUBTED.replace("06/2026/QH16", "")]
)
def test_what_people_have_made_of_an_amendment_stays(given, app, later):
    person = given.account()
    with app.app_context():
        load(HEAD + DOUBTED)
        with transaction():
            facts = ChangeFacts(
                kind=ChangeKind.AMENDED, from_on=date(2026, 10, 1), by_number="06/2026/QH16", is_read=True
            )
            changes.edit_change(law().changes[0], facts, db.session.get_one(Account, person), now=NOON)
        assert law().questioned_from is None
        load(HEAD + later)
        if later != DOUBTED.replace("06/2026/QH16", ""):
            assert load(HEAD + later).unchanged == 1
        assert noted() == [(ChangeKind.AMENDED, date(2026, 10, 1), "06/2026/QH16", True, [])]


def test_an_end_that_people_have_recorded_is_kept_and_said(given, app):
    with app.app_context():
        load(HEAD + DECREE)
        with transaction():
            document = queries.document_by_number("98/2023/NĐ-CP")
            facts = ChangeFacts(kind=ChangeKind.REPLACED, from_on=date(2025, 7, 1), by_number="152/2025/NĐ-CP")
            changes.record_change(document, facts, None, now=NOON)
        reading = read_bytes((HEAD + DECREE.replace("2024-01-01,,", "2024-01-01,2025-08-01,")).encode())
        (line,) = csv_import.plan_of(reading).lines
        assert (line.status, line.kept) == (LineStatus.UNCHANGED, ["expires_on"])
        load(HEAD + DECREE.replace("2024-01-01,,", "2024-01-01,2025-08-01,"))
        assert queries.document_by_number("98/2023/NĐ-CP").expires_on == date(2025, 7, 1)


def test_the_plan_says_what_would_change_and_what_cannot_be(db_session):
    load(HEAD + LAW + DECREE)
    reading = read_bytes(
        (
            "so_hieu,ten,ngay_het_hieu_luc,nghi_van_tu\n"
            "06/2022/QH15,Luật Thi đua,2023-01-01,\n"
            "98/2023/NĐ-CP,Quy định chi tiết,,2020-01-01\n"
            "1/2024,Mới,,\n"
        ).encode()
    )
    plan = csv_import.plan_of(reading)
    assert [line.status for line in plan.lines] == [LineStatus.REFUSED, LineStatus.REFUSED, LineStatus.NEW]
    assert plan.lines[0].problem == "ngày hết hiệu lực phải sau ngày có hiệu lực."
    assert "sớm hơn ngày văn bản có hiệu lực" in plan.lines[1].problem
    with pytest.raises(Refusal) as refused, transaction():
        csv_import.apply(reading, plan.digest, None, now=NOON)
    assert refused.value.reason == LawRefusal.FILE_HAS_PROBLEMS
    assert queries.document_by_number("1/2024") is None


def test_a_plan_that_is_out_of_date_is_not_applied(db_session):
    reading = read_bytes((HEAD + LAW).encode())
    seen = csv_import.plan_of(reading).digest
    load(HEAD + LAW)
    with pytest.raises(Refusal) as refused:
        csv_import.apply(reading, seen, None, now=NOON)
    assert refused.value.reason == LawRefusal.LIBRARY_CHANGED
    with pytest.raises(Refusal) as refused:
        csv_import.apply(reading, csv_import.plan_of(reading).digest, None, now=NOON)
    assert refused.value.reason == LawRefusal.FILE_CHANGES_NOTHING


def test_provisions_from_a_file(db_session):
    load(HEAD + LAW)
    text = "so_hieu,dieu,khoan,ten,ngay_het_hieu_luc\n06/2022/QH15,5,2,Mục tiêu,{}\n"
    for end, status in (("", LineStatus.NEW), ("2026-10-01", LineStatus.CHANGED), ("2026-10-01", LineStatus.UNCHANGED)):
        reading = read_bytes(text.format(end).encode())
        plan = csv_import.plan_of(reading)
        assert [line.status for line in plan.lines] == [status]
        if plan.can_apply:
            with transaction():
                csv_import.apply(reading, plan.digest, None, now=NOON)
    (provision,) = law().provisions
    assert (provision.name, provision.title, provision.expires_on) == ("Khoản 2 Điều 5", "Mục tiêu", date(2026, 10, 1))
    with transaction():
        service.edit_provision(provision, {"effective_on": date(2025, 1, 1)}, None, now=NOON)
    for row in ("1/1900,5,2,,\n", "06/2022/QH15,5,2,,2024-12-31\n"):
        reading = read_bytes(("so_hieu,dieu,khoan,ten,ngay_het_hieu_luc\n" + row).encode())
        assert [line.status for line in csv_import.plan_of(reading).lines] == [LineStatus.REFUSED]


def test_the_command_lists_problems_and_writes_nothing(app, tmp_path):
    path = tmp_path / "van-ban.csv"
    run = app.test_cli_runner().invoke
    path.write_text("number,title,expires_on\n1/2024,A,mai\n2/2024,B,\n", "utf-8")
    result = run(args=["law", "import", str(path)])
    assert result.exit_code == 1
    assert "Dòng 2" in result.output
    path.write_text("number,title,expires_on\n1/2024,A,2025-01-01\n2/2024,B,\n", "utf-8")
    assert "2 added, 0 changed, 0 unchanged" in run(args=["law", "import", str(path)]).output
    assert "0 added, 0 changed, 2 unchanged" in run(args=["law", "import", str(path)]).output
    path.write_text("number,title,expires_on\n1/2024,A,2025-02-01\n2/2024,B,\n", "utf-8")
    assert "changed: 1/2024" in run(args=["law", "import", str(path)]).output


def test_the_checked_legal_facts_are_taken_as_they_are(db_session):
    path = Path(__file__).parents[3] / "shared" / "facts" / "documents.csv"
    if not path.exists():
        pytest.skip("no documents.csv: the checked legal facts are not beside this checkout")
    reading = read_file(path)
    plan = csv_import.plan_of(reading)
    assert (reading.problems, plan.count(LineStatus.REFUSED)) == ([], 0)
    with transaction():
        csv_import.apply(reading, plan.digest, None, now=NOON)
    assert law().questioned_from == date(2026, 10, 1)
    assert queries.document_by_number("15/2003/QH11").expires_on == date(2024, 1, 1)
    assert csv_import.plan_of(reading).count(LineStatus.UNCHANGED) == len(reading.rows)
