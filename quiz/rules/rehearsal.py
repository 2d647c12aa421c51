"""Rehearsal: a contest played by artificial people under its own rules, in memory only.

Papers are drawn as real ones are, starts are asked of rules.clock, and what counts, who stands where and who wins is decided
by rules.counting, rules.tie_break and rules.prizes: only the people are made up (rules.rehearsal_people). One seed, one
contest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from quiz.rules import clock, prizes
from quiz.rules import rehearsal_people as model
from quiz.rules.clock import LateStart, Limits, StartRefusal, Used, Window
from quiz.rules.counting import Counted, Overall, counted, together
from quiz.rules.decks import Deck
from quiz.rules.prediction import Scope, Target, gap
from quiz.rules.prizes import Conditions, Held, Proposals, Ranked, Tier, Worth
from quiz.rules.rehearsal_people import Assumptions, ItemModel, Person
from quiz.rules.tie_break import Result, Standing, criterion_name, rank

MOST_ATTEMPTS = 30  # of one person in one round, where no rule limits them
_CONTENT_GOES_ON = 0.3  # of those who would go on, how many do so with all right, where time decides


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionPlan:
    """share: weight of the division among all people · tiers: its prizes of the whole contest"""

    code: str
    share: float = 1.0
    tiers: Sequence[Tier] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """decks, tiers: code of a division → what its papers are drawn from, its prizes · keys_at: from when on people know the
    keys of their papers; before the close: at once after each attempt; None: never · admits_from, quota: rounds whose first
    so many of each division are admitted, none for everybody · period: name of the đợt"""

    code: str
    window: Window
    allowance_s: int
    decks: Mapping[str, Deck]
    limits: Limits = field(default_factory=Limits)
    tiers: Mapping[str, Sequence[Tier]] = field(default_factory=dict)
    keys_at: datetime | None = None
    admits_from: Sequence[str] = ()
    quota: int = 0
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A contest as a rehearsal needs it.

    rounds: in the order of the contest, which is that of time · items: version id → how it behaves · target, scope: of the
    prediction, None without one · knows_score: people learn their score at once · conditions, overall_conditions: what a
    place must fulfil to win
    """

    divisions: Sequence[DivisionPlan]
    rounds: Sequence[RoundPlan]
    items: dict[int, ItemModel]
    chain: Sequence[str]
    counted: Counted = Counted.BEST
    late_start: LateStart = LateStart.CUT
    overall: Overall = Overall.NONE
    overall_chain: Sequence[str] = ()
    target: Target | None = None
    scope: Scope = Scope.ROUND
    knows_score: bool = True
    conditions: Conditions = field(default_factory=Conditions)
    overall_conditions: Conditions = field(default_factory=Conditions)
    share_percent: int | None = None
    one_per_person: bool = False
    one_per_period: bool = False


class Sitting(NamedTuple):
    """One simulated attempt, for whoever watches."""

    entry_id: int
    round: RoundPlan
    started_at: datetime
    ended_at: datetime
    deadline_at: datetime
    version_ids: Sequence[int]
    result: Result


@dataclass(slots=True)
class Exposure:
    """How often the items of a pool were drawn, in one round for one division.

    size: items of the pool · paper: items of a paper · drawn: version id → papers that hold it · again: items that people
    met again on further papers of the round, and again_of all items of those papers · before: items on first papers of the
    round that people had met in earlier rounds
    """

    size: int
    paper: int
    papers: int = 0
    first_papers: int = 0
    drawn: Counter[int] = field(default_factory=Counter)
    again: int = 0
    before: int = 0

    @property
    def again_of(self) -> int:
        return (self.papers - self.first_papers) * self.paper

    @property
    def before_of(self) -> int:
        return self.first_papers * self.paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One division in one round, or with round "" in the whole contest, as the rules rank it.

    tiers: after the cap on all prizes · used: attempts of a person → how many people · full: people with an attempt all
    right · highest: points of a perfect paper, 0 for a whole contest
    """

    division: str
    round: str
    chain: Sequence[str]
    standings: Sequence[Standing]
    tiers: Sequence[Tier]
    proposals: Proposals
    truth: int | None
    used: Mapping[int, int]
    full: int
    highest: int = 0
    exposure: Exposure | None = None

    @property
    def attempts(self) -> int:
        return sum(attempts * people for attempts, people in self.used.items())


@dataclass(slots=True)
class _Field:
    """What a division gathers while a round is played."""

    exposure: Exposure
    results: list[Result] = field(default_factory=list)
    used: Counter[int] = field(default_factory=Counter)
    full: int = 0


class Rehearsal:
    """A contest played once: `outcomes` plays it, round after round, and keeps none of its standings.

    abilities, divisions: of everybody, by entry id less 1 · starts: code of a round → starts in each minute that had any ·
    watch: is shown every attempt
    """

    def __init__(self, plan: Plan, how: Assumptions, watch: Callable[[Sitting], object] | None = None) -> None:
        self.plan, self.how, self._watch = plan, how, watch
        self._people = _people(plan, how)
        self._papers = model.PaperModel(plan.items, how)
        self._keys_to_come: list[tuple[datetime, dict[int, int]]] = []  # from when on, entry → bits of items
        self._admitted: dict[str, set[int]] = {}  # code of a round → entries
        self._held = _HeldSoFar(plan)
        self._used: dict[str, Counter[int]] = {d.code: Counter() for d in plan.divisions}
        self.abilities = [p.ability for p in self._people]
        self.divisions = [p.division for p in self._people]
        self.starts: dict[str, Counter[int]] = {}
        self.attempts = 0

    def outcomes(self) -> Iterator[Outcome]:
        """Every division of every round, and then of the whole contest if it is ranked."""
        for number, round_ in enumerate(self.plan.rounds, 1):
            self._learn_keys(round_.window.opens_at)
            fields = self._play(round_, number)
            truth = self._truth_of_round(list(fields.values()))
            for division in self.plan.divisions:
                yield self._rank(round_, division, fields[division.code], truth)
        if self.plan.overall is not Overall.NONE:
            truth = self._truth_of_contest()
            for division in self.plan.divisions:
                yield self._rank_whole(division, truth)

    # Playing

    def _learn_keys(self, now: datetime) -> None:
        for at, seen in self._keys_to_come:
            if at <= now:
                for entry_id, bits in seen.items():
                    self._people[entry_id - 1].known |= bits
        self._keys_to_come = [(at, seen) for at, seen in self._keys_to_come if at > now]

    def _play(self, round_: RoundPlan, number: int) -> dict[str, _Field]:
        fields = {code: _Field(Exposure(len(deck.pool), deck.size)) for code, deck in round_.decks.items()}
        starts = self.starts[round_.code] = Counter()
        seen: dict[int, int] = {}
        for person in self._invited(round_):
            dice = model.dice_of(self.how, person.entry_id, number)
            if dice.random() >= self.how.takes_part:
                continue
            person.guess = model.guess(dice)
            gathered = fields[person.division]
            own, seen[person.entry_id] = self._attempts(person, round_, gathered.exposure, dice)
            if not own:
                continue
            starts.update(int(r.started_at.timestamp()) // 60 for r in own)
            gathered.results.append(self._counted(own))
            gathered.used[len(own)] += 1
            is_full = any(r.perfect for r in own)
            gathered.full += is_full
            person.all_right = person.all_right or is_full
            self.attempts += len(own)
        if round_.keys_at is not None:
            self._keys_to_come.append((round_.keys_at, seen))
        return fields

    def _invited(self, round_: RoundPlan) -> Iterable[Person]:
        if not round_.admits_from:
            return self._people
        return [self._people[entry_id - 1] for entry_id in sorted(self._admitted.get(round_.code, ()))]

    def _attempts(
        self, person: Person, round_: RoundPlan, exposure: Exposure, dice: Random
    ) -> tuple[list[Result], int]:
        """All attempts of a person in a round, and the bits of the items that they held."""
        own: list[Result] = []
        held = 0
        wanted = model.first_start(round_.window, dice)
        while wanted is not None and len(own) < MOST_ATTEMPTS:
            started = self._allowed(person, round_, len(own), wanted, dice)
            if started is None:
                break
            version_ids = round_.decks[person.division].version_ids(dice.getrandbits(64))
            result, met = self._sit(person, round_, version_ids, started, dice)
            exposure.papers += 1
            exposure.drawn.update(version_ids)
            if own:
                exposure.again += met
            else:
                exposure.first_papers += 1
                exposure.before += met
            bits = self._papers.bits
            for version_id in version_ids:
                held |= bits[version_id]
            person.met |= held
            if round_.keys_at is not None and round_.keys_at <= result.submitted_at:
                person.known |= held
            own.append(result)
            wanted = None
            if dice.random() < self._goes_on(result):
                wanted = model.next_try(round_.window, result.submitted_at, dice)
        return own, held

    def _allowed(self, person: Person, round_: RoundPlan, used: int, wanted: datetime, dice: Random) -> datetime | None:
        """When the attempt that a person wants starts by the rules, and counts; None when none is left."""
        limits, at = round_.limits, wanted
        while True:
            week = clock.week_of(at, limits.week_starts) if limits.in_week is not None else None
            in_week = person.in_week if week is not None and week == person.week else 0
            refusal = clock.why_not_start(round_.window, Used(person.used, used, in_week), limits, at)
            if refusal is None:
                person.used += 1
                person.week, person.in_week = week, in_week + 1
                return at
            if refusal is not StartRefusal.NO_ATTEMPT_IN_WEEK or week is None:
                return None
            later = model.within_hours(round_.window, week + timedelta(days=7, seconds=dice.random() * 86_400), dice)
            if later is None:
                return None
            at = later

    def _sit(
        self, person: Person, round_: RoundPlan, version_ids: list[int], started: datetime, dice: Random
    ) -> tuple[Result, int]:
        deadline = clock.deadline(round_.window, started, round_.allowance_s, self.plan.late_start)
        sat = self._papers.sit(person, version_ids, (deadline - started).total_seconds(), dice)
        ended = started + timedelta(seconds=sat.seconds)
        result = Result(
            entry_id=person.entry_id,
            attempt_id=person.used,
            score=sat.points + sat.written,
            elapsed_ms=clock.elapsed_ms(started, ended, deadline),
            submitted_at=ended,
            registered_at=min(person.registered_at, started),
            correct=sat.correct,
            perfect=int(0 < sat.marked == sat.correct),
            started_at=started,
            written=sat.written,
        )
        if self._watch is not None:
            self._watch(Sitting(person.entry_id, round_, started, ended, deadline, version_ids, result))
        return result, sat.met

    def _goes_on(self, result: Result) -> float:
        """The chance that a person uses another attempt after this one."""
        if not self.plan.knows_score or not result.perfect:
            return self.how.goes_on
        by_time = {"elapsed", "total_elapsed"} & {criterion_name(step) for step in self.plan.chain}
        return self.how.goes_on * _CONTENT_GOES_ON if by_time and self.plan.counted is Counted.BEST else 0.0

    def _counted(self, own: list[Result]) -> Result:
        chosen = own[0] if len(own) == 1 else counted(own, self.plan.counted, self.plan.chain)
        return replace(
            chosen,
            attempts_used=len(own),
            perfect_attempts=sum(r.perfect for r in own),
            total_elapsed_ms=sum(r.elapsed_ms for r in own),
        )

    # Ranking

    def _truth_of_round(self, fields: Sequence[_Field]) -> int | None:
        if self.plan.scope is Scope.CONTEST:
            return None
        match self.plan.target:
            case Target.PEOPLE_ALL_CORRECT:
                return sum(f.full for f in fields)
            case Target.PEOPLE:
                return sum(len(f.results) for f in fields)
            case Target.ATTEMPTS:
                return sum(f.exposure.papers for f in fields)
        return None

    def _truth_of_contest(self) -> int | None:
        if self.plan.scope is not Scope.CONTEST:
            return None
        match self.plan.target:
            case Target.PEOPLE_ALL_CORRECT:
                return sum(p.all_right for p in self._people)
            case Target.PEOPLE:
                return sum(p.used > 0 for p in self._people)
            case Target.ATTEMPTS:
                return self.attempts
        return None

    def _rank(self, round_: RoundPlan, division: DivisionPlan, gathered: _Field, truth: int | None) -> Outcome:
        standings = rank(self._compared(gathered.results, truth), self.plan.chain)
        for later in self.plan.rounds:
            if round_.code in later.admits_from:
                admitted = self._admitted.setdefault(later.code, set())
                admitted |= {s.result.entry_id for s in standings if s.place <= later.quota}
        if self.plan.overall is not Overall.NONE:
            self._add_up(gathered.results)
        tiers = prizes.within_share(round_.tiers.get(division.code, ()), len(standings), self.plan.share_percent)
        proposals = prizes.propose(_places(standings), tiers, self.plan.conditions, self._held.by(round_.period))
        self._held.add(proposals, tiers, round_.period)
        return Outcome(
            division=division.code, round=round_.code, chain=self.plan.chain, standings=standings, tiers=tiers,
            proposals=proposals, truth=truth, used=gathered.used, full=gathered.full,
            highest=_highest(round_.decks[division.code], self.plan.items), exposure=gathered.exposure,
        )  # fmt: skip

    def _add_up(self, results: Iterable[Result]) -> None:
        """The same as all rounds at once: sums are sums in any grouping, and so is the best of them."""
        for result in results:
            person = self._people[result.entry_id - 1]
            rounds = [result] if person.whole is None else [person.whole, result]
            person.whole = together(rounds, self.plan.overall, self.plan.overall_chain)

    def _rank_whole(self, division: DivisionPlan, truth: int | None) -> Outcome:
        people = [p for p in self._people if p.division == division.code and p.whole is not None]
        results = [p.whole for p in people if p.whole is not None]
        standings = rank(self._compared(results, truth), self.plan.overall_chain)
        tiers = prizes.within_share(division.tiers, len(standings), self.plan.share_percent)
        held = self._held.by(None)
        proposals = prizes.propose(_places(standings), tiers, self.plan.overall_conditions, held)
        return Outcome(
            division=division.code, round="", chain=self.plan.overall_chain, standings=standings, tiers=tiers,
            proposals=proposals, truth=truth, used=Counter(p.used for p in people),
            full=sum(p.all_right for p in people),
        )  # fmt: skip

    def _compared(self, results: Sequence[Result], truth: int | None) -> Sequence[Result]:
        """The results with the distance of their predictions, where there is a truth."""
        if truth is None:
            return results
        guesses = ((r, self._people[r.entry_id - 1].guess) for r in results)
        return [replace(r, prediction_gap=gap(model.predicted(guess, truth, self.how), truth)) for r, guess in guesses]


class _HeldSoFar:
    """Prizes that people have won already, round after round, as far as the caps look at them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._highest: dict[int, Worth] = {}
        self._in_period: dict[str, set[int]] = {}

    def by(self, period: str | None) -> Held:
        """period: None for the whole contest, which no prize of a round bars from"""
        in_period = self._in_period.get(period, set()) if period is not None and self._plan.one_per_period else ()
        return Held(highest=self._highest if self._plan.one_per_person else {}, in_period=frozenset(in_period))

    def add(self, proposals: Proposals, tiers: Sequence[Tier], period: str) -> None:
        for given in proposals.given:
            entry_id = given.standing.entry_id
            won = prizes.worth(tiers, tiers.index(given.tier))
            before = self._highest.get(entry_id)
            if before is None or won.at_least(before):
                self._highest[entry_id] = won
            self._in_period.setdefault(period, set()).add(entry_id)


def _people(plan: Plan, how: Assumptions) -> list[Person]:
    """Everybody; divisions take turns by their weights."""
    opens_at = min(r.window.opens_at for r in plan.rounds)
    closes_at = max(r.window.closes_at for r in plan.rounds)
    owed = dict.fromkeys((d.code for d in plan.divisions), 0.0)
    total = sum(d.share for d in plan.divisions)
    people: list[Person] = []
    for entry_id in range(1, how.people + 1):
        for division in plan.divisions:
            owed[division.code] += division.share / total
        code = max(owed, key=lambda code: owed[code])
        owed[code] -= 1
        people.append(model.person(entry_id, code, how, opens_at, closes_at))
    return people


def _places(standings: Iterable[Standing]) -> Iterator[Ranked]:
    for s in standings:
        r = s.result
        yield Ranked(
            position=s.position, place=s.place, tied=s.tied, entry_id=r.entry_id, score=r.score,
            perfect=bool(r.perfect), gap=r.prediction_gap,
        )  # fmt: skip


def _highest(deck: Deck, items: Mapping[int, ItemModel]) -> int:
    """The most points that a paper of a deck can bring."""
    return sum(items[version_id].points for version_id in deck.version_ids(0))
