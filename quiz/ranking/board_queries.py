"""Reads of live boards: pages by key, places over the fence posts, an own place by its index; nothing walks the board."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text, union_all
from sqlalchemy.orm import load_only

from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry, Round
from quiz.contests.queries import entries_named, names_fit
from quiz.db import db
from quiz.ranking.models import Audience, Board, BoardBucket, BoardEntry, BoardPlace, BoardState, BoardUnitPlace
from quiz.ranking.queries import MOST_HITS
from quiz.rules.tie_break import Value, key_size, unpack

UNITS_MERGED = 60  # up to so many units each give their first people by the index; more are picked on the way down
TAIL = 8  # bytes behind the chain in a key
AFTER_ALL = b"\xff" * (TAIL + 1)  # behind everybody who shares a place

E = BoardEntry


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody on a board, as pages show it."""

    place: int
    tied: bool
    key: bytes
    entry_id: int
    entry: Entry
    attempt: Attempt
    chain: Sequence[str]

    @property
    def values(self) -> dict[str, Value]:
        """Criterion → what was compared."""
        return unpack(self.key, self.chain)

    @property
    def cursor(self) -> str:
        """For addresses: the page behind this row, or the one before it."""
        return urlsafe_b64encode(self.key).decode()

    @property
    def own_cursor(self) -> str:
        """For addresses: the page that begins with this row."""
        return urlsafe_b64encode(just_before(self.key)).decode()


def just_before(key: bytes) -> bytes:
    """The key that nothing fits behind but this one."""
    return (int.from_bytes(key) - 1).to_bytes(len(key))


def key_of(cursor: str, board: Board) -> bytes | None:
    """The key that a cursor stands for; None for anything else."""
    try:
        key = urlsafe_b64decode(cursor.encode("ascii", "replace"))
    except (NotBase64, ValueError):
        return None
    return key if len(key) == key_size(board.chain) + TAIL else None


# Boards


def live_board(round_id: int | None, division_id: int, *, staff: bool = False) -> Board | None:
    """The board of a round, or with None of the whole contest; for the staff the one that goes on behind the freeze."""
    boards = _live(division_id, [round_id or 0])
    boards = boards if staff else boards.where(Board.audience == Audience.PUBLIC)
    return db.session.scalars(boards.order_by(Board.audience.desc()).limit(1)).one_or_none()  # "staff" comes first


def _live(division_id: Any, scopes: Collection[int]) -> Select[Board]:
    return select(Board).where(
        Board.state == BoardState.LIVE, Board.division_id == division_id, Board.scope.in_(scopes)
    )  # fmt: skip


def boards_of_round(round_: Round, *, staff: bool = False) -> list[Board]:
    """The boards of a round's divisions."""
    found = (live_board(round_.id, division.id, staff=staff) for division in round_.contest.divisions)
    return [board for board in found if board is not None]


def staff_boards(round_ids: Collection[int], contests: Collection[Contest]) -> dict[tuple[int | None, int], Board]:
    """(round or None, division) → its board as organizers and judges see it."""
    divisions = {division.id for contest in contests for division in contest.divisions}
    boards = db.session.scalars(
        select(Board)
        .where(Board.state == BoardState.LIVE, Board.division_id.in_(divisions), Board.scope.in_({0, *round_ids}))
        .order_by(Board.audience)
    )
    return {(board.round_id, board.division_id): board for board in boards}  # the staff's is the last


def people_counted(round_id: int) -> int:
    """How many people with a finished attempt the public boards of a round have counted; a few seconds old."""
    people = select(func.sum(Board.people)).where(
        Board.round_id == round_id, Board.state == BoardState.LIVE, Board.audience == Audience.PUBLIC
    )
    return db.session.scalar(people) or 0


# Places


# Both are written as text: building twenty of them as objects takes longer than running them.

_ABOVE = """(
  SELECT coalesce(sum(people), 0) FROM board_bucket WHERE board_id = :board AND first_key < (
    SELECT first_key FROM board_bucket WHERE board_id = :board AND first_key <= :key{n} ORDER BY first_key DESC LIMIT 1)
) + (
  SELECT count(*) FROM board_entry WHERE board_id = :board AND key < :key{n} AND key >= (
    SELECT first_key FROM board_bucket WHERE board_id = :board AND first_key <= :key{n} ORDER BY first_key DESC LIMIT 1)
)"""

_OF_PLACE = """(
  SELECT count(*) FROM (
    SELECT 1 FROM board_entry WHERE board_id = :board AND key >= :key{n} AND key < :end{n} LIMIT 2) AS first_two{n}
)"""


def count_above(board_id: int, keys: Sequence[bytes]) -> list[int]:
    """How many stand above each of these keys, which may be only the beginning of a key: whole buckets, and then the
    people of one bucket."""
    return [above for above, _of_place in _counts(board_id, keys)]


def _counts(board_id: int, keys: Sequence[bytes]) -> list[tuple[int, int]]:
    """Of each key, how many stand above it, and how many share the place that it begins with: 2 stands for more."""
    if not keys:
        return []
    asked = ", ".join(part.format(n=n) for n in range(len(keys)) for part in (_ABOVE, _OF_PLACE))
    values: dict[str, Any] = {"board": board_id}
    for n, key in enumerate(keys):
        values |= {f"key{n}": key, f"end{n}": key + AFTER_ALL}
    found = [int(number) for number in db.session.execute(text(f"SELECT {asked}"), values).one()]
    return list(zip(found[::2], found[1::2], strict=True))


def key_at(board_id: int, position: int) -> bytes | None:
    """The key of the row with this number, from 1; None where there is no such row."""
    b = BoardBucket
    before = (func.sum(b.people).over(order_by=b.first_key) - b.people).label("before")
    posts = select(b.first_key, before).where(b.board_id == board_id).subquery()
    post = db.session.execute(
        select(posts).where(posts.c.before < position).order_by(posts.c.first_key.desc()).limit(1)
    ).one_or_none()
    if post is None:
        return None
    rows = select(E.key).where(E.board_id == board_id, E.key >= post.first_key).order_by(E.key)
    return db.session.scalar(rows.offset(position - 1 - int(post.before)).limit(1))


def row_of(board: Board, entry_id: int) -> Row | None:
    """An entry's own place."""
    rows = db.session.execute(_of_entries(board.id, [entry_id])).all()
    return next(iter(_placed(board, rows)), None)


def row_above(board: Board, row: Row) -> Row | None:
    """Who stands nearest above a row, at another place."""
    head = row.key[: key_size(board.chain)]
    found = select(*_COLUMNS).where(E.board_id == board.id, E.key < head).order_by(E.key.desc()).limit(1)
    return next(iter(_placed(board, db.session.execute(found).all())), None)


def _of_entries(board_id: int, entry_ids: Collection[int]) -> Any:
    p = BoardPlace
    rows: Any = select(*_COLUMNS).join(p, and_(p.board_id == E.board_id, p.key == E.key))
    return rows.where(E.board_id == board_id, p.board_id == board_id, p.entry_id.in_(entry_ids))


_COLUMNS = (E.key, E.entry_id, E.attempt_id)
_SHOWN = (Attempt.code, Attempt.score, Attempt.max_score, Attempt.written, Attempt.all_correct, Attempt.prediction)


def _placed(board: Board, rows: Sequence[Any]) -> list[Row]:
    """Rows from anywhere on the board, with places and people."""
    size = key_size(board.chain)
    heads = list(dict.fromkeys(row.key[:size] for row in rows))
    if not heads:
        return []
    counts = dict(zip(heads, _counts(board.id, heads), strict=True))
    return _with_people(board, [(counts[h][0] + 1, counts[h][1] > 1, row) for row in rows for h in [row.key[:size]]])


def _numbered(board: Board, rows: Sequence[Any], next_: Any | None) -> tuple[list[Row], int]:
    """One stretch of the board with places, and how many stand above its first row.  next_: the row behind it"""
    if not rows:
        return [], 0
    size = key_size(board.chain)
    keys = [row.key[:size] for row in rows]
    place_above, row_above = count_above(board.id, [keys[0], rows[0].key])
    following = [*keys[1:], next_.key[:size] if next_ is not None else None]
    place = place_above + 1
    found = []
    for i, (row, head) in enumerate(zip(rows, keys, strict=True)):
        new = i > 0 and head != keys[i - 1]
        if new:
            place = row_above + i + 1
        tied = head == following[i] or place <= row_above + i
        found.append((place, tied, row))
    return _with_people(board, found), row_above


def _with_people(board: Board, placed: Sequence[tuple[int, bool, Any]]) -> list[Row]:
    entry_ids, attempt_ids = [row.entry_id for *_, row in placed], [row.attempt_id for *_, row in placed]
    entries = {e.id: e for e in db.session.scalars(select(Entry).where(Entry.id.in_(entry_ids)))}
    found = select(Attempt).where(Attempt.id.in_(attempt_ids)).options(load_only(*_SHOWN))
    attempts = {a.id: a for a in db.session.scalars(found)}
    return [
        Row(place, tied, row.key, row.entry_id, entries[row.entry_id], attempts[row.attempt_id], board.chain)
        for place, tied, row in placed
    ]


# Pages


@dataclass(frozen=True, slots=True)
class BoardPage:
    """position: of the first row among all people; None where only some units are shown · before, after: cursors for the
    neighbouring pages, None where there is none"""

    rows: Sequence[Row]
    position: int | None
    before: str | None
    after: str | None


def page(
    board: Board,
    *,
    size: int,
    behind: bytes | None = None,
    ahead_of: bytes | None = None,
    units: Collection[int] | None = None,
    last: bytes | None = None,
) -> BoardPage:
    """So many rows behind a key, or before another one, or the first.

    units: only their people · last: the key of the last row that may be seen
    """
    if ahead_of is not None:
        rows = _stretch(board.id, units, _Span(None, ahead_of, last), size + 1, backwards=True)[::-1]
        if len(rows) > size:
            return _page(board, rows[1:], True, True, units)
        behind = None  # no whole page is left before it: the first one
    rows = _stretch(board.id, units, _Span(behind, None, last), size + 1)
    return _page(
        board, rows[:size], behind is not None, len(rows) > size, units, rows[size] if len(rows) > size else None
    )


def _page(
    board: Board,
    rows: Sequence[Any],
    before: bool,
    after: bool,
    units: Collection[int] | None,
    next_: Any | None = None,
) -> BoardPage:
    position = None
    if units is not None:
        placed = _placed(board, rows)
    else:
        if next_ is None and rows:  # it decides whether the last row shares its place
            behind = select(*_COLUMNS).where(E.board_id == board.id, E.key > rows[-1].key).order_by(E.key).limit(1)
            next_ = db.session.execute(behind).one_or_none()
        placed, above = _numbered(board, rows, next_)
        position = above + 1
        before = before and above > 0
    first, last = (placed[0].cursor, placed[-1].cursor) if placed else ("", "")
    return BoardPage(placed, position, first if before and placed else None, last if after and placed else None)


@dataclass(frozen=True, slots=True)
class _Span:
    """The keys between two others, which do not belong to it, up to the last that may be seen, which does."""

    behind: bytes | None = None
    ahead_of: bytes | None = None
    last: bytes | None = None

    def holds(self, key: Any) -> list[Any]:
        found = []
        if self.behind is not None:
            found.append(key > self.behind)
        if self.ahead_of is not None:
            found.append(key < self.ahead_of)
        if self.last is not None:
            found.append(key <= self.last)
        return found


def _stretch(
    board_id: int, units: Collection[int] | None, span: _Span, limit: int, *, backwards: bool = False
) -> Sequence[Any]:
    """The first rows of a span, of some units or of all; backwards the last ones, in falling order.

    Few units each give their first people, and the best of them are taken: that costs the same wherever on the board they
    stand. The people of many units are met often enough on the way down.
    """
    rows = select(*_COLUMNS).where(E.board_id == board_id, *span.holds(E.key))
    if units is not None and len(units) > UNITS_MERGED:
        rows = rows.where(E.org_unit_id.in_(units))
    elif units is not None:
        rows = select(*_COLUMNS).where(
            E.board_id == board_id, E.key.in_(_of_units(board_id, units, span, limit, backwards))
        )
    return db.session.execute(rows.order_by(E.key.desc() if backwards else E.key).limit(limit)).all()


def _of_units(board_id: int, units: Collection[int], span: _Span, limit: int, backwards: bool) -> Sequence[bytes]:
    """The first keys of a span that belong to people of these units."""
    if not units:
        return []
    key = BoardUnitPlace.key
    each = [
        select(
            select(key)
            .where(BoardUnitPlace.board_id == board_id, BoardUnitPlace.org_unit_id == unit_id, *span.holds(key))
            .order_by(key.desc() if backwards else key)
            .limit(limit)
            .subquery()
        )
        for unit_id in sorted(units)
    ]
    merged = union_all(*each).subquery().c.key
    return db.session.scalars(select(merged).order_by(merged.desc() if backwards else merged).limit(limit)).all()


# Names


def by_name(board: Board, name: str, *, last: bytes | None = None) -> tuple[list[Row], bool]:
    """People on the board whose name begins so, from the family name or backwards from the given name, the best first;
    and whether there may be more.  last: the key of the last row that may be seen"""
    if last is not None:  # few may be seen: they are looked through
        rows = select(*_COLUMNS).join(Entry, Entry.id == E.entry_id).where(
            E.board_id == board.id, E.key <= last, or_(*names_fit(name))
        )  # fmt: skip
        is_cut = False
    else:
        named, is_cut = entries_named(board.division_id, name)
        rows = _of_entries(board.id, named)
    hits = db.session.execute(rows.order_by(E.key).limit(MOST_HITS + 1)).all()
    return _placed(board, hits[:MOST_HITS]), is_cut or len(hits) > MOST_HITS
