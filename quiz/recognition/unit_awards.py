"""Prizes of units: proposed from a published sheet of units, and awarded by a signed decision."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from quiz.accounts.models import Account
from quiz.contests.rule_set import CollectiveRules
from quiz.errors import Refusal
from quiz.ranking import unit_sheet_queries, unit_sheets
from quiz.ranking.unit_models import UnitSheet
from quiz.recognition import queries, service
from quiz.recognition.models import Decision
from quiz.recognition.refusals import RecognitionRefusal
from quiz.recognition.service import DecisionData, ProposedPrizes, ProposedWinner


def propose(sheet: UnitSheet) -> ProposedPrizes:
    """The units that would get a prize, as the sheet says; where the rules rank by block each block has all prizes."""
    rules = CollectiveRules.model_validate(sheet.rules)
    tiers = {tier.code: tier for tier in rules.prizes}
    rows = unit_sheet_queries.unit_standings(sheet.id, None, limit=sheet.units)
    winners = [
        ProposedWinner(
            unit_id=row.unit_id,
            name=row.name,
            belongs_to=row.block if rules.by_block else "",
            place=row.place,
            tied=row.tied,
            tier=row.prize,
            tier_name=tiers[row.prize].name,
            amount=tiers[row.prize].amount,
            contested=row.contested,
        )
        for row in rows
        if row.prize and row.place is not None
    ]
    blocks = {row.block for row in rows if row.place is not None} if rules.by_block else {""}
    of_one = sum(tier.quota for tier in rules.prizes)
    beyond = sum(
        max(0, sum(1 for w in winners if not rules.by_block or w.belongs_to == block) - of_one) for block in blocks
    )
    return ProposedPrizes(winners, of_one * len(blocks), beyond)


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
    decision = service.begin_decision(sheet.contest_id, data, actor, now=now, unit_sheet_id=sheet.id)
    if refusal := why_not_award(sheet) or why_not_signed_on(sheet, data.signed_on, now):
        raise refusal
    of = " · ".join([sheet.name, sheet.round_.name if sheet.round_ is not None else _("Toàn cuộc thi")])
    told = {"unit_sheet": sheet.id, "digest": sheet.digest}
    return service.enter(decision, propose(sheet), of, told, actor, confirmed=data.confirmed, now=now)
