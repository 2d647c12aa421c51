"""What Word keeps beside plain text: lists, styles, tracked changes, boxes, pictures; and files that are none."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats import docx
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.word import docx_template
from quiz.banks.formats.word.numbering import written
from quiz.errors import Refusal
from tests.banks.formats.office import converted, needs_office
from tests.banks.formats.word_files import (
    PICTURE,
    STRICT,
    R,
    Word,
    levels,
    listed,
    noisy_docx,
    p,
    package,
    png,
)  # fmt: skip

OPTIONS = p("A. Một") + p("B. Hai") + p("Đáp án: A")
KEYS_OF_NOISY = {9: [], 24: [], 7: [], 16: []}


def read(*body, **parts):
    return docx.read(package("".join(body), **parts))


def only(*body, **parts):
    (item,) = read(*body, **parts).items
    return item


# text


def test_runs_are_joined_and_line_breaks_end_lines():
    item = only("<w:p><w:r><w:t>Câ</w:t></w:r><w:r><w:t>u 1</w:t></w:r><w:r><w:t>. Mấ</w:t><w:t>y?</w:t><w:br/><w:t>A. Một</w:t><w:br/><w:t>B. Hai</w:t></w:r></w:p>")  # fmt: skip
    assert (item.stem, item.options) == ("Mấy?", ["Một", "Hai"])


def test_a_letter_and_its_tone_in_two_runs():
    item = only("<w:p><w:r><w:t>Câu 1. Ma</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>̃ nào?</w:t></w:r></w:p>", OPTIONS)
    assert item.stem == "Mã nào?"


def test_links_controls_fields_and_symbols_are_read():
    item = only(
        "<w:p><w:r><w:t xml:space='preserve'>Câu 1. </w:t></w:r><w:hyperlink><w:r><w:t>Luật</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:t xml:space='preserve'> số</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:fldSimple w:instr='REF x'><w:r><w:t xml:space='preserve'> 6</w:t></w:r></w:fldSimple>"
        "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType='end'/></w:r></w:p>"
        "<w:p><w:r><w:t>A. Một</w:t></w:r></w:p><w:p><w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:t xml:space='preserve'> B. Hai</w:t></w:r></w:p>"
    )
    assert (item.stem, item.options, item.key) == ("Luật số 6", ["Một", "Hai"], [2])


def test_strict_files_are_read():
    assert only(p("Câu 1. Mấy?"), OPTIONS, namespace=STRICT).key == [1]


def test_tables_with_merged_and_nested_cells():
    def cell(inner, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"

    head = "".join(cell(p(text)) for text in ("STT", "Câu hỏi", "Phương án", "Đáp án"))
    nested = f"<w:tbl><w:tr>{cell(p('A. Năm'))}{cell(p('B. Sáu'))}</w:tr></w:tbl>{p()}"
    start, more = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    rows = [
        cell(p("Chủ đề: Chung"), "<w:gridSpan w:val='4'/>"),
        cell(p("1"), start) + cell(p("Mấy?"), start) + cell(p("Một")) + cell(p()),
        cell(p(), more) + cell(p(), more) + cell(p("Hai")) + cell(p("x")),
        cell(p("2")) + cell(p("Mấy nữa?")) + cell(nested) + cell(p("A")),
    ]
    found = read("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in [head, *rows]) + "</w:tbl>").items
    assert [(i.stem, i.options, i.key, i.topic) for i in found] == [
        ("Mấy?", ["Một", "Hai"], [2], "Chung"), ("Mấy nữa?", ["Năm", "Sáu"], [1], "Chung")
    ]  # fmt: skip


# lists


def test_numbers_and_letters_of_automatic_lists():
    numbering = (
        levels(0, ("decimal", "Câu %1:"), ("upperLetter", "%2."))
        + '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = [listed("Một?", 3), listed("a", 3, 1), listed("b", 3, 1), p("Đáp án: B"), listed("Hai?", 3), listed("c", 3, 1), listed("d", 3, 1), p("Đáp án: A")]  # fmt: skip
    found = read(*body, numbering=numbering).items
    assert [(i.stem, i.options, i.key) for i in found] == [("Một?", ["a", "b"], [2]), ("Hai?", ["c", "d"], [1])]


def test_a_list_that_begins_again_for_every_question():
    numbering = levels(0, ("lowerLetter", "%1)")) + "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for n in (1, 2)
    )
    found = read(
        p("Câu 1. Một?"), listed("a", 1), listed("b", 1), p("ĐA: b"), p("Câu 2. Hai?"), listed("c", 2), listed("d", 2), p("ĐA: a"), numbering=numbering
    ).items  # fmt: skip
    assert [(i.options, i.key) for i in found] == [(["a", "b"], [2]), (["c", "d"], [1])]


def test_lists_by_style_and_levels_of_several_numbers():
    styles = (
        '<w:style w:type="paragraph" w:styleId="cau"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    styles += '<w:style w:type="paragraph" w:styleId="con"><w:basedOn w:val="cau"/></w:style>'
    numbering = levels(0, ("decimalZero", "Bài %1.")) + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    styled = p("Mấy?", properties='<w:pStyle w:val="con"/>')
    assert only(styled, OPTIONS, numbering=numbering, styles=styles).stem == "Mấy?"


@pytest.mark.parametrize(
    ("value", "format_", "text"),
    [(3, "upperLetter", "C"), (28, "lowerLetter", "bb"), (14, "upperRoman", "XIV"), (4, "lowerRoman", "iv"), (7, "decimalZero", "07"),
     (12, "decimal", "12"), (5, "vietnameseCounting", "5"), (0, "upperLetter", "0"), (10**9, "upperRoman", str(10**9))],
)  # fmt: skip
def test_formats_of_numbers(value, format_, text):
    assert written(value, format_) == text


# looks


@pytest.mark.parametrize(
    "run",
    ["<w:b/>", "<w:rStyle w:val='dam'/>", "<w:i/>", "<w:u w:val='single'/>", "<w:color w:val='C00000'/>", "<w:highlight w:val='yellow'/>",
     "<w:shd w:fill='FFFF00'/>", "<w:color w:val='auto' w:themeColor='accent1'/>"],
)  # fmt: skip
def test_looks_by_direct_formatting_and_by_style(run):
    styles = "<w:style w:type='character' w:styleId='goc'><w:rPr><w:b/></w:rPr></w:style>"
    styles += "<w:style w:type='character' w:styleId='dam'><w:basedOn w:val='goc'/></w:style>"
    assert only(p("Câu 1. Mấy?"), p("A. Một"), p("B. Hai", run=run), styles=styles).key == [2]


@pytest.mark.parametrize(
    "run",
    ["<w:b w:val='0'/>", "<w:u w:val='none'/>", "<w:color w:val='000000'/>", "<w:color w:val='1F1F1F'/>", "<w:highlight w:val='none'/>",
     "<w:shd w:fill='auto'/>", "<w:color w:themeColor='text1'/>"],
)  # fmt: skip
def test_looks_that_show_nothing(run):
    assert only(p("Câu 1. Mấy?"), p("A. Một"), p("B. Hai", run=run)).key == []


def test_shading_of_the_whole_paragraph_and_of_paragraph_styles():
    assert only(p("Câu 1. Mấy?"), p("A. Một"), p("B. Hai", properties="<w:shd w:fill='FFFF00'/>")).key == [2]
    styles = "<w:style w:type='paragraph' w:styleId='dung'><w:rPr><w:b/></w:rPr></w:style>"
    marked = p("B. Hai", properties="<w:pStyle w:val='dung'/>")
    assert only(p("Câu 1. Mấy?"), p("A. Một"), marked, styles=styles).key == [2]


# what is reported


def test_tracked_changes_count_as_accepted():
    reading = read(
        "<w:p><w:r><w:t xml:space='preserve'>Câu 1. </w:t></w:r><w:ins><w:r><w:t>Mới?</w:t></w:r></w:ins><w:del><w:r><w:delText>Cũ?</w:delText></w:r></w:del></w:p>",
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>A. Mộ</w:t></w:r></w:p><w:p><w:r><w:t>t</w:t></w:r></w:p>", p("B. Hai"), p("Đáp án: B"),
    )  # fmt: skip
    (item,) = reading.items
    assert (item.stem, item.options, item.key) == ("Mới?", ["Một", "Hai"], [2])
    assert [(x.fault, x.severity) for x in reading.problems] == [(Fault.CHANGES_ACCEPTED, Severity.WARNING)]


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("inner", "fault", "stem"),
    [
        (BOX.format(p("(theo Luật)")), Fault.TEXT_BOXES_READ, "Mấy?\n(theo Luật)"),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", Fault.EQUATIONS_AS_TEXT, "Mấy?x+1"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>", Fault.HIDDEN_TEXT_NOT_READ, "Mấy?"),
        ("<w:r><w:commentReference w:id='1'/></w:r>", Fault.COMMENTS_NOT_READ, "Mấy?"),
        ("<w:r><w:footnoteReference w:id='1'/></w:r>", Fault.FOOTNOTES_NOT_READ, "Mấy?"),
        ("<w:r><w:drawing><a:blip r:link='x9'/></w:drawing></w:r>", Fault.LINKED_PICTURES, "Mấy?"),
    ],
)
def test_what_is_read_otherwise_or_not_at_all_is_told(inner, fault, stem):
    reading = read(f"<w:p><w:r><w:t>Câu 1. Mấy?</w:t></w:r>{inner}</w:p>", OPTIONS)
    assert [item.stem for item in reading.items] == [stem]
    assert [(problem.fault, problem.details) for problem in reading.problems] == [(fault, {"count": 1})]


def test_macros_and_inserted_files_are_told_and_left_alone():
    reading = read(p("Câu 1. Mấy?"), OPTIONS, "<w:altChunk r:id='x'/>", parts={"word/vbaProject.bin": b"\xd0\xcf"})
    assert {problem.fault for problem in reading.problems} == {Fault.MACROS_NOT_RUN, Fault.INSERTED_NOT_READ}


# pictures


def test_pictures_of_stem_and_option_with_their_words():
    word = (
        Word()
        .add("Câu 1. Đây là gì?")
        .picture(PICTURE.content, "Huân chương")
        .add("A. Một", "B. Hai")
        .picture(png(9, 9))
        .add("Đáp án: A")
    )
    (item,) = docx.read(word.content()).items
    assert [(x.place, x.content, x.alt) for x in item.pictures] == [
        (0, PICTURE.content, "Huân chương"),
        (2, png(9, 9), ""),
    ]


@pytest.mark.parametrize(
    ("drawing", "alt"),
    [
        ("<w:drawing><wp:docPr descr='Sơ đồ'/><a:blip r:embed='p1'/></w:drawing>", "Sơ đồ"),
        ("<w:drawing><wp:docPr descr='C:\\anh\\1.PNG'/><a:blip r:embed='p1'/></w:drawing>", ""),
        (
            "<w:drawing><wp:docPr descr='A sign Description automatically generated'/><a:blip r:embed='p1'/></w:drawing>",
            "",
        ),
        ("<w:pict><v:shape alt='Sơ đồ'><v:imagedata r:id='p1'/></v:shape></w:pict>", "Sơ đồ"),
    ],
)
def test_words_that_people_wrote_for_pictures(drawing, alt):
    relation = f'<Relationship Id="p1" Type="{R}/image" Target="media/1.png"/>'
    item = only(
        f"<w:p><w:r><w:t>Câu 1. Mấy?</w:t>{drawing}</w:r></w:p>",
        OPTIONS,
        relations=relation,
        parts={"word/media/1.png": PICTURE.content},
    )
    assert [(x.place, x.content, x.alt) for x in item.pictures] == [(0, PICTURE.content, alt)]


def test_a_picture_of_no_question_is_told():
    reading = docx.read(Word().picture(PICTURE.content).add("Câu 1. Mấy?", "A. Một", "B. Hai", "Đáp án: A").content())
    assert [skipped.problem.fault for skipped in reading.skipped] == [Fault.LOOSE_PICTURE]


def test_a_picture_that_leads_out_of_the_package_is_not_fetched():
    relation = f'<Relationship Id="p1" Type="{R}/image" Target="../../../etc/passwd"/>'
    body = "<w:p><w:r><w:t>Câu 1. Mấy?</w:t><w:drawing><a:blip r:embed='p1'/></w:drawing></w:r></w:p>"
    reading = read(body, OPTIONS, relations=relation)
    assert (reading.items[0].pictures, reading.problems[0].fault) == ([], Fault.LINKED_PICTURES)


# whole files


def test_the_template_gives_its_examples(app):
    with app.test_request_context():
        content = docx_template.template([{"code": "chung", "title": "Quy định chung"}])
    reading = docx.read(content)
    kinds = [item.kind for item in reading.items]
    assert kinds == ["", "", "", "", "true_false", "short_text", "number", "ordering", "matching", "essay", "", "", ""]
    assert all(item.topic == "Quy định chung" for item in reading.items)
    assert [p for item in reading.items for p in item.problems if p.severity != Severity.INFO] == []
    assert len(reading.skipped) == 1  # the instructions


def test_a_noisy_file():
    reading = docx.read(noisy_docx())
    _check_noisy(reading)


@needs_office
def test_the_same_file_saved_by_libreoffice():
    _check_noisy(docx.read(converted(noisy_docx(), "docx", "docx")))


def _check_noisy(reading):
    assert len(reading.items) == 30
    assert {item.number: item.key for item in reading.items if not item.key} == KEYS_OF_NOISY
    errors = {i.number: p.fault for i in reading.items for p in i.problems if p.severity == Severity.ERROR}
    assert errors == {9: Fault.KEYS_DISAGREE, 24: Fault.KEYS_DISAGREE}
    assert [len(item.pictures) for item in reading.items] == [0, 0, 0, 0, 1] + [0] * 25
    assert (len(reading.skipped), [p.fault for p in reading.problems]) == (1, [Fault.FEET_DROPPED])


@needs_office
def test_automatic_lists_saved_by_libreoffice():
    numbering = (
        levels(0, ("decimal", "Câu %1:"), ("upperLetter", "%2."))
        + '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = [listed("Một?", 3), listed("a", 3, 1), listed("b", 3, 1), p("Đáp án: B"), listed("Hai?", 3), listed("c", 3, 1), listed("d", 3, 1), p("Đáp án: A")]  # fmt: skip
    found = docx.read(converted(package("".join(body), numbering=numbering), "docx", "docx")).items
    assert [(i.stem, i.options, i.key) for i in found] == [("Một?", ["a", "b"], [2]), ("Hai?", ["c", "d"], [1])]


# files that are none


def test_files_that_hold_no_questions_are_refused():
    with pytest.raises(Refusal) as refused:
        read(p("Một bài thơ"))
    assert refused.value.reason is FileRefusal.NO_ITEMS


@pytest.mark.parametrize("main", ["<x/>", "<w:workbook xmlns:w='urn:x'/>", "<document/>"])
def test_packages_of_other_programs_are_refused(main):
    with pytest.raises(Refusal) as refused:
        read(parts={"word/document.xml": main})
    assert refused.value.reason is FileRefusal.UNKNOWN_FORMAT


def test_a_package_without_a_main_part_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(Refusal) as refused:
        docx.read(file.getvalue())
    assert refused.value.reason is FileRefusal.UNKNOWN_FORMAT


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", FileRefusal.UNSAFE),
        ("<x", FileRefusal.DAMAGED),
    ],
)
def test_unsafe_and_broken_parts_are_refused(part, content, reason):
    with pytest.raises(Refusal) as refused:
        read(p("Câu 1. Mấy?"), OPTIONS, parts={part: content})
    assert refused.value.reason is reason


SMALL = package(p("Câu 1. Mấy?") + OPTIONS, numbering=levels(0, ("decimal", "%1.")))


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 40)
)
def test_damaged_bytes_are_read_or_refused(changes, cut):
    content = bytearray(SMALL)
    for place, byte in changes:
        content[place] = byte
    with suppress(Refusal):
        docx.read(bytes(content[: len(content) - cut]))


_ELEMENTS = st.sampled_from(
    ["p", "r", "t", "tbl", "tr", "tc", "tcPr", "pPr", "rPr", "numPr", "sdt", "ins", "del", "hyperlink", "br", "drawing", "pict", "b", "vMerge",
     "txbxContent", "gridSpan", "numId", "ilvl"]
)  # fmt: skip
_TREES = st.recursive(
    st.sampled_from(["", "Câu 1. Mấy?", "A. Một", "B. Hai"]),
    lambda inner: st.builds(
        lambda name, value, parts: f"<w:{name} w:val='{value}'>{''.join(parts)}</w:{name}>",
        _ELEMENTS, st.sampled_from(["", "0", "1", "-1", "x", "99999999999"]), st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(_TREES, max_size=6).map("".join))
def test_any_structure_is_read_or_refused(body):
    numbering = levels(1, ("upperLetter", "%1.")) + '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    for content in (body, p("Câu 1. Mấy?") + OPTIONS + body):
        with suppress(Refusal):
            read(content, numbering=numbering)
