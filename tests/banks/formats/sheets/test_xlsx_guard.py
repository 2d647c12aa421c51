"""Files that are no workbook, or that would unpack to more than a bank can be."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.formats import xlsx
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe import packages
from quiz.banks.formats.sheets import tables, xlsx_guard
from quiz.errors import Refusal
from tests.banks.formats.round_trips import reason_to_refuse
from tests.banks.sheets import HEADINGS, good, with_part, workbook

BOOK = workbook(good())
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refused(content):
    with pytest.raises(Refusal) as refusal:
        xlsx.read(content)
    return refusal.value.reason


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileRefusal.UNKNOWN_FORMAT),
        (b"Cau hoi,Dap an\n", FileRefusal.UNKNOWN_FORMAT),
        (b"%PDF-1.7 ...", FileRefusal.UNKNOWN_FORMAT),
        (b"\x89PNG\r\n", FileRefusal.UNKNOWN_FORMAT),
        (zipped(**{"word/document.xml": "<w/>"}), FileRefusal.UNKNOWN_FORMAT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileRefusal.OLD_OFFICE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            FileRefusal.PASSWORD,
        ),
        (BOOK[: len(BOOK) // 2], FileRefusal.DAMAGED),
        (BOOK[:-30], FileRefusal.DAMAGED),
        (b"PK\x03\x04", FileRefusal.DAMAGED),
        (zipped(**{"xl/workbook.xml": "<workbook/>"}), FileRefusal.DAMAGED),
        (with_part("xl/workbook.xml", "kein XML"), FileRefusal.DAMAGED),
        (with_part("xl/styles.xml", '<?xml version="1.0" encoding="UTF-9"?><x/>'), FileRefusal.DAMAGED),
        (workbook(["a"], headings=["x", "y"]), FileRefusal.NO_HEADINGS),
        (workbook(), FileRefusal.NO_ROWS),
    ],
)
def test_files_that_are_refused(content, reason):
    assert refused(content) == reason


def test_damage_in_the_middle_is_found():
    spoilt = bytearray(BOOK)
    middle = BOOK.index(b"xl/worksheets/sheet1.xml") + 40
    spoilt[middle : middle + 40] = b"\xff" * 40
    assert refused(bytes(spoilt)) == FileRefusal.DAMAGED


def test_every_cut_of_a_workbook_is_refused_with_a_sentence():
    for end in range(0, len(BOOK), 97):
        assert refused(BOOK[:end]) in (FileRefusal.UNKNOWN_FORMAT, FileRefusal.DAMAGED)


def test_an_encrypted_part_is_a_password():
    content = bytearray(BOOK)
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refused(bytes(content)) == FileRefusal.PASSWORD


def test_a_bomb_by_its_own_account():
    assert (
        refused(with_part("xl/media/image1.png", b"\0" * (packages.MOST_UNPACKED + 1))) == FileRefusal.TOO_LARGE_INSIDE
    )


def test_a_bomb_that_lies_about_its_size():
    content = bytearray(with_part("xl/bomb.xml", b"\0" * (packages.MOST_UNPACKED + 1)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        name = content.rindex(b"xl/bomb.xml") if signature == b"PK\x01\x02" else content.index(b"xl/bomb.xml")
        start = content.rindex(signature, 0, name)
        struct.pack_into("<L", content, start + offset, 10)
    assert refused(bytes(content)) == FileRefusal.TOO_LARGE_INSIDE


def test_a_cell_far_away_would_make_a_table_of_billions():
    far = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert refused(with_part("xl/worksheets/sheet1.xml", far)) == FileRefusal.TOO_LARGE_INSIDE


def test_cells_that_are_only_formatted_do_not_count():
    styled = f'<worksheet {MAIN}><sheetData><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData></worksheet>'
    with packages.opened(with_part("xl/worksheets/sheet1.xml", styled)) as package:
        xlsx_guard.check(package)


def test_one_long_text_quoted_often():
    strings = f"<sst {MAIN}><si><t>{'x' * 30_000}</t></si></sst>"
    quotes = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 4001))
    book = with_part("xl/sharedStrings.xml", strings)
    assert refused(
        with_part("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{quotes}</sheetData></worksheet>", book)
    ) == (FileRefusal.TOO_LARGE_INSIDE)


def test_entities_are_not_unfolded():
    text = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData>&a;</sheetData></worksheet>'
    assert refused(with_part("xl/worksheets/sheet1.xml", text)) == FileRefusal.DAMAGED


def test_a_table_under_another_name_cannot_escape_the_count():
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    links = links.replace("worksheets/sheet1.xml", "worksheets/sheet1.png")
    assert refused(with_part("xl/_rels/workbook.xml.rels", links)) == FileRefusal.DAMAGED


def test_more_rows_than_a_file_may_have(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ITEMS", 3)
    assert len(xlsx.read(workbook(*[good(f"Câu {n}?") for n in range(3)])).items) == 3
    assert refused(workbook(*[good(f"Câu {n}?") for n in range(4)])) == FileRefusal.TOO_MANY_ROWS


def test_the_headings_may_stand_in_another_sheet():
    content = workbook(headings=["Ghi chú"], sheets={"Bảng": [HEADINGS, good()]})
    assert xlsx.read(content).about == "trang tính “Bảng”"


def test_a_sheet_of_a_hundred_thousand_rows_is_refused_before_it_is_built():
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 100_001))
    book = with_part("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
    assert refused(book) == FileRefusal.TOO_MANY_ROWS


def test_many_sheets_with_far_cells_are_counted_together():
    far = f'<worksheet {MAIN}><sheetData><row r="400"><c r="AMJ400"><v>1</v></c></row></sheetData></worksheet>'
    book = workbook(good(), sheets={f"S{n}": [["x"]] for n in range(3)})
    for number in range(2, 5):
        book = with_part(f"xl/worksheets/sheet{number}.xml", far, book)
    assert refused(book) == FileRefusal.TOO_LARGE_INSIDE


def test_names_in_capitals_do_not_escape_the_count():
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    far = sheet.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    book = with_part("xl/worksheets/SHEET1.XML", far, without("xl/worksheets/sheet1.xml"))
    assert refused(book) == FileRefusal.TOO_LARGE_INSIDE


def without(name):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
    return file.getvalue()


@pytest.mark.parametrize("name", ["content.xml", "xl/workbook.bin", "xl/WORKBOOK.xml", "../xl/x.xml"])
def test_two_workbooks_in_one_package_are_refused(name):
    assert refused(with_part(name, "<x/>")) == FileRefusal.UNSAFE


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_to_bytes_is_a_refusal_or_read(data):
    spoilt = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    reason_to_refuse(xlsx.read, bytes(spoilt))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_inside_a_part_is_a_refusal_or_read(data):
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        name = data.draw(st.sampled_from([n for n in archive.namelist() if n.startswith("xl/")]))
        part = bytearray(archive.read(name))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(part)))
        piece = data.draw(st.sampled_from([b"", b"<", b"-1", b"9999999999", b"\xff", b'r="A0"', b"<v>1</v>", b"s"]))
        part[start : start + data.draw(st.integers(0, 8))] = piece
    reason_to_refuse(xlsx.read, with_part(name, bytes(part)))
