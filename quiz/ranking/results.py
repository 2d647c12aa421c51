"""What counts of a round's attempts, and its order: read in few plain-column queries, decided by the rules.

No row becomes an object of the session, so that a million attempts fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.models import Entry
from quiz.contests.rule_set import ContestRules
from quiz.db import db
from quiz.marking.queries import annulled_ids
from quiz.ranking.models import Standing
from quiz.rules import prediction, tie_break
from quiz.rules.counting import counted
from quiz.rules.prediction import Finished, Target

_ENDED = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value)


class Ended(NamedTuple):
    """A finished attempt, with what ranking needs of its entry."""

    attempt_id: int
    entry_id: int
    score: int
    max_score: int
    elapsed_ms: int
    ended_at: datetime
    prediction: int | None
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """valid: finished attempts that are not annulled · used: entry → attempts consumed, where that is more than one"""

    valid: Sequence[Ended]
    used: Mapping[int, int]


class Placed(NamedTuple):
    """A place, and the attempt that earned it."""

    standing: tie_break.Standing
    attempt: Ended


_COLUMNS = select(
    Attempt.id, Attempt.entry_id, Attempt.score, Attempt.max_score, Attempt.elapsed_ms, Attempt.ended_at,
    Attempt.prediction, Entry.registered_at,
).join(Entry, Entry.id == Attempt.entry_id)  # fmt: skip


def gather(round_id: int, division_id: int) -> Gathered:
    """All that ranks one division in one round."""
    of_division = (Attempt.round_id == round_id, Entry.division_id == division_id)
    valid = db.session.execute(_COLUMNS.where(*of_division, *_valid()))
    used = db.session.execute(
        select(Attempt.entry_id, func.count())
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(*of_division)
        .group_by(Attempt.entry_id)
        .having(func.count() > 1)
    )
    return Gathered([Ended._make(row) for row in valid], {row[0]: row[1] for row in used})


def ended_attempt(attempt_id: int) -> Ended:
    """One finished attempt, annulled or not."""
    return Ended._make(db.session.execute(_COLUMNS.where(Attempt.id == attempt_id)).one())


def rank(gathered: Gathered, rules: ContestRules, chain: Sequence[str], truth: int | None) -> list[Placed]:
    """Choose each entry's counted attempt and number them all.  truth: of the prediction, None while there is none"""
    by_entry: dict[int, list[tie_break.Result]] = {}
    for row in gathered.valid:
        result = _result(row, gathered.used.get(row.entry_id, 1), truth)
        by_entry.setdefault(row.entry_id, []).append(result)
    results = [own[0] if len(own) == 1 else counted(own, rules.counted, chain) for own in by_entry.values()]
    attempts = {row.attempt_id: row for row in gathered.valid}
    return [Placed(s, attempts[s.result.attempt_id]) for s in tie_break.rank(results, chain)]


def _result(row: Ended, used: int, truth: int | None) -> tie_break.Result:
    return tie_break.Result(
        entry_id=row.entry_id,
        attempt_id=row.attempt_id,
        score=row.score,
        elapsed_ms=row.elapsed_ms,
        submitted_at=row.ended_at,
        registered_at=row.registered_at,
        attempts_used=used,
        prediction_gap=prediction.gap(row.prediction, truth),
    )


def board_chain(chain: Sequence[str]) -> tuple[str, ...]:
    """The chain of a provisional board: there is no truth yet to compare predictions with."""
    return tuple(name for name in chain if name != "prediction") or ("score",)


def standing_rows(ranking_id: int, placed: Iterable[Placed]) -> Iterator[dict[str, Any]]:
    """Rows of the table `standing`, in order."""
    for standing, attempt in placed:
        result = standing.result
        yield {
            "ranking_id": ranking_id,
            "position": standing.position,
            "place": standing.place,
            "tied": standing.tied,
            "entry_id": result.entry_id,
            "attempt_id": result.attempt_id,
            "score": result.score,
            "max_score": attempt.max_score,
            "elapsed_ms": result.elapsed_ms,
            "submitted_at": result.submitted_at,
            "registered_at": result.registered_at,
            "attempts_used": result.attempts_used,
            "prediction": attempt.prediction,
            "prediction_gap": result.prediction_gap,
        }


def plain(row: Standing) -> tie_break.Standing:
    """A stored standing as the rules take it."""
    result = tie_break.Result(
        entry_id=row.entry_id,
        attempt_id=row.attempt_id,
        score=row.score,
        elapsed_ms=row.elapsed_ms,
        submitted_at=row.submitted_at,
        registered_at=row.registered_at,
        attempts_used=row.attempts_used,
        prediction_gap=row.prediction_gap,
    )
    return tie_break.Standing(row.position, row.place, row.tied, result)


def truth(round_id: int, target: Target, *, without: int | None = None, also: Iterable[Finished] = ()) -> int:
    """The number that the prediction asked for, over the valid attempts of all divisions.

    without, also: an attempt left out, attempts added; for looking ahead
    """
    of_round = select(Attempt.account_id, Attempt.all_correct).where(Attempt.round_id == round_id, *_valid())
    if without is not None:
        of_round = of_round.where(Attempt.id != without)
    finished = [Finished(account_id, bool(all_correct)) for account_id, all_correct in db.session.execute(of_round)]
    return prediction.truth([*finished, *also], target)


def participation(round_id: int) -> list[list[int]]:
    """[[unit, people with a valid finished attempt], …], all divisions together; people without a unit are left out."""
    rows = db.session.execute(
        select(Entry.org_unit_id, func.count(Attempt.entry_id.distinct()))
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(Attempt.round_id == round_id, Entry.org_unit_id.is_not(None), *_valid())
        .group_by(Entry.org_unit_id)
        .order_by(Entry.org_unit_id)
    )
    return [[unit_id, people] for unit_id, people in rows if unit_id is not None]


def count_ended(round_id: int) -> int:
    """Finished attempts of a round, annulled ones too; counted in the index (round, state)."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.round_id == round_id, Attempt.state.in_(_ENDED))
        )
        or 0
    )


def count_open(round_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.round_id == round_id, Attempt.state == AttemptState.OPEN)
        )
        or 0
    )


def _valid() -> tuple[Any, Any]:
    return Attempt.state.in_(_ENDED), Attempt.id.not_in(annulled_ids())
