"""Annulling and restoring an attempt with all that follows for the ranking, and a look ahead at what would follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Entry, Round
from quiz.contests.round_state import has_ended
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.marking import verdicts
from quiz.marking.models import Verdict
from quiz.marking.queries import annulled_ids, count_unmarked
from quiz.ranking import prizes, queries, results, service
from quiz.ranking.models import Ranking
from quiz.rules import prizes as prize_rules
from quiz.rules.tie_break import criterion_name

SHOWN = 15  # people whose move is shown by name


def annul(attempt: Attempt, actor: Account, *, why: str, now: datetime) -> list[Ranking]:
    """Annul, and make anew the sheets that it puts out of date; a published one stays until people publish another.

    Returns the new sheets.  Raises Refusal(MarkingRefusal).
    """
    verdicts.annul(attempt, actor, why=why, now=now)
    return _renew_sheets(attempt, actor, now)


def restore(attempt: Attempt, actor: Account, *, why: str, now: datetime) -> list[Ranking]:
    """Let an annulled attempt count again, as `annul` the other way round."""
    verdicts.restore(attempt, actor, why=why, now=now)
    return _renew_sheets(attempt, actor, now)


def confirm_annulment(verdict: Verdict, actor: Account, *, why: str, now: datetime) -> list[Ranking]:
    """The second judge agrees to what the first proposed; as `annul`.  Raises Refusal(MarkingRefusal)."""
    verdicts.confirm(verdict, actor, why=why, now=now)
    return _renew_sheets(verdict.attempt, actor, now)


def _renew_sheets(attempt: Attempt, actor: Account, now: datetime) -> list[Ranking]:
    """In the round and in the whole contest; the truth counts all divisions, so any of them may be affected.

    Not while essays of the round wait for their marks, as those of an attempt that was annulled before it was read.
    """
    new: list[Ranking] = []
    if count_unmarked([attempt.round_id]):
        return new
    for sheet in queries.latest_sheets(attempt.round_.contest):
        is_touched = sheet.round_id in (attempt.round_id, None)
        if is_touched and sheet.published_at is None and queries.is_out_of_date(sheet):
            new.append(service.make_sheet(sheet.round_, sheet.division, actor, now=now))
    return new


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands.  prize: code of the tier proposed, empty without one"""

    place: int
    prize: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One person before and after; None: not in the ranking."""

    entry_id: int
    before: Place | None
    after: Place | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """person: whose attempt it is · others: the first of those whose place or prize changes, `more` the rest ·
    up, down: how many others move · has_truth: the round has ended and asks for a prediction · names: of all shown
    """

    person: Move
    others: Sequence[Move]
    more: int
    up: int
    down: int
    has_truth: bool
    truth_before: int | None
    truth_after: int | None
    names: Mapping[int, Entry]


def consequences(attempt: Attempt, *, annul: bool, now: datetime) -> Consequences:
    """What annulling (or restoring) the attempt would change in its round and division; nothing is written."""
    round_, contest = attempt.round_, attempt.round_.contest
    scope = results.scope_of(round_, attempt.entry.division)
    is_final = has_ended(round_, now)
    chain = scope.chain if is_final else results.board_chain(scope.chain)
    truths: list[int | None] = [None, None]
    if "prediction" in map(criterion_name, chain):
        of = results.truth_round(contest_rules(contest), round_)
        with_it = results.count_truth(contest, of, with_=None if annul else attempt.id)
        truths = [with_it, results.count_truth(contest, of, without=attempt.id)]
    annulled = set(db.session.scalars(annulled_ids()))
    sides = []
    for truth, out in zip(truths, (annulled - {attempt.id}, annulled | {attempt.id}), strict=True):
        places = list(results.numbered(results.gather(scope, chain, truth, annulled=out), chain))
        sides.append(places_with_prizes(places, chain, attempt.entry.division, attempt.round_, truth))
    before, after = sides if annul else reversed(sides)
    truth_before, truth_after = truths if annul else reversed(truths)
    moves = moved(before, after, except_for=attempt.entry_id)
    person = Move(attempt.entry_id, before.get(attempt.entry_id), after.get(attempt.entry_id))
    shown = moves[:SHOWN]
    return Consequences(
        person=person,
        others=shown,
        more=len(moves) - len(shown),
        up=sum(1 for m in moves if m.before and m.after and m.after.place < m.before.place),
        down=sum(1 for m in moves if m.before and m.after and m.after.place > m.before.place),
        has_truth=truths[0] is not None,
        truth_before=truth_before,
        truth_after=truth_after,
        names=_names([person, *shown]),
    )


def places_with_prizes(
    places: Sequence[results.Place], chain: Sequence[str], division: Division, round_: Round | None, truth: int | None
) -> dict[int, Place]:
    """Entry → where it stands, with the prize proposed.  round_: None for the whole contest"""
    tiers = prizes.tiers_within_caps(division, round_, participants=len(places))
    rules = contest_rules(division.contest)
    conditions = prizes.conditions_of(rules, overall=round_ is None, predicts=truth is not None)
    given = prize_rules.propose(prizes.ranked(places, chain), tiers, conditions).given
    prize_of = {p.standing.entry_id: p.tier.code for p in given}
    return {p.entry_id: Place(p.place, prize_of.get(p.entry_id, "")) for p in places}


def moved(before: Mapping[int, Place], after: Mapping[int, Place], *, except_for: int) -> list[Move]:
    """Whose place or prize differs, in the order of the places after."""
    moves = [
        Move(entry_id, before.get(entry_id), place)
        for entry_id, place in after.items()
        if entry_id != except_for and before.get(entry_id) != place
    ]
    return sorted(moves, key=lambda m: (m.after.place if m.after else 0, m.entry_id))


def _names(moves: Sequence[Move]) -> dict[int, Entry]:
    entries = db.session.scalars(select(Entry).where(Entry.id.in_([m.entry_id for m in moves])))
    return {entry.id: entry for entry in entries}
