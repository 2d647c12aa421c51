"""Combinations of rules that are allowed and rarely meant: each is said, with what to do, and only then."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from quiz.contests.rule_set import RuleSet
from quiz.contests.surprises import surprises
from tests.conftest import settings_for

OPENS = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _app():
    from quiz.app import create_app

    app = create_app(settings_for("sqlite://"))
    with app.app_context(), app.test_request_context():
        yield


CELL = {"bank": "b", "topic": "t", "count": 20}
ESSAY = CELL | {"level": 0, "count": 1}
PRIZE = {"code": "nhat", "name": "Giải Nhất", "quota": 5}
PREDICTS = {"prediction": {"target": "people"}, "chain": ["score", "prediction", "elapsed", "submitted"]}
SPLIT = {"split_pool": True}


def said(
    contest: dict[str, Any] | None = None, *, rounds: int = 1, own: dict[str, Any] | None = None, **division: Any
) -> list[str]:
    """own: rules of the last round · division: rules of the division"""
    parts = [
        {"code": f"ky-{n}", "name": f"Kỳ {n}", "opens_at": OPENS + timedelta(days=7 * n),
         "closes_at": OPENS + timedelta(days=7 * n + 6), "rules": {}}
        for n in range(1, rounds + 1)
    ]  # fmt: skip
    parts[-1]["rules"] = own or {}
    document = {
        "title": "T", "law_date": date(2026, 1, 1), "contest": deepcopy(contest or {}), "rounds": parts,
        "divisions": [{"code": "a", "name": "Bảng A", "rules": {"blueprint": [CELL], "prizes": [PRIZE]} | division}],
    }  # fmt: skip
    return [finding.text for finding in surprises(RuleSet.model_validate(document))]


OVERALL = {"overall": {"how": "sum", "chain": ["score", "elapsed"]}, **SPLIT}

CASES: list[tuple[str, dict[str, Any]]] = [
    ("Không giới hạn lượt mà xét thời gian", {"contest": {"attempt_limit": None}}),
    ("không lấy lượt tốt nhất", {"contest": {"attempt_limit": 3, "counted": "first"}}),
    ("Lấy lượt cuối cùng khi có câu dự đoán", {"contest": {"attempt_limit": 3, "counted": "last", **PREDICTS}}),
    ("Chỉ mất lượt khi nộp bài", {"contest": {"consumed": "at_submit"}}),
    ("không bao giờ dùng hết", {"contest": {"attempt_limit": 2, "total_limit": 2}}),
    ("không ai dự thi được mọi kỳ", {"contest": {"total_limit": 2, **SPLIT}, "rounds": 3}),
    ("không bao giờ được dùng đến", {"contest": {"attempt_limit": 1, "week_limit": 2}}),
    ("biết đáp án rồi thi lại", {"contest": {"attempt_limit": 3, "review_release": "after_submit"}}),
    ("người nộp trước có thể đưa đáp án", {"contest": {"review_release": "after_submit"}}),
    ("mà trên bảng có điểm", {"contest": {"score_release": "after_publish"}}),
    ("mà trên bảng có điểm", {"contest": {"score_release": "never", "board_release": "after_publish"}}),
    ("đáp án của kỳ trước đã mở", {"rounds": 2}),
    ("bảng luôn trống", {"contest": {"freeze_hours": 144}}),
    ("chỉ thấy điểm phần trắc nghiệm", {"blueprint": [CELL, ESSAY]}),
    ("thứ hạng trên bảng sẽ đổi nhiều", {"blueprint": [CELL, ESSAY]}),
    ("không bắt đầu bằng điểm", {"contest": {"chain": ["elapsed", "score"]}}),
    ("rất nhiều người đồng hạng", {"contest": {"chain": ["score"]}}),
    ("không phân biệt được ai", {"contest": {"chain": ["score", "attempts", "elapsed"]}}),
    ("thi đi thi lại chỉ để lấy số lượt", {"contest": {"attempt_limit": None, "chain": ["score", "attempts:more", "elapsed"]}}),
    ("câu dự đoán không bao giờ được xét", {"contest": PREDICTS | {"chain": ["score", "submitted", "prediction"]}}),
    ("câu dự đoán không bao giờ được xét", {"contest": PREDICTS | {"chain": ["score", "registered", "prediction"]}}),
    ("câu dự đoán không bao giờ được xét", {"contest": PREDICTS | {"chain": ["score", "started", "prediction"]}}),
    ("không bao giờ được xét: Thời gian làm bài", {"contest": {"chain": ["score", "submitted", "elapsed"]}}),
    ("câu dự đoán đứng sau sẽ không được xét", {"contest": PREDICTS | {"chain": ["score", "elapsed", "prediction"]}}),
    ("đang đảo chiều: dài hơn xếp trên", {"contest": {"chain": ["score", "elapsed:more"]}}),
    ("đang đảo chiều", {"contest": {"chain": ["score:less", "elapsed"]}}),
    ("đang đảo chiều", {"contest": PREDICTS | {"chain": ["score", "prediction:more", "elapsed"]}}),
    ("“Điểm bài tự luận” luôn bằng nhau", {"contest": {"chain": ["score", "written", "elapsed"]}}),
    ("“Điểm” đã quyết định “Đúng tất cả các câu”", {"contest": {"chain": ["score", "all_correct", "elapsed"]}}),
    ("“Số câu đúng” đã quyết định “Điểm”", {"contest": {"all_or_nothing": True, "chain": ["correct", "score", "elapsed"]}}),
    ("không có tác dụng với giải", {"contest": {"prize_rules": {"all_correct": True}, "chain": ["all_correct", "score", "elapsed"]}}),
    ("giống hệt xếp hạng của kỳ", {"contest": OVERALL, "overall_prizes": [PRIZE]}),
    ("chưa có giải chung cuộc nào", {"contest": OVERALL, "rounds": 2}),
    ("cộng cả kỳ mà chỉ một số người được vào", {
        "contest": OVERALL, "rounds": 2, "overall_prizes": [PRIZE], "own": {"admission": {"rounds": ["ky-1"], "quota": 9}}}),
    ("Chung cuộc: Chuỗi xét hạng không có tiêu chí thời gian", {
        "contest": {"overall": {"how": "sum", "chain": ["score"]}, **SPLIT}, "rounds": 2, "overall_prizes": [PRIZE]}),
    ("Độ lệch nhiều nhất chỉ có tác dụng", {"contest": PREDICTS | {"prediction": {"max_gap": 5}}}),
    ("khi số người dự thi đã rõ", {"contest": PREDICTS | {"late_start": "full"}}),
    ("biết nhiều hơn người chỉ thi kỳ đầu", {
        "contest": {"prediction": {"scope": "contest"}, "overall": {"how": "sum", "chain": ["score", "prediction"]}, **SPLIT},
        "rounds": 2, "overall_prizes": [PRIZE]}),
    ("mỗi đề có điểm tối đa khác nhau", {"contest": {"level_points": {"level_1": 1, "level_2": 2, "level_3": 3}}}),
    ("chưa kỳ nào thuộc đợt nào", {"contest": {"prize_rules": {"one_per_period": True}}}),
    ("bảng có dưới 20 người thì không có giải nào", {"contest": {"prize_rules": {"share_percent": 5}}}),
    ("không ai được giải", {"contest": {"prize_rules": {"min_score": 21}}}),
    ("cần bảng kết quả chung cuộc", {"contest": {"lucky": {"scope": "contest"}, **SPLIT}, "rounds": 2}),
    ("giải không còn trong cuộc thi: nhi", {"contest": {"collective": [
        {"code": "t", "name": "Tập thể", "formula": "sum", "prize_points": {"nhi": 8}}]}}),
    ("không có giải cá nhân nào", {"prizes": [], "contest": {"collective": [{"code": "t", "name": "Tập thể", "formula": "winners"}]}}),
    ("không có con số nào của cuộc thi", {"contest": {"collective": [
        {"code": "t", "name": "Tập thể", "formula": "composite", "weights": {"ratio": 0, "quality": 100, "winners": 0}}]}}),
    ("chưa đầy 10 giây một câu", {"contest": {"minutes": 3}}),
    ("chưa đầy 10 giây một câu", {"own": {"minutes": 3}}),
    ("giờ thi trong ngày ngắn hơn", {"own": {"hours": {"opens": "08:00", "closes": "08:10"}}}),
    ("có 5 giải cho Bảng A mà chỉ nhận khoảng 3 người", {
        "contest": SPLIT, "rounds": 2, "own": {"admission": {"rounds": ["ky-1"], "quota": 3}}}),
    ("người được vào chưa kịp biết", {"contest": SPLIT, "rounds": 2, "own": {"admission": {"rounds": ["ky-1"], "quota": 9}}}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "rules"), CASES)
def test_a_surprising_combination_is_said(words, rules):
    assert any(words in text for text in said(**rules)), said(**rules)


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"contest": SPLIT, "rounds": 3},
        {"contest": PREDICTS},
        {"contest": {"attempt_limit": None, "chain": ["score", "attempts", "elapsed"]}},
        {"contest": {"attempt_limit": None, "week_limit": 2}},
        {"contest": {"attempt_limit": 3, "chain": ["score", "elapsed", "attempts:more"]}},
        {"contest": {"attempt_limit": None, "consumed": "at_submit", "chain": ["score", "attempts", "elapsed"]}},
        {"contest": OVERALL, "rounds": 2, "overall_prizes": [PRIZE]},
        {"contest": {"prize_rules": {"share_percent": 50, "min_score": 20}}},
        {"contest": {"chain": ["all_correct", "score", "elapsed"]}},
        {"contest": {"freeze_hours": 24}},
        {
            "contest": {"chain": ["score"], "score_release": "after_publish", "board_release": "after_publish"},
            "blueprint": [CELL, ESSAY],
        },
    ],
)
def test_a_usual_combination_is_not(rules):
    assert said(**rules) == []


def test_two_divisions_for_one_audience():
    document = {
        "title": "T", "law_date": date(2026, 1, 1), "contest": {},
        "divisions": [
            {"code": code, "name": f"Bảng {code}", "rules": {"blueprint": [CELL], "audience": "staff"}} for code in "ab"
        ],
        "rounds": [{"code": "k", "name": "Kỳ", "opens_at": OPENS, "closes_at": OPENS + timedelta(days=1)}],
    }  # fmt: skip
    texts = [finding.text for finding in surprises(RuleSet.model_validate(document))]
    assert texts == ["“Bảng a” và “Bảng b” nhận cùng một đối tượng: người dự thi sẽ tự chọn bảng."]


def test_every_warning_is_a_whole_sentence():
    for _words, rules in CASES:
        for text in said(**rules):
            assert text.endswith(".")
            assert "%%" not in text
