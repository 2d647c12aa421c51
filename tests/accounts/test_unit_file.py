"""Unit files as people have them: encodings, separators, headings, and what is no table at all."""

import datetime
import io
import zipfile

import pytest
import xlsxwriter

from quiz.accounts import unit_file
from quiz.accounts.unit_file import UnitFileRefusal, read_sheet
from quiz.errors import Refusal

TEXT = "mã;tên;tổng số người\nVP;Văn phòng Sở;12\n\nTT;Thanh tra;7\n"


def xlsx(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                sheet.write(i, j, value)
    return buffer.getvalue()


def refused(data):
    with pytest.raises(Refusal) as refusal:
        read_sheet(data)
    return refusal.value.reason


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_way_to_save_a_csv_file_reads_the_same(delimiter, encoding, newline):
    sheet = read_sheet(TEXT.replace(";", delimiter).replace("\n", newline).encode(encoding))
    assert sheet.columns == ["code", "name", "people"]
    assert [(r.line, r.cells) for r in sheet.rows] == [
        (2, {"code": "VP", "name": "Văn phòng Sở", "people": "12"}),
        (4, {"code": "TT", "name": "Thanh tra", "people": "7"}),  # numbered as the spreadsheet numbers it
    ]


def test_an_xlsx_file_reads_the_same():
    rows = [
        ["Mã", "Tên đơn vị", "Tổng số người", "Ngày"],
        ["VP", "Văn phòng Sở", 12, datetime.date(2024, 12, 31)],
        [],
        ["7", "Tổ 7", 1.5, ""],
    ]
    sheet = read_sheet(xlsx(rows))
    assert [(r.line, r.cells) for r in sheet.rows] == [
        (2, {"code": "VP", "name": "Văn phòng Sở", "people": "12", "as_of": "2024-12-31"}),
        (4, {"code": "7", "name": "Tổ 7", "people": "1.5", "as_of": ""}),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Mã,Tên,Loại,Khối,Mã cấp trên,Tổng số người,Ngày,Nguồn",
        "ma,ten,loai,khoi,ma cap tren,tong so nguoi,ngay,nguon",
        "MÃ ĐƠN VỊ,TÊN ĐƠN VỊ,LOẠI ĐƠN VỊ,KHỐI THI ĐUA,CẤP TRÊN,SỐ NGƯỜI,TÍNH ĐẾN NGÀY,NGUỒN SỐ LIỆU",
        "STT,Mã *,Tên:,Loại,Khối,Trực thuộc,Biên chế,Ngày số liệu,Nguồn",
    ],
)
def test_headings_are_known_in_their_variants(heading):
    sheet = read_sheet(f"{heading}\n1,2,3,4,5,6,7,8,9".encode())
    assert sheet.columns == ["code", "name", "kind", "block", "parent", "people", "as_of", "source"]


def test_remarks_and_the_hint_of_excel_are_passed_over():
    sheet = read_sheet(("sep=;\n# ghi chú; của tệp\n" + TEXT).encode())
    assert [r.cells["code"] for r in sheet.rows] == ["VP", "TT"]


def test_a_quoted_cell_may_hold_separators_and_breaks():
    sheet = read_sheet('mã,tên\nVP,"Văn phòng,\nSở ""A"""\nTT,Thanh tra'.encode())
    assert [(r.line, r.cells["name"]) for r in sheet.rows] == [(2, 'Văn phòng, Sở "A"'), (3, "Thanh tra")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("mã,tên,lương\nVP,Văn phòng,5".encode(), UnitFileRefusal.UNKNOWN_COLUMNS),
        ("mã,tên,tên đơn vị\nVP,Văn phòng,x".encode(), UnitFileRefusal.DOUBLED_COLUMN),
        ("tên,loại\nVăn phòng,x".encode(), UnitFileRefusal.MISSING_COLUMNS),
        ("mã,tên\n".encode(), UnitFileRefusal.EMPTY),
        (b"", UnitFileRefusal.EMPTY),
        (b"m\xe3,t\xean\nVP,V\xe3n ph\xf2ng", UnitFileRefusal.UNREADABLE_TEXT),
        (b"%PDF-1.7 abc", UnitFileRefusal.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UnitFileRefusal.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, UnitFileRefusal.OLD_EXCEL),
        (b"PK\x03\x04 but no archive", UnitFileRefusal.NOT_A_TABLE),
        (b"x" * (unit_file.MOST_BYTES + 1), UnitFileRefusal.TOO_BIG),
        (b"ma,ten\n" + b"A,B\n" * (unit_file.MOST_ROWS + 1), UnitFileRefusal.TOO_MANY_ROWS),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(data, reason):
    assert refused(data) is reason


def test_an_archive_that_is_no_workbook_or_unpacks_to_too_much_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(buffer.getvalue()) is UnitFileRefusal.NOT_A_TABLE
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (unit_file.MOST_UNPACKED + 1))
    assert len(buffer.getvalue()) < unit_file.MOST_BYTES
    assert refused(buffer.getvalue()) is UnitFileRefusal.TOO_BIG
