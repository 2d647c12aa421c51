"""Live boards: kept up to date by a clock, never by a save. They can fail or be late without touching attempts.

A board is never built anew while it lives. Whatever changes an attempt leaves a line of news in the same transaction; a
fold takes some of the news, looks again at the people concerned, moves them, and keeps the fence posts exact, in one short
transaction. Only a first board, other rules, or the end of a freeze make a board from scratch: beside the old one, which
people go on reading until the new one is ready; news wait so long.

These are services that commit by themselves, step by step, so that savers on SQLite never wait long.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, delete, func, insert, or_, select, text, tuple_, update

from quiz.attempts.models import Attempt, AttemptNews
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, fetch_plain, insert_plain, insert_unless_taken, transaction
from quiz.marking.models import Annulment
from quiz.ranking import queries, results
from quiz.ranking.board_queries import TAIL
from quiz.ranking.freeze import stands_from
from quiz.ranking.models import Audience, Board, BoardBucket, BoardEntry, BoardPlace, BoardState, BoardUnitPlace
from quiz.ranking.results import Scope
from quiz.rules.counting import Overall

BATCH = 100  # news in one transaction
CHUNK = 5_000  # rows written or cleared away in one transaction: one or two hundredths of a second
LONGEST_PAUSE_S = 0.05  # after a transaction, for those who save
PER_BUCKET = 1_000
MOST_IN_BUCKET = 2_000

SETTLES = timedelta(minutes=2)  # after a freeze: more than any grace, so that all that ended before it has been swept
ABANDONED = timedelta(minutes=5)  # a board still being built then has lost its builder
KEPT = timedelta(minutes=1)  # a replaced board: somebody may be reading a page of it
TALLY_EVERY = timedelta(seconds=30)

_BOARD: Any = Board.__table__
_ENTRY: Any = BoardEntry.__table__
_COLUMNS = ("board_id", "key", "entry_id", "attempt_id", "org_unit_id", "attempts")
_PLACE: Any = BoardPlace.__table__
_UNIT: Any = BoardUnitPlace.__table__
_BUCKET: Any = BoardBucket.__table__
_PLACE_COLUMNS = ("board_id", "entry_id", "key")
_UNIT_COLUMNS = ("board_id", "org_unit_id", "key")
_BUCKET_COLUMNS = ("board_id", "first_key", "people")


@dataclass(frozen=True, slots=True)
class Plan:
    """A board as the rules and the calendar want it.  until: see models.Board"""

    division_id: int
    round_id: int | None
    audience: Audience
    scope: Scope
    until: datetime | None

    @property
    def chain(self) -> tuple[str, ...]:
        return results.board_chain(self.scope.chain)

    @property
    def rules(self) -> str:
        return self.scope.rules

    @property
    def place(self) -> tuple[int, int, str]:
        """What no two live boards share."""
        return self.division_id, self.round_id or 0, self.audience.value


def plans(contest: Contest, rounds: Collection[Round]) -> list[Plan]:
    """The boards of a contest: those of some of its rounds and, where the rules rank it, of the whole."""
    rules = contest_rules(contest)
    scopes: list[tuple[Round | None, Sequence[Round]]] = [(round_, [round_]) for round_ in rounds]
    if rules.overall.how is not Overall.NONE:
        scopes.append((None, contest.rounds))
    found = []
    for round_, over in scopes:
        for division in contest.divisions:
            scope = results.scope_of(round_, division)
            round_id = round_.id if round_ else None
            found.append(Plan(division.id, round_id, Audience.PUBLIC, scope, stands_from(over)))
            if rules.freeze_hours:
                found.append(Plan(division.id, round_id, Audience.STAFF, scope, None))
    return found


# From scratch


def bring_about(wanted: Sequence[Plan], *, now: datetime) -> None:
    """Build the boards that are missing or that no longer follow the rules; the others are left as they are."""
    divisions = {plan.division_id for plan in wanted}
    known = {
        (row.division_id, row.scope, row.audience): row
        for row in db.session.execute(
            select(Board.id, Board.division_id, Board.scope, Board.audience, Board.rules, Board.until)
            .where(Board.division_id.in_(divisions), Board.state == BoardState.LIVE)
        )
    }  # fmt: skip
    places = {plan.place for plan in wanted}
    scopes = {place[:2] for place in places}
    # the staff's board of rules that froze once and do not any more would hide the one that is kept up
    if idle := [board.id for place, board in known.items() if place[:2] in scopes and place not in places]:
        with transaction():
            db.session.execute(update(_BOARD).where(_BOARD.c.id.in_(idle)).values(_retired(now)))
    for plan in wanted:
        board = known.get(plan.place)
        if board is None or board.rules != plan.rules:
            build(plan, now=now)
        elif board.until != plan.until:
            if all(now + SETTLES < moment for moment in (board.until, plan.until) if moment is not None):
                with transaction():  # both lie ahead: nothing has been left out yet
                    db.session.execute(_changed(board.id, until=plan.until, is_settled=False))
            else:
                build(plan, now=now)


def build(plan: Plan, *, now: datetime) -> bool:
    """Make a board from scratch and put it in the place of the live one. False when another builder is at it.

    Folds leave the news of the scope alone from the moment the first row is committed (_take), and what they took before
    was committed before, so it is seen here.
    """
    board = Board(
        division_id=plan.division_id, round_id=plan.round_id, scope=plan.round_id or 0, audience=plan.audience.value,
        state=BoardState.BUILDING.value, chain=list(plan.chain), rules=plan.rules, made_at=now, checked_at=now,
        changed_at=now, until=plan.until, people=0, attempts=0, is_settled=False, participation=[],
    )  # fmt: skip
    with transaction():
        if not insert_unless_taken(board):
            return False
    board_id: int = board.id
    table = results.gather(
        plan.scope, plan.chain, None, annulled=_annulled(plan.until) if plan.until else None, before=plan.until
    )
    units = _units(plan.division_id)
    db.session.rollback()  # what was read is read: no snapshot is kept while the rows are written
    keys = list(map(bytes.__add__, table.keys(plan.chain), _tails(table.entry_ids)))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    of_unit: dict[int, list[bytes]] = {}
    for i in order:
        if (unit_id := units.get(table.entry_ids[i])) is not None:
            of_unit.setdefault(unit_id, []).append(keys[i])
    people = (
        (board_id, keys[i], table.entry_ids[i], table.attempt_ids[i], units.get(table.entry_ids[i]), table.valid[i])
        for i in order
    )
    places = ((board_id, entry_id, key) for entry_id, key in zip(table.entry_ids, keys, strict=True))
    of_units = ((board_id, unit_id, key) for unit_id in sorted(of_unit) for key in of_unit[unit_id])
    posts = (
        (board_id, keys[order[i]] if i else b"", min(PER_BUCKET, len(keys) - i))
        for i in range(0, max(len(keys), 1), PER_BUCKET)
    )
    for into, names, rows in (
        (_ENTRY, _COLUMNS, people), (_PLACE, _PLACE_COLUMNS, places), (_UNIT, _UNIT_COLUMNS, of_units),
        (_BUCKET, _BUCKET_COLUMNS, posts),
    ):  # fmt: skip
        if not _write(board_id, into, names, rows):
            return False
    _know_sizes(len(keys))
    with transaction():
        if not _goes_on(board_id):
            return False
        participation = [[unit_id, len(of_unit[unit_id])] for unit_id in sorted(of_unit)]
        _replace(plan, board_id, people=len(keys), attempts=table.attempts, participation=participation, tallied_at=now)
    return True


def _write(board_id: int, into: Any, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> bool:
    """Write rows by parts, in the order of the table they go into. False when the board has been given up."""
    while part := list(islice(rows, CHUNK)):
        began = time.monotonic()
        with transaction():
            if not _goes_on(board_id):
                return False
            insert_plain(into, names, part)
        _pause(began)
    return True


def _know_sizes(people: int) -> None:
    """Tell PostgreSQL how large the tables have become: its own look at them comes a minute later, and until then it may
    read a page the long way."""
    if people > CHUNK and db.engine.dialect.name == "postgresql":
        with transaction():
            db.session.execute(text("ANALYZE board_entry, board_place, board_unit_place, board_bucket"))


def _goes_on(board_id: int) -> bool:
    """Is the board still ours to build? The clock takes it for abandoned after a while."""
    ours = _BOARD.c.id == board_id, _BOARD.c.state == BoardState.BUILDING.value
    still = update(_BOARD).where(*ours).values(state=_BOARD.c.state).returning(_BOARD.c.id)
    return db.session.execute(still).one_or_none() is not None


def _replace(plan: Plan, board_id: int, **columns: Any) -> None:
    division_id, scope, audience = plan.place
    c = _BOARD.c
    of_place = c.division_id == division_id, c.scope == scope, c.audience == audience, c.state == BoardState.LIVE.value
    db.session.execute(update(_BOARD).where(*of_place).values(_retired(columns["tallied_at"])))
    db.session.execute(_changed(board_id, state=BoardState.LIVE.value, **columns))


def _retired(now: datetime) -> dict[str, Any]:
    return {"state": BoardState.RETIRED.value, "changed_at": now}


def _changed(board_id: int, **columns: Any) -> Any:
    return update(_BOARD).where(_BOARD.c.id == board_id).values(**columns)


def _annulled(until: datetime, entries: Collection[int] | None = None) -> set[int]:
    """The attempts that were annulled at a moment; of some entries only, if they are named."""
    rows = select(Annulment.attempt_id).where(
        Annulment.annulled_at < until, or_(Annulment.restored_at.is_(None), Annulment.restored_at >= until)
    )
    return set(db.session.scalars(_of_entries(rows, entries)))


def _annulled_now(entries: Collection[int]) -> set[int]:
    rows = select(Annulment.attempt_id).where(Annulment.restored_at.is_(None))
    return set(db.session.scalars(_of_entries(rows, entries)))


def _of_entries(rows: Any, entries: Collection[int] | None) -> Any:
    return rows if entries is None else rows.join(Annulment.attempt).where(Attempt.entry_id.in_(entries))


def _units(division_id: int) -> dict[int, int]:
    """Entry → its unit, for those that have one."""
    rows = select(Entry.id, Entry.org_unit_id).where(Entry.division_id == division_id, Entry.org_unit_id.is_not(None))
    return dict(chain.from_iterable(fetch_plain(rows)))


def _tails(entry_ids: Sequence[int]) -> Iterator[bytes]:
    """Eight bytes for each entry that put equals in an order. Keyed, because they stand in addresses of pages: nobody may
    read from them how many have registered."""
    secret = hashlib.sha256(f"boards {current_app.config['SECRET_KEY']}".encode()).digest()
    blake = hashlib.blake2b
    for entry_id in entry_ids:
        yield blake(entry_id.to_bytes(8, "big"), digest_size=TAIL, key=secret).digest()


# News


def rounds_with_news() -> Sequence[int]:
    return db.session.scalars(select(AttemptNews.round_id).distinct()).all()


def standing_still(now: datetime) -> Sequence[tuple[int, int | None]]:
    """(contest, round) of public boards that have stopped and may go on: that of a whole contest (None) with the results of
    a round, that of a round when its results came out with the sheet of the whole contest.
    """
    may_go_on = or_(Board.scope == 0, Round.published_at.is_not(None) & queries.has_no_sheet_out())
    return [
        (contest_id, round_id)
        for contest_id, round_id in db.session.execute(
            select(Division.contest_id, Board.round_id)
            .join(Board, Board.division_id == Division.id)
            .outerjoin(Round, Board.round_id == Round.id)
            .where(Board.state == BoardState.LIVE, Board.until <= now, may_go_on)
            .distinct()
        )
    ]


def fold(round_id: int, *, now: datetime) -> int:
    """Take the news of a round into its boards, batch by batch. How many there were; fewer while a board is being built."""
    round_ = db.session.get(Round, round_id)
    if round_ is None:
        return 0
    scopes = _scopes(round_)
    db.session.rollback()
    taken = 0
    while True:
        began = time.monotonic()
        with transaction():
            some = _take(round_id, scopes, now)
        if not some:
            return taken
        taken += some
        _pause(began)


def _pause(began: float) -> None:
    """On SQLite, which has one writer at a time, as long as the transaction took: whoever waits to save gets his turn."""
    if db.engine.dialect.name == "sqlite":
        time.sleep(min(time.monotonic() - began, LONGEST_PAUSE_S))


def _scopes(round_: Round) -> dict[tuple[int, int], Scope]:
    """(division, board's scope) → what its boards rank."""
    contest = round_.contest
    scopes = {(d.id, round_.id): results.scope_of(round_, d) for d in contest.divisions}
    if contest_rules(contest).overall.how is not Overall.NONE:
        scopes |= {(d.id, 0): results.scope_of(None, d) for d in contest.divisions}
    return scopes


def _take(round_id: int, scopes: Mapping[tuple[int, int], Scope], now: datetime) -> int:
    """One batch. The news are deleted first, and everything is read after that: whatever is committed later leaves news
    of its own (on SQLite nothing is, until we commit)."""
    waiting = select(AttemptNews.attempt_id).where(AttemptNews.round_id == round_id).limit(BATCH)
    ids = db.session.scalars(waiting.with_for_update(skip_locked=True)).all()
    if not ids:
        return 0
    news = delete(AttemptNews).where(AttemptNews.attempt_id.in_(ids)).returning(AttemptNews.attempt_id)
    attempt_ids = db.session.scalars(news).all()
    boards = db.session.execute(
        select(Board.id, Board.division_id, Board.scope, Board.state, Board.chain, Board.until, Board.is_settled)
        .where(Board.division_id.in_({d for d, _ in scopes}), Board.scope.in_((round_id, 0)), Board.state != BoardState.RETIRED)
        .order_by(Board.id)
        .with_for_update()
    ).all()  # fmt: skip
    if any(board.state == BoardState.BUILDING for board in boards):
        db.session.rollback()  # the builder may have read before this was written
        return 0
    people: dict[int, dict[int, int | None]] = {}
    concerned = (
        select(Entry.id, Entry.division_id, Entry.org_unit_id)
        .join(Attempt, Attempt.entry_id == Entry.id)
        .where(Attempt.id.in_(attempt_ids))
    )
    for entry_id, division_id, unit_id in db.session.execute(concerned):
        people.setdefault(division_id, {})[entry_id] = unit_id
    for board in boards:
        scope = scopes.get((board.division_id, board.scope))
        if scope is not None and board.division_id in people and not board.is_settled:
            _look_again(board, scope, people[board.division_id], now)
    return len(attempt_ids)


def _look_again(board: Any, scope: Scope, people: Mapping[int, int | None], now: datetime) -> None:
    """Move, add or take away some people.  people: entry → unit"""
    entries = sorted(people)
    annulled = _annulled(board.until, entries) if board.until else _annulled_now(entries)
    table = results.gather(scope, board.chain, None, entries, annulled, board.until)
    keys = map(bytes.__add__, table.keys(board.chain), _tails(table.entry_ids))
    after = {
        entry_id: (key, attempt_id, valid)
        for entry_id, key, attempt_id, valid in zip(table.entry_ids, keys, table.attempt_ids, table.valid, strict=True)
    }
    p, e = BoardPlace, BoardEntry
    rows = (
        select(p.entry_id, p.key, e.attempt_id, e.attempts, e.org_unit_id)
        .join(e, (e.board_id == p.board_id) & (e.key == p.key))
        .where(p.board_id == board.id, p.entry_id.in_(entries))
    )
    found = {row.entry_id: row for row in db.session.execute(rows)}
    before = {entry_id: (row.key, row.attempt_id, row.attempts) for entry_id, row in found.items()}
    moved = [entry_id for entry_id in entries if before.get(entry_id) != after.get(entry_id)]
    if not moved:
        return
    gone = [before[entry_id] for entry_id in moved if entry_id in before]
    come = [(entry_id, *after[entry_id]) for entry_id in moved if entry_id in after]
    _take_away(board.id, [found[entry_id] for entry_id in moved if entry_id in found])
    insert_plain(
        _ENTRY, _COLUMNS,
        [(board.id, key, entry_id, attempt_id, people[entry_id], valid) for entry_id, key, attempt_id, valid in come],
    )  # fmt: skip
    insert_plain(_PLACE, _PLACE_COLUMNS, [(board.id, entry_id, key) for entry_id, key, *_ in come])
    insert_plain(
        _UNIT, _UNIT_COLUMNS,
        [(board.id, people[entry_id], key) for entry_id, key, *_ in come if people[entry_id] is not None],
    )  # fmt: skip
    _move_posts(board.id, [row[0] for row in gone], [row[1] for row in come])
    people_more, attempts_more = len(come) - len(gone), sum(row[3] for row in come) - sum(row[2] for row in gone)
    db.session.execute(
        _changed(
            board.id, people=_BOARD.c.people + people_more, attempts=_BOARD.c.attempts + attempts_more, changed_at=now
        )
    )


def _take_away(board_id: int, rows: Sequence[Any]) -> None:
    if not rows:
        return
    keys, entry_ids = [row.key for row in rows], [row.entry_id for row in rows]
    db.session.execute(delete(_ENTRY).where(_ENTRY.c.board_id == board_id, _ENTRY.c.key.in_(keys)))
    db.session.execute(delete(_PLACE).where(_PLACE.c.board_id == board_id, _PLACE.c.entry_id.in_(entry_ids)))
    left = [{"board": board_id, "unit": r.org_unit_id, "behind": r.key} for r in rows if r.org_unit_id is not None]
    if left:
        db.session.execute(_UNIT_LEFT, left)


_UNIT_LEFT = delete(_UNIT).where(
    _UNIT.c.board_id == bindparam("board"),
    _UNIT.c.org_unit_id == bindparam("unit"),
    _UNIT.c.key == bindparam("behind"),
)


# Fence posts


def _move_posts(board_id: int, gone: Sequence[bytes], come: Sequence[bytes]) -> None:
    posts = db.session.execute(
        select(BoardBucket.first_key, BoardBucket.people)
        .where(BoardBucket.board_id == board_id)
        .order_by(BoardBucket.first_key)
    ).all()
    firsts = [row[0] for row in posts]
    change: Counter[int] = Counter(bisect_right(firsts, key) - 1 for key in come)
    change.subtract(bisect_right(firsts, key) - 1 for key in gone)
    moved = []
    for i, difference in change.items():
        first, people = firsts[i], posts[i][1] + difference
        if people == 0 and i > 0:
            here = _BUCKET.c.board_id == board_id, _BUCKET.c.first_key == first
            db.session.execute(delete(_BUCKET).where(*here))
        elif people > MOST_IN_BUCKET:
            _split(board_id, first, firsts[i + 1] if i + 1 < len(firsts) else None)
        elif difference:
            moved.append({"board": board_id, "first": first, "people": people})
    if moved:
        db.session.execute(_POST_MOVED, moved)


_POST_MOVED = (
    update(_BUCKET)
    .where(_BUCKET.c.board_id == bindparam("board"), _BUCKET.c.first_key == bindparam("first"))
    .values(people=bindparam("people"))
)


def _split(board_id: int, first: bytes, end: bytes | None) -> None:
    """Put posts between two that are too far apart.  end: the next post, None after the last"""
    rows = select(_ENTRY.c.key).where(_ENTRY.c.board_id == board_id, _ENTRY.c.key >= first).order_by(_ENTRY.c.key)
    keys = db.session.scalars(rows if end is None else rows.where(_ENTRY.c.key < end)).all()
    posts = [
        {"board_id": board_id, "first_key": keys[i] if i else first, "people": min(PER_BUCKET, len(keys) - i)}
        for i in range(0, len(keys), PER_BUCKET)
    ]
    db.session.execute(delete(_BUCKET).where(_BUCKET.c.board_id == board_id, _BUCKET.c.first_key == first))
    db.session.execute(insert(_BUCKET), posts)


# What the clock does besides


def mark_checked(wanted: Sequence[Plan], *, now: datetime) -> None:
    """The boards know all that had ended at this moment: their news were taken. Those whose freeze has begun are settled
    once nothing that ended before it can be missing."""
    if not wanted:
        return
    places = {plan.place for plan in wanted}
    rounds = {plan.place: plan.scope.round_ids for plan in wanted}
    waiting = set(rounds_with_news())
    rows = db.session.execute(
        select(Board.id, Board.division_id, Board.scope, Board.audience, Board.until).where(
            Board.division_id.in_({plan.division_id for plan in wanted}),
            Board.state == BoardState.LIVE,
            Board.is_settled.is_(False),
        )
    ).all()
    ours = [(row, (row.division_id, row.scope, row.audience)) for row in rows]
    known = [(row, place) for row, place in ours if place in places and not waiting.intersection(rounds[place])]
    settled = [row.id for row, _ in known if row.until is not None and now >= row.until + SETTLES]
    with transaction():
        ids = [row.id for row, _ in known]
        db.session.execute(update(_BOARD).where(_BOARD.c.id.in_(ids)).values(checked_at=now))
        if settled:
            db.session.execute(update(_BOARD).where(_BOARD.c.id.in_(settled)).values(is_settled=True))


def tally(*, now: datetime, every: timedelta = TALLY_EVERY) -> None:
    """Count the people of units anew on boards that have changed since, and not too often."""
    due = db.session.scalars(
        select(Board.id).where(
            Board.state == BoardState.LIVE,
            or_(Board.tallied_at.is_(None), (Board.tallied_at <= now - every) & (Board.changed_at >= Board.tallied_at)),
        )
    ).all()
    for board_id in due:
        u = BoardUnitPlace
        rows = db.session.execute(
            select(u.org_unit_id, func.count())
            .where(u.board_id == board_id)
            .group_by(u.org_unit_id)
            .order_by(u.org_unit_id)
        )
        participation = [list(row) for row in rows]
        db.session.rollback()
        with transaction():
            db.session.execute(_changed(board_id, participation=participation, tallied_at=now))


def clear_away(*, now: datetime, chunks: int = 20) -> None:
    """Delete replaced boards bit by bit, and give up those that have lost their builder."""
    lost = _BOARD.c.state == BoardState.BUILDING.value, _BOARD.c.made_at < now - ABANDONED
    old = select(Board.id).where(Board.state == BoardState.RETIRED, Board.changed_at <= now - KEPT).order_by(Board.id)
    if db.session.scalars(select(_BOARD.c.id).where(*lost)).all():
        with transaction():
            db.session.execute(update(_BOARD).where(*lost).values(_retired(now)))
    for board_id in db.session.scalars(old).all():
        while _clear(board_id):
            chunks -= 1
            if chunks <= 0:
                return


def _clear(board_id: int) -> bool:
    """Delete some rows of a board; False when it is gone."""
    began = time.monotonic()
    for table in (_ENTRY, _PLACE, _UNIT):
        order = list(table.primary_key.columns)[1:]
        rows = select(*order).where(table.c.board_id == board_id).order_by(*order)
        if db.session.execute(rows.limit(1)).one_or_none() is None:
            continue
        end = db.session.execute(rows.offset(CHUNK).limit(1)).one_or_none()
        here = delete(table).where(table.c.board_id == board_id)
        with transaction():
            db.session.execute(here if end is None else here.where(tuple_(*order) < tuple_(*end)))
        _pause(began)
        return True
    with transaction():
        db.session.execute(delete(_BUCKET).where(_BUCKET.c.board_id == board_id))
        db.session.execute(delete(_BOARD).where(_BOARD.c.id == board_id))
    return False
