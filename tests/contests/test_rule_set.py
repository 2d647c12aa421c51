"""What a round has of its own goes before what it shares with the others."""

from quiz.contests.models import Contest, Division, Round
from quiz.contests.rule_set import RoundRules, prizes_in, round_rules
from quiz.rules.clock import Limits

PRIZE = {"code": "nhat", "name": "Giải Nhất", "quota": 1}


def division(code: str) -> Division:
    rules = {"blueprint": [{"bank": "b", "topic": "t", "count": 1}], "prizes": [PRIZE]}
    return Division(code=code, name=code, rules=rules, contest=Contest(rules={}))


def test_prizes_of_a_round():
    own = Round(rules={"prizes": {"a": [PRIZE | {"name": "Giải Vàng"}], "b": []}})
    assert [t.name for t in prizes_in(division("a"), own)] == ["Giải Vàng"]
    assert prizes_in(division("b"), own) == ()
    assert [t.name for t in prizes_in(division("c"), own)] == ["Giải Nhất"]
    assert [t.name for t in prizes_in(division("a"), Round(rules={}))] == ["Giải Nhất"]


def test_attempts_of_a_round():
    limits = Limits(in_all=9, in_round=3, in_week=2)
    assert RoundRules().within(limits) == limits
    assert round_rules(Round(rules={"attempt_limit": 1})).within(limits) == Limits(in_all=9, in_round=1, in_week=2)
