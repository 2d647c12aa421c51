"""The layouts L1 to L9 of facts/contest-practice.md §4, each as people write them, and their noise."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats import docx, pasted
from quiz.banks.formats.lines.document import Line, Run, fold
from quiz.banks.formats.lines.line_kinds import Kind, classify
from quiz.errors import Refusal
from tests.banks.formats.word_files import Word


def items(text):
    return pasted.read_text(text).items


def only(text):
    (item,) = items(text)
    return item


def faults(item, severity=None):
    return [p.fault for p in item.problems if severity in (None, p.severity)]


def from_word(*paragraphs):
    return docx.read(Word().add(*paragraphs).content()).items


# L1


def test_l1_paragraphs_and_an_answer_line():
    item = only(
        "Câu 1. Luật Thi đua, khen thưởng có hiệu lực từ ngày nào?\nA. Ngày 15/6/2022\nB. Ngày 01/01/2024\nC. Ngày 01/7/2024\nĐáp án: B"
    )
    assert (item.stem, item.key) == ("Luật Thi đua, khen thưởng có hiệu lực từ ngày nào?", [2])
    assert item.options == ["Ngày 15/6/2022", "Ngày 01/01/2024", "Ngày 01/7/2024"]
    assert (item.key_text, item.place, item.problems) == ("B", "dòng 1", [])


@pytest.mark.parametrize(
    "line",
    ["Đáp án: B", "ĐA: B", "Đ/A: B", "Dap an: b", "Đáp án đúng là: B", "Trả lời: B", "Đáp án B", "Chọn B", "=> Chọn đáp án B", "ANSWER: B",
     "Đáp án: B. Hai", "Đáp án: Hai", "Đáp án: 2", "Đáp án\nB", "Đáp án:\nB.", "Phương án đúng: (B)", "ĐÁP ÁN: b) hai"],
)  # fmt: skip
def test_answer_lines(line):
    assert only(f"Câu 1. Mấy?\nA. Một\nB. Hai\nC. Ba\n{line}").key == [2]


@pytest.mark.parametrize(
    "line", ["Đáp án: A, C", "Đáp án: AC", "Đáp án: A và C", "Đáp án: A; C.", "ĐA: A C", "Đáp án: 1, 3"]
)
def test_several_answers(line):
    assert only(f"Câu 1. Những số nào?\nA. Một\nB. Hai\nC. Ba\n{line}").key == [1, 3]


def test_words_behind_the_letter_explain_it():
    item = only("Câu 1. Mấy?\nA. Một\nB. Hai\nĐáp án: B (khoản 1 Điều 5)")
    assert (item.key, item.explanation) == ([2], "khoản 1 Điều 5")


def test_everything_that_may_be_said_of_an_item():
    item = only(
        "ID: TDKT-7\nCâu 3 (0,5 điểm): Mấy?\nA. Một\nB. Hai\nĐáp án: A\nGiải thích: Vì một\nlà một.\n"
        "Căn cứ: điểm a khoản 2 Điều 5 Luật Thi đua, khen thưởng năm 2022\nChủ đề: Quy định chung\nMức độ: Thông hiểu\n"
        "Đúng từ ngày 01/01/2024 đến trước ngày 01/10/2026\nNguồn: Tài liệu tập huấn"
    )
    assert (item.code, item.explanation, item.topic, item.level) == (
        "TDKT-7",
        "Vì một\nlà một.",
        "Quy định chung",
        "Thông hiểu",
    )
    assert (item.document, item.article, item.clause, item.point) == (
        "Luật Thi đua, khen thưởng năm 2022",
        "5",
        "2",
        "a",
    )
    assert (item.valid_from, item.valid_until, item.source) == ("01/01/2024", "01/10/2026", "Tài liệu tập huấn")
    assert faults(item) == [Fault.NOTE_NOT_READ]


def test_days_up_to_a_last_one():
    item = only("Câu 1. Mấy?\nA. Một\nB. Hai\nĐáp án: A\nĐúng đến hết ngày 30/9/2026")
    assert (item.valid_through, item.valid_until) == ("30/9/2026", None)


# L2


@pytest.mark.parametrize(
    ("look", "name"),
    [
        ("bold", "chữ in đậm"),
        ("italic", "chữ nghiêng"),
        ("underline", "gạch chân"),
        ("yellow", "tô nền"),
        ("red", "màu chữ"),
    ],
)
def test_l2_looks_mark_the_key(look, name):
    (item,) = from_word("Câu 1. Mấy?", "A. Một", [("B. Hai", look)], "C. Ba")
    assert item.key == [2]
    assert [(p.fault, p.severity, p.details) for p in item.problems] == [
        (Fault.KEY_TOLD_BY, Severity.INFO, {"key": "B", "how": name})
    ]


def test_a_mark_on_the_letter_alone_counts():
    (item,) = from_word("Câu 1. Mấy?", "A. Một", [("B.", "underline"), " Hai"])
    assert item.key == [2]


@pytest.mark.parametrize(
    "paragraphs",
    [
        [[("A.", "bold"), " Một"], [("B.", "bold"), " Hai"]],
        [[("A. Một", "bold")], [("B. Hai", "bold")]],
        [[("A. Một", "grey")], ["B. Hai"]],
        [[("A. Một", "blue")], [("B. Hai", "blue")]],
    ],
)
def test_looks_that_all_options_share_say_nothing(paragraphs):
    (item,) = from_word("Câu 1. Mấy?", *paragraphs)
    assert (item.key, item.problems) == ([], [])


def test_a_word_in_bold_is_no_key_but_is_told():
    (item,) = from_word("Câu 1. Mấy?", ["A. Hoàn toàn ", ("không", "bold"), " được phép"], "B. Hai")
    assert (item.key, faults(item)) == ([], [Fault.KEY_UNCERTAIN])


def test_several_marked_options_need_a_stem_that_says_so():
    options = [[("A. Một", "bold")], "B. Hai", [("C. Ba", "bold")]]
    (unsure,) = from_word("Câu 1. Số nào?", *options)
    (sure,) = from_word("Câu 1. Số nào? (chọn các phương án đúng)", *options)
    assert (unsure.key, faults(unsure)) == ([], [Fault.KEY_UNCERTAIN])
    assert sure.key == [1, 3]


def test_options_struck_through_leave_the_key_open():
    (item,) = from_word("Câu 1. Mấy?", [("A. Một", "strike")], "B. Hai")
    assert (item.key, faults(item)) == ([], [Fault.KEY_UNCERTAIN])


def test_looks_that_mostly_contradict_the_words_are_not_trusted():
    questions = [
        line
        for n in range(1, 5)
        for line in (f"Câu {n}. Mấy {n}?", [("A. Một", "bold")], "B. Hai", "C. Ba", "Đáp án: C")
    ]
    reading = docx.read(Word().add(*questions).content())
    assert [item.key for item in reading.items] == [[3]] * 4
    assert [problem.fault for problem in reading.problems] == [Fault.MARKS_NOT_A_KEY]


# L3


@pytest.mark.parametrize(
    "right",
    ["*B. Hai", "* B. Hai", "B*. Hai", "B. *Hai", "✓ B. Hai", "B. Hai ✔", "x B. Hai", "[x] B. Hai", "B. Hai (đúng)", "B. Hai [đúng]",
     "B. Hai (Đáp án đúng)", "B. Hai (dap an dung)", "B. Hai (x)"],
)  # fmt: skip
def test_l3_symbols(right):
    item = only(f"ID: 12\nCâu 1: Mấy?\nA. Một\n{right}\nC. Ba")
    assert (item.code, item.options, item.key) == ("12", ["Một", "Hai", "Ba"], [2])


def test_wrong_options_may_be_marked_as_well():
    item = only("Câu 1: Mấy?\nA. Một (sai)\nB. Hai (đúng)\nC. Ba (sai)")
    assert (item.options, item.key) == (["Một", "Hai", "Ba"], [2])


# L4


def test_l4_the_key_comes_first_and_pins_stay():
    found = pasted.read_text(
        "2. Số lớn nhất?\nA. Một\nB. Hai\n#! Ba\n5. Thủ đô?\nC. Hà Nội\nA. Huế\nB. Vinh\n3. Số nhỏ nhất?\nA. Không\n#$ Chín\nC. Mười"
    )
    assert [(item.options, item.key, item.pinned) for item in found.items] == [
        (["Một", "Hai", "Ba"], [3], [3]),
        (["Hà Nội", "Huế", "Vinh"], [1], []),
        (["Không", "Chín", "Mười"], [1], [2]),
    ]
    assert Fault.KEY_FIRST in [problem.fault for problem in found.problems]


def test_without_its_signs_no_key_is_taken_from_the_first_option():
    assert only("Câu 1. Mấy?\nA. Một\nB. Hai").key == []


# L5

QUESTIONS = "\n".join(f"Câu {n}. Hỏi {n}?\nA. Một\nB. Hai\nC. Ba\nD. Bốn" for n in range(1, 5))


@pytest.mark.parametrize(
    "table",
    ["1-A 2.C 3b\n4: D", "1A 2C 3B 4D", "Câu 1: A\nCâu 2: C\nCâu 3: B\nCâu 4: D", "1. A\n2. C\n3. B\n4. D",
     "Câu\t1\t2\t3\t4\nĐA\tA\tC\tB\tD", "Câu 1. A. Vì thế.\nCâu 2. C\nCâu 3. B\nCâu 4. D"],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["--- HẾT ---\nBẢNG ĐÁP ÁN", "ĐÁP ÁN", "HẾT"])
def test_l5_key_tables(table, heading):
    found = pasted.read_text(f"{QUESTIONS}\n{heading}\n{table}")
    assert [item.key for item in found.items] == [[1], [3], [2], [4]]
    assert all(faults(item) == [Fault.KEY_TOLD_BY] for item in found.items)
    assert not found.skipped


def test_l5_in_a_grid_of_word():
    for rows in (
        [("Câu", "1", "2", "3", "4"), ("Đáp án", "A", "C", "B", "D")],
        [("1-A", "2-C"), ("3-B", "4-D")],
        [("Câu", "Đáp án", "Câu", "Đáp án"), ("1", "A", "3", "B"), ("2", "C", "4", "D")],
    ):
        word = Word().add(*QUESTIONS.split("\n"), "BẢNG ĐÁP ÁN").table(*rows)
        assert [item.key for item in docx.read(word.content()).items] == [[1], [3], [2], [4]]


def test_l5_groups_whose_numbers_begin_again():
    found = items(
        f"Phần I. Lý thuyết\n{QUESTIONS}\nPhần II. Tình huống\n{QUESTIONS}\nHẾT\nĐÁP ÁN\nPhần II\n1-D 2-D 3-D 4-D\nPhần I\n1-A 2-A 3-A 4-A"
    )
    assert [item.key for item in found] == [[1]] * 4 + [[4]] * 4


def test_l5_a_key_that_may_belong_to_several_is_given_to_none():
    found = items(f"Phần I. Lý thuyết\n{QUESTIONS}\nPhần II. Tình huống\n{QUESTIONS}\nHẾT\nĐÁP ÁN\n1-A 2-A 3-A 4-A")
    assert all(item.key == [] and faults(item) == [Fault.KEY_UNCERTAIN] for item in found)


def test_l5_keys_for_no_item_are_reported():
    found = pasted.read_text(f"{QUESTIONS}\nBẢNG ĐÁP ÁN\n1-A 2-B 3-C 4-D 9-A")
    assert [(p.fault, p.details) for p in found.problems] == [(Fault.KEYS_WITHOUT_ITEM, {"numbers": "9"})]


@pytest.mark.parametrize("heading", ["Lời giải chi tiết", "HƯỚNG DẪN CHI TIẾT", "ĐÁP ÁN VÀ HƯỚNG DẪN GIẢI"])
def test_l5_solutions_under_the_numbers(heading):
    found = items(
        f"{QUESTIONS}\nHẾT\n{heading}\nCâu 1: Chọn A\nVì Luật nói vậy.\nCâu 2. C. Theo Điều 5.\nCâu 3: Giải thích: Không có."
    )
    assert [(item.key, item.explanation) for item in found] == [
        ([1], "Vì Luật nói vậy."), ([3], "Theo Điều 5."), ([], "Không có."), ([], "")
    ]  # fmt: skip


def test_l5_solutions_that_repeat_the_question():
    one = "Câu 1. Hỏi 1?\nA. Một\nB. Hai"
    item = only(f"{one}\nHẾT\nLời giải chi tiết\n{one}\nLời giải: Theo Điều 5.\nChọn B")
    assert (item.key, item.explanation) == ([2], "Theo Điều 5.")


# L7


def test_l7_dump_of_a_learning_system():
    first, second = items(
        "Câu hỏi 1\nPháp luật là gì?\nChọn một câu trả lời:\na. Quy tắc xử sự chung\nb. Lời khuyên\nc. Thói quen\n"
        "Đáp án đúng là: Quy tắc xử sự chung.\nVì: Có tính bắt buộc chung.\nTham khảo: Bài 1, mục 1.3.9\n"
        "Câu hỏi 2\nAi ban hành luật?\na. Quốc hội\nb. Chính phủ\nĐáp án đúng là: Quốc hội Vì: Hiến pháp. Tham khảo: Bài 2"
    )
    assert (first.stem, first.key, first.explanation, first.source) == (
        "Pháp luật là gì?", [1], "Có tính bắt buộc chung.", "Bài 1, mục 1.3.9"
    )  # fmt: skip
    assert (second.key, second.explanation, second.source) == ([1], "Hiến pháp.", "Bài 2")


# L8

HEADINGS = ("STT", "Câu hỏi", "Phương án trả lời", "Đáp án", "Căn cứ pháp lý", "Ghi chú")


def test_l8_table_with_all_options_in_one_cell():
    word = Word().table(
        HEADINGS, ("7", "Mấy?", ["A. Một", "B. Hai"], "B", "Khoản 1 Điều 5 Luật số 06/2022/QH15", "bỏ"), HEADINGS
    )
    (item,) = docx.read(word.content()).items
    assert (item.stem, item.options, item.key, item.place) == ("Mấy?", ["Một", "Hai"], [2], "bảng 1, hàng 2")
    assert (item.document, item.article, item.clause) == ("Luật số 06/2022/QH15", "5", "1")


def test_l8_options_without_letters_and_a_key_in_bold():
    word = Word().table(HEADINGS, ("1", "Mấy?", ["Một", [("Hai", "bold")], "Ba"], "", "", ""))
    (item,) = docx.read(word.content()).items
    assert (item.options, item.key) == (["Một", "Hai", "Ba"], [2])


def test_l8_options_in_columns_with_topics():
    word = Word().table(
        ("TT", "Nội dung câu hỏi", "A", "B", "C", "Đáp án đúng", "Chủ đề", "Mức độ", "Giải thích"),
        ("1", "Mấy?", "Một", "Hai", "", "b", "Chung", "NB", "Vậy đó"),
        ("2", "Mấy nữa?", "Một", "Hai", "Ba", "A,C", "Riêng", "TH", ""),
    )
    found = docx.read(word.content()).items
    assert [(i.options, i.key, i.topic, i.level, i.explanation) for i in found] == [
        (["Một", "Hai"], [2], "Chung", "NB", "Vậy đó"), (["Một", "Hai", "Ba"], [1, 3], "Riêng", "TH", "")
    ]  # fmt: skip


def test_l8_everything_of_a_question_in_one_cell():
    word = Word().table(
        ("STT", "Câu hỏi", "Đáp án"),
        ("1", ["Câu 1. Mấy?", "A. Một", "B. Hai"], "A"),
        ("2", ["Mấy?", "A. Ba\tB. Bốn"], "B"),
    )
    assert [(i.stem, i.options, i.key) for i in docx.read(word.content()).items] == [
        ("Mấy?", ["Một", "Hai"], [1]), ("Mấy?", ["Ba", "Bốn"], [2])
    ]  # fmt: skip


def test_a_table_that_goes_on_without_headings_and_one_of_layout_only():
    word = Word().table(("STT", "Câu hỏi", "A", "B", "Đáp án"), ("1", "Mấy?", "Một", "Hai", "A"))
    word.table(("2", "Mấy nữa?", "Ba", "Bốn", "B"))
    word.add("Câu 3. Gì?").table(("A. Năm", "B. Sáu"), ("C. Bảy", "D. Tám")).add("Đáp án: D")
    found = docx.read(word.content()).items
    assert [(i.stem, i.options, i.key) for i in found] == [
        ("Mấy?", ["Một", "Hai"], [1]), ("Mấy nữa?", ["Ba", "Bốn"], [2]), ("Gì?", ["Năm", "Sáu", "Bảy", "Tám"], [4])
    ]  # fmt: skip


# L9


@pytest.mark.parametrize(
    "text",
    ["Câu 1. Mấy?\nA. Một B. Hai C. Ba D. Bốn", "Câu 1. Mấy?\nA. Một\tB. Hai\nC. Ba\tD. Bốn", "Câu 1. Mấy? A. Một B. Hai C. Ba D. Bốn",
     "Câu 1. Mấy?\nA.Một   B.Hai   C.Ba   D.Bốn", "Câu 1. Mấy?\na) Một b) Hai\nc) Ba d) Bốn"],
)  # fmt: skip
def test_l9_options_on_one_line(text):
    item = only(f"{text}\nĐáp án: C")
    assert (item.stem, item.options, item.key) == ("Mấy?", ["Một", "Hai", "Ba", "Bốn"], [3])


def test_l9_a_star_within_the_line():
    assert only("Câu 1. Mấy?\nA. Một *B. Hai C. Ba").key == [2]


def test_letters_within_an_option_are_not_options():
    item = only("Câu 1. Hạng nào?\nA. Hạng B. theo Điều A. cũ\nB. Hạng C\nC. Hạng D\nĐáp án: A")
    assert item.options == ["Hạng B. theo Điều A. cũ", "Hạng C", "Hạng D"]


# statements that are right or wrong, and other kinds


@pytest.mark.parametrize(
    "key", ["Đáp án: Đ-S-S-Đ", "Đáp án: ĐSSĐ", "Đáp án: a) Đ b) S c) S d) Đ", "Đáp án: a-Đúng, b-Sai, c-Sai, d-Đúng"]
)
def test_a_list_of_statements_becomes_an_item_with_several_keys(key):
    item = only(f"PHẦN II. Câu trắc nghiệm đúng sai\nCâu 1. Xét các ý:\na) Một.\nb) Hai.\nc) Ba.\nd) Bốn.\n{key}")
    assert (item.kind, item.key, faults(item)) == ("multiple", [1, 4], [Fault.TRUTHS_AS_SEVERAL])


def test_right_and_wrong_behind_every_statement():
    item = only("Câu 1. Xét các ý:\na) Một. (Đ)\nb) Hai. (S)\nc) Ba. (Đ)")
    assert (item.options, item.key) == (["Một.", "Hai.", "Ba."], [1, 3])


def test_statements_that_are_all_wrong_have_no_key():
    item = only("Câu 1. Xét các ý:\na) Một. (S)\nb) Hai. (S)")
    assert (item.key, faults(item)) == ([], [Fault.KEY_UNCERTAIN])


@pytest.mark.parametrize(("said", "key"), [("Đúng", [1]), ("Sai", [2]), ("đúng.", [1]), ("Đ", [1]), ("S", [2])])
def test_one_statement(said, key):
    item = only(f"Câu 1. Luật do Quốc hội ban hành.\nĐáp án: {said}")
    assert (item.kind, item.key) == ("true_false", key)


def test_the_letter_d_is_not_the_word_for_right():
    assert only("Câu 1. Luật do Quốc hội ban hành.\nĐáp án: D").kind == ""


def test_typed_answers_only_where_the_file_says_so():
    said, section, guessed = items(
        "Câu 1. Mấy điều?\nLoại: Điền số\nĐáp án: 96 ± 0,5\nPHẦN III. Trả lời ngắn\nCâu 1. Ai?\nĐáp án: Quốc hội\n"
        "PHẦN IV. Khác\nCâu 1. Ai nữa?\nĐáp án: Chính phủ"
    )
    assert (said.kind, said.accepted) == ("number", ["96±0.5"])
    assert (section.kind, section.accepted, section.problems) == ("short_text", ["Quốc hội"], [])
    assert (guessed.kind, guessed.accepted, faults(guessed)) == ("short_text", ["Chính phủ"], [Fault.KEY_UNCERTAIN])


def test_ordering_matching_and_essay():
    ordering, matching, essay = items(
        "Câu 1. Xếp!\nLoại: Sắp xếp\nA. hai\nB. một\nC. ba\nĐáp án: B, A, C\n"
        "Câu 2. Ghép!\nLoại: Ghép đôi\nA. Luật\nB. Nghị định\n1) Chính phủ\n2) Quốc hội\nĐáp án: A-2, B-1\n"
        "PHẦN B. TỰ LUẬN\nCâu 1. Hãy viết.\nSố chữ tối đa: 500"
    )
    assert (ordering.kind, ordering.options) == ("ordering", ["một", "hai", "ba"])
    assert (matching.kind, matching.matches, matching.key) == ("matching", ["Chính phủ", "Quốc hội"], [2, 1])
    assert (essay.kind, essay.words) == ("essay", 500)


# noise


def test_mixed_numbers_and_blanks():
    found = items(
        "Câu 1: Một?\nA.Ít nhất\nB.Nhiều nhất\nĐáp án: A\nCâu 2. Hai?\na) Một\nb) Hai\nĐA: b\n3. Ba?\nA - Một\nB - Hai\nĐáp án - A\n"
        "Cau 4 Bốn?\nA/ Một\nB/ Hai\nDap an: B\n5) Năm?\n(A) Một\n(B) Hai\nĐáp án: A"
    )
    assert [(i.stem, i.key) for i in found] == [
        ("Một?", [1]),
        ("Hai?", [2]),
        ("Ba?", [1]),
        ("Bốn?", [2]),
        ("Năm?", [1]),
    ]
    assert found[0].options == ["Ít nhất", "Nhiều nhất"]


def test_lists_within_a_stem_are_no_items():
    item = only("Câu 1. Cho các ý sau:\n1) Một\n2) Hai\n3) Ba\nSố ý đúng là:\nA. 1\nB. 2\nĐáp án: B")
    assert item.stem == "Cho các ý sau:\n1) Một\n2) Hai\n3) Ba\nSố ý đúng là:"


def test_a_lettered_list_within_a_stem():
    item = only("Câu 1. Cho các ý:\na) Một\nb) Hai\nÝ nào đúng?\nA. Chỉ a\nB. Chỉ b\nĐáp án: A")
    assert (item.stem, item.options) == ("Cho các ý:\na) Một\nb) Hai\nÝ nào đúng?", ["Chỉ a", "Chỉ b"])


def test_stems_and_options_of_several_lines():
    item = only("Câu 1. Theo Luật,\nai quyết định?\nA. Quốc hội\ntheo đề nghị\nB. Chính phủ\nĐáp án: A")
    assert (item.stem, item.options) == ("Theo Luật,\nai quyết định?", ["Quốc hội\ntheo đề nghị", "Chính phủ"])


def test_items_without_numbers():
    found = items(
        "Thủ đô ở đâu?\nA. Hà Nội\nB. Huế\nĐáp án: A\nAi là Chủ tịch nước\nđầu tiên?\nA. Hồ Chí Minh\nB. Tôn Đức Thắng\nĐáp án: A"
    )
    assert [item.stem for item in found] == ["Thủ đô ở đâu?", "Ai là Chủ tịch nước\nđầu tiên?"]
    assert all(faults(item) == [Fault.NO_NUMBER] for item in found)


def test_numbers_left_out_and_doubled_are_reported():
    one = "A. Một\nB. Hai\nĐáp án: A"
    found = pasted.read_text(f"Câu 1. Một?\n{one}\nCâu 4. Bốn?\n{one}\nCâu 4. Bốn nữa?\n{one}")
    assert [(p.fault, p.details["numbers"]) for p in found.problems] == [
        (Fault.NUMBERS_SKIPPED, "2, 3"), (Fault.NUMBERS_DOUBLED, "4")
    ]  # fmt: skip


def test_a_key_before_the_options_and_one_that_names_none():
    before, beyond = items("Câu 1. Một?\nĐáp án: B\nA. Một\nB. Hai\nCâu 2. Hai?\nA. Một\nB. Hai\nĐáp án: E")
    assert (before.key, beyond.key) == ([2], [5])  # 5: found faulty by the wording


def test_letters_left_out_and_doubled():
    left_out, doubled = items(
        "Câu 1. Một?\nA. Một\nB. Hai\nD. Bốn\nĐáp án: D\nCâu 2. Hai?\nA. Một\nB. Hai\nB. Ba\nD. Bốn\nĐáp án: B"
    )
    assert (left_out.key, faults(left_out)) == ([3], [Fault.OPTION_LETTERS])
    assert (doubled.key, faults(doubled)) == ([], [Fault.OPTION_LETTERS, Fault.KEY_UNCERTAIN])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("*A. Một\nB. Hai\nĐáp án: B", Fault.KEYS_DISAGREE),
        ("A. Một\nB. Hai\nĐáp án: A\nĐáp án: B", Fault.KEYS_DISAGREE),
        ("A. Một\nB. Hai\nĐáp án: B. Một", Fault.KEY_UNCERTAIN),
        ("A. Một\nB. Hai\nĐáp án: xem bài sau", Fault.UNREADABLE_KEY),
        ("A. B\nB. A\nĐáp án: A", Fault.AMBIGUOUS_KEY),
    ],
)
def test_an_uncertain_key_is_left_open(text, fault):
    item = only(f"Câu 1. Mấy?\n{text}")
    assert (item.key, faults(item)) == ([], [fault])


def test_both_sides_of_a_disagreement_are_named():
    problem = only("Câu 1. Mấy?\n*A. Một\nB. Hai\nĐáp án: B").problems[0]
    assert problem.details == {"a": "A theo ký hiệu * ở phương án", "b": "B theo dòng “Đáp án: B”"}


def test_topics_over_many_items_and_levels_of_one():
    found = items(
        "Chủ đề: Quy định chung\nCâu 1. (NB) Một?\nA. Một\nB. Hai\nĐáp án: A\nCâu 2 [TH]: Hai?\nA. Một\nB. Hai\nĐáp án: A\n"
        "Chuyên đề 2: Danh hiệu\nCâu 3. Ba?\nA. Một\nB. Hai\nĐáp án: A"
    )
    assert [(i.topic, i.level, i.stem) for i in found] == [
        ("Quy định chung", "NB", "Một?"), ("Quy định chung", "TH", "Hai?"), ("Danh hiệu", "", "Ba?")
    ]  # fmt: skip


def test_feet_of_pages_are_dropped_and_loose_text_is_told():
    found = pasted.read_text(
        "CUỘC THI TÌM HIỂU PHÁP LUẬT\nCâu 1. Một dòng\nTrang 3/10\nĐề thi số một của tỉnh\nbị cắt đôi?\nA. Một\nB. Hai\nĐáp án: A\n"
        "Trang 4/10\nĐề thi số một của tỉnh\nDANH SÁCH TÁC GIẢ\nÔng A"
    )
    assert found.items[0].stem == "Một dòng\nbị cắt đôi?"
    assert [(p.fault, p.details["count"]) for p in found.problems] == [(Fault.FEET_DROPPED, 4)]
    assert [(s.place, s.problem.details["start"]) for s in found.skipped] == [
        ("dòng 1", "CUỘC THI TÌM HIỂU PHÁP LUẬT"), ("dòng 11", "DANH SÁCH TÁC GIẢ Ông A")
    ]  # fmt: skip


def test_options_behind_dashes():
    item = only("Câu 1. Mấy?\n- Một\n- Hai\nĐáp án: Hai")
    assert (item.options, item.key) == (["Một", "Hai"], [2])


def test_the_letter_between_d_and_e_of_lists_of_laws():
    item = only("Câu 1. Mấy?\na) 1\nb) 2\nc) 3\nd) 4\nđ) 5\ne) 6\nĐáp án: đ")
    assert (len(item.options), item.key, item.problems) == (6, [5], [])


def test_text_behind_the_key_is_taken_for_its_explanation_and_told():
    item = only("Câu 1. Mấy?\nA. Một\nB. Hai\nĐáp án: A\nBởi vì một là một.")
    assert (item.explanation, faults(item)) == ("Bởi vì một là một.", [Fault.TAKEN_AS_EXPLANATION])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Câu 5 và câu 6 nói về một luật", Kind.TEXT),
        ("31/12/2024 là ngày cuối", Kind.TEXT),
        ("1.500 người dự thi", Kind.TEXT),
        ("vì: như thế", Kind.TEXT),
        ("Điều A. B.", Kind.TEXT),
        ("Hết giờ làm bài", Kind.TEXT),
        ("Đáp án tham khảo", Kind.KEYS),
        ("I. PHẦN TRẮC NGHIỆM", Kind.SECTION),
        ("- 3 -", Kind.FOOT),
        ("Trang 3 / 10", Kind.FOOT),
    ],
)
def test_what_a_line_is(text, kind):
    assert classify(Line("", [Run(text)])).kind == kind


@given(st.text(max_size=40))
def test_folding_keeps_places(text):
    line = Line("", [Run(text)])
    assert len(fold(line.text)) == len(line.text) == len(line.folded)


_PIECES = [
    "Câu 1. ", "1. ", "2) ", "A. ", "B. ", "a) ", "*C. ", "Đáp án: ", "Đáp án", "B", "A, C", "Đ", "S", "HẾT", "BẢNG ĐÁP ÁN", "1-A 2-B 3-C",
    "Lời giải chi tiết", "Phần II. ", "Chủ đề: ", "Loại: Ghép đôi", "Loại: Sắp xếp", "ID: 1", "Trang 1/2", "#! ", "#$ ", "Giải thích: ",
    "Một", "(đúng)", "\t", "Câu hỏi\tA\tB\tĐáp án", "Đúng từ ngày 01/01/2024", "Hoặc: ", "\u2060", "ĐẦU ĐỀ LỚN",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.lists(st.sampled_from(_PIECES), max_size=4).map("".join), max_size=30))
def test_any_order_of_lines_is_read_or_refused(lines):
    with suppress(Refusal):
        found = pasted.read_text("\n".join(lines))
        assert [item.number for item in found.items] == list(range(1, len(found.items) + 1))


def test_points_of_laws_within_options_are_no_options():
    item = only("Câu 1. Theo điểm nào?\na) Điểm a) khoản 1\nb) Theo điểm c) khoản 2 (d)\nĐáp án: b")
    assert (item.options, item.key) == (["Điểm a) khoản 1", "Theo điểm c) khoản 2 (d)"], [2])


def test_options_behind_dashes_with_a_key_in_bold():
    item, _other = from_word("Câu 1. Mấy?", "- Một", ["- ", ("Hai", "bold")], "Câu 2. Ý nào?", "- Ba")
    assert (item.options, item.key) == (["Một", "Hai"], [2])


def test_a_line_of_dots_for_the_answer_is_no_key():
    assert only("Câu 1. Mấy?\nA. Một\nB. Hai\nĐáp án: …………").problems == []


def test_a_title_that_speaks_of_keys():
    assert [
        item.key for item in items("ĐÁP ÁN ĐỀ THI SỐ 1\nCâu 1. Hãy nêu ý kiến.\nCâu 2. Mấy?\nA. Một\nB. Hai\nĐáp án: A")
    ] == [[], [1]]
