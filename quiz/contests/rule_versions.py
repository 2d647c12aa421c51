"""The versions of an open contest's rules: how a new one is made, and who has read of it.

A version is never edited; the first is written at the opening, or with the first change where it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests import rule_changes
from quiz.contests.drafting import draft_mark, hold
from quiz.contests.models import Contest, ContestState, Entry, Round, RuleNotice, RuleVersion
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_changes import Difference, Situation, Terms
from quiz.contests.rule_set import STORED, RuleSet, rule_set
from quiz.contests.topics import Titles, titles
from quiz.db import db
from quiz.errors import Refusal


def terms_of(contest: Contest) -> Terms:
    return Terms(rule_set(contest), contest.summary, contest.rules_number)


def situation_of(contest: Contest, now: datetime) -> Situation:
    published = frozenset(r.code for r in contest.rounds if r.first_published_at is not None)
    return Situation(rule_set(contest), now, published)


def change_rules(
    contest: Contest,
    terms: Terms,
    actor: Account,
    *,
    why: str,
    seen: str | None = None,
    confirmed: bool = False,
    now: datetime,
) -> RuleVersion:
    """Make these the rules of an open contest, as a new version.

    seen: mark of the rules that the actor has changed (drafting.draft_mark); None does not ask · confirmed: the actor knows
    that people are told.  Raises Refusal(ContestRefusal), the first in the order of the thể lệ.
    """
    _hold_open(contest)
    if seen is not None and draft_mark(contest) != seen:
        raise Refusal(ContestRefusal.RULES_CHANGED_MEANWHILE)
    before = terms_of(contest)
    changed = rule_changes.changes(before, terms, situation_of(contest, now))
    if not changed:
        raise Refusal(ContestRefusal.NOTHING_CHANGED)
    for change in changed:
        if (refusal := change.refusal) is not None:
            raise refusal
    is_harmless = rule_changes.is_harmless(changed)
    if not is_harmless and not confirmed:
        raise Refusal(ContestRefusal.NOT_CONFIRMED)
    latest = _latest_number(contest)
    if latest == 0:
        _write(contest, 1, before.rules, made_at=contest.opened_at or now, made_by_id=None)
        latest = 1
    _store(contest, terms)
    version = _write(
        contest, latest + 1, terms.rules, changes=[[c.place, c.before, c.after] for c in changed],
        is_harmless=is_harmless, why=why, made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    journal.record(
        actor, "rules.changed", contest, now=now, why=why,
        before={c.place: c.before for c in changed},
        after={c.place: c.after for c in changed}
        | {"version": version.number, "is_harmless": is_harmless, "digest": journal.seal(version.rules)},
    )  # fmt: skip
    return version


def _hold_open(contest: Contest) -> None:
    """Lock the contest and its rounds, so that two who change it, or its calendar, come one after the other."""
    hold(contest, ContestState.OPEN, otherwise=ContestRefusal.NOT_OPENED)
    db.session.expire_all()
    db.session.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.id).with_for_update()).all()


def _latest_number(contest: Contest) -> int:
    return db.session.scalar(select(func.max(RuleVersion.number)).where(RuleVersion.contest_id == contest.id)) or 0


def _write(contest: Contest, number: int, rules: RuleSet, **columns: Any) -> RuleVersion:
    version = RuleVersion(contest_id=contest.id, number=number, rules=rules.model_dump(mode="json"), **columns)
    db.session.add(version)
    db.session.flush()
    return version


def _store(contest: Contest, terms: Terms) -> None:
    """Write what has changed; the divisions and rounds are the same ones."""
    rules = terms.rules
    contest.title, contest.summary, contest.rules_number = rules.title, terms.summary, terms.rules_number
    contest.rules = rules.contest.model_dump(mode="json")
    divisions, rounds = {d.code: d for d in rules.divisions}, {r.code: r for r in rules.rounds}
    for division in contest.divisions:
        division.name = divisions[division.code].name
        division.rules = divisions[division.code].rules.model_dump(mode="json")
    for round_ in contest.rounds:
        part = rounds[round_.code]
        round_.name, round_.opens_at, round_.closes_at = part.name, part.opens_at, part.closes_at
        round_.rules = part.rules.model_dump(mode="json")


def versions_of(contest: Contest) -> Sequence[RuleVersion]:
    """All versions, the first one first. Of a contest opened before there were any, the rules as they stand."""
    found = db.session.scalars(
        select(RuleVersion).where(RuleVersion.contest_id == contest.id).order_by(RuleVersion.number)
    ).all()
    return found or [
        RuleVersion(
            contest_id=contest.id, number=1, rules=rule_set(contest).model_dump(mode="json"), changes=[],
            is_harmless=True, why="", made_at=contest.opened_at,
        )
    ]  # fmt: skip


def rules_of(version: RuleVersion) -> RuleSet:
    return RuleSet.model_validate(version.rules, context=STORED)


def differences_of(version: RuleVersion, names: Titles) -> list[Difference]:
    """What this version made to read differently."""
    before = rule_changes.undone(version.rules, version.changes)
    return rule_changes.differences(before, rules_of(version), names)


def latest_told(contest_id: int) -> RuleVersion | None:
    """The latest change that people were told of."""
    return db.session.scalars(
        select(RuleVersion)
        .where(RuleVersion.contest_id == contest_id, RuleVersion.is_harmless.is_(False))
        .order_by(RuleVersion.number.desc())
        .limit(1)
    ).first()


def unread(entry: Entry) -> Sequence[RuleVersion]:
    """Changes since the registration that the person has not read of yet, the oldest first."""
    has_read = select(RuleNotice.version_id).where(RuleNotice.entry_id == entry.id)
    return db.session.scalars(
        select(RuleVersion)
        .where(
            RuleVersion.contest_id == entry.contest_id,
            RuleVersion.is_harmless.is_(False),
            RuleVersion.made_at >= entry.registered_at,
            RuleVersion.id.not_in(has_read),
        )
        .order_by(RuleVersion.number)
    ).all()


def notices(entry: Entry | None) -> list[tuple[RuleVersion, list[Difference]]]:
    """What a visitor has still to read, each change with its sentences."""
    found = unread(entry) if entry is not None else []
    names = titles() if found else None
    return [(version, differences_of(version, names)) for version in found if names is not None]


def mark_read(entry: Entry, version: RuleVersion, *, now: datetime) -> None:
    """Note that the person has read of a change; a second click changes nothing."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    row = {"entry_id": entry.id, "version_id": version.id, "read_at": now}
    db.session.execute(insert(RuleNotice).values(row).on_conflict_do_nothing())


def harmless_list() -> list[tuple[Any, Any]]:
    """[(field, when a change of it is harmless), …] as organizers read it."""
    return [(rule.title, rule.harmless) for rule in rule_changes.FIELDS.values() if rule.harmless]
