"""The file of documents: every problem is listed, with its line."""

from datetime import date

from quiz.law.csv_file import DocumentRow, read_file, read_rows


def test_reads_headings_in_either_language_and_days_in_either_order():
    reading = read_rows([
        {"so_hieu": "06/2022/QH15", "Tên": " Luật ", "ngay_hieu_luc": "2024-01-01", "expires_on": "01/10/2026"},
        {"so_hieu": "", "Tên": "", "ngay_hieu_luc": "", "expires_on": ""},
    ])  # fmt: skip
    assert reading.problems == []
    assert reading.rows == [
        DocumentRow("06/2022/QH15", "Luật", effective_on=date(2024, 1, 1), expires_on=date(2026, 10, 1))
    ]


def test_lists_every_problem_at_once():
    row = {"number": "1/2024", "title": "A", "colour": "red", "effective_on": "", "expires_on": ""}
    reading = read_rows([
        row,
        row | {"title": "", "effective_on": "hôm qua"},
        row | {"number": "2/2024", "effective_on": "2024-02-01", "expires_on": "2024-02-01"},
        row | {"number": "x" * 161},
    ])  # fmt: skip
    assert [p.split(":")[0] for p in reading.problems] == ["Cột không nhận ra", *["Dòng 3"] * 3, "Dòng 4", "Dòng 5"]
    assert "số hiệu “1/2024” đã có ở dòng 2" in reading.problems[3]
    assert [r.number for r in reading.rows] == ["1/2024"]


def test_missing_columns_and_surplus_cells():
    assert "Thiếu cột number." in read_rows([{"title": "A"}]).problems
    assert "Dòng 2: có nhiều ô hơn số cột." in read_rows([{"number": "1", "title": "A", None: ["thừa"]}]).problems


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "van-ban.csv"
    path.write_bytes("số hiệu".encode("utf-16"))
    assert read_file(path).problems == ["van-ban.csv: tệp không phải văn bản UTF-8."]
