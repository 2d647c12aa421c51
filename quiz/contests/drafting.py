"""Making and changing drafts. A draft holds a whole, validated rule set at every moment, and decides nothing yet."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.contests import queries
from quiz.contests.models import Contest, ContestState, Division, Round
from quiz.contests.presets import Preset, first_rule_set
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.contests.topics import supply, titles
from quiz.db import db
from quiz.errors import Refusal
from quiz.slugs import free_slug, slug


def create_draft(
    preset: Preset,
    *,
    title: str,
    banks: list[str],
    law_date: date,
    opens_at: datetime,
    actor: Account | None,
    now: datetime,
) -> Contest:
    """A new draft from a preset, over the topics of these banks."""
    topics = sorted(supply(banks, law_date, titles()), key=lambda t: banks.index(t.bank))
    rules = first_rule_set(preset, title=title, law_date=law_date, opens_at=opens_at, topics=topics)
    stem = slug(title)
    contest = Contest(
        slug=free_slug(stem, queries.slugs_like(stem)),
        title=title,
        law_date=law_date,
        rules={},
        state=ContestState.DRAFT,
        created_by_id=actor.id if actor else None,
        created_at=now,
    )
    db.session.add(contest)
    _store(contest, rules)
    db.session.flush()
    journal.record(actor, "contest.drafted", contest, now=now, after={"title": title, "preset": preset.code})
    return contest


def save_draft(contest: Contest, rules: RuleSet, *, summary: str, rules_number: str, seen: str | None = None) -> None:
    """Replace the rule set of a draft.

    seen: mark of the draft that the author has changed; None does not ask.  Raises Refusal(RULES_FIXED) once the contest
    has been opened, Refusal(CHANGED_MEANWHILE) when somebody else has saved.
    """
    hold(contest, ContestState.DRAFT, otherwise=ContestRefusal.RULES_FIXED)
    must_be_as_seen(contest, seen)
    contest.title, contest.law_date = rules.title, rules.law_date
    contest.summary, contest.rules_number = summary, rules_number
    _store(contest, rules)
    db.session.flush()


def drop_draft(contest: Contest, actor: Account, *, now: datetime) -> None:
    """Delete a draft; what was once open stays.  Raises Refusal(RULES_FIXED)."""
    hold(contest, ContestState.DRAFT, otherwise=ContestRefusal.RULES_FIXED)
    journal.record(actor, "contest.draft_dropped", contest, now=now, before={"title": contest.title})
    db.session.delete(contest)
    db.session.flush()


def draft_mark(contest: Contest) -> str:
    """A short mark of what a draft says, so that a form can tell whether somebody else has saved meanwhile."""
    content = [contest.summary, contest.rules_number, rule_set(contest).model_dump(mode="json")]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def must_be_as_seen(contest: Contest, seen: str | None) -> None:
    """Call with the row locked: what is compared is then what becomes of it.  Raises Refusal(CHANGED_MEANWHILE)."""
    if seen is None:
        return
    db.session.expire_all()
    if draft_mark(contest) != seen:
        raise Refusal(ContestRefusal.CHANGED_MEANWHILE)


def hold(contest: Contest, state: ContestState, otherwise: ContestRefusal) -> None:
    """Lock the row for this transaction, so that the contest stays in the state: a draft cannot be opened while it is
    being replaced, and two who change one that is open come one after the other.

    Raises Refusal(otherwise) where it is in another state.
    """
    held = db.session.execute(
        update(Contest)
        .where(Contest.id == contest.id, Contest.state == state)
        .values(state=state)
        .returning(Contest.id)
    ).one_or_none()
    if held is None:
        raise Refusal(otherwise)


def _store(contest: Contest, rules: RuleSet) -> None:
    contest.rules = rules.contest.model_dump(mode="json")
    divisions = {d.code: d for d in contest.divisions}
    contest.divisions = [divisions.get(part.code) or Division(code=part.code) for part in rules.divisions]
    for position, (division, part) in enumerate(zip(contest.divisions, rules.divisions, strict=True), 1):
        division.name, division.position = part.name, position
        division.rules = part.rules.model_dump(mode="json")
    rounds = {r.code: r for r in contest.rounds}
    contest.rounds = [rounds.get(r.code) or Round(code=r.code) for r in rules.rounds]
    for position, (round_, r) in enumerate(zip(contest.rounds, rules.rounds, strict=True), 1):
        round_.name, round_.position = r.name, position
        round_.opens_at, round_.closes_at = r.opens_at, r.closes_at
        round_.rules = r.rules.model_dump(mode="json")
