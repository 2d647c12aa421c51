"""Complaints (khiếu nại, phản ánh): filed within a term, kept in a numbered register, answered once, never deleted.

About the own attempt or a question one may complain from the end of the attempt, so that a wrong key is found before the
results are out; about the results from their publication. The term ends so many days after the publication as the thể lệ
says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt, AttemptState
from quiz.codes import new_code
from quiz.contests.models import Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import LOCAL, local
from quiz.ranking.models import Ranking
from quiz.recognition.models import Complaint, ComplaintAbout, Outcome
from quiz.recognition.refusals import ComplaintRefusal
from quiz.rules.terms import term_end

MOST_A_DAY = 5  # of one person


@dataclass(frozen=True, slots=True)
class Subject:
    """What a person may complain about now.  until: the end of the term, None while the results are not out"""

    attempt: Attempt
    may_be_about: tuple[ComplaintAbout, ...]
    until: datetime | None


def complaints_until(ranking: Ranking) -> datetime | None:
    """The end of the term in which people may object to a published sheet; None where none are taken."""
    days = contest_rules(ranking.contest).complaint_days
    if ranking.published_at is None or not days:
        return None
    return term_end(ranking.published_at, days, LOCAL)


def subjects(entry: Entry, *, now: datetime) -> list[Subject]:
    """The attempts of an entry that may be complained about now, the latest first."""
    if not contest_rules(entry.contest).complaint_days:
        return []
    attempts = db.session.scalars(
        select(Attempt)
        .where(Attempt.entry_id == entry.id, Attempt.state.in_((AttemptState.SUBMITTED, AttemptState.EXPIRED)))
        .order_by(Attempt.ended_at.desc())
    ).all()
    found: list[Subject] = []
    for attempt in attempts:
        until = _term_of(entry, attempt.round_)
        if until is None:  # the results are not out
            found.append(Subject(attempt, (ComplaintAbout.QUESTION, ComplaintAbout.ATTEMPT), None))
        elif now < until:
            found.append(Subject(attempt, tuple(ComplaintAbout), until))
    return found


def _term_of(entry: Entry, round_: Round) -> datetime | None:
    """The end of the term for a round's results in the entry's division; a corrected sheet begins another. None: not out."""
    latest = db.session.scalar(
        select(func.max(Ranking.published_at)).where(
            Ranking.division_id == entry.division_id, (Ranking.round_id == round_.id) | Ranking.round_id.is_(None)
        )
    )
    return None if latest is None else term_end(latest, contest_rules(entry.contest).complaint_days, LOCAL)


def file(
    entry: Entry, attempt: Attempt, about: ComplaintAbout, question: int | None, text: str, *, now: datetime
) -> Complaint:
    """Enter a complaint in the register.  question: its number in the paper, where it is about one

    Raises Refusal(ComplaintRefusal).
    """
    subject = next((s for s in subjects(entry, now=now) if s.attempt.id == attempt.id), None)
    if subject is None or about not in subject.may_be_about:
        raise Refusal(ComplaintRefusal.OUT_OF_TERM)
    if about is ComplaintAbout.QUESTION and not (question and 1 <= question <= len(attempt.paper)):
        raise Refusal(ComplaintRefusal.NO_SUCH_QUESTION, questions=len(attempt.paper))
    today = select(func.count()).select_from(Complaint).join(Entry)
    filed = db.session.scalar(
        today.where(Entry.account_id == entry.account_id, Complaint.filed_at > now - timedelta(days=1))
    )
    if (filed or 0) >= MOST_A_DAY:
        raise Refusal(ComplaintRefusal.TOO_MANY)
    year = local(now).year
    days = contest_rules(entry.contest).answer_days
    complaint = Complaint(
        code=new_code(), year=year, number=_next_number(year), entry_id=entry.id, attempt_id=attempt.id, about=about.value,
        question=question if about is ComplaintAbout.QUESTION else 0, text=text, filed_at=now,
        due_at=term_end(now, days, LOCAL), answer="", remedy="",
    )  # fmt: skip
    if not insert_unless_taken(complaint):
        raise Refusal(ComplaintRefusal.FILED_ALREADY)
    return db.session.get_one(Complaint, complaint.id)


def _next_number(year: int) -> int:
    """Two who file at once get the same number; the one who comes second is asked to send again."""
    return 1 + (db.session.scalar(select(func.max(Complaint.number)).where(Complaint.year == year)) or 0)


def answer(complaint: Complaint, outcome: Outcome, text: str, remedy: str, actor: Account, *, now: datetime) -> None:
    """Answer for good.  remedy: what was done about it, as "đính chính đáp án", "bảng kết quả số 2"

    Raises Refusal(ComplaintRefusal).
    """
    db.session.refresh(complaint, with_for_update=True)
    if complaint.answered_at is not None:
        raise Refusal(ComplaintRefusal.ANSWERED_ALREADY)
    if complaint.account_id == actor.id:
        raise Refusal(ComplaintRefusal.OWN_COMPLAINT)
    complaint.outcome, complaint.answer, complaint.remedy = outcome.value, text, remedy
    complaint.answered_at, complaint.answered_by_id = now, actor.id
    db.session.flush()
    after = {"register": complaint.serial, "outcome": outcome.value, "remedy": remedy}
    journal.record(actor, "complaint.answered", complaint, now=now, after=after, why=text)
