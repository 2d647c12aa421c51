"""Looking for flags in a round: reads its ended attempts once, asks rules.suspicion, and writes what is worth a look.

Evidence, by kind: fast_paper {elapsed_ms, usual_ms, correct, questions} · fast_answers {answers: [[version, ms, usual ms], …],
right} · alike {shared: [[version, percent of wrong answers that are this one], …], common, same_right, ratio, by_chance, beside,
start_gap_s, order, paper_order} · one_device {people, attempts} · same_person {by: "name" or "mailbox", people} ·
network_changes {changes, from} · overlap {by: "device" or "person", together_s}
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import delete, select

from quiz import jobs
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import EachItem
from quiz.banks.versions import Face
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Entry, Round
from quiz.db import db, insert_many, transaction
from quiz.jobs import Clock, Job
from quiz.marking.models import Flag, FlagAttempt, FlagRun
from quiz.marking.queries import annulled_ids
from quiz.rules import marking, suspicion
from quiz.rules.suspicion import Kind, Spread, Strength

JOB = "flags.compute"
STEP = 2_000  # attempts read at once
MOST_OF_KIND = 2_000  # flags of one kind; the strongest
ENDED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)


def subject_of(round_id: int) -> str:
    return f"round:{round_id}"


@jobs.handler(JOB)
def compute_job(job: Job, clock: Clock) -> dict[str, Any]:
    with transaction():
        return compute(int(job.subject.partition(":")[2]), now=clock())


def compute(round_id: int, *, now: datetime) -> dict[str, Any]:
    """Look anew at all valid ended attempts of a round. Flags that no judge has answered are replaced, the others stay.

    Returns {"attempts", "flags", "cut": kinds of which only the strongest are kept}.
    """
    read = _read(db.session.get_one(Round, round_id))
    found, unsaid = _found(read)
    by_kind: dict[Kind, list[_Found]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    kept = [f for some in by_kind.values() for f in sorted(some, key=lambda f: f.strength)[:MOST_OF_KIND]]
    _write(round_id, kept, now)
    run = db.session.get(FlagRun, round_id) or FlagRun(round_id=round_id)
    run.computed_at, run.attempts, run.unsaid = now, len(read.ids), list(unsaid)
    run.times = {str(version): round(math.exp(s.median)) for version, s in read.spreads.items()}
    db.session.add(run)
    db.session.flush()
    cut = [kind for kind, some in by_kind.items() if len(some) > MOST_OF_KIND]
    return {"attempts": len(read.ids), "flags": len(kept), "cut": cut}


@dataclass(slots=True)
class _Read:
    """The attempts of a round by columns; answers are numbers of (version, response)."""

    ids: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    began_s: list[int] = field(default_factory=list)
    elapsed_ms: list[int] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)  # 0: none
    people: list[tuple[Any, ...]] = field(default_factory=list)  # name, birth date, unit
    mailboxes: list[str] = field(default_factory=list)
    answers: list[array[int]] = field(default_factory=list)
    gaps: list[array[int]] = field(default_factory=list)  # beside the answers, −1 for unknown
    version_of: list[int] = field(default_factory=list)  # answer → version
    right: list[bool] = field(default_factory=list)  # answer → is it right?
    papers: list[array[int]] = field(default_factory=list)  # versions, in order
    spreads: dict[int, Spread] = field(default_factory=dict)  # version → times of its answers


def _read(round_: Round) -> _Read:
    found = _Read()
    numbers: dict[tuple[int, Any], int] = {}

    def number_of(face: Face, response: marking.Response) -> int:
        """The number of an answer; −1 where nothing was answered, and for an essay."""
        if not (any(response) if isinstance(response, tuple) else response):
            return -1
        key = (face.version_id, response.casefold() if isinstance(response, str) else response)
        if key not in numbers:
            numbers[key] = len(numbers)
            found.version_of.append(face.version_id)
            found.right.append(marking.mark(face.key, response, 1, whole=True).correct)
        return numbers[key]

    given = EachItem(number_of, rulings_of(round_.contest).items)
    logs: defaultdict[int, array[float]] = defaultdict(lambda: array("d"))
    for row in _rows(round_.id):
        found.ids.append(row.id)
        found.owners.append(row.entry_id)
        found.began_s.append(int(row.started_at.timestamp()))
        found.elapsed_ms.append(row.elapsed_ms)
        found.devices.append(row.device_mark)
        found.networks.append(row.network)
        found.changes.append(row.network_changes)
        found.units.append(row.org_unit_id or 0)
        found.people.append((row.name_folded, row.birth_date, row.org_unit_id or row.belongs_to))
        found.mailboxes.append(suspicion.mailbox(row.email or ""))
        moments = {int(number): ms for number, ms in row.responses["t"].items()}
        gaps = suspicion.gaps(moments)
        own, own_gaps = array("i"), array("i")
        for number, answer in enumerate(given.of(row.paper, row.responses), 1):
            if answer < 0:
                continue
            own.append(answer)
            gap = gaps.get(number, -1)
            own_gaps.append(gap)
            if gap > 0:
                logs[found.version_of[answer]].append(math.log(gap))
        found.answers.append(own)
        found.gaps.append(own_gaps)
        found.papers.append(array("i", (version for version, _order in row.paper)))
    for version, times in logs.items():
        if (spread := suspicion.spread(times, suspicion.FEWEST_ANSWERS)) is not None:
            found.spreads[version] = spread
    return found


def _rows(round_id: int) -> Iterator[Any]:
    a = Attempt
    rows = (
        select(a.id, a.entry_id, a.started_at, a.elapsed_ms, a.device_mark, a.network, a.network_changes, a.paper, a.responses,
               Entry.org_unit_id, Entry.name_folded, Entry.birth_date, Entry.belongs_to, Account.email)
        .join(Entry, Entry.id == a.entry_id)
        .join(Account, Account.id == Entry.account_id)
        .where(a.round_id == round_id, a.state.in_(ENDED), a.id.not_in(annulled_ids()))
        .order_by(a.id)
    )  # fmt: skip
    for part in db.session.execute(rows, execution_options={"yield_per": STEP}).partitions():
        yield from part


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    attempts: tuple[int, ...]
    strength: Strength
    evidence: dict[str, Any]

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.kind}:{sorted(self.attempts)}".encode()).hexdigest()


def _found(read: _Read) -> tuple[list[_Found], list[Kind]]:
    """All flags, and the kinds that the field is too small for."""
    found: list[_Found] = []
    unsaid: list[Kind] = []
    for kind, look in ((Kind.FAST_PAPER, _fast_papers), (Kind.ALIKE, _alike), (Kind.NETWORK_CHANGES, _network_changes)):
        some = look(read)
        if some is None:
            unsaid.append(kind)
        else:
            found += some
    if read.spreads:
        found += _fast_answers(read)
    else:
        unsaid.append(Kind.FAST_ANSWERS)
    return found + list(_shared(read)), unsaid


def _fast_papers(read: _Read) -> list[_Found] | None:
    usual_gap = median(s.median for s in read.spreads.values()) if read.spreads else 0.0
    medians = {version: math.exp(s.median) for version, s in read.spreads.items()}
    # an item that few have answered is taken for a usual one; without any times all papers are taken for alike
    expected = [sum(medians.get(v, math.exp(usual_gap)) for v in paper) if medians else 1.0 for paper in read.papers]
    logs = [math.log(max(1, ms) / e) for ms, e in zip(read.elapsed_ms, expected, strict=True)]
    field_ = suspicion.spread(logs, suspicion.FEWEST_PAPERS)
    if field_ is None:
        return None
    correct = [sum(read.right[a] for a in own) for own in read.answers]
    usual = median(correct)
    found = []
    for i, attempt_id in enumerate(read.ids):
        if (fast := suspicion.fast_paper(read.elapsed_ms[i], expected[i], field_, correct[i], usual)) is not None:
            strength, _z = fast
            evidence = {"elapsed_ms": read.elapsed_ms[i], "usual_ms": round(math.exp(field_.median) * expected[i]),
                        "correct": correct[i], "questions": len(read.papers[i])}  # fmt: skip
            found.append(_Found(Kind.FAST_PAPER, (attempt_id,), strength, evidence))
    return found


def _fast_answers(read: _Read) -> list[_Found]:
    found = []
    for attempt_id, own, gaps in zip(read.ids, read.answers, read.gaps, strict=True):
        right = {read.version_of[a]: ms for a, ms in zip(own, gaps, strict=True) if ms >= 0 and read.right[a]}
        if fast := suspicion.fast_answers(right, read.spreads):
            lines = [[v, right[v], round(math.exp(read.spreads[v].median))] for v in fast]
            strength = Strength.NOTABLE if 2 * len(fast) >= len(own) else Strength.LOOK
            found.append(_Found(Kind.FAST_ANSWERS, (attempt_id,), strength, {"answers": lines, "right": len(right)}))
    return found


def _alike(read: _Read) -> list[_Found] | None:
    papers = suspicion.Papers(read.version_of, read.right, read.answers, read.began_s, read.owners)
    families: Mapping[str, Sequence[Any]] = {"device": read.devices, "network": read.networks, "unit": read.units}
    pairs = suspicion.alike(papers, families)
    if pairs is None:
        return None
    share = suspicion.Field(papers).share if pairs else {}
    return [_pair(read, pair, share) for pair in pairs[:MOST_OF_KIND]]


def _pair(read: _Read, pair: suspicion.Pair, share: Mapping[int, float]) -> _Found:
    mine, theirs = read.answers[pair.a], read.answers[pair.b]
    same = set(mine) & set(theirs)
    common = {read.version_of[x] for x in mine} & {read.version_of[x] for x in theirs}
    order = suspicion.order_agreement(_moments(read, pair.a), _moments(read, pair.b))
    paper_order = suspicion.order_agreement(_places(read, pair.a), _places(read, pair.b))
    strength = pair.strength
    if suspicion.same_order(order, paper_order) and strength > Strength.STRONG:
        strength = Strength(strength - 1)
    evidence = {
        "shared": [[read.version_of[x], round(100 * share[x], 1)] for x in pair.shared],
        "common": len(common),
        "same_right": sum(read.right[x] for x in same),
        "ratio": round(pair.ratio, 2),
        "by_chance": float(f"{pair.by_chance:.1e}"),
        "beside": pair.beside,
        "start_gap_s": abs(read.began_s[pair.a] - read.began_s[pair.b]),
        "order": None if order is None else round(order, 2),
        "paper_order": None if paper_order is None else round(paper_order, 2),
    }
    return _Found(Kind.ALIKE, (read.ids[pair.a], read.ids[pair.b]), strength, evidence)


def _moments(read: _Read, i: int) -> dict[int, int]:
    """Version → when it was answered. Stored are the spans between, from the first answer on, in no order of time; so the row is
    read once more, for the few that are shown."""
    paper, responses = db.session.execute(
        select(Attempt.paper, Attempt.responses).where(Attempt.id == read.ids[i])
    ).one()  # fmt: skip
    times = responses["t"]
    return {version: times[str(n)] for n, (version, _order) in enumerate(paper, 1) if str(n) in times}


def _places(read: _Read, i: int) -> dict[int, int]:
    return {version: n for n, version in enumerate(read.papers[i])}


def _network_changes(read: _Read) -> list[_Found] | None:
    least = suspicion.many_changes(read.changes)
    if least is None:
        return None
    return [
        _Found(Kind.NETWORK_CHANGES, (attempt_id,), Strength.LOOK, {"changes": changes, "from": least})
        for attempt_id, changes in zip(read.ids, read.changes, strict=True)
        if changes >= least
    ]


def _shared(read: _Read) -> Iterator[_Found]:
    """One device, one person, one mailbox; and of those the attempts that were open at once."""
    at = {attempt_id: i for i, attempt_id in enumerate(read.ids)}
    for kind, by, keys in (
        (Kind.ONE_DEVICE, "device", read.devices),
        (Kind.SAME_PERSON, "name", read.people),
        (Kind.SAME_PERSON, "mailbox", read.mailboxes),
    ):
        for group in suspicion.shared_by(zip(keys, read.owners, read.ids, strict=True)):
            people = len({read.owners[at[a]] for a in group})
            if kind is Kind.ONE_DEVICE:
                strength = suspicion.device_strength(people)
                yield _Found(kind, tuple(group), strength, {"people": people, "attempts": len(group)})
            else:
                strength = Strength.STRONG if by == "name" else Strength.NOTABLE
                yield _Found(kind, tuple(group), strength, {"by": by, "people": people})
            spans = [(1000 * read.began_s[i], 1000 * read.began_s[i] + read.elapsed_ms[i], read.owners[i], a)
                     for a in group for i in [at[a]]]  # fmt: skip
            of = "device" if kind is Kind.ONE_DEVICE else "person"
            for a, b, together in suspicion.overlaps(spans):
                evidence = {"by": of, "together_s": together // 1000}
                yield _Found(Kind.OVERLAP, (a, b), Strength.NOTABLE, evidence)


def _write(round_id: int, found: Sequence[_Found], now: datetime) -> None:
    judged = select(FlagAttempt.flag_id).where(FlagAttempt.verdict_id.is_not(None))
    unanswered = select(Flag.id).where(Flag.round_id == round_id, Flag.id.not_in(judged))
    db.session.execute(delete(FlagAttempt).where(FlagAttempt.flag_id.in_(unanswered)))
    db.session.execute(delete(Flag).where(Flag.id.in_(unanswered)))
    known = set(db.session.scalars(select(Flag.key).where(Flag.round_id == round_id)))
    new = {one.key: one for one in found if one.key not in known}
    rows = [
        {"round_id": round_id, "kind": one.kind.value, "key": key, "strength": int(one.strength), "evidence": one.evidence,
         "computed_at": now} for key, one in new.items()
    ]  # fmt: skip
    insert_many(Flag.__table__, rows)
    ids = dict(db.session.execute(select(Flag.key, Flag.id).where(Flag.round_id == round_id)).all())
    links = [
        {"flag_id": ids[key], "attempt_id": a, "verdict_id": None} for key, one in new.items() for a in one.attempts
    ]
    insert_many(FlagAttempt.__table__, links)
