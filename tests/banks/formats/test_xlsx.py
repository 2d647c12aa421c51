"""What a workbook holds beside its values: other sheets, hidden rows, merged cells, formulas, errors, pictures."""

import io
import zipfile

import pytest

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats import xlsx
from quiz.errors import Refusal
from tests.banks.sheets import HEADINGS, book, good, png, with_part, workbook


def said(problems):
    return [(problem.fault, dict(problem.details)) for problem in problems]


def test_hidden_sheets_and_sheets_without_a_table_are_passed_over():
    reading = xlsx.read(workbook(good(), sheets={"Hướng dẫn": [["Đọc kỹ"]], "Thêm": [HEADINGS, good()]}))
    assert said(reading.problems) == [(Fault.SHEET_NOT_READ, {"sheet": "Thêm"})]
    assert reading.about == "trang tính “Câu hỏi”"


def test_a_hidden_sheet_with_items_is_named():
    def hide(made, _sheet):
        hidden = made.add_worksheet("Cũ")
        hidden.write_row(0, 0, HEADINGS)
        hidden.hide()
        made.add_worksheet("Danh mục").hide()

    assert said(xlsx.read(book(hide, [good()])).problems) == [(Fault.SHEET_HIDDEN, {"sheet": "Cũ"})]


def test_hidden_rows_are_read_and_said():
    reading = xlsx.read(book(lambda _b, sheet: sheet.set_row(2, None, None, {"hidden": True}), [good(), good("Hai?")]))
    assert [said(item.problems) for item in reading.items] == [[], [(Fault.HIDDEN_ROW, {})]]


def test_a_merged_topic_counts_for_all_its_rows():
    def merge(_made, sheet):
        sheet.merge_range(1, 6, 3, 6, "danh-hieu")

    reading = xlsx.read(book(merge, [good(), good("Hai?", topic=""), good("Ba?", topic=""), good("Bốn?")]))
    assert [item.topic for item in reading.items] == ["danh-hieu", "danh-hieu", "danh-hieu", "chung"]
    assert said(reading.items[2].problems) == [(Fault.FILLED_FROM_MERGED, {"column": "Chủ đề", "row": 2})]


def test_a_merged_question_is_said():
    reading = xlsx.read(book(lambda _b, sheet: sheet.merge_range(1, 0, 2, 0, "Hỏi?"), [good(), good("")]))
    assert said(reading.items[1].problems) == [(Fault.MERGED_CELL, {"column": "Câu hỏi", "row": 2})]
    assert reading.items[1].stem == ""


def test_a_title_between_the_items_is_passed_over():
    reading = xlsx.read(book(lambda _b, s: s.merge_range(2, 0, 2, 7, "PHẦN II"), [good(), [], good("Hai?")]))
    assert [item.place for item in reading.items] == ["dòng 2", "dòng 4"]
    assert [(s.place, *said([s.problem])) for s in reading.skipped] == [
        ("dòng 3", (Fault.TITLE_ROW, {"text": "PHẦN II"}))
    ]


def test_formulas_without_a_value_and_errors_are_said():
    def fill(_made, sheet):
        sheet.write_formula(1, 1, '="một"', None, "")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_formula(1, 5, "=A9", None, "#REF!")

    [item] = xlsx.read(book(fill, [good()])).items
    assert said(item.problems) == [
        (Fault.FORMULA_WITHOUT_VALUE, {"column": "A"}),
        (Fault.ERROR_CELL, {"column": "Đáp án", "text": "#REF!"}),
        (Fault.OPTION_GAP, {"empty": "A", "filled": "D"}),
        (Fault.NO_KEY, {}),
    ]
    assert item.options[1] == "2"


def test_pictures_belong_to_the_item_of_their_row():
    def draw(_made, sheet):
        for row, column, colour, alt in (
            (1, 0, "red", "Hình đỏ"),
            (1, 2, "blue", ""),
            (2, 9, "lime", "x"),
            (9, 0, "red", ""),
        ):
            options = {"image_data": io.BytesIO(png(colour)), "description": alt}
            sheet.insert_image(row, column, "a.png", options)
        sheet.insert_image(1, 0, "a.png", {"image_data": io.BytesIO(png("cyan"))})

    reading = xlsx.read(book(draw, [good(), good("Hai?")]))
    first, second = reading.items
    assert [(p.place, p.content, p.alt) for p in first.pictures] == [(0, png("red"), "Hình đỏ"), (2, png("blue"), "")]
    assert [(p.place, p.alt) for p in second.pictures] == [(0, "x")]
    assert said(first.problems) == [(Fault.PICTURE_NOT_READ, {})]
    assert [(s.place, s.problem.fault) for s in reading.skipped] == [("hình ở dòng 10", Fault.PICTURE_NOT_READ)]


def test_a_damaged_drawing_does_not_cost_the_items():
    content = book(lambda _b, s: s.insert_image(1, 0, "a.png", {"image_data": io.BytesIO(png())}), [good()])
    assert xlsx.read(with_part("xl/drawings/_rels/drawing1.xml.rels", "<Relationships/>", content)).items[0].problems
    assert (
        xlsx.read(with_part("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships/>", content)).items[0].pictures == []
    )


def test_a_picture_outside_the_package_is_not_fetched():
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd" '
        'TargetMode="External"/></Relationships>'
    )
    content = book(lambda _b, s: s.insert_image(1, 0, "a.png", {"image_data": io.BytesIO(png())}), [good()])
    [item] = xlsx.read(with_part("xl/drawings/_rels/drawing1.xml.rels", link, content)).items
    assert (item.pictures, said(item.problems)) == ([], [(Fault.PICTURE_NOT_READ, {})])


def test_macros_are_not_run_and_said():
    reading = xlsx.read(with_part("xl/vbaProject.bin", b"\0" * 100))
    assert [(p.fault, p.severity) for p in reading.problems] == [(Fault.MACROS_NOT_READ, Severity.WARNING)]


def test_texts_that_look_like_formulas_are_texts():
    reading = xlsx.read(workbook(good(a="=CMD|'/c calc'!A1", b="+1", c="@x", d="-2")))
    assert reading.items[0].options == ["=CMD|'/c calc'!A1", "+1", "@x", "-2"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_a_part_is_refused(part):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(good()))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    with pytest.raises(Refusal):
        xlsx.read(file.getvalue())
