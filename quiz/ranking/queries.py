"""Reads of rankings: places of whole pages by position, an own place by its index, never by walking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, ContestState, Division, Round
from quiz.db import db
from quiz.marking.queries import annulled_ids, annulment_counts
from quiz.ranking import results
from quiz.ranking.models import Ranking, RankingKind, Standing

Counts = Mapping[tuple[int, int], tuple[int, int]]


def _rankings(round_id: int, division_id: int, kind: RankingKind) -> Select[Ranking]:
    return (
        select(Ranking)
        .where(Ranking.round_id == round_id, Ranking.division_id == division_id, Ranking.kind == kind)
        .order_by(Ranking.number.desc())
    )


def latest_board(round_id: int, division_id: int) -> Ranking | None:
    """The newest board that readers may use."""
    boards = _rankings(round_id, division_id, RankingKind.BOARD).where(Ranking.is_ready)
    return db.session.scalars(boards.limit(1)).one_or_none()


def latest_sheet(round_id: int, division_id: int) -> Ranking | None:
    return db.session.scalars(_rankings(round_id, division_id, RankingKind.SHEET).limit(1)).one_or_none()


def published_sheet(round_id: int, division_id: int) -> Ranking | None:
    """The valid published sheet: the newest of them."""
    sheets = _rankings(round_id, division_id, RankingKind.SHEET).where(Ranking.published_at.is_not(None))
    return db.session.scalars(sheets.limit(1)).one_or_none()


def sheets_of(round_id: int, division_id: int) -> Sequence[Ranking]:
    """All result sheets of a round and division, the newest first."""
    sheets = _rankings(round_id, division_id, RankingKind.SHEET)
    return db.session.scalars(sheets.options(defer(Ranking.participation), joinedload(Ranking.made_by))).all()


def sheet_by_id(ranking_id: int) -> Ranking | None:
    """A result sheet with its round, contest, division and maker."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.id == ranking_id, Ranking.kind == RankingKind.SHEET)
        .options(
            joinedload(Ranking.round_).joinedload(Round.contest),
            joinedload(Ranking.division),
            joinedload(Ranking.made_by),
        )
    ).one_or_none()


def latest_of_round(round_id: int) -> Ranking | None:
    """The ranking of any division that knows best who took part in the round."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.round_id == round_id, Ranking.is_ready)
        .order_by(Ranking.made_at.desc(), Ranking.id.desc())
        .limit(1)
    ).one_or_none()


def next_number(round_id: int, division_id: int, kind: RankingKind) -> int:
    latest = db.session.scalar(_rankings(round_id, division_id, kind).with_only_columns(Ranking.number).limit(1))
    return (latest or 0) + 1


def standings(ranking_id: int, first: int, last: int, *, with_codes: bool = False) -> Sequence[Standing]:
    """Positions first to last, both included, with their entries.  with_codes: and the codes of their attempts"""
    rows = (
        select(Standing)
        .where(Standing.ranking_id == ranking_id, Standing.position.between(first, last))
        .options(joinedload(Standing.entry))
        .order_by(Standing.position)
    )
    if with_codes:
        rows = rows.options(joinedload(Standing.attempt).load_only(Attempt.code))
    return db.session.scalars(rows).all()


def standing_at(ranking_id: int, position: int) -> Standing | None:
    return next(iter(standings(ranking_id, position, position, with_codes=True)), None)


def standing_of(ranking_id: int, entry_id: int) -> Standing | None:
    """An entry's own place, found by the index (entry, ranking)."""
    return db.session.scalars(
        select(Standing)
        .where(Standing.entry_id == entry_id, Standing.ranking_id == ranking_id)
        .options(joinedload(Standing.entry))
    ).one_or_none()


def standings_reaching(ranking_id: int, quota: int) -> Sequence[Standing]:
    """The standings that so many prizes can reach, with their entries: the first ones, and whoever shares the last of their
    places."""
    last_place = (
        select(Standing.place).where(Standing.ranking_id == ranking_id, Standing.position == quota).scalar_subquery()
    )
    return db.session.scalars(
        select(Standing)
        .where(Standing.ranking_id == ranking_id, Standing.place <= func.coalesce(last_place, quota))
        .options(joinedload(Standing.entry))
        .order_by(Standing.position)
    ).all()


def has_valid_attempt(entry_id: int, round_id: int) -> bool:
    """Has the entry an ended attempt that counts, whether or not a board knows it yet?"""
    valid = exists().where(
        Attempt.entry_id == entry_id,
        Attempt.round_id == round_id,
        Attempt.state != AttemptState.OPEN,
        Attempt.id.not_in(annulled_ids()),
    )
    return bool(db.session.scalar(select(valid)))


# What a ranking was made from


def board_basis(round_id: int) -> str:
    """Changes whenever an attempt of the round ends, is annulled or restored: all three numbers only grow."""
    counts = annulment_counts([round_id])
    return f"{results.count_ended(round_id)}.{_summed(counts.values())}"


def sheet_basis(round_id: int, division_id: int, whole_round: bool, counts: Counts) -> str:
    """Changes whenever an attempt that the sheet depends on is annulled or restored; of an ended round nothing else can.

    whole_round: the sheet has a truth, and that is counted over all divisions · counts: marking.queries.annulment_counts
    """
    of_sheet = [n for key, n in counts.items() if key[0] == round_id and (whole_round or key[1] == division_id)]
    return _summed(of_sheet)


def _summed(counts: Collection[tuple[int, int]]) -> str:
    return f"{sum(ever for ever, _ in counts)}.{sum(restored for _, restored in counts)}"


def is_out_of_date(sheet: Ranking, counts: Counts | None = None) -> bool:
    """Has an attempt been annulled or restored since the sheet was made?  counts: read already for several sheets"""
    counts = annulment_counts([sheet.round_id]) if counts is None else counts
    return sheet.basis != sheet_basis(sheet.round_id, sheet.division_id, sheet.truth is not None, counts)


# Lists of the judges and the clock


def _opened_rounds(now: datetime) -> Select[Round]:
    return (
        select(Round).join(Round.contest).where(Contest.state == ContestState.OPEN, Round.opens_at <= now)
    )  # fmt: skip


_WITH_CONTEST = contains_eager(Round.contest).selectinload(Contest.divisions)


def opened_rounds(now: datetime, *, limit: int, offset: int = 0) -> Sequence[Round]:
    """Rounds that have opened, the latest first, with their contests and divisions."""
    return db.session.scalars(
        _opened_rounds(now)
        .options(_WITH_CONTEST)
        .order_by(Round.opens_at.desc(), Round.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_opened_rounds(now: datetime) -> int:
    return db.session.scalar(select(func.count()).select_from(_opened_rounds(now).subquery())) or 0


def unpublished_rounds(now: datetime, closed_after: datetime | None = None) -> Sequence[Round]:
    """Opened rounds whose results are not out yet; only those that closed after a moment, if one is given."""
    rounds = _opened_rounds(now).where(Round.published_at.is_(None))
    if closed_after is not None:
        rounds = rounds.where(Round.closes_at > closed_after)
    return db.session.scalars(rounds.options(_WITH_CONTEST).order_by(Round.id)).all()


def rankings_of(round_ids: Collection[int]) -> Sequence[Ranking]:
    """All usable rankings of these rounds, the older ones of each round, division and kind first."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.round_id.in_(round_ids), Ranking.is_ready)
        .options(defer(Ranking.participation))
        .order_by(Ranking.round_id, Ranking.division_id, Ranking.kind, Ranking.number)
    ).all()


def divisions_published(round_id: int) -> bool:
    """Has every division of the round's contest a published sheet in it?"""
    contest_id = select(Round.contest_id).where(Round.id == round_id).scalar_subquery()
    out = select(Ranking.division_id).where(Ranking.round_id == round_id, Ranking.published_at.is_not(None))
    missing = select(func.count()).select_from(Division).where(
        Division.contest_id == contest_id, Division.id.not_in(out)
    )  # fmt: skip
    return db.session.scalar(missing) == 0
