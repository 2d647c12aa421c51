"""Prizes of units: proposed from a published sheet of units, and awarded by a signed decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from quiz.accounts.models import Account
from quiz.contests.rule_set import CollectiveRules
from quiz.db import insert_unless_taken
from quiz.errors import Refusal
from quiz.ranking import unit_sheet_queries, unit_sheets
from quiz.ranking.unit_models import UnitSheet
from quiz.recognition import queries, service
from quiz.recognition.models import Award, Decision
from quiz.recognition.refusals import RecognitionRefusal
from quiz.recognition.service import DecisionData, Holder


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """belongs_to: its block, where units are ranked by block"""

    unit_id: int
    name: str
    belongs_to: str
    place: int
    tied: bool
    tier: str
    tier_name: str
    amount: int
    contested: bool
    replaces: bool = False  # caps look at people


@dataclass(frozen=True, slots=True)
class ProposedUnits:
    """winners: in the order of the sheet · quota: of all blocks · beyond_quota: how many more prizes than that"""

    winners: Sequence[ProposedUnit]
    quota: int
    beyond_quota: int
    skipped: Sequence[object] = ()

    @property
    def contested(self) -> Sequence[ProposedUnit]:
        return [winner for winner in self.winners if winner.contested]

    @property
    def needs_confirmation(self) -> bool:
        return self.beyond_quota > 0 or bool(self.contested)


def propose(sheet: UnitSheet) -> ProposedUnits:
    """The units that would get a prize, as the sheet says; where the rules rank by block each block has all prizes."""
    rules = CollectiveRules.model_validate(sheet.rules)
    tiers = {tier.code: tier for tier in rules.prizes}
    rows = unit_sheet_queries.unit_standings(sheet.id, None, limit=sheet.units)
    winners = [
        ProposedUnit(
            row.unit_id, row.name, row.block if rules.by_block else "", row.place, row.tied, row.prize,
            tiers[row.prize].name, tiers[row.prize].amount, row.contested,
        )
        for row in rows
        if row.prize and row.place is not None
    ]  # fmt: skip
    blocks = {row.block for row in rows if row.place is not None} if rules.by_block else {""}
    of_one = sum(tier.quota for tier in rules.prizes)
    beyond = sum(
        max(0, sum(1 for w in winners if not rules.by_block or w.belongs_to == block) - of_one) for block in blocks
    )
    return ProposedUnits(winners, of_one * len(blocks), beyond)


def why_not_award(sheet: UnitSheet) -> Refusal | None:
    """What stands against awarding prizes by this sheet now; whether it was done already is settled by the insert."""
    if sheet.published_at is None:
        return Refusal(RecognitionRefusal.UNITS_NOT_PUBLISHED)
    newest = unit_sheet_queries.published_unit_sheet(sheet.contest_id, sheet.scope, sheet.code)
    if newest is not None and newest.id != sheet.id:
        return Refusal(RecognitionRefusal.UNITS_NEWER_SHEET)
    if unit_sheets.changed_parts(sheet):
        return Refusal(RecognitionRefusal.UNITS_OUT_OF_DATE)
    if earlier := queries.standing_decision_of_units(sheet):
        return Refusal(RecognitionRefusal.EARLIER_DECISION_STANDS, number=earlier.number)
    return None


def why_not_signed_on(sheet: UnitSheet, signed_on: date, now: datetime) -> Refusal | None:
    return service.why_not_signed_between(unit_sheets.competition_of(sheet).rounds, signed_on, now)


def award(sheet: UnitSheet, data: DecisionData, actor: Account, *, now: datetime) -> Decision:
    """Enter the signed decision, its awards to units and their certificates. Raises Refusal(RecognitionRefusal)."""
    decision = service.new_decision(sheet.contest_id, data, actor, now)
    decision.unit_sheet_id = sheet.id
    if not insert_unless_taken(decision):
        raise Refusal(RecognitionRefusal.ALREADY_AWARDED)
    if refusal := why_not_award(sheet) or why_not_signed_on(sheet, data.signed_on, now):
        raise refusal
    proposed = propose(sheet)
    if not proposed.winners:
        raise Refusal(RecognitionRefusal.NOBODY_TO_AWARD)
    if proposed.needs_confirmation and not data.confirmed:
        raise Refusal(RecognitionRefusal.NOT_CONFIRMED)
    of = " · ".join([sheet.name, sheet.round_.name if sheet.round_ is not None else _("Toàn cuộc thi")])
    given = [
        (
            Award(
                decision_id=decision.id,
                unit_id=winner.unit_id,
                position=position,
                place=winner.place,
                tier=winner.tier,
                tier_name=winner.tier_name,
                amount=winner.amount,
            ),
            Holder(winner.name, winner.belongs_to),
        )
        for position, winner in enumerate(proposed.winners, 1)
    ]
    told = {
        "unit_sheet": sheet.id,
        "digest": sheet.digest,
        "beyond_quota": proposed.beyond_quota,
        "contested": len(proposed.contested),
    }
    return service.enter(decision, given, of, told, actor, now=now)
