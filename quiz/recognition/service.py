"""Commands of recognition: award the prizes of a published ranking, revoke a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.codes import new_code
from quiz.contests.models import Entry
from quiz.contests.rule_set import DivisionRules, division_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import day, local
from quiz.ranking.models import Ranking
from quiz.ranking.queries import is_out_of_date, standings_reaching
from quiz.ranking.results import plain
from quiz.recognition import queries
from quiz.recognition.models import Award, Certificate, Decision, RevokeCause
from quiz.recognition.refusals import RecognitionRefusal
from quiz.rules import prizes


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionData:
    """What the signed paper says.  confirmed: the organizer has seen ties at the edge of a prize and takes them on"""

    number: str
    signed_on: date
    place_name: str
    signer_name: str
    signer_title: str
    organization: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ProposedWinner:
    entry: Entry
    place: int
    tied: bool
    tier: str
    tier_name: str
    amount: int
    contested: bool


@dataclass(frozen=True, slots=True)
class ProposedPrizes:
    """winners: in the order of the ranking · beyond_quota: how many more prizes than the rules have"""

    winners: Sequence[ProposedWinner]
    quota: int
    beyond_quota: int

    @property
    def contested(self) -> Sequence[ProposedWinner]:
        return [winner for winner in self.winners if winner.contested]

    @property
    def needs_confirmation(self) -> bool:
        return self.beyond_quota > 0 or any(winner.contested for winner in self.winners)


def propose(ranking: Ranking) -> ProposedPrizes:
    """Who would get which prize of the division, along the standings of the sheet."""
    rules = division_rules(ranking.division)
    quota = sum(tier.quota for tier in rules.tiers)
    standings = standings_reaching(ranking.id, quota)
    proposals = prizes.propose([plain(s) for s in standings], rules.tiers)
    entries = {s.entry_id: s.entry for s in standings}
    winners = [_winner(p, entries[p.standing.result.entry_id], rules) for p in proposals]
    return ProposedPrizes(winners, quota, prizes.beyond_quota(proposals, rules.tiers))


def _winner(proposal: prizes.Proposal, entry: Entry, rules: DivisionRules) -> ProposedWinner:
    tier, standing = proposal.tier, proposal.standing
    name = next(t.name for t in rules.prizes if t.code == tier.code)
    return ProposedWinner(entry, standing.place, standing.tied, tier.code, name, tier.amount, proposal.contested)


def why_not_award(ranking: Ranking) -> Refusal | None:
    """What stands against awarding prizes by this sheet now; whether it was done already is settled by the insert."""
    if ranking.published_at is None:
        return Refusal(RecognitionRefusal.NOT_PUBLISHED)
    if queries.has_newer_published(ranking):
        return Refusal(RecognitionRefusal.NEWER_SHEET)
    if is_out_of_date(ranking):
        return Refusal(RecognitionRefusal.SHEET_OUT_OF_DATE)
    if earlier := queries.standing_decision(ranking):
        return Refusal(RecognitionRefusal.EARLIER_DECISION_STANDS, number=earlier.number)
    return None


def why_not_signed_on(ranking: Ranking, signed_on: date, now: datetime) -> Refusal | None:
    closed, today = local(ranking.round_.closes_at).date(), local(now).date()
    if signed_on < closed:
        return Refusal(RecognitionRefusal.SIGNED_BEFORE_CLOSE, day=day(closed))
    if signed_on > today:
        return Refusal(RecognitionRefusal.SIGNED_IN_FUTURE, day=day(today))
    return None


def award(ranking: Ranking, data: DecisionData, actor: Account, *, now: datetime) -> Decision:
    """Enter the signed decision, its awards and their certificates. Raises Refusal(RecognitionRefusal)."""
    decision = Decision(
        contest_id=ranking.round_.contest_id,
        ranking_id=ranking.id,
        number=data.number,
        signed_on=data.signed_on,
        place_name=data.place_name,
        signer_name=data.signer_name,
        signer_title=data.signer_title,
        organization=data.organization,
        made_at=now,
        made_by_id=actor.id,
    )
    # first of all, so that of two clicks at once the second waits here and is refused
    if not insert_unless_taken(decision):
        raise Refusal(RecognitionRefusal.ALREADY_AWARDED)
    if refusal := why_not_award(ranking) or why_not_signed_on(ranking, data.signed_on, now):
        raise refusal
    proposed = propose(ranking)
    if not proposed.winners:
        raise Refusal(RecognitionRefusal.NOBODY_TO_AWARD)
    if proposed.needs_confirmation and not data.confirmed:
        raise Refusal(RecognitionRefusal.NOT_CONFIRMED)

    awards = [
        Award(
            decision_id=decision.id,
            entry_id=winner.entry.id,
            position=position,
            place=winner.place,
            tier=winner.tier,
            tier_name=winner.tier_name,
            amount=winner.amount,
        )
        for position, winner in enumerate(proposed.winners, 1)
    ]
    db.session.add_all(awards)
    db.session.flush()
    serials = _issue(awards, data.signed_on.year, now)
    journal.record(
        actor,
        "prizes.awarded",
        decision,
        now=now,
        after={
            "ranking": ranking.id,
            "digest": ranking.digest,
            "number": data.number,
            "signed_on": data.signed_on.isoformat(),
            "beyond_quota": proposed.beyond_quota,
            "contested": len(proposed.contested),
            "awards": [[a.entry_id, a.place, a.tier, serial] for a, serial in zip(awards, serials, strict=True)],
        },
    )
    return db.session.get_one(Decision, decision.id)


def _issue(awards: Sequence[Award], year: int, now: datetime) -> list[str]:
    """Enter a certificate for each award and give their serials, which run on without a gap.

    Another decision at the same moment waits at the first number both want, until this one is committed or undone.
    """
    serials = []
    number = queries.last_register_number(year) + 1
    for row in awards:
        while True:
            certificate = Certificate(
                award_id=row.id, code=new_code(), year=year, register_number=number, issued_at=now
            )
            if insert_unless_taken(certificate):
                break
            number = queries.last_register_number(year) + 1
        serials.append(certificate.serial)
        number += 1
    return serials


def revoke(
    certificate: Certificate, cause: RevokeCause, decision_number: str, why: str, actor: Account, *, now: datetime
) -> None:
    """Make a certificate void from now on; its row and its number stay. Raises Refusal(REVOKED_ALREADY)."""
    revoked = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now, revoke_cause=cause.value, revoke_decision=decision_number, revoke_reason=why)
        .returning(Certificate.id)
    ).one_or_none()
    if revoked is None:
        raise Refusal(RecognitionRefusal.REVOKED_ALREADY)
    db.session.refresh(certificate)
    journal.record(
        actor,
        "certificate.revoked",
        certificate,
        now=now,
        before={"serial": certificate.serial},
        after={"cause": cause.value, "decision": decision_number},
        why=why,
    )


def revoke_all(
    decision: Decision, cause: RevokeCause, decision_number: str, why: str, actor: Account, *, now: datetime
) -> int:
    """Make void what is left of a decision's certificates; gives how many.  Raises Refusal(RecognitionRefusal)."""
    valid = decision.valid_certificates
    if not valid:
        raise Refusal(RecognitionRefusal.ALL_REVOKED_ALREADY)
    for certificate in valid:
        revoke(certificate, cause, decision_number, why, actor, now=now)
    return len(valid)
