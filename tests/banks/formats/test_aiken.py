"""Aiken as Moodle reads it, and the dialect that people in Vietnam write."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats import aiken
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.writing import Lost
from quiz.banks.wording import Wording
from quiz.errors import Refusal
from tests.banks.formats.round_trips import BANK, read_back
from tests.banks.formats.text_formats import choices, out, worded

# the two questions of Moodle's documentation
MOODLE = """What is the correct answer to this question?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
D. Must be this one!
ANSWER: D

Which LMS has the most quiz import formats?
A) Moodle
B) ATutor
C) Claroline
D) Blackboard
E) WebCT
F) Ilias
ANSWER: A
"""
VIETNAMESE = """Câu 1. Theo Luật Thi đua, khen thưởng,
có mấy danh hiệu?
A.Hai
B.Ba
C.Bốn,
kể cả danh hiệu vinh dự
Đáp án: B (Điều 19)
Giải thích: xem Luật
và nghị định.

Câu 2: Ai quyết định?
a) Chủ tịch nước
b) Thủ tướng
Đáp án đúng là a
"""


def read(text):
    return aiken.read(text.encode())


def read_one(text):
    [raw] = read(text).items
    return raw


def faults(raw):
    return [problem.fault for problem in raw.problems]


def test_moodle_s_own_examples():
    reading = read(MOODLE)
    assert [(raw.place, raw.stem, len(raw.options), raw.key, raw.problems) for raw in reading.items] == [
        ("dòng 1", "What is the correct answer to this question?", 4, [4], []),
        ("dòng 8", "Which LMS has the most quiz import formats?", 6, [1], []),
    ]
    assert (reading.problems, reading.skipped) == ([], [])


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines(end):
    assert [raw.key for raw in read(MOODLE.replace("\n", end)).items] == [[4], [1]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert aiken.read(VIETNAMESE.encode(encoding)).items[1].options == ["Chủ tịch nước", "Thủ tướng"]


def test_the_dialect_is_read_and_named():
    reading = read(VIETNAMESE)
    first, second = reading.items
    assert (first.stem, first.options, first.key) == (
        "Theo Luật Thi đua, khen thưởng, có mấy danh hiệu?",
        ["Hai", "Ba", "Bốn, kể cả danh hiệu vinh dự"],
        [2],
    )
    assert first.explanation == "Điều 19 xem Luật và nghị định."
    assert (second.stem, second.options, second.key) == ("Ai quyết định?", ["Chủ tịch nước", "Thủ tướng"], [1])
    [problem] = reading.problems
    assert (problem.fault, problem.severity, problem.details["count"]) == (Fault.AIKEN_HABITS, Severity.WARNING, 2)
    assert problem.details["habits"].count(";") == 5


@pytest.mark.parametrize(
    ("stem", "option", "answer", "habit"),
    [
        ("Câu hỏi?", "B.hai", "ANSWER: B", "khác “A. ”"),
        ("Câu hỏi?", "B. hai", "answer: b", "không ghi “ANSWER"),
        ("Câu hỏi?", "B. hai", "Dap an: B", "không ghi “ANSWER"),
        ("Câu hỏi?", "B. hai", "Đáp án B", "không ghi “ANSWER"),
        ("Câu 7/ Câu hỏi?", "B. hai", "ANSWER: B", "số thứ tự"),
        ("1. Câu hỏi?", "B. hai", "ANSWER: B", "số thứ tự"),
        ("Câu\nhỏi?", "B. hai", "ANSWER: B", "nhiều dòng"),
        ("Câu hỏi?", "B. hai", "ANSWER: B\nVì: thế", "giải thích"),
    ],
)
def test_each_habit_is_named_alone(stem, option, answer, habit):
    reading = read(f"{stem}\nA. một\n{option}\nC. ba\n{answer}\n")
    [raw] = reading.items
    assert (raw.stem.casefold(), raw.options, raw.key) == ("câu hỏi?", ["một", "hai", "ba"], [2])
    [problem] = reading.problems
    assert habit in problem.details["habits"]
    assert ";" not in problem.details["habits"]


def test_what_keeps_to_the_grammar_is_not_read_in_the_dialect():
    raw = read_one("a) Ông A.Nguyễn và b) bà B làm gì?\nA. một\nB. a) hai\nANSWER: B")
    assert (raw.stem, raw.options) == ("a) Ông A.Nguyễn và b) bà B làm gì?", ["một", "a) hai"])


def test_statements_in_a_stem_are_no_options():
    raw = read_one("Cho các ý:\na) ý một\nb) ý hai\nÝ nào đúng?\nA. Chỉ a\nB. Cả hai\nANSWER: B")
    assert raw.stem == "Cho các ý: a) ý một b) ý hai Ý nào đúng?"
    assert (raw.options, raw.key) == (["Chỉ a", "Cả hai"], [2])


def test_titles_and_remarks_are_passed_over_with_their_place():
    reading = read(f"NGÂN HÀNG CÂU HỎI\nNăm 2024\n\n{MOODLE}\nHết")
    assert len(reading.items) == 2
    assert [(s.place, s.problem.fault, s.problem.details["start"]) for s in reading.skipped] == [
        ("dòng 1", Fault.NO_QUESTION, "NGÂN HÀNG CÂU HỎI"), ("dòng 20", Fault.NO_QUESTION, "Hết"),
    ]  # fmt: skip


def test_a_stem_of_several_paragraphs_belongs_to_its_number():
    assert (
        read_one("Tiêu đề\n\nCâu 1. Tình huống.\n\nAi đúng?\nA. một\nB. hai\nANSWER: A").stem == "Tình huống. Ai đúng?"
    )


@pytest.mark.parametrize(
    ("options", "answer", "fault"),
    [
        ("A. một\nB. hai", "ANSWER: A, B", Fault.KEY_UNCERTAIN),
        ("A. một\nB. hai", "Đáp án: AB", Fault.KEY_UNCERTAIN),
        ("A. một\nB. hai", "ANSWER: A hoặc B", Fault.UNREADABLE_KEY),
        ("A. một\nB. hai", "ANSWER:", Fault.NO_KEY),
        ("A. một\nB. hai\nB. ba", "ANSWER: B", Fault.KEY_UNCERTAIN),
        ("A. một\nB. hai", "", Fault.NO_KEY),
        ("A. một\nB. hai", "ANSWER: C", Fault.KEY_NAMES_NO_OPTION),
        ("A. một\nC. ba", "ANSWER: C", Fault.OPTION_GAP),
        ("A. một", "ANSWER: A", Fault.TOO_FEW_OPTIONS),
        ("", "ANSWER: A", Fault.TOO_FEW_OPTIONS),
    ],
)
def test_what_is_not_sure_stops_the_item(options, answer, fault):
    [item] = read_back(read(f"Câu hỏi?\n{options}\n{answer}"))
    assert fault in [p.fault for p in item.problems if p.severity is Severity.ERROR]
    if fault in (Fault.KEY_UNCERTAIN, Fault.UNREADABLE_KEY):
        assert item.wording.key == ()


@pytest.mark.parametrize("answer", ["Đáp án: hai", "Đáp án: B. hai", "Đáp án là: B.", "ANSWER: (B)", "Đáp án: b"])
def test_an_answer_in_many_hands(answer):
    assert read_one(f"Câu hỏi?\nA. một\nB. hai\n{answer}").key == [2]


def test_an_answer_that_contradicts_itself_is_left_open():
    raw = read_one("Câu hỏi?\nA. một\nB. hai\nĐáp án: A. hai")
    assert (raw.key, faults(raw)) == ([], [Fault.UNREADABLE_KEY])


@pytest.mark.parametrize("text", ["", "  \n\n", "chỉ có lời\nvà lời\n", "ANSWER: A"])
def test_a_file_without_a_question_is_refused(text):
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.reason is FileRefusal.NO_ITEMS


# Writing


@st.composite
def wordings(draw):
    if draw(st.booleans()):
        return worded(draw, kind="true_false", options=("Đúng", "Sai"), key=(draw(st.integers(1, 2)),))
    return worded(draw, **draw(choices()))


@given(st.lists(wordings(), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_in_moodle_s_grammar(written_wordings):
    written = aiken.write(BANK, [out(wording) for wording in written_wordings])
    reading = aiken.read(written.content)
    assert (reading.problems, reading.skipped) == ([], [])
    found = [item.wording for item in read_back(reading)]
    assert [(w.kind, w.stem, w.options, w.key, w.pinned) for w in found] == [
        (w.kind, w.stem, w.options, w.key, w.pinned) for w in written_wordings
    ]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_what_aiken_cannot_hold_is_said(data):
    wording = data.draw(wordings())
    lost = {Lost.CODE, Lost.LEVEL, Lost.TOPIC} | ({Lost.CITATION} if wording.document_id else set())
    assert set(aiken.write(BANK, [out(wording)]).losses) == {("CH-0001", name) for name in lost}


def test_an_item_with_several_right_options_is_left_out():
    several = Wording(kind="multiple", stem="Chọn hai.", options=("a", "b", "c"), key=(1, 2), topic="chung", level=1)
    written = aiken.write(BANK, [out(several)])
    assert (written.content, written.losses) == (b"", [("CH-0001", Lost.KIND)])


# Bad input

_PIECES = st.sampled_from(
    ["A. ", "B.", "C) ", "a)", "b) ", "A", "ANSWER: B", "ANSWER:", "Đáp án: A", "đáp án", "Câu 1. ", "2. ", "Giải thích: ", "Vì:",
     "\n", "\n\n", "chữ", " ", "(", ")", "*", "\t", "\ufeff", "\u2060", "\0"]
)  # fmt: skip


def read_or_refuse(content):
    try:
        return read_back(aiken.read(content))
    except Refusal:
        return []


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_pieces_in_any_order_are_read_or_refused(text):
    read_or_refuse(text.encode())


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray((MOODLE + VIETNAMESE).encode())
    for _time in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=3))
    read_or_refuse(bytes(content))


@pytest.mark.parametrize(
    "piece", ["A", "A.", "A. a\n", "chữ\n", "\n", "đáp án ", "Câu 1. ", "A. a\nB. b\n", "Vì:\n", "ANSWER: A\n", "x\nANSWER: B\nVì: a\n"]
)  # fmt: skip
def test_time_grows_with_length_alone(piece):
    started = time.process_time()
    read_or_refuse((piece * 200_000)[:200_000].encode())
    assert time.process_time() - started < 5
