"""Complaints (khiếu nại, phản ánh): filed within a term, kept in a numbered register, answered once, never deleted.

About the own attempt or a question one may complain from the end of the attempt, so that a wrong key is found before the
results are out; about the results from their publication. The term ends so many days after the publication as the thể lệ
says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from quiz import journal
from quiz.access import Role
from quiz.accounts.models import Account, RoleGrant
from quiz.attempts.models import Attempt, AttemptState
from quiz.codes import new_code
from quiz.contests.models import Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import LOCAL, local
from quiz.marking.keys import rulings_applied
from quiz.marking.models import KeyRuling
from quiz.ranking.models import Ranking
from quiz.recognition.digests import complaint_digest
from quiz.recognition.models import Complaint, ComplaintAbout, Outcome
from quiz.recognition.refusals import ComplaintRefusal
from quiz.rules.terms import term_end

MOST_A_DAY = 5  # of one person
TRIES = 20  # for a number of the register, while others take theirs


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
    question = question if about is ComplaintAbout.QUESTION and question else 0
    version_id = attempt.paper[question - 1][0] if question else None
    year = local(now).year
    days = contest_rules(entry.contest).answer_days
    for _ in range(TRIES):
        if _waits(attempt, about, question):
            raise Refusal(ComplaintRefusal.FILED_ALREADY)
        complaint = Complaint(
            code=new_code(), year=year, number=_next_number(year), entry_id=entry.id, attempt_id=attempt.id,
            about=about.value, question=question, version_id=version_id, text=text, filed_at=now, due_at=term_end(now, days, LOCAL), answer="",
            remedy="",
        )  # fmt: skip
        if insert_unless_taken(complaint):
            entered = db.session.get_one(Complaint, complaint.id)
            after = {"register": entered.serial, "digest": complaint_digest(entered)}
            journal.record(entry.account, "complaint.filed", entered, now=now, after=after)
            return entered
    raise Refusal(ComplaintRefusal.REGISTER_BUSY)


def _waits(attempt: Attempt, about: ComplaintAbout, question: int) -> bool:
    same = (Complaint.attempt_id == attempt.id, Complaint.about == about, Complaint.question == question)
    return bool(db.session.scalar(select(exists().where(*same, Complaint.answered_at.is_(None)))))


def _next_number(year: int) -> int:
    """Two who file at once get the same number; the one who comes second takes the next."""
    return 1 + (db.session.scalar(select(func.max(Complaint.number)).where(Complaint.year == year)) or 0)


def open_complaints(ranking: Ranking) -> int:
    """How many complaints about the attempts behind a sheet wait for an answer."""
    waiting = (
        select(func.count())
        .select_from(Complaint)
        .join(Complaint.entry)
        .join(Complaint.attempt)
        .where(Complaint.answered_at.is_(None), Entry.division_id == ranking.division_id)
    )
    if ranking.round_id is not None:
        waiting = waiting.where(Attempt.round_id == ranking.round_id)
    return db.session.scalar(waiting) or 0


def remedies(complaint: Complaint) -> Sequence[Ranking]:
    """The result sheets made since it was filed that may put it right, the newest first."""
    return db.session.scalars(
        select(Ranking)
        .where(
            Ranking.division_id == complaint.entry.division_id,
            (Ranking.round_id == complaint.attempt.round_id) | Ranking.round_id.is_(None),
            Ranking.made_at >= complaint.filed_at,
        )
        .order_by(Ranking.id.desc())
    ).all()


def alike(complaint: Complaint) -> int:
    """How many others complain about the same item in the same contest."""
    same = (Complaint.version_id == complaint.version_id, Entry.contest_id == complaint.entry.contest_id)
    others = select(func.count()).select_from(Complaint).join(Entry).where(*same, Complaint.id != complaint.id)
    return db.session.scalar(others) or 0 if complaint.version_id else 0


def ruling_on(complaint: Complaint) -> KeyRuling | None:
    """The last ruling on the key of the item complained about by which all attempts have been marked."""
    if complaint.version_id is None:
        return None
    made = rulings_applied(complaint.entry.contest_id)
    return next((r for r in reversed(made) if r.version_id == complaint.version_id), None)


def why_not_deal_with(complaint: Complaint, account: Account) -> ComplaintRefusal | None:
    """Why somebody in office has to leave a complaint to others; None when they need not."""
    if complaint.account_id == account.id:
        return ComplaintRefusal.OWN_COMPLAINT
    same_unit = account.org_unit_id is not None and account.org_unit_id == complaint.entry.org_unit_id
    if same_unit and Role.ORGANIZER not in account.roles:
        return ComplaintRefusal.OWN_UNIT
    return None


def people_for(complaint: Complaint) -> list[Account]:
    """Organizers and judges who may be given a complaint, by name."""
    in_office = select(RoleGrant.account_id).where(RoleGrant.role.in_((Role.ORGANIZER, Role.JUDGE)))
    people = db.session.scalars(
        select(Account)
        .where(Account.id.in_(in_office), Account.disabled_at.is_(None))
        .order_by(Account.full_name, Account.id)
    )
    return [a for a in people if why_not_deal_with(complaint, a) is None]


def assign(complaint: Complaint, account: Account, actor: Account, *, now: datetime) -> None:
    """Give a complaint to somebody in office, who then answers it.  Raises Refusal(ComplaintRefusal)."""
    if reason := why_not_deal_with(complaint, account):
        raise Refusal(reason)
    before = complaint.assigned_to_id
    _change_waiting(complaint, assigned_to_id=account.id)
    after = {"register": complaint.serial, "assigned_to": account.id}
    journal.record(actor, "complaint.assigned", complaint, now=now, before={"assigned_to": before}, after=after)


def answer(
    complaint: Complaint,
    outcome: Outcome,
    text: str,
    actor: Account,
    *,
    remedy: str = "",
    sheet: Ranking | None = None,
    now: datetime,
) -> None:
    """Answer for good.  remedy: what was done about it, as "đính chính đáp án" · sheet: of `remedies`

    Raises Refusal(ComplaintRefusal).
    """
    if reason := why_not_deal_with(complaint, actor):
        raise Refusal(reason)
    sheet_id = sheet.id if sheet is not None else None
    _change_waiting(
        complaint, outcome=outcome.value, answer=text, remedy=remedy, sheet_id=sheet_id, answered_at=now,
        answered_by_id=actor.id,
    )  # fmt: skip
    after = {"register": complaint.serial, "outcome": outcome.value, "remedy": remedy, "sheet": sheet_id}
    journal.record(actor, "complaint.answered", complaint, now=now, after=after, why=text)


def _change_waiting(complaint: Complaint, **values: Any) -> None:
    """One guarded statement, so that of two who answer at once one is told."""
    waiting = update(Complaint).where(Complaint.id == complaint.id, Complaint.answered_at.is_(None))
    if db.session.execute(waiting.values(**values).returning(Complaint.id)).one_or_none() is None:
        raise Refusal(ComplaintRefusal.ANSWERED_ALREADY)
    db.session.refresh(complaint)
