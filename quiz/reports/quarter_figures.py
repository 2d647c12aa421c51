"""What a quarter brought, by unit: nominations and how far they came, stories, posts, contests, people who took part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from quiz.accounts.models import OrgUnit
from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, ContestState, Entry, Round
from quiz.db import db
from quiz.exemplars import nomination_queries, votes
from quiz.exemplars.models import Exemplar, StoryState
from quiz.exemplars.nomination_models import NominationState, Quarter
from quiz.exemplars.post_models import Post, PostState
from quiz.exemplars.votes import Minutes
from quiz.formats import from_local

_SENT = {*NominationState} - {NominationState.DRAFT, NominationState.WITHDRAWN}
_CHOSEN = {NominationState.CHOSEN, NominationState.RECOMMENDED, NominationState.PUBLISHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """sent: nominations of the unit · stories, posts: published in the quarter · people: who took part in a contest"""

    unit: str
    is_asked: bool
    sent: int
    chosen: int
    stories: int
    posts: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterFigures:
    """units: those asked, and those of which anything is told · minutes: of the last counted vote · stories, posts, people:
    also those of no unit"""

    name: str
    is_demo: bool
    units: tuple[UnitLine, ...]
    contests: tuple[str, ...]
    minutes: Minutes | None
    stories: int
    posts: int
    people: int

    @property
    def sent(self) -> int:
        return sum(line.sent for line in self.units)

    @property
    def chosen(self) -> int:
        return sum(line.chosen for line in self.units)

    @property
    def units_asked(self) -> int:
        return sum(line.is_asked for line in self.units)

    @property
    def units_that_sent(self) -> int:
        return sum(line.is_asked and line.sent > 0 for line in self.units)


def of_quarter(quarter: Quarter) -> QuarterFigures:
    """Everything of a quarter as it is known now."""
    begins, ends = bounds(quarter)
    nominations = nomination_queries.nominations_of(quarter)
    sent = Counter(n.org_unit_id for n in nominations if n.state in _SENT)
    chosen = Counter(n.org_unit_id for n in nominations if n.state in _CHOSEN)
    public = (StoryState.PUBLISHED, StoryState.ARCHIVED)
    stories = _by_unit(
        Exemplar, Exemplar.state.in_(public), Exemplar.published_at >= begins, Exemplar.published_at < ends
    )
    posts = _by_unit(Post, Post.state == PostState.PUBLISHED, Post.published_at >= begins, Post.published_at < ends)
    rounds = db.session.execute(
        select(Round.id, Contest.title)
        .join(Contest)
        .where(Contest.state == ContestState.OPEN, Round.closes_at > begins, Round.closes_at <= ends)
        .order_by(Round.closes_at, Round.id)
    ).all()
    people = _people([row.id for row in rounds])
    asked = {unit.id for unit in quarter.units}
    told = asked | sent.keys() | stories.keys() | posts.keys() | people.keys()
    units = db.session.scalars(select(OrgUnit).where(OrgUnit.id.in_({u for u in told if u})).order_by(OrgUnit.id))
    return QuarterFigures(
        name=quarter.name,
        is_demo=any(n.is_demo for n in nominations),
        units=tuple(
            UnitLine(
                unit=u.name, is_asked=u.id in asked, sent=sent[u.id], chosen=chosen[u.id], stories=stories[u.id],
                posts=posts[u.id], people=people[u.id],
            )
            for u in units
        ),
        contests=tuple(dict.fromkeys(row.title for row in rounds)),
        minutes=votes.minutes(quarter),
        stories=stories.total(),
        posts=posts.total(),
        people=people.total(),
    )  # fmt: skip


def bounds(quarter: Quarter) -> tuple[datetime, datetime]:
    """The local midnights between which the quarter lies."""
    begins, after = quarter.of.first_day, quarter.of.last_day + timedelta(days=1)
    return from_local(datetime.combine(begins, time())), from_local(datetime.combine(after, time()))


def _by_unit(model: Any, *wanted: Any) -> Counter[int | None]:
    rows = db.session.execute(select(model.org_unit_id, func.count()).where(*wanted).group_by(model.org_unit_id))
    return Counter({unit_id: count for unit_id, count in rows})  # noqa: C416


def _people(round_ids: list[int]) -> Counter[int | None]:
    """Unit → entries that have finished an attempt in one of the rounds."""
    ended = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
    rows = db.session.execute(
        select(Entry.org_unit_id, func.count(Entry.id.distinct()))
        .join(Attempt, Attempt.entry_id == Entry.id)
        .where(Attempt.round_id.in_(round_ids), Attempt.state.in_(ended))
        .group_by(Entry.org_unit_id)
    )
    return Counter({unit_id: count for unit_id, count in rows})  # noqa: C416
