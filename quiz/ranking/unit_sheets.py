"""Sheets of units: made from the result sheets of people, numbered, never edited, published beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests.models import Contest, Round
from quiz.contests.rule_set import CollectiveRules, contest_rules, tiers_of
from quiz.db import db, insert_many, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import local
from quiz.marking.queries import annulment_counts
from quiz.ranking import endings, prizes, queries, tallies, unit_sheet_queries
from quiz.ranking.models import Lot, Ranking
from quiz.ranking.tallies import Stated, Tree
from quiz.ranking.unit_models import FORM, UnitQuality, UnitSheet, UnitStanding
from quiz.ranking.unit_refusals import UnitSheetRefusal
from quiz.ranking.unit_working import canonical, digest, stated_json, step_json, tally_json
from quiz.rules import collective
from quiz.rules.collective import Denominator, Formula, UnitResult
from quiz.rules.counting import Overall
from quiz.rules.prediction import Scope
from quiz.rules.prizes import Proposal, Ranked
from quiz.rules.prizes import propose as propose_along

NAMED = 5  # result sheets named in a refusal


@dataclass(frozen=True, slots=True)
class Competition:
    """One collective competition where it is held: in a round, or with None in the whole contest."""

    contest: Contest
    round_: Round | None
    rules: CollectiveRules

    @property
    def scope(self) -> int:
        return self.round_.id if self.round_ is not None else 0

    @property
    def rounds(self) -> Sequence[Round]:
        return [self.round_] if self.round_ is not None else self.contest.rounds

    @property
    def counted_on(self) -> date:
        """The day whose headcounts count: that of the last close."""
        return local(max(round_.closes_at for round_ in self.rounds)).date()

    @property
    def asks_quality(self) -> bool:
        return self.rules.formula is Formula.COMPOSITE and self.rules.weights.quality > 0


def competitions(contest: Contest) -> list[Competition]:
    """All competitions of a contest, those of rounds once for each round."""
    found: list[Competition] = []
    for rules in contest_rules(contest).collective:
        rounds: Sequence[Round | None] = contest.rounds if rules.scope is Scope.ROUND else [None]
        found += [Competition(contest, round_, rules) for round_ in rounds]
    return found


def competition_of(sheet: UnitSheet) -> Competition:
    """The competition that a sheet was made for, by its rules of today; by those of the sheet where it is gone."""
    now = next((c for c in contest_rules(sheet.contest).collective if c.code == sheet.code), None)
    return Competition(sheet.contest, sheet.round_, now or CollectiveRules.model_validate(sheet.rules))


# What a sheet is made from


class Known:
    """What several competitions of one contest look at, read once for all of them."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self._headcounts: dict[date, dict[Denominator, dict[int, Stated]]] = {}

    @cached_property
    def tree(self) -> Tree:
        return tallies.tree()

    @cached_property
    def sheets(self) -> dict[tuple[int | None, int], Ranking]:
        """(round or None, division) → the latest result sheet"""
        return {(s.round_id, s.division_id): s for s in queries.latest_sheets(self.contest)}

    @cached_property
    def out_of_date(self) -> set[int]:
        counts = annulment_counts([r.id for r in self.contest.rounds])
        return {sheet.id for sheet in self.sheets.values() if queries.is_out_of_date(sheet, counts)}

    def headcounts(self, on: date) -> dict[Denominator, dict[int, Stated]]:
        if on not in self._headcounts:
            self._headcounts[on] = tallies.headcounts(on)
        return self._headcounts[on]


@dataclass(frozen=True, slots=True)
class Sources:
    """sheets: the latest result sheets, in the order of the rounds, the whole contest last; those of earlier rounds are
    among them where caps look at what people hold · counted: ids of those whose prizes count · missing, out_of_date:
    names of counted sheets that are not there, or not right any more
    """

    sheets: Sequence[Ranking]
    counted: Sequence[int]
    missing: Sequence[str]
    out_of_date: Sequence[str]


def sources(competition: Competition, known: Known) -> Sources:
    rules = contest_rules(competition.contest)
    wanted: list[Round | None] = list(competition.rounds)
    if competition.round_ is None and rules.overall.how is not Overall.NONE:
        wanted.append(None)
    sheets, counted, missing, old = _held_before(competition, known), [], [], []
    for round_ in wanted:
        for division in competition.contest.divisions:
            sheet = known.sheets.get((round_.id if round_ is not None else None, division.id))
            name = f"{round_.name if round_ is not None else _('Toàn cuộc thi')}, {division.name}"
            if sheet is None:
                missing.append(name)
                continue
            sheets.append(sheet)
            counted.append(sheet.id)
            if sheet.id in known.out_of_date:
                old.append(name)
    return Sources(sheets, counted, missing, old)


def _held_before(competition: Competition, known: Known) -> list[Ranking]:
    """Sheets of earlier rounds, where the caps of the rules look at what people have won already."""
    caps, at = contest_rules(competition.contest).prize_rules, competition.round_
    if at is None or not (caps.one_per_person or caps.one_per_period):
        return []
    before = [r.id for r in competition.contest.rounds if r.position < at.position]
    found = [known.sheets.get((round_id, d.id)) for round_id in before for d in competition.contest.divisions]
    return [sheet for sheet in found if sheet is not None]


def basis(competition: Competition, found: Sources, known: Known) -> dict[str, str]:
    """Part of what a sheet is made from → a digest that changes with it: results, units, headcounts, quality, rules."""
    lots = db.session.scalar(
        select(func.count()).select_from(Lot).where(Lot.ranking_id.in_([s.id for s in found.sheets]))
    )
    stated = known.headcounts(competition.counted_on)
    parts: dict[str, Any] = {
        "results": [[s.id for s in found.sheets], lots, list(found.out_of_date)],
        # a unit in or below no competing one changes nothing
        "units": [
            [id_, known.tree.units[id_].block, above] for id_, above in sorted(known.tree.counts_for.items()) if above
        ],
        "headcounts": [
            [d.value, sorted([u, s.people, s.last.isoformat()] for u, s in own.items())] for d, own in stated.items()
        ],
        "quality": sorted(_quality(competition).items()),
        "rules": [competition.rules.model_dump(mode="json"), _individual_prizes(competition.contest, found)],
    }
    return {name: hashlib.sha256(canonical(part).encode()).hexdigest()[:16] for name, part in parts.items()}


def _individual_prizes(contest: Contest, found: Sources) -> list[Any]:
    """What decides who wins by the sheets of people: they do not say it themselves."""
    rules = contest_rules(contest)
    tiers = [[t.model_dump() for t in prizes.prizes_of(s.division, s.round_)] for s in found.sheets]
    return [rules.prize_rules.model_dump(), rules.counted.value, tiers]


def changed_parts(sheet: UnitSheet, known: Known | None = None) -> list[str]:
    """The parts of its basis that are not what they were; a sheet with any is out of date."""
    competition, known = competition_of(sheet), known or Known(sheet.contest)
    now = basis(competition, sources(competition, known), known)
    return [name for name, value in now.items() if sheet.basis.get(name) != value]


def _quality(competition: Competition) -> dict[int, int]:
    if not competition.asks_quality:
        return {}
    return unit_sheet_queries.quality_of(competition.contest.id, competition.scope, competition.rules.code)


# Making and publishing


def make_unit_sheet(
    contest: Contest, round_: Round | None, rules: CollectiveRules, actor: Account, *, now: datetime
) -> UnitSheet:
    """Rank the units for good by one collective competition, in a round or with None in the whole contest.

    The result sheets of people must all be there and still be right: their prizes count.  Raises
    Refusal(UnitSheetRefusal | RankingRefusal).
    """
    competition = Competition(contest, round_, rules)
    endings.must_have_ended(competition.rounds, now)
    known = Known(contest)
    found = sources(competition, known)
    if found.missing:
        raise Refusal(UnitSheetRefusal.SHEETS_MISSING, names=_named(found.missing))
    if found.out_of_date:
        raise Refusal(UnitSheetRefusal.SHEETS_OUT_OF_DATE, names=_named(found.out_of_date))
    if not known.tree.competing:
        raise Refusal(UnitSheetRefusal.NO_UNITS)
    # read before the attempts: what changes in between makes the sheet out of date, never silently wrong
    made_from = basis(competition, found, known)
    latest = unit_sheet_queries.latest_unit_sheet(contest.id, competition.scope, rules.code)
    if latest is not None and latest.basis == made_from:
        raise Refusal(UnitSheetRefusal.STILL_RIGHT, number=latest.number)
    rows = list(_rows(competition, found, known))
    dumped = rules.model_dump(mode="json")
    sheet = UnitSheet(
        contest_id=contest.id,
        round_id=round_.id if round_ is not None else None,
        scope=competition.scope,
        code=rules.code,
        number=latest.number + 1 if latest else 1,
        rules=dumped,
        tier_names=_tier_names(found.sheets),
        round_names=[r.name for r in competition.rounds],
        counted_on=competition.counted_on,
        units=len(rows),
        basis=made_from,
        sources=list(found.counted),
        digest=digest(dumped, rows),
        form=FORM,
        made_at=now,
        made_by_id=actor.id,
    )
    if not insert_unless_taken(sheet):
        raise Refusal(UnitSheetRefusal.MADE_MEANWHILE)
    insert_many(UnitStanding.__table__, [{"sheet_id": sheet.id, **row} for row in rows])
    journal.record(actor, "unit_sheet.made", f"unit_sheet:{sheet.id}", now=now, after=told(sheet))
    return db.session.get_one(UnitSheet, sheet.id)


def _named(names: Sequence[str]) -> str:
    shown = "; ".join(names[:NAMED])
    return _("%(names)s và %(n)s bảng khác", names=shown, n=len(names) - NAMED) if len(names) > NAMED else shown


def _tier_names(sheets: Sequence[Ranking]) -> dict[str, str]:
    names: dict[str, str] = {}
    for sheet in sheets:
        names = prizes.names_of(sheet) | names
    return names


def _rows(competition: Competition, found: Sources, known: Known) -> Iterator[dict[str, Any]]:
    """The rows of the sheet without its id, in order."""
    facts = tallies.gather(
        competition.contest,
        [r.id for r in competition.rounds],
        known.tree,
        known.headcounts(competition.counted_on),
        tallies.winners(found.sheets, found.counted),
        _quality(competition),
    )
    results = in_blocks(collective.rank_units(facts.tallies, competition.rules.scheme), competition.rules)
    given = propose(results, competition.rules)
    tally_of = {tally.unit_id: tally for tally in facts.tallies}
    for position, result in enumerate(results, 1):
        prize = given.get(result.unit_id)
        yield {
            "position": position,
            "unit_id": result.unit_id,
            "name": known.tree.units[result.unit_id].name,
            "block": result.block,
            "place": result.place,
            "tied": result.tied,
            "value": str(result.value) if result.value is not None else None,
            "prize": prize.tier.code if prize else "",
            "contested": bool(prize and prize.contested),
            "tally": tally_json(tally_of[result.unit_id]),
            "stated": stated_json(facts.stated[result.unit_id]),
            "steps": [step_json(step) for step in result.steps],
        }


def in_blocks(results: Sequence[UnitResult], rules: CollectiveRules) -> list[UnitResult]:
    """The order of a sheet: block by block where the rules rank by block, those not ranked last in theirs."""
    if not rules.by_block:
        return list(results)
    return sorted(results, key=lambda r: r.block)  # keeps the order inside a block: ranked first


def propose(results: Sequence[UnitResult], rules: CollectiveRules) -> dict[int, Proposal]:
    """Unit → the prize it would get along the places; where the rules rank by block each block has all prizes."""
    tiers = tiers_of(rules.prizes)
    ranked: dict[str, list[Ranked]] = {}
    for result in results:
        if result.place is not None:
            block = ranked.setdefault(result.block if rules.by_block else "", [])
            block.append(Ranked(position=len(block) + 1, place=result.place, tied=result.tied, entry_id=result.unit_id))
    return {p.standing.entry_id: p for block in ranked.values() for p in propose_along(block, tiers).given}


def publish_unit_sheet(sheet: UnitSheet, actor: Account, *, now: datetime) -> None:
    """Show the sheet to everybody.  Raises Refusal(UnitSheetRefusal)."""
    if sheet.published_at is not None:
        raise Refusal(UnitSheetRefusal.ALREADY_PUBLISHED)
    latest = unit_sheet_queries.latest_unit_sheet(sheet.contest_id, sheet.scope, sheet.code)
    if latest is not None and latest.number > sheet.number:
        raise Refusal(UnitSheetRefusal.NEWER_EXISTS, number=latest.number)
    if changed_parts(sheet):
        raise Refusal(UnitSheetRefusal.OUT_OF_DATE)
    if waiting := unpublished_sources(sheet):
        raise Refusal(UnitSheetRefusal.SHEETS_NOT_PUBLISHED, names=_named(waiting))
    published = db.session.execute(
        update(UnitSheet)
        .where(UnitSheet.id == sheet.id, UnitSheet.published_at.is_(None))
        .values(published_at=now, published_by_id=actor.id)
        .returning(UnitSheet.id)
    ).one_or_none()
    if published is None:
        raise Refusal(UnitSheetRefusal.ALREADY_PUBLISHED)
    db.session.refresh(sheet)
    journal.record(actor, "unit_sheet.published", f"unit_sheet:{sheet.id}", now=now, after=told(sheet))


def unpublished_sources(sheet: UnitSheet) -> list[str]:
    """The result sheets behind it that are not out yet."""
    waiting = db.session.scalars(
        select(Ranking).where(Ranking.id.in_(sheet.sources), Ranking.published_at.is_(None)).order_by(Ranking.id)
    )
    whole = _("Toàn cuộc thi")
    return [f"{s.round_.name if s.round_ is not None else whole}, {s.division.name}" for s in waiting]


def told(sheet: UnitSheet) -> dict[str, Any]:
    """A sheet as the journal tells of it."""
    return {
        "contest": sheet.contest_id, "round": sheet.round_id, "code": sheet.code, "number": sheet.number,
        "units": sheet.units, "counted_on": sheet.counted_on.isoformat(), "sources": sheet.sources,
        "digest": sheet.digest, "seal": journal.seal(sheet.tier_names, sheet.round_names, sheet.basis),
    }  # fmt: skip


# Points for quality


@dataclass(frozen=True, slots=True)
class QualityPoints:
    points: int
    note: str = ""


def give_quality(
    competition: Competition, given: Mapping[int, QualityPoints], actor: Account, *, now: datetime
) -> list[int]:
    """Write a judge's points for quality where they differ from the last ones; gives the units that changed.

    given: competing unit → points 0–100 and why.  Raises Refusal(UnitSheetRefusal).
    """
    if not competition.asks_quality:
        raise Refusal(UnitSheetRefusal.QUALITY_NOT_ASKED)
    tree = tallies.tree()
    names = {unit.id: unit.name for unit in tree.competing}
    last = unit_sheet_queries.quality_rows(competition.contest.id, competition.scope, competition.rules.code)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changed: list[int] = []
    for unit_id, new in given.items():
        old = last.get(unit_id)
        if unit_id not in names or (old is not None and (old.points, old.note) == (new.points, new.note)):
            continue
        row = UnitQuality(
            contest_id=competition.contest.id,
            scope=competition.scope,
            code=competition.rules.code,
            unit_id=unit_id,
            number=old.number + 1 if old is not None else 1,
            points=new.points,
            note=new.note,
            given_at=now,
            given_by_id=actor.id,
        )
        if not insert_unless_taken(row):
            raise Refusal(UnitSheetRefusal.QUALITY_CHANGED_MEANWHILE, unit=names[unit_id])
        before[str(unit_id)] = [old.points, old.note] if old is not None else None
        after[str(unit_id)] = [new.points, new.note]
        changed.append(unit_id)
    if changed:
        subject = f"contest:{competition.contest.id}"
        where = {"code": competition.rules.code, "scope": competition.scope}
        journal.record(
            actor, "unit_quality.given", subject, now=now,
            before={**where, "units": before}, after={**where, "units": after},
        )  # fmt: skip
    return changed
