"""The thể lệ says what the engine does: every option that can change a place changes the text."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from quiz.contests.rule_set import RuleSet
from quiz.contests.rules_text import BARRED_TEXTS, CRITERION_TEXTS, plain, rules_text
from quiz.contests.topics import Titles
from quiz.rules.tie_break import CRITERIA
from tests.conftest import settings_for

NAMES = Titles({"luat": "Ngân hàng Luật"}, {("luat", "chung"): "Quy định chung", ("luat", "danh-hieu"): "Danh hiệu"})

CONTEST: dict[str, Any] = {
    "min_age": 15, "barred_roles": ["organizer"], "minutes": 20, "late_start": "cut", "grace_s": 10, "attempt_limit": 3,
    "counted": "best", "points_per_item": 1, "prediction": {"target": "people"},
    "chain": ["score", "prediction", "elapsed", "submitted"], "score_release": "after_submit",
    "review_release": "after_close", "board_release": "after_submit", "announce_days": 10, "complaint_days": 3,
}  # fmt: skip
DIVISION: dict[str, Any] = {
    "audience": "all",
    "blueprint": [{"bank": "luat", "topic": "chung", "level": 1, "count": 12}],
    "prizes": [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}],
}
ROUND: dict[str, Any] = {
    "code": "ky-1", "name": "Kỳ 1",
    "opens_at": datetime(2026, 11, 1, tzinfo=UTC), "closes_at": datetime(2026, 11, 15, 10, tzinfo=UTC),
}  # fmt: skip


def rule_set(
    contest: dict[str, Any] | None = None,
    division: dict[str, Any] | None = None,
    round_: dict[str, Any] | None = None,
    law_date: date = date(2024, 12, 31),
) -> RuleSet:
    return RuleSet.model_validate(
        {
            "title": "Tìm hiểu luật", "law_date": law_date, "contest": CONTEST | (contest or {}),
            "divisions": [{"code": "bang-1", "name": "Bảng chung", "rules": DIVISION | (division or {})}],
            "rounds": [ROUND | (round_ or {})],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def text_of():
    from quiz.app import create_app

    app: Flask = create_app(settings_for("sqlite://"))
    with app.app_context(), app.test_request_context():
        yield lambda rules: plain(rules_text(rules, NAMES))


CHANGES: list[dict[str, Any]] = [
    {"contest": {"min_age": 16}},
    {"contest": {"min_age": 0}},
    {"contest": {"barred_roles": ["organizer", "judge"]}},
    {"contest": {"barred_roles": []}},
    {"contest": {"minutes": 15}},
    {"contest": {"late_start": "full"}},
    {"contest": {"grace_s": 5}},
    {"contest": {"grace_s": 0}},
    {"contest": {"attempt_limit": 2}},
    {"contest": {"attempt_limit": 1}},
    {"contest": {"attempt_limit": None}},
    {"contest": {"counted": "first"}},
    {"contest": {"counted": "last"}},
    {"contest": {"points_per_item": 5}},
    {"contest": {"prediction": {"target": "people_all_correct"}}},
    {"contest": {"prediction": {"target": "attempts"}}},
    {"contest": {"prediction": None, "chain": ["score", "elapsed", "submitted"]}},
    {"contest": {"chain": ["score", "elapsed", "prediction", "submitted"]}},
    {"contest": {"chain": ["score", "prediction", "elapsed"]}},
    {"contest": {"chain": ["score", "prediction", "elapsed", "registered"]}},
    {"contest": {"chain": ["score", "prediction", "fewer_attempts", "elapsed", "submitted"]}},
    {"contest": {"score_release": "after_close"}},
    {"contest": {"score_release": "never"}},
    {"contest": {"review_release": "after_publish"}},
    {"contest": {"review_release": "never"}},
    {"contest": {"board_release": "after_close"}},
    {"contest": {"board_release": "after_publish"}},
    {"contest": {"board_release": "never"}},
    {"contest": {"announce_days": 5}},
    {"contest": {"complaint_days": 0}},
    {"division": {"audience": "staff"}},
    {"division": {"audience": "citizen"}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": 1, "count": 13}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": 2, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "chung", "level": None, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "luat", "topic": "danh-hieu", "level": 1, "count": 12}]}},
    {"division": {"blueprint": [{"bank": "khac", "topic": "chung", "level": 1, "count": 12}]}},
    {"division": {"prizes": []}},
    {"division": {"prizes": [{"code": "nhat", "name": "Giải Nhất", "quota": 2, "amount": 2_000_000}]}},
    {"division": {"prizes": [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 3_000_000}]}},
    {"division": {"prizes": [{"code": "nhat", "name": "Giải A", "quota": 1, "amount": 2_000_000}]}},
    {"round_": {"opens_at": datetime(2026, 11, 1, 0, 1, tzinfo=UTC)}},
    {"round_": {"closes_at": datetime(2026, 11, 15, 10, 1, tzinfo=UTC)}},
    {"law_date": date(2024, 12, 30)},
]


def test_every_change_of_an_option_changes_the_text_in_its_own_way(text_of):
    texts = [text_of(rule_set(**change)) for change in ({}, *CHANGES)]
    same = [(a, b) for a in range(len(texts)) for b in range(a) if texts[a] == texts[b]]
    assert same == []


def test_the_changes_cover_every_option_of_the_contest():
    """A new option without a line in CHANGES fails here, so that it cannot be forgotten in the text."""
    from quiz.contests.rule_set import ContestRules, DivisionRules

    changed = {name for change in CHANGES for name in change.get("contest", {})}
    assert changed == set(ContestRules.model_fields)
    assert {name for change in CHANGES for name in change.get("division", {})} == set(DivisionRules.model_fields)


def test_every_criterion_and_role_has_words():
    from quiz.access import Role

    assert set(CRITERION_TEXTS) == set(CRITERIA)
    assert set(BARRED_TEXTS) == set(Role) - {Role.PARTICIPANT}


def test_moments_are_local_and_the_law_date_is_named(text_of):
    text = text_of(rule_set())
    assert "07:00 ngày 01/11/2026" in text
    assert "Nội dung pháp luật tính đến ngày 31/12/2024" in text
    assert "2.000.000 đồng" in text


def test_a_name_cannot_bring_mark_up(text_of):
    rules = rule_set(round_={"name": "<script>alert(1)</script>"})
    rules = RuleSet.model_validate(rules.model_dump() | {"title": "<b>100%</b> %(x)s"})
    sections = rules_text(rules, NAMES)
    assert "<b>" not in str(sections[0].blocks[0])
    assert "&lt;b&gt;100%&lt;/b&gt; %(x)s" in str(sections[0].blocks[0])


def test_how_parts_are_marked_is_said_for_every_contest(text_of):
    text = text_of(rule_set())
    assert "câu ghi “chấm từng phần” được số điểm theo tỷ lệ phần đúng, làm tròn xuống" in text
    assert "chọn sai một phương án thì bớt đi một phương án chọn đúng" in text
