"""Votes of the council: opened over a fixed council, cast once by each member, counted once.

A secret ballot goes into the boxes of its nominations (rules.votes) in the same transaction in which its voter is written
down as having voted; from then on nothing here knows which ballot was whose. The code that the voter keeps is not stored.
docs/decisions/0022-votes.md says what remains.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from quiz import jobs, journal
from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit, RoleGrant
from quiz.codes import ALPHABET, LENGTH, new_code
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars.nomination_models import Nomination, NominationState, PublicComment, Quarter
from quiz.exemplars.nomination_refusals import VoteRefusal
from quiz.exemplars.nominations import move
from quiz.exemplars.vote_models import (
    BallotBox,
    ConflictCause,
    CouncilSeat,
    CouncilVote,
    OpenBallot,
    Turnout,
    VoteConflict,
    VoteMode,
    VotePaper,
)
from quiz.formats import local
from quiz.rules import votes as rules
from quiz.rules.conflicts import own_line
from quiz.rules.votes import Choice, Outcome, Tally, VoteRule

FEWEST_MEMBERS = 3
FEWEST_FOR_SECRET = 3  # of two, each would know the other's ballot from the count
_CODE = re.compile(f"[{ALPHABET}]{{{2 * LENGTH}}}")
_AFTER = {
    Outcome.CHOSEN: NominationState.CHOSEN,
    Outcome.NOT_CHOSEN: NominationState.NOT_CHOSEN,
    Outcome.NO_QUORUM: NominationState.COMMENTING,  # it waits for another vote
}


def new_ballot_code() -> str:
    """120 random bits: whoever holds the boxes cannot try all codes."""
    return new_code() + new_code()


# Opening


def council() -> Sequence[Account]:
    """The members of today, by name."""
    return db.session.scalars(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.COUNCIL_MEMBER, Account.disabled_at.is_(None))
        .options(joinedload(Account.org_unit))
        .order_by(Account.full_name, Account.id)
    ).all()


def open_vote(
    quarter: Quarter,
    member_ids: Collection[int],
    chair_id: int | None,
    mode: VoteMode,
    rule: VoteRule,
    closes_at: datetime,
    actor: Account,
    *,
    now: datetime,
) -> CouncilVote:
    """Put all nominations whose public term is over to the vote.  Raises Refusal(VoteRefusal)."""
    waiting = [n for n in queries.nominations_of(quarter) if n.state == NominationState.COMMENTING]
    if queries.open_vote(quarter) is not None:
        raise Refusal(VoteRefusal.OPEN_ALREADY)
    if not waiting:
        raise Refusal(VoteRefusal.NOTHING_TO_VOTE_ON)
    if running := [n.comments_until for n in waiting if n.comments_until and now < n.comments_until]:
        raise Refusal(VoteRefusal.COMMENTS_STILL_RUN, until=f"{local(max(running)):%H:%M ngày %d/%m/%Y}")
    if closes_at <= now:
        raise Refusal(VoteRefusal.CLOSES_TOO_SOON)
    members = [m for m in council() if m.id in set(member_ids)]
    if len(members) < len(set(member_ids)):
        raise Refusal(VoteRefusal.NOT_OF_THE_COUNCIL)
    if len(members) < FEWEST_MEMBERS:
        raise Refusal(VoteRefusal.TOO_FEW_MEMBERS, fewest=FEWEST_MEMBERS)
    conflicts = _conflicts(waiting, members)
    for nomination in waiting:
        free = len(members) - sum(key[0] == nomination.id for key in conflicts)
        if not free:
            raise Refusal(VoteRefusal.NOBODY_FREE, name=nomination.name)
        if mode is VoteMode.SECRET and free < FEWEST_FOR_SECRET:
            raise Refusal(VoteRefusal.TOO_FEW_FOR_SECRET, name=nomination.name, n=free)
    vote = CouncilVote(
        quarter_id=quarter.id, number=len(queries.votes_of(quarter)) + 1, mode=mode.value, base=rule.base.value,
        quorum_part=rule.quorum.numerator, quorum_of=rule.quorum.denominator, threshold_part=rule.threshold.numerator,
        threshold_of=rule.threshold.denominator, more_than=rule.more_than, opened_at=now, opened_by_id=actor.id,
        closes_at=closes_at,
    )  # fmt: skip
    vote.seats = [
        CouncilSeat(account_id=m.id, full_name=m.full_name, org_unit_id=m.org_unit_id, leads=m.id == chair_id)
        for m in members
    ]
    vote.papers = [VotePaper(nomination_id=n.id) for n in waiting]
    db.session.add(vote)
    db.session.flush()
    db.session.add_all(
        VoteConflict(vote_id=vote.id, nomination_id=nomination_id, account_id=account_id, cause=cause.value)
        for (nomination_id, account_id), cause in conflicts.items()
    )
    if mode is VoteMode.SECRET:
        db.session.add_all(BallotBox(vote_id=vote.id, nomination_id=n.id, ballots=[]) for n in waiting)
    _forget_senders(waiting)
    db.session.flush()
    told = {"vote": vote.number}
    for nomination in waiting:
        move(nomination, (NominationState.COMMENTING,), NominationState.VOTING, actor, now=now, told=told)
    after = {
        "quarter": quarter.name, "number": vote.number, "mode": vote.mode, "base": vote.base, "quorum": str(rule.quorum),
        "threshold": str(rule.threshold), "more_than": rule.more_than, "closes_at": closes_at.isoformat(),
        "council": [m.id for m in members], "nominations": [n.id for n in waiting],
        "conflicts": [[n, m, cause.value] for (n, m), cause in sorted(conflicts.items())],
    }  # fmt: skip
    journal.record(actor, "vote.opened", vote, now=now, after=after)
    return vote


def _conflicts(
    nominations: Collection[Nomination], members: Collection[Account]
) -> dict[tuple[int, int], ConflictCause]:
    """(nomination, member) → why the member does not vote on it, as far as the records tell."""
    parents: dict[int, int | None] = dict(db.session.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())
    found: dict[tuple[int, int], ConflictCause] = {}
    for member in members:
        line = own_line(member.org_unit_id, parents)
        for n in nominations:
            if member.id in (n.author_id, n.edited_by_id, n.confirmed_by_id):
                found[n.id, member.id] = ConflictCause.AUTHOR
            elif n.org_unit_id in line:
                found[n.id, member.id] = ConflictCause.UNIT
    return found


def _forget_senders(nominations: Collection[Nomination]) -> None:
    """What guarded the public term against floods is of no use any more."""
    on = PublicComment.nomination_id.in_([n.id for n in nominations])
    db.session.execute(update(PublicComment).where(on).values(sender=""))


def extend(vote: CouncilVote, closes_at: datetime, actor: Account, *, why: str, now: datetime) -> None:
    """Take ballots until another moment, as long as the vote has not been counted.  Raises Refusal(VoteRefusal)."""
    if closes_at <= now:
        raise Refusal(VoteRefusal.CLOSES_TOO_SOON)
    before = vote.closes_at
    _lock(vote)
    vote.closes_at = closes_at
    db.session.flush()
    journal.record(
        actor, "vote.term_changed", vote, now=now, before={"closes_at": before.isoformat()},
        after={"closes_at": closes_at.isoformat()}, why=why,
    )  # fmt: skip


# Casting


def is_over(vote: CouncilVote, now: datetime) -> bool:
    """No ballot is taken any more."""
    return vote.closed_at is not None or now >= vote.closes_at


def conflicts_of(vote: CouncilVote, account_id: int) -> dict[int, VoteConflict]:
    """By nomination."""
    own = select(VoteConflict).where(VoteConflict.vote_id == vote.id, VoteConflict.account_id == account_id)
    return {c.nomination_id: c for c in db.session.scalars(own)}


def has_voted(vote: CouncilVote, account_id: int) -> bool:
    statement = select(Turnout.account_id).where(Turnout.vote_id == vote.id, Turnout.account_id == account_id)
    return db.session.scalar(statement) is not None


def declare_conflict(
    vote: CouncilVote, nomination_id: int, member: Account, cause: ConflictCause, reason: str, *, now: datetime
) -> None:
    """Stay away from a nomination; for good, and only before having voted.  Raises Refusal(VoteRefusal)."""
    _lock_for_ballots(vote, now)
    _must_have_seat(vote, member.id)
    if has_voted(vote, member.id):
        raise Refusal(VoteRefusal.CONFLICT_AFTER_VOTE)
    if nomination_id in conflicts_of(vote, member.id):
        raise Refusal(VoteRefusal.CONFLICT_ALREADY)
    db.session.add(
        VoteConflict(
            vote_id=vote.id, nomination_id=nomination_id, account_id=member.id, cause=cause.value, reason=reason,
            declared_on=local(now).date(),
        )
    )  # fmt: skip
    db.session.flush()
    after = {"nomination": nomination_id, "cause": cause.value}
    journal.record(member, "vote.conflict_declared", vote, now=now, after=after, why=reason)


def cast(
    vote: CouncilVote,
    member: Account,
    choices: Mapping[int, Choice],
    *,
    code: str = "",
    reasons: Mapping[int, str] | None = None,
    now: datetime,
) -> None:
    """Cast a member's ballot on every nomination the member may vote on, or change it.

    choices: by nomination · code: of a secret ballot; the one it was first cast with changes it, and sending the same form
    twice does no harm · reasons: of an open one.  Nothing is journalled or logged.  Raises Refusal(VoteRefusal).
    """
    _lock_for_ballots(vote, now)
    _must_have_seat(vote, member.id)
    out = conflicts_of(vote, member.id)
    own = [paper.nomination_id for paper in vote.papers if paper.nomination_id not in out]
    if not own:
        raise Refusal(VoteRefusal.ALL_IN_CONFLICT)
    chosen = {n: choices[n] for n in own if n in choices}
    if len(chosen) < len(own):
        raise Refusal(VoteRefusal.INCOMPLETE, chosen=len(chosen), all=len(own))
    voted_before = has_voted(vote, member.id)
    if not voted_before:
        db.session.add(Turnout(vote_id=vote.id, account_id=member.id))
        db.session.flush()
    if vote.is_secret:
        _put_in_boxes(vote, chosen, code, change=voted_before)
    else:
        for nomination_id, choice in chosen.items():
            reason = (reasons or {}).get(nomination_id, "")
            ballot = OpenBallot(vote_id=vote.id, nomination_id=nomination_id, account_id=member.id)
            ballot.choice, ballot.reason = choice.value, reason
            db.session.merge(ballot)
        db.session.flush()


def _put_in_boxes(vote: CouncilVote, chosen: Mapping[int, Choice], code: str, *, change: bool) -> None:
    if not _CODE.fullmatch(code):
        raise Refusal(VoteRefusal.WRONG_CODE if change else VoteRefusal.BAD_CODE)
    drop = rules.replace if change else rules.put
    for nomination_id, choice in sorted(chosen.items()):
        box = db.session.get_one(BallotBox, (vote.id, nomination_id), populate_existing=True)
        try:
            ballots = drop(box.ballots, rules.mark_of(code, nomination_id), choice)
        except KeyError:
            raise Refusal(VoteRefusal.WRONG_CODE if change else VoteRefusal.BAD_CODE) from None
        same = (
            BallotBox.vote_id == vote.id,
            BallotBox.nomination_id == nomination_id,
            BallotBox.revision == box.revision,
        )
        written = update(BallotBox).where(*same).values(ballots=ballots, revision=box.revision + 1)
        done = db.session.execute(written.returning(BallotBox.revision).execution_options(synchronize_session=False))
        assert done.one_or_none() is not None, "the vote is locked, so nobody else writes to its boxes"
        db.session.expire(box)


def _lock(vote: CouncilVote) -> None:
    """Wait for all others who write to this vote; an UPDATE that changes nothing locks on both databases."""
    locked = update(CouncilVote).where(CouncilVote.id == vote.id, CouncilVote.closed_at.is_(None))
    locked = locked.values(closes_at=CouncilVote.closes_at).returning(CouncilVote.id)
    found = db.session.execute(locked.execution_options(synchronize_session=False)).one_or_none()
    db.session.refresh(vote)
    if found is None:
        raise Refusal(VoteRefusal.OVER)


def _lock_for_ballots(vote: CouncilVote, now: datetime) -> None:
    _lock(vote)
    if is_over(vote, now):
        raise Refusal(VoteRefusal.OVER)


def _must_have_seat(vote: CouncilVote, account_id: int) -> None:
    if db.session.get(CouncilSeat, (vote.id, account_id)) is None:
        raise Refusal(VoteRefusal.NO_SEAT)


# Counting


@dataclass(frozen=True, slots=True)
class Progress:
    """voted, of: members who have voted, of those with anything to vote on · needed: the fewest for a quorum"""

    voted: int
    of: int
    needed: int

    @property
    def is_complete(self) -> bool:
        return self.voted == self.of


def progress(vote: CouncilVote) -> Progress:
    of = len(_may_vote(vote))
    voted = db.session.scalar(select(func.count()).select_from(Turnout).where(Turnout.vote_id == vote.id)) or 0
    return Progress(voted, of, rules.needed_to_vote(of, vote.rule))


def _conflicts_by_nomination(vote: CouncilVote) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {paper.nomination_id: set() for paper in vote.papers}
    for conflict in db.session.scalars(select(VoteConflict).where(VoteConflict.vote_id == vote.id)):
        found[conflict.nomination_id].add(conflict.account_id)
    return found


def _may_vote(vote: CouncilVote) -> set[int]:
    """Members with at least one nomination to vote on; whoever has a conflict in all counts neither above nor below."""
    everywhere = set.intersection(*_conflicts_by_nomination(vote).values())
    return set(vote.member_ids) - everywhere


def may_close(vote: CouncilVote, now: datetime) -> bool:
    return vote.closed_at is None and (now >= vote.closes_at or progress(vote).is_complete)


def close(vote: CouncilVote, actor: Account | None, *, now: datetime) -> None:
    """Count all nominations together, once, when the time is over or all have voted.

    Without a quorum nothing is counted: secret ballots are destroyed unread, and the nominations wait for another vote.
    Raises Refusal(VoteRefusal).
    """
    _lock(vote)
    if not may_close(vote, now):
        raise Refusal(VoteRefusal.NOT_OVER)
    went = progress(vote)
    ballots = all_ballots(vote)
    digest = rules.digest(ballots)
    conflicts = _conflicts_by_nomination(vote)
    valid = rules.has_quorum(went.voted, went.of, vote.rule)
    outcomes: dict[int, dict[str, object]] = {}
    for paper in vote.papers:
        paper.may_vote = len(vote.seats) - len(conflicts[paper.nomination_id])
        counted = rules.count(ballots[paper.nomination_id])
        result = rules.outcome(counted, paper.may_vote, vote.rule) if valid else Outcome.NO_QUORUM
        paper.outcome = result.value
        outcomes[paper.nomination_id] = {"may_vote": paper.may_vote, "outcome": result.value}
        if result is Outcome.NO_QUORUM:
            _destroy(vote, paper.nomination_id)
        else:
            paper.agree, paper.disagree, paper.other = counted.agree, counted.disagree, counted.other
            outcomes[paper.nomination_id] |= {
                "agree": counted.agree, "disagree": counted.disagree, "other": counted.other,
            }  # fmt: skip
    db.session.flush()
    vote.closed_at, vote.voted, vote.digest = now, went.voted, digest
    db.session.flush()
    for paper in vote.papers:
        to = _AFTER[Outcome(str(paper.outcome))]
        move(paper.nomination, (NominationState.VOTING,), to, None, now=now, told={"vote": vote.number})
    after = {
        "quarter": vote.quarter.name, "number": vote.number, "voted": went.voted, "of": went.of, "council": len(vote.seats),
        "outcomes": {str(n): told for n, told in outcomes.items()}, "digest": digest,
    }  # fmt: skip
    journal.record(actor, "vote.closed", vote, now=now, after=after)


def all_ballots(vote: CouncilVote) -> dict[int, list[list[str]]]:
    """By nomination: [mark, choice] of a secret vote, [member, choice] of an open one."""
    found: dict[int, list[list[str]]] = {paper.nomination_id: [] for paper in vote.papers}
    if vote.is_secret:
        boxes = select(BallotBox).where(BallotBox.vote_id == vote.id).execution_options(populate_existing=True)
        return found | {box.nomination_id: list(box.ballots) for box in db.session.scalars(boxes)}
    for ballot in db.session.scalars(
        select(OpenBallot)
        .where(OpenBallot.vote_id == vote.id)
        .order_by(OpenBallot.nomination_id, OpenBallot.account_id)
    ):
        found[ballot.nomination_id].append([str(ballot.account_id), ballot.choice])
    return found


def _destroy(vote: CouncilVote, nomination_id: int) -> None:
    if vote.is_secret:
        box = db.session.get_one(BallotBox, (vote.id, nomination_id))
        box.ballots = []


@jobs.chore("council votes", every=timedelta(minutes=1))
def close_in_time(clock: jobs.Clock) -> None:
    """Count the votes whose time is over, so that nobody has to."""
    now = clock()
    due = select(CouncilVote.id).where(CouncilVote.closed_at.is_(None), CouncilVote.closes_at <= now)
    for vote_id in db.session.scalars(due).all():
        try:
            with transaction():
                close(db.session.get_one(CouncilVote, vote_id), None, now=now)
        except Refusal:  # somebody counted it, or gave it more time, in the same moment
            db.session.rollback()


# The minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesMember:
    name: str
    unit_name: str
    leads: bool
    has_voted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesLine:
    """A nomination in the minutes.  tally: None without a quorum · needed: the fewest agreeing votes that choose ·
    away: who did not vote on it for a conflict of interest, [(name, cause), …] · ballots: of an open vote, [(name, choice,
    reason), …]
    """

    number: int
    nomination_id: int
    kind: str
    honorific: str
    name: str
    position: str
    unit_name: str
    is_demo: bool
    may_vote: int
    tally: Tally | None
    needed: int | None
    outcome: Outcome
    away: tuple[tuple[str, str], ...]
    ballots: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What the minutes of a counted vote (biên bản kiểm phiếu) state."""

    quarter: str
    number: int
    is_secret: bool
    is_demo: bool
    rule: VoteRule
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime
    council: tuple[MinutesMember, ...]
    voted: int
    of: int
    needed_to_vote: int
    has_quorum: bool
    lines: tuple[MinutesLine, ...]
    digest: str


def minutes(quarter: Quarter, number: int | None = None) -> Minutes | None:
    """Of the quarter's last counted vote, or of the one with a number; None where none has been counted."""
    counted = [v for v in queries.votes_of(quarter) if v.closed_at is not None and number in (None, v.number)]
    return _minutes(counted[-1]) if counted else None


def _minutes(vote: CouncilVote) -> Minutes:
    assert vote.closed_at is not None
    of_seats = select(OrgUnit.id, OrgUnit.name).where(
        OrgUnit.id.in_([s.org_unit_id for s in vote.seats if s.org_unit_id])
    )
    units: dict[int, str] = dict(db.session.execute(of_seats).all())
    names = {seat.account_id: seat.full_name for seat in vote.seats}
    present = set(db.session.scalars(select(Turnout.account_id).where(Turnout.vote_id == vote.id)))
    went = progress(vote)
    lines = tuple(_minutes_line(i, vote, paper, names) for i, paper in enumerate(vote.papers, 1))
    return Minutes(
        quarter=vote.quarter.name, number=vote.number, is_secret=vote.is_secret,
        is_demo=any(line.is_demo for line in lines), rule=vote.rule, opened_at=vote.opened_at, closes_at=vote.closes_at,
        closed_at=vote.closed_at,
        council=tuple(
            MinutesMember(
                name=s.full_name, unit_name=units.get(s.org_unit_id or 0, ""), leads=s.leads,
                has_voted=s.account_id in present,
            )
            for s in sorted(vote.seats, key=lambda s: (not s.leads, s.full_name, s.account_id))
        ),
        voted=went.voted, of=went.of, needed_to_vote=went.needed,
        has_quorum=rules.has_quorum(went.voted, went.of, vote.rule), lines=lines, digest=vote.digest,
    )  # fmt: skip


def _minutes_line(number: int, vote: CouncilVote, paper: VotePaper, names: Mapping[int, str]) -> MinutesLine:
    of_it = (VoteConflict.vote_id == vote.id, VoteConflict.nomination_id == paper.nomination_id)
    away = db.session.scalars(select(VoteConflict).where(*of_it).order_by(VoteConflict.account_id)).all()
    cast_openly = db.session.scalars(
        select(OpenBallot)
        .where(OpenBallot.vote_id == vote.id, OpenBallot.nomination_id == paper.nomination_id)
        .order_by(OpenBallot.account_id)
    ).all()
    n, counted = paper.nomination, None
    if paper.agree is not None:
        counted = Tally(agree=paper.agree, disagree=paper.disagree or 0, other=paper.other or 0)
    base = None
    if counted is not None:
        base = paper.may_vote if vote.rule.base is rules.Base.COUNCIL else counted.voted
    return MinutesLine(
        number=number, nomination_id=n.id, kind=n.kind, honorific=n.honorific, name=n.name, position=n.position,
        unit_name=n.org_unit.name, is_demo=n.is_demo, may_vote=paper.may_vote or 0, tally=counted,
        needed=None if base is None else rules.needed_to_choose(base, vote.rule), outcome=Outcome(str(paper.outcome)),
        away=tuple((names[c.account_id], c.cause) for c in away),
        ballots=tuple((names[b.account_id], b.choice, b.reason) for b in cast_openly) if counted is not None else (),
    )  # fmt: skip
