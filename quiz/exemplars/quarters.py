"""Quarters: opened for nominations, their calendar and units, reminders, and who confirms for a unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import holidays
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from quiz import jobs, journal
from quiz.accounts import contacts
from quiz.accounts.models import Account, OrgUnit
from quiz.accounts.queries import account_by_sign_in_name
from quiz.db import db, insert_unless_taken, transaction
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars.nomination_models import Nomination, NominationState, Quarter, QuarterUnit, Reminder, UnitHead
from quiz.exemplars.nomination_refusals import QuarterRefusal
from quiz.formats import LOCAL, local
from quiz.rules import quarters as rules
from quiz.rules.quarters import YearQuarter
from quiz.rules.working_days import WorkingDays

STEPS = (
    "nominations_due_at", "confirmation_due_at", "consolidation_due_at", "vote_due_at", "recommendation_due_at",
    "publication_due_at",
)  # fmt: skip
REMIND_BEFORE_DAYS = (7, 2)


@cache
def working_days(year: int) -> WorkingDays:
    """The working days of a year and of the one after it, for terms that run over New Year."""
    calendar = holidays.country_holidays("VN", years=(year, year + 1))
    return WorkingDays(frozenset(calendar), frozenset(calendar.weekend_workdays))


def default_deadlines(of: YearQuarter) -> rules.Deadlines:
    return rules.deadlines(of, LOCAL, working_days(of.year))


def leaf_units() -> list[OrgUnit]:
    """The units with none below them: those asked unless the office says otherwise."""
    below = OrgUnit.__table__.alias()
    has_below = exists().where(below.c.parent_id == OrgUnit.id)
    return list(db.session.scalars(select(OrgUnit).where(~has_below).order_by(OrgUnit.id)))


def open_quarter(of: YearQuarter, actor: Account, *, now: datetime) -> Quarter:
    """Ask units for exemplars of a quarter, by the usual calendar.  Raises Refusal(QuarterRefusal)."""
    due = default_deadlines(of)
    units = leaf_units()
    if not units:
        raise Refusal(QuarterRefusal.NO_UNITS)
    quarter = Quarter(
        year=of.year, n=of.n, nominations_due_at=due.nominations, confirmation_due_at=due.confirmation,
        consolidation_due_at=due.consolidation, comment_days=rules.COMMENT_DAYS, vote_due_at=due.vote,
        recommendation_due_at=due.recommendation, publication_due_at=due.publication, opened_at=now,
        opened_by_id=actor.id, decision="",
    )  # fmt: skip
    if not insert_unless_taken(quarter):
        raise Refusal(QuarterRefusal.OPENED_ALREADY)
    quarter = db.session.get_one(Quarter, quarter.id)
    db.session.add_all([QuarterUnit(quarter_id=quarter.id, org_unit_id=unit.id) for unit in units])
    db.session.flush()
    after = {"quarter": quarter.name, "units": [u.id for u in units], **_calendar(quarter)}
    journal.record(actor, "quarter.opened", quarter, now=now, after=after)
    return quarter


def change_calendar(quarter: Quarter, values: Mapping[str, Any], actor: Account, *, why: str, now: datetime) -> None:
    """values: of STEPS and comment_days.  Raises Refusal(QuarterRefusal)."""
    moments = [values.get(step, getattr(quarter, step)) for step in STEPS]
    if moments != sorted(moments):
        raise Refusal(QuarterRefusal.STEPS_OUT_OF_ORDER)
    before = _calendar(quarter)
    for name in (*STEPS, "comment_days"):
        if name in values:
            setattr(quarter, name, values[name])
    db.session.flush()
    if (after := _calendar(quarter)) != before:
        journal.record(actor, "quarter.calendar_changed", quarter, now=now, before=before, after=after, why=why)


def set_units(quarter: Quarter, unit_ids: Collection[int], actor: Account, *, why: str, now: datetime) -> None:
    """Say which units are asked.  Raises Refusal(QuarterRefusal)."""
    units = list(db.session.scalars(select(OrgUnit).where(OrgUnit.id.in_(set(unit_ids))).order_by(OrgUnit.id)))
    if not units:
        raise Refusal(QuarterRefusal.NO_UNITS)
    before = [u.id for u in quarter.units]
    kept = {u.id for u in units}
    has_nominations = exists().where(
        Nomination.org_unit_id == OrgUnit.id,
        Nomination.quarter_id == quarter.id,
        Nomination.state != NominationState.WITHDRAWN,
    )
    dropped = select(OrgUnit.name).where(OrgUnit.id.in_(set(before) - kept), has_nominations).order_by(OrgUnit.id)
    if name := db.session.scalars(dropped).first():
        raise Refusal(QuarterRefusal.UNIT_HAS_NOMINATIONS, unit=name)
    if kept != set(before):
        quarter.units = units
        db.session.flush()
        after = {"units": sorted(kept)}
        journal.record(actor, "quarter.units_changed", quarter, now=now, before={"units": before}, after=after, why=why)


def _calendar(quarter: Quarter) -> dict[str, Any]:
    return {step: getattr(quarter, step).isoformat() for step in STEPS} | {"comment_days": quarter.comment_days}


# Reminders


def remind_now(quarter: Quarter, actor: Account, *, now: datetime) -> int:
    """Remind the units that have sent nothing, each once a day; gives how many.  Raises Refusal(QuarterRefusal)."""
    reminded = _remind(quarter, local(now).date().isoformat(), actor, now)
    if not reminded:
        raise Refusal(QuarterRefusal.NOBODY_TO_REMIND)
    return reminded


def _remind(quarter: Quarter, occasion: str, actor: Account | None, now: datetime) -> int:
    reminded = [
        unit.id
        for unit in queries.units_without(quarter)
        if insert_unless_taken(Reminder(quarter_id=quarter.id, org_unit_id=unit.id, occasion=occasion, at=now))
    ]
    if reminded:
        after = {"quarter": quarter.name, "occasion": occasion, "units": reminded}
        journal.record(actor, "quarter.units_reminded", quarter, now=now, after=after)
    return len(reminded)


@jobs.chore("nomination reminders", every=timedelta(minutes=30))
def remind_in_time(clock: jobs.Clock) -> None:
    """Remind units seven and two days before the end; a quarter that was opened later than that is not reminded of it."""
    now = clock()
    with transaction():
        for quarter in db.session.scalars(select(Quarter).where(Quarter.nominations_due_at > now)).all():
            passed = [d for d in REMIND_BEFORE_DAYS if now >= quarter.nominations_due_at - timedelta(days=d)]
            if passed and quarter.opened_at < quarter.nominations_due_at - timedelta(days=min(passed)):
                _remind(quarter, str(min(passed)), None, now)


# Heads of units


def name_head(unit: OrgUnit, sign_in_name: str, actor: Account, *, now: datetime) -> Account:
    """Say that a person confirms what a unit sends.  Raises Refusal(QuarterRefusal)."""
    account = account_by_sign_in_name(*contacts.sign_in_name(sign_in_name))
    if account is None or not account.is_active:
        raise Refusal(QuarterRefusal.NO_SUCH_PERSON)
    try:
        with db.session.begin_nested():
            db.session.add(UnitHead(org_unit_id=unit.id, account_id=account.id, named_at=now, named_by_id=actor.id))
    except IntegrityError:
        raise Refusal(QuarterRefusal.HEAD_NAMED_ALREADY) from None
    after = {"unit": unit.id, "head": account.id}
    journal.record(actor, "unit.head_named", f"org_unit:{unit.id}", now=now, after=after)
    return account


def dismiss_head(head: UnitHead, actor: Account, *, now: datetime) -> None:
    gone = delete(UnitHead).where(UnitHead.org_unit_id == head.org_unit_id, UnitHead.account_id == head.account_id)
    before = {"unit": head.org_unit_id, "head": head.account_id}
    if db.session.execute(gone.returning(UnitHead.account_id)).one_or_none() is not None:
        journal.record(actor, "unit.head_dismissed", f"org_unit:{head.org_unit_id}", now=now, before=before)
