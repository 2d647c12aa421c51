"""What an outcome of a rehearsal says about the rules: ties, prizes, exposure of items, the use of attempts, the load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quiz.rules.prizes import Skip, beyond_quota
from quiz.rules.rehearsal import Exposure, Outcome, Rehearsal
from quiz.rules.tie_break import Standing, criterion_name, key_size, packed, values_of, why_above

BOARD = 20  # places shown
BANDS = (10, 25, 50, 100)  # per cent of the people, the ablest first
MOST_COUNTED = 10  # attempts of a person; more are counted together


@dataclass(frozen=True, slots=True)
class TieStep:
    """After so many steps of the chain.  equal: people equal to somebody · first: people in the first place · largest:
    people in the largest group of equals, 1 when nobody is equal"""

    step: str
    equal: int
    first: int
    largest: int


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """given: prizes, more than the quota where equals share · equal: people in the place at which prizes run out, when they
    are more than there are prizes left for; else 0"""

    code: str
    quota: int
    amount: int
    given: int
    equal: int


@dataclass(frozen=True, slots=True)
class Band:
    """People by ability.  upto: per cent of the people, the ablest first · mean: points in the mean · full: all right in the
    counted attempt · winners: with a prize"""

    upto: int
    people: int
    mean: float
    full: int
    winners: int


@dataclass(frozen=True, slots=True)
class Exposed:
    """size: items in the pool · paper: items of a paper · mean, most: share of the papers that hold an item, of a mean one
    and of the one drawn most · never: items never drawn · common: items that two papers have in common, in the mean ·
    again, before: share of items met again within the round, and on the first paper from earlier rounds; None where nobody
    could"""

    size: int
    paper: int
    papers: int
    mean: float
    most: float
    never: int
    common: float
    again: float | None
    before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One division in one round, or with round "" in the whole contest.

    full: people whose counted attempt is all right; ever_full: who had such an attempt at all · decided: step of the chain →
    prizes that it kept from the first person without one; "" where all steps are equal · skipped: why places were passed
    over · gaps: of the winners' predictions, smallest and largest · used: attempts of a person → people
    """

    division: str
    round: str
    chain: Sequence[str]
    people: int
    attempts: int
    full: int
    ever_full: int
    mean: float
    best: int
    highest: int
    ties: Sequence[TieStep]
    tiers: Sequence[TierOutcome]
    given: int
    contested: int
    beyond: int
    decided: Mapping[str, int]
    skipped: Mapping[Skip, int]
    bands: Sequence[Band]
    truth: int | None
    gaps: tuple[int, int] | None
    used: Mapping[int, int]
    exposed: Exposed | None
    board: Sequence[Standing]

    @property
    def full_share(self) -> float:
        return self.full / self.people if self.people else 0.0

    @property
    def mean_attempts(self) -> float:
        return self.attempts / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """starts: in the busiest minute · at: that minute, in minutes since 1970 · mean: starts in a minute that had any"""

    starts: int
    at: int
    mean: float


def figures(outcome: Outcome, played: Rehearsal) -> Figures:
    standings, given = outcome.standings, outcome.proposals.given
    winners = {g.standing.entry_id for g in given}
    scores = [s.result.score for s in standings]
    gaps = [g.standing.gap for g in given if g.standing.gap is not None]
    return Figures(
        division=outcome.division,
        round=outcome.round,
        chain=outcome.chain,
        people=len(standings),
        attempts=outcome.attempts,
        full=sum(s.result.perfect > 0 for s in standings),
        ever_full=outcome.full,
        mean=sum(scores) / len(scores) if scores else 0.0,
        best=max(scores, default=0),
        highest=outcome.highest,
        ties=ties(standings, outcome.chain),
        tiers=_tiers(outcome),
        given=len(given),
        contested=sum(g.contested for g in given),
        beyond=beyond_quota(given, outcome.tiers),
        decided=_decided(outcome, winners),
        skipped=Counter(why for _place, why in outcome.proposals.skipped),
        bands=_bands(outcome, played, winners),
        truth=outcome.truth,
        gaps=(min(gaps), max(gaps)) if gaps else None,
        used=_used(outcome.used),
        exposed=exposed(outcome.exposure) if outcome.exposure is not None else None,
        board=standings[:BOARD],
    )


def ties(standings: Sequence[Standing], chain: Sequence[str]) -> list[TieStep]:
    """How many are still equal after each step; the standings are in the order of the chain."""
    keys = [packed(s.result, chain) for s in standings]
    found: list[TieStep] = []
    for n, step in enumerate(chain, 1):
        size = key_size(chain[:n])
        groups = [len(list(same)) for _head, same in groupby(key[:size] for key in keys)]
        equal = sum(people for people in groups if people > 1)
        found.append(TieStep(step, equal, groups[0] if groups else 0, max(groups, default=0)))
    return found


def _tiers(outcome: Outcome) -> list[TierOutcome]:
    given = outcome.proposals.given
    people = Counter(g.tier.code for g in given)
    contested = Counter(g.tier.code for g in given if g.contested)
    return [TierOutcome(t.code, t.quota, t.amount, people[t.code], contested[t.code]) for t in outcome.tiers]


def _decided(outcome: Outcome, winners: set[int]) -> Counter[str]:
    """By which step each winner stands above the first person who could have won and has not."""
    passed = {place.entry_id for place, _why in outcome.proposals.skipped}
    last = max((g.standing.position for g in outcome.proposals.given), default=0)
    loser = next((s for s in outcome.standings[last:] if s.result.entry_id not in winners | passed), None)
    found: Counter[str] = Counter()
    if loser is None:
        return found
    below = values_of(loser.result, outcome.chain)
    steps: dict[int, str] = {}  # by place: who shares one is equal in all
    for g in outcome.proposals.given:
        if g.standing.place not in steps:
            above = values_of(outcome.standings[g.standing.position - 1].result, outcome.chain)
            lines = why_above(above, below, outcome.chain)
            steps[g.standing.place] = next((criterion_name(c.step) for c in lines if c.verdict == "decides"), "")
        found[steps[g.standing.place]] += 1
    return found


def _bands(outcome: Outcome, played: Rehearsal, winners: set[int]) -> list[Band]:
    ablest = sorted(outcome.standings, key=lambda s: -played.abilities[s.result.entry_id - 1])
    found: list[Band] = []
    first = 0
    for upto in BANDS:
        until = len(ablest) * upto // 100
        people = [s.result for s in ablest[first:until]]
        if people:
            mean = sum(r.score for r in people) / len(people)
            full, won = sum(r.perfect > 0 for r in people), sum(r.entry_id in winners for r in people)
            found.append(Band(upto, len(people), mean, full, won))
        first = until
    return found


def exposed(e: Exposure) -> Exposed:
    counts = e.drawn.values()
    pairs = e.papers * (e.papers - 1)
    return Exposed(
        size=e.size,
        paper=e.paper,
        papers=e.papers,
        mean=e.paper / e.size if e.size else 0.0,
        most=max(counts, default=0) / e.papers if e.papers else 0.0,
        never=e.size - len(e.drawn),
        # two papers have an item in common when both are among those that hold it
        common=sum(n * (n - 1) for n in counts) / pairs if pairs else 0.0,
        again=e.again / e.again_of if e.again_of else None,
        before=e.before / e.before_of if e.before else None,
    )


def _used(used: Mapping[int, int]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for attempts, people in used.items():
        found[min(attempts, MOST_COUNTED)] += people
    return dict(sorted(found.items()))


def load(starts: Mapping[int, int]) -> Load:
    """Of a round, from the starts in each minute that had any."""
    at = max(starts, key=lambda minute: (starts[minute], -minute), default=0)
    return Load(starts.get(at, 0), at, sum(starts.values()) / len(starts) if starts else 0.0)
