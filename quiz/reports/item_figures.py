"""Figures of a division's papers and items: one look at all its finished attempts, kept for the pages that show them.

A command or an organizer's button asks for it, never a page and never a participant's request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text
from sqlalchemy.orm import undefer

from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import answers
from quiz.banks.figures import record_figures
from quiz.banks.models import ItemKind
from quiz.banks.versions import Face
from quiz.banks.words import WARNINGS
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import number
from quiz.marking.queries import annulled_ids
from quiz.reports.models import PaperFigures
from quiz.reports.refusals import FiguresRefusal
from quiz.rules import marking
from quiz.rules.item_record import ItemRecord, figures_of, pool, record
from quiz.rules.statistics import item_warnings, paper_figures
from quiz.rules.tally import Groups, ItemTally, upper_lower_groups

MOST_ON_REQUEST = 20_000  # attempts that a web worker counts while others wait for it: some seconds
ENDED = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value)
_CHUNK = 500  # attempts in memory at once, a few KB each
_GRAVEST_FIRST = list(WARNINGS)


@dataclass(frozen=True, slots=True)
class _Scores:
    """points → attempts with so many · rights: number of right items → attempts with so many · maximum: of one paper"""

    points: Counter[int]
    rights: Counter[int]
    maximum: int | None


def refuse_if_many(contest: Contest) -> None:
    """Raises Refusal(FiguresRefusal.TOO_MANY) when counting would keep a web worker busy for too long."""
    rounds = select(Round.id).where(Round.contest_id == contest.id)
    ended = select(func.count()).select_from(Attempt).where(Attempt.round_id.in_(rounds), Attempt.state.in_(ENDED))
    count = db.session.scalar(ended) or 0
    if count > MOST_ON_REQUEST:
        raise Refusal(FiguresRefusal.TOO_MANY, count=number(count), most=number(MOST_ON_REQUEST), slug=contest.slug)


def compute(division: Division, *, now: datetime) -> PaperFigures:
    """Work out the figures of a division anew, keep them, and pool those of its items over all contests.

    Over its finished attempts of all rounds that are not annulled, as they were at one moment. Memory does not grow with
    their number. Nothing is written before all is counted, so that no writer of SQLite has to wait; a caller with several
    divisions commits after each.
    """
    with one_snapshot() as connection:
        scores = _count_scores(connection, division)
        tallies = _tally(connection, division, upper_lower_groups(scores.points))
    figures = asdict(paper_figures(scores.points, scores.rights, tallies.values())) | {"maximum": scores.maximum}
    items = _in_order({version_id: record(tally) for version_id, tally in tallies.items()})
    return _keep(division, figures, items, now)


# Counting


@contextmanager
def one_snapshot() -> Iterator[Connection]:
    """A connection of its own, whose queries all see the database as it is at the first of them."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # which the driver leaves out before a SELECT
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _ended(division: Division) -> tuple[ColumnElement[bool], ...]:
    """Which attempts, joined with their entries, count."""
    rounds = select(Round.id).where(Round.contest_id == division.contest_id)
    return (
        Entry.division_id == division.id,
        Attempt.round_id.in_(rounds),
        Attempt.state.in_(ENDED),
        Attempt.id.not_in(annulled_ids()),
    )


def _count_scores(connection: Connection, division: Division) -> _Scores:
    points, rights = Counter[int](), Counter[int]()
    maximum: int | None = None
    rows = connection.execute(
        select(Attempt.score, Attempt.correct, func.max(Attempt.max_score), func.count())
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(*_ended(division))
        .group_by(Attempt.score, Attempt.correct)
    )
    for score, correct, most, count in rows:
        points[score or 0] += count
        rights[correct or 0] += count
        maximum = max(maximum or 0, most or 0)
    return _Scores(points, rights, maximum)


def _tally(connection: Connection, division: Division, groups: Groups) -> dict[int, ItemTally]:
    """Version id → its tally over the attempts that count."""
    worth = contest_rules(division.contest).worth
    rulings = rulings_of(division.contest).items
    tallies: dict[int, ItemTally] = {}
    rows = connection.execute(
        select(Attempt.paper, Attempt.responses, Attempt.score)
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(*_ended(division)),
        execution_options={"yield_per": _CHUNK},
    )
    for paper, responses, score in rows:
        seconds = seconds_spent(responses["t"])
        for place, (face, response) in enumerate(answers(paper, responses, rulings), 1):
            if face.kind == ItemKind.ESSAY:
                continue
            most = worth.of(face.kind, face.level)
            tally = tallies.get(face.version_id)
            if tally is None:
                tally = tallies[face.version_id] = _new_tally(groups, face, most)
            points = marking.mark(face.key, response, most, whole=worth.whole).points
            chosen = response if isinstance(response, frozenset) else ()
            tally.add(points, score, chosen, seconds.get(place))
    return tallies


def _new_tally(groups: Groups, face: Face, worth: int) -> ItemTally:
    if ItemKind(face.kind).has_options:
        return ItemTally(groups, len(face.options), frozenset(face.key.right), worth)
    return ItemTally(groups, 0, frozenset(), worth)


def seconds_spent(answered_after_ms: Mapping[str, int]) -> dict[int, int]:
    """Question number → whole seconds between its answer and the answer before, or the opening of the page.

    answered_after_ms: part t of the responses. As the browser says: a question that was answered again counts from the
    answer before its last one, and a page that was loaded again begins from nought.
    """
    spent: dict[int, int] = {}
    before = 0
    for moment, question in sorted((moment, int(question)) for question, moment in answered_after_ms.items()):
        spent[question] = (moment - before) // 1000
        before = moment
    return spent


# Keeping


def _in_order(records: Mapping[int, ItemRecord]) -> list[dict[str, Any]]:
    """What is kept of each item version: those with the gravest warning first, then the hardest."""
    kept = []
    for version_id, of_item in sorted(records.items()):
        figures = figures_of(of_item)
        warnings = {name: list(options) for name, options in item_warnings(figures).items()}
        gravest = min(map(_GRAVEST_FIRST.index, warnings), default=len(_GRAVEST_FIRST))
        kept.append(((gravest, figures.facility), {"version": version_id, "warnings": warnings, **of_item.to_json()}))
    return [item for _place, item in sorted(kept, key=itemgetter(0))]


def _keep(division: Division, figures: dict[str, Any], items: list[dict[str, Any]], now: datetime) -> PaperFigures:
    if db.engine.dialect.name == "postgresql":
        # one at a time, because pooling reads what the others have stored; in SQLite the INSERT below sees to it
        db.session.execute(text("LOCK TABLE paper_figures IN SHARE ROW EXCLUSIVE MODE"))
    insert_unless_taken(PaperFigures(division_id=division.id, figures={}, items=[], computed_at=now))
    kept = db.session.scalars(
        select(PaperFigures)
        .where(PaperFigures.division_id == division.id)
        .options(undefer(PaperFigures.items))
        .execution_options(populate_existing=True)
    ).one()
    touched = {item["version"] for item in (*kept.items, *items)}
    kept.figures, kept.items, kept.computed_at = figures, items, now
    db.session.flush()
    record_figures(_pooled(touched), now=now)
    return kept


def _pooled(version_ids: Collection[int]) -> dict[int, ItemRecord | None]:
    """Records of these item versions over the divisions of all contests; None for one that no attempt counts for now."""
    pooled: dict[int, ItemRecord | None] = dict.fromkeys(version_ids)
    for items in db.session.scalars(select(PaperFigures.items), execution_options={"yield_per": 1}):
        for item in items:
            if item["version"] in pooled:
                own, others = ItemRecord.from_json(item), pooled[item["version"]]
                if others is None or own.key == others.key:
                    pooled[item["version"]] = own if others is None else pool(others, own)
                elif own.shown.everyone > others.shown.everyone:  # one contest has ruled on the key: they do not pool
                    pooled[item["version"]] = own
    return pooled
