"""The files of the library: every problem is listed, with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.law.csv_file import MOST_BYTES, FileKind, is_web_address, read_bytes, read_file

SHIPPED = Path(__file__).parent.parent.parent / "question_banks" / "van-ban.csv"


def read(text):
    return read_bytes(text.encode())


def test_reads_headings_in_either_language_and_days_in_either_order():
    reading = read("so_hieu,Tên,ngay_hieu_luc,expires_on,Ghi chú\n06/2022/QH15, Luật ,2024-01-01,01/10/2026,\n,,,,\n")
    assert reading.problems == []
    (row,) = reading.rows
    assert (row.line, row.number) == (2, "06/2022/QH15")
    assert row.values == {"title": "Luật", "effective_on": date(2024, 1, 1), "expires_on": date(2026, 10, 1)}


@pytest.mark.parametrize(("sign", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16")])
def test_reads_what_spreadsheets_save(sign, encoding):
    text = f'so_hieu{sign}ten\r\n1/2024{sign}"Luật\r\nhai dòng"\r\n'
    (row,) = read_bytes(text.encode(encoding)).rows
    assert row.values["title"] == "Luật\nhai dòng"


def test_an_amendment_of_unknown_content_and_a_link():
    reading = read(
        "so_hieu,ten,nghi_van_tu,sua_doi_boi,lien_ket\n06/2022/QH15,Luật,2026-10-01,06/2026/QH16,https://a.gov.vn/x?id=1\n"
    )
    (row,) = reading.rows
    assert (row.questioned_from, row.amended_by) == (date(2026, 10, 1), "06/2026/QH16")
    assert row.values["link"] == "https://a.gov.vn/x?id=1"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Hết hiệu lực 2024-01-01", {"expires_on": date(2024, 1, 1)}),
        ("Hết hiệu lực từ ngày 1/1/2024; xem nghị định mới", {"expires_on": date(2024, 1, 1)}),
        ("Còn hiệu lực theo nguồn; một nguồn ghi hết hiệu lực 2027-03-01", {}),
        ("Hết hiệu lực 2024-13-45", {}),
        ("Còn hiệu lực", {}),
    ],
)
def test_the_status_tells_its_day_and_stays_as_a_note(status, expected):
    (row,) = read(f"so_hieu,ten,tinh_trang\n1/2024,A,{status}\n").rows
    assert row.values == {"title": "A", "note": status} | expected


def test_lists_every_problem_at_once():
    reading = read(
        "number,title,effective_on,expires_on,sua_doi_boi,lien_ket\n"
        "1/2024,A,,,,\n"
        "1/2024,,hôm qua,,,\n"
        "2/2024,B,2024-02-01,2024-02-01,,\n"
        f"{'x' * 161},C,,,,\n"
        "3/2024,D,,,4/2024,\n"
        "4/2024,E,,,,javascript:alert(1)\n"
        "5/2024,F,,,,,thừa\n"
    )
    assert [p.split(":")[0] for p in reading.problems] == [
        *["Dòng 3"] * 3, "Dòng 4", "Dòng 5", "Dòng 6", "Dòng 7", "Dòng 8",
    ]  # fmt: skip
    assert "trùng với dòng 2" in reading.problems[2]
    assert [row.number for row in reading.rows] == ["1/2024"]


def test_headings_that_are_missing_doubled_or_unknown():
    assert read("number,colour\n1,red\n").problems == ["Cột không nhận ra: “colour”.", "Thiếu cột ten."]
    assert read("so_hieu,number,ten\n1,1,A\n").problems == ["Hai cột cùng là so_hieu."]
    assert read("").problems == ["Thiếu cột so_hieu.", "Thiếu cột ten."]


def test_a_file_of_provisions_is_known_by_its_headings():
    reading = read(
        "so_hieu,dieu,khoan,diem,ten,ngay_hieu_luc,ngay_het_hieu_luc\n06/2022/QH15,Điều 5,2,a,Mục tiêu,2024-01-01,\n"
        "06/2022/QH15,năm,,,,,\n06/2022/QH15,5,2,a,,,\n"
    )
    assert reading.kind == FileKind.PROVISIONS
    assert reading.provisions[0].place == ("5", "2", "a")
    assert [p.split(":")[0] for p in reading.problems] == ["Dòng 3", "Dòng 4"]


@pytest.mark.parametrize(
    "data",
    ["số hiệu".encode("cp1258", "ignore") + b"\xff\xfe", b"\0\1\2", b"%PDF-1.7\n\xe2\xe3", b"x" * (MOST_BYTES + 1)],
)
def test_what_is_no_table_is_one_problem(data):
    reading = read_bytes(data)
    assert reading.rows == []
    assert reading.problems


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ("so_hieu,ten\n" + text).encode("utf-8", "ignore"))
)
def test_no_file_breaks_the_reader(data):
    reading = read_bytes(data)
    assert reading.problems or all(row.number and row.values["title"] for row in reading.rows)


def test_only_addresses_of_the_web_are_links():
    assert is_web_address("https://vanban.chinhphu.vn/?docid=1")
    for text in ("javascript:alert(1)", "data:text/html,x", "//a.vn", "http://", "https://a b", "http://[", ""):
        assert not is_web_address(text)


def test_the_shipped_file_names_the_amendments():
    reading = read_file(SHIPPED)
    assert reading.problems == []
    told = {row.number: (row.questioned_from, row.amended_by) for row in reading.rows if row.questioned_from}
    assert told["06/2022/QH15"] == (date(2026, 10, 1), "06/2026/QH16")
    assert told["36/2018/QH14"] == (date(2026, 7, 1), "132/2025/QH15")
    assert {amended_by for _day, amended_by in told.values()} <= {row.number for row in reading.rows}
