"""How an item of QTI 2 or 3 is scored: its declared response and the response processing, as far as it is one of the usual ones.

Anything else is a program that may give points for whatever it likes; no key is read from it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from quiz.banks.formats.learning import weights
from quiz.banks.formats.learning.qti_names import text_of

_TEMPLATE = {"match_correct": "MATCH", "map_response": "MAP"}
# what may stand beside the scoring and decides nothing about the key
_HARMLESS = {
    "responseCondition", "responseIf", "responseElseIf", "responseElse", "setOutcomeValue", "variable", "correct", "baseValue",
    "isNull", "not", "and", "sum", "multiple", "match", "mapResponse",
}  # fmt: skip

_COMPARISONS = {"equal", "stringMatch", "gte", "lte", "gt", "lt"}


class Scoring(enum.Enum):
    MATCH = "match"  # right is what the declaration calls correct
    MAP = "map"  # points by the declaration's table
    COMPARE = "compare"  # the processing itself compares with numbers or texts
    UNDECLARED = "undeclared"  # no processing at all
    OWN_RULES = "own_rules"


@dataclass(slots=True)
class Declaration:
    """A response declaration.  points: value → points, in order; default: what an unlisted value earns."""

    cardinality: str = ""
    base_type: str = ""
    correct: list[str] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    default: float = 0.0
    upper: float | None = None
    minds_case: bool = False

    @classmethod
    def of(cls, item: etree._Element, identifier: str) -> Declaration:
        for element in item.iterchildren("responseDeclaration"):
            if element.get("identifier") == identifier:
                return cls._read(element)
        return cls()

    @classmethod
    def _read(cls, element: etree._Element) -> Declaration:
        found = cls(element.get("cardinality") or "", element.get("baseType") or "")
        found.correct = [text_of(value) for value in element.iterfind("correctResponse/value")]
        mapping = element.find("mapping")
        if mapping is not None:
            found.default = weights.number(mapping.get("defaultValue"))
            found.upper = weights.number(mapping.get("upperBound")) if mapping.get("upperBound") else None
            for entry in mapping.iterchildren("mapEntry"):
                found.points[" ".join((entry.get("mapKey") or "").split())] = weights.number(entry.get("mappedValue"))
                found.minds_case |= (entry.get("caseSensitive") or "").lower() == "true"
        return found


@dataclass(slots=True)
class Processing:
    """scoring: what it is.  what: names of the rules that are not understood.  accepted: numbers or texts compared with."""

    scoring: Scoring
    what: str = ""
    accepted: list[str] = field(default_factory=list)
    minds_case: bool = False

    @classmethod
    def of(cls, item: etree._Element, identifier: str, declaration: Declaration) -> Processing:
        element = item.find("responseProcessing")
        if element is None:
            return cls(Scoring.UNDECLARED)
        template = element.get("template") or element.get("templateLocation") or ""
        if template and not len(element):
            name = template.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml").lower()
            kind = _TEMPLATE.get(name)
            return cls(Scoring[kind]) if kind else cls(Scoring.OWN_RULES, name)
        return _written_out(element, identifier, declaration)


def _written_out(element: etree._Element, identifier: str, declaration: Declaration) -> Processing:
    """Processing that is written out, where it does no more than the templates or compares once for each accepted answer."""
    found = Processing(Scoring.OWN_RULES)
    names = dict.fromkeys(str(part.tag) for part in element.iterdescendants())
    strange = [name for name in names if name not in _HARMLESS and name not in _COMPARISONS]
    if strange:
        found.what = ", ".join(strange)[:60]
    elif any(name in _COMPARISONS for name in names):
        _take_comparisons(element, identifier, declaration, found)
    elif any(part.get("identifier") == identifier for part in element.iter("mapResponse")):
        found.scoring = Scoring.MAP
    elif _matches_correct(element, identifier):
        found.scoring = Scoring.MATCH
    else:
        found.what = ", ".join(name for name in names if name in ("match", "baseValue", "setOutcomeValue")) or "?"
    return found


def _matches_correct(element: etree._Element, identifier: str) -> bool:
    """Is the only comparison that of the response with the correct one, and do those points go to whoever passes it?"""
    matches = [m for m in element.iter("match") if m.find("correct") is not None]
    if len(matches) != 1 or len(list(element.iter("match"))) != 1:
        return False
    said = {str(part.tag): part.get("identifier") for part in matches[0]}
    branch = matches[0].getparent()
    return (
        said == {"variable": identifier, "correct": identifier}
        and branch is not None
        and branch.tag == "responseIf"
        and any(_gives_points(setting) for setting in branch.iterchildren("setOutcomeValue"))
    )


def _gives_points(setting: etree._Element) -> bool:
    return weights.number(setting.findtext("baseValue")) > 0


def _take_comparisons(element: etree._Element, identifier: str, declaration: Declaration, found: Processing) -> None:
    """Branches that each compare the response with one value and give points for it."""
    rewarded = []
    for branch in element.iter("responseIf", "responseElseIf"):
        if any(_gives_points(setting) for setting in branch.iterchildren("setOutcomeValue")):
            rewarded.append(branch)
    for branch in rewarded:
        tests = [part for part in branch.iterchildren() if part.tag != "setOutcomeValue"]
        accepted = _accepted(tests[0], identifier, declaration) if len(tests) == 1 else ""
        if not accepted:
            found.what = ", ".join(str(test.tag) for test in tests)[:60]
            return
        found.accepted.append(accepted)
        found.minds_case |= tests[0].get("caseSensitive") == "true"
    found.scoring = Scoring.COMPARE if rewarded else Scoring.OWN_RULES


def _accepted(test: etree._Element, identifier: str, declaration: Declaration) -> str:
    """What a test accepts, as an item keeps it, or nothing when the test is another one."""
    if test.tag == "and":
        return _between(list(_without_null_checks(test)), identifier)
    if test.tag not in ("equal", "stringMatch", "match") or not _has_variable(test, identifier):
        return ""
    value = _other_side(test, identifier, declaration)
    if test.tag != "equal" or not value:
        return value
    mode, wide = (test.get("toleranceMode") or "exact").lower(), (test.get("tolerance") or "").split()
    below, above = (weights.decimal(part) for part in (wide[0], wide[-1])) if wide else (Decimal(0), Decimal(0))
    middle = weights.decimal(value)
    if mode == "exact" or middle is None or below is None or above is None:
        return value if mode == "exact" else ""
    if mode == "relative":
        below, above = abs(middle) * below / 100, abs(middle) * above / 100
    if below == above and mode == "absolute":
        return f"{value}±{wide[0]}" if below else value
    return weights.accepted_between(middle - below, middle + above)


def _other_side(test: etree._Element, identifier: str, declaration: Declaration) -> str:
    correct = test.find("correct")
    if correct is not None:
        return declaration.correct[0] if correct.get("identifier") == identifier and declaration.correct else ""
    return text_of(test.find("baseValue"))


def _has_variable(test: etree._Element, identifier: str) -> bool:
    return [part.get("identifier") for part in test.iterchildren("variable")] == [identifier]


def _without_null_checks(test: etree._Element) -> Iterator[etree._Element]:
    return (part for part in test.iterchildren() if not (part.tag == "not" and part.find("isNull") is not None))


def _between(tests: list[etree._Element], identifier: str) -> str:
    """Two bounds, in whatever order and on whichever side the response stands."""
    sides: dict[str, Decimal] = {}
    for test in tests:
        bound = weights.decimal(test.findtext("baseValue"))
        if test.tag not in ("gte", "lte", "gt", "lt") or bound is None or not _has_variable(test, identifier):
            return ""
        response_first = len(test) > 0 and test[0].tag == "variable"
        above = str(test.tag).startswith("g") == response_first
        sides["low" if above else "high"] = bound
    if sides.keys() != {"low", "high"} or len(tests) != 2 or sides["low"] > sides["high"]:
        return ""
    return weights.accepted_between(sides["low"], sides["high"])
