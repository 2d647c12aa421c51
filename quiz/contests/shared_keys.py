"""Items whose keys another contest shows before this one is over: whoever sat there knows them here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from quiz.banks.models import Bank, Item, ItemVersion
from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.pool_plan import planned_pools
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import RuleSet, contest_rules
from quiz.db import db
from quiz.rules.visibility import Release


@dataclass(frozen=True, slots=True)
class SharedKeys:
    """from_on: since when people who sat the other contest may read the keys, None while that waits for its results"""

    contest: Contest
    from_on: datetime | None
    items: int


def shared_keys(rules: RuleSet) -> list[SharedKeys]:
    """For each open contest that shows keys of what this one would draw before its last round closes; the oldest first."""
    wanted = {(c.bank, c.version_id) for pool in planned_pools(rules) for c in pool.candidates}
    closes_at = max(r.closes_at for r in rules.rounds)
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.state == ContestState.OPEN)
        .options(selectinload(Contest.rounds), selectinload(Contest.divisions))
        .order_by(Contest.created_at, Contest.id)
    )
    found = []
    for contest in contests:
        shown = [(r, at) for r, at in _shown(contest) if at is None or at < closes_at]
        drawn = {
            (c.bank, c.version_id)
            for round_, _at in shown for division in contest.divisions
            for c in candidates_of(pool_id_of(division.id, round_.id))
        }  # fmt: skip
        if items := _in_both(wanted, drawn):
            found.append(SharedKeys(contest, min((at for _r, at in shown if at is not None), default=None), items))
    return found


def _shown(contest: Contest) -> list[tuple[Round, datetime | None]]:
    """The rounds whose keys are shown sooner or later, each with the moment."""
    match contest_rules(contest).review_release:
        case Release.NEVER:
            return []
        case Release.AFTER_SUBMIT:
            return [(r, r.opens_at) for r in contest.rounds]
        case Release.AFTER_CLOSE:
            return [(r, all_ended_at(r)) for r in contest.rounds]
        case Release.AFTER_PUBLISH:
            return [(r, r.published_at) for r in contest.rounds]


def _in_both(one: Collection[tuple[str, int]], other: Collection[tuple[str, int]]) -> int:
    """How many items have versions on both sides: another wording of an item has mostly the same answer."""
    banks = {bank for bank, _version in one} & {bank for bank, _version in other}
    if not banks:
        return 0
    of_banks = select(ItemVersion.id, ItemVersion.item_id).join(Item).join(Bank).where(Bank.code.in_(banks))
    item_of = dict(db.session.execute(of_banks).tuples().all())
    mine, theirs = ({item_of.get(version) for bank, version in side if bank in banks} for side in (one, other))
    return len(mine & theirs - {None})
