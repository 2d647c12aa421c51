"""Reads of result sheets: places of whole pages by position, an own place by its index, never by walking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, ContestState, Division, Round
from quiz.db import db
from quiz.marking.queries import annulled_ids, annulment_counts
from quiz.ranking.models import Lot, LotKind, Ranking, Standing, Truth

LOOKED_AT = 5_000  # first positions in which shared places are looked for: prizes reach no further

Counts = Mapping[tuple[int, int], tuple[int, int]]


def of_scope(round_id: int | None) -> object:
    """The condition for sheets of a round, or with None of the whole contest."""
    return Ranking.round_id.is_(None) if round_id is None else Ranking.round_id == round_id


def _sheets(round_id: int | None, division_id: int) -> Select[Ranking]:
    sheets = select(Ranking).where(of_scope(round_id), Ranking.division_id == division_id)  # type: ignore[arg-type]
    return sheets.order_by(Ranking.number.desc())


def latest_sheet(round_id: int | None, division_id: int) -> Ranking | None:
    return db.session.scalars(_sheets(round_id, division_id).limit(1)).one_or_none()


def published_sheet(round_id: int | None, division_id: int) -> Ranking | None:
    """The valid published sheet: the newest of them."""
    sheets = _sheets(round_id, division_id).where(Ranking.published_at.is_not(None))
    return db.session.scalars(sheets.limit(1)).one_or_none()


def sheets_of(round_id: int | None, division_id: int) -> Sequence[Ranking]:
    """All result sheets of a round and division, the newest first."""
    sheets = _sheets(round_id, division_id)
    return db.session.scalars(sheets.options(defer(Ranking.participation), joinedload(Ranking.made_by))).all()


def sheet_by_id(ranking_id: int) -> Ranking | None:
    """A result sheet with its round, contest, division and maker."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.id == ranking_id)
        .options(
            joinedload(Ranking.round_),
            joinedload(Ranking.division).joinedload(Division.contest),
            joinedload(Ranking.made_by),
            joinedload(Ranking.truth_record),
        )
    ).one_or_none()


def standings(ranking_id: int, first: int, last: int) -> Sequence[Standing]:
    """Positions first to last, both included, with their entries and attempts; papers and responses are not read."""
    return db.session.scalars(
        select(Standing)
        .where(Standing.ranking_id == ranking_id, Standing.position.between(first, last))
        .options(*_WITH_PERSON)
        .order_by(Standing.position)
    ).all()


_WITH_PERSON = (
    joinedload(Standing.entry),
    joinedload(Standing.attempt).load_only(
        Attempt.code, Attempt.score, Attempt.max_score, Attempt.written, Attempt.all_correct, Attempt.prediction
    ),
)


def standing_at(ranking_id: int, position: int) -> Standing | None:
    return next(iter(standings(ranking_id, position, position)), None)


def standing_of(ranking_id: int, entry_id: int) -> Standing | None:
    """An entry's own place, found by the index (entry, ranking)."""
    return db.session.scalars(
        select(Standing).where(Standing.entry_id == entry_id, Standing.ranking_id == ranking_id).options(*_WITH_PERSON)
    ).one_or_none()


def standings_of(ranking_id: int, entry_ids: Collection[int]) -> Sequence[Standing]:
    """The places of some entries, with the people, in the order of the sheet."""
    return db.session.scalars(
        select(Standing)
        .where(Standing.entry_id.in_(entry_ids), Standing.ranking_id == ranking_id)
        .options(*_WITH_PERSON)
        .order_by(Standing.position)
    ).all()


def sharing(ranking_id: int, place: int) -> Sequence[int]:
    """The entries that share a place of a sheet."""
    return db.session.scalars(
        select(Standing.entry_id)
        .where(Standing.ranking_id == ranking_id, Standing.position >= place, Standing.place == place)
        .order_by(Standing.position)
    ).all()


def shared_places(ranking_id: int, *, limit: int) -> Sequence[tuple[int, int]]:
    """(place, people who share it) of the first shared places."""
    rows = db.session.execute(
        select(Standing.place, func.count())
        .where(Standing.ranking_id == ranking_id, Standing.position <= LOOKED_AT, Standing.tied)
        .group_by(Standing.place)
        .order_by(Standing.place)
        .limit(limit)
    )
    return [(place, people) for place, people in rows]


def has_valid_attempt(entry_id: int, round_ids: Collection[int]) -> bool:
    """Has the entry an ended attempt that counts, whether or not a board knows it yet?"""
    valid = exists().where(
        Attempt.entry_id == entry_id,
        Attempt.round_id.in_(round_ids),
        Attempt.state.in_((AttemptState.SUBMITTED, AttemptState.EXPIRED)),
        Attempt.id.not_in(annulled_ids()),
    )
    return bool(db.session.scalar(select(valid)))


# Truths and lots


def latest_truth(contest_id: int, round_id: int | None) -> Truth | None:
    return db.session.scalars(
        select(Truth)
        .where(Truth.contest_id == contest_id, Truth.scope == (round_id or 0))
        .order_by(Truth.number.desc())
        .limit(1)
    ).one_or_none()


def truths_of(contest_id: int, round_id: int | None) -> Sequence[Truth]:
    """Every record of the truth, the newest first."""
    return db.session.scalars(
        select(Truth)
        .where(Truth.contest_id == contest_id, Truth.scope == (round_id or 0))
        .options(joinedload(Truth.counted_by))
        .order_by(Truth.number.desc())
    ).all()


def lots_of(ranking_id: int) -> Sequence[Lot]:
    """The draws of a sheet, with who drew, by place."""
    return db.session.scalars(
        select(Lot).where(Lot.ranking_id == ranking_id).options(joinedload(Lot.drawn_by)).order_by(Lot.place, Lot.kind)
    ).all()


def lot_order(ranking_id: int) -> dict[int, int]:
    """Entry → its number in the draw among those who share its place."""
    drawn = db.session.scalars(select(Lot.entries).where(Lot.ranking_id == ranking_id, Lot.kind == LotKind.TIE))
    return {entry_id: number for entries in drawn for number, entry_id in enumerate(entries, 1)}


# What a sheet was made from


def sheet_basis(round_ids: Collection[int], division_id: int, truth: Truth | None, counts: Counts) -> str:
    """Changes whenever an attempt that the sheet depends on is annulled, restored or marked again; of ended rounds nothing
    else can.

    truth: of the prediction, which is counted over all divisions · counts: marking.queries.annulment_counts
    """
    own = [n for key, n in counts.items() if key[0] in round_ids and key[1] == division_id]
    return f"{summed(own)}.{truth.number if truth else 0}"


def truth_basis(round_ids: Collection[int], counts: Counts) -> str:
    return summed([n for key, n in counts.items() if key[0] in round_ids])


def summed(counts: Collection[tuple[int, int]]) -> str:
    return f"{sum(ever for ever, _ in counts)}.{sum(restored for _, restored in counts)}"


def round_ids_of(sheet: Ranking) -> list[int]:
    """The rounds that a sheet was made from."""
    return [sheet.round_id] if sheet.round_id is not None else [r.id for r in sheet.contest.rounds]


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


def sheets_of_rounds(round_ids: Collection[int]) -> Sequence[Ranking]:
    """All sheets of these rounds, the older ones of each round and division first."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.round_id.in_(round_ids))
        .options(defer(Ranking.participation))
        .order_by(Ranking.round_id, Ranking.division_id, Ranking.number)
    ).all()


def sheets_of_contests(division_ids: Collection[int]) -> Sequence[Ranking]:
    """All sheets of whole contests for these divisions, the older ones of each division first."""
    return db.session.scalars(
        select(Ranking)
        .where(Ranking.round_id.is_(None), Ranking.division_id.in_(division_ids))
        .options(defer(Ranking.participation))
        .order_by(Ranking.division_id, Ranking.number)
    ).all()


def divisions_published(round_id: int) -> bool:
    """Has every division of the round's contest a published sheet in it?"""
    contest_id = select(Round.contest_id).where(Round.id == round_id).scalar_subquery()
    out = select(Ranking.division_id).where(Ranking.round_id == round_id, Ranking.published_at.is_not(None))
    missing = select(func.count()).select_from(Division).where(
        Division.contest_id == contest_id, Division.id.not_in(out)
    )  # fmt: skip
    return db.session.scalar(missing) == 0


def is_out_of_date(sheet: Ranking, counts: Counts | None = None) -> bool:
    """Has an attempt been annulled or restored, or the truth been counted anew, since the sheet was made?

    counts: read already for several sheets
    """
    round_ids = round_ids_of(sheet)
    counts = annulment_counts(round_ids) if counts is None else counts
    truth = sheet.truth_record
    if truth is not None and truth.basis != truth_basis(_truth_rounds(truth, sheet), counts):
        return True
    return sheet.basis != sheet_basis(round_ids, sheet.division_id, truth, counts)


def _truth_rounds(truth: Truth, sheet: Ranking) -> list[int]:
    return [truth.round_id] if truth.round_id is not None else [r.id for r in sheet.contest.rounds]
