"""Boards and result sheets as tables for organizers: names as published, of the birth date only the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from quiz.contests.models import Entry
from quiz.db import db
from quiz.formats import local
from quiz.ranking import sheet_pages
from quiz.ranking.models import Board, BoardEntry, Ranking
from quiz.ranking.words import columns as heads
from quiz.rules.tie_break import NO_PREDICTION, Value, criterion_name, key_size, unpack
from quiz.spreadsheets import Cell

_PERSON = (Entry.full_name, Entry.belongs_to, Entry.birth_date)
STEP = 5_000  # rows fetched at once
_IN_SECONDS = ("elapsed", "total_elapsed")


def columns(chain: Sequence[str]) -> list[tuple[str, int]]:
    """Heading and width."""
    found = [(_("Hạng"), 8), (_("Họ tên"), 28), (_("Đơn vị, nơi ở"), 36), (_("Năm sinh"), 10)]
    for name, head in _criteria(chain):
        title = _("%(head)s (giây)", head=head) if name in _IN_SECONDS else str(head)
        found.append((_("Dự đoán lệch") if name == "prediction" else title, 26 if "lúc" in title else 14))
    return found


def _criteria(chain: Sequence[str]) -> list[tuple[str, object]]:
    """Those that the chain holds values of."""
    names = {criterion_name(step) for step in chain}
    return [(name, head) for name, head in heads(chain) if name in names]


def board_rows(board: Board) -> Iterator[list[Cell]]:
    """Everybody on a board from the top, read once and not kept."""
    e = BoardEntry
    rows = select(e.key, *_PERSON).join(Entry, Entry.id == e.entry_id).where(e.board_id == board.id).order_by(e.key)
    chain, size = list(board.chain), key_size(board.chain)
    place, before = 0, b""
    for number, (key, *person) in enumerate(_read(rows), 1):
        if key[:size] != before:
            place, before = number, key[:size]
        yield _cells(place, key, person, chain)


def sheet_rows(sheet: Ranking) -> Iterator[list[Cell]]:
    places = sheet_pages.walk(sheet.id, key_size(sheet.chain))
    chain = list(sheet.chain)
    while some := list(islice(places, STEP)):
        named = select(Entry.id, *_PERSON).where(Entry.id.in_({p.entry_id for p in some}))
        people = {entry_id: person for entry_id, *person in db.session.execute(named)}
        for p in some:
            yield _cells(p.place, p.key, people[p.entry_id], chain)


def _read(rows: Any) -> Iterator[Any]:
    found = db.session.execute(rows, execution_options={"yield_per": STEP, "stream_results": True})
    for part in found.partitions():
        yield from part


def _cells(place: int, key: bytes, person: Sequence[Any], chain: Sequence[str]) -> list[Cell]:
    name, belongs_to, birth_date = person
    values = unpack(key, chain)
    return [place, name, belongs_to, birth_date.year, *(_cell(n, values[n]) for n, _head in _criteria(chain))]


def _cell(name: str, value: Value) -> Cell:
    if isinstance(value, datetime):
        return f"{local(value):%d/%m/%Y %H:%M:%S.%f}"
    if name == "prediction":
        return None if value == NO_PREDICTION else value
    return value / 1000 if name in _IN_SECONDS else value
