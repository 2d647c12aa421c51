"""How the working of a unit is kept: as plain JSON from which the same steps come back, and the digest over a sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

from quiz.ranking.tallies import Stated
from quiz.ranking.unit_models import UnitStanding
from quiz.rules.collective import Denominator, Problem, Step, StepKind, Tally, UnitResult

_STEP = [f.name for f in fields(Step)]
_TALLY = [f.name for f in fields(Tally) if f.name not in ("unit_id", "block")]


def step_json(step: Step) -> dict[str, Any]:
    """Only what the step fills; fractions as "num/den"."""
    found: dict[str, Any] = {}
    for name in _STEP:
        value = getattr(step, name)
        if value is None or value == "":
            continue
        found[name] = str(value) if isinstance(value, Fraction) else getattr(value, "value", value)
    return found


def step_of(row: Mapping[str, Any]) -> Step:
    values = dict(row)
    values["kind"] = StepKind(values["kind"])
    if "problem" in values:
        values["problem"] = Problem(values["problem"])
    for name in ("count", "value"):
        if isinstance(values.get(name), str):
            values[name] = Fraction(values[name])
    return Step(**values)


def tally_json(tally: Tally) -> dict[str, Any]:
    values = {name: getattr(tally, name) for name in _TALLY}
    values["winners"] = dict(values["winners"])
    values["participants_by_round"] = list(values["participants_by_round"])
    return values


def tally_of(standing: UnitStanding) -> Tally:
    return Tally(unit_id=standing.unit_id, block=standing.block, **standing.tally)


def stated_json(stated: Mapping[Denominator, Stated]) -> dict[str, Any]:
    return {
        d.value: [s.people, s.first.isoformat(), s.last.isoformat(), list(s.sources), s.added]
        for d, s in stated.items()
    }  # fmt: skip


def stated_of(row: Mapping[str, Any]) -> dict[Denominator, Stated]:
    return {
        Denominator(name): Stated(people, date.fromisoformat(first), date.fromisoformat(last), tuple(sources), added)
        for name, (people, first, last, sources, added) in row.items()
    }


def result_of(standing: UnitStanding) -> UnitResult:
    """The result as the rules made it."""
    steps = tuple(map(step_of, standing.steps))
    return UnitResult(
        unit_id=standing.unit_id,
        block=standing.block,
        value=standing.points,
        passed=all(s.met is not False for s in steps if s.kind in (StepKind.GATE, StepKind.BAND)),
        place=standing.place,
        tied=standing.tied,
        steps=steps,
    )


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(rules: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256, in hex, of lines in UTF-8, each ended by a line feed:

        hieu-luat unit sheet 1 <the rules of the competition, canonical JSON>
        <position> <unit> <place or -> <1 if shared, else 0> <value or -> <canonical JSON of [name, block, prize, contested, tally, stated, steps]>

    Canonical JSON has sorted keys, no blanks, and letters as they are.
    """
    seal = hashlib.sha256(f"hieu-luat unit sheet 1 {canonical(rules)}\n".encode())
    for row in rows:
        place, value = ("-" if row[name] is None else row[name] for name in ("place", "value"))
        rest = canonical([row[n] for n in ("name", "block", "prize", "contested", "tally", "stated", "steps")])
        line = f"{row['position']} {row['unit_id']} {place} {int(row['tied'])} {value} {rest}\n"
        seal.update(line.encode())
    return seal.hexdigest()
