"""Text tables as Excel, LibreOffice and people save them."""

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault
from quiz.banks.formats import csv_table
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.sheets import signs, tables
from tests.banks.formats.round_trips import reason_to_refuse
from tests.banks.sheets import HEADINGS, good


def text_of(rows, delimiter=",", ending="\r\n"):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue()


ROWS = [HEADINGS, good(), good("Câu “hai”, dài;\ncó hai dòng?", a='một "1"', key="A;C")]
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with its mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16 as Excel saves it": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16, the other way": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def refused(content):
    return reason_to_refuse(csv_table.read, content)


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_what_spreadsheets_save(encode, delimiter, ending):
    reading = csv_table.read(encode(text_of(ROWS, delimiter, ending)))
    first, second = reading.items
    assert reading.problems == first.problems == second.problems == []
    assert (first.stem, first.options, first.key) == ("Câu hỏi thứ nhất?", ["một", "hai", "ba", "bốn"], [2])
    assert (second.stem, second.options[0], second.key) == ("Câu “hai”, dài;\ncó hai dòng?", 'một "1"', [1, 3])
    assert (first.place, second.place) == ("dòng 2", "dòng 3")


def test_excels_hint_is_passed_over():
    assert len(csv_table.read(b"sep=;\n" + text_of(ROWS, ";").encode()).items) == 2


def test_rows_of_unequal_length_and_titles_above():
    text = "BỘ CÂU HỎI\n\n" + text_of([HEADINGS, good()[:7], [*good("Hai?"), "thừa"]])
    reading = csv_table.read(text.encode())
    assert [item.level for item in reading.items] == ["", "1"]
    assert [p.fault for p in reading.problems] == [Fault.UNNAMED_COLUMN]
    assert reading.items[0].place == "dòng 4"


def test_cells_guarded_against_formulas_are_read_as_they_were():
    text = text_of([HEADINGS, good(a="'=1+1", b="'-5", c="'@x", d="'quoted'")])
    assert csv_table.read(text.encode()).items[0].options == ["=1+1", "-5", "@x", "'quoted'"]


def test_quotes_that_do_not_close_are_said():
    reading = csv_table.read(text_of([HEADINGS, good()]).encode() + b'"Hai?,a,b,c,d,A,chung,1\nBa?,a,b,c,d,A,chung,1\n')
    assert [p.fault for p in reading.problems] == [Fault.QUOTES_NOT_CLOSED]
    loose = text_of([HEADINGS]).encode() + '"Luật" là gì?,a,b,c,d,A,chung,1\n'.encode()
    assert csv_table.read(loose).items[0].stem == "Luật là gì?"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileRefusal.EMPTY),
        (b"\xef\xbb\xbf \n", FileRefusal.EMPTY),
        (b"a,b\nc,d\n", FileRefusal.NO_HEADINGS),
        (text_of([HEADINGS]).encode(), FileRefusal.NO_ROWS),
        (text_of(ROWS).encode("utf-16-le")[:-1], FileRefusal.NOT_UTF8),
        ("Câu hỏi,Đáp án\nCâu?,A\n".encode("cp1258", "replace"), FileRefusal.NOT_UTF8),
        (b"Cau hoi,Dap an\n" + b'"' + b"x" * 200_000, FileRefusal.DAMAGED),
    ],
)
def test_files_that_are_refused(content, reason):
    assert refused(content) == reason


def test_more_rows_or_cells_than_a_file_may_have(monkeypatch):
    assert (
        refused(text_of([HEADINGS, *[["Câu?", *"abcd", "A"]] * (signs.MOST_ROWS + 1)]).encode())
        == FileRefusal.TOO_MANY_ROWS
    )
    assert refused(text_of([HEADINGS, good()]).encode() + b"," * (signs.MOST_CELLS + 1)) == FileRefusal.TOO_LARGE_INSIDE
    wide = text_of([HEADINGS, good()]).encode() + b"," * 60_000 + b"x\n" + b"x\n" * 20
    assert refused(wide) == FileRefusal.TOO_LARGE_INSIDE
    monkeypatch.setattr(tables, "MOST_ITEMS", 1)
    assert refused(text_of(ROWS).encode()) == FileRefusal.TOO_MANY_ROWS


def test_has_headings():
    assert csv_table.has_headings(text_of(ROWS, ";"))
    assert not csv_table.has_headings("Câu 1. Câu hỏi, đáp án?\nA. một\nB. hai\nĐáp án: A\n")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(list(ENCODINGS)))
def test_any_damage_is_a_refusal_or_read(piece, start, encoding):
    content = ENCODINGS[encoding](text_of(ROWS))
    refused(content[:start] + piece + content[start + len(piece) :])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_refusal_or_read(text):
    refused(("Câu hỏi,A,B,Đáp án\n" + text).encode("utf-8", "replace"))
    csv_table.has_headings(text.replace("\0", ""))
