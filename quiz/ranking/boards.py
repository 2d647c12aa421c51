"""Live boards, built on a clock and never by a save. They can fail or be late without touching attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from quiz.contests.models import Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken, transaction
from quiz.ranking import queries, results
from quiz.ranking.models import Ranking, Standing

RankingKind = Any

CHUNK = 5_000  # standings in one transaction: on SQLite a save waits for it, some hundredths of a second
ABANDONED = timedelta(hours=1)  # a board that is still not ready then will not become so


def rebuild(round_id: int, division_id: int, *, now: datetime, even_if_same: bool = False) -> bool:
    """Write a new board, unless nothing has ended or been annulled since the last one. True when written.

    The one service of ranking that commits by itself, chunk by chunk: readers keep the board before until this one is
    ready. Two builders at once take different numbers, or one of them gives up.
    """
    round_ = db.session.get_one(Round, round_id)
    rules = contest_rules(round_.contest)
    # read before the attempts: what ends in between makes the next look find another basis
    basis = queries.board_basis(round_id)
    last = queries.latest_board(round_id, division_id)
    if last is not None and last.basis == basis and not even_if_same:
        with transaction():
            db.session.execute(update(Ranking).where(Ranking.id == last.id).values(checked_at=now))
        return False
    gathered = results.gather(round_id, division_id)
    chain = results.board_chain(rules.chain)
    placed = results.rank(gathered, rules, chain, truth=None)
    board = Ranking(
        round_id=round_id,
        division_id=division_id,
        kind=RankingKind.BOARD,
        number=queries.next_number(round_id, division_id, RankingKind.BOARD),
        is_ready=False,
        made_at=now,
        checked_at=now,
        basis=basis,
        chain=list(chain),
        people=len(placed),
        attempts=len(gathered.valid),
        participation=results.participation(round_id),
    )
    kept = {board.number} if last is None else {board.number, last.number}
    with transaction():
        if not insert_unless_taken(board):
            return False
    rows = list(results.standing_rows(board.id, placed))
    for start in range(0, len(rows), CHUNK):
        with transaction():
            db.session.execute(insert(Standing), rows[start : start + CHUNK])
    with transaction():
        db.session.execute(update(Ranking).where(Ranking.id == board.id).values(is_ready=True))
    _delete_older(round_id, division_id, board.number, kept, now)
    return True


def _delete_older(round_id: int, division_id: int, number: int, kept: set[int], now: datetime) -> None:
    """Delete boards before this one, also those that a stopped builder left half written long ago.

    The one that was current until now stays for one more turn: somebody may be reading a page of it.
    """
    older = db.session.execute(
        select(Ranking.id, Ranking.people).where(
            Ranking.round_id == round_id,
            Ranking.division_id == division_id,
            Ranking.kind == RankingKind.BOARD,
            Ranking.number < number,
            Ranking.number.not_in(kept),
            or_(Ranking.is_ready, Ranking.made_at < now - ABANDONED),
        )
    ).all()
    for ranking_id, people in older:
        for start in range(0, people, CHUNK):
            with transaction():
                db.session.execute(_delete_positions(ranking_id, start))
        with transaction():
            db.session.execute(delete(Ranking).where(Ranking.id == ranking_id))


def _delete_positions(ranking_id: int, start: int) -> Any:
    return delete(Standing).where(
        Standing.ranking_id == ranking_id, Standing.position > start, Standing.position <= start + CHUNK
    )
