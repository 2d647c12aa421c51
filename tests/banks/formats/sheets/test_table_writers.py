"""What is written as a table is read back as it was, whatever the texts are; what a table cannot hold is said."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from quiz.banks.formats import bank_yaml, csv_table, ods, xlsx
from quiz.banks.formats.spelling import notation
from quiz.banks.formats.writing import Lost, OutPicture
from quiz.banks.pins import pins
from quiz.banks.wording import Image, Wording
from tests.banks.formats.office import converted, needs_office
from tests.banks.formats.round_trips import BANK, banks, out_item, read_back, store, wordings


def made(**fields):
    pinned = pins(fields.get("options", ())) if fields.get("kind", "single") in ("single", "multiple") else ()
    defaults = {"kind": "single", "stem": "Câu?", "topic": "chung", "level": 1, "pinned": pinned}
    return out_item(1, Wording(**defaults | fields))


def png(shade, size=(40, 30)):
    file = io.BytesIO()
    Pillow.new("RGB", size, (shade, 0, 0)).save(file, "PNG")
    return file.getvalue()


def without_pictures(item):
    return replace(item, wording=replace(item.wording, images=()), pictures={})


def assert_comes_back(items, write, read):
    written = write(BANK, items)
    reading = read(written.content)
    assert written.losses == []
    assert [(p.fault, p.details) for p in reading.problems] == []
    back = read_back(reading)
    assert [item.code for item in back] == [item.code for item in items]
    assert [item.wording for item in back] == [item.wording for item in items]
    assert [p.fault.name for item in back for p in item.problems if p.fault.name not in QUIET] == []


QUIET = {"PINNED_BY_WORDS", "ONE_KEY_OF_SEVERAL", "ALL_ARE_KEYS", "ENDS_BEFORE_START"}
TRICKY = [
    made(options=("B", "A"), key=(1,)),
    made(options=("*a", "b*", "\\*c", "A. x", "\\frac{1}{2}"), key=(2,)),
    made(options=("A. một", "B. hai"), key=(1,)),
    made(options=("A, B", "x", "A,B"), key=(1,)),
    made(kind="multiple", options=("A, B", "x", "A,B"), key=(1, 2)),
    made(options=("=1+1", "+x", "@y", "-z", "'=q", "'k'"), key=(3,), stem="=CMD|' /C calc'!A0"),
    made(options=("1", "3", "2"), key=(2,)),
    made(options=("0", "1"), key=(1,)),
    made(kind="matching", options=("a → b", "c = d", "→"), matches=("→ x", "y || z", "thừa"), key=(2, 2, 1)),
    made(kind="ordering", options=("A. x", "*y", "\\z"), partial=True),
    made(kind="short_text", accepted=("a|b", "c || d", "|")),
    made(kind="short_text", accepted=("a|b",)),
    made(kind="number", accepted=("-0.125±0.001", "1500", "3.125")),
    made(kind="essay", words=1000),
    made(kind="true_false", options=("Đúng", "Sai"), key=(2,)),
    made(options=tuple("abcdefgh"), key=(8,), pinned=(2, 8)),
    made(options=("_x0041_", "02/01/2024", "001", "1,3"), key=(4,), explanation="một\n\nhai", source="1-2"),
]


@pytest.mark.parametrize("item", TRICKY, ids=range(len(TRICKY)))
@pytest.mark.parametrize(
    ("write", "read"), [(xlsx.write, xlsx.read), (ods.write, ods.read), (csv_table.write, csv_table.read)]
)
def test_tricky_items_come_back(item, write, read):
    assert_comes_back([item], write, read)


@settings(max_examples=60, deadline=None)
@given(banks)
def test_what_excel_holds_comes_back(items):
    assert_comes_back([without_pictures(item) for item in items], xlsx.write, xlsx.read)


@settings(max_examples=60, deadline=None)
@given(banks)
def test_what_an_open_document_holds_comes_back(items):
    assert_comes_back([without_pictures(item) for item in items], ods.write, ods.read)


@settings(max_examples=100, deadline=None)
@given(banks)
def test_what_a_text_table_holds_comes_back(items):
    assert_comes_back([without_pictures(item) for item in items], csv_table.write, csv_table.read)


@settings(max_examples=20, deadline=None)
@given(wordings().filter(lambda w: w.kind != "true_false"), st.data())
def test_pictures_come_back(wording, data):
    places = data.draw(st.sets(st.integers(0, len(wording.options)), min_size=1, max_size=3))
    contents = {
        place: png(place * 20, data.draw(st.sampled_from([(40, 30), (900, 20), (30, 700)]))) for place in places
    }
    item = out_item(1, replace(wording, images=()))
    images = tuple(Image(place, store(contents[place]), f"Hình {place}, “đỏ”") for place in sorted(places))
    pictures = {store(content): OutPicture("image/png", content) for content in contents.values()}
    item = replace(item, wording=replace(item.wording, images=images), pictures=pictures)
    for format_ in (xlsx, ods):
        assert_comes_back([item, out_item(2, replace(wording, images=()))], format_.write, format_.read)


def test_a_picture_below_a_long_text_stays_in_its_row():
    content = png(1, (30, 700))
    image = Image(0, store(content), "Hình")
    first = made(stem="Câu hỏi dài " * 150 + "?", options=("a", "b"), key=(1,))
    first = replace(
        first,
        wording=replace(first.wording, images=(image,)),
        pictures={image.digest: OutPicture("image/png", content)},
    )
    for format_ in (xlsx, ods):
        assert_comes_back([first, replace(made(kind="essay"), code="T-2")], format_.write, format_.read)


@needs_office
def test_libreoffice_keeps_what_we_write_as_an_open_document():
    content = png(1)
    image = Image(2, store(content), "Sơ đồ “hai”")
    pictured = replace(
        TRICKY[-1],
        wording=replace(TRICKY[-1].wording, images=(image,)),
        pictures={image.digest: OutPicture("image/png", content)},
    )
    items = [replace(item, code=f"T-{n}") for n, item in enumerate([*TRICKY[:-1], pictured], 1)]
    written = ods.write(BANK, items)

    def saved_again(_bank, _items):
        return replace(written, content=converted(written.content, "ods", "ods"))

    assert_comes_back(items, saved_again, ods.read)


def test_a_picture_that_is_gone_is_said():
    item = replace(made(options=("a", "b"), key=(1,), images=(Image(0, b"x".hex(), "Hình"),)), pictures={})
    assert ods.write(BANK, [item]).losses == [(item.code, Lost.IMAGES)]
    assert xlsx.write(BANK, [item]).losses == bank_yaml.write(BANK, [item]).losses == [(item.code, Lost.IMAGES)]


def test_a_text_table_says_that_it_holds_no_pictures():
    item = made(options=("a", "b"), key=(1,), images=(Image(0, b"x".hex(), "Hình"),))
    assert csv_table.write(BANK, [item]).losses == [(item.code, Lost.IMAGES)]


@given(st.text())
@example("=1")
@example("\t=1")
@example("'@")
def test_no_cell_begins_like_a_formula(text):
    items = [made(stem=text, options=("a", text or "b"), key=(1,), explanation=text, source=text)]
    rows = csv.reader(io.StringIO(csv_table.write(BANK, items).content.decode("utf-8-sig"), newline=""))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]


def test_a_workbook_holds_no_formulas_and_no_links():
    items = [made(stem="=1+1", options=("http://vi.vn", "=A1"), key=(1,), explanation="mailto:a@b.vn")]
    with zipfile.ZipFile(io.BytesIO(xlsx.write(BANK, items).content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    assert b'state="frozen"' in sheet


@given(
    st.lists(st.text("AB,;. và1|*", min_size=1, max_size=5), min_size=2, max_size=8, unique_by=str.casefold), st.data()
)
def test_keys_are_written_so_that_they_are_read(options, data):
    options = [option.strip() or "x" for option in options]
    key = tuple(sorted(data.draw(st.sets(st.integers(1, len(options)), min_size=1))))
    read, _problem = notation.read_key(notation.write_key(key, options), options)
    assert read in (key, ())  # never another key
