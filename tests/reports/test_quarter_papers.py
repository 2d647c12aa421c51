"""The report of a quarter's exemplars and its papers: each figure in them is the page's figure."""

from io import BytesIO

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from quiz.exemplars import nomination_queries
from quiz.exemplars.nomination_models import Quarter
from quiz.exemplars.vote_models import VoteMode
from quiz.formats import local
from quiz.reports.documents import quarter_papers
from quiz.reports.quarter_figures import bounds, of_quarter
from quiz.rules.votes import Choice
from tests.exemplars.nominees import Department

PAGE = "/to-chuc/de-cu/2024-Q4"


def words(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.fixture
def department(app, given, clock):
    """One of two nominations is chosen in an open vote; the third unit sends none."""
    d = Department.made(given, clock)
    with app.app_context():
        vote, (first, second) = d.voting("Nguyễn Thị Hồng Mẫu", "Trần Văn Giả Định", mode=VoteMode.OPEN)
        for member in d.council:
            d.cast(vote, member, {first: Choice.AGREE, second: Choice.DISAGREE})
        d.close(vote)
    return d


def test_the_page_counts_units_nominations_and_votes(app, visit, department):
    page = visit(department.office).get(f"{PAGE}/bao-cao").text
    with app.app_context():
        figures = of_quarter(Department.quarter())
        assert (figures.units_asked, figures.units_that_sent, figures.sent, figures.chosen) == (3, 2, 2, 1)
        for what, n in quarter_papers.summary_rows(figures):
            assert f"<dt>{what}</dt><dd>{n}</dd>" in page
        rows = quarter_papers.unit_rows(figures)
    assert rows[0][:3] == ("Phòng Giả định 1", 1, 1)
    assert [row[1] for row in rows] == [1, 1, 0]


def test_papers_say_what_the_page_says(app, visit, department):
    office = visit(department.office)
    report = words(office.get(f"{PAGE}/bao-cao.docx").data)
    with app.app_context():
        for what, n in quarter_papers.summary_rows(of_quarter(Department.quarter())):
            assert f"{what}\n{n}" in report
    assert "Chưa gửi đề cử: Phòng Giả định 3." in report
    listed = words(office.get(f"{PAGE}/danh-sach.docx").data)
    assert "Nguyễn Thị Hồng Mẫu" in listed
    assert "Trần Văn Giả Định" not in listed
    assert "5/5" in listed
    minutes = words(office.get(f"{PAGE}/bien-ban.docx").data)
    assert "được chọn" in minutes
    assert "không được chọn" in minutes
    book = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{PAGE}/bao-cao.xlsx").data))
    assert len(book.get_sheet_by_index(2).to_python()) == 2  # the head and the one that was chosen
    assert len(book.get_sheet_by_index(3).to_python()) == 3


def test_before_any_vote_there_are_no_minutes(app, given, visit, clock):
    d = Department.made(given, clock)
    with app.app_context():
        d.open_quarter()
    office = visit(d.office)
    assert office.get(f"{PAGE}/bien-ban.docx").status_code == 404
    assert "không có cá nhân, tập thể nào" in words(office.get(f"{PAGE}/danh-sach.docx").data)
    assert office.get("/to-chuc/de-cu/2030-Q1/bao-cao").status_code == 404
    assert visit(d.contacts[0]).get(f"{PAGE}/bao-cao").status_code == 403


def test_a_demo_says_so_in_every_paper(app, given, visit, clock):
    d = Department.made(given, clock)
    with app.app_context():
        d.open_quarter()
        d.accepted(is_demo=True)
        assert nomination_queries.consolidated(Department.quarter()).is_demo
    for key in ("bao-cao", "danh-sach"):
        assert quarter_papers.DEMO in words(visit(d.office).get(f"{PAGE}/{key}.docx").data)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_a_quarter_begins_and_ends_at_local_midnight(n):

    begins, ends = (local(m) for m in bounds(Quarter(year=2024, n=n)))
    assert (begins.month, begins.day, begins.hour) == (3 * n - 2, 1, 0)
    assert (ends.year, ends.month, ends.day, ends.hour) == (2024 + n // 4, 3 * n % 12 + 1, 1, 0)
