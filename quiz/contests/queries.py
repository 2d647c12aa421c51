"""Reads of contests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.contests.models import Contest, ContestState, Division, Entry, Pool, Qualification, Round
from quiz.db import db
from quiz.text import plain

_PARTS = (selectinload(Contest.rounds), selectinload(Contest.divisions))
_PUBLIC = Contest.state == ContestState.OPEN


def contest_by_slug(slug: str) -> Contest | None:
    """A public contest by its address; drafts have none."""
    return db.session.scalars(select(Contest).where(Contest.slug == slug, _PUBLIC).options(*_PARTS)).one_or_none()


def contest_by_id(contest_id: int) -> Contest | None:
    return db.session.scalars(select(Contest).where(Contest.id == contest_id).options(*_PARTS)).one_or_none()


def round_by_id(round_id: int) -> Round | None:
    return db.session.scalars(
        select(Round).where(Round.id == round_id).options(joinedload(Round.contest))
    ).one_or_none()


def entry_of(contest_id: int, account_id: int) -> Entry | None:
    return db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest_id, Entry.account_id == account_id)
        .options(joinedload(Entry.division))
    ).one_or_none()


def open_contests(now: datetime) -> Sequence[Contest]:
    """Contests with a round open now, the one that closes soonest first."""
    closes = (
        select(func.min(Round.closes_at))
        .where(Round.contest_id == Contest.id, Round.opens_at <= now, Round.closes_at > now)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Contest).where(_PUBLIC, closes.is_not(None)).options(*_PARTS).order_by(closes, Contest.id)
    ).all()


def upcoming_contests(now: datetime) -> Sequence[Contest]:
    """Contests with no round open now but one still to come, the one that opens soonest first."""
    opens = (
        select(func.min(Round.opens_at)).where(Round.contest_id == Contest.id, Round.opens_at > now).scalar_subquery()
    )
    running = exists().where(Round.contest_id == Contest.id, Round.opens_at <= now, Round.closes_at > now)
    return db.session.scalars(
        select(Contest).where(_PUBLIC, opens.is_not(None), ~running).options(*_PARTS).order_by(opens, Contest.id)
    ).all()


def ended_contests(now: datetime, *, limit: int, offset: int = 0) -> Sequence[Contest]:
    """Contests whose last round has closed, the latest first."""
    last = select(func.max(Round.closes_at)).where(Round.contest_id == Contest.id).scalar_subquery()
    return db.session.scalars(
        select(Contest)
        .where(_PUBLIC, last <= now)
        .options(*_PARTS)
        .order_by(last.desc(), Contest.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_ended(now: datetime) -> int:
    last = select(func.max(Round.closes_at)).where(Round.contest_id == Contest.id).scalar_subquery()
    return db.session.scalar(select(func.count()).select_from(Contest).where(_PUBLIC, last <= now)) or 0


def all_contests(*, limit: int, offset: int = 0) -> Sequence[Contest]:
    """Drafts first, then what was opened, the newest of each first."""
    return db.session.scalars(
        select(Contest)
        .options(*_PARTS)
        .order_by(Contest.opened_at.is_not(None), Contest.created_at.desc(), Contest.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_contests() -> int:
    return db.session.scalar(select(func.count()).select_from(Contest)) or 0


def count_entries(contest_id: int) -> dict[int, int]:
    """division id → how many people have registered."""
    rows = db.session.execute(
        select(Entry.division_id, func.count()).where(Entry.contest_id == contest_id).group_by(Entry.division_id)
    )
    return {row[0]: row[1] for row in rows}


def is_qualified(entry_id: int, round_id: int) -> bool:
    """Has the entry been admitted to a round to which only some are?"""
    return db.session.get(Qualification, (round_id, entry_id)) is not None


def qualified_rounds(entry_id: int) -> set[int]:
    """Ids of the rounds to which the entry has been admitted."""
    return set(db.session.scalars(select(Qualification.round_id).where(Qualification.entry_id == entry_id)))


def pool_digests(contest_id: int) -> dict[tuple[str, str | None], str]:
    """(code of a division, code of the one round that draws from it or None) → digest of a frozen pool; empty for a draft.

    In the order of divisions and rounds; a pool for all other rounds stands last.
    """
    rows = db.session.execute(
        select(Division.code, Round.code, Pool.digest)
        .join(Pool, Pool.division_id == Division.id)
        .outerjoin(Round, Round.id == Pool.round_id)
        .where(Division.contest_id == contest_id)
        .order_by(Division.position, Round.position.is_(None), Round.position)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def slugs_like(stem: str) -> set[str]:
    return set(db.session.scalars(select(Contest.slug).where(Contest.slug.startswith(stem, autoescape=True))))


# Names

NAMES_LOOKED_AT = 200  # people whose name fits; more than that means that too little of it is given
LAST_LETTER = "\U0010ffff"


def names_fit(text: str) -> list[ColumnElement[bool]]:
    """Conditions for entries whose name begins so, without marks: from the family name on, or backwards from the given
    name. Each is a range of an index. A text without letters fits nobody."""
    wanted = plain(text)
    if not wanted:
        return [false()]
    begins = ((Entry.name_folded, wanted), (Entry.name_reversed, " ".join(reversed(wanted.split()))))
    return [and_(column >= begin, column < begin + LAST_LETTER) for column, begin in begins]


def entries_named(division_id: int, text: str) -> tuple[set[int], bool]:
    """Entries of a division whose name fits, and whether there are more than were looked at."""
    named: set[int] = set()
    is_cut = False
    for fits in names_fit(text):
        ids = db.session.scalars(
            select(Entry.id).where(Entry.division_id == division_id, fits).limit(NAMES_LOOKED_AT + 1)
        ).all()
        named.update(ids[:NAMES_LOOKED_AT])
        is_cut = is_cut or len(ids) > NAMES_LOOKED_AT
    return named, is_cut


def admitted_among(round_id: int, entry_ids: Collection[int]) -> set[int]:
    """Those of the entries that have been let into a round."""
    let_in = select(Qualification.entry_id).where(
        Qualification.round_id == round_id, Qualification.entry_id.in_(entry_ids)
    )
    return set(db.session.scalars(let_in))
