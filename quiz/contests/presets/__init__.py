"""Presets: ways of holding a contest that are in use, one readable file each; a new contest starts from one of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from quiz.contests.rule_set import (
    BlueprintCell,
    ContestRules,
    DivisionAudience,
    DivisionPart,
    DivisionRules,
    PrizeTier,
    RoundPart,
    RuleSet,
)
from quiz.contests.slugs import slug
from quiz.contests.topics import TopicSupply
from quiz.rules.blueprint import spread


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(_Part):
    """count rounds, each opening every_days after the one before and lasting lasts_hours."""

    count: Annotated[int, Field(ge=1, le=60)]
    every_days: Annotated[int, Field(ge=0)]
    lasts_hours: Annotated[int, Field(ge=1)]


class Prize(_Part):
    name: str
    quota: int
    amount: int = 0


class DivisionSketch(_Part):
    name: str
    audience: DivisionAudience
    prizes: tuple[Prize, ...] = ()


class Preset(_Part):
    code: str
    order: int
    name: str
    description: str
    questions: Annotated[int, Field(ge=1, le=200)]
    rounds: Calendar
    contest: ContestRules
    divisions: tuple[DivisionSketch, ...]


@cache
def presets() -> dict[str, Preset]:
    """Code → preset, in the order in which they are offered."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    read = [Preset(code=f.stem, **yaml.safe_load(f.read_text(encoding="utf-8"))) for f in files]
    return {preset.code: preset for preset in sorted(read, key=lambda p: p.order)}


def first_rule_set(
    preset: Preset, *, title: str, law_date: date, opens_at: datetime, topics: list[TopicSupply]
) -> RuleSet:
    """A whole rule set to start from: the preset's options, its calendar from `opens_at` on, and a blueprint that
    spreads its questions over the topics in proportion to what the bank holds.

    topics: at least one
    """
    counts = spread({(t.bank, t.topic): t.total for t in topics}, preset.questions)
    blueprint = tuple(BlueprintCell(bank=bank, topic=topic, count=n) for (bank, topic), n in counts.items())
    return RuleSet(
        title=title,
        law_date=law_date,
        contest=preset.contest,
        divisions=tuple(
            DivisionPart(code=f"bang-{i}", name=d.name, rules=_division_rules(d, blueprint))
            for i, d in enumerate(preset.divisions, 1)
        ),
        rounds=tuple(_round(preset.rounds, i, opens_at) for i in range(1, preset.rounds.count + 1)),
    )


def _division_rules(sketch: DivisionSketch, blueprint: tuple[BlueprintCell, ...]) -> DivisionRules:
    prizes = tuple(PrizeTier(code=slug(p.name, 40), **p.model_dump()) for p in sketch.prizes)
    return DivisionRules(audience=sketch.audience, blueprint=blueprint, prizes=prizes)


def _round(calendar: Calendar, number: int, first_opens_at: datetime) -> RoundPart:
    opens_at = first_opens_at + timedelta(days=calendar.every_days * (number - 1))
    return RoundPart(
        code=f"ky-{number}",
        name=f"Kỳ {number}" if calendar.count > 1 else "Kỳ thi",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=calendar.lasts_hours),
    )
