"""Verdicts of judges on single attempts, and notes beside them. What follows for places is conducted by ranking.corrections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt, AttemptState
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.marking import identity, queries, service
from quiz.marking.conflicts import must_be_free
from quiz.marking.models import Annulment, AttemptNote, FlagAttempt, Ruling, Verdict, VerdictState
from quiz.marking.refusals import MarkingRefusal


def needs_two(attempt: Attempt) -> bool:
    """Does the rule set ask for two judges before an attempt is annulled?"""
    return contest_rules(attempt.round_.contest).annulment_judges == 2


def rule(attempt: Attempt, ruling: Ruling, judge: Account, *, why: str, now: datetime) -> Verdict:
    """Keep an attempt, or ask for its person's identity.  Raises Refusal(MarkingRefusal)."""
    assert ruling is not Ruling.ANNUL
    must_be_free(judge, attempt.entry)
    if attempt.state == AttemptState.OPEN:
        raise Refusal(MarkingRefusal.NOT_ENDED)
    if queries.proposed_annulment(attempt.id) is not None:
        raise Refusal(MarkingRefusal.PROPOSED_ALREADY)
    verdict = _give(attempt, ruling, VerdictState.GIVEN, judge, why, now)
    if ruling is Ruling.IDENTITY:
        identity.ask(attempt.entry, judge, now=now)
    journal.record(judge, "verdict.given", attempt, now=now, why=why, after={"ruling": ruling})
    return verdict


def annul(attempt: Attempt, judge: Account, *, why: str, now: datetime) -> Annulment:
    """One judge's annulment, where the rules ask for no second one.  Raises Refusal(MarkingRefusal)."""
    must_be_free(judge, attempt.entry)
    if needs_two(attempt):
        raise Refusal(MarkingRefusal.NEEDS_SECOND)
    annulment = service.annul(attempt, judge, why=why, now=now)
    _give(attempt, Ruling.ANNUL, VerdictState.GIVEN, judge, why, now)
    return annulment


def restore(attempt: Attempt, judge: Account, *, why: str, now: datetime) -> None:
    """Raises Refusal(MarkingRefusal)."""
    must_be_free(judge, attempt.entry)
    service.restore(attempt, judge, why=why, now=now)


def propose_annulment(attempt: Attempt, judge: Account, *, why: str, now: datetime) -> Verdict:
    """The first of two judges.  Raises Refusal(MarkingRefusal)."""
    must_be_free(judge, attempt.entry)
    if refusal := service.why_not_annul(attempt):
        raise refusal
    verdict = _give(attempt, Ruling.ANNUL, VerdictState.PROPOSED, judge, why, now)
    journal.record(judge, "annulment.proposed", attempt, now=now, why=why)
    return verdict


def confirm(verdict: Verdict, judge: Account, *, why: str, now: datetime) -> Annulment:
    """The second judge agrees, and the attempt is annulled.  Raises Refusal(MarkingRefusal)."""
    _settle(verdict, VerdictState.CONFIRMED, judge, why, now)
    first = verdict.judge.full_name
    return service.annul(verdict.attempt, judge, why=f"{verdict.reason}\n{why}", now=now, proposed_by=first)


def decline(verdict: Verdict, judge: Account, *, why: str, now: datetime) -> None:
    """The second judge does not agree; the attempt goes on counting.  Raises Refusal(MarkingRefusal)."""
    _settle(verdict, VerdictState.DECLINED, judge, why, now)
    journal.record(judge, "annulment.declined", verdict.attempt, now=now, why=why)


def note(attempt: Attempt, judge: Account, text: str, *, now: datetime) -> AttemptNote:
    """A note for other judges. It decides nothing, so whoever may see the attempt may write one."""
    written = AttemptNote(attempt_id=attempt.id, text=text, judge_id=judge.id, written_at=now)
    db.session.add(written)
    db.session.flush()
    after = {"note": written.id, "digest": journal.seal(text)}
    journal.record(judge, "attempt.noted", attempt, now=now, after=after)
    return written


def _give(attempt: Attempt, ruling: Ruling, state: VerdictState, judge: Account, why: str, now: datetime) -> Verdict:
    verdict = Verdict(
        attempt_id=attempt.id, ruling=ruling, state=state, reason=why, judge_id=judge.id, given_at=now, second_reason="",
    )  # fmt: skip
    if not insert_unless_taken(verdict):
        raise Refusal(MarkingRefusal.PROPOSED_ALREADY)
    # all that was in view is answered by it
    db.session.execute(
        update(FlagAttempt).where(FlagAttempt.attempt_id == attempt.id).values(verdict_id=verdict.id)
    )  # fmt: skip
    return db.session.get_one(Verdict, verdict.id)


def _settle(verdict: Verdict, state: VerdictState, judge: Account, why: str, now: datetime) -> None:
    must_be_free(judge, verdict.attempt.entry)
    if verdict.judge_id == judge.id:
        raise Refusal(MarkingRefusal.SAME_JUDGE)
    settled = db.session.execute(
        update(Verdict)
        .where(Verdict.id == verdict.id, Verdict.state == VerdictState.PROPOSED)
        .values(state=state, second_id=judge.id, second_at=now, second_reason=why)
        .returning(Verdict.id)
    ).one_or_none()
    if settled is None:
        raise Refusal(MarkingRefusal.SETTLED_ALREADY)
    db.session.refresh(verdict)
