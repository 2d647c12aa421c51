"""What a corrected result sheet changed: who moved, and whose prize did, against the published sheet that it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from quiz.contests.models import Entry
from quiz.db import db
from quiz.ranking import prizes, queries, sheet_pages
from quiz.ranking.corrections import Move, Place
from quiz.ranking.models import Ranking
from quiz.rules.tie_break import key_size

SHOWN = 50  # people whose move is shown by name


@dataclass(frozen=True, slots=True)
class Changes:
    """up, down: how many stand higher, lower · joined, left: how many are on one of the two sheets only · first: the first
    who moved, in the order of the new sheet, then those who left · of_prizes: everybody whose prize differs; prize: its name
    """

    up: int
    down: int
    joined: int
    left: int
    first: Sequence[Move]
    of_prizes: Sequence[Move]

    @property
    def moved(self) -> int:
        return self.up + self.down + self.joined + self.left

    def names(self) -> Mapping[int, Entry]:
        """Entry by its id, of all who are shown."""
        ids = {m.entry_id for m in (*self.first, *self.of_prizes)}
        return {entry.id: entry for entry in db.session.scalars(select(Entry).where(Entry.id.in_(ids)))}


def replaced_by(sheet: Ranking) -> Ranking | None:
    """The published sheet that stood before this one, of the same scope and division."""
    earlier = (s for s in queries.sheets_of(sheet.round_id, sheet.division_id) if s.number < sheet.number)
    return next((s for s in earlier if s.published_at is not None), None)


def changes(before: Ranking, after: Ranking) -> Changes:
    """Compared once in a process, and kept: sheets never change, and a million places take a second to go through."""
    kept: dict[tuple[int, int], Changes] = current_app.extensions.setdefault("ranking.sheet_changes", {})
    if (before.id, after.id) not in kept:
        kept[before.id, after.id] = _compared(before, after)
    return kept[before.id, after.id]


def _compared(before: Ranking, after: Ranking) -> Changes:
    left = dict(sheet_pages.places(before.id, key_size(before.chain)))
    up = down = joined = 0
    first: list[Move] = []
    for entry_id, place in sheet_pages.places(after.id, key_size(after.chain)):
        was = left.pop(entry_id, None)
        if was == place:
            continue
        if was is None:
            joined += 1
        elif place < was:
            up += 1
        else:
            down += 1
        if len(first) < SHOWN:
            first.append(Move(entry_id, None if was is None else Place(was), Place(place)))
    gone = sorted((place, entry_id) for entry_id, place in left.items())[: SHOWN - len(first)]
    first += [Move(entry_id, Place(place), None) for place, entry_id in gone]
    return Changes(up, down, joined, len(left), first, _of_prizes(before, after))


def _of_prizes(before: Ranking, after: Ranking) -> list[Move]:
    """In the order of the new sheet, then those who are not on it."""
    held, given = ({p.standing.entry_id: p.tier.code for p in prizes.proposed(s).given} for s in (before, after))
    differ = [entry_id for entry_id in {**given, **held} if held.get(entry_id) != given.get(entry_id)]
    sides = []
    for sheet, codes in ((before, held), (after, given)):
        names = prizes.names_of(sheet)
        standings = queries.standings_of(sheet, differ)
        sides.append({s.entry_id: Place(s.place, names.get(codes.get(s.entry_id, ""), "")) for s in standings})
    old, new = sides
    moves = [Move(entry_id, old.get(entry_id), new.get(entry_id)) for entry_id in differ]
    return sorted(moves, key=lambda m: (m.after is None, m.after.place if m.after else 0, m.entry_id))
