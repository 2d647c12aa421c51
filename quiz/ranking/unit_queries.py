"""Units and blocks that a board is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quiz.accounts.models import OrgUnit
from quiz.contests.models import Entry
from quiz.db import db

MOST_OFFERED = 300  # units in one list to choose from


@dataclass(frozen=True, slots=True)
class Choice:
    """blocks, units: what is offered; units of the chosen block, or of all if they are few · block, unit: what is chosen ·
    own: the visitor's unit · unit_ids: whose people are shown, with the units below; None: everybody's"""

    blocks: Sequence[str]
    units: Sequence[tuple[int, str]]
    block: str
    unit: tuple[int, str] | None
    own: tuple[int, str] | None
    unit_ids: list[int] | None


def choice(block: str, unit_id: int | None, entry: Entry | None) -> Choice:
    """What the address asks for. Names that do not exist choose nothing."""
    blocks = db.session.scalars(
        select(OrgUnit.block).where(OrgUnit.block != "").distinct().order_by(OrgUnit.block)
    ).all()
    block = block if block in blocks else ""
    units = select(OrgUnit.id, OrgUnit.name).order_by(OrgUnit.name)
    units = units.where(OrgUnit.block == block) if block else units
    offered = [(id_, name) for id_, name in db.session.execute(units.limit(MOST_OFFERED + 1))]
    own_id = entry.org_unit_id if entry else None
    named = dict(_named([i for i in (unit_id, own_id) if i is not None]))
    unit = (unit_id, named[unit_id]) if unit_id is not None and unit_id in named else None
    top = OrgUnit.id == unit[0] if unit else OrgUnit.block == block if block else None
    return Choice(
        blocks=blocks,
        units=offered if len(offered) <= MOST_OFFERED else [],
        block=block,
        unit=unit,
        own=(own_id, named[own_id]) if own_id is not None else None,
        unit_ids=None if top is None else _with_those_below(top),
    )


def _named(ids: list[int]) -> Sequence[Any]:
    return db.session.execute(select(OrgUnit.id, OrgUnit.name).where(OrgUnit.id.in_(ids))).all() if ids else []


def _with_those_below(top: Any) -> list[int]:
    found = select(OrgUnit.id).where(top).cte(recursive=True)
    found = found.union(select(OrgUnit.id).where(OrgUnit.parent_id == found.c.id))
    return list(db.session.scalars(select(found.c.id)))
