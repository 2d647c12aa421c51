"""Frozen pools, kept in memory: a pool never changes, so a start reads it from the database once per process."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from quiz.contests.models import Pool
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


def pool_id_of(division_id: int) -> int:
    """The pool frozen for this division.  Raises NoResultFound while its contest has not been opened."""
    known: dict[int, int] = _cache("contests.pool_ids")
    if division_id not in known:
        known[division_id] = db.session.scalars(select(Pool.id).where(Pool.division_id == division_id)).one()
    return known[division_id]


def _cache(name: str) -> dict:
    """Kept with the application, not the module: two applications of one process may have two databases."""
    return current_app.extensions.setdefault(name, {})
