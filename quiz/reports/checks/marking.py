"""What judges decided: annulments, verdicts, notes, identities, points of essays, rulings on keys and what they changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import select

from quiz import journal
from quiz.attempts.models import Attempt
from quiz.attempts.papers import Marker
from quiz.banks.models import KeyDoubt
from quiz.contests.key_rulings import Rulings, rulings_of
from quiz.contests.models import Contest, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.journal import JournalRecord
from quiz.marking.models import (
    Annulment,
    AttemptNote,
    EssayMark,
    EssayPanel,
    EssayTask,
    IdentityCheck,
    KeyRuling,
    Remark,
    Verdict,
)
from quiz.marking.panels import lots as lots_of
from quiz.reports.checks.told import Faults, Look, by

# Annulments and verdicts


def annulments(look: Look) -> Faults:
    rows: dict[int, list[Annulment]] = defaultdict(list)
    for row in look.rows(Annulment):
        rows[row.attempt_id].append(row)
    told = look.told("attempt.annulled", "attempt.restored")
    for attempt_id in sorted(rows.keys() | told.keys()):
        said: list[tuple[Any, ...]] = []
        for record in told[attempt_id]:
            if record.action == "attempt.annulled":
                said.append((record.reason, *by(record), "", None, None))
            elif said:
                said[-1] = (*said[-1][:3], record.reason, *by(record))
        there = [
            (a.reason, a.annulled_at, a.annulled_by_id, a.restore_reason, a.restored_at, a.restored_by_id)
            for a in rows[attempt_id]
        ]
        if there != said:
            yield f"annulment of attempt {attempt_id}: not what judges decided"


class _Word(NamedTuple):
    """A verdict as the journal tells it.  second: (judge, moment, reason) of who settled it"""

    ruling: str
    state: str
    reason: str
    judge_id: int | None
    given_at: datetime
    second: tuple[Any, ...] = (None, None, "")


def verdicts(look: Look) -> Faults:
    rows: dict[int, list[_Word]] = defaultdict(list)
    for v in look.rows(Verdict):
        second = (v.second_id, v.second_at, v.second_reason)
        rows[v.attempt_id].append(_Word(v.ruling, v.state, v.reason, v.judge_id, v.given_at, second))
    told = look.told("verdict.given", "annulment.proposed", "annulment.declined", "attempt.annulled")
    for attempt_id in sorted(rows.keys() | told.keys()):
        said = _words(told[attempt_id])
        if not look.is_sealed(_contest_of(attempt_id)):  # annulments of before there were verdicts have none
            said = [
                word for word in said if word.ruling != "annul" or word.state != "given" or word in rows[attempt_id]
            ]
        if rows[attempt_id] != said:
            yield f"verdict on attempt {attempt_id}: not what judges ruled"


def _words(records: list[JournalRecord]) -> list[_Word]:
    found: list[_Word] = []
    for record in records:
        judge = record.actor_id
        if record.action == "verdict.given":
            found.append(_Word(record.after["ruling"], "given", record.reason, judge, record.at))
        elif record.action == "annulment.proposed":
            found.append(_Word("annul", "proposed", record.reason, judge, record.at))
        elif record.action == "attempt.annulled" and not record.after:
            found.append(_Word("annul", "given", record.reason, judge, record.at))
        elif found and found[-1].state == "proposed":  # what a second judge says settles it
            is_confirmed = record.action == "attempt.annulled"
            why = record.reason.removeprefix(f"{found[-1].reason}\n") if is_confirmed else record.reason
            state = "confirmed" if is_confirmed else "declined"
            found[-1] = found[-1]._replace(state=state, second=(judge, record.at, why))
    return found


def _contest_of(attempt_id: int) -> int:
    contest = select(Round.contest_id).join(Attempt, Attempt.round_id == Round.id).where(Attempt.id == attempt_id)
    return db.session.scalar(contest) or 0


def notes(look: Look) -> Faults:
    told = {r.after["note"]: (subject, r) for subject, own in look.told("attempt.noted").items() for r in own}
    for note in look.rows(AttemptNote):
        attempt_id, record = told.pop(note.id, (0, None))
        if record is None:
            if look.is_sealed(_contest_of(note.attempt_id)):
                yield f"attempt_note {note.id}: nobody wrote it"
        elif (attempt_id, record.after["digest"], *by(record)) != (
            note.attempt_id, journal.seal(note.text), note.written_at, note.judge_id,
        ):  # fmt: skip
            yield f"attempt_note {note.id}: not what was noted"
    for note_id in told:
        yield f"attempt_note {note_id}: is gone"


def identities(look: Look) -> Faults:
    """Whether people are who they say: asked for by verdicts on their attempts, stated by people in office."""
    told = look.told("identity.checked")
    for attempt_id, records in look.told("verdict.given").items():
        asked = [record for record in records if record.after["ruling"] == "identity"]
        entry_id = db.session.scalar(select(Attempt.entry_id).where(Attempt.id == attempt_id)) if asked else None
        if entry_id is not None:
            told[entry_id] += asked
    rows = {row.entry_id: row for row in look.rows(IdentityCheck)}
    for entry_id in sorted(rows.keys() | told.keys()):
        said: dict[str, Any] = dict.fromkeys(("asked_by_id", "asked_at", "checked_by_id", "checked_at"))
        said |= {"result": "pending", "note": ""}
        for record in sorted(told[entry_id], key=lambda record: record.seq):
            if record.action == "verdict.given":
                said |= {"result": "pending", "asked_at": record.at, "asked_by_id": record.actor_id}
            else:
                said |= {**record.after, "checked_at": record.at, "checked_by_id": record.actor_id}
        row = rows.get(entry_id)
        if row is None or not told[entry_id] or any(getattr(row, name) != value for name, value in said.items()):
            yield f"identity_check {entry_id}: not what was asked and found"


# Essays


def essay_marks(look: Look) -> Faults:
    there = {(m.attempt_id, m.question): (m.points, m.note, m.judge_id, m.marked_at) for m in look.rows(EssayMark)}
    said = {
        (attempt_id, r.after["question"]): (r.after["points"], r.after["note"], r.after["judge"], r.at)
        for attempt_id, records in look.told("essay.marked").items()
        for r in records
    }
    for attempt_id, question in sorted(there.keys() | said.keys()):
        if there.get((attempt_id, question)) != said.get((attempt_id, question)):
            yield f"essay_mark of attempt {attempt_id}, question {question}: not what judges gave"


def panels(look: Look) -> Faults:
    rows = {panel.round_id: panel for panel in look.rows(EssayPanel)}
    told = look.told("essay.panel_set")
    drawn = look.told("essay.assigned")
    for round_id in sorted(rows.keys() | told.keys()):
        panel, records = rows.get(round_id), told[round_id]
        if panel is None or not records:
            yield f"essay_panel of round {round_id}: set without the journal, or the other way round"
            continue
        first, last = records[0], records[-1]
        seeds = {r.after["seed"] for r in drawn[round_id]}
        sealed = last.after.get("seed")
        if (
            (panel.judges, panel.chair_id) != (last.after["judges"], last.after["chair"])
            or (panel.made_at, panel.made_by_id) != by(first)
            or not seeds <= {panel.seed}
            or sealed not in (None, journal.seal(panel.seed))
        ):
            yield f"essay_panel {panel.id}: not the judges, the chair or the seed of the lots that the journal has"


def essay_tasks(look: Look) -> Faults:
    rows: dict[tuple[int, int], list[EssayTask]] = defaultdict(list)
    drawn: dict[tuple[int, datetime], list[EssayTask]] = defaultdict(list)
    round_of = {
        row.id: row.round_id
        for row in db.session.execute(select(Attempt.id, Attempt.round_id).where(Attempt.essays > 0))
    }
    by_id = {}
    for task in look.rows(EssayTask):
        rows[task.attempt_id, task.question].append(task)
        drawn[round_of.get(task.attempt_id, 0), task.assigned_at].append(task)
        by_id[task.id] = task
    yield from _settled(look, rows)
    told: dict[tuple[int, datetime], list[JournalRecord]] = defaultdict(list)
    for round_id, records in look.told("essay.assigned").items():
        for record in records:
            told[round_id, record.at].append(record)
    for task_id, records in look.told("essay.alarmed").items():
        if task_id not in by_id:
            yield f"essay_task {task_id}: is gone"
            continue
        for record in records:
            told[round_of.get(by_id[task_id].attempt_id, 0), record.at].append(record)
    for round_id, at in sorted(drawn.keys() | told.keys()):
        own, records = drawn[round_id, at], told[round_id, at]
        lots = [record.after["lots"] for record in records if "lots" in (record.after or {})]
        if len(lots) < len(records):
            continue  # drawn before the journal kept lots
        is_sealed = bool(records) or look.is_sealed(_contest_of_round(round_id))
        fits = sum(n for n, _digest in lots) == len(own)
        if is_sealed and fits and len(lots) == 1:
            fits = lots_of(own) == lots[0]
        if is_sealed and not fits:
            yield f"essay_task of round {round_id}: not the lots that were drawn at {at:%Y-%m-%d %H:%M:%S}"


def _contest_of_round(round_id: int) -> int:
    return db.session.scalar(select(Round.contest_id).where(Round.id == round_id)) or 0


def _settled(look: Look, rows: dict[tuple[int, int], list[EssayTask]]) -> Faults:
    """What the judges of an essay gave, once it has its mark; before that they may still change it."""
    for attempt_id, records in look.told("essay.marked").items():
        for record in records:
            there = sorted(rows[attempt_id, record.after["question"]], key=lambda task: task.slot)
            given = [[t.paper, t.slot, t.judge_id, t.points, t.parts, t.note] for t in there]
            names = ("paper", "slot", "judge", "points", "parts", "note")
            if "judged" in record.after and given != [[one[n] for n in names] for one in record.after["judged"]]:
                ids = ", ".join(str(task.id) for task in there)
                yield f"essay_task {ids} of attempt {attempt_id}: not what judges gave"


# Keys


def key_rulings(look: Look) -> Faults:
    there = set()
    for ruling in look.rows(KeyRuling):
        there.add(ruling.id)
        yield from look.at(ruling, _ruling)
    for ruling_id in look.told("key.proposed"):
        if ruling_id not in there:
            yield f"key_ruling {ruling_id}: is gone"
    for contest in look.rows(Contest):
        yield from look.at(contest, _rulings_of)
    yield from _doubts(look)


def _ruling(look: Look, ruling: KeyRuling) -> Faults:
    proposed, withdrawn, confirmed, applied = (
        look.last(ruling.id, f"key.{deed}") for deed in ("proposed", "withdrawn", "confirmed", "applied")
    )
    said = {"contest": ruling.contest_id, "version": ruling.version_id, **ruling.overlay.to_json()}
    if proposed is None or (proposed.after, proposed.reason, *by(proposed)) != (
        said, ruling.why, ruling.proposed_at, ruling.proposed_by_id,
    ):  # fmt: skip
        yield f"key_ruling {ruling.id}: not what was proposed"
    if (ruling.withdrawn_at, ruling.confirmed_at, ruling.confirmed_by_id, ruling.finished_at) != (
        by(withdrawn)[0], *by(confirmed), by(applied)[0],
    ):  # fmt: skip
        yield f"key_ruling {ruling.id}: withdrawn, confirmed or applied without the journal, or the other way round"
    if applied is not None:
        done = {"number": ruling.number, "up": ruling.counts.get("up"), "down": ruling.counts.get("down")}
        if done != {name: applied.after[name] for name in done}:
            yield f"key_ruling {ruling.id}: not numbered or counted as it was applied"
        yield from _remarks(ruling)


def _of_contest(contest_id: int) -> list[KeyRuling]:
    rulings = select(KeyRuling).where(KeyRuling.contest_id == contest_id, KeyRuling.number.is_not(None))
    return list(db.session.scalars(rulings.order_by(KeyRuling.number)))


def _rulings_of(_look: Look, contest: Contest) -> Faults:
    rulings, finished = Rulings(), 0
    for ruling in _of_contest(contest.id):
        rulings = rulings.with_one_more(ruling.version_id, ruling.overlay)
        finished = rulings.number if ruling.finished_at is not None else finished
    kept = rulings_of(contest)
    if (kept.number, kept.finished, dict(kept.items)) != (rulings.number, finished, dict(rulings.items)):
        yield f"contest {contest.id}: its rulings on keys are not those that were made"


def _remarks(ruling: KeyRuling) -> Faults:
    """Whose points a ruling has changed: from those of earlier rulings to those of this one, or of a later one where an
    attempt ended while this one was being applied."""
    worth = contest_rules(ruling.contest).worth
    markers = [Marker(worth)]
    rulings = Rulings()
    for one in _of_contest(ruling.contest_id):
        rulings = rulings.with_one_more(one.version_id, one.overlay)
        markers.append(Marker(worth, rulings.items))
    number = ruling.number or 0
    counts = {"up": 0, "down": 0}
    rows = select(Remark.attempt_id, Remark.score_before, Remark.score_after, Attempt.paper, Attempt.responses).join(
        Attempt, Attempt.id == Remark.attempt_id
    )
    for row in db.session.execute(rows.where(Remark.ruling_id == ruling.id).order_by(Remark.attempt_id)):
        points = cache(lambda n, row=row: markers[n].score(row.paper, row.responses).points)
        before = any(points(n) == row.score_before for n in range(number - 1, -1, -1))
        after = any(points(n) == row.score_after for n in range(number, len(markers)))
        if not before or not after:
            yield f"remark of attempt {row.attempt_id} by key_ruling {ruling.id}: not what it changed"
        counts["up" if row.score_after > row.score_before else "down"] += 1
    if any(counts[way] < ruling.counts.get(way, 0) for way in counts):
        yield f"remark of key_ruling {ruling.id}: fewer than it changed"


def _doubts(look: Look) -> Faults:
    """Items that no later paper draws, from the first ruling on each."""
    said: dict[int, tuple[str, datetime]] = {}
    applied = [record for records in look.told("key.applied").values() for record in records]
    for record in sorted(applied, key=lambda record: record.seq):
        said.setdefault(record.after["version"], (record.reason, record.at))
    there = {doubt.version_id: (doubt.why, doubt.doubted_at) for doubt in look.rows(KeyDoubt)}
    for version_id in sorted(said.keys() | there.keys()):
        if said.get(version_id) != there.get(version_id):
            yield f"key_doubt {version_id}: not what rulings on its key have left"
