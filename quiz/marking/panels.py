"""Two judges for each essay: the panel of a round, the lots, their points, and what becomes of them.

A judge sees a paper's code and text, never a name, and the other judge's points only once both are in; the journal, which
judges read, says what they were when the essay has its mark. The mean is the mark; where the two lie too far apart, a third
judge, drawn by lot among the others, marks as blindly as they did and the two nearest count; where no judge is left, the
chair sees both and decides. Only then has the essay its EssayMark, which is what joins the score.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from quiz import journal
from quiz.access import Role
from quiz.accounts.models import Account, RoleGrant
from quiz.attempts.models import Attempt
from quiz.attempts.papers import kinds
from quiz.banks.models import ItemKind
from quiz.codes import new_code
from quiz.contests.models import Entry, Round
from quiz.contests.queries import entry_of
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.errors import Refusal
from quiz.marking import conflicts, essays, queries
from quiz.marking.models import EssayMark, EssayPanel, EssayTask
from quiz.marking.refusals import MarkingRefusal
from quiz.rules.assigning import NotEnoughJudges, assign
from quiz.rules.moderation import is_alarming, settled

SLOTS = 2


def panel_of(round_id: int) -> EssayPanel | None:
    return db.session.scalars(select(EssayPanel).where(EssayPanel.round_id == round_id)).one_or_none()


def all_judges() -> Sequence[Account]:
    """Those who can be put on a panel, by name."""
    return db.session.scalars(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.JUDGE.value, Account.disabled_at.is_(None))
        .order_by(Account.name_folded, Account.id)
    ).all()


def set_panel(round_: Round, judges: Sequence[int], chair_id: int, actor: Account, *, now: datetime) -> EssayPanel:
    """Say who marks, before or after the first lots; what has been drawn stays.  Raises Refusal(MarkingRefusal)."""
    chosen = sorted(set(judges))
    known = {judge.id for judge in all_judges()}
    if len(chosen) < SLOTS or not {*chosen, chair_id} <= known:
        raise Refusal(MarkingRefusal.PANEL_TOO_SMALL)
    if any(entry_of(round_.contest_id, judge_id) for judge_id in {*chosen, chair_id}):
        raise Refusal(MarkingRefusal.JUDGE_TAKES_PART)
    panel = panel_of(round_.id)
    before = {"judges": panel.judges, "chair": panel.chair_id} if panel else None
    if panel is None:
        panel = EssayPanel(round_id=round_.id, seed=secrets.token_hex(32), made_at=now, made_by_id=actor.id)
        db.session.add(panel)
    panel.judges, panel.chair_id = chosen, chair_id
    db.session.flush()
    after = {"judges": chosen, "chair": chair_id, "seed": journal.seal(panel.seed)}
    journal.record(actor, "essay.panel_set", round_, now=now, before=before, after=after)
    return panel


def draw(round_: Round, actor: Account, *, now: datetime) -> int:
    """Give every essay that nobody has its two judges, and every alarm without a third its third. Gives how many tasks.

    Raises Refusal(MarkingRefusal).
    """
    panel = panel_of(round_.id)
    if panel is None:
        raise Refusal(MarkingRefusal.NO_PANEL)
    db.session.execute(select(EssayPanel.id).where(EssayPanel.id == panel.id).with_for_update())
    barred = _barred(panel.judges)
    counts = select(EssayTask.judge_id, func.count()).join(Attempt).where(Attempt.round_id == round_.id)
    loads = {row[0]: row[1] for row in db.session.execute(counts.group_by(EssayTask.judge_id))}
    new = {new_code(): where for where in _unassigned(round_.id)}
    entries = {e.id: e for e in db.session.scalars(select(Entry).where(Entry.id.in_({w[2] for w in new.values()})))}
    papers = {paper: _barred_from(entries[where[2]], barred) for paper, where in new.items()}
    try:
        given = assign(papers, panel.judges, panel.seed, each=SLOTS, loads=loads)
    except NotEnoughJudges as short:
        raise Refusal(MarkingRefusal.TOO_FEW_JUDGES, paper=short.paper) from short
    firsts = [
        _task(*new[paper][:2], slot, paper, judge_id, now)
        for paper, judges in given.items()
        for slot, judge_id in enumerate(judges, 1)
    ]
    db.session.add_all(firsts)
    db.session.flush()
    thirds = [third for task in _alarms(round_.id) if (third := _ask_third(task, panel, now)) is not None]
    if made := firsts + thirds:
        after = {"papers": len(given), "thirds": len(thirds), "seed": panel.seed, "lots": lots(made)}
        journal.record(actor, "essay.assigned", round_, now=now, after=after)
    return len(made)


def lots(tasks: Iterable[EssayTask]) -> list[Any]:
    """[how many, seal of who got what], for the journal. Not whose attempt: there are few enough to try each of them."""
    drawn = sorted([t.paper, t.slot, t.judge_id, t.decides] for t in tasks)
    return [len(drawn), journal.seal(drawn)]


def _task(attempt_id: int, question: int, slot: int, paper: str, judge_id: int, now: datetime) -> EssayTask:
    return EssayTask(
        attempt_id=attempt_id, question=question, slot=slot, paper=paper, judge_id=judge_id, assigned_at=now, parts=[],
        decides=False, note="",
    )  # fmt: skip


def _barred(judge_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    accounts = db.session.scalars(select(Account).where(Account.id.in_(judge_ids))).all()
    return conflicts.own_units(accounts)


def _barred_from(entry: Entry, barred: dict[int, frozenset[int]]) -> set[int]:
    """Judges who may not mark somebody."""
    return {judge for judge, units in barred.items() if judge == entry.account_id or entry.org_unit_id in units}


def _unassigned(round_id: int) -> list[tuple[int, int, int]]:
    """(attempt, question, entry) of the essays of valid attempts that no judge has."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.entry_id, Attempt.paper).where(
            Attempt.round_id == round_id, Attempt.essays > 0, Attempt.state.in_(essays.HANDED_IN),
            Attempt.id.not_in(queries.annulled_ids()),
        ).order_by(Attempt.id)
    ).all()  # fmt: skip
    had = set(
        db.session.execute(
            select(EssayTask.attempt_id, EssayTask.question).join(Attempt).where(Attempt.round_id == round_id)
        )
    )
    return [
        (row.id, number, row.entry_id)
        for row in rows
        for number, kind in enumerate(kinds(row.paper), 1)
        if kind == ItemKind.ESSAY and (row.id, number) not in had
    ]


# Marking


def task_by_id(task_id: int) -> EssayTask | None:
    return db.session.get(EssayTask, task_id)


def tasks_of(judge_id: int, round_id: int) -> Sequence[EssayTask]:
    """A judge's essays in a round: those that wait first, by their codes."""
    return db.session.scalars(
        select(EssayTask)
        .join(EssayTask.attempt)
        .where(EssayTask.judge_id == judge_id, Attempt.round_id == round_id)
        .options(contains_eager(EssayTask.attempt).defer(Attempt.responses))
        .order_by(EssayTask.marked_at.is_not(None), EssayTask.slot.desc(), EssayTask.paper)
    ).all()


def rounds_with_tasks(judge_id: int) -> Sequence[Round]:
    return db.session.scalars(
        select(Round)
        .where(Round.id.in_(select(Attempt.round_id).join(EssayTask).where(EssayTask.judge_id == judge_id)))
        .order_by(Round.id.desc())
    ).all()


def of_essay(attempt_id: int, question: int) -> list[EssayTask]:
    """The tasks of one essay, by slot."""
    return list(
        db.session.scalars(
            select(EssayTask)
            .where(EssayTask.attempt_id == attempt_id, EssayTask.question == question)
            .order_by(EssayTask.slot)
            .execution_options(populate_existing=True)
        )
    )


def give(task: EssayTask, points: int, parts: Sequence[int], note: str, actor: Account, *, now: datetime) -> None:
    """Write down a judge's points; with the last that is needed the essay has its mark.

    points: the sum of the parts where there is a rubric. Points stay once the other judge has given theirs.
    Raises Refusal(MarkingRefusal).
    """
    attempt = task.attempt
    essays.hold(attempt)
    question = next((q for q in essays.essays_of(attempt) if q.number == task.question), None)
    rubric = contest_rules(attempt.round_.contest).essay_rubric
    is_whole = not rubric or (
        len(parts) == len(rubric)
        and all(0 <= part <= criterion.points for part, criterion in zip(parts, rubric, strict=True))
        and sum(parts) == points
    )
    if question is None or not 0 <= points <= question.worth or not is_whole:
        raise Refusal(MarkingRefusal.NO_SUCH_ESSAY)
    if conflicts.has_conflict(actor, attempt.entry):
        raise Refusal(MarkingRefusal.OWN_UNIT)
    tasks = of_essay(attempt.id, task.question)
    if task.marked_at is not None and are_both_in(tasks):
        raise Refusal(MarkingRefusal.POINTS_STAY)
    task.points, task.parts, task.note, task.marked_at = points, list(parts), note, now
    db.session.flush()
    after = {"paper": task.paper, "slot": task.slot}
    journal.record(actor, "essay.points_given", f"essay_task:{task.id}", now=now, after=after)
    _settle(tasks, question.worth, actor, now)


def are_both_in(tasks: Sequence[EssayTask]) -> bool:
    """Have the two judges of an essay given their points?  From then on neither changes any."""
    return len(tasks) >= SLOTS and all(t.marked_at for t in tasks[:SLOTS])


def may_see_others(task: EssayTask, tasks: Sequence[EssayTask]) -> bool:
    """May the judge of a task read the others' points?  A third one only afterwards; the chair, who decides, before."""
    return are_both_in(tasks) and (task.slot <= SLOTS or task.decides or task.marked_at is not None)


def _settle(tasks: Sequence[EssayTask], most: int, actor: Account, now: datetime) -> None:
    points = [t.points for t in tasks]
    if len(points) < SLOTS or points[0] is None or points[1] is None:
        return
    first, *_rest = tasks
    attempt = first.attempt
    spread = contest_rules(attempt.round_.contest).essay_spread_percent
    third = tasks[SLOTS] if len(tasks) > SLOTS else None
    mark = settled(
        points[0], points[1], third.points if third else None, most, spread, decides=third is not None and third.decides
    )
    if mark is not None:
        essays.write_mark(attempt, first.question, mark, [_told(t) for t in tasks], actor, now=now)
        return
    panel = panel_of(attempt.round_id)
    if third is None and panel is not None:
        asked = _ask_third(first, panel, now)
        after = {"paper": first.paper, "spread_percent": spread, "lots": lots([asked] if asked else [])}
        journal.record(actor, "essay.alarmed", f"essay_task:{first.id}", now=now, after=after)


def _told(task: EssayTask) -> dict[str, Any]:
    return {
        "paper": task.paper, "slot": task.slot, "judge": task.judge_id, "points": task.points, "parts": task.parts,
        "note": task.note,
    }  # fmt: skip


def _ask_third(first: EssayTask, panel: EssayPanel, now: datetime) -> EssayTask | None:
    """By lot among the judges who have not marked it, else the chair. None when nobody is left: the panel must grow."""
    entry = db.session.get_one(Entry, first.attempt.entry_id)
    had = {t.judge_id for t in of_essay(first.attempt_id, first.question)}
    everybody = [*panel.judges, panel.chair_id]
    barred = had | _barred_from(entry, _barred(everybody))
    others = [judge for judge in panel.judges if judge not in barred]
    if others:
        (chosen,) = assign({first.paper: ()}, others, panel.seed, each=1)[first.paper]
    elif panel.chair_id not in barred:
        chosen = panel.chair_id
    else:
        return None
    task = _task(first.attempt_id, first.question, SLOTS + 1, first.paper, chosen, now)
    task.decides = not others
    db.session.add(task)
    db.session.flush()
    return task


def _alarms(round_id: int) -> list[EssayTask]:
    """The first tasks of essays whose two judges lie too far apart and that nobody else has."""
    most, spread = _scale(round_id)
    return [of[0] for of in _by_essay(round_id).values() if len(of) == SLOTS and _is_alarmed(of, most, spread)]


def _scale(round_id: int) -> tuple[int, int]:
    rules = contest_rules(db.session.get_one(Round, round_id).contest)
    return rules.essay_points, rules.essay_spread_percent


def _by_essay(round_id: int) -> dict[tuple[int, int], list[EssayTask]]:
    tasks = db.session.scalars(
        select(EssayTask).join(EssayTask.attempt).where(Attempt.round_id == round_id)
        .options(contains_eager(EssayTask.attempt).defer(Attempt.responses)).order_by(EssayTask.slot)
    )  # fmt: skip
    found: dict[tuple[int, int], list[EssayTask]] = {}
    for task in tasks:
        found.setdefault((task.attempt_id, task.question), []).append(task)
    return found


# Progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round's essays have come.  judges: [(account, has, has marked), …] · alarms: codes of papers that are
    with a third judge or wait for one, each with whether somebody has it"""

    essays: int
    unassigned: int
    once: int
    twice: int
    final: int
    judges: Sequence[tuple[Account, int, int]]
    alarms: Sequence[tuple[str, bool]]


def progress(round_: Round) -> Progress:
    by_essay = _by_essay(round_.id)
    panel = panel_of(round_.id)
    waiting = len(_unassigned(round_.id))
    most, spread = _scale(round_.id)
    final = set(
        db.session.execute(
            select(EssayMark.attempt_id, EssayMark.question).join(Attempt).where(Attempt.round_id == round_.id)
        )
    )
    counts: dict[int, list[int]] = {judge_id: [0, 0] for judge_id in (panel.judges if panel else ())}
    for tasks in by_essay.values():
        for task in tasks:
            of_judge = counts.setdefault(task.judge_id, [0, 0])
            of_judge[0] += 1
            of_judge[1] += task.marked_at is not None
    accounts = {a.id: a for a in db.session.scalars(select(Account).where(Account.id.in_(counts)))}
    given = [sum(t.marked_at is not None for t in tasks[:SLOTS]) for tasks in by_essay.values()]
    alarms = [
        (tasks[0].paper, len(tasks) > SLOTS)
        for key, tasks in by_essay.items()
        if key not in final and _is_alarmed(tasks, most, spread)
    ]
    return Progress(
        essays=len(by_essay) + waiting,
        unassigned=waiting,
        once=given.count(1),
        twice=given.count(2),
        final=len(final & by_essay.keys()),
        judges=[(accounts[j], has, done) for j, (has, done) in counts.items()],
        alarms=sorted(alarms),
    )


def _is_alarmed(tasks: Sequence[EssayTask], most: int, spread: int) -> bool:
    points: list[Any] = [t.points for t in tasks[:SLOTS]]
    return None not in points and is_alarming(points[0], points[1], most, spread)
