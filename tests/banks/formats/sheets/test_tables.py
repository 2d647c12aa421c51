"""Tables as people fill them in: read where the meaning is sure, reported where it is not, never guessed silently."""

import unicodedata
from datetime import date

import pytest

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats import xlsx
from quiz.banks.formats.assembly import assemble
from quiz.banks.formats.reading import Known
from quiz.banks.formats.sheets import tables
from quiz.banks.formats.spelling import headings, notation
from quiz.law.models import LegalDocument
from tests.banks.sheets import HEADINGS, good, workbook

TOPICS = [{"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"}]
LAW = LegalDocument(
    id=1, number="06/2022/QH15", title="Luật Thi đua, khen thưởng", kind="Luật", effective_on=date(2024, 1, 1)
)
DECREE = LegalDocument(
    id=2, number="98/2023/NĐ-CP", title="Quy định chi tiết", kind="Nghị định", effective_on=date(2024, 1, 1),
    expires_on=date(2025, 7, 1),
)  # fmt: skip
CIRCULAR = LegalDocument(
    id=3, number="01/2024/TT-BNV", title="Biện pháp", kind="Thông tư", questioned_from=date(2024, 6, 1)
)
KNOWN = Known(TOPICS, [LAW, DECREE, CIRCULAR], date(2024, 5, 31))


def read(*rows, **arguments):
    return xlsx.read(workbook(*rows, **arguments))


def assembled(reading, known=KNOWN):
    return [assemble(raw, known, lambda content: "") for raw in reading.items]


def read_one(row, headings=HEADINGS, known=KNOWN):
    [found] = assembled(read(row, headings=headings), known)
    return found


def faults(row, severity=None):
    return [p.fault for p in row.problems if severity in (None, p.severity)]


def test_a_plain_row():
    row = read_one(good())
    w = row.wording
    assert (w.kind, w.stem, w.options, w.key) == ("single", "Câu hỏi thứ nhất?", ("một", "hai", "ba", "bốn"), (2,))
    assert (w.topic, w.level) == ("chung", 1)
    assert row.problems == []
    assert row.place == "dòng 2"


@pytest.mark.parametrize(
    "names",
    [
        ["CÂU HỎI", "Phương án A", "phương án b", "PA C", "Đáp án D", "ĐA", "Chủ đề", "Mức"],
        ["cau hoi", "a.", "b)", "C:", "Lựa chọn D", "Dap an dung", "chu de", "muc_do"],
        [
            "Nội dung câu hỏi",
            "Lựa chọn 1",
            "Lựa chọn 2",
            "Option 3",
            "PA 4",
            "Đáp án đúng (chữ cái)",
            "Chuyên đề",
            "Độ khó",
        ],
        ["Question", "Option A", "Option B", "Option C", "Option D", "Correct answer", "Topic", "Level"],
    ],
)
def test_headings_in_many_hands(names):
    reading = read(good(), headings=names)
    assert reading.problems == []
    [item] = assembled(reading)
    assert item.wording.options == ("một", "hai", "ba", "bốn")
    assert item.problems == []


def test_headings_written_with_separate_marks():
    reading = read(good(), headings=[unicodedata.normalize("NFD", name) for name in HEADINGS])
    assert reading.problems == []


def test_unknown_and_doubled_columns_are_named_by_letter():
    reading = read([*good(), "đỏ", "7", "chung"], headings=[*HEADINGS, "Màu sắc", "Trọng số", "Chuyên đề"])
    assert [(p.fault, p.details) for p in reading.problems] == [
        (Fault.UNKNOWN_COLUMN, {"column": "I", "heading": "Màu sắc"}),
        (Fault.UNKNOWN_COLUMN, {"column": "J", "heading": "Trọng số"}),
        (Fault.SAME_COLUMN_TWICE, {"column": "K", "heading": "Chuyên đề", "first": "G"}),
    ]
    assert headings.column_name(27) == "AB"


def test_a_column_without_a_name_that_holds_something_is_said():
    reading = read([*good(), "", "x"], good("Hai?"), headings=HEADINGS)
    assert [(p.fault, p.details) for p in reading.problems] == [(Fault.UNNAMED_COLUMN, {"column": "J"})]


def test_titles_above_the_table_empty_rows_and_numbers_of_rows():
    above = [["BỘ CÂU HỎI"], [], ["Sở Tư pháp"]]
    reading = read(good(), [], ["", "  "], good("Câu hai?"), above=above)
    assert [item.place for item in reading.items] == ["dòng 5", "dòng 8"]
    assert reading.empty == 2


def test_running_numbers_are_known_and_a_row_with_nothing_else_is_empty():
    reading = read([1, *good()], [2], headings=["STT", *HEADINGS])
    assert (len(reading.items), reading.empty, reading.problems) == (1, 1, [])


OPTIONS = ("một", "hai", "ba", "bốn")


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("B", (2,)), ("b.", (2,)), (" B) ", (2,)), ("Đáp án: B", (2,)), ("Phương án B", (2,)), (2.0, (2,)), ("2", (2,)),
        ("hai", (2,)), (" HAI ", (2,)), ("A,C", (1, 3)), ("AC", (1, 3)), ("A;C", (1, 3)), ("A C", (1, 3)), ("C, A", (1, 3)),
        ("A và C", (1, 3)), ("A/C", (1, 3)), ("1;3", (1, 3)), ("1, 3", (1, 3)), ("E", (5,)), ("K", (11,)),
    ],
)  # fmt: skip
def test_keys(cell, key):
    assert notation.read_key(cell, OPTIONS) == (key, None)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("", Fault.NO_KEY), (1.3, Fault.DECIMAL_KEY), ("năm", Fault.UNREADABLE_KEY), ("0", Fault.UNREADABLE_KEY),
     ("AA", Fault.UNREADABLE_KEY), ("?", Fault.UNREADABLE_KEY)],
)  # fmt: skip
def test_keys_that_are_not_understood(cell, fault):
    key, problem = notation.read_key(cell, OPTIONS)
    assert (key, problem.fault) == ((), fault)


def test_a_key_that_is_a_place_and_the_text_of_another_option_is_not_guessed():
    assert notation.read_key(2.0, ("1", "3", "2"))[1].fault == Fault.AMBIGUOUS_KEY
    assert notation.read_key(5.0, ("3", "5", "7")) == ((2,), None)  # no fifth option, so the text is meant
    assert notation.read_key(2.0, ("1", "2", "3")) == ((2,), None)  # both mean the same


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (good(""), [Fault.NO_STEM]),
        (good(b="", c="", d="", key="A"), [Fault.TOO_FEW_OPTIONS]),
        (good(c="Hai"), [Fault.SAME_OPTION_TWICE]),
        (good(key="E"), [Fault.KEY_NAMES_NO_OPTION]),
        (good(key=""), [Fault.NO_KEY]),
        (good(key="năm"), [Fault.UNREADABLE_KEY]),
        (good(b=""), [Fault.OPTION_GAP]),
        (good(topic="khác"), [Fault.UNKNOWN_TOPIC]),
        (good(topic=""), [Fault.NO_TOPIC]),
        (good(level="siêu khó"), [Fault.UNKNOWN_LEVEL]),
        (good(a="#REF!"), [Fault.ERROR_CELL]),
        (good("x" * 2001), [Fault.TOO_LONG]),
    ],
)
def test_faults_that_keep_a_row_out_are_said_once(row, expected):
    assert faults(read_one(row), Severity.ERROR) == expected


def test_every_fault_of_a_row_is_said():
    found = faults(read_one(good("", b="một", key="Z", topic="?", level="?")))
    assert set(found) == {
        Fault.NO_STEM, Fault.SAME_OPTION_TWICE, Fault.KEY_NAMES_NO_OPTION, Fault.UNKNOWN_TOPIC, Fault.UNKNOWN_LEVEL,
    }  # fmt: skip


def test_two_keys_in_a_single_choice_row():
    names = [*HEADINGS, "Loại câu"]
    assert faults(read_one([*good(key="A,C"), "Một đáp án"], names)) == [Fault.TWO_KEYS]
    row = read_one(good(key="A,C"))
    assert faults(row, Severity.WARNING) == [Fault.SEVERAL_ASSUMED]
    assert row.wording.kind == "multiple"
    assert faults(read_one([*good(key="AC"), "nhiều đáp án"], names)) == []
    assert faults(read_one([*good(key="A"), "Nhiều lựa chọn"], names)) == [Fault.ONE_KEY_OF_SEVERAL]
    assert faults(read_one([*good(), "đố vui"], names)) == [Fault.UNKNOWN_KIND]


@pytest.mark.parametrize(
    ("options", "key", "kind", "right"),
    [
        (("", ""), "Đúng", "", 1), (("", ""), "sai", "", 2), (("", ""), "S", "Đúng/Sai", 2), (("", ""), True, "", 1),
        (("Đúng", "Sai"), "A", "", 1), (("Đúng", "Sai"), "Sai", "đúng sai", 2), (("Sai", "Đúng"), "A", "", 2),
        (("Sai", "Đúng"), "Đúng", "Đ-S", 1),
    ],
)  # fmt: skip
def test_true_or_false(options, key, kind, right):
    row = read_one([*good(a=options[0], b=options[1], c="", d="", key=key), kind], [*HEADINGS, "Loại"])
    assert row.problems == []
    assert (row.wording.kind, row.wording.options, row.wording.key) == ("true_false", ("Đúng", "Sai"), (right,))


def test_true_or_false_that_says_neither():
    names = [*HEADINGS, "Loại"]
    assert faults(read_one([*good(a="", b="", c="", d="", key="C"), "Đúng sai"], names)) == [Fault.TRUE_FALSE_KEY]
    assert faults(read_one([*good(key="Đúng"), "Đúng sai"], names)) == [Fault.OPTIONS_NOT_READ]


@pytest.mark.parametrize(
    ("cell", "level"),
    [(1, 1), ("2", 2), (3.0, 3), ("Nhận biết", 1), ("thong hieu", 2), ("VD", 3), ("Vận dụng cao", 3), ("Khó", 3)],
)
def test_levels(cell, level):
    assert read_one(good(level=cell)).wording.level == level


def test_a_missing_level_is_the_first_and_said():
    row = read_one(good(level=""))
    assert (row.wording.level, faults(row, Severity.WARNING)) == (1, [Fault.NO_LEVEL])


def test_topics_by_code_or_title_or_the_only_one():
    assert read_one(good(topic="Danh hieu THI ĐUA")).wording.topic == "danh-hieu"
    only = Known(TOPICS[:1], [], KNOWN.today)
    assert read_one(good(topic=""), known=only).wording.topic == "chung"


CITATION = [*HEADINGS, "Văn bản", "Điều", "Khoản", "Điểm", "Đúng từ ngày", "Hết đúng từ ngày", "Giải thích"]


def test_citation_and_period():
    row = read_one(
        [
            *good(),
            "Luật số 06/2022/QH15",
            "Điều 5",
            2.0,
            "điểm a",
            date(2024, 1, 1),
            "01/10/2026",
            "Vì   thế.\n\n\nHai.",
        ],
        CITATION,
    )
    w = row.wording
    assert (w.document_id, w.article, w.clause, w.point) == (1, "5", "2", "a")
    assert (w.valid_from, w.valid_until) == (date(2024, 1, 1), date(2026, 10, 1))
    assert w.explanation == "Vì thế.\n\nHai."
    assert row.problems == []


def test_den_ngay_names_the_last_good_day():
    row = read_one([*good(), "31/12/2024"], [*HEADINGS, "Đến ngày"])
    assert row.wording.valid_until == date(2025, 1, 1)


@pytest.mark.parametrize(
    "cell", ["98/2023/NĐ-CP", "98/2023/nđ-cp", "Nghị định số 98/2023/NĐ–CP của Chính phủ", "quy dinh chi tiet"]
)
def test_documents_are_found_by_number_or_title(cell):
    assert read_one([*good(), cell], [*HEADINGS, "Căn cứ pháp lý"]).wording.document_id == 2


def test_a_number_within_a_longer_number_is_another_document():
    row = read_one([*good(), "198/2023/NĐ-CP"], [*HEADINGS, "Căn cứ"])
    assert row.wording.document_id is None
    assert faults(row) == [Fault.UNKNOWN_DOCUMENT]


def test_an_unknown_document_is_kept_in_the_source():
    row = read_one([*good(), "Luật số 99/2030/QH20", 5, "", "", "", "", ""], CITATION)
    assert faults(row, Severity.WARNING) == [Fault.UNKNOWN_DOCUMENT]
    assert row.wording.source == "Điều 5 Luật số 99/2030/QH20"
    assert row.wording.article == ""


def test_documents_out_of_force_today_are_said():
    names = [*HEADINGS, "Văn bản"]
    assert faults(read_one([*good(), "98/2023/NĐ-CP"], names)) == []
    later = Known(TOPICS, KNOWN.documents, date(2025, 7, 1))
    assert faults(read_one([*good(), "98/2023/NĐ-CP"], names, later)) == [Fault.DOCUMENT_EXPIRED]
    assert faults(read_one([*good(), "01/2024/TT-BNV"], names, later)) == [Fault.DOCUMENT_QUESTIONED]


def test_a_place_needs_a_document_and_days_must_be_days():
    row = read_one([*good(), "", 5, 2, "", "hôm qua", "2024-02-30", ""], CITATION)
    assert faults(row) == [Fault.PLACE_WITHOUT_DOCUMENT, Fault.BAD_DAY, Fault.BAD_DAY]
    ends = read_one([*good(), "", "", "", "", "01/01/2025", "01/01/2025", ""], CITATION)
    assert faults(ends) == [Fault.ENDS_BEFORE_START]


def test_a_day_in_an_option_is_read_and_said():
    row = read_one(good(a=date(2024, 1, 1)))
    assert row.wording.options[0] == "01/01/2024"
    assert faults(row) == [Fault.DAY_BY_EXCEL]


def test_whole_numbers_in_options_stay_whole():
    assert read_one(good(a=3.0, b=4, c=1.5, d="5%")).wording.options == ("3", "4", "1,5", "5%")


def test_codes():
    names = ["Mã câu", *HEADINGS]
    assert read_one(["TD-01", *good()], names).code == "TD-01"
    assert faults(read_one(["câu 1", *good()], names)) == [Fault.BAD_CODE]


def test_numbers_from_nought_are_not_guessed():
    reading = read(good(key=0), good("Hai?", key="2"), good("Ba?", key="hai"), good("Bốn?", key="D"))
    assert [faults(item) for item in assembled(reading)] == [[Fault.KEY_UNCERTAIN]] * 2 + [[], []]
    assert "2 là C" in reading.items[1].problems[0].details["why"]
    assert [item.key for item in reading.items] == [[], [], [2], [4]]


def test_a_nought_beside_a_key_as_high_as_the_options_is_a_slip():
    reading = read(good(key=0), good("Hai?", key=4))
    assert [faults(item) for item in assembled(reading)] == [[Fault.UNREADABLE_KEY], []]


@pytest.mark.parametrize(
    ("cell", "key"),
    [("B. hai", (2,)), ("b) Hai", (2,)), ("ba; một", (1, 3)), ("một\nbốn", (1, 4)), ("hai | ba", (2, 3))],
)
def test_keys_in_words(cell, key):
    assert notation.read_key(cell, OPTIONS) == (key, None)


def test_a_letter_with_the_text_of_another_option_is_not_guessed():
    assert notation.read_key("A. hai", OPTIONS)[1].fault == Fault.UNREADABLE_KEY


def test_stars_mark_the_key():
    row = read_one(good(b="*hai", key=""))
    assert (row.wording.key, row.wording.options[1], row.key_text, row.problems) == ((2,), "hai", "* B", [])
    assert read_one(good(b="* hai", c="ba*", key="")).wording.key == (2, 3)
    assert read_one(good(b="*hai", key="B")).problems == []
    names = [name for name in HEADINGS if name != "Đáp án"]
    unkeyed = read_one([value for n, value in enumerate(good(d="*bốn")) if n != 5], names)
    assert (unkeyed.wording.key, unkeyed.problems) == ((4,), [])


def test_stars_that_contradict_are_not_guessed():
    assert faults(read_one(good(b="*hai", key="C"))) == [Fault.KEYS_DISAGREE]
    assert faults(read_one(good(a="*một", b="*hai", c="*ba", d="*bốn", key=""))) == [Fault.KEY_UNCERTAIN]


def test_letters_said_twice_are_left_out():
    assert read_one(good(a="A. một", b="B. hai", c="C.ba", d="D) bốn")).wording.options == OPTIONS
    assert read_one(good(a="A. một")).wording.options[0] == "A. một"  # part of the text, it seems


@pytest.mark.parametrize(
    "cell",
    ["A. một\nB. hai\nC. ba\nD. bốn", "a) một\nb) hai\nc) ba\nd) bốn", "một\nhai\nba\nbốn", "A.một B.hai C.ba D.bốn",
     "A. một\nB. *hai\nC. ba\nD. bốn", "*B".join(["A. một\n", ". hai\nC. ba\nD.\tbốn"])],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["Phương án", "Phương án trả lời", "Các lựa chọn"])
def test_all_options_in_one_cell(heading, cell):
    row = read_one(["1", "Câu?", cell, "B", "chung", 1], ["STT", "Câu hỏi", heading, "Đáp án", "Chủ đề", "Mức độ"])
    assert (row.wording.options, row.wording.key, row.problems) == (OPTIONS, (2,), [])


def test_one_cell_with_further_lines_and_letters_out_of_order():
    names = ["Câu hỏi", "Đáp án", "Đáp án đúng", "Chủ đề", "Mức độ"]
    row = read_one(["Câu?", "A. một\ndòng hai\nB. hai", "A", "chung", 1], names)
    assert (row.wording.options, row.problems) == (("một dòng hai", "hai"), [])
    assert faults(read_one(["Câu?", "A. một\nC. hai", "A", "chung", 1], names)) == [Fault.OPTION_LETTERS]


KINDS = [
    "Câu hỏi",
    *(f"Phương án {c}" for c in "ABCDEFGHI"),
    "Đáp án",
    "Loại câu",
    "Giới hạn chữ",
    "Chấm từng phần",
    "Giữ chỗ",
]


def of_kind(kind, *options, key="", words="", partial="", pinned=""):
    return read_one(["Câu?", *options, *[""] * (9 - len(options)), key, kind, words, partial, pinned], KINDS, ONLY)


ONLY = Known(TOPICS[:1], [], KNOWN.today)


def errors(row):
    return [fault for fault in faults(row) if fault != Fault.NO_LEVEL]


@pytest.mark.parametrize(
    ("kind", "cell", "accepted"),
    [
        ("Điền từ", "Quốc hội | Quốc hội khóa XV", ("Quốc hội", "Quốc hội khóa XV")),
        ("trả lời ngắn", "Quốc hội\nCơ quan", ("Quốc hội", "Cơ quan")),
        ("dien khuyet", "a|b || c", ("a|b", "c")),
        ("Số", 100.0, ("100",)),
        ("so", "100 ± 5 | 3,14", ("100±5", "3.14")),
        ("numeric", "1.500 +/- 0,5", ("1500±0.5",)),
        ("Điền số", 2.5, ("2.5",)),
    ],
)
def test_typed_answers(kind, cell, accepted):
    row = of_kind(kind, key=cell)
    assert (row.wording.accepted, errors(row)) == (accepted, [])


def test_typed_answers_that_are_missing_or_no_numbers():
    assert errors(of_kind("Điền từ")) == [Fault.NO_ACCEPTED]
    assert errors(of_kind("Số", key="trăm")) == [Fault.NOT_A_NUMBER]
    assert errors(of_kind("Số", "a", "b", key="1")) == [Fault.OPTIONS_NOT_READ]


def test_ordering():
    row = of_kind("Sắp xếp", *"vwxyz", "6", "7", "8", "9", partial="có")
    assert (row.wording.options, row.wording.partial, errors(row)) == ((*"vwxyz6789",), True, [])
    assert of_kind("thứ tự", "x", "y", "z", key="C, A, B").wording.options == ("z", "x", "y")
    assert errors(of_kind("Sắp xếp", "x", "y", "z", key="A")) == [Fault.UNREADABLE_KEY]
    assert errors(of_kind("Sắp xếp", "x", "y")) == [Fault.TOO_FEW_THINGS]


def test_matching():
    w = of_kind("Ghép đôi", "a → 1", "b -> 2", "c = 1", "→ 3").wording
    assert (w.options, w.matches, w.key) == (("a", "b", "c"), ("1", "2", "3"), (1, 2, 1))
    assert of_kind("ghép cặp", "a → b →→ c", "x ⇒ y").wording.options == ("a → b", "x")
    assert errors(of_kind("Ghép đôi", "a → 1", "b → 2", "c")) == [Fault.LEFT_WITHOUT_MATCH]
    assert errors(of_kind("Ghép đôi", "a → 1", "b → 2", key="a-1")) == [Fault.CELL_NOT_READ]


def test_essay():
    assert of_kind("Tự luận", words=500).wording.words == 500
    assert of_kind("essay", key="tối đa 1.000 chữ").wording.words == 1000
    row = of_kind("Tự luận", key="Theo Điều 5, Điều 6")
    assert (row.wording.words, errors(row)) == (None, [Fault.CELL_NOT_READ])
    assert errors(of_kind("", "a", "b", key="A", words="5")) == [Fault.CELL_NOT_READ]


def test_switches():
    row = of_kind("Nhiều đáp án", "a", "b", "c", key="A,B", partial="x", pinned="C")
    assert (row.wording.partial, row.wording.pinned, errors(row)) == (True, (3,), [])
    row = of_kind("Nhiều đáp án", "a", "b", "c", key="A,B", partial="đôi khi", pinned="cuối")
    assert (row.wording.partial, row.wording.pinned) == (False, ())
    assert errors(row) == [Fault.CELL_NOT_READ, Fault.CELL_NOT_READ]


def test_a_letter_without_options_is_not_taken_for_true_or_false():
    assert Fault.TOO_FEW_OPTIONS in errors(of_kind("", key="A"))
    assert errors(of_kind("", key="Đ")) == []


def test_a_citation_in_one_cell_is_taken_apart():
    row = read_one([*good(), "Điểm a khoản 2 Điều 5 Luật số 06/2022/QH15"], [*HEADINGS, "Căn cứ pháp lý"])
    w = row.wording
    assert (w.document_id, w.article, w.clause, w.point, row.problems) == (1, "5", "2", "a", [])
    apart = unicodedata.normalize("NFD", "Khoản 2, Điều 5 của Luật số 06/2022/QH15")
    assert read_one([*good(), apart], [*HEADINGS, "Căn cứ pháp lý"]).wording.article == "5"
    several = read_one([*good(), "Điều 5, Điều 6 Luật số 06/2022/QH15"], [*HEADINGS, "Căn cứ pháp lý"])
    assert (several.wording.document_id, several.wording.article) == (1, "")


def test_headings_again_and_a_second_table_with_its_own_columns():
    turned = ["Đáp án", *HEADINGS[:5], *HEADINGS[6:]]
    second = good("Hai?")
    reading = read(good(), HEADINGS, turned, [second[5], *second[:5], *second[6:]])
    assert [(s.place, s.problem.fault) for s in reading.skipped] == [
        ("dòng 3", Fault.HEADINGS_AGAIN), ("dòng 4", Fault.HEADINGS_AGAIN),
    ]  # fmt: skip
    assert [item.problems for item in assembled(reading)] == [[], []]
    assert [item.wording.stem for item in assembled(reading)] == ["Câu hỏi thứ nhất?", "Hai?"]


def test_points_are_not_points_of_law():
    assert [p.fault for p in read([*good(), 2], headings=[*HEADINGS, "Điểm"]).problems] == [Fault.UNKNOWN_COLUMN]


def test_a_table_without_headings_is_none():
    assert tables.read([["a", "b"], ["c", "d"]]) is None
    assert tables.read([]) is None
    assert tables.read([["Câu hỏi", "A", "B"], ["x", "y", "z"]]) is None  # neither key nor stars
