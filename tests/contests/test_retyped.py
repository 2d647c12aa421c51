"""What comes back from the builder without a person having typed it is no change."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from quiz.contests.retyped import without_noise
from quiz.contests.rule_changes import Terms
from quiz.contests.rule_set import RuleSet
from tests.contests.test_rule_changes import document


def kept(before: dict[str, Any], typed: dict[str, Any], **beside: str) -> Terms:
    stored = Terms(RuleSet.model_validate(before), summary="một\nhai")
    return without_noise(Terms(RuleSet.model_validate(typed), **{"summary": "một\r\nhai"} | beside), stored)


def test_seconds_of_a_moment():
    before, typed = document(), document()
    before["rounds"][0]["closes_at"] = "2024-11-25T05:00:17.5Z"
    typed["rounds"][0]["closes_at"] = "2024-11-25T05:00:00Z"
    assert kept(before, typed).rules == RuleSet.model_validate(before)
    typed["rounds"][0]["closes_at"] = "2024-11-25T05:01:00Z"
    assert kept(before, typed).rules == RuleSet.model_validate(typed)


def test_a_blueprint_in_another_order_asks_for_the_same():
    before, typed = document(), document()
    cells = [{"bank": "b", "topic": t, "count": n} for t, n in (("x", 1), ("y", 2), ("x", 1))]
    before["divisions"][0]["rules"]["blueprint"] = cells
    typed["divisions"][0]["rules"]["blueprint"] = [cells[1], cells[0] | {"count": 2}]
    assert kept(before, typed).rules == RuleSet.model_validate(before)
    typed["divisions"][0]["rules"]["blueprint"] = [cells[1], cells[0] | {"count": 3}]
    assert kept(before, typed).rules == RuleSet.model_validate(typed)


def test_codes_of_prizes():
    before = document()
    typed = deepcopy(before)
    for tier in typed["divisions"][0]["rules"]["prizes"]:
        tier["code"] = f"giai-{tier['code']}"  # as the builder makes them from names
    assert kept(before, typed).rules == RuleSet.model_validate(before)
    typed["divisions"][0]["rules"]["prizes"][0]["name"] = "Đặc biệt"
    tiers = kept(before, typed).rules.divisions[0].rules.prizes
    assert [(t.code, t.name) for t in tiers] == [("nhat", "Đặc biệt"), ("ba", "Ba")]


def test_new_lines_of_the_introduction():
    assert kept(document(), document()).summary == "một\nhai"
    assert kept(document(), document(), summary="ba").summary == "ba"
