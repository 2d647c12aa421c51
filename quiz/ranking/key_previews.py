"""What a proposed ruling on a key would change: whose points, which places, which prizes. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nlargest, nsmallest
from operator import attrgetter
from typing import Any

from sqlalchemy import Integer, select, type_coerce

from quiz import jobs
from quiz.attempts.models import Attempt
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Division, Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, fetch_plain
from quiz.errors import Refusal
from quiz.marking import keys
from quiz.marking.keys import Remarked
from quiz.marking.models import KeyRuling
from quiz.marking.queries import annulled_ids
from quiz.marking.refusals import KeyRefusal
from quiz.ranking import corrections, prizes, queries, results
from quiz.ranking.corrections import Place
from quiz.ranking.models import Ranking
from quiz.ranking.results import ENDED, NewMark, Scope
from quiz.rules.prediction import Target
from quiz.rules.tie_break import criterion_name

JOB = "preview-key"
SHOWN = 50  # people whose prize changes, of each ranking; who gain most, and lose most

Marks = dict[int, NewMark]
_GAIN = attrgetter("gain")


@jobs.handler(JOB)
def preview(job: jobs.Job, clock: jobs.Clock) -> dict[str, Any]:
    """{"attempts": with the item, "up", "down": that gain or lose points, "gains": [[points, attempts], …], "people":
    [[[attempt id, points before, after], …] of those that gain most, the same of those that lose most], "scopes": […]}
    """
    ruling = db.session.get_one(KeyRuling, int(job.subject.partition(":")[2]))
    if ruling.confirmed_at is not None:
        raise Refusal(KeyRefusal.SETTLED)
    contest = ruling.contest
    rulings = rulings_of(contest).with_one_more(ruling.version_id, ruling.overlay)
    changed: list[Remarked] = []
    total = 0
    for part in keys.remarked(contest, ruling.version_id, rulings):
        total += len(part)
        changed += [r for r in part if r.is_changed]
    marks = {r.attempt_id: NewMark(r.gain, r.after[1] - r.before[1], r.after[2]) for r in changed}
    up, down = [r for r in changed if r.gain > 0], [r for r in changed if r.gain < 0]
    return {
        "attempts": total,
        "up": len(up),
        "down": len(down),
        "gains": sorted(Counter(r.gain for r in (*up, *down)).items(), reverse=True),
        "people": [_people(nlargest(SHOWN, up, key=_GAIN)), _people(nsmallest(SHOWN, down, key=_GAIN))],
        "scopes": [_scope(sheet, marks) for sheet in queries.latest_sheets(contest)],
    }


def _people(some: Sequence[Remarked]) -> list[list[int]]:
    return [[r.attempt_id, r.before[0], r.after[0]] for r in some]


def _scope(sheet: Ranking, marks: Marks) -> dict[str, Any]:
    """A sheet as it would be made now, without and with the ruling."""
    scope = results.scope_of(sheet.round_, sheet.division)
    truths: list[int | None] = [sheet.truth, _truth(sheet, marks)]
    sides = [
        _places(scope, sheet.division, sheet.round_, truth, new)
        for truth, new in zip(truths, ({}, marks), strict=True)
    ]  # fmt: skip
    moves = corrections.moved(*sides, except_for=0)
    of_prize = [m for m in moves if (m.before.prize if m.before else "") != (m.after.prize if m.after else "")]
    entries = db.session.scalars(select(Entry).where(Entry.id.in_([m.entry_id for m in of_prize[:SHOWN]])))
    people = {entry.id: entry for entry in entries}
    names = prizes.names_of(sheet)
    return {
        "sheet": sheet.id,
        "up": sum(1 for m in moves if m.before and m.after and m.after.place < m.before.place),
        "down": sum(1 for m in moves if m.before and m.after and m.after.place > m.before.place),
        "truth": truths,
        "prizes": [
            [
                people[m.entry_id].full_name,
                people[m.entry_id].belongs_to,
                *_side(m.before, names),
                *_side(m.after, names),
            ]
            for m in of_prize[:SHOWN]
        ],
        "more": max(0, len(of_prize) - SHOWN),
    }


def _side(place: Place | None, names: Mapping[str, str]) -> tuple[int | None, str]:
    return (None, "") if place is None else (place.place, names.get(place.prize, place.prize))


def _places(
    scope: Scope, division: Division, round_: Round | None, truth: int | None, marks: Marks
) -> dict[int, Place]:
    table = results.gather(scope, scope.chain, truth, marks=marks)
    return corrections.places_with_prizes(
        list(results.numbered(table, scope.chain)), scope.chain, division, round_, truth
    )


def _truth(sheet: Ranking, marks: Marks) -> int | None:
    """What the prediction asked for, with the new marks; only "people all correct" depends on them."""
    prediction = contest_rules(sheet.contest).prediction
    asked = "prediction" in map(criterion_name, sheet.chain)
    if sheet.truth is None or prediction is None or not asked or prediction.target is not Target.PEOPLE_ALL_CORRECT:
        return sheet.truth
    truth = sheet.truth_record
    round_ids = [truth.round_id] if truth is not None and truth.round_id else [r.id for r in sheet.contest.rounds]
    return sheet.truth + _more_perfect_people(round_ids, marks)


def _more_perfect_people(round_ids: Sequence[int], marks: Marks) -> int:
    """People who would have an attempt that is all correct, less those who have one now."""
    before: set[int] = set()
    after: set[int] = set()
    handed_in = select(Attempt.entry_id, Attempt.id, type_coerce(Attempt.all_correct, Integer)).where(
        Attempt.round_id.in_(round_ids), Attempt.state.in_(ENDED), Attempt.id.not_in(annulled_ids())
    )
    for part in fetch_plain(handed_in):
        for entry_id, attempt_id, is_perfect in part:
            if is_perfect:
                before.add(entry_id)
            if marks[attempt_id].all_correct if attempt_id in marks else is_perfect:
                after.add(entry_id)
    return len(after) - len(before)
