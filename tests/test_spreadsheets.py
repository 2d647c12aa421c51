"""Workbooks hold what was written into them: no text is run, and every table has its heading and its tab."""

import io

from python_calamine import CalamineWorkbook

from quiz.spreadsheets import Worksheet, send_book, write_book

COLUMNS = [("Họ và tên", 30), ("Điểm", 10), ("Ghi chú", 40)]
ROWS = [["=1+1", 20, "https://vi.du"], ["Trần Thị Lan", 1.5, None]]


def tables(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_what_is_written_is_read():
    file = io.BytesIO()
    write_book(file, Worksheet("Danh sách", COLUMNS, iter(ROWS)), Worksheet("T" * 40, COLUMNS[:1], [], wraps=True))
    assert tables(file.getvalue()) == {
        "Danh sách": [["Họ và tên", "Điểm", "Ghi chú"], ["=1+1", 20.0, "https://vi.du"], ["Trần Thị Lan", 1.5, ""]],
        "T" * 31: [["Họ và tên"]],
    }


def test_it_is_sent_as_a_file(app):
    with app.test_request_context():
        response = send_book("danh-sach.xlsx", Worksheet("Danh sách", COLUMNS, ROWS))
        response.direct_passthrough = False
        assert len(tables(response.get_data())["Danh sách"]) == 3
    assert response.headers["Content-Disposition"] == "attachment; filename=danh-sach.xlsx"
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
