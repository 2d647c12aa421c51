"""Moodle XML as Moodle and its authors write it: understood where the meaning is sure, said where it is not, and written back."""

from __future__ import annotations

import base64
from datetime import date
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault
from quiz.banks.formats import moodle_xml
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.writing import Lost, OutItem
from quiz.banks.models import ItemKind
from quiz.banks.wording import Image, Wording
from quiz.errors import Refusal
from tests.banks.formats.round_trips import BANK, LAW, banks, faults, out_item, read_back, reason_to_refuse

PNG = b"\x89PNG\r\n\x1a\n picture"
FILE = f'<file name="a b.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'


def quiz(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{"".join(questions)}</quiz>'.encode()


def question(kind: str, inside: str, stem: str = "Hỏi?", name: str = "Câu số 1") -> str:
    head = f"<name><text>{escape(name)}</text></name><questiontext format='html'><text>{escape(stem)}</text></questiontext>"
    return f'<question type="{kind}">{head}{inside}</question>'


def answer(text: str, fraction: object, feedback: str = "", more: str = "") -> str:
    note = f"<feedback format='html'><text>{escape(feedback)}</text></feedback>"
    return f'<answer fraction="{fraction}" format="html"><text>{escape(text)}</text>{note}{more}</answer>'


def read_one(*questions: str):
    [item] = moodle_xml.read(quiz(*questions)).items
    return item


def choice(*fractions: object, single: str = "true", inside: str = ""):
    answers = "".join(answer(f"<p>p{n}</p>", fraction) for n, fraction in enumerate(fractions, 1))
    return read_one(question("multichoice", f"<single>{single}</single>{answers}{inside}"))


def test_a_choice_with_everything_around_it():
    item = read_one(
        question(
            "multichoice",
            "<generalfeedback format='html'><text>&lt;p&gt;Theo Luật.&lt;/p&gt;&lt;p&gt;Điều 5.&lt;/p&gt;</text></generalfeedback>"
            "<idnumber>TD-001</idnumber><single>1</single>"
            + answer("<p>Một</p>", 0, "Chưa đúng")
            + answer("Hai", 100, "<b>Đúng</b>"),
            stem="<p>Câu <b>hỏi</b><br/>nào?</p>",
        )
    )
    assert (item.kind, item.stem, item.options, item.key, item.code) == (
        "single",
        "Câu hỏi nào?",
        ["Một", "Hai"],
        [2],
        "TD-001",
    )
    assert item.explanation == "Theo Luật.\n\nĐiều 5.\n\nA: Chưa đúng\n\nB: Đúng"
    assert faults(item) == {"HTML_CLEANED", "NOTES_MERGED"}
    assert item.place == "câu thứ 1 (“Câu số 1”)"


@pytest.mark.parametrize(
    ("fractions", "key", "found"),
    [
        ((100, 0, 0), [1], set()),
        (("100.0", "50", "0"), [1], {"HALF_RIGHT"}),
        ((100, "-25", "-25"), [1], {"WRONG_COSTS"}),
        ((100, 100, 0), [], {"KEY_UNCERTAIN"}),
        ((50, 50, 0), [], {"KEY_UNCERTAIN"}),
        ((0, 0), [], set()),
        (("nan", "1e999", "100"), [3], set()),
    ],
)
def test_one_right_option_has_all_points(fractions, key, found):
    item = choice(*fractions)
    assert (item.kind, item.key, faults(item)) == ("single", key, found)


@pytest.mark.parametrize(
    ("fractions", "key", "partial", "found"),
    [
        (("33.33333", "33.33333", "33.33333", 0), [1, 2, 3], True, set()),
        (("50", "-50", "50"), [1, 3], True, set()),
        (("50", "-100", "50"), [1, 3], True, {"WRONG_COSTS"}),
        (("75", "25", "0"), [1, 2], True, {"WEIGHTS_EVENED"}),
        (("100", "100", "0"), [1, 2], False, {"WEIGHTS_EVENED"}),
        (("40", "40", "0"), [1, 2], True, {"WEIGHTS_EVENED"}),
        (("0", "0"), [], False, set()),
    ],
)
def test_several_right_options_share_the_points(fractions, key, partial, found):
    item = choice(*fractions, single="false")
    assert (item.kind, item.key, item.partial, faults(item)) == ("multiple", key, partial, found)


def test_the_plugin_for_all_or_nothing():
    item = read_one(question("multichoiceset", answer("a", 100) + answer("b", 100) + answer("c", 0)))
    assert (item.kind, item.key, item.partial) == ("multiple", [1, 2], False)


@pytest.mark.parametrize(("texts", "key"), [(("true", "false"), [2]), (("Sai", "Đúng"), [1]), (("Faux", "Vrai"), [])])
def test_true_and_false_in_any_order(texts, key):
    item = read_one(question("truefalse", answer(texts[0], 0) + answer(texts[1], 100, "Vì thế")))
    assert (item.kind, item.key) == ("true_false", key)
    assert ("KEY_UNCERTAIN" in faults(item)) == (not key)


def test_short_answers():
    inside = "<usecase>1</usecase>" + "".join(
        (
            answer("Hồ Chí Minh", 100),
            answer("Bác*", 100),
            answer("2\\*3", 100),
            answer("Bác", 50),
            answer("*", 0, "Sai"),
        )
    )
    item = read_one(question("shortanswer", inside))
    assert (item.kind, item.accepted, item.explanation) == ("short_text", ["Hồ Chí Minh", "2*3"], "")
    assert faults(item) == {"CASE_IGNORED", "WILDCARD", "HALF_RIGHT"}


def test_numbers_with_tolerance_and_units():
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    inside = answer("3.14", 100, more="<tolerance>0.01</tolerance>") + answer(
        "1822", 100, more="<tolerance>0</tolerance>"
    )
    item = read_one(question("numerical", inside + answer("*", 0) + units))
    assert (item.kind, item.accepted, faults(item)) == ("number", ["3.14±0.01", "1822"], {"UNITS_LEFT_OUT"})


def pair(left: str, right: str) -> str:
    return f"<subquestion format='html'><text>{escape(left)}</text><answer><text>{escape(right)}</text></answer></subquestion>"


def test_matching_with_right_sides_that_nothing_belongs_to():
    item = read_one(
        question("matching", pair("Hà Nội", "Bắc") + pair("Huế", "Trung") + pair("", "Tây") + pair("Vinh", "Trung"))
    )
    assert (item.kind, item.options, item.matches, item.key, item.partial) == (
        "matching",
        ["Hà Nội", "Huế", "Vinh"],
        ["Bắc", "Trung", "Tây"],
        [1, 2, 2],
        True,
    )


def test_ordering_by_the_places_that_the_fractions_are():
    inside = answer("ba", "3.0000000") + answer("một", "1.0000000") + answer("hai", "2.0000000")
    whole = "<gradingtype>ALL_OR_NOTHING</gradingtype><selecttype>RANDOM</selecttype>"
    item = read_one(question("ordering", inside + whole))
    assert (item.kind, item.options, item.partial) == ("ordering", ["một", "hai", "ba"], False)
    assert faults(item) == {"SUBSET_ASKED"}
    assert read_one(question("ordering", inside)).partial


def test_an_essay_has_its_guidance_as_explanation():
    inside = "<graderinfo format='html'><text>&lt;p&gt;Nêu ba ý.&lt;/p&gt;</text></graderinfo><maxwordlimit>300</maxwordlimit>"
    item = read_one(question("essay", inside))
    assert (item.kind, item.explanation, item.words) == ("essay", "Nêu ba ý.", 300)


def test_kinds_that_have_no_counterpart_are_named():
    reading = moodle_xml.read(
        quiz(question("cloze", "", name="Điền"), question("description", ""), question("pmatch", ""))
    )
    assert (reading.skipped[0].place, reading.skipped[0].problem.fault) == ("câu thứ 1 (“Điền”)", Fault.KIND_NOT_HELD)
    assert ["cloze" in s.problem.details["kind"] for s in reading.skipped] == [True, False, False]
    assert reading.skipped[2].problem.details["kind"] == "pmatch"


def category(path: str) -> str:
    return f'<question type="category"><category><text>{escape(path)}</text></category></question>'


@pytest.mark.parametrize(
    ("path", "topic", "source"),
    [
        ("$course$/top/Luật TĐKT/Danh hiệu // cờ", "Danh hiệu / cờ", "Moodle: Luật TĐKT / Danh hiệu / cờ"),
        ("$course$/top/Chương 1", "Chương 1", ""),
        ("$course$/top/Default for Luật", "", ""),
        ("top", "", ""),
    ],
)
def test_the_last_category_is_the_topic(path, topic, source):
    item = read_one(category(path), question("essay", ""))
    assert (item.topic, item.source) == (topic, source)


@pytest.mark.parametrize(
    ("source", "inside", "kept", "found"),
    [
        ("@@PLUGINFILE@@/a%20b.png", FILE, True, set()),
        ("@@PLUGINFILE@@/a b.png", FILE, True, set()),
        ("@@PLUGINFILE@@/thieu.png", FILE, False, {"IMAGE_NOT_FOUND"}),
        ("@@PLUGINFILE@@/a b.png", FILE.replace("iVBOR", "!!"), False, {"IMAGE_NOT_FOUND"}),
        (f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "", True, set()),
        ("https://example.org/x.png", FILE, False, {"IMAGE_OUTSIDE"}),
        ("//example.org/x.png", FILE, False, {"IMAGE_OUTSIDE"}),
        ("file:///etc/passwd", FILE, False, {"IMAGE_OUTSIDE"}),
        ("../../a b.png", FILE, False, {"IMAGE_OUTSIDE"}),
        ("javascript:alert(1)", FILE, False, {"IMAGE_OUTSIDE"}),
    ],
)
def test_pictures_come_from_within_the_file(source, inside, kept, found):
    stem = f"Hình <img src='{source}' alt='Lá cờ' onerror='alert(1)'>"
    item = read_one(
        f'<question type="essay"><questiontext format="html"><text>{escape(stem)}</text>{inside}</questiontext></question>'
    )
    assert [(p.place, p.content, p.alt) for p in item.pictures] == ([(0, PNG, "Lá cờ")] if kept else [])
    assert (item.stem, faults(item)) == ("Hình", found)


def test_the_picture_of_an_old_question():
    item = read_one(
        question("essay", f"<image>a.png</image><image_base64>{base64.b64encode(PNG).decode()}</image_base64>")
    )
    assert [(p.place, p.content) for p in item.pictures] == [(0, PNG)]


def test_a_picture_in_an_explanation_has_no_place():
    note = f"<generalfeedback><text>{escape('Xem <img src=@@PLUGINFILE@@/x.png>')}</text></generalfeedback>"
    item = read_one(question("essay", note))
    assert (item.explanation, faults(item)) == ("Xem", {"IMAGE_NO_PLACE"})


def test_scripts_are_gone():
    item = read_one(
        question("essay", "", stem="<script>alert(1)</script><p onclick='x()'>Hỏi <svg><script>2</script></svg></p>")
    )
    assert item.stem == "Hỏi"
    assert "HTML_CLEANED" in faults(item)


def test_plain_text_stays_as_it_is():
    head = (
        '<question type="essay"><questiontext format="plain_text"><text>a &lt;b&gt; c</text></questiontext></question>'
    )
    assert read_one(head).stem == "a <b> c"


def test_a_name_is_a_code_only_if_it_is_nobody_elses():
    reading = moodle_xml.read(quiz(*(question("essay", "", name=name) for name in ("TD-1", "Cau", "Cau", "Câu dài"))))
    assert [item.code for item in reading.items] == ["TD-1", "", "", ""]


def test_an_id_that_cannot_be_a_code_is_reported():
    assert faults(read_one(question("essay", "<idnumber>a/b</idnumber>"))) == {"CODE_LEFT_OUT"}


def tags(*labels: str) -> str:
    return f"<tags>{''.join(f'<tag><text>{escape(label)}</text></tag>' for label in labels)}</tags>"


def test_tags_by_hand():
    item = read_one(question("essay", tags("Thông hiểu", "Văn bản: 06/2022/QH15", "điều:5", "học kỳ 1")))
    assert (item.level, item.document, item.article) == ("Thông hiểu", "06/2022/QH15", "5")
    assert [p.details["labels"] for p in item.problems] == ["học kỳ 1"]


def test_notes_for_everyone_are_reported_unless_moodle_put_them_there():
    stock = "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
    assert faults(choice(100, 0, inside=stock)) == set()
    assert faults(choice(100, 0, inside="<hint><text>Xem Điều 3</text></hint>")) == {"NOTES_LEFT_OUT"}


def test_a_fixed_order_is_reported():
    assert faults(choice(100, 0, inside="<shuffleanswers>false</shuffleanswers>")) == {"SHUFFLED_HERE"}


LAUGHS = b'<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><quiz><question type="essay">&b;</question></quiz>'
THIEF = b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LAUGHS, FileRefusal.UNSAFE),
        (THIEF, FileRefusal.UNSAFE),
        (b"<quiz><question>", FileRefusal.DAMAGED),
        (b"", FileRefusal.DAMAGED),
        (b"<html/>", FileRefusal.UNKNOWN_FORMAT),
        (b"<quiz/>", FileRefusal.NO_ITEMS),
        (quiz(category("top")), FileRefusal.NO_ITEMS),
    ],
)
def test_files_that_are_refused(content, reason):
    with pytest.raises(Refusal) as refused:
        moodle_xml.read(content)
    assert refused.value.reason is reason


def test_a_question_without_end_is_no_question():
    reading = moodle_xml.read(quiz(question("multichoice", answer("a", 0) * 1000), question("essay", "")))
    assert [s.problem.fault for s in reading.skipped] == [Fault.KIND_NOT_HELD]
    assert len(reading.items) == 1


@given(banks)
@settings(deadline=None)
def test_what_is_written_is_read_back(items):
    found = read_back(moodle_xml.read(moodle_xml.write(BANK, items).content))
    assert [(item.code, item.wording) for item in found] == [(item.code, item.wording) for item in items]
    assert not any(p.severity == "error" for item in found for p in item.problems)


def test_what_moodle_cannot_hold_is_told():
    whole = Wording(kind=ItemKind.MULTIPLE, stem="S", options=("a", "b", "c"), key=(1, 2), topic="chung", level=1)
    lost = Wording(
        kind=ItemKind.ESSAY, stem="S", images=(Image(0, "0" * 64, "x"),), article="5", topic="chung", level=1
    )
    written = moodle_xml.write(BANK, [out_item(1, whole), OutItem(code="X", wording=lost)])
    assert written.losses == [("T001-a.b", Lost.PARTIAL), ("X", Lost.IMAGES), ("X", Lost.CITATION)]


def test_our_own_all_or_nothing_is_read_without_complaint():
    wording = Wording(kind=ItemKind.MULTIPLE, stem="S", options=("a", "b", "c"), key=(1, 2), topic="chung", level=1)
    [item] = moodle_xml.read(moodle_xml.write(BANK, [out_item(1, wording)]).content).items
    assert (item.key, item.partial, faults(item)) == ([1, 2], False, set())


def test_signs_that_no_xml_holds_are_left_out():
    wording = Wording(
        kind=ItemKind.ESSAY, stem="a\x00b\x0b\ufffec", topic="chung", level=1, valid_from=date(2024, 1, 1)
    )
    [item] = moodle_xml.read(
        moodle_xml.write(BANK, [OutItem(code="X", wording=wording, document=LAW.number)]).content
    ).items
    assert (item.stem, item.valid_from) == ("abc", "2024-01-01")


_WORDS = st.sampled_from(
    [
        "multichoice",
        "matching",
        "ordering",
        "text",
        "answer",
        "subquestion",
        "fraction",
        "100",
        "-1e308",
        "@@PLUGINFILE@@/",
        "",
        "ư",
        "1e-99",
    ]
)
_NAMES = st.sampled_from(
    [
        "question",
        "name",
        "questiontext",
        "text",
        "answer",
        "file",
        "single",
        "tags",
        "tag",
        "subquestion",
        "tolerance",
        "units",
    ]
)
_ATTRIBUTES = st.dictionaries(st.sampled_from(["type", "fraction", "format", "name", "path"]), _WORDS, max_size=3)
_TREES = st.recursive(
    _WORDS,
    lambda inside: st.builds(
        lambda name, attributes, parts: (
            f"<{name} {' '.join(f'{k}={v!r}' for k, v in attributes.items())}>{''.join(parts)}</{name}>"
        ),
        _NAMES, _ATTRIBUTES, st.lists(inside, max_size=5),
    ),
    max_leaves=30,
)  # fmt: skip
_KINDS = st.sampled_from(
    ["multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering", "essay", "category"]
)


@given(st.lists(st.tuples(_KINDS, st.lists(_TREES, max_size=4)), max_size=4))
@settings(deadline=None)
def test_any_structure_is_read_or_refused(parts):
    content = quiz(*(f'<question type="{kind}">{"".join(inside)}</question>' for kind, inside in parts))
    assert reason_to_refuse(moodle_xml.read, content) in (None, FileRefusal.NO_ITEMS)


VALID = moodle_xml.write(
    BANK, [out_item(1, Wording(kind=ItemKind.SINGLE, stem="Hỏi", options=("a", "b"), key=(1,), topic="chung", level=1))]
).content


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.binary(max_size=3)), min_size=1, max_size=6))
@settings(deadline=None)
def test_damaged_bytes_are_read_or_refused(changes):
    content = bytearray(VALID)
    for place, replacement in changes:
        content[place : place + 2] = replacement
    assert reason_to_refuse(moodle_xml.read, bytes(content)) in (None, *FileRefusal)
