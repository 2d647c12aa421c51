"""Points that judges give essays. An attempt has its written points once all of its essays are marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts import news
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import Question, questions
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.errors import Refusal
from quiz.marking import queries
from quiz.marking.conflicts import has_conflict
from quiz.marking.models import EssayMark
from quiz.marking.refusals import MarkingRefusal

HANDED_IN = (AttemptState.SUBMITTED, AttemptState.EXPIRED)


def essays_of(attempt: Attempt) -> list[Question]:
    """The essays of an attempt's paper, in order, with what they are worth."""
    worth = contest_rules(attempt.round_.contest).worth
    return [q for q in questions(attempt, worth) if q.is_essay]


def mark_essay(
    attempt: Attempt, number: int, points: int, actor: Account, *, note: str, why: str = "", now: datetime
) -> EssayMark:
    """Give an essay its points, or with a reason other ones.

    number: of the question in the paper · why: only for changing what was given.  Raises Refusal(MarkingRefusal).
    """
    if contest_rules(attempt.round_.contest).essay_judges > 1:
        raise Refusal(MarkingRefusal.TWO_JUDGES)
    if has_conflict(actor, attempt.entry):
        raise Refusal(MarkingRefusal.OWN_UNIT)
    hold(attempt)
    essay = next((q for q in essays_of(attempt) if q.number == number), None)
    if essay is None or not 0 <= points <= essay.worth:
        raise Refusal(MarkingRefusal.NO_SUCH_ESSAY)
    mark = queries.essay_mark(attempt.id, number)
    # an attempt that was restored after the results were out may have essays that nobody has marked yet
    if mark is not None and attempt.round_.published_at is not None:
        raise Refusal(MarkingRefusal.RESULTS_ARE_OUT)
    before = _told(mark) if mark else None
    if mark is None:
        mark = EssayMark(attempt_id=attempt.id, question=number)
        db.session.add(mark)
    elif not why:
        raise Refusal(MarkingRefusal.MARKED_ALREADY, judge=mark.judge.full_name, points=mark.points)
    mark.points, mark.note, mark.judge_id, mark.marked_at = points, note, actor.id, now
    db.session.flush()
    journal.record(actor, "essay.marked", attempt, now=now, why=why, before=before, after=_told(mark))
    _add_up(attempt)
    return mark


def write_mark(
    attempt: Attempt, number: int, points: int, judged: list[dict[str, Any]], actor: Account, *, now: datetime
) -> None:
    """The mark that judges have come to (marking.panels).

    judged: what each of them gave, for the journal · actor: who gave the last points that were needed
    """
    mark = EssayMark(attempt_id=attempt.id, question=number, points=points, note="", judge_id=actor.id, marked_at=now)
    db.session.add(mark)
    db.session.flush()
    journal.record(actor, "essay.marked", attempt, now=now, after=_told(mark) | {"judged": judged})
    _add_up(attempt)


def hold(attempt: Attempt) -> None:
    """Lock the row for this transaction, so that of two judges who mark its last two essays one sees the other's mark."""
    held = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state.in_(HANDED_IN))
        .values(essays=Attempt.essays)
        .returning(Attempt.id)
    ).one_or_none()
    if held is None:
        raise Refusal(MarkingRefusal.ESSAY_NOT_HANDED_IN)
    db.session.refresh(attempt.round_, ["published_at"])  # read by the page perhaps before somebody else published


def _add_up(attempt: Attempt) -> None:
    given = queries.essay_points(attempt.id)
    attempt.written = sum(given.values()) if len(given) == attempt.essays else None
    db.session.flush()
    if attempt.written is not None:
        news.tell([attempt.id])


def _told(mark: EssayMark) -> dict[str, Any]:
    return {"question": mark.question, "points": mark.points, "note": mark.note, "judge": mark.judge_id}
