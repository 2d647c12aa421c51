"""Frozen pools, kept in memory: a pool never changes, so a start reads it from the database once per process."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import or_, select

from quiz.contests.models import Contest, Pool
from quiz.db import db
from quiz.rules.commitment import candidate_of
from quiz.rules.drawing import Candidate


def candidates_of(pool_id: int) -> tuple[Candidate, ...]:
    """The item versions that papers of this pool draw from.  Raises NoResultFound for an unknown pool."""
    known: dict[int, tuple[Candidate, ...]] = _cache("contests.candidates")
    if pool_id not in known:
        rows = db.session.scalars(select(Pool.candidates).where(Pool.id == pool_id)).one()
        known[pool_id] = tuple(candidate_of(row) for row in rows)
    return known[pool_id]


def pool_id_of(division_id: int, round_id: int) -> int:
    """The pool that papers of a division are drawn from in a round: the round's own, or the one for all rounds.

    Raises NoResultFound while the contest has not been opened.
    """
    known: dict[tuple[int, int], int] = _cache("contests.pool_ids")
    if (division_id, round_id) not in known:
        pools = select(Pool.id).where(
            Pool.division_id == division_id, or_(Pool.round_id == round_id, Pool.round_id.is_(None))
        )
        known[division_id, round_id] = db.session.scalars(pools.order_by(Pool.round_id.is_(None)).limit(1)).one()
    return known[division_id, round_id]


def pools_of(contest: Contest) -> set[int]:
    """Every pool of an open contest."""
    return {pool_id_of(d.id, r.id) for d in contest.divisions for r in contest.rounds}


def _cache(name: str) -> dict:
    """Kept with the application, not the module: two applications of one process may have two databases."""
    return current_app.extensions.setdefault(name, {})
