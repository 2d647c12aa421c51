"""The working of a unit in sentences: every kind of line, every gate, every problem, and the rules of every formula."""

from datetime import date

import pytest

from quiz.contests.rule_set import CollectiveRules
from quiz.ranking import collective_words
from quiz.ranking.collective_words import Speaker
from quiz.ranking.tallies import Stated
from quiz.rules.collective import Denominator, Formula, Problem, Tally, rank_units, why_above

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = date(2025, 12, 31)
STATED = {d: Stated(n, DAY, DAY, ("Báo cáo 12",)) for d, n in zip(Denominator, (60, 50, 9000), strict=True)}
NAMES = {"nhat": "Giải Nhất", "nhi": "Giải Nhì"}
FULL = Tally(
    unit_id=1, participants=45, attempts=120, score_sum=800, max_score_sum=900, perfect=7, winners={"nhat": 2, "nhi": 1},
    participants_by_round=(45, 30), headcount=60, obliged=50, population=9000, quality=85,
)  # fmt: skip
PLAIN = ["Có 45 người dự thi, mỗi người có ít nhất một lượt thi hợp lệ."]
RATIO = "Tỷ lệ dự thi: 45 người dự thi trên 60 người (31/12/2025, nguồn: Báo cáo 12) = 75,00%."


@pytest.fixture(autouse=True)
def _words(app):
    with app.test_request_context():
        yield


def said(tally=FULL, others=(), **rules):
    made = CollectiveRules.model_validate({"code": "x", "name": "Nội dung", **rules})
    results = rank_units([tally, *others], made.scheme)
    speaks = Speaker(made, STATED, NAMES, ("Kỳ 1", "Kỳ 2"))
    return [speaks.say(step) for step in next(r for r in results if r.unit_id == tally.unit_id).steps]


WORKED = [
    ({"formula": "participants"}, ["Kết quả xếp hạng: 45 người."]),
    ({"formula": "attempts"}, ["Cộng lại có 120 lượt thi hợp lệ.", "Kết quả xếp hạng: 120 lượt."]),
    ({"formula": "winners"}, ["Giải Nhất: 2 giải.", "Giải Nhì: 1 giải.", "Kết quả xếp hạng: 3 giải."]),
    ({"formula": "ratio"}, [RATIO, "Kết quả xếp hạng: 75,00%."]),
    (
        {"formula": "ratio", "denominator": "population"},
        [
            "Tỷ lệ dự thi: 45 người dự thi trên dân số 9.000 (31/12/2025, nguồn: Báo cáo 12) = 0,50%.",
            "Kết quả xếp hạng: 0,50%.",
        ],
    ),
    (
        {"formula": "ratio", "denominator": "obliged"},
        [
            "Tỷ lệ dự thi: 45 người dự thi trên số người thuộc diện bắt buộc dự thi là 50 (31/12/2025, nguồn: Báo cáo 12) = 90,00%. "
            "Hệ thống không phân biệt từng người thuộc diện bắt buộc dự thi, nên tính mọi người dự thi.",
            "Kết quả xếp hạng: 90,00%.",
        ],
    ),
    (
        {"formula": "average"},
        [
            "Điểm trung bình: người của đơn vị được 800 trên 900 điểm tối đa = 88,89%.",
            "Kết quả xếp hạng: 88,89%.",
        ],
    ),
    (
        {"formula": "rank_points", "top": 10},
        [
            "Bảng xếp theo số người dự thi: 45 người, thứ 1, được 10 điểm.",
            "Bảng xếp theo tổng điểm của người dự thi: 800 điểm, thứ 1, được 10 điểm.",
            "Bảng xếp theo số lượt dự thi: 120 lượt, thứ 1, được 10 điểm.",
            "Kết quả xếp hạng: 30 điểm.",
        ],
    ),
    (
        {"formula": "sum", "prize_points": {"nhat": 10}},
        [
            "Kỳ 1: 45 người dự thi trên 60 người (31/12/2025, nguồn: Báo cáo 12) = 75,00%.",
            "Kỳ 2: 30 người dự thi trên 60 người (31/12/2025, nguồn: Báo cáo 12) = 50,00%.",
            "Bình quân các kỳ, lấy làm điểm: tổng 125 chia cho 2 kỳ = 62,50 điểm.",
            "Giải Nhất: 2 giải × 10 điểm = 20 điểm.",
            "Giải Nhì: 1 giải × 0 điểm = 0 điểm.",
            "Kết quả xếp hạng: 82,50 điểm.",
        ],
    ),
    (
        {"formula": "composite", "prize_points": {"nhat": 10, "nhi": 8}},
        [
            RATIO,
            "Chất lượng tuyên truyền do Ban Giám khảo chấm: 85 trên 100 điểm.",
            "Giải Nhất: 2 giải × 10 điểm = 20 điểm.",
            "Giải Nhì: 1 giải × 8 điểm = 8 điểm.",
            "Tỷ lệ dự thi: 75 × 40% = 30 điểm.",
            "Chất lượng tuyên truyền: 85 × 30% = 25,50 điểm.",
            "Giải cá nhân: 28 × 30% = 8,40 điểm.",
            "Kết quả xếp hạng: 63,90 điểm.",
        ],
    ),
]


@pytest.mark.parametrize(("rules", "expected"), WORKED)
def test_the_working_of_every_formula(rules, expected):
    assert said(**rules) == PLAIN + expected


def test_every_formula_is_worked_here():
    assert {rules["formula"] for rules, _expected in WORKED} == set(Formula)


def test_gates_and_bands():
    gates = [
        {"kind": "obliged_share", "at_least": 100}, {"kind": "share", "at_least": 50}, {"kind": "winners", "at_least": 1},
        {"kind": "participants", "at_least": 50}, {"kind": "all_rounds", "at_least": 30},
    ]  # fmt: skip
    bands = [{"below": 50, "percent": 30}, {"below": 100, "percent": 80}, {"percent": 20}]
    assert said(formula="participants", gates=gates, bands=bands)[1:-1] == [
        "Điều kiện ít nhất 100% số người thuộc diện bắt buộc dự thi đã dự thi: 45 người dự thi trên số người thuộc diện bắt buộc dự thi "
        "là 50 (31/12/2025, nguồn: Báo cáo 12) = 90,00%, chưa đạt. "
        "Hệ thống không phân biệt từng người thuộc diện bắt buộc dự thi, nên tính mọi người dự thi.",
        "Điều kiện người dự thi ít nhất bằng 50% tổng số người của đơn vị: 45 người dự thi trên 60 người "
        "(31/12/2025, nguồn: Báo cáo 12) = 75,00%, đạt.",
        "Điều kiện có ít nhất 1 giải cá nhân: đơn vị có 3 giải, đạt.",
        "Điều kiện có ít nhất 50 người dự thi: đơn vị có 45 người, chưa đạt.",
        "Điều kiện kỳ nào cũng có ít nhất 30 người dự thi: kỳ ít người nhất có 30 người, đạt.",
        "Đơn vị từ 50 đến dưới 100 người cần ít nhất 80% số người dự thi: 45 người dự thi trên 60 người "
        "(31/12/2025, nguồn: Báo cáo 12) = 75,00%, chưa đạt.",
    ]


def test_what_is_missing_is_said():
    nobody = Tally(unit_id=1)
    assert said(nobody, formula="average") == [
        "Chưa có ai dự thi, nên đơn vị không được xếp hạng.",
        "Chưa có điểm để tính trung bình.",
    ]
    alone = Tally(unit_id=1, participants=3)
    assert said(alone, formula="ratio", bands=[{"percent": 20}])[1:] == [
        "Mức dự thi theo quy mô: 3 người dự thi, chưa có tổng số người của đơn vị. "
        "Chưa tính được tỷ lệ, nên đơn vị chưa được xếp hạng.",
        "Tỷ lệ dự thi: 3 người dự thi, chưa có tổng số người của đơn vị. Chưa tính được tỷ lệ, nên đơn vị chưa được xếp hạng.",
    ]
    assert (
        "chưa chấm chất lượng"
        in said(alone, formula="composite", weights={"ratio": 0, "quality": 100, "winners": 0})[1]
    )
    small = Tally(unit_id=1, participants=61, headcount=60)
    assert said(small, formula="ratio")[1].endswith(
        "= 100,00%. Số người đã khai ít hơn số người dự thi, nên chỉ tính tròn 100%; cần đối chiếu lại."
    )


def test_tie_breaks_are_said_where_they_were_needed():
    other = Tally(unit_id=2, participants=30, headcount=40, attempts=31)
    assert said(FULL, [other], formula="ratio", tie_breaks=["participants", "average"])[-2:] == [
        "Bằng nhau nên xét số người dự thi: 45 người.",
        "Bằng nhau nên xét điểm trung bình: 88,89%.",
    ]


def test_a_comparison_shows_as_many_digits_as_it_takes():
    rules = CollectiveRules.model_validate({"code": "x", "name": "Nội dung", "formula": "ratio"})
    tallies = [Tally(unit_id=1, participants=20001, headcount=30000), Tally(unit_id=2, participants=2, headcount=3)]
    a, b = rank_units(tallies, rules.scheme)
    found = why_above(a, b, rules.scheme)
    texts = collective_words.compared(
        found, lambda digits: (Speaker(rules, digits=digits), Speaker(rules, digits=digits))
    )
    assert texts == ("Kết quả xếp hạng: 66,670%.", "Kết quả xếp hạng: 66,667%.")


def test_every_problem_has_its_name():
    assert set(collective_words.PROBLEMS) == set(Problem)


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (None, ""),
        (Stated(5, DAY, DAY, ("",)), "31/12/2025"),
        (
            Stated(5, date(2025, 1, 2), DAY, ("a", "b"), 7),
            "02/01/2025 – 31/12/2025, cộng từ 7 đơn vị bên dưới, nguồn: a; b",
        ),
    ],
)
def test_sources(stated, text):
    assert collective_words.source_text(stated) == text
