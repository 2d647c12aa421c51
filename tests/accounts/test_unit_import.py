"""Importing units: a report first, then all or nothing; and what the shipped file holds."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import quiz
from quiz.accounts import queries, unit_import, unit_service
from quiz.accounts.models import Headcount, OrgUnit, UnitImportDraft
from quiz.accounts.unit_import import UnitImportRefusal
from quiz.accounts.unit_plan import RowStatus
from quiz.accounts.unit_service import UnitRefusal
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from tests.conftest import NOON

SHIPPED = Path(quiz.__file__).parent / "accounts" / "units" / "so-tu-phap-tay-ninh-2024.csv"
FILE = """mã,tên,loại,mã cấp trên,tổng số người,ngày,nguồn
VP,Văn phòng,phòng,STP,12,31/12/2023,Báo cáo
STP,Sở Tư pháp,sở,,60,31/12/2023,Báo cáo
"""


def draft(text, now=NOON):
    with transaction():
        return unit_import.draft_import(text.encode(), "don-vi.csv", by=None, now=now)


def commit(made, digest=None):
    with transaction():
        digest = digest or unit_import.plan_digest(unit_import.plan_of(made, now=NOON))
        return unit_import.commit_import(made, digest, by=None, now=NOON)


def refused(made, digest=None):
    with pytest.raises(Refusal) as refusal:
        commit(made, digest)
    return refusal.value.reason


def tree():
    return [(n.unit.code, n.depth, n.headcount.people if n.headcount else None) for n in queries.unit_tree()]


def test_nothing_is_written_before_it_is_confirmed(db_session):
    made = draft(FILE)
    assert tree() == []
    plan = commit(made)
    assert (plan.count(RowStatus.NEW), tree()) == (2, [("STP", 0, 60), ("VP", 1, 12)])
    record = db_session.scalars(db.select(JournalRecord)).one()
    assert record.action == "units.imported"
    assert (record.after["new"], record.after["changed"], record.after["file"]) == (2, 0, "don-vi.csv")
    assert refused(made) is UnitImportRefusal.COMMITTED_ALREADY
    assert refused(draft(FILE)) is UnitImportRefusal.NOTHING_TO_DO


def test_a_second_file_changes_what_it_names(db_session):
    commit(draft(FILE))
    commit(draft("mã,tên,mã cấp trên,tổng số người,ngày\nVP,Văn phòng Sở,,14,20/11/2024\nTT,Thanh tra,VP,,\n"))
    assert tree() == [("STP", 0, 60), ("VP", 0, 14), ("TT", 1, None)]
    office = db_session.scalars(db.select(OrgUnit).filter_by(code="VP")).one()
    assert (office.name, office.kind) == ("Văn phòng Sở", "phòng")
    assert [(h.as_of, h.people) for h in office.headcounts] == [(date(2023, 12, 31), 12), (date(2024, 11, 20), 14)]


def test_one_refused_row_holds_up_all(db_session):
    made = draft(FILE + "X,,phòng,STP,,,\n")
    assert refused(made) is UnitImportRefusal.HAS_PROBLEMS
    db_session.expire_all()
    assert tree() == []
    assert made.committed_at is None  # it can still be confirmed once the tree makes it right
    assert db_session.query(Headcount).count() == 0


def test_another_report_than_the_one_read_is_not_confirmed(db_session):
    made = draft(FILE)
    seen = unit_import.plan_digest(unit_import.plan_of(made, now=NOON))
    with transaction():
        unit_service.create_unit(code="VP", name="Khác", kind="", block="", parent=None, note="", by=None, now=NOON)
    assert refused(made, seen) is UnitImportRefusal.CHANGED_MEANWHILE
    assert refused(made, "x") is UnitImportRefusal.CHANGED_MEANWHILE
    db_session.expire_all()
    assert commit(made).count(RowStatus.CHANGED) == 1


def test_drafts_that_nobody_confirmed_go_after_a_week(db_session):
    old = draft(FILE).id
    recent = draft(FILE, NOON + timedelta(days=3)).id
    draft(FILE, NOON + timedelta(days=7, seconds=1))
    assert {d.id for d in db_session.scalars(db.select(UnitImportDraft))} == {recent, recent + 1}
    assert old not in {recent, recent + 1}


def test_the_shipped_file_is_the_department_of_2024(db_session):
    with transaction():
        made = unit_import.draft_import(SHIPPED.read_bytes(), SHIPPED.name, by=None, now=NOON)
    commit(made)
    nodes = queries.unit_tree()
    districts = [n.unit.name for n in nodes if n.unit.code.startswith("PTP-")]
    assert len(districts) == 9
    assert {
        "Phòng Tư pháp thành phố Tây Ninh",
        "Phòng Tư pháp thị xã Hòa Thành",
        "Phòng Tư pháp huyện Tân Châu",
    } <= set(districts)
    assert all("01/07/2025" in n.unit.note for n in nodes if n.unit.code.startswith("PTP-"))
    assert all("đối chiếu" in n.unit.note for n in nodes if n.unit.code.startswith("STP-") and n.unit.code != "STP-VP")
    assert all(n.headcount is None for n in nodes)  # no figure without a source
    assert {n.path[-1] for n in nodes if n.unit.code.startswith("STP-")} == {"Sở Tư pháp tỉnh Tây Ninh"}


def test_a_unit_cannot_stand_below_itself(db_session):
    commit(draft(FILE))
    units = queries.units_by_code()
    said = {"name": "x", "kind": "", "block": "", "note": "", "by": None, "now": NOON}
    for parent in ("STP", "VP"):
        with pytest.raises(Refusal) as refusal, transaction():
            unit_service.correct_unit(units["STP"], parent=units[parent], **said)
        assert refusal.value.reason is UnitRefusal.BELOW_ITSELF
    with transaction():
        unit_service.correct_unit(units["VP"], parent=None, **said)
    assert [code for code, depth, _n in tree() if depth == 0] == ["STP", "VP"] or {
        c for c, d, _ in tree() if d == 0
    } == {"STP", "VP"}


def test_a_unit_in_use_is_not_removed(db_session):
    commit(draft(FILE))
    units = queries.units_by_code()
    with pytest.raises(Refusal) as refusal, transaction():
        unit_service.remove_unit(units["STP"], by=None, now=NOON)
    assert refusal.value.reason is UnitRefusal.IN_USE
    db_session.expire_all()
    assert tree() == [("STP", 0, 60), ("VP", 1, 12)]
    with transaction():
        unit_service.remove_unit(units["VP"], by=None, now=NOON)
    assert tree() == [("STP", 0, 60)]


def test_a_code_is_given_once(db_session):
    commit(draft(FILE))
    with pytest.raises(Refusal) as refusal, transaction():
        unit_service.create_unit(code="vp", name="x", kind="", block="", parent=None, note="", by=None, now=NOON)
    assert refusal.value.reason is UnitRefusal.CODE_TAKEN


def test_units_are_searched_without_diacritics(db_session):
    commit(draft(FILE))
    assert [n.label for n in queries.unit_tree("van phong")] == ["Văn phòng – Sở Tư pháp"]
