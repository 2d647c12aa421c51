"""Reads about quarters and nominations: the board, whose turn it is, who was there before, who is there twice."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit, RoleGrant
from quiz.db import db
from quiz.exemplars.models import Exemplar, StoryState
from quiz.exemplars.nomination_models import (
    Evidence,
    EvidenceKind,
    Nomination,
    NominationState,
    PublicComment,
    Quarter,
    Reminder,
    UnitHead,
)
from quiz.exemplars.vote_models import CouncilVote
from quiz.rules.quarters import read_quarter
from quiz.text import plain

ALIKE = 0.88  # of two folded names, from which on they may be one person's

_NOT_SENT = (NominationState.DRAFT, NominationState.WITHDRAWN)
# states that say nothing of a person: it was never before anybody, or was another's
_NO_HISTORY = (NominationState.DRAFT, NominationState.SENT, NominationState.WITHDRAWN, NominationState.MERGED)


def quarter_by_name(name: str) -> Quarter | None:
    of = read_quarter(name)
    if of is None:
        return None
    return db.session.scalars(select(Quarter).where(Quarter.year == of.year, Quarter.n == of.n)).one_or_none()


def quarters() -> Sequence[Quarter]:
    """The latest first."""
    return db.session.scalars(select(Quarter).order_by(Quarter.year.desc(), Quarter.n.desc())).all()


def nominations_of(quarter: Quarter) -> Sequence[Nomination]:
    """In the order of the tree of units, then as they were written."""
    return db.session.scalars(
        select(Nomination).where(Nomination.quarter_id == quarter.id)
        .options(joinedload(Nomination.org_unit), joinedload(Nomination.merged_into), selectinload(Nomination.evidence))
        .order_by(Nomination.org_unit_id, Nomination.id)
    ).all()  # fmt: skip


def nominations_of_unit(org_unit_id: int | None) -> Sequence[Nomination]:
    """All of a unit, the latest quarter first."""
    return db.session.scalars(
        select(Nomination).join(Nomination.quarter).where(Nomination.org_unit_id == org_unit_id)
        .options(joinedload(Nomination.org_unit), joinedload(Nomination.quarter))
        .order_by(Quarter.year.desc(), Quarter.n.desc(), Nomination.id)
    ).all()  # fmt: skip


def nominations_to_confirm(account: Account) -> Sequence[Nomination]:
    headed = select(UnitHead.org_unit_id).where(UnitHead.account_id == account.id)
    waiting = db.session.scalars(
        select(Nomination)
        .where(Nomination.state == NominationState.SENT, Nomination.org_unit_id.in_(headed))
        .options(joinedload(Nomination.org_unit), joinedload(Nomination.quarter))
        .order_by(Nomination.sent_at)
    ).all()
    return [n for n in waiting if account.id in n.head_ids]


def public_nominations(quarter: Quarter) -> Sequence[Nomination]:
    """Those before the public, by unit."""
    return [n for n in nominations_of(quarter) if n.state == NominationState.COMMENTING]


# Whose turn it is


class Owner(enum.StrEnum):
    UNIT = "unit"
    HEAD = "head"
    OFFICE = "office"
    PUBLIC = "public"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Task:
    """Who has a nomination to deal with, and until when."""

    owner: Owner
    due_at: datetime

    def is_overdue(self, now: datetime) -> bool:
        return now >= self.due_at


def task_of(nomination: Nomination, *, now: datetime, vote: CouncilVote | None = None) -> Task | None:
    """None where nothing is left to do.  vote: the open one of the quarter"""
    n, quarter = nomination, nomination.quarter
    match NominationState(n.state):
        case NominationState.DRAFT:
            return Task(Owner.UNIT, quarter.confirmation_due_at if n.sent_at else quarter.nominations_due_at)
        case NominationState.SENT:
            return Task(Owner.HEAD, max(quarter.confirmation_due_at, n.return_due_at or quarter.confirmation_due_at))
        case NominationState.RETURNED:
            return Task(Owner.UNIT, n.return_due_at or quarter.consolidation_due_at)
        case NominationState.CONFIRMED | NominationState.ACCEPTED:
            return Task(Owner.OFFICE, quarter.consolidation_due_at)
        case NominationState.COMMENTING:
            if n.comments_until is not None and now < n.comments_until:
                return Task(Owner.PUBLIC, n.comments_until)
            return Task(Owner.OFFICE, quarter.vote_due_at)
        case NominationState.VOTING:
            return Task(Owner.COUNCIL, vote.closes_at if vote is not None else quarter.vote_due_at)
        case NominationState.CHOSEN:
            return Task(Owner.OFFICE, quarter.recommendation_due_at)
        case NominationState.RECOMMENDED:
            return Task(Owner.OFFICE, quarter.publication_due_at)
    return None


def open_vote(quarter: Quarter) -> CouncilVote | None:
    """The vote that takes ballots or waits to be counted."""
    return db.session.scalars(
        select(CouncilVote).where(CouncilVote.quarter_id == quarter.id, CouncilVote.closed_at.is_(None))
    ).one_or_none()


def votes_of(quarter: Quarter) -> Sequence[CouncilVote]:
    return db.session.scalars(
        select(CouncilVote).where(CouncilVote.quarter_id == quarter.id).order_by(CouncilVote.number)
    ).all()


# Units


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """An asked unit.  sent: nominations that have left the unit's desk · drafts: those that have not · contacts: how many
    people are told · heads: how many may confirm · lacks_minutes: one that was sent has no minutes of the selection
    """

    unit: OrgUnit
    sent: int
    drafts: int
    contacts: int
    heads: int
    lacks_minutes: bool
    reminded_at: datetime | None


def units_without(quarter: Quarter) -> list[OrgUnit]:
    """Asked units of which no nomination has been sent."""
    sent = select(Nomination.org_unit_id).where(
        Nomination.quarter_id == quarter.id, Nomination.state.not_in(_NOT_SENT)
    )  # fmt: skip
    have = set(db.session.scalars(sent))
    return [unit for unit in quarter.units if unit.id not in have]


def units_status(quarter: Quarter, nominations: Iterable[Nomination]) -> list[UnitStatus]:
    by_unit: dict[int, list[Nomination]] = defaultdict(list)
    for nomination in nominations:
        by_unit[nomination.org_unit_id].append(nomination)
    contacts = _count(
        select(Account.org_unit_id, func.count())
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.UNIT_CONTACT, Account.disabled_at.is_(None))
        .group_by(Account.org_unit_id)
    )
    heads = _count(select(UnitHead.org_unit_id, func.count()).group_by(UnitHead.org_unit_id))
    reminded = _count(
        select(Reminder.org_unit_id, func.max(Reminder.id)).where(Reminder.quarter_id == quarter.id)
        .group_by(Reminder.org_unit_id)
    )  # fmt: skip
    moments = {r.id: r.at for r in db.session.scalars(select(Reminder).where(Reminder.id.in_(reminded.values())))}
    rows = []
    for unit in quarter.units:
        own = by_unit[unit.id]
        sent = [n for n in own if n.state not in _NOT_SENT]
        rows.append(
            UnitStatus(
                unit, len(sent), sum(n.state == NominationState.DRAFT for n in own), contacts.get(unit.id, 0),
                heads.get(unit.id, 0), any(not n.has_minutes for n in sent if n.state != NominationState.DECLINED),
                moments.get(reminded.get(unit.id, 0)),
            )
        )  # fmt: skip
    return rows


def _count(statement: Any) -> dict[int, int]:
    return dict(db.session.execute(statement).all())


def heads() -> Sequence[UnitHead]:
    return db.session.scalars(
        select(UnitHead)
        .options(joinedload(UnitHead.org_unit), joinedload(UnitHead.account))
        .order_by(UnitHead.org_unit_id, UnitHead.account_id)
    ).all()


# One person not twice


@dataclass(frozen=True, slots=True)
class Repeat:
    """Somebody of the same name from before.  is_same: also of the same unit, or born in the same year · nomination or
    story: where it is told
    """

    name: str
    unit_name: str
    when: str
    is_same: bool
    nomination: Nomination | None = None
    story: Exemplar | None = None

    @property
    def told(self) -> str:
        """As the journal has it: "nomination:3"."""
        return f"nomination:{self.nomination.id}" if self.nomination is not None else f"exemplar:{self.story.id}"  # type: ignore[union-attr]


def repeats_of(nomination: Nomination) -> list[Repeat]:
    """Nominations of earlier quarters and stories told, of the same name, those of surely the same person first."""
    quarter = nomination.quarter
    earlier = or_(Quarter.year < quarter.year, (Quarter.year == quarter.year) & (Quarter.n < quarter.n))
    found = [
        Repeat(n.name, n.org_unit.name, n.quarter.name, _same_person(nomination, n), nomination=n)
        for n in db.session.scalars(
            select(Nomination).join(Nomination.quarter)
            .where(Nomination.name_folded == nomination.name_folded, earlier, Nomination.state.not_in(_NO_HISTORY))
            .options(joinedload(Nomination.org_unit), joinedload(Nomination.quarter))
            .order_by(Nomination.id.desc())
        )
        if not _other_person(nomination, n)
    ]  # fmt: skip
    told = (StoryState.PUBLISHED, StoryState.ARCHIVED)
    stories = select(Exemplar).where(Exemplar.state.in_(told)).order_by(Exemplar.id.desc())
    stories = stories.where(Exemplar.search_text.contains(nomination.name_folded, autoescape=True))
    for story in db.session.scalars(stories):
        if plain(story.name) == nomination.name_folded and story.id != nomination.exemplar_id:
            same_unit = story.org_unit_id == nomination.org_unit_id or plain(story.unit_name) == plain(
                nomination.org_unit.name
            )
            when = story.quarter or story.period or str(story.year or "")
            found.append(Repeat(story.name, story.unit_name, when, same_unit, story=story))
    return sorted(found, key=lambda r: not r.is_same)


def _same_person(one: Nomination, other: Nomination) -> bool:
    same_year = one.birth_year is not None and one.birth_year == other.birth_year
    return one.kind == other.kind and (same_year or one.org_unit_id == other.org_unit_id)


def _other_person(one: Nomination, other: Nomination) -> bool:
    """Born in different years, so two people of one name."""
    years = {one.birth_year, other.birth_year} - {None}
    return one.kind != other.kind or len(years) == 2


def duplicates_of(nomination: Nomination) -> list[Nomination]:
    """Others of the quarter that may be about the same person or group: an equal name, or one alike from a unit near by."""
    others = select(Nomination).where(
        Nomination.quarter_id == nomination.quarter_id,
        Nomination.id != nomination.id,
        Nomination.state.not_in((*_NOT_SENT, NominationState.MERGED, NominationState.DECLINED)),
    )
    found = db.session.scalars(others.options(joinedload(Nomination.org_unit)).order_by(Nomination.id)).all()
    return [n for n in found if not _other_person(nomination, n) and _alike(nomination, n)]


def _alike(one: Nomination, other: Nomination) -> bool:
    if one.name_folded == other.name_folded:
        return True
    near = (
        one.org_unit_id == other.org_unit_id
        or one.org_unit.parent_id == other.org_unit_id
        or other.org_unit.parent_id == one.org_unit_id
        or plain(one.org_unit.name) == plain(other.org_unit.name)
    )
    return near and SequenceMatcher(None, one.name_folded, other.name_folded, autojunk=False).ratio() >= ALIKE


# Comments


def comments_on(nomination: Nomination) -> Sequence[PublicComment]:
    return db.session.scalars(
        select(PublicComment).where(PublicComment.nomination_id == nomination.id)
        .options(joinedload(PublicComment.account)).order_by(PublicComment.id)
    ).all()  # fmt: skip


def comment_counts(quarter: Quarter) -> dict[int, int]:
    return _count(
        select(PublicComment.nomination_id, func.count())
        .join(PublicComment.nomination)
        .where(Nomination.quarter_id == quarter.id)
        .group_by(PublicComment.nomination_id)
    )


# The consolidated list, for the papers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A line of the consolidated list.  honorific: "Ông", "Bà" or empty · figures: [{"value", "label"}, …] · agree, voted,
    may_vote: of the last vote that was counted with a quorum, else None
    """

    number: int
    nomination_id: int
    kind: str
    honorific: str
    name: str
    position: str
    unit_name: str
    field: str
    movement: str
    summary: str
    figures: tuple[tuple[str, str], ...]
    honours: str
    state: str
    has_minutes: bool
    agree: int | None
    voted: int | None
    may_vote: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """All nominations of a quarter that the office has accepted or the council has voted on.

    chosen: those for the provincial council, a part of lines with numbers of their own · without: asked units that sent none
    """

    quarter: str
    is_demo: bool
    lines: tuple[ListLine, ...]
    chosen: tuple[ListLine, ...]
    without: tuple[str, ...]


_LISTED = (
    NominationState.ACCEPTED, NominationState.COMMENTING, NominationState.VOTING, NominationState.CHOSEN,
    NominationState.NOT_CHOSEN, NominationState.RECOMMENDED, NominationState.PUBLISHED,
)  # fmt: skip
_RECOMMENDED = (NominationState.CHOSEN, NominationState.RECOMMENDED, NominationState.PUBLISHED)


def consolidated(quarter: Quarter) -> Consolidated:
    listed = [n for n in nominations_of(quarter) if n.state in _LISTED]
    counts = {
        paper.nomination_id: (paper.agree, paper.agree + (paper.disagree or 0) + (paper.other or 0), paper.may_vote)
        for vote in votes_of(quarter)
        for paper in vote.papers
        if vote.closed_at is not None and paper.agree is not None
    }
    chosen = [n for n in listed if n.state in _RECOMMENDED]
    return Consolidated(
        quarter=quarter.name,
        is_demo=any(n.is_demo for n in listed),
        lines=tuple(_line(i, n, counts) for i, n in enumerate(listed, 1)),
        chosen=tuple(_line(i, n, counts) for i, n in enumerate(chosen, 1)),
        without=tuple(unit.name for unit in units_without(quarter)),
    )


def _line(number: int, n: Nomination, counts: dict[int, tuple[int, int, int | None]]) -> ListLine:
    agree, voted, may_vote = counts.get(n.id, (None, None, None))
    return ListLine(
        number=number, nomination_id=n.id, kind=n.kind, honorific=n.honorific, name=n.name, position=n.position,
        unit_name=n.org_unit.name, field=n.field, movement=n.movement.title if n.movement else "", summary=n.summary,
        figures=tuple((f["value"], f["label"]) for f in n.figures), honours=n.honours, state=n.state,
        has_minutes=n.has_minutes, agree=agree, voted=voted, may_vote=may_vote,
    )  # fmt: skip


def evidence_of(evidence_id: int) -> Evidence | None:
    return db.session.get(Evidence, evidence_id)


def portraits_of(nomination: Nomination) -> list[Evidence]:
    return [e for e in nomination.evidence if e.kind == EvidenceKind.PORTRAIT and e.is_picture]
