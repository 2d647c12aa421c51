"""Reads of result sheets: places of whole pages by position, an own place by its index, never by walking."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, load_only

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Contest, ContestState, Division, Entry, Round
from quiz.contests.queries import entries_named
from quiz.db import db
from quiz.marking.queries import annulled_ids, annulment_counts, essay_marks_state
from quiz.ranking import sheet_pages
from quiz.ranking.models import Lot, LotKind, LotNotice, Ranking, Standing, Truth
from quiz.ranking.results import Place, Scope, scope_of
from quiz.rules.tie_break import key_size

MOST_HITS = 20  # of a search by name

LOOKED_AT = 5_000  # first positions in which shared places are looked for: prizes reach no further

Counts = Mapping[tuple[int, int], tuple[int, int]]


def of_scope(round_id: int | None) -> ColumnElement[bool]:
    """The condition for sheets of a round, or with None of the whole contest."""
    return Ranking.round_id.is_(None) if round_id is None else Ranking.round_id == round_id


def _sheets(round_id: int | None, division_id: int) -> Select[Ranking]:
    sheets = select(Ranking).where(of_scope(round_id), Ranking.division_id == division_id)
    return sheets.order_by(Ranking.number.desc())


def latest_sheet(round_id: int | None, division_id: int) -> Ranking | None:
    return db.session.scalars(_sheets(round_id, division_id).limit(1)).one_or_none()


def latest_sheets(contest: Contest) -> Sequence[Ranking]:
    """The newest sheet of each round and division, in the contest's order, those of the whole contest last."""
    newer = aliased(Ranking)
    same_scope = newer.round_id.is_not_distinct_from(Ranking.round_id) & (newer.division_id == Ranking.division_id)
    return db.session.scalars(
        select(Ranking)
        .outerjoin(Ranking.round_)
        .join(Ranking.division)
        .where(Division.contest_id == contest.id, ~exists().where(same_scope, newer.number > Ranking.number))
        .options(defer(Ranking.participation))
        .order_by(Ranking.round_id.is_(None), Round.position, Division.position)
    ).all()


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


def standings(ranking: Ranking, first: int, last: int) -> list[Standing]:
    """Positions first to last, both included, with their entries and attempts; papers and responses are not read."""
    return _with_people(sheet_pages.read(ranking.id, key_size(ranking.chain), first, last))


def _with_people(places: Sequence[Place]) -> list[Standing]:
    entries = {e.id: e for e in _named(select(Entry).where(Entry.id.in_({p.entry_id for p in places})))}
    attempts = {
        a.id: a
        for a in _named(
            select(Attempt)
            .where(Attempt.id.in_({p.attempt_id for p in places}))
            .options(
                load_only(
                    Attempt.code,
                    Attempt.score,
                    Attempt.max_score,
                    Attempt.written,
                    Attempt.all_correct,
                    Attempt.prediction,
                )
            )
        )
    }
    return [Standing(p.position, p.place, p.tied, entries[p.entry_id], attempts[p.attempt_id], p.key) for p in places]


def _named(rows: Select[Any]) -> Sequence[Any]:
    return db.session.scalars(rows).all()


def standing_at(ranking: Ranking, position: int) -> Standing | None:
    return next(iter(standings(ranking, position, position)), None)


def standing_of(ranking: Ranking, entry_id: int) -> Standing | None:
    """An entry's own place, found by the index of the sheet."""
    return next(iter(standings_of(ranking, [entry_id])), None)


def standings_of(ranking: Ranking, entry_ids: Collection[int]) -> list[Standing]:
    """The places of some entries, with the people, in the order of the sheet."""
    positions = sorted(sheet_pages.positions_of(ranking.id, entry_ids).values())
    size = key_size(ranking.chain)
    return _with_people([row for p in positions for row in sheet_pages.read(ranking.id, size, p, p)])


def standings_named(sheet: Ranking, text: str) -> tuple[Sequence[Standing], bool]:
    """People on the sheet whose name begins so, and whether there may be more."""
    named, is_cut = entries_named(sheet.division_id, text)
    positions = sorted(sheet_pages.positions_of(sheet.id, named).values())
    size = key_size(sheet.chain)
    first = [row for p in positions[:MOST_HITS] for row in sheet_pages.read(sheet.id, size, p, p)]
    return _with_people(first), is_cut or len(positions) > MOST_HITS


def sharing(ranking: Ranking, place: int) -> list[int]:
    """The entries that share a place of a sheet."""
    found: list[int] = []
    size, position = key_size(ranking.chain), place  # who shares a place begins at the position of its number
    while rows := sheet_pages.read(ranking.id, size, position, position + sheet_pages.PAGE - 1):
        same = [row.entry_id for row in rows if row.place == place]
        found += same
        if len(same) < len(rows):
            break
        position += len(rows)
    return found


def shared_places(ranking: Ranking, *, limit: int) -> list[tuple[int, int]]:
    """(place, people who share it) of the first shared places."""
    looked_at = sheet_pages.read(ranking.id, key_size(ranking.chain), 1, LOOKED_AT)
    shared = list(Counter(row.place for row in looked_at if row.tied))[:limit]
    return [(place, len(sharing(ranking, place))) for place in shared]


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


def lot_notice(ranking_id: int, kind: LotKind, place: int) -> LotNotice | None:
    return db.session.scalars(
        select(LotNotice).where(LotNotice.ranking_id == ranking_id, LotNotice.kind == kind, LotNotice.place == place)
    ).one_or_none()


def lot_notices(ranking_id: int) -> Sequence[LotNotice]:
    """The draws of a sheet that have been announced."""
    return db.session.scalars(select(LotNotice).where(LotNotice.ranking_id == ranking_id)).all()


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


def sheet_basis(scope: Scope, truth: Truth | None, counts: Counts) -> str:
    """Changes whenever an attempt that the sheet depends on is annulled or restored, an essay gets other points, or other
    rules rank; of ended rounds nothing else can.

    truth: of the prediction, which is counted over all divisions · counts: marking.queries.annulment_counts
    """
    own = [n for key, n in counts.items() if key[0] in scope.round_ids and key[1] == scope.division_id]
    parts = [summed(own), str(truth.number if truth else 0), scope.rules[:8]]
    if essays := essay_marks_state(scope.round_ids, scope.division_id):
        parts.append(hashlib.sha256(essays.encode()).hexdigest()[:8])
    return ".".join(parts)


def truth_basis(round_ids: Collection[int], counts: Counts, ruling: int) -> str:
    """ruling: the last on a wrong key by which all attempts have been marked (Scope.ruling)"""
    basis = summed([n for key, n in counts.items() if key[0] in round_ids])
    return f"{basis}.k{ruling}" if ruling else basis


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
    """Opened rounds that have no sheet for everybody yet; only those that closed after a moment, if one is given."""
    rounds = _opened_rounds(now).where(has_no_sheet_out())
    if closed_after is not None:
        rounds = rounds.where(Round.closes_at > closed_after)
    return db.session.scalars(rounds.options(_WITH_CONTEST).order_by(Round.id)).all()


def has_no_sheet_out() -> ColumnElement[bool]:
    """The condition for rounds that show their live boards: results may be out with the whole contest's sheet alone."""
    out = select(Ranking.id).where(Ranking.round_id == Round.id, Ranking.published_at.is_not(None))
    return or_(Round.published_at.is_(None), ~out.exists())


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


def divisions_published(contest_id: int, round_id: int | None) -> bool:
    """Has every division of the contest a published sheet of the round, or, for None, of the whole contest?"""
    out = select(Ranking.division_id).where(of_scope(round_id), Ranking.published_at.is_not(None))
    missing = select(func.count()).select_from(Division).where(
        Division.contest_id == contest_id, Division.id.not_in(out)
    )  # fmt: skip
    return db.session.scalar(missing) == 0


def is_out_of_date(sheet: Ranking, counts: Counts | None = None) -> bool:
    """Has an attempt been annulled or restored, an essay got other points, the truth been counted anew, or the rules that
    rank been changed, since the sheet was made?

    counts: read already for several sheets
    """
    scope = scope_of(sheet.round_, sheet.division)
    counts = annulment_counts(scope.round_ids) if counts is None else counts
    if sheet.form == 1:
        return sheet.basis != _old_basis(sheet, counts)
    truth = sheet.truth_record
    if truth is not None and truth.basis != truth_basis(_truth_rounds(truth, sheet), counts, scope.ruling):
        return True
    return sheet.basis != sheet_basis(scope, truth, counts)


def _old_basis(sheet: Ranking, counts: Counts) -> str:
    """What sheets from before the keys were made from; they have no record of their truth."""
    of_sheet = [
        n
        for key, n in counts.items()
        if key[0] == sheet.round_id and (sheet.truth is not None or key[1] == sheet.division_id)
    ]
    return summed(of_sheet)


def _truth_rounds(truth: Truth, sheet: Ranking) -> list[int]:
    return [truth.round_id] if truth.round_id is not None else [r.id for r in sheet.contest.rounds]
