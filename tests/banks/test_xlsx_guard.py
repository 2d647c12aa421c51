"""Files that are no workbook, or that would unpack to more than a bank can be."""

import io
import struct
import zipfile

import pytest

from quiz.banks.formats import xlsx, xlsx_guard
from quiz.banks.formats.xlsx_guard import FileRefusal, check
from quiz.errors import Refusal
from tests.banks.sheets import HEADINGS, good, workbook
from tests.banks.test_xlsx import KNOWN

BOOK = workbook(good())
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refused(content):
    with pytest.raises(Refusal) as refusal:
        xlsx.read(content, KNOWN)
    return refusal.value.reason


def with_part(name, text, content=BOOK):
    """The workbook with one part put in place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, text)
    return file.getvalue()


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileRefusal.NOT_EXCEL),
        (b"Cau hoi,Dap an\n", FileRefusal.NOT_EXCEL),
        (b"%PDF-1.7 ...", FileRefusal.NOT_EXCEL),
        (b"\x89PNG\r\n", FileRefusal.NOT_EXCEL),
        (zipped(**{"word/document.xml": "<w/>"}), FileRefusal.NOT_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileRefusal.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            FileRefusal.PASSWORD,
        ),
        (BOOK[: len(BOOK) // 2], FileRefusal.DAMAGED),
        (BOOK[:-30], FileRefusal.DAMAGED),
        (b"PK\x03\x04", FileRefusal.DAMAGED),
        (zipped(**{"xl/workbook.xml": "<workbook/>"}), FileRefusal.DAMAGED),
        (with_part("xl/workbook.xml", "kein XML"), FileRefusal.DAMAGED),
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
        assert refused(BOOK[:end]) in (FileRefusal.NOT_EXCEL, FileRefusal.DAMAGED)


def test_an_encrypted_part_is_a_password():
    content = bytearray(BOOK)
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refused(bytes(content)) == FileRefusal.PASSWORD


def test_a_bomb_by_its_own_account():
    assert (
        refused(with_part("xl/media/image1.png", b"\0" * (xlsx_guard.MOST_UNPACKED + 1)))
        == FileRefusal.TOO_LARGE_INSIDE
    )


def test_a_bomb_that_lies_about_its_size():
    content = bytearray(with_part("xl/bomb.xml", b"\0" * (xlsx_guard.MOST_UNPACKED + 1)))
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
    check(with_part("xl/worksheets/sheet1.xml", styled))


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
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    assert len(xlsx.read(workbook(*[good(f"Câu {n}?") for n in range(3)]), KNOWN).rows) == 3
    assert refused(workbook(*[good(f"Câu {n}?") for n in range(4)])) == FileRefusal.TOO_MANY_ROWS


def test_the_headings_may_stand_in_another_sheet():
    content = workbook(headings=["Ghi chú"], sheets={"Bảng": [HEADINGS, good()]})
    assert xlsx.read(content, KNOWN).sheet == "Bảng"
