"""The rule set: a contest's rules as one validated document, which drives the engine and prints the thể lệ.

The parts are stored where they belong (contest.rules, division.rules, round.rules and the columns of round); `RuleSet`
joins them. Options and defaults follow facts/contest-practice.md §2.1; contests.rule_faults says in words what a rule set
is refused for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from quiz.access import Role
from quiz.contests.models import RESERVED_CODES, Contest, Division, Round
from quiz.rules import drawing
from quiz.rules.clock import Consumed, Hours, LateStart, Limits, Window
from quiz.rules.collective import Band, Denominator, Formula, Gate, GateKind, Part, Scheme, SchemeProblem, problems
from quiz.rules.counting import Counted, Overall
from quiz.rules.drawing import Cell
from quiz.rules.marking import Worth
from quiz.rules.prediction import Placement, Scope, Target, Use
from quiz.rules.prizes import Tier
from quiz.rules.tie_break import criterion, criterion_name
from quiz.rules.visibility import Release


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]  # "07:30", local time


def minute_of(time: str) -> int:
    """The minute of the day of a ClockTime."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


class DivisionAudience(StrEnum):
    """Who a division is for; everybody, or one of the audiences people name at registration.

    CITIZEN: whoever is not on a staff · STUDENT: pupils and students · FREE: citizens who are neither
    """

    ALL = "all"
    STAFF = "staff"
    CITIZEN = "citizen"
    STUDENT = "student"
    FREE = "free"


def _fault(code: str, field: str = "", **context: Any) -> PydanticCustomError:
    """What is wrong with a rule set as a whole; contests.rule_faults has the sentence and leads to the field.

    field: the place that has to change, below the part that is checked ("rounds.1.opens_at")
    """
    return PydanticCustomError(code, code, {"field": field, **context})


def _known_once(chain: tuple[str, ...]) -> tuple[str, ...]:
    for step in chain:
        try:
            criterion(step)
        except KeyError:
            raise _fault("unknown_criterion", criterion=step) from None
    names = [criterion_name(step) for step in chain]
    for name in names:
        if names.count(name) > 1:
            raise _fault("criterion_twice", criterion=name)
    return chain


Chain = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_known_once)]


class Prediction(_Part):
    """The prediction question; it earns no points and ranks by its distance to the truth.

    max_gap: of a prediction that fulfils the condition, None for any
    """

    target: Target = Target.PEOPLE_ALL_CORRECT
    scope: Scope = Scope.ROUND
    placement: Placement = Placement.IN_PAPER
    use: Use = Use.CRITERION
    max_gap: Annotated[int, Field(ge=0, le=10**9)] | None = None


class WeekStart(_Part):
    """When a week of the contest begins.  weekday: 1 Monday … 7 Sunday"""

    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    at: ClockTime = "00:00"


class LevelPoints(_Part):
    """Points of a right answer by the level of the item, where not all are worth the same."""

    level_1: Annotated[int, Field(ge=1, le=1000)]
    level_2: Annotated[int, Field(ge=1, le=1000)]
    level_3: Annotated[int, Field(ge=1, le=1000)]

    @property
    def by_level(self) -> dict[int, int]:
        return {1: self.level_1, 2: self.level_2, 3: self.level_3}


class Criterion(_Part):
    """A line of the rubric (phiếu điểm) by which essays are marked."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    points: Annotated[int, Field(ge=1, le=1000)]


class OverallRules(_Part):
    """The ranking of the whole contest over its rounds."""

    how: Overall = Overall.NONE
    chain: Chain = ("score", "elapsed", "attempts")


class PrizeRules(_Part):
    """Conditions and caps of individual prizes.

    one_per_person: of several prizes of the contest a person keeps the higher · one_per_period: one round prize in the
    rounds of a period (đợt), which does not bar from the prizes of the whole contest · share_percent: individual prizes
    together are at most so many percent of those who took part, None without that cap
    """

    min_score: Annotated[int, Field(ge=0, le=10**6)] = 0
    all_correct: bool = False
    one_per_person: bool = False
    one_per_period: bool = False
    share_percent: Annotated[int, Field(ge=1, le=100)] | None = None


class LuckyAmong(StrEnum):
    """Who is in the urn: everybody who took part, whoever had every item right, or whoever has won nothing else."""

    EVERYBODY = "everybody"
    ALL_CORRECT = "all_correct"
    WITHOUT_PRIZE = "without_prize"


class LuckyRules(_Part):
    """Prizes drawn by lot among those who took part (bốc thăm may mắn). scope: for each round, or once for the contest"""

    name: Annotated[str, Field(min_length=1, max_length=100)] = "Giải may mắn"
    quota: Annotated[int, Field(ge=1, le=1000)] = 5
    amount: Annotated[int, Field(ge=0, le=10**12)] = 0
    among: LuckyAmong = LuckyAmong.EVERYBODY
    scope: Scope = Scope.ROUND


class PrizeTier(_Part):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=100)]  # "Giải Nhất"
    quota: Annotated[int, Field(ge=1, le=1000)]
    amount: Annotated[int, Field(ge=0, le=10**12)] = 0  # đồng


Tiers = tuple[PrizeTier, ...]  # best first


class UnitGate(_Part):
    kind: GateKind
    at_least: Annotated[int, Field(ge=1, le=10**6)]


class UnitBand(_Part):
    """Size band of units: fewer than `below` people, None for all larger ones; percent: who must have taken part."""

    below: Annotated[int, Field(ge=1, le=10**7)] | None = None
    percent: Annotated[int, Field(ge=0, le=100)]


class UnitWeights(_Part):
    """Weights of the composite formula in percent, together 100."""

    ratio: Annotated[int, Field(ge=0, le=100)] = 40
    quality: Annotated[int, Field(ge=0, le=100)] = 30
    winners: Annotated[int, Field(ge=0, le=100)] = 30


class CollectiveRules(_Part):
    """One collective competition of units. The formulas are those of rules.collective (contest-practice.md §2.2).

    prize_points: code of an individual tier → points for the unit · lists, top: of the formula of rank points ·
    tie_breaks: what parts units of one value, more is better
    """

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    formula: Formula = Formula.RATIO
    scope: Scope = Scope.CONTEST
    denominator: Denominator = Denominator.HEADCOUNT
    by_block: bool = True
    gates: tuple[UnitGate, ...] = ()
    bands: tuple[UnitBand, ...] = ()
    lists: tuple[str, ...] = ("participants", "score_sum", "attempts")
    top: Annotated[int, Field(ge=1, le=1000)] = 10
    prize_points: dict[str, Annotated[int, Field(ge=0, le=1000)]] = Field(default_factory=dict)
    weights: UnitWeights = UnitWeights()
    tie_breaks: tuple[str, ...] = ()
    prizes: Tiers = ()

    @model_validator(mode="after")
    def _scheme_can_be_applied(self) -> Self:
        for problem in problems(self.scheme):
            raise _fault(problem, _SCHEME_FIELDS[problem])
        if len({tier.code for tier in self.prizes}) < len(self.prizes):
            raise _fault("tier_twice", "prizes")
        return self

    @property
    def scheme(self) -> Scheme:
        """What rules.collective ranks by."""
        weights = self.weights
        return Scheme(
            formula=self.formula,
            denominator=self.denominator,
            by_block=self.by_block,
            gates=tuple(Gate(kind=g.kind, at_least=g.at_least) for g in self.gates),
            bands=tuple(Band(below=b.below, percent=b.percent) for b in self.bands),
            lists=self.lists,
            top=self.top,
            prize_points=self.prize_points,
            weights={Part.RATIO: weights.ratio, Part.QUALITY: weights.quality, Part.WINNERS: weights.winners},
            tie_breaks=self.tie_breaks,
        )


_SCHEME_FIELDS = {
    SchemeProblem.WEIGHTS_NOT_100: "weights",
    SchemeProblem.WEIGHT_NEGATIVE: "weights",
    SchemeProblem.UNKNOWN_PART: "weights",
    SchemeProblem.GATE_OUT_OF_RANGE: "gates",
    SchemeProblem.BAND_OUT_OF_RANGE: "bands",
    SchemeProblem.BANDS_NOT_ASCENDING: "bands",
    SchemeProblem.LAST_BAND_NOT_OPEN: "bands",
    SchemeProblem.NO_LISTS: "lists",
    SchemeProblem.LIST_TWICE: "lists",
    SchemeProblem.UNKNOWN_LIST: "lists",
    SchemeProblem.NO_TOP: "top",
    SchemeProblem.NO_PRIZE_POINTS: "prize_points",
    SchemeProblem.PRIZE_POINTS_NEGATIVE: "prize_points",
    SchemeProblem.UNKNOWN_TIE_BREAK: "tie_breaks",
    SchemeProblem.TIE_BREAK_TWICE: "tie_breaks",
}


class ContestRules(_Part):
    """The part that all divisions and rounds share.

    minutes: of one attempt · attempt_limit: per round, None unlimited; total_limit, week_limit: besides, in the whole
    contest and in one week · areas: codes of provinces, empty for anywhere · bars_authors: who wrote or reviewed items ·
    bars_relatives: relatives of those in office, which people declare at registration · split_pool: every round draws
    from items of its own · freeze_hours: before the close, from when on the public board stands still · essay_judges: who
    mark each essay, independently of each other · essay_spread_percent: how far their points may lie apart, in percent of
    the most points, before a third judge is asked · annulment_judges: how many must agree that an attempt is annulled ·
    signing_judges: how many sign a result sheet before it can be published · open_answers: after publication, once the
    keys are public too, the answers of ranked attempts are, under entry numbers, so that anybody can mark them again
    """

    min_age: Annotated[int, Field(ge=0, le=100)] = 15
    max_age: Annotated[int, Field(ge=1, le=120)] | None = None
    areas: tuple[int, ...] = ()
    barred_roles: tuple[Role, ...] = (Role.ORGANIZER, Role.JUDGE, Role.ADMIN)
    bars_authors: bool = False
    bars_relatives: bool = False
    minutes: Annotated[int, Field(ge=1, le=240)] = 20
    late_start: LateStart = LateStart.CUT
    grace_s: Annotated[int, Field(ge=0, le=60)] = 10
    attempt_limit: Annotated[int, Field(ge=1, le=1000)] | None = 1
    total_limit: Annotated[int, Field(ge=1, le=10000)] | None = None
    week_limit: Annotated[int, Field(ge=1, le=1000)] | None = None
    week_starts: WeekStart = WeekStart()
    consumed: Consumed = Consumed.AT_START
    counted: Counted = Counted.BEST
    points_per_item: Annotated[int, Field(ge=1, le=1000)] = 1
    level_points: LevelPoints | None = None
    all_or_nothing: bool = False  # True: no part of an item's points, whatever the item says
    essay_points: Annotated[int, Field(ge=1, le=1000)] = 20  # of each essay, where the blueprint has any
    essay_rubric: Annotated[
        tuple[Criterion, ...], Field(max_length=20)
    ] = ()  # adds up to essay_points; empty: no rubric
    essay_judges: Annotated[int, Field(ge=1, le=2)] = 1
    essay_spread_percent: Annotated[int, Field(ge=1, le=100)] = 20
    prediction: Prediction | None = None
    chain: Chain = ("score", "elapsed", "submitted")
    overall: OverallRules = OverallRules()
    prize_rules: PrizeRules = PrizeRules()
    collective: tuple[CollectiveRules, ...] = ()
    lucky: LuckyRules | None = None
    split_pool: bool = False
    score_release: Release = Release.AFTER_SUBMIT
    review_release: Release = Release.AFTER_CLOSE  # own answers, key, explanation, citation
    board_release: Release = Release.AFTER_SUBMIT  # AFTER_SUBMIT: public while the round is open
    freeze_hours: Annotated[int, Field(ge=0, le=168)] = 0
    announce_days: Annotated[int, Field(ge=1, le=90)] = 10  # results within so many days after the close
    complaint_days: Annotated[int, Field(ge=0, le=30)] = 3  # from the publication on; 0: none are taken
    answer_days: Annotated[int, Field(ge=1, le=60)] = 5  # until a complaint is answered
    annulment_judges: Annotated[int, Field(ge=1, le=2)] = 1
    signing_judges: Annotated[int, Field(ge=0, le=9)] = 0
    open_answers: bool = True

    @model_validator(mode="after")
    def _prediction_fits_chain(self) -> Self:
        """The question is asked exactly where a chain ranks by it."""
        in_round = "prediction" in _names(self.chain)
        in_overall = self.overall.how is not Overall.NONE and "prediction" in _names(self.overall.chain)
        if self.prediction is None:
            if in_round or in_overall:
                raise _fault("prediction_not_asked", "chain" if in_round else "overall.chain")
        elif self.prediction.scope is Scope.CONTEST:
            if in_round:
                raise _fault("prediction_of_contest_in_round", "chain")
            if not in_overall:
                raise _fault("prediction_unused", "overall.chain")
        else:
            if not in_round:
                raise _fault("prediction_unused", "chain")
            if in_overall:  # every round has a truth of its own
                raise _fault("prediction_of_rounds_in_overall", "overall.chain")
        return self

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.max_age is not None and self.max_age < self.min_age:
            raise _fault("ages_crossed", "max_age")
        if self.counted is Counted.ONLY and self.attempt_limit != 1:
            raise _fault("only_needs_one_attempt", "attempt_limit")
        if self.freeze_hours and self.board_release is not Release.AFTER_SUBMIT:
            raise _fault("freeze_needs_open_board", "freeze_hours")
        if self.essay_rubric and sum(c.points for c in self.essay_rubric) != self.essay_points:
            raise _fault("rubric_sum", "essay_rubric")
        codes = [c.code for c in self.collective]
        if len(set(codes)) < len(codes):
            raise _fault("collective_twice", "collective")
        return self

    @property
    def predicts_in_paper(self) -> bool:
        return self.prediction is not None and self.prediction.placement is Placement.IN_PAPER

    @property
    def predicts_after_paper(self) -> bool:
        return self.prediction is not None and self.prediction.placement is Placement.AFTER_PAPER

    @property
    def worth(self) -> Worth:
        by_level = self.level_points.by_level if self.level_points else {}
        return Worth(self.points_per_item, by_level, self.all_or_nothing, self.essay_points)

    @property
    def limits(self) -> Limits:
        starts = (self.week_starts.weekday, minute_of(self.week_starts.at))
        return Limits(self.total_limit, self.attempt_limit, self.week_limit, starts)


def _names(chain: tuple[str, ...]) -> set[str]:
    return {criterion_name(step) for step in chain}


ESSAY_LEVEL = drawing.ESSAY
# stands where a topic would: the bank's items on exemplars, of whatever topic. No topic of a bank can have this code.
EXEMPLARS = "@guong"


class BlueprintCell(_Part):
    """One line of the blueprint; level None takes any level of the topic, level 0 its essays.

    topic: a code of the bank, or EXEMPLARS. A contest that asks a bank for items on exemplars draws them by that line
    only, so that every paper has exactly so many.
    """

    bank: str
    topic: str
    level: Annotated[int, Field(ge=0, le=3)] | None = None
    count: Annotated[int, Field(ge=1, le=200)]


Blueprint = Annotated[tuple[BlueprintCell, ...], Field(min_length=1)]


class DivisionRules(_Part):
    """prizes: the same in every round · overall_prizes: of the whole contest, where it is ranked"""

    audience: DivisionAudience = DivisionAudience.ALL
    blueprint: Blueprint
    prizes: Tiers = ()
    overall_prizes: Tiers = ()

    @model_validator(mode="after")
    def _tiers_differ(self) -> Self:
        for name, tiers in (("prizes", self.prizes), ("overall_prizes", self.overall_prizes)):
            if len({tier.code for tier in tiers}) < len(tiers):
                raise _fault("tier_twice", name)
        return self

    @property
    def cells(self) -> list[Cell]:
        return cells_of(self.blueprint)

    @property
    def items(self) -> int:
        """How many items a paper of this division has."""
        return sum(c.count for c in self.blueprint)

    @property
    def tiers(self) -> list[Tier]:
        return tiers_of(self.prizes)


def cells_of(blueprint: Iterable[BlueprintCell]) -> list[Cell]:
    return [Cell(c.bank, c.topic, c.level, c.count) for c in blueprint]


def tiers_of(prizes: Tiers) -> list[Tier]:
    return [Tier(t.code, t.quota, t.amount) for t in prizes]


Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class DivisionPart(_Part):
    code: Code
    name: Name
    rules: DivisionRules


class DailyHours(_Part):
    """On which weekdays (1 Monday … 7 Sunday) and between which times of the day a round takes starts."""

    weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = (1, 2, 3, 4, 5)
    opens: ClockTime = "07:30"
    closes: ClockTime = "17:30"

    @model_validator(mode="after")
    def _closes_later(self) -> Self:
        if minute_of(self.closes) <= minute_of(self.opens):
            raise _fault("hours_crossed", "closes")
        return self

    @property
    def hours(self) -> Hours:
        return Hours(tuple(sorted(set(self.weekdays))), minute_of(self.opens), minute_of(self.closes))


class Admission(_Part):
    """Who may enter a round: the first of each division in earlier rounds, or in the whole contest so far.

    rounds: codes of the rounds whose published sheets decide · quota: how many of each division in each of those rounds;
    who shares the last place is admitted too
    """

    rounds: Annotated[tuple[Code, ...], Field(min_length=1)]
    quota: Annotated[int, Field(ge=1, le=100_000)]


class RoundRules(_Part):
    """What a round has of its own, where it differs from the other rounds.

    period: name of the đợt that it belongs to · minutes, attempt_limit: None as in the others · blueprints, prizes: by
    code of the division; no prizes at all is an empty list, a division that is not named has its usual ones
    """

    hours: DailyHours | None = None
    period: Annotated[str, Field(max_length=100)] = ""
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    attempt_limit: Annotated[int, Field(ge=1, le=1000)] | None = None
    blueprints: dict[Code, Blueprint] = Field(default_factory=dict)
    prizes: dict[Code, Tiers] = Field(default_factory=dict)
    admission: Admission | None = None

    @model_validator(mode="after")
    def _tiers_differ(self) -> Self:
        for tiers in self.prizes.values():
            if len({tier.code for tier in tiers}) < len(tiers):
                raise _fault("tier_twice", "prizes")
        return self

    def within(self, limits: Limits) -> Limits:
        """The contest's limits of attempts, with what the round has of its own."""
        return limits if self.attempt_limit is None else replace(limits, in_round=self.attempt_limit)


class RoundPart(_Part):
    code: Code
    name: Name
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    rules: RoundRules = RoundRules()

    @model_validator(mode="after")
    def _closes_after_opening(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise _fault("closes_before_opening", "closes_at")
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
        for name, parts in (("divisions", self.divisions), ("rounds", self.rounds)):
            codes = [part.code for part in parts]
            for n, code in enumerate(codes):
                if code in RESERVED_CODES:
                    raise _fault("code_reserved", f"{name}.{n}.name", name=parts[n].name)
                if code in codes[:n]:
                    raise _fault("code_twice", f"{name}.{n}.name", name=parts[n].name)
        return self

    @model_validator(mode="after")
    def _rounds_apart(self, info: ValidationInfo) -> Self:
        if (info.context or {}).get("is_stored"):
            return self
        in_order = sorted(enumerate(self.rounds), key=lambda row: row[1].opens_at)
        for (_, a), (n, b) in pairwise(in_order):
            if b.opens_at < a.closes_at:
                raise _fault("rounds_overlap", f"rounds.{n}.opens_at", a=a.name, b=b.name)
        return self

    @model_validator(mode="after")
    def _rounds_know_each_other(self) -> Self:
        divisions = {d.code for d in self.divisions}
        closes = {r.code: r.closes_at for r in self.rounds}
        for n, round_ in enumerate(self.rounds):
            for code in (*round_.rules.blueprints, *round_.rules.prizes):
                if code not in divisions:
                    raise _fault("unknown_division", f"rounds.{n}.name", name=round_.name, missing=code)
            admission = round_.rules.admission
            for code in admission.rounds if admission else ():
                if code not in closes or closes[code] > round_.opens_at:
                    raise _fault("admission_not_before", f"rounds.{n}.name", name=round_.name, missing=code)
        return self

    @model_validator(mode="after")
    def _prizes_have_rankings(self) -> Self:
        if self.contest.overall.how is Overall.NONE:
            for n, division in enumerate(self.divisions):
                if division.rules.overall_prizes:
                    raise _fault("overall_prizes_unranked", f"divisions.{n}.overall_prizes", name=division.name)
        return self

    @property
    def first_opens_at(self) -> datetime:
        return min(r.opens_at for r in self.rounds)

    @property
    def has_essays(self) -> bool:
        blueprints = [d.rules.blueprint for d in self.divisions]
        blueprints += [b for r in self.rounds for b in r.rules.blueprints.values()]
        return any(cell.level == ESSAY_LEVEL for blueprint in blueprints for cell in blueprint)


def contest_rules(contest: Contest) -> ContestRules:
    return ContestRules.model_validate(contest.rules)


def division_rules(division: Division) -> DivisionRules:
    return DivisionRules.model_validate(division.rules)


def round_rules(round_: Round) -> RoundRules:
    return RoundRules.model_validate(round_.rules)


def blueprint_of(division: Division, round_: Round) -> tuple[BlueprintCell, ...]:
    """What papers of a division are drawn by in a round: the round's own blueprint, or the division's."""
    return round_rules(round_).blueprints.get(division.code) or division_rules(division).blueprint


def prizes_in(division: Division, round_: Round) -> Tiers:
    """The individual prizes of a division in a round: the round's own, or the division's."""
    own = round_rules(round_).prizes
    return own[division.code] if division.code in own else division_rules(division).prizes


def minutes_of(round_: Round) -> int:
    """The minutes of an attempt in a round."""
    return round_rules(round_).minutes or contest_rules(round_.contest).minutes


def window_of(round_: Round) -> Window:
    """The round's window with its daily hours."""
    hours = round_rules(round_).hours
    return Window(round_.opens_at, round_.closes_at, hours.hours if hours else None)


# rounds could be extended into one another once: what is stored is read all the same, and refused where it is written
STORED = {"is_stored": True}


def rule_set(contest: Contest) -> RuleSet:
    """Join the stored parts.  Raises pydantic.ValidationError when a draft lacks a division or a round."""
    parts = {
        "title": contest.title,
        "law_date": contest.law_date,
        "contest": contest_rules(contest),
        "divisions": tuple(DivisionPart(code=d.code, name=d.name, rules=division_rules(d)) for d in contest.divisions),
        "rounds": tuple(_round_part(r) for r in contest.rounds),
    }
    return RuleSet.model_validate(parts, context=STORED)


def _round_part(round_: Round) -> RoundPart:
    return RoundPart(
        code=round_.code,
        name=round_.name,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        rules=round_rules(round_),
    )
