"""OpenDocument spreadsheets: what one element repeats is counted as it unfolds, and what LibreOffice saves is read."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault
from quiz.banks.formats import csv_table, xlsx
from quiz.banks.formats import ods as ods_format
from quiz.banks.formats.files import FileRefusal
from tests.banks.formats.office import converted, needs_office
from tests.banks.formats.round_trips import reason_to_refuse
from tests.banks.sheets import HEADINGS, book, good, png, workbook

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = (
    "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:draw="d" xmlns:svg="s" xmlns:xlink="x"'
)


def ods(*tables, mimetype=MIMETYPE, more=()):
    """A spreadsheet.  tables: XML of the rows of each sheet"""
    body = "".join(f'<table:table table:name="T{n}">{rows}</table:table>' for n, rows in enumerate(tables, 1))
    content = f"<office:document-content{SPACES}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
        for name, text in dict(more).items():
            archive.writestr(name, text)
    return file.getvalue()


def cell(text, attributes=""):
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def row(*texts, attributes=""):
    return f"<table:table-row {attributes}>{''.join(map(cell, texts))}</table:table-row>"


WIDE = cell("x", 'table:number-columns-repeated="2000000"')
TABLE = row(*HEADINGS) + row(*map(str, good()))


def refused(content):
    return reason_to_refuse(ods_format.read, content)


def test_a_plain_spreadsheet():
    reading = ods_format.read(ods(TABLE))
    assert (reading.about, reading.problems) == ("trang tính “T1”", [])
    [item] = reading.items
    assert (item.place, item.stem, item.options, item.key) == (
        "dòng 2",
        "Câu hỏi thứ nhất?",
        ["một", "hai", "ba", "bốn"],
        [2],
    )


def drawn(text, part, alt="Sơ đồ"):
    """A cell with a picture, as LibreOffice writes it."""
    image = f'<draw:image xlink:href="{part}"><text:p/></draw:image>'
    frame = f"<draw:frame>{image}<svg:title>tên</svg:title><svg:desc>{alt}</svg:desc></draw:frame>"
    return f'<table:table-cell office:value-type="string">{frame}<text:p>{text}</text:p></table:table-cell>'


def test_pictures_belong_to_their_cells_and_their_words_do_not():
    texts = list(map(str, good()))
    second = HEADINGS.index("B")
    cells = [drawn(text, "Pictures/a.png") if n in (0, second) else cell(text) for n, text in enumerate(texts)]
    content = ods(
        row(*HEADINGS) + f"<table:table-row>{''.join(cells)}</table:table-row>", more={"Pictures/a.png": png()}
    )
    [item] = ods_format.read(content).items
    assert (item.stem, item.options[1]) == ("Câu hỏi thứ nhất?", "hai")
    assert [(p.place, p.content == png(), p.alt) for p in item.pictures] == [
        (0, True, "tên Sơ đồ"),
        (2, True, "tên Sơ đồ"),
    ]


@pytest.mark.parametrize("part", ["../../etc/passwd", "https://example.org/a.png", "Pictures/b.png", ""])
def test_a_picture_that_is_not_in_the_file_is_told(part):
    rest = "".join(map(cell, map(str, good()[1:])))
    content = ods(row(*HEADINGS) + f"<table:table-row>{drawn('Hỏi?', part)}{rest}</table:table-row>")
    [item] = ods_format.read(content).items
    assert (item.pictures, Fault.PICTURE_NOT_READ in {p.fault for p in item.problems}) == ([], True)


def test_pictures_of_the_page_and_words_of_comments():
    shapes = '<table:shapes><draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame></table:shapes>'
    comment = "<office:annotation><text:p>xem lại</text:p></office:annotation>"
    commented = TABLE.replace("<text:p>Câu hỏi thứ nhất?", f"{comment}<text:p>Câu <text:s/>hỏi?")
    reading = ods_format.read(ods(shapes + commented, more={"Pictures/a.png": png()}))
    assert [p.fault for p in reading.problems] == [Fault.PICTURES_NOT_READ]
    assert (reading.items[0].stem.split(), reading.items[0].pictures) == (["Câu", "hỏi?"], [])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (TABLE + row("x", attributes='table:number-rows-repeated="1000000"'), FileRefusal.TOO_MANY_ROWS),
        (TABLE + row("x" * 5000, attributes='table:number-rows-repeated="20000"'), FileRefusal.TOO_LARGE_INSIDE),
        (TABLE + f"<table:table-row>{WIDE}</table:table-row>", FileRefusal.TOO_LARGE_INSIDE),
        (TABLE + '<table:table-row table:number-rows-repeated="9000000"><table:table-cell/></table:table-row>' + row("x"), FileRefusal.TOO_LARGE_INSIDE),
        (TABLE + '<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="2000000000"/></text:p></table:table-cell></table:table-row>', FileRefusal.TOO_LARGE_INSIDE),
        (TABLE + row("x", attributes='table:number-rows-repeated="viele"'), FileRefusal.DAMAGED),
        (row("Ghi chú"), FileRefusal.NO_HEADINGS),
        (row(*HEADINGS), FileRefusal.NO_ROWS),
        ("<", FileRefusal.DAMAGED),
    ],
)  # fmt: skip
def test_bombs_and_damage_are_refused(rows, reason):
    assert refused(ods(rows)) == reason


def test_a_long_cell_costs_no_more_than_its_length():
    """Adding each piece to the whole before it took ten seconds for a file of ten kilobytes."""
    assert len(ods_format.read(ods(TABLE + row("x" * 5_000_000))).items) == 2
    assert refused(ods(TABLE + row("<text:s/>x" * 300_000))) == FileRefusal.TOO_LARGE_INSIDE


def test_empty_rows_to_the_end_of_the_sheet_do_not_count():
    end = '<table:table-row table:number-rows-repeated="1048559"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert len(ods_format.read(ods(TABLE + end)).items) == 1


def test_many_sheets_are_counted_together():
    far = '<table:table-row table:number-rows-repeated="2000"><table:table-cell/></table:table-row>' + row(*"x" * 200)
    assert refused(ods(TABLE, far, far, far)) == FileRefusal.TOO_LARGE_INSIDE


def test_other_open_documents_and_passwords():
    assert refused(ods(TABLE, mimetype="application/vnd.oasis.opendocument.text")) == FileRefusal.UNKNOWN_FORMAT
    locked = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods(TABLE))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, locked.get(name, old.read(name)))
    assert refused(file.getvalue()) == FileRefusal.PASSWORD


def test_entities_are_not_unfolded():
    content = '<!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content>&a;</office:document-content>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("content.xml", content)
    assert refused(file.getvalue()) == FileRefusal.DAMAGED


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_is_a_refusal_or_read(data):
    text = bytearray(TABLE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        piece = data.draw(st.sampled_from([b"", b"<", b"-1", b"99999999999", b"table:", b'"', b"<text:p>", b"float"]))
        text[start : start + data.draw(st.integers(0, 8))] = piece
    refused(ods(text.decode("utf-8", "replace")))


def original():
    def fill(made, sheet):
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, 8, date(2024, 1, 1), day)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.merge_range(3, 6, 4, 6, "danh-hieu")
        sheet.write_formula(5, 5, "=1/0", None, "#DIV/0!")
        sheet.write_formula(6, 5, '=CHAR(65)&","&CHAR(67)', None, "A,C")
        sheet.write_rich_string(7, 1, "m", made.add_format({"bold": True}), "ộ", "t")
        sheet.write_string(8, 1, "một\ndòng hai")
        sheet.write_number(9, 5, 3)
        sheet.insert_image(1, 0, "a.png", {"image_data": io.BytesIO(png()), "description": "Hình"})
        hidden = made.add_worksheet("Cũ")
        hidden.write_row(0, 0, HEADINGS)
        hidden.hide()

    return book(fill, [good(f"Câu {n}?") for n in range(1, 10)], [*HEADINGS, "Đúng từ ngày"])


@needs_office
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_libreoffice_saves_is_read(ending):
    read = {"xlsx": xlsx.read, "ods": ods_format.read}[ending]
    reading = read(converted(original(), "xlsx", ending))
    items = reading.items
    assert [item.place for item in items] == [f"dòng {n}" for n in range(2, 11)]
    assert items[0].valid_from == date(2024, 1, 1)
    assert Fault.HIDDEN_ROW in {p.fault for p in items[1].problems}
    assert [item.topic for item in items[1:5]] == ["chung", "danh-hieu", "danh-hieu", "chung"]
    assert (items[4].key, Fault.ERROR_CELL in {p.fault for p in items[4].problems}) == ([], True)
    assert (items[5].key, items[6].options[0], items[8].key) == ([1, 3], "một", [3])
    assert items[7].options[0].split() == ["một", "dòng", "hai"]
    assert Fault.SHEET_HIDDEN in {p.fault for p in reading.problems}
    assert [(p.place, p.alt) for p in items[0].pictures] == [(0, "Hình")]
    assert items[0].stem == "Câu 1?"


@needs_office
@pytest.mark.parametrize("delimiter", [44, 59, 9])
def test_what_libreoffice_saves_as_text_is_read(delimiter):
    content = converted(
        workbook(good(a='x, "y"; z'), good("Hai?")), "xlsx", f"csv:Text - txt - csv (StarCalc):{delimiter},34,76"
    )
    first, second = csv_table.read(content).items
    assert (first.options[0], first.key, second.stem) == ('x, "y"; z', [2], "Hai?")
