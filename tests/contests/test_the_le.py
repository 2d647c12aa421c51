"""The thể lệ of every preset as plain text, read by people before it was kept here.

After a change that is meant: pytest tests/contests/test_the_le.py --write-the-le, then read the difference.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quiz.contests.presets import first_rule_set, presets
from quiz.contests.rules_text import Chain, Heading, Table, rules_text, words_of
from quiz.contests.topics import Titles, TopicSupply
from tests.conftest import settings_for

HERE = Path(__file__).parent / "the_le"

TITLE = "Tìm hiểu Luật Thi đua, khen thưởng"
OPENS = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)  # a Monday, 08:00 local time
TOPICS = [
    TopicSupply("luat-tdkt", "chung", "Những quy định chung", {0: 2, 1: 200, 2: 120, 3: 60}),
    TopicSupply("luat-tdkt", "danh-hieu", "Danh hiệu thi đua", {0: 0, 1: 150, 2: 80, 3: 40}),
    TopicSupply("nghi-dinh", "thu-tuc", "Hồ sơ, thủ tục", {0: 0, 1: 160, 2: 100, 3: 50}),
]
NAMES = Titles(
    {"luat-tdkt": "Luật Thi đua, khen thưởng", "nghi-dinh": "Nghị định hướng dẫn thi hành"},
    {(t.bank, t.topic): t.title for t in TOPICS},
)


def printed(code: str) -> str:
    rules = first_rule_set(presets()[code], title=TITLE, law_date=date(2026, 8, 3), opens_at=OPENS, topics=TOPICS)
    lines = [presets()[code].name.upper(), ""]
    for section in rules_text(rules, NAMES):
        lines.append(f"{section.roman}. {section.title.upper()}")
        for block in section.blocks:
            words = list(words_of(block))
            if isinstance(block, Heading):
                lines.append("")
            if isinstance(block, Table):
                words = [f"[{words[0]}]", *(f"  {row}" for row in words[1:])]
            elif isinstance(block, Chain):
                words = [f"  {line}" for line in words]
            elif not isinstance(block, str | Heading):
                words = [f"  - {line}" for line in words]
            lines += words
        lines.append("")
    return "\n".join(lines)


@pytest.fixture(scope="module", autouse=True)
def _app():
    from quiz.app import create_app

    app = create_app(settings_for("sqlite://"))
    with app.app_context(), app.test_request_context():
        yield


@pytest.mark.parametrize("code", presets())
def test_the_text_is_the_one_that_was_read(code, request):
    path = HERE / f"{code}.txt"
    text = printed(code)
    if request.config.getoption("--write-the-le"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_no_text_is_left_of_a_preset_that_is_gone():
    assert {path.stem for path in HERE.glob("*.txt")} == set(presets())
