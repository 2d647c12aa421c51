"""The thể lệ says what the engine does: every option that can change a place changes the text."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from quiz.contests import rule_set as schema
from quiz.contests.rule_set import RuleSet
from quiz.contests.rule_words import AUDIENCE_TEXTS, FORMULA_TEXTS, MEASURE_TEXTS
from quiz.contests.rules_text import (
    BARRED_TEXTS,
    CRITERION_TEXTS,
    attempts_line,
    pieces,
    plain,
    question_text,
    rules_text,
    truth_text,
)
from quiz.contests.topics import Titles
from quiz.rules import collective
from quiz.rules.prediction import Scope, Target
from quiz.rules.tie_break import CRITERIA, turned
from tests.conftest import settings_for

NAMES = Titles({"luat": "Ngân hàng Luật"}, {("luat", "chung"): "Quy định chung", ("luat", "danh-hieu"): "Danh hiệu"})

TIER = {"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}
COLLECTIVE: dict[str, Any] = {
    "code": "tap-the", "name": "Giải tập thể", "formula": "ratio", "scope": "contest", "denominator": "headcount",
    "by_block": True, "prizes": [TIER | {"name": "Giải Nhất tập thể"}],
}  # fmt: skip
CONTEST: dict[str, Any] = {
    "min_age": 15, "barred_roles": ["organizer"], "minutes": 20, "late_start": "cut", "grace_s": 10, "attempt_limit": 3,
    "counted": "best", "points_per_item": 1, "prediction": {"target": "people"},
    "chain": ["score", "prediction", "elapsed", "submitted"], "overall": {"how": "sum", "chain": ["score", "elapsed"]},
    "collective": [COLLECTIVE], "score_release": "after_submit",
    "review_release": "after_close", "board_release": "after_submit", "announce_days": 10, "complaint_days": 3,
}  # fmt: skip
DIVISION: dict[str, Any] = {
    "audience": "all",
    "blueprint": [
        {"bank": "luat", "topic": "chung", "level": 1, "count": 12},
        {"bank": "luat", "topic": "chung", "level": 0, "count": 1},
    ],
    "prizes": [TIER],
    "overall_prizes": [TIER | {"name": "Giải Chung cuộc"}],
}
ROUND: dict[str, Any] = {
    "code": "ky-2", "name": "Kỳ 2",
    "opens_at": datetime(2026, 11, 1, tzinfo=UTC), "closes_at": datetime(2026, 11, 15, 10, tzinfo=UTC),
}  # fmt: skip
FIRST: dict[str, Any] = {
    "code": "ky-1", "name": "Kỳ 1",
    "opens_at": datetime(2026, 10, 1, tzinfo=UTC), "closes_at": datetime(2026, 10, 15, 10, tzinfo=UTC),
}  # fmt: skip


def rule_set(
    contest: dict[str, Any] | None = None,
    division: dict[str, Any] | None = None,
    round_: dict[str, Any] | None = None,
    own: dict[str, Any] | None = None,
    scheme: dict[str, Any] | None = None,
    law_date: date = date(2024, 12, 31),
) -> RuleSet:
    """own: rules of the second round · scheme: what is different in the collective competition"""
    schemes = {"collective": [COLLECTIVE | scheme]} if scheme else {}
    return RuleSet.model_validate(
        {
            "title": "Tìm hiểu luật", "law_date": law_date, "contest": CONTEST | schemes | (contest or {}),
            "divisions": [{"code": "bang-1", "name": "Bảng chung", "rules": DIVISION | (division or {})}],
            "rounds": [FIRST, ROUND | (round_ or {}) | {"rules": own or {}}],
        }
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _app():
    from quiz.app import create_app

    app: Flask = create_app(settings_for("sqlite://"))
    with app.app_context(), app.test_request_context():
        yield


def text_of(rules: RuleSet) -> str:
    return plain(rules_text(rules, NAMES))


CHAIN = ["score", "prediction", "elapsed", "submitted"]
OVERALL_PREDICTION = {"chain": ["score", "elapsed"], "overall": {"how": "sum", "chain": ["score", "prediction"]}}
HOURS = {"weekdays": [1, 2, 3, 4, 5], "opens": "07:30", "closes": "17:30"}
SUM = {"formula": "sum", "prize_points": {"nhat": 10}}
COMPOSITE = {"formula": "composite", "prize_points": {"nhat": 10}}

CHANGES: list[dict[str, Any]] = [
    {"contest": {"min_age": 16}},
    {"contest": {"min_age": 0}},
    {"contest": {"max_age": 35}},
    {"contest": {"min_age": 0, "max_age": 35}},
    {"contest": {"areas": [80]}},
    {"contest": {"areas": [80, 79]}},
    {"contest": {"barred_roles": ["organizer", "judge"]}},
    {"contest": {"barred_roles": []}},
    {"contest": {"bars_authors": True}},
    {"contest": {"bars_relatives": True}},
    {"contest": {"minutes": 15}},
    {"contest": {"late_start": "full"}},
    {"contest": {"grace_s": 5}},
    {"contest": {"grace_s": 0}},
    {"contest": {"attempt_limit": 2}},
    {"contest": {"attempt_limit": 1}},
    {"contest": {"attempt_limit": None}},
    {"contest": {"total_limit": 5}},
    {"contest": {"attempt_limit": None, "total_limit": 5}},
    {"contest": {"week_limit": 2}},
    {"contest": {"week_limit": 2, "week_starts": {"weekday": 2}}},
    {"contest": {"week_limit": 2, "week_starts": {"at": "10:00"}}},
    {"contest": {"consumed": "at_submit"}},
    {"contest": {"counted": "first"}},
    {"contest": {"counted": "last"}},
    {"contest": {"counted": "best_earliest"}},
    {"contest": {"points_per_item": 5}},
    {"contest": {"level_points": {"level_1": 1, "level_2": 2, "level_3": 3}}},
    {"contest": {"level_points": {"level_1": 2, "level_2": 2, "level_3": 3}}},
    {"contest": {"level_points": {"level_1": 1, "level_2": 3, "level_3": 3}}},
    {"contest": {"level_points": {"level_1": 1, "level_2": 2, "level_3": 4}}},
    {"contest": {"all_or_nothing": True}},
    {"contest": {"essay_points": 50}},
    {"contest": {"prediction": {"target": "people_all_correct"}}},
    {"contest": {"prediction": {"target": "attempts"}}},
    {"contest": {"prediction": {"target": "people", "scope": "contest"}, **OVERALL_PREDICTION}},
    {"contest": {"prediction": {"target": "people", "placement": "after_paper"}}},
    {"contest": {"prediction": {"target": "people", "use": "condition"}}},
    {"contest": {"prediction": {"target": "people", "use": "condition", "max_gap": 0}}},
    {"contest": {"prediction": {"target": "people", "use": "condition", "max_gap": 10}}},
    {"contest": {"prediction": None, "chain": ["score", "elapsed", "submitted"]}},
    {"contest": {"chain": ["score", "elapsed", "prediction", "submitted"]}},
    {"contest": {"chain": ["score", "prediction", "elapsed"]}},
    {"contest": {"chain": ["score", "prediction", "elapsed", "registered"]}},
    {"contest": {"chain": ["score", "prediction", "attempts", "elapsed", "submitted"]}},
    *({"contest": {"chain": [*CHAIN[:2], name]}} for name in CRITERIA if name not in CHAIN),
    *({"contest": {"chain": ["prediction", turned(name)]}} for name in CRITERIA if name != "prediction"),
    {"contest": {"chain": ["score", "prediction:more", "elapsed", "submitted"]}},
    {"contest": {"overall": {"how": "best", "chain": ["score", "elapsed"]}}},
    {"contest": {"overall": {"how": "sum", "chain": ["score", "attempts"]}}},
    {"contest": {"overall": {"how": "none"}}, "division": {"overall_prizes": []}},
    *({"contest": {"overall": {"how": "sum", "chain": [name]}}} for name in CRITERIA if name != "prediction"),
    {"contest": {"prize_rules": {"min_score": 8}}},
    {"contest": {"prize_rules": {"all_correct": True}}},
    {"contest": {"prize_rules": {"one_per_person": True}}},
    {"contest": {"prize_rules": {"one_per_period": True}}},
    {"contest": {"prize_rules": {"share_percent": 50}}},
    {"contest": {"prize_rules": {"share_percent": 40}}},
    {"contest": {"collective": []}},
    {"contest": {"lucky": {}}},
    {"contest": {"lucky": {"name": "Giải vui"}}},
    {"contest": {"lucky": {"quota": 6}}},
    {"contest": {"lucky": {"amount": 100_000}}},
    {"contest": {"lucky": {"among": "all_correct"}}},
    {"contest": {"lucky": {"among": "without_prize"}}},
    {"contest": {"lucky": {"scope": "contest"}}},
    {"contest": {"split_pool": True}},
    {"contest": {"score_release": "after_close"}},
    {"contest": {"score_release": "never"}},
    {"contest": {"review_release": "after_publish"}},
    {"contest": {"review_release": "never"}},
    {"contest": {"board_release": "after_close"}},
    {"contest": {"board_release": "after_publish"}},
    {"contest": {"board_release": "never"}},
    {"contest": {"freeze_hours": 24}},
    {"contest": {"announce_days": 5}},
    {"contest": {"complaint_days": 0}},
    {"contest": {"essay_judges": 2}},
    {"contest": {"essay_points": 20, "essay_rubric": [{"name": "Nội dung", "points": 20}]}},
    {"contest": {"essay_judges": 2, "essay_spread_percent": 10}},
    {"contest": {"annulment_judges": 2}},
    {"contest": {"answer_days": 3}},
    {"contest": {"signing_judges": 2}},
    {"contest": {"open_answers": False}},
    {"scheme": {"code": "khac", "name": "Giải khối"}},
    {"scheme": {"scope": "round"}},
    {"scheme": {"denominator": "obliged"}},
    {"scheme": {"denominator": "population"}},
    {"scheme": {"by_block": False}},
    {"scheme": {"gates": [{"kind": "obliged_share", "at_least": 100}]}},
    {"scheme": {"gates": [{"kind": "obliged_share", "at_least": 90}]}},
    {"scheme": {"gates": [{"kind": "share", "at_least": 30}]}},
    {"scheme": {"gates": [{"kind": "winners", "at_least": 1}]}},
    {"scheme": {"gates": [{"kind": "participants", "at_least": 1}]}},
    {"scheme": {"gates": [{"kind": "all_rounds", "at_least": 1}]}},
    {"scheme": {"bands": [{"below": 50, "percent": 30}, {"percent": 20}]}},
    {"scheme": {"bands": [{"below": 60, "percent": 30}, {"percent": 20}]}},
    {"scheme": {"bands": [{"below": 50, "percent": 30}, {"percent": 25}]}},
    {"scheme": {"bands": [{"percent": 25}]}},
    {"scheme": {"formula": "participants"}},
    {"scheme": {"formula": "winners"}},
    {"scheme": {"formula": "attempts"}},
    {"scheme": {"formula": "average"}},
    {"scheme": {"formula": "rank_points"}},
    {"scheme": {"formula": "rank_points", "lists": ["participants", "perfect"]}},
    {"scheme": {"formula": "rank_points", "top": 5}},
    {"scheme": SUM},
    {"scheme": SUM | {"prize_points": {"nhat": 8}}},
    {"scheme": SUM | {"scope": "round"}},
    {"scheme": COMPOSITE},
    {"scheme": COMPOSITE | {"weights": {"ratio": 50, "quality": 20, "winners": 30}}},
    {"scheme": COMPOSITE | {"weights": {"ratio": 60, "quality": 40, "winners": 0}}},
    {"scheme": {"tie_breaks": ["participants"]}},
    {"scheme": {"tie_breaks": ["participants", "average"]}},
    {"scheme": {"prizes": []}},
    {"scheme": {"prizes": [TIER | {"name": "Giải Nhất tập thể", "quota": 2}]}},
    {"division": {"audience": "staff"}},
    {"division": {"audience": "citizen"}},
    {"division": {"audience": "student"}},
    {"division": {"audience": "free"}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": 1, "count": 13}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": 2, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": None, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": 0, "count": 1}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "danh-hieu", "level": 1, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "khac", "topic": "chung", "level": 1, "count": 12}]}},
    {"division": {"prizes": []}},
    {"division": {"overall_prizes": []}},
    {"division": {"prizes": [TIER | {"quota": 2}]}},
    {"division": {"prizes": [TIER | {"amount": 3_000_000}]}},
    {"division": {"prizes": [TIER | {"name": "Giải A"}]}},
    {"round_": {"opens_at": datetime(2026, 11, 1, 0, 1, tzinfo=UTC)}},
    {"round_": {"closes_at": datetime(2026, 11, 15, 10, 1, tzinfo=UTC)}},
    {"own": {"hours": HOURS}},
    {"own": {"hours": HOURS | {"weekdays": [1, 3, 5]}}},
    {"own": {"hours": HOURS | {"opens": "08:00"}}},
    {"own": {"hours": HOURS | {"closes": "17:00"}}},
    {"own": {"hours": HOURS | {"weekdays": [1, 2, 3, 4, 5, 6, 7]}}},
    {"own": {"period": "Đợt cuối"}},
    {"own": {"minutes": 30}},
    {"own": {"attempt_limit": 1}},
    {"own": {"blueprints": {"bang-1": [{"bank": "luat", "topic": "chung", "count": 40}]}}},
    {"own": {"prizes": {"bang-1": []}}},
    {"own": {"prizes": {"bang-1": [TIER | {"name": "Giải Nhất chung kết"}]}}},
    {"own": {"admission": {"rounds": ["ky-1"], "quota": 7}}},
    {"own": {"admission": {"rounds": ["ky-1"], "quota": 8}}},
    {"law_date": date(2024, 12, 30)},
]


def test_every_change_of_an_option_changes_the_text_in_its_own_way():
    texts = [text_of(rule_set(**change)) for change in ({}, *CHANGES)]
    said: dict[str, int] = {}
    same = [(CHANGES[said[text] - 1], CHANGES[n - 1]) for n, text in enumerate(texts) if said.setdefault(text, n) != n]
    assert same == []


CHOSEN_BY = {
    "contest": schema.ContestRules,
    "division": schema.DivisionRules,
    "own": schema.RoundRules,
    "scheme": schema.CollectiveRules,
}


@pytest.mark.parametrize("part", CHOSEN_BY)
def test_the_changes_cover_every_option(part):
    """A new option without a line in CHANGES fails here, so that it cannot be forgotten in the text."""
    changed = {name for change in CHANGES for name in change.get(part, {})}
    assert changed == set(CHOSEN_BY[part].model_fields)


@pytest.mark.parametrize(
    ("option", "model"),
    [
        ("prediction", schema.Prediction), ("week_starts", schema.WeekStart), ("level_points", schema.LevelPoints),
        ("overall", schema.OverallRules), ("prize_rules", schema.PrizeRules), ("lucky", schema.LuckyRules),
    ],
)  # fmt: skip
def test_the_changes_cover_every_option_within_an_option(option, model):
    changed = {name for change in CHANGES for name in (change.get("contest", {}).get(option) or {})}
    assert changed == set(model.model_fields)


def test_every_name_has_words():
    from quiz.access import Role

    assert set(CRITERION_TEXTS) == set(CRITERIA)
    assert set(BARRED_TEXTS) == set(Role) - {Role.PARTICIPANT}
    assert set(AUDIENCE_TEXTS) == set(schema.DivisionAudience)
    assert set(FORMULA_TEXTS) == set(collective.Formula)
    assert set(MEASURE_TEXTS) == set(collective.TIE_BREAKS)


def test_every_question_and_truth_names_what_is_counted_and_where():
    asked = [schema.Prediction(target=target, scope=scope) for target in Target for scope in Scope]
    assert len({question_text(p) for p in asked}) == len({truth_text(p) for p in asked}) == len(asked)
    assert truth_text(schema.Prediction(target="people")) == "số người có ít nhất một lượt thi trong kỳ"
    assert truth_text(schema.Prediction(target="people", scope="contest")).endswith("trong cả cuộc thi")


def test_the_sections_hold_every_piece():
    rules = rule_set({"lucky": {}, "split_pool": True}, own={"admission": {"rounds": ["ky-1"], "quota": 7}})
    blocks = [block for section in rules_text(rules, NAMES) for block in section.blocks]
    for name, said in pieces(rules, NAMES).items():
        assert all(block in blocks for block in said), name


def test_sections_stand_in_the_usual_order():
    sections = rules_text(rule_set(), NAMES)
    assert [f"{s.roman}. {s.title}" for s in sections] == [
        "I. Tên gọi, phạm vi, đối tượng", "II. Nội dung thi", "III. Hình thức, đăng ký, cách thi", "IV. Thời gian",
        "V. Cơ cấu giải, cách xét", "VI. Công bố, khiếu nại", "VII. Xử lý vi phạm",
    ]  # fmt: skip


def test_moments_are_local_and_the_law_date_is_named():
    text = text_of(rule_set())
    assert "07:00 ngày 01/11/2026" in text
    assert "Nội dung pháp luật tính đến ngày 31/12/2024" in text
    assert "2.000.000 đồng" in text


def test_what_divisions_have_alike_is_said_once():
    document = rule_set().model_dump()
    document["divisions"] = [
        document["divisions"][0] | {"code": "a", "name": "Bảng A"},
        document["divisions"][0] | {"code": "b", "name": "Bảng B"},
    ]
    text = text_of(RuleSet.model_validate(document))
    assert text.count("Ma trận đề của mỗi bảng") == 1
    assert text.count("Giải mỗi kỳ của mỗi bảng") == 1


def test_bands_are_said_by_size():
    bands = [{"below": 50, "percent": 30}, {"below": 100, "percent": 25}, {"percent": 20}]
    text = text_of(rule_set(scheme={"bands": bands}))
    assert "dưới 50 người: 30%; từ 50 đến 99 người: 25%; từ 100 người trở lên: 20%" in text


def test_no_percent_sign_is_doubled():
    for change in CHANGES:
        assert "%%" not in text_of(rule_set(**change)), change


def test_a_name_cannot_bring_mark_up():
    rules = rule_set(
        {"collective": [COLLECTIVE | {"name": "<i>100%</i> %(x)s"}]}, round_={"name": "<script>alert(1)</script>"}
    )
    rules = RuleSet.model_validate(rules.model_dump() | {"title": "<b>100%</b> %(x)s"})
    sections = rules_text(rules, NAMES)
    assert "&lt;b&gt;100%&lt;/b&gt; %(x)s" in str(sections[0].blocks[0])
    for section in sections:
        assert "<b>" not in str(section.blocks)
        assert "<i>" not in str([b for b in section.blocks if not hasattr(b, "rows")])


def test_answers_are_promised_no_sooner_than_the_keys():
    assert "và khi đáp án của mọi kỳ thi được mở, phương án trả lời" in text_of(rule_set())
    assert "chấm lại được" not in text_of(rule_set(contest={"review_release": "never"}))


def test_how_parts_are_marked_is_said():
    text = text_of(rule_set())
    assert "câu ghi “chấm từng phần” được số điểm theo tỷ lệ phần đúng, làm tròn xuống" in text
    assert "chọn sai một phương án thì bớt đi một phương án chọn đúng" in text
    assert "không chấm từng phần" in text_of(rule_set({"all_or_nothing": True}))


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        ({}, "3 lượt mỗi kỳ, lấy lượt có kết quả tốt nhất"),
        ({"attempt_limit": 1}, "1 lượt mỗi kỳ"),
        ({"attempt_limit": None}, "Không giới hạn, lấy lượt có kết quả tốt nhất"),
        ({"attempt_limit": None, "week_limit": 2}, "2 lượt mỗi tuần, lấy lượt có kết quả tốt nhất"),
        (
            {"attempt_limit": None, "week_limit": 1},
            "1 lượt mỗi tuần, lấy lượt có kết quả tốt nhất",
        ),  # a round has two weeks
        ({"attempt_limit": None, "total_limit": 1}, "1 lượt cả cuộc thi"),
        ({"attempt_limit": 1, "week_limit": 1, "total_limit": 2}, "1 lượt mỗi kỳ, 1 lượt mỗi tuần, 2 lượt cả cuộc thi"),
    ],
)
def test_the_limits_in_one_line(limits, line):
    assert attempts_line(rule_set(limits)) == line
