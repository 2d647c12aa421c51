"""The rule set: a contest's rules as one validated document, which drives the engine and prints the thể lệ.

The parts are stored where they belong (contest.rules, division.rules, the columns of round); `RuleSet` joins them.
Options and defaults follow facts/contest-practice.md §2.1.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from quiz.access import Role
from quiz.contests.models import Contest, Division, Round
from quiz.rules.clock import LateStart
from quiz.rules.counting import Counted
from quiz.rules.drawing import Cell
from quiz.rules.prediction import Target
from quiz.rules.prizes import Tier
from quiz.rules.tie_break import CRITERIA
from quiz.rules.visibility import Release


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DivisionAudience(StrEnum):
    """Who a division is for; everybody, or one of the audiences people name at registration."""

    ALL = "all"
    STAFF = "staff"
    CITIZEN = "citizen"


def _known_once(chain: tuple[str, ...]) -> tuple[str, ...]:
    for name in chain:
        if name not in CRITERIA:
            raise ValueError(f"unknown criterion {name}")
    if len(set(chain)) < len(chain):
        raise ValueError("a criterion stands twice in the chain")
    return chain


Chain = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_known_once)]


class Prediction(_Part):
    """The prediction question inside the paper; it earns no points and ranks by its distance to the truth."""

    target: Target = Target.PEOPLE_ALL_CORRECT


class ContestRules(_Part):
    """The part that all divisions and rounds share. minutes: of one attempt · attempt_limit: per round, None unlimited."""

    min_age: Annotated[int, Field(ge=0, le=100)] = 15
    barred_roles: tuple[Role, ...] = (Role.ORGANIZER, Role.JUDGE, Role.ADMIN)
    minutes: Annotated[int, Field(ge=1, le=240)] = 20
    late_start: LateStart = LateStart.CUT
    grace_s: Annotated[int, Field(ge=0, le=60)] = 10
    attempt_limit: Annotated[int, Field(ge=1, le=1000)] | None = 1
    counted: Counted = Counted.BEST
    points_per_item: Annotated[int, Field(ge=1, le=1000)] = 1
    prediction: Prediction | None = None
    chain: Chain = ("score", "elapsed", "submitted")
    score_release: Release = Release.AFTER_SUBMIT
    review_release: Release = Release.AFTER_CLOSE  # own answers, key, explanation, citation
    board_release: Release = Release.AFTER_SUBMIT  # AFTER_SUBMIT: public while the round is open
    announce_days: Annotated[int, Field(ge=1, le=90)] = 10  # results within so many days after the close
    complaint_days: Annotated[int, Field(ge=0, le=30)] = 3  # from the publication on; 0: none are taken

    @model_validator(mode="after")
    def _prediction_fits_chain(self) -> Self:
        if ("prediction" in self.chain) != (self.prediction is not None):
            raise ValueError("the chain ranks by prediction exactly when the paper asks for one")
        return self


class BlueprintCell(_Part):
    """One line of the blueprint; level None takes any level of the topic."""

    bank: str
    topic: str
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    count: Annotated[int, Field(ge=1, le=200)]


class PrizeTier(_Part):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=100)]  # "Giải Nhất"
    quota: Annotated[int, Field(ge=1, le=1000)]
    amount: Annotated[int, Field(ge=0, le=10**12)] = 0  # đồng


class DivisionRules(_Part):
    audience: DivisionAudience = DivisionAudience.ALL
    blueprint: Annotated[tuple[BlueprintCell, ...], Field(min_length=1)]
    prizes: tuple[PrizeTier, ...] = ()  # best first, the same in every round

    @model_validator(mode="after")
    def _tiers_differ(self) -> Self:
        if len({tier.code for tier in self.prizes}) < len(self.prizes):
            raise ValueError("two prize tiers have the same code")
        return self

    @property
    def cells(self) -> list[Cell]:
        return [Cell(c.bank, c.topic, c.level, c.count) for c in self.blueprint]

    @property
    def items(self) -> int:
        """How many items a paper of this division has."""
        return sum(c.count for c in self.blueprint)

    @property
    def tiers(self) -> list[Tier]:
        return [Tier(t.code, t.quota, t.amount) for t in self.prizes]


Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class DivisionPart(_Part):
    code: Code
    name: Name
    rules: DivisionRules


class RoundPart(_Part):
    code: Code
    name: Name
    opens_at: AwareDatetime
    closes_at: AwareDatetime

    @model_validator(mode="after")
    def _closes_after_opening(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ValueError("a round closes after it opens")
        return self


class RuleSet(_Part):
    """The whole: what the thể lệ prints and the engine runs."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    law_date: date
    contest: ContestRules
    divisions: Annotated[tuple[DivisionPart, ...], Field(min_length=1)]
    rounds: Annotated[tuple[RoundPart, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        for parts in (self.divisions, self.rounds):
            if len({part.code for part in parts}) < len(parts):
                raise ValueError("two divisions or two rounds have the same code")
        return self

    @property
    def first_opens_at(self) -> datetime:
        return min(r.opens_at for r in self.rounds)


def contest_rules(contest: Contest) -> ContestRules:
    return ContestRules.model_validate(contest.rules)


def division_rules(division: Division) -> DivisionRules:
    return DivisionRules.model_validate(division.rules)


def rule_set(contest: Contest) -> RuleSet:
    """Join the stored parts.  Raises pydantic.ValidationError when a draft lacks a division or a round."""
    return RuleSet(
        title=contest.title,
        law_date=contest.law_date,
        contest=contest_rules(contest),
        divisions=tuple(DivisionPart(code=d.code, name=d.name, rules=division_rules(d)) for d in contest.divisions),
        rounds=tuple(_round_part(r) for r in contest.rounds),
    )


def _round_part(round_: Round) -> RoundPart:
    return RoundPart(code=round_.code, name=round_.name, opens_at=round_.opens_at, closes_at=round_.closes_at)
