"""QTI 1.2: packages that text2qti makes, and files as Canvas and others write them."""

from __future__ import annotations

import base64
import io
from html import escape

import pytest
from PIL import Image as Pillow
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from quiz.banks.faults import Fault
from quiz.banks.formats import qti
from tests.banks.formats.round_trips import faults

MARKDOWN = """
Quiz title: Thi tìm hiểu

Title: Hiệu lực
1.  Luật có hiệu lực từ **ngày** nào?
... Theo Điều 96.
+ Đúng rồi
- Sai rồi
a)  01/01/2023
... Ngày khác
*b) 01/01/2024

2.  Chọn hai đáp án.
[*] Một
[ ] Hai
[*] Ba

3.  Năm ban hành?
=   2022

4.  Số gần đúng?
=   3.14 +- 0.01

5.  Trong khoảng nào?
=   [10, 20]

6.  Thủ đô?
*   Hà Nội
*   Thăng Long

7.  Nêu cảm nghĩ.
... Chấm theo ba ý.
____

8.  Nộp tệp.
^^^^

9.  Việt Nam ở châu Á.
*a) True
b)  False

Text title: Lời dẫn
Text: Đọc đoạn sau.

GROUP
pick: 1
points per question: 1

1.  Trong nhóm?
*a) x
b)  y

END_GROUP
"""


def by_text2qti(markdown: str) -> bytes:
    return QTI(Quiz(markdown, config=Config(), source_name="de-thi.md")).zip_bytes()


def test_all_kinds_that_text2qti_makes():
    reading = qti.read(by_text2qti(MARKDOWN))
    first, several, exact, near, between, words, essay, truth, grouped = reading.items
    assert (first.kind, first.stem, first.options, first.key) == (
        "single", "Luật có hiệu lực từ ngày nào?", ["01/01/2023", "01/01/2024"], [2],
    )  # fmt: skip
    assert first.explanation == "Theo Điều 96.\n\nĐúng rồi\n\nA: Ngày khác"
    assert faults(first) == {"HTML_CLEANED", "NOTES_MERGED", "NOTES_LEFT_OUT"}
    assert (several.kind, several.options, several.key, several.partial) == (
        "multiple",
        ["Một", "Hai", "Ba"],
        [1, 3],
        False,
    )
    assert [item.accepted for item in (exact, near, between)] == [["2022"], ["3.14±0.01"], ["15±5"]]
    assert (words.kind, words.accepted) == ("short_text", ["Hà Nội", "Thăng Long"])
    assert (essay.kind, essay.explanation) == ("essay", "Chấm theo ba ý.")
    assert (truth.kind, truth.key) == ("true_false", [1])
    assert (grouped.kind, grouped.key) == ("single", [1])
    assert {item.code for item in reading.items} == {""}  # its identifiers are digests
    assert [s.problem.fault for s in reading.skipped] == [Fault.KIND_NOT_HELD] * 2


def test_a_picture_by_text2qti(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where text2qti looks for pictures
    file = io.BytesIO()
    Pillow.new("RGB", (2, 2)).save(file, "PNG")
    (tmp_path / "lá cờ.png").write_bytes(file.getvalue())
    markdown = "1.  Hình gì? ![Quốc kỳ](lá cờ.png)\n*a) Cờ\nb)  Hoa\n"
    [item] = qti.read(by_text2qti(markdown)).items
    assert [(p.place, p.content, p.alt) for p in item.pictures] == [(0, file.getvalue(), "Quốc kỳ")]


def file(*items: str) -> bytes:
    head = '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment><section>'
    return f'<?xml version="1.0"?>{head}{"".join(items)}</section></assessment></questestinterop>'.encode()


def item(presentation: str, processing: str = "", type_: str = "", more: str = "", **fields: str) -> str:
    fields = {"question_type": type_} | fields
    labels = "".join(
        f"<qtimetadatafield><fieldlabel>{name.replace('_', '-') if name != 'question_type' else name}</fieldlabel>"
        f"<fieldentry>{value}</fieldentry></qtimetadatafield>"
        for name, value in fields.items()
    )
    return (
        f'<item ident="CAU-1" title="Câu"><itemmetadata><qtimetadata>{labels}</qtimetadata></itemmetadata>'
        f"<presentation>{material('<p>Hỏi?</p>')}{presentation}</presentation>"
        f"<resprocessing><outcomes><decvar varname='SCORE'/></outcomes>{processing}</resprocessing>{more}</item>"
    )


def material(html: str, kind: str = "text/html") -> str:
    return f'<material><mattext texttype="{kind}">{escape(html)}</mattext></material>'


def label(ident: str, text: str) -> str:
    return f'<response_label ident="{ident}">{material(text)}</response_label>'


def lid(*labels: str, ident: str = "response1", cardinality: str = "Single", inside: str = "") -> str:
    choices = f"<render_choice>{''.join(labels)}</render_choice>"
    return f'<response_lid ident="{ident}" rcardinality="{cardinality}">{inside}{choices}</response_lid>'


def when(condition: str, points: object = 100, action: str = "Set") -> str:
    setting = f'<setvar action="{action}" varname="SCORE">{points}</setvar>'
    return f"<respcondition><conditionvar>{condition}</conditionvar>{setting}</respcondition>"


def equal(value: str, ident: str = "response1") -> str:
    return f'<varequal respident="{ident}">{value}</varequal>'


ABC = (label("1", "Một"), label("2", "Hai"), label("3", "Ba"))


def read_one(*arguments: str, **fields: str):
    [found] = qti.read(file(item(*arguments, **fields))).items
    return found


@pytest.mark.parametrize(
    ("processing", "key", "found"),
    [
        (when(equal("2")), [2], set()),
        (when(equal("2")) + when(equal("3"), 50), [2], {"HALF_RIGHT"}),
        (when(equal("2")) + when(equal("1"), -20), [2], {"WRONG_COSTS"}),
        (when(equal("2")) + when("<other/>", 0), [2], set()),
        (when(equal("2")) + when(equal("3")), [], {"KEY_UNCERTAIN"}),
        (when(f"<or>{equal('2')}{equal('3')}</or>"), [], {"KEY_UNCERTAIN"}),
        (when(equal("9")), [], {"KEY_UNCERTAIN"}),
        (when(f"<not>{equal('2')}</not>"), [], {"KEY_UNCERTAIN"}),
        (when(f"{equal('2')}<durlt>10</durlt>"), [], {"KEY_UNCERTAIN"}),
        (when("<other/>"), [], {"KEY_UNCERTAIN"}),
        ("", [], set()),
    ],
)
def test_one_right_option(processing, key, found):
    item = read_one(lid(*ABC), processing, "multiple_choice_question")
    assert (item.kind, item.key, faults(item)) == ("single", key, found)
    assert item.code == "CAU-1"


WHOLE = when(f"<and>{equal('1')}<not>{equal('2')}</not>{equal('3')}</and>")


@pytest.mark.parametrize(
    ("processing", "key", "partial", "found"),
    [
        (WHOLE, [1, 3], False, set()),
        (when(equal("1"), 50, "Add") + when(equal("3"), 50, "Add"), [1, 3], True, set()),
        (when(equal("1"), 80, "Add") + when(equal("3"), 20, "Add"), [1, 3], True, {"WEIGHTS_EVENED"}),
        (when(f"<or>{equal('1')}{equal('3')}</or>"), [], False, {"KEY_UNCERTAIN"}),
        (WHOLE + when(f"{equal('1')}{equal('2')}", 50), [], False, {"KEY_UNCERTAIN"}),
        (when(f"<and>{equal('1')}<not>{equal('1')}</not></and>"), [], False, {"KEY_UNCERTAIN"}),
    ],
)
def test_several_right_options(processing, key, partial, found):
    item = read_one(lid(*ABC, cardinality="Multiple"), processing, "multiple_answers_question")
    assert (item.kind, item.key, item.partial, faults(item)) == ("multiple", key, partial, found)


def test_true_and_false_the_other_way_round():
    item = read_one(lid(label("f", "Sai"), label("t", "Đúng")), when(equal("t")), "true_false_question")
    assert (item.kind, item.key, item.options) == ("true_false", [1], [])


def fib(kind: str = "") -> str:
    return f'<response_str ident="response1"><render_fib {kind}><response_label ident="a"/></render_fib></response_str>'


def test_short_answers_in_their_cases():
    exact = '<varequal respident="response1" case="Yes">HN</varequal>'
    part = '<varsubstring respident="response1">Nội</varsubstring>'
    item = read_one(
        fib(), when(equal("Hà Nội")) + when(exact) + when(equal("Huế"), 50) + when(part), "short_answer_question"
    )
    assert (item.kind, item.accepted) == ("short_text", ["Hà Nội", "HN"])
    assert faults(item) == {"CASE_IGNORED", "HALF_RIGHT", "KEY_UNCERTAIN"}


BOUNDS = "<vargte respident='response1'>{}</vargte><varlte respident='response1'>{}</varlte>"


@pytest.mark.parametrize(
    ("condition", "accepted"),
    [
        (f"<or>{equal('4.0')}<and>{BOUNDS.format('4.0', '4.0')}</and></or>", ["4"]),
        (f"<or>{equal('5.0')}<and>{BOUNDS.format('4.95', '5.05')}</and></or>", ["5±0.05"]),
        (BOUNDS.format("6", "8,5"), ["7.25±1.25"]),
        (equal("1822"), ["1822"]),
        ("<vargte respident='response1'>4</vargte>", []),
        (BOUNDS.format("1e999999", "2"), []),
        (BOUNDS.format("9", "2"), []),
    ],
)
def test_numbers(condition, accepted):
    item = read_one(fib('fibtype="Decimal"'), when(condition), "numerical_question")
    assert (item.kind, item.accepted, faults(item)) == ("number", accepted, set() if accepted else {"KEY_UNCERTAIN"})


RIGHTS = (label("r1", "Bắc"), label("r2", "Trung"), label("r3", "Nam"))


def test_matching_as_canvas_writes_it():
    lefts = [
        lid(*RIGHTS, ident=f"response_{n}", inside=material(text, "text/plain"))
        for n, text in enumerate(("Huế", "Hà <Nội>"))
    ]
    points = when(equal("r2", "response_0"), 50, "Add") + when(equal("r1", "response_1"), 50, "Add")
    item = read_one("".join(lefts), points, "matching_question")
    assert (item.kind, item.options, item.matches, item.key, item.partial) == (
        "matching", ["Huế", "Hà <Nội>"], ["Bắc", "Trung", "Nam"], [2, 1], True,
    )  # fmt: skip
    assert item.stem == "Hỏi?"


def test_ordering_as_new_quizzes_write_it():
    right = when("".join(map(equal, "312")))
    item = read_one(lid(*ABC, cardinality="Ordered"), right, "ordering_question")
    assert (item.kind, item.options, faults(item)) == ("ordering", ["Ba", "Một", "Hai"], set())
    unsure = read_one(lid(*ABC, cardinality="Ordered"), when(equal("1")), "ordering_question")
    assert faults(unsure) == {"KEY_UNCERTAIN"}


@pytest.mark.parametrize(
    ("presentation", "type_"),
    [
        (lid(*ABC), "fill_in_multiple_blanks_question"),
        (lid(*ABC), "multiple_dropdowns_question"),
        (fib(), "calculated_question"),
        (lid(*ABC) + lid(*RIGHTS, ident="other"), ""),
        (fib() + fib(), ""),
        ("<response_xy ident='x'/>", ""),
        ("", ""),
    ],
)
def test_kinds_that_have_no_counterpart_are_named(presentation, type_):
    reading = qti.read(file(item(presentation, "", type_)))
    assert [s.problem.fault for s in reading.skipped] == [Fault.KIND_NOT_HELD]
    assert reading.skipped[0].place == "câu thứ 1 (“Câu”)"


def test_a_group_whose_bank_is_elsewhere_is_told():
    group = "<section title='Nhóm A'><selection_ordering><selection><sourcebank_ref>12</sourcebank_ref></selection></selection_ordering></section>"
    [skipped] = qti.read(file(group)).skipped
    assert (skipped.place, "ngân hàng" in skipped.problem.details["kind"]) == ("Nhóm A", True)


def test_pictures_of_the_standard():
    inside = f'<material><matimage imagtype="image/png" embedded="base64" label="Cờ">{base64.b64encode(b"x").decode()}</matimage></material>'
    outside = '<material><matimage uri="http://example.org/a.png"/></material>'
    found = read_one(
        inside + lid(label("1", "a"), f'<response_label ident="2">{outside}</response_label>'), when(equal("1"))
    )
    assert [(p.place, p.content, p.alt) for p in found.pictures] == [(0, b"x", "Cờ")]
    assert faults(found) == {"IMAGE_OUTSIDE"}


def test_our_labels_may_stand_in_the_metadata():
    found = read_one(lid(*ABC), when(equal("1")), muc_do="2", van_ban="06/2022/QH15", cc_profile="x")
    assert (found.level, found.document) == ("2", "06/2022/QH15")
