"""Rules that come back from the builder, without the differences that nobody typed.

The form shows moments to the minute, makes the code of a prize from its name, and lists a blueprint topic by topic. In a
draft that is of no matter; of an open contest each would look like a change to something sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from quiz.contests.rule_changes import Terms
from quiz.contests.rule_set import RuleSet

Document = dict[str, Any]


def without_noise(typed: Terms, before: Terms) -> Terms:
    """What was typed, with the stored value wherever the two mean the same."""
    old, new = before.rules.model_dump(mode="json"), typed.rules.model_dump(mode="json")
    rounds, divisions = ({p["code"]: p for p in old[group]} for group in ("rounds", "divisions"))
    for division in new["divisions"]:
        stored = divisions.get(division["code"])
        if stored is not None:
            rules, kept = division["rules"], stored["rules"]
            rules["blueprint"] = _blueprint(rules["blueprint"], kept["blueprint"])
            for name in ("prizes", "overall_prizes"):
                rules[name] = _tiers(rules[name], kept[name])
    for round_ in new["rounds"]:
        stored = rounds.get(round_["code"])
        if stored is not None:
            for name in ("opens_at", "closes_at"):
                round_[name] = _moment(round_[name], stored[name])
            for name, same in (("blueprints", _blueprint), ("prizes", _tiers)):
                kept = stored["rules"][name]
                round_["rules"][name] = {
                    code: same(lines, kept.get(code, ())) for code, lines in round_["rules"][name].items()
                }
    schemes = {c["code"]: c for c in old["contest"]["collective"]}
    for scheme in new["contest"]["collective"]:
        if scheme["code"] in schemes:
            scheme["prizes"] = _tiers(scheme["prizes"], schemes[scheme["code"]]["prizes"])
    same_summary = typed.summary.splitlines() == before.summary.splitlines()
    return Terms(RuleSet.model_validate(new), before.summary if same_summary else typed.summary, typed.rules_number)


def _moment(typed: str, stored: str) -> str:
    """The stored one when only its seconds were lost."""
    whole = datetime.fromisoformat(stored).replace(second=0, microsecond=0)
    return stored if datetime.fromisoformat(typed) == whole else typed


def _blueprint(typed: Sequence[Document], stored: Sequence[Document]) -> Sequence[Document]:
    """The stored one when it asks for the same, in another order or another way of adding up."""
    return stored if _asked(typed) == _asked(stored) else typed


def _asked(blueprint: Sequence[Document]) -> dict[tuple[Any, ...], int]:
    found: dict[tuple[Any, ...], int] = {}
    for cell in blueprint:
        key = (cell["bank"], cell["topic"], cell["level"])
        found[key] = found.get(key, 0) + cell["count"]
    return found


def _tiers(typed: Sequence[Document], stored: Sequence[Document]) -> list[Document]:
    """Prizes with the codes they have: those of the same name, and one that was given another name in its place."""
    codes = {tier["name"]: tier["code"] for tier in stored}
    names = {tier["name"] for tier in typed}
    kept: list[Document] = []
    for n, tier in enumerate(typed):
        code = codes.get(tier["name"])
        if code is None and n < len(stored) and stored[n]["name"] not in names:
            code = stored[n]["code"]
        kept.append(tier | {"code": code or tier["code"]})
    return kept
