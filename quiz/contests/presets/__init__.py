"""Presets: ways of holding a contest that are in use, one readable file each; a new contest starts from one of them."""

from __future__ import annotations

import calendar
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from quiz.contests.rule_set import (
    ESSAY_LEVEL,
    Admission,
    BlueprintCell,
    ClockTime,
    ContestRules,
    DailyHours,
    DivisionAudience,
    DivisionPart,
    DivisionRules,
    PrizeTier,
    RoundPart,
    RoundRules,
    RuleSet,
    Tiers,
)
from quiz.contests.topics import TopicSupply
from quiz.formats import from_local, local
from quiz.rules.blueprint import spread
from quiz.rules.counting import Overall
from quiz.slugs import slug

INSTEAD_OF_ESSAYS = 10  # questions of a paper that was to hold essays only, while the bank has none


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeekTime(_Part):
    """A moment of every week.  weekday: 1 Monday … 7 Sunday"""

    weekday: Annotated[int, Field(ge=1, le=7)]
    at: ClockTime


class Calendar(_Part):
    """When the rounds take place, counted from the moment that the organizer names; all in local time.

    name: of a round, before its number · opens: the first round opens on the next such weekday, at this hour · every_days,
    every_months: from one opening to the next · lasts_days, lasts_months: whole ones · until: closes at this time of its
    last day · closes: at the next such moment of a week, instead · hours: when attempts may start · period_rounds: how many
    rounds make a period (đợt), 0 without periods
    """

    count: Annotated[int, Field(ge=1, le=60)]
    name: str = "Kỳ"
    opens: WeekTime | None = None
    every_days: Annotated[int, Field(ge=0)] = 0
    every_months: Annotated[int, Field(ge=0)] = 0
    lasts_days: Annotated[int, Field(ge=0)] = 0
    lasts_months: Annotated[int, Field(ge=0)] = 0
    until: ClockTime | None = None
    closes: WeekTime | None = None
    hours: DailyHours | None = None
    period_rounds: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.lasts_days and not self.lasts_months and self.closes is None:
            raise ValueError("a round needs lasts_days, lasts_months or closes")
        if self.count > 1 and not self.every_days and not self.every_months:
            raise ValueError("several rounds need every_days or every_months")
        return self


class Prize(_Part):
    name: str
    quota: int
    amount: int = 0


class Final(_Part):
    """A round to which the first of the rounds before it are admitted: of all of the calendar, or of the final before it.

    after_days: after the last close, at `at` · quota: how many of each division in each of those rounds · questions,
    essays, minutes, attempt_limit: its own, as before where it names none · prizes: of each division
    """

    name: str = "Chung kết"
    after_days: Annotated[int, Field(ge=1)]
    at: ClockTime = "08:00"
    lasts_hours: Annotated[int, Field(ge=1)]
    quota: Annotated[int, Field(ge=1)]
    questions: Annotated[int, Field(ge=0, le=200)] = 0
    essays: Annotated[int, Field(ge=0, le=10)] = 0
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    attempt_limit: Annotated[int, Field(ge=1)] | None = None
    prizes: tuple[Prize, ...] = ()


class DivisionSketch(_Part):
    """bank: which of the chosen banks its questions come from, where divisions have sets of their own; None all of them"""

    name: str
    audience: DivisionAudience
    bank: Annotated[int, Field(ge=1)] | None = None
    prizes: tuple[Prize, ...] = ()
    overall_prizes: tuple[Prize, ...] = ()


class PresetKind(enum.StrEnum):
    """What sets ways of holding a contest apart at first sight, in the order in which they are offered."""

    ONE_ROUND = "one_round"
    EACH_ROUND = "each_round"  # several rounds, each ranked by itself
    OVERALL = "overall"  # several rounds, ranked together as well
    FINAL = "final"  # the best go on to another round
    WRITTEN = "written"


class Preset(_Part):
    """questions, essays: of one paper"""

    code: str
    order: int
    name: str
    description: str
    questions: Annotated[int, Field(ge=0, le=200)]
    essays: Annotated[int, Field(ge=0, le=10)] = 0
    rounds: Calendar
    finals: tuple[Final, ...] = ()
    contest: ContestRules
    divisions: Annotated[tuple[DivisionSketch, ...], Field(min_length=1)]

    @property
    def wants_essays(self) -> bool:
        return self.essays > 0 or any(final.essays for final in self.finals)

    @property
    def kind(self) -> PresetKind:
        if self.wants_essays:
            return PresetKind.WRITTEN
        if self.finals:
            return PresetKind.FINAL
        if self.contest.overall.how is not Overall.NONE:
            return PresetKind.OVERALL
        return PresetKind.EACH_ROUND if self.rounds.count > 1 else PresetKind.ONE_ROUND

    @property
    def sets(self) -> int:
        """How many banks it wants, so that its divisions have questions of their own."""
        return max(d.bank or 1 for d in self.divisions)


@cache
def presets() -> dict[str, Preset]:
    """Code → preset, in the order in which they are offered."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    read = [Preset(code=f.stem, **yaml.safe_load(f.read_text(encoding="utf-8"))) for f in files]
    return {preset.code: preset for preset in sorted(read, key=lambda p: p.order)}


def lacks_essays(preset: Preset, topics: Iterable[TopicSupply]) -> bool:
    """Does the preset want essays that these topics do not have?  The draft then starts without them."""
    return preset.wants_essays and not any(_essays(t) for t in topics)


def lacks_sets(preset: Preset, banks: Sequence[str]) -> bool:
    """Does the preset give its divisions questions of their own, and there are too few banks for that?"""
    return len(banks) < preset.sets


def first_rule_set(
    preset: Preset, *, title: str, law_date: date, opens_at: datetime, topics: Sequence[TopicSupply]
) -> RuleSet:
    """A whole rule set to start from: the preset's options, its calendar from `opens_at` on, and blueprints that
    spread its questions over the topics in proportion to what the banks hold.

    topics: at least one, bank by bank in the order in which the banks were chosen
    """
    paper = _Paper(preset, topics)
    rounds = _rounds(preset.rounds, opens_at)
    for n in range(len(preset.finals)):
        rounds.append(_final(preset, n, rounds, paper))
    divisions = tuple(
        DivisionPart(
            code=_code(i),
            name=d.name,
            rules=DivisionRules(
                audience=d.audience,
                blueprint=paper.blueprint(d, preset.questions, preset.essays),
                prizes=_tiers(d.prizes),
                overall_prizes=_tiers(d.overall_prizes),
            ),
        )
        for i, d in enumerate(preset.divisions, 1)
    )
    contest = preset.contest
    if contest.split_pool and not _can_split(divisions, rounds, topics):
        contest = contest.model_copy(update={"split_pool": False})
    return RuleSet(title=title, law_date=law_date, contest=contest, divisions=divisions, rounds=tuple(rounds))


def _can_split(divisions: Iterable[DivisionPart], rounds: Sequence[RoundPart], topics: Iterable[TopicSupply]) -> bool:
    """Is there enough for every round to draw from items of its own?"""
    share: dict[tuple[str, str, bool], int] = {}
    for t in topics:
        for level, n in t.levels.items():
            key = t.bank, t.topic, level == ESSAY_LEVEL
            share[key] = share.get(key, 0) + n // len(rounds)
    asked = [cell for d in divisions for cell in d.rules.blueprint]
    asked += [cell for r in rounds for own in r.rules.blueprints.values() for cell in own]
    return all(cell.count <= share.get((cell.bank, cell.topic, cell.level == ESSAY_LEVEL), 0) for cell in asked)


def _code(number: int) -> str:
    return f"bang-{number}"


def _tiers(prizes: Iterable[Prize]) -> Tiers:
    return tuple(PrizeTier(code=slug(p.name, 40), **p.model_dump()) for p in prizes)


def _essays(topic: TopicSupply) -> int:
    return topic.levels.get(ESSAY_LEVEL, 0)


def _items(topic: TopicSupply) -> int:
    return sum(n for level, n in topic.levels.items() if level != ESSAY_LEVEL)


@dataclass(frozen=True, slots=True)
class _Paper:
    """Makes blueprints of the chosen banks' topics."""

    preset: Preset
    topics: Sequence[TopicSupply]

    def blueprint(self, division: DivisionSketch, questions: int, essays: int) -> tuple[BlueprintCell, ...]:
        topics = self._of(division)
        with_essays = {(t.bank, t.topic): _essays(t) for t in topics if _essays(t)}
        written = spread(with_essays, essays)
        if not questions and not written:
            questions = INSTEAD_OF_ESSAYS
        counts = spread({(t.bank, t.topic): _items(t) for t in topics}, questions)
        return (
            *(BlueprintCell(bank=bank, topic=topic, count=n) for (bank, topic), n in counts.items()),
            *(
                BlueprintCell(bank=bank, topic=topic, level=ESSAY_LEVEL, count=n)
                for (bank, topic), n in written.items()
            ),
        )

    def _of(self, division: DivisionSketch) -> Sequence[TopicSupply]:
        banks = list(dict.fromkeys(t.bank for t in self.topics))
        if division.bank is None or len(banks) < self.preset.sets:
            return self.topics
        return [t for t in self.topics if t.bank == banks[division.bank - 1]]


# The calendar


def _rounds(of: Calendar, from_at: datetime) -> list[RoundPart]:
    first = local(from_at)
    if of.opens:
        first = _next(_at(first, "00:00"), of.opens)  # the named day itself, though its hour may be over
    rounds = []
    for n in range(of.count):
        opens = _months_on(first, of.every_months * n) + timedelta(days=of.every_days * n)
        period = f"Đợt {n // of.period_rounds + 1}" if of.period_rounds else ""
        rounds.append(
            RoundPart(
                code=f"ky-{n + 1}",
                name=f"{of.name} {n + 1}" if of.count > 1 else f"{of.name} thi",
                opens_at=_utc(opens),
                closes_at=_utc(_close(of, opens)),
                rules=RoundRules(hours=of.hours, period=period),
            )
        )
    return rounds


def _close(of: Calendar, opens: datetime) -> datetime:
    if of.closes:
        return _next(opens + timedelta(minutes=1), of.closes)
    close = _months_on(opens, of.lasts_months) + timedelta(days=of.lasts_days)
    return _at(close - timedelta(days=1), of.until) if of.until else close


def _final(preset: Preset, n: int, before: Sequence[RoundPart], paper: _Paper) -> RoundPart:
    final = preset.finals[n]
    opens = _at(local(before[-1].closes_at) + timedelta(days=final.after_days), final.at)
    has_paper = final.questions or final.essays
    codes = [_code(i) for i in range(1, len(preset.divisions) + 1)]
    return RoundPart(
        code=f"chung-ket-{n + 1}",
        name=final.name,
        opens_at=_utc(opens),
        closes_at=_utc(opens + timedelta(hours=final.lasts_hours)),
        rules=RoundRules(
            minutes=final.minutes,
            attempt_limit=final.attempt_limit,
            blueprints={
                code: paper.blueprint(d, final.questions, final.essays)
                for code, d in zip(codes, preset.divisions, strict=True)
            }
            if has_paper
            else {},
            prizes={code: _tiers(final.prizes) for code in codes},
            admission=Admission(
                rounds=tuple(r.code for r in (before if n == 0 else before[-1:])),
                quota=final.quota,
            ),
        ),
    )


def _next(wall: datetime, moment: WeekTime) -> datetime:
    """The first such moment of a week, now or later."""
    found = _at(wall, moment.at) + timedelta(days=(moment.weekday - wall.isoweekday()) % 7)
    return found if found >= wall else found + timedelta(days=7)


def _at(wall: datetime, clock: ClockTime) -> datetime:
    return datetime.combine(wall.date(), time.fromisoformat(clock), wall.tzinfo)


def _months_on(wall: datetime, months: int) -> datetime:
    """So many months later, on the last day of a month that is too short."""
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return wall.replace(year=year, month=month + 1, day=min(wall.day, last))


def _utc(wall: datetime) -> datetime:
    return from_local(wall.replace(tzinfo=None))
