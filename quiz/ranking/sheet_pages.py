"""The standings of a result sheet, kept in pages of records: they never change, and a million of them are written in less
than a second.

A page holds the places from number × PAGE + 1 on, in order; an index part holds (entry, position) of so many entries, in
the order of their numbers, so that an own place is found in one small row.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import cache
from itertools import starmap

from sqlalchemy import select

from quiz.db import db, insert_plain
from quiz.ranking.models import StandingIndex, StandingPage
from quiz.ranking.results import Numbered, Place

PAGE = 500

_INDEX = struct.Struct(">QI")  # entry, position


@cache
def _record(key_size: int) -> struct.Struct:
    """entry, attempt, place, shared?, key"""
    return struct.Struct(f">QQI?{key_size}s")


def write(ranking_id: int, places: Numbered) -> None:
    """Store the places of a sheet."""
    if not len(places):
        return
    pack = _record(len(places.keys[0])).pack
    records = list(map(pack, places.entry_ids, places.attempt_ids, places.numbers, places.shared, places.keys))
    starts = range(0, len(records), PAGE)
    pages = [(ranking_id, n // PAGE, b"".join(records[n : n + PAGE])) for n in starts]
    insert_plain(StandingPage.__table__, ("ranking_id", "number", "records"), pages)
    pairs = list(starmap(_INDEX.pack, places.by_entry))
    parts = [(ranking_id, places.by_entry[n][0], b"".join(pairs[n : n + PAGE])) for n in starts]
    insert_plain(StandingIndex.__table__, ("ranking_id", "first_entry", "pairs"), parts)


def read(ranking_id: int, key_size: int, first: int, last: int) -> list[Place]:
    """Positions first to last, both included; fewer where the sheet ends."""
    pages = db.session.execute(
        select(StandingPage.number, StandingPage.records)
        .where(
            StandingPage.ranking_id == ranking_id,
            StandingPage.number.between((first - 1) // PAGE, (last - 1) // PAGE),
        )
        .order_by(StandingPage.number)
    )
    found: list[Place] = []
    for number, records in pages:
        rows = enumerate(_record(key_size).iter_unpack(records), number * PAGE + 1)
        found += [Place(p, place, tied, e, a, key) for p, (e, a, place, tied, key) in rows if first <= p <= last]
    return found


def walk(ranking_id: int, key_size: int) -> Iterator[Place]:
    """All positions in order, page by page, as far as somebody goes on asking."""
    first = 1
    while page := read(ranking_id, key_size, first, first + PAGE - 1):
        yield from page
        first += PAGE


def places(ranking_id: int, key_size: int) -> Iterator[tuple[int, int]]:
    """(entry, place) of everybody, in order; four times as fast as `walk`."""
    record = _record(key_size)
    pages = select(StandingPage.records).where(StandingPage.ranking_id == ranking_id).order_by(StandingPage.number)
    for records in db.session.scalars(pages.execution_options(yield_per=100)):
        for entry_id, _attempt, place, _tied, _key in record.iter_unpack(records):
            yield entry_id, place


def positions_of(ranking_id: int, entry_ids: Collection[int]) -> dict[int, int]:
    """Entry → its position on the sheet, for those who stand on it."""
    found: dict[int, int] = {}
    for entry_id in entry_ids:
        part = db.session.scalars(
            select(StandingIndex.pairs)
            .where(StandingIndex.ranking_id == ranking_id, StandingIndex.first_entry <= entry_id)
            .order_by(StandingIndex.first_entry.desc())
            .limit(1)
        ).one_or_none()
        pairs = list(_INDEX.iter_unpack(part)) if part is not None else []
        at = bisect_left(pairs, (entry_id, 0))
        if at < len(pairs) and pairs[at][0] == entry_id:
            found[entry_id] = pairs[at][1]
    return found
