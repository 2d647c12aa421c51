"""How far stories reach, without following anybody: sums of a day, by story and by where the address says readers came from.

What ties a finished quiz to a story read before lies only in the reader's own session cookie, ten stories at most, and is
forgotten once it has been counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from quiz.db import db
from quiz.exemplars.models import Exemplar, Origin, Reach
from quiz.formats import local

KEPT = 10  # stories that a browser remembers having read
_COOKIE = "read_stories"  # [[exemplar id, origin], …], the earliest first
_NO_READER = re.compile(
    r"bot|crawl|spider|preview|facebookexternalhit|zalo.*scrap|curl|wget|python|headless", re.IGNORECASE
)
_COUNTED = {"opened": "opened", "read": "read_through", "finished": "finished"}  # attribute → column


def origin_of(asked: str | None) -> Origin:
    """What an address says with `?tu=`; whatever else stands there is no origin."""
    return Origin(asked) if asked and asked in {*Origin} else Origin.DIRECT


def is_reader(headers: Mapping[str, str]) -> bool:
    """Does a browser ask that shows the page to somebody, as far as it says so?"""
    agent = headers.get("User-Agent") or ""
    if not agent.startswith("Mozilla/") or _NO_READER.search(agent):
        return False
    if "prefetch" in (headers.get("Sec-Purpose") or headers.get("Purpose") or ""):
        return False
    return headers.get("Sec-Fetch-Dest", "document") == "document"


def count_opened(exemplar_id: int, origin: Origin, *, now: datetime) -> None:
    _count({exemplar_id: origin}, "opened", now)


def count_read(
    session: MutableMapping[str, Any], exemplar_id: int, origin: Origin, *, now: datetime
) -> bool:  # fmt: skip
    """Count that a story was read to its end, once for each browser that remembers it; gives whether it was counted."""
    if exemplar_id in dict(_remembered(session)):
        return False
    _count({exemplar_id: origin}, "read", now)
    note_read(session, exemplar_id, origin)
    return True


def note_read(session: MutableMapping[str, Any], exemplar_id: int, origin: Origin) -> None:
    """Let the reader's browser remember a story."""
    others = [entry for entry in _remembered(session) if entry[0] != exemplar_id]
    session[_COOKIE] = [[id_, str(from_)] for id_, from_ in [*others, (exemplar_id, origin)]][-KEPT:]


def finished_after_reading(session: MutableMapping[str, Any], *, now: datetime) -> None:
    """Count an attempt that has just ended for every story that this browser remembers, and forget them.

    One statement, in the caller's transaction; nothing is asked of the database where nothing was read.
    """
    read = dict(_remembered(session))
    if _COOKIE in session:
        del session[_COOKIE]
    if read:
        _count(read, "finished", now)


def _remembered(session: Mapping[str, Any]) -> list[tuple[int, Origin]]:
    """The cookie is signed, but an older version of ours may have written it."""
    kept = session.get(_COOKIE)
    pairs = kept if isinstance(kept, list) else []
    return [(pair[0], origin_of(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _count(origins: Mapping[int, Origin], what: str, now: datetime) -> None:
    """Add one for each story. Rows are chosen from the stories themselves, so one that is gone is simply not counted."""
    came_from = case({id_: str(origin) for id_, origin in origins.items()}, value=Exemplar.id)
    ones = [literal(1 if name == what else 0) for name in _COUNTED]
    rows = (
        select(Exemplar.id, literal(local(now).date()), came_from, *ones)
        .where(Exemplar.id.in_(list(origins)))
        .order_by(Exemplar.id)  # all in one order: two who count the same stories wait and do not block each other
    )
    table: Any = Reach.__table__
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    column = _COUNTED[what]
    db.session.execute(
        insert(table)
        .from_select(["exemplar_id", "on_day", "origin", *_COUNTED.values()], rows)
        .on_conflict_do_update(index_elements=["exemplar_id", "on_day", "origin"], set_={column: table.c[column] + 1})
    )


@dataclass(frozen=True, slots=True)
class Sums:
    opened: int = 0
    read: int = 0
    finished: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.opened + other.opened, self.read + other.read, self.finished + other.finished)


_SUMS = (func.sum(Reach.opened), func.sum(Reach.read), func.sum(Reach.finished))


def by_story(since: date | None = None) -> dict[int, Sums]:
    """exemplar id → its sums; stories that nobody opened are left out."""
    query = select(Reach.exemplar_id, *_SUMS).group_by(Reach.exemplar_id)
    rows = db.session.execute(query if since is None else query.where(Reach.on >= since))
    return {id_: Sums(*map(int, sums)) for id_, *sums in rows}


def by_origin(exemplar_id: int | None = None) -> dict[Origin, Sums]:
    """Of one story, or of all."""
    query = select(Reach.origin, *_SUMS).group_by(Reach.origin)
    rows = db.session.execute(query if exemplar_id is None else query.where(Reach.exemplar_id == exemplar_id))
    found = {Origin(origin): Sums(*map(int, sums)) for origin, *sums in rows}
    return {origin: found[origin] for origin in Origin if origin in found}


def by_month(exemplar_id: int | None = None) -> Sequence[tuple[str, Sums]]:
    """("2026-09", its sums), the latest month first; of one story, or of all."""
    query = select(Reach.on, *_SUMS).group_by(Reach.on)
    rows = db.session.execute(query if exemplar_id is None else query.where(Reach.exemplar_id == exemplar_id))
    months: dict[str, Sums] = {}
    for on, *sums in rows:
        month = f"{on:%Y-%m}"
        months[month] = months.get(month, Sums()) + Sums(*map(int, sums))
    return sorted(months.items(), reverse=True)
