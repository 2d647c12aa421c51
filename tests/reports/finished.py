"""A small contest from its opening to its certificates, made by the services, for whoever checks what they have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from quiz import jobs
from quiz.access import Role
from quiz.accounts import service as accounts
from quiz.accounts.models import Account
from quiz.attempts import service as attempts
from quiz.attempts import submission
from quiz.attempts.models import Attempt
from quiz.attempts.papers import questions
from quiz.attempts.responses import canonical
from quiz.contests import drafting, presets
from quiz.contests import service as contests
from quiz.contests.models import Contest, Entry, Round
from quiz.contests.rule_set import BlueprintCell, rule_set
from quiz.db import db, transaction
from quiz.marking import keys, verdicts
from quiz.ranking import lots, service
from quiz.ranking.models import LotKind, Ranking
from quiz.recognition import service as recognition
from quiz.reports import public_data
from quiz.rules.answering import way
from quiz.rules.keys import Overlay, What
from tests.given import Given

PEOPLE = 6


def official(given: Given, *roles: Role, **columns: Any) -> int:
    """Somebody in office whose roles were given by the service, so that the journal tells of them."""
    account_id = given.account(**columns)
    with given.app.app_context(), transaction():
        account = db.session.get_one(Account, account_id)
        for role in roles:
            accounts.grant_role(account, role, by=None, now=given.clock())
    return account_id


def finished_contest(given: Given, clock: Any, **version: Any) -> dict[str, int]:
    """Six people, one attempt annulled, a key corrected, a prediction, a draw among equals, prizes; gives ids.

    version: columns of every item of the bank
    """
    bank = given.bank(12, "ngan-hang", **version)
    organizer, judge, other = (official(given, role) for role in (Role.ORGANIZER, Role.JUDGE, Role.JUDGE))
    now = clock()
    with given.app.app_context():
        ids = _held(given, clock, organizer, judge, now)
        with transaction():
            people = [db.session.get_one(Account, a) for a in (judge, other)]
            contest = db.session.get_one(Contest, ids["contest"])
            version = db.session.scalars(db.select(Attempt)).first().paper[0][0]
            ruling = keys.propose(
                contest, version, Overlay(What.ACCEPT, ((1,),)), people[0], why="Hai ý cùng đúng.", now=clock()
            )
            keys.confirm(ruling, people[1], now=clock())
        jobs.run_all(clock)
        with transaction():
            first = db.session.scalars(db.select(Attempt).order_by(Attempt.id)).first()
            verdicts.annul(first, db.session.get_one(Account, judge), why="Thi hộ, có biên bản.", now=clock())
        with transaction():
            round_, actor = db.session.get_one(Round, ids["round"]), db.session.get_one(Account, judge)
            sheet = service.make_sheet(round_, round_.contest.divisions[0], actor, now=clock())
            ids["ranking"] = sheet.id
            shared = next(s.place for s in _places(sheet) if s.tied)
            lots.announce(sheet, LotKind.TIE, shared, "Xổ số Tây Ninh ngày mai", actor, now=clock())
            lots.draw(sheet, LotKind.TIE, shared, "123456", actor, now=clock() + timedelta(days=1))
            service.publish(sheet, db.session.get_one(Account, organizer), now=clock())
        clock.advance(days=1)
        with transaction():
            data = recognition.DecisionData(
                number="45/QĐ-BTC", signed_on=clock().date(), place_name="Tây Ninh", signer_name="Lê Văn Hòa",
                signer_title="Trưởng Ban Tổ chức", organization="Sở Tư pháp", confirmed=True,
            )  # fmt: skip
            sheet = db.session.get_one(Ranking, ids["ranking"])
            recognition.award(sheet, data, db.session.get_one(Account, organizer), now=clock())
        with transaction():
            jobs.ask(public_data.JOB, f"ranking:{ids['ranking']}", None, now=clock())
        jobs.run_all(clock)
    assert bank
    return ids | {"organizer": organizer, "judge": judge, "other": other}


def _places(sheet: Ranking) -> Any:
    from quiz.ranking import queries

    return queries.standings(sheet, 1, sheet.people)


def _held(given: Given, clock: Any, organizer: int, judge: int, now: Any) -> dict[str, int]:
    with transaction():
        actor = db.session.get_one(Account, organizer)
        preset = presets.presets()["mot-ky-du-doan-hai-bang"]
        contest = drafting.create_draft(
            preset, title="Cuộc thi nhỏ", banks=["ngan-hang"], law_date=now.date(), opens_at=now + timedelta(hours=1),
            actor=actor, now=now,
        )  # fmt: skip
        rules = rule_set(contest)
        blueprint = (
            BlueprintCell(bank="ngan-hang", topic="chung", count=3),
            BlueprintCell(bank="ngan-hang", topic="danh-hieu", count=2),
        )
        all_ = rules.divisions[0].model_copy(
            update={"rules": rules.divisions[0].rules.model_copy(update={"blueprint": blueprint, "audience": "all"})}
        )
        contest_rules = rules.contest.model_copy(update={"signing_judges": 0})
        drafting.save_draft(
            contest,
            rules.model_copy(update={"divisions": (all_,), "contest": contest_rules}),
            summary="",
            rules_number="",
        )
        contests.open_contest(contest, actor, now=now)
        contest_id, round_id = contest.id, contest.rounds[0].id
    for n in range(PEOPLE):
        with transaction():
            account = db.session.get_one(Account, given.account(name=f"Người Thứ {n}"))
            contest = db.session.get_one(Contest, contest_id)
            entry_id = contests.register_entry(account, contest, contest.divisions[0], now=now).id
        for k in range(1 + n % 2):
            like = 3 if n == 5 else n  # the sixth is the fourth's equal in everything
            at = now + timedelta(hours=2, minutes=30 * k + like)
            with transaction():
                entry, round_ = db.session.get_one(Entry, entry_id), db.session.get_one(Round, round_id)
                attempt = attempts.start_attempt(entry, round_, now=at)
            with transaction():
                found: dict[str, Any] = {"a": {}, "s": {}, "w": {}, "f": [], "p": like, "t": {}}
                for q in questions(attempt):
                    right = like == 3 or q.number <= 5 - n // 3 + k
                    found[way(q.kind)][str(q.number)] = sorted(q.right) if right else [q.order.index(1) + 1]
                submission.submit(attempt, canonical(found), 1, now=at + timedelta(minutes=5))
    with given.app.app_context():
        closes = db.session.get_one(Round, round_id).closes_at
    clock.now = closes + timedelta(hours=1)
    return {"contest": contest_id, "round": round_id}
