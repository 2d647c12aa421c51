"""The page of figures: who may see it, what it says, and what can be taken away."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from flask import render_template_string
from python_calamine import CalamineWorkbook

from quiz.access import Role
from quiz.banks.models import Bank, Item, ItemFigures
from quiz.contests.models import Contest, Division
from quiz.db import db, transaction
from quiz.reports import item_figures

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STEM = '=HYPERLINK("https://example.invalid";"Nhấn vào đây")'


@pytest.fixture
def contest(given) -> int:
    """Two divisions; in the first 80 attempts at two items, one of which has a wrong key and a stem that is no formula."""
    contest_id = given.contest(divisions=("Bảng chung", "Bảng cán bộ"), rules={"attempt_limit": None})
    (round_id,), entry_id = given.round_ids(contest_id), given.entry(contest_id)
    strange = _version(given, stem=STEM, options=["Một năm", "Hai năm", "Ba năm"], key=[1])
    plain = _version(
        given, stem="Luật có hiệu lực từ ngày nào?", options=["Ngày 01/01/2024", "Ngày 15/6/2022"], key=[1]
    )
    for n in range(80):
        good = n % 2
        score = 1  # either is right in one of the two
        given.attempt(
            entry_id, round_id, number=n + 1, score=score + good, correct=score, max_score=2,
            paper=[[strange, [1, 2, 3]], [plain, [1, 2]]],
            responses={"a": {"1": [2] if good else [1], "2": [1] if good else [2]}, "f": [], "p": None, "t": {"1": 9000}},
        )  # fmt: skip
    return contest_id


def _version(given, **columns: Any) -> int:
    with given.app.app_context(), transaction():
        bank = db.session.scalars(db.select(Bank)).first()
        item = Item(code=f"@{len(bank.items)}", versions=[given._version(len(bank.items), True, columns)])
        bank.items.append(item)
        db.session.flush()
        return item.versions[0].id


@pytest.fixture
def computed(app, clock, contest) -> int:
    with app.app_context(), transaction():
        for division in db.session.get_one(Contest, contest).divisions:
            item_figures.compute(db.session.get_one(Division, division.id), now=clock())
    return contest


def address(contest_id: int, rest: str = "") -> str:
    return f"/to-chuc/cuoc-thi/{contest_id}/so-lieu-cau-hoi{rest}"


@pytest.mark.parametrize(("role", "status"), [
    (Role.ORGANIZER, 200), (Role.JUDGE, 200), (Role.ADMIN, 403), (Role.UNIT_CONTACT, 403), (Role.COUNCIL_MEMBER, 403),
])  # fmt: skip
def test_who_may_see_it(given, visit, computed, role, status):
    visitor = visit(given.account(role))
    assert visitor.get(address(computed)).status_code == status
    assert visitor.get(address(computed, "/tai-ve")).status_code == status


def test_a_stranger_is_sent_to_sign_in(visit, computed):
    assert "/dang-nhap" in visit().get(address(computed)).location


def test_a_draft_and_a_missing_contest_have_none(given, visit):
    organizer = visit(given.account(Role.ORGANIZER))
    for contest_id in (given.contest(state="draft"), 99):
        assert organizer.get(address(contest_id)).status_code == 404


def test_an_organizer_has_them_counted(given, visit, contest):
    organizer = visit(given.account(Role.ORGANIZER))
    before = organizer.get(address(contest)).text
    assert "Chưa tính số liệu của bảng này" in before
    answer = organizer.post(address(contest, "/tinh"), page=address(contest))
    assert answer.status_code == 302
    after = organizer.get(answer.location).text
    for words in (
        "Đã tính lại số liệu", "1 câu có thể sai đáp án", "Nhóm điểm cao chọn B nhiều hơn đáp án", "Không ai chọn C",
        "50,0%", "9 giây", "Điểm trung bình", "1,50 trên 2", "Bảng cán bộ", "Bỏ trống: 0 lượt",
    ):  # fmt: skip
        assert words in after
    assert "style=" not in after
    other = organizer.get(address(contest, "?bang=bang-2")).text
    assert "Chưa có lượt thi nào để tính" in other


def test_a_judge_reads_and_does_not_count(given, visit, computed):
    judge = visit(given.account(Role.JUDGE))
    page = judge.get(address(computed)).text
    assert "Tính lại" not in page
    assert "có thể sai đáp án" in page
    token = judge.token("/tai-khoan")
    assert judge.client.post(address(computed, "/tinh"), data={"csrf_token": token}).status_code == 403


def test_a_big_contest_is_left_to_the_command(given, visit, contest, monkeypatch):
    monkeypatch.setattr(item_figures, "MOST_ON_REQUEST", 79)
    answer = visit(given.account(Role.ORGANIZER)).post(address(contest, "/tinh"), page=address(contest))
    assert answer.status_code == 409
    assert "flask reports figures --contest cuoc-thi-1" in answer.text


def test_pages_of_a_long_list(given, visit, computed, monkeypatch):
    monkeypatch.setattr("quiz.reports.figures_views.PER_PAGE", 1)
    judge = visit(given.account(Role.JUDGE))
    first, second = judge.get(address(computed)).text, judge.get(address(computed, "?trang=2")).text
    assert "1–1 trong 2 câu" in first
    assert "2–2 trong 2 câu" in second
    assert "Luật có hiệu lực" not in first


def test_the_table_as_csv(given, visit, computed):
    answer = visit(given.account(Role.JUDGE)).get(address(computed, "/tai-ve?dang=csv"))
    assert answer.headers["Content-Disposition"] == "attachment; filename=so-lieu-cuoc-thi-1-bang-1.csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    strange = rows[0]
    assert strange["Câu hỏi"] == f"'{STEM}"
    assert strange["Mã câu"].startswith("'@")
    assert float(strange["Độ phân biệt"]) < 0
    assert (strange["Đáp án"], strange["Tỉ lệ trả lời đúng (độ khó)"], strange["B: tỉ lệ chọn"]) == ("A", "0.5", "0.5")
    assert rows[1]["C: tỉ lệ chọn"] is None


def test_the_table_as_a_workbook(given, visit, computed):
    content = visit(given.account(Role.JUDGE)).get(address(computed, "/tai-ve")).data
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        items, papers = (book.get_sheet_by_name(name).to_python() for name in ("Câu hỏi", "Bài thi"))
    assert items[1][3] == STEM
    assert "Có thể sai đáp án" in items[1][12]
    assert papers[1][:2] == ["Số lượt thi", "80"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_there_is_nothing_to_take_away_before_it_was_counted(given, visit, contest):
    assert visit(given.account(Role.JUDGE)).get(address(contest, "/tai-ve")).status_code == 404


# --- pages of banks ---------------------------------------------------------------------------------------------------


def test_the_page_of_an_item_says_how_it_did(given, visit, computed):
    judge = visit(given.account(Role.JUDGE))
    link = re.search(r'href="(/ngan-hang/[^"]+)">@', judge.get(address(computed)).text)
    page = judge.get(link[1]).text
    for words in (
        "Số lượt gặp câu này", "Nhóm điểm cao chọn B nhiều hơn đáp án", "Tỉ lệ trả lời đúng (độ khó)", "50,0%", "-1,00",
        "Một nửa số người trả lời trong", "9 giây", "Cộng mọi cuộc thi đã tính số liệu",
    ):  # fmt: skip
        assert words in page


def test_a_line_of_a_list_says_it_in_short(app, computed):
    macro = '{% from "banks/_figures.html" import figures_line %}{{ figures_line(figures) }}'
    with app.test_request_context():
        figures = db.session.scalars(db.select(ItemFigures).where(ItemFigures.is_suspect)).first()
        line = render_template_string(macro, figures=figures)
    for words in ("80 lượt", "đúng 50,0%", "phân biệt -1,00", "Có thể sai đáp án", "Phân biệt ngược"):
        assert words in line
