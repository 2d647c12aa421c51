"""Every way in which a rule set can be wrong is said in words, at the place that can mend it."""

from __future__ import annotations

import ast
import inspect
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from quiz.contests import rule_set as schema
from quiz.contests.rule_faults import RuleFault, rule_faults
from quiz.contests.rule_set import RuleSet
from quiz.rules.collective import SchemeProblem
from tests.conftest import settings_for

OPENS = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _app():
    from quiz.app import create_app

    app = create_app(settings_for("sqlite://"))
    with app.app_context(), app.test_request_context():
        yield


def whole() -> dict[str, Any]:
    return {
        "title": "Tìm hiểu luật",
        "law_date": date(2026, 1, 1),
        "contest": {},
        "divisions": [
            {"code": "a", "name": "Bảng A", "rules": {"blueprint": [{"bank": "b", "topic": "t", "count": 1}]}}
        ],
        "rounds": [
            {"code": f"ky-{n}", "name": f"Kỳ {n}", "opens_at": OPENS + timedelta(days=7 * n),
             "closes_at": OPENS + timedelta(days=7 * n + 6), "rules": {}}
            for n in (1, 2)
        ],
    }  # fmt: skip


def faults(**changes: Any) -> list[RuleFault]:
    """changes: dotted places of the document with "__" for dots, as contest__minutes=0"""
    document = deepcopy(whole())
    for place, value in changes.items():
        *way, last = [int(p) if p.isdecimal() else p for p in place.split("__")]
        at: Any = document
        for step in way:
            at = at[step]
        at[last] = value
    try:
        RuleSet.model_validate(document)
    except ValidationError as error:
        return rule_faults(error)
    return []


PRIZE = {"code": "nhat", "name": "Giải Nhất", "quota": 1}
SCHEME = {"code": "tap-the", "name": "Tập thể"}


def scheme(**values: Any) -> dict[str, Any]:
    return {"contest__collective": [SCHEME | values]}


def overall(*chain: str) -> dict[str, Any]:
    return {"how": "sum", "chain": chain}


# code → (what is wrong, path of the place, words)
OURS: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown_criterion": ({"contest__chain": ["luck"]}, "contest.chain", "Không có tiêu chí “luck”"),
    "criterion_twice": ({"contest__chain": ["score", "elapsed", "elapsed:more"]}, "contest.chain", "Tiêu chí “Thời gian làm bài” xuất hiện hai lần"),
    "prediction_not_asked": ({"contest__chain": ["score", "prediction"]}, "contest.chain", "Hãy bỏ tiêu chí này, hoặc chọn câu dự đoán"),
    "prediction_unused": ({"contest__prediction": {}}, "contest.chain", "phải có tiêu chí “Dự đoán”"),
    "prediction_of_contest_in_round": (
        {"contest__prediction": {"scope": "contest"}, "contest__chain": ["score", "prediction"]}, "contest.chain", "chưa có số thực tế",
    ),
    "prediction_of_rounds_in_overall": (
        {"contest__prediction": {}, "contest__chain": ["prediction"], "contest__overall": overall("prediction")},
        "contest.overall.chain", "mỗi kỳ có một số thực tế",
    ),
    "ages_crossed": ({"contest__max_age": 14}, "contest.max_age", "nhỏ hơn tuổi tối thiểu"),
    "only_needs_one_attempt": ({"contest__counted": "only", "contest__attempt_limit": 2}, "contest.attempt_limit", "đúng một lượt"),
    "freeze_needs_open_board": ({"contest__freeze_hours": 1, "contest__board_release": "never"}, "contest.freeze_hours", "Hãy đặt 0 giờ"),
    "collective_twice": ({"contest__collective": [SCHEME, SCHEME]}, "contest.collective", "trùng mã"),
    "rubric_sum": ({"contest__essay_points": 20, "contest__essay_rubric": [{"name": "Nội dung", "points": 5}]}, "contest.essay_rubric", "cộng lại đúng bằng"),
    "tier_twice": ({"divisions__0__rules__prizes": [PRIZE, PRIZE]}, "divisions.0.rules.prizes", "Hai giải trùng tên"),
    "hours_crossed": ({"rounds__0__rules": {"hours": {"opens": "10:00", "closes": "09:00"}}}, "rounds.0.rules.hours.closes", "Giờ nghỉ trong ngày phải sau"),
    "closes_before_opening": ({"rounds__0__closes_at": OPENS}, "rounds.0.closes_at", "Giờ đóng phải sau giờ mở"),
    "code_twice": ({"rounds__1__code": "ky-1"}, "rounds.1.name", "“Kỳ 2” trùng mã"),
    "code_reserved": ({"rounds__1__code": "chung"}, "rounds.1.name", "Mã của “Kỳ 2” là mã dành riêng"),
    "rounds_overlap": ({"rounds__0__closes_at": OPENS + timedelta(days=14, minutes=1)}, "rounds.1.opens_at", "“Kỳ 2” mở khi “Kỳ 1” chưa đóng"),
    "unknown_division": ({"rounds__1__rules": {"prizes": {"b": []}}}, "rounds.1.name", "“Kỳ 2” có ma trận đề hoặc giải riêng cho một bảng không còn"),
    "admission_not_before": ({"rounds__0__rules": {"admission": {"rounds": ["ky-2"], "quota": 1}}}, "rounds.0.name", "một kỳ không đóng trước"),
    "overall_prizes_unranked": ({"divisions__0__rules__overall_prizes": [PRIZE]}, "divisions.0.overall_prizes", "“Bảng A” có giải chung cuộc"),
}  # fmt: skip

BAND = {"below": 50, "percent": 30}
SCHEMES: dict[str, tuple[dict[str, Any], str, str]] = {
    SchemeProblem.WEIGHTS_NOT_100: (
        scheme(formula="composite", prize_points={"nhat": 1}, weights={"ratio": 50}), "weights", "cộng lại bằng 100%",
    ),
    SchemeProblem.GATE_OUT_OF_RANGE: (scheme(gates=[{"kind": "share", "at_least": 101}]), "gates", "từ 1 đến 100"),
    SchemeProblem.BANDS_NOT_ASCENDING: (scheme(bands=[BAND, BAND, {"percent": 1}]), "bands", "xếp từ nhỏ đến lớn"),
    SchemeProblem.LAST_BAND_NOT_OPEN: (scheme(bands=[BAND]), "bands", "phải để trống số người"),
    SchemeProblem.NO_LISTS: (scheme(formula="rank_points", lists=[]), "lists", "ít nhất một danh sách"),
    SchemeProblem.LIST_TWICE: (scheme(formula="rank_points", lists=["attempts", "attempts"]), "lists", "được chọn hai lần"),
    SchemeProblem.UNKNOWN_LIST: (scheme(formula="rank_points", lists=["luck"]), "lists", "danh sách không tồn tại"),
    SchemeProblem.NO_PRIZE_POINTS: (scheme(formula="sum"), "prize_points", "chưa giải nào có điểm"),
    SchemeProblem.UNKNOWN_TIE_BREAK: (scheme(tie_breaks=["luck"]), "tie_breaks", "không tồn tại"),
    SchemeProblem.TIE_BREAK_TWICE: (scheme(tie_breaks=["ratio", "ratio"]), "tie_breaks", "xuất hiện hai lần"),
}  # fmt: skip

# the ranges of the schema keep these from ever reaching the check of the scheme
OUT_OF_REACH = {
    SchemeProblem.WEIGHT_NEGATIVE,
    SchemeProblem.UNKNOWN_PART,
    SchemeProblem.BAND_OUT_OF_RANGE,
    SchemeProblem.NO_TOP,
    SchemeProblem.PRIZE_POINTS_NEGATIVE,
}


def dotted(fault: RuleFault) -> str:
    return ".".join(map(str, fault.path))


@pytest.mark.parametrize("code", OURS)
def test_each_fault_of_ours_is_said_at_its_place(code):
    changes, place, words = OURS[code]
    (fault,) = faults(**changes)
    assert dotted(fault) == place
    assert words in fault.sentence


@pytest.mark.parametrize("code", SCHEMES)
def test_each_problem_of_a_collective_competition_is_said_at_its_place(code):
    changes, place, words = SCHEMES[code]
    (fault,) = faults(**changes)
    assert dotted(fault) == f"contest.collective.0.{place}"
    assert words in fault.sentence
    assert "%%" not in fault.sentence


def test_no_code_is_forgotten():
    """The codes are read from the source of the schema, so that a new one fails here."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(schema))) if isinstance(node, ast.Call)]
    codes = {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") == "_fault" and isinstance(call.args[0], ast.Constant)
    }
    assert codes == set(OURS)
    assert set(SCHEMES) | OUT_OF_REACH == set(SchemeProblem)


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"contest__minutes": 0}, "contest.minutes", "phải từ 1 trở lên"),
        ({"contest__minutes": 241}, "contest.minutes", "không được quá 240"),
        ({"contest__minutes": None}, "contest.minutes", "cần một số nguyên"),
        ({"contest__minutes": "x"}, "contest.minutes", "cần một số nguyên"),
        ({"contest__counted": "luck"}, "contest.counted", "không có trong danh sách"),
        ({"contest__week_starts": {"at": "25:00"}}, "contest.week_starts.at", "Giờ chưa đúng. Ví dụ: 07:30."),
        ({"contest__chain": []}, "contest.chain", "ít nhất một tiêu chí"),
        ({"contest__collective": [SCHEME | {"code": "Tập thể"}]}, "contest.collective.0.code", "Mã chỉ gồm"),
        ({"contest__nothing": 1}, "contest.nothing", "lập lại bản nháp từ mẫu"),
        ({"title": ""}, "title", "Mục này cần được điền."),
        ({"title": "x" * 301}, "title", "dài quá 300 ký tự"),
        ({"law_date": None}, "law_date", "cần một ngày. Ví dụ"),
        ({"rounds__0__opens_at": None}, "rounds.0.opens_at", "cần một ngày giờ"),
        ({"rounds__0__opens_at": datetime(2026, 11, 1)}, "rounds.0.opens_at", "cần một ngày giờ"),  # noqa: DTZ001
        ({"rounds": []}, "rounds", "ít nhất một kỳ thi"),
        ({"divisions": []}, "divisions", "ít nhất một bảng"),
        ({"divisions__0__rules__blueprint": []}, "divisions.0.rules.blueprint", "ít nhất một câu"),
        ({"divisions__0__rules": {}}, "divisions.0.rules.blueprint", "Mục này cần được điền."),
        ({"divisions__0__rules__prizes": [PRIZE | {"quota": 1001}]}, "divisions.0.rules.prizes.0.quota", "không được quá 1.000"),
        ({"rounds__0__rules": {"hours": {"weekdays": []}}}, "rounds.0.rules.hours.weekdays", "ít nhất một ngày"),
    ],
)  # fmt: skip
def test_types_and_ranges_are_said_too(changes, place, words):
    (fault,) = faults(**changes)
    assert dotted(fault) == place
    assert words in fault.sentence


def test_rounds_that_meet_across_midnight_overlap():
    late = datetime(2026, 11, 8, 16, 59, tzinfo=UTC)  # 23:59 local time
    changes = {"rounds__0__closes_at": late + timedelta(minutes=2), "rounds__1__opens_at": late + timedelta(minutes=1)}
    (fault,) = faults(**changes)
    assert "kể cả qua nửa đêm" in fault.sentence
    assert faults(**changes | {"rounds__1__opens_at": late + timedelta(minutes=2)}) == []


def test_a_rule_set_without_fault_has_none():
    assert faults() == []
