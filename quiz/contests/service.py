"""What people do to a contest once its draft is made: open it, close or extend its rounds, register for it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quiz import journal
from quiz.accounts import places
from quiz.accounts.models import Account
from quiz.banks.queries import wrote_any
from quiz.banks.versions import contents
from quiz.contests import queries
from quiz.contests.drafting import must_be_as_seen
from quiz.contests.models import Contest, ContestState, Division, Entry, Pool, Qualification, Round, RuleVersion
from quiz.contests.pool_plan import PlannedPool, planned_pools
from quiz.contests.pools import candidates_of, pools_of
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import RuleSet, contest_rules, division_rules, round_rules, rule_set
from quiz.contests.topics import LEVEL_TEXTS, titles
from quiz.db import Moment, db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import day, local
from quiz.rules import drawing, eligibility, records
from quiz.rules.clock import RoundPhase, phase
from quiz.rules.commitment import commitment, pool_digest, pool_rows
from quiz.rules.drawing import Cell
from quiz.rules.eligibility import EntryRefusal

_STEP = 500  # entries named in one statement


def open_contest(contest: Contest, actor: Account, *, now: datetime, seen: str | None = None) -> None:
    """Make a draft public and fix it: freeze the pools, draw the secrets, publish the commitments.

    seen: mark of the draft that the actor has previewed; None does not ask.
    Raises Refusal(ContestRefusal); the caller's transaction then leaves the draft as it was.
    """
    opened = db.session.execute(
        update(Contest)
        .where(Contest.id == contest.id, Contest.state == ContestState.DRAFT)
        .values(state=ContestState.OPEN, opened_at=now)
        .returning(Contest.id)
    ).one_or_none()
    if opened is None:
        raise Refusal(ContestRefusal.OPENED_ALREADY)
    # the UPDATE holds the row: what is read from here on is what becomes fixed
    db.session.expire_all()
    must_be_as_seen(contest, seen)
    try:
        rules = RuleSet.model_validate(rule_set(contest).model_dump())
    except ValidationError:
        raise Refusal(ContestRefusal.INCOMPLETE) from None
    for round_ in contest.rounds:
        if phase(round_.window, now) is RoundPhase.CLOSED:
            raise Refusal(ContestRefusal.ROUND_IS_OVER, round=round_.name)
    for round_ in contest.rounds:
        round_.secret = secrets.token_hex(32)
    pools = _freeze_pools(contest, rules, now)
    for round_ in contest.rounds:
        assert round_.secret is not None
        digests = {d.code: pools.get((d.code, round_.code)) or pools[d.code, None] for d in contest.divisions}
        round_.commitment = commitment(round_.code, digests, items_of_round(round_), round_.secret)
    said = {v: content for r in contest.rounds for v, content in contents_of_round(r).items()}
    written = rules.model_dump(mode="json")
    db.session.add(RuleVersion(contest_id=contest.id, number=1, rules=written, made_at=now, made_by_id=actor.id))
    db.session.flush()
    after = {
        "rules": written,
        "pools": {"/".join(filter(None, names)): digest for names, digest in pools.items()},
        "commitments": {r.code: r.commitment for r in contest.rounds},
        "items": {str(v): records.content_digest(content) for v, content in said.items()},
        "summary": contest.summary,
        "rules_number": contest.rules_number,
        "seals": True,  # from here on the journal tells of every row that is written in office
    }
    journal.record(actor, "contest.opened", contest, now=now, before={"state": "draft"}, after=after)


def _freeze_pools(contest: Contest, rules: RuleSet, now: datetime) -> dict[tuple[str, str | None], str]:
    """Store what papers may draw from; gives (code of the division, code of the round or None) → digest.

    Raises Refusal(BANK_TOO_SMALL, ROUND_BANK_TOO_SMALL or SHARE_TOO_SMALL).
    """
    divisions, rounds = {d.code: d.id for d in contest.divisions}, {r.code: r.id for r in contest.rounds}
    digests: dict[tuple[str, str | None], str] = {}
    for pool in planned_pools(rules, drawing.split_seed([r.secret or "" for r in contest.rounds])):
        for cell, available in pool.shortage:
            raise _too_small(pool, cell, available)
        code = pool.round_.code if pool.round_ else None
        rows = pool_rows(pool.candidates)
        digests[pool.division.code, code] = digest = pool_digest(rows)
        db.session.add(
            Pool(
                division_id=divisions[pool.division.code],
                round_id=rounds[code] if code else None,
                candidates=rows,
                digest=digest,
                frozen_at=now,
            )
        )
    return digests


def items_of_round(round_: Round) -> str:
    """The digest of what the items say that papers of a round may hold (rules.records.items_digest)."""
    return records.items_digest(contents_of_round(round_))


def contents_of_round(round_: Round) -> dict[int, dict[str, Any]]:
    """Version id → what it says, of all items that papers of a round may hold."""
    versions: set[int] = set()
    for division in round_.contest.divisions:
        of = (Pool.division_id == division.id, or_(Pool.round_id == round_.id, Pool.round_id.is_(None)))
        rows = db.session.scalars(select(Pool.candidates).where(*of).order_by(Pool.round_id.is_(None)).limit(1)).one()
        versions |= {row[0] for row in rows}
    return contents(versions)


def _too_small(pool: PlannedPool, cell: Cell, available: int) -> Refusal:
    named = {
        "division": pool.division.name,
        "topic": titles().topic(cell.bank, cell.topic),
        "level": LEVEL_TEXTS[cell.level],
        "asked": cell.count,
        "available": available,
    }
    if pool.round_ is None:
        return Refusal(ContestRefusal.BANK_TOO_SMALL, **named)
    reason = ContestRefusal.SHARE_TOO_SMALL if pool.is_share else ContestRefusal.ROUND_BANK_TOO_SMALL
    return Refusal(reason, round=pool.round_.name, **named)


def change_summary(contest: Contest, actor: Account, summary: str, *, now: datetime) -> None:
    """Of an open contest only the introduction may still change: it decides no place."""
    if contest.state != ContestState.OPEN:
        raise Refusal(ContestRefusal.NOT_OPENED)
    before, contest.summary = contest.summary, summary
    db.session.flush()
    journal.record(actor, "contest.summary_changed", contest, now=now, before=before, after=summary)


def close_round(round_: Round, actor: Account, *, why: str, now: datetime) -> None:
    """Close an open round before its time. Attempts that are running keep the deadline they were promised.

    Raises Refusal(ContestRefusal).
    """
    _must_be_public(round_)
    planned = round_.closes_at
    closed = db.session.execute(
        update(Round)
        .where(Round.id == round_.id, Round.opens_at < now, Round.closes_at > now)
        .values(closes_at=now, planned_closes_at=Round.closes_at)
        .returning(Round.id)
    ).one_or_none()
    if closed is None:
        db.session.refresh(round_)
        reason = ContestRefusal.ROUND_CLOSED if now >= round_.closes_at else ContestRefusal.ROUND_NOT_OPEN
        raise Refusal(reason, round=round_.name)
    _note_close(actor, "round.closed", round_, planned, now, why)


def extend_round(round_: Round, actor: Account, *, closes_at: datetime, why: str, now: datetime) -> None:
    """Move the close of a round that has not closed yet to a later moment.  Raises Refusal(ContestRefusal)."""
    _must_be_public(round_)
    before = round_.closes_at
    later = [r for r in round_.contest.rounds if before <= r.opens_at < closes_at and r.id != round_.id]
    if later:
        raise Refusal(ContestRefusal.CLOSE_OVERLAPS, round=round_.name, next=min(later, key=lambda r: r.opens_at).name)
    moved = db.session.execute(
        update(Round)
        .where(Round.id == round_.id, Round.closes_at > now, Round.closes_at < closes_at)
        .values(closes_at=closes_at)
        .returning(Round.id)
    ).one_or_none()
    if moved is None:
        db.session.refresh(round_)
        reason = ContestRefusal.ROUND_CLOSED if now >= round_.closes_at else ContestRefusal.CLOSE_NOT_LATER
        raise Refusal(reason, round=round_.name)
    _note_close(actor, "round.extended", round_, before, now, why)


def admit(round_: Round, entry_ids: Collection[int], actor: Account, *, now: datetime) -> int:
    """Let these entries take part in a round to which only some are admitted; gives how many were not admitted before.

    Entries of other contests are left out. Nobody is taken off the list: who has been told may have begun.
    Raises Refusal(ContestRefusal.NO_ADMISSION).
    """
    if round_rules(round_).admission is None:
        raise Refusal(ContestRefusal.NO_ADMISSION, round=round_.name)
    table: Any = Qualification.__table__
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    asked = sorted(set(entry_ids))
    admitted: list[int] = []
    for start in range(0, len(asked), _STEP):
        entries = select(literal(round_.id), Entry.id, literal(now, Moment), literal(actor.id)).where(
            Entry.contest_id == round_.contest_id, Entry.id.in_(asked[start : start + _STEP])
        )
        columns = ["round_id", "entry_id", "admitted_at", "admitted_by_id"]
        written = insert(table).from_select(columns, entries).on_conflict_do_nothing().returning(table.c.entry_id)
        admitted += db.session.scalars(written).all()
    if admitted:
        names = ",".join(map(str, sorted(admitted)))
        after = {"entries": len(admitted), "sha256": hashlib.sha256(names.encode()).hexdigest()}
        journal.record(actor, "round.admitted", round_, now=now, after=after)
    return len(admitted)


def _must_be_public(round_: Round) -> None:
    if round_.contest.state != ContestState.OPEN:
        raise Refusal(ContestRefusal.NOT_OPENED)


def _note_close(actor: Account, action: str, round_: Round, before: datetime, now: datetime, why: str) -> None:
    db.session.refresh(round_)
    journal.record(
        actor, action, round_, now=now, why=why,
        before={"closes_at": before.isoformat()}, after={"closes_at": round_.closes_at.isoformat()},
    )  # fmt: skip


def why_not_enter(
    account: Account, contest: Contest, divisions: Sequence[Division], *, now: datetime
) -> Refusal | None:
    """The refusal that registering for one of these divisions would meet, or None."""
    if contest.state != ContestState.OPEN:
        return Refusal(EntryRefusal.CONTEST_NOT_OPEN)
    if all(phase(r.window, now) is RoundPhase.CLOSED for r in contest.rounds):
        return Refusal(EntryRefusal.CONTEST_ENDED)
    rules = contest_rules(contest)
    first_day = local(min(r.opens_at for r in contest.rounds)).date()
    reason = eligibility.why_not_enter(
        roles=account.roles,
        barred_roles=rules.barred_roles,
        wrote_items=rules.bars_authors and _wrote_items(account, contest),
        birth_date=account.birth_date,
        min_age=rules.min_age,
        max_age=rules.max_age,
        first_day=first_day,
        in_area=eligibility.in_area(rules.areas, account.province_code, account.org_unit_id is not None),
        audience=account.audience,
        division_audiences=[division_rules(d).audience for d in divisions],
    )
    match reason:
        case None:
            return None
        case EntryRefusal.TOO_YOUNG:
            return Refusal(reason, min_age=rules.min_age, day=day(first_day))
        case EntryRefusal.TOO_OLD:
            return Refusal(reason, max_age=rules.max_age, day=day(first_day))
        case EntryRefusal.OUTSIDE_AREA:
            names = places.provinces()
            return Refusal(reason, areas=", ".join(names.get(code, str(code)) for code in rules.areas))
    return Refusal(reason)


def _wrote_items(account: Account, contest: Contest) -> bool:
    """Has the person written or reviewed an item that papers of the contest may hold?"""
    drawn = {c.version_id for pool_id in pools_of(contest) for c in candidates_of(pool_id)}
    return wrote_any(account.id, drawn)


def fitting_divisions(account: Account, contest: Contest) -> list[Division]:
    return [d for d in contest.divisions if eligibility.fits(account.audience, division_rules(d).audience)]


def belongs_to(account: Account) -> str:
    """Unit or place of a person, as it will be published."""
    return account.org_unit.name if account.org_unit else account.place_name


def register_entry(
    account: Account, contest: Contest, division: Division, *, now: datetime, declared: bool = False
) -> Entry:
    """Sign a person up for a division, with the identity frozen as it is now; who has signed up keeps that entry.

    declared: has declared not to be a relative of those in office, where the rules ask that of people.  Two clicks at once make one entry: the table's constraint decides.  Raises Refusal(EntryRefusal).
    """
    if (entry := queries.entry_of(contest.id, account.id)) is not None:
        return entry
    if refusal := why_not_enter(account, contest, [division], now=now):
        raise refusal
    asks = contest_rules(contest).bars_relatives
    if asks and not declared:
        raise Refusal(EntryRefusal.NOT_DECLARED)
    entry = Entry(
        contest_id=contest.id,
        division_id=division.id,
        account_id=account.id,
        full_name=account.full_name,
        birth_date=account.birth_date,
        org_unit_id=account.org_unit_id,
        belongs_to=belongs_to(account),
        declared=asks,
        registered_at=now,
    )
    if insert_unless_taken(entry):
        return db.session.get_one(Entry, entry.id)
    first = queries.entry_of(contest.id, account.id)
    assert first is not None
    return first
