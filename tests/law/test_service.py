"""Importing documents twice is harmless; a changed period is in the journal."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.db import db
from quiz.journal import JournalRecord
from quiz.law import queries, service
from quiz.law.csv_file import DocumentRow
from quiz.law.models import DocumentState, LegalDocument
from tests.conftest import NOON

LAW = DocumentRow("06/2022/QH15", "Luật Thi đua, khen thưởng", "Luật", "Quốc hội", effective_on=date(2024, 1, 1))
DECREE = DocumentRow("98/2023/NĐ-CP", "Quy định chi tiết", "Nghị định", replaced_by="152/2025/NĐ-CP")


def test_a_second_import_changes_nothing(db_session):
    first = service.import_documents([LAW, DECREE], now=NOON)
    db.session.commit()
    assert (first.added, first.changed, first.unchanged) == (["06/2022/QH15", "98/2023/NĐ-CP"], [], 0)
    again = service.import_documents([LAW, DECREE], now=NOON)
    assert (again.added, again.changed, again.unchanged) == ([], [], 2)
    assert db.session.query(LegalDocument).count() == 2


def test_a_changed_period_updates_the_document_and_is_journalled(db_session):
    service.import_documents([LAW], now=NOON)
    changed = replace(LAW, questioned_from=date(2026, 10, 1), title="Luật Thi đua, Khen thưởng")
    report = service.import_documents([changed], now=NOON)
    assert report.changed == ["06/2022/QH15"]
    document = queries.document_by_number("06/2022/QH15")
    assert document.questioned_from == date(2026, 10, 1)
    record = db.session.query(JournalRecord).order_by(JournalRecord.seq.desc()).first()
    assert (record.action, record.before["questioned_from"], record.after["questioned_from"]) == (
        "law.changed", None, "2026-10-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [("khen thuong", ["06/2022/QH15"]), ("98/2023", ["98/2023/NĐ-CP"]), ("nghi dinh chi tiet", ["98/2023/NĐ-CP"]),
     ("QUỐC HỘI", ["06/2022/QH15"]), ("100%", []), ("", ["06/2022/QH15", "98/2023/NĐ-CP"])],
)  # fmt: skip
def test_search_needs_no_diacritics(db_session, text, found):
    service.import_documents([LAW, DECREE], now=NOON)
    documents, in_all = queries.documents(text, None, date(2024, 6, 1), limit=10)
    assert sorted(d.number for d in documents) == found
    assert in_all == len(found)


def test_the_state_in_sql_is_the_state_of_the_model(db_session):
    days = [None, date(2024, 1, 1), date(2025, 1, 1)]
    rows = [
        DocumentRow(f"{i}{j}{k}", "A", effective_on=effective, expires_on=expires, questioned_from=questioned)
        for i, effective in enumerate(days)
        for j, expires in enumerate(days)
        for k, questioned in enumerate(days)
        if not (effective and expires and expires <= effective)
    ]
    service.import_documents(rows, now=NOON)
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
        for state in DocumentState:
            in_sql = {d.number for d in queries.documents("", state, day, limit=100)[0]}
            assert in_sql == {d.number for d in queries.all_documents() if d.state_on(day) == state}


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


def test_the_name_of_a_document():
    assert LegalDocument(number="06/2022/QH15", kind="Luật", title="Luật A").name == "Luật A số 06/2022/QH15"
    assert LegalDocument(number="98/2023/NĐ-CP", kind="Nghị định", title="Quy định B").name == "Nghị định 98/2023/NĐ-CP"
    assert (
        LegalDocument(number="Lời kêu gọi", kind="Tư liệu", title="Lời kêu gọi thi đua").name == "Lời kêu gọi thi đua"
    )
