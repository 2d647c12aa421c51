"""Commands of recognition: award the prizes of a published ranking, revoke a certificate, issue it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from quiz import journal
from quiz.accounts.models import Account
from quiz.codes import new_code
from quiz.contests.models import Entry, Round
from quiz.contests.rule_set import contest_rules, division_rules, round_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.formats import day, local
from quiz.ranking import lots
from quiz.ranking import prizes as ranked_prizes
from quiz.ranking.models import Ranking, Standing
from quiz.ranking.queries import is_out_of_date, round_ids_of, standings_of
from quiz.recognition import queries
from quiz.recognition.digests import award_digest, certificate_digest, decision_digest
from quiz.recognition.models import Award, Certificate, Decision, RevokeCause, Template
from quiz.recognition.refusals import RecognitionRefusal
from quiz.rules import prizes
from quiz.text import plain

LUCKY = "may-man"  # tier of prizes drawn by lot
SKIPPED_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionData:
    """What the signed paper says.  confirmed: the organizer has seen ties at the edge of a prize and takes them on"""

    number: str
    signed_on: date
    place_name: str
    signer_name: str
    signer_title: str
    organization: str
    template: Template = Template.CERTIFICATE
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedWinner:
    """A person or a unit.  name, belongs_to: as the certificate says · replaces: holds a lower prize of the contest, which
    this one takes the place of"""

    entry: Entry | None = None
    unit_id: int | None = None
    name: str
    belongs_to: str
    place: int
    tied: bool
    tier: str
    tier_name: str
    amount: int
    contested: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ProposedPrizes:
    """winners: in the order of the sheet · quota: of all blocks, where units are ranked by block · beyond_quota: how many
    more prizes than that · skipped: people passed over, with their place and the reason"""

    winners: Sequence[ProposedWinner]
    quota: int
    beyond_quota: int
    skipped: Sequence[tuple[Entry, int, prizes.Skip]] = ()

    @property
    def contested(self) -> Sequence[ProposedWinner]:
        return [winner for winner in self.winners if winner.contested]

    @property
    def needs_confirmation(self) -> bool:
        return self.beyond_quota > 0 or any(winner.contested or winner.replaces for winner in self.winners)


def propose(ranking: Ranking) -> ProposedPrizes:
    """Who would get which prize of the division, along the standings of the sheet, within the caps of the rules; then
    those whom the lucky draw found."""
    tiers = ranked_prizes.tiers_within_caps(ranking.division, ranking.round_, participants=ranking.people)
    found = ranked_prizes.proposed(ranking, held(ranking))
    names = ranked_prizes.names_of(ranking)
    people = {p.standing.entry_id for p in found.given} | {s.entry_id for s, _why in found.skipped[:SKIPPED_SHOWN]}
    # a decision gives nobody two prizes, and whom the caps have moved up may have been drawn as well
    lucky = lots.lucky_winners(ranking, {p.standing.entry_id for p in found.given})
    entries = {s.entry_id: s for s in standings_of(ranking, people | set(lucky))}
    winners = [
        _winner(
            entries[p.standing.entry_id],
            tier=p.tier.code,
            tier_name=names[p.tier.code],
            amount=p.tier.amount,
            contested=p.contested,
            replaces=p.replaces,
        )
        for p in found.given
    ]
    rules = contest_rules(ranking.contest)
    if rules.lucky is not None:
        prize: dict[str, Any] = {"tier": LUCKY, "tier_name": rules.lucky.name, "amount": rules.lucky.amount}
        winners += [_winner(entries[e], **prize) for e in lucky]
    skipped = [(entries[s.entry_id].entry, s.place, why) for s, why in found.skipped[:SKIPPED_SHOWN]]
    quota = sum(tier.quota for tier in tiers)
    return ProposedPrizes(winners, quota, prizes.beyond_quota(found.given, tiers), skipped)


def _winner(standing: Standing, **prize: Any) -> ProposedWinner:
    entry = standing.entry
    return ProposedWinner(
        entry=entry,
        name=entry.full_name,
        belongs_to=entry.belongs_to,
        place=standing.place,
        tied=standing.tied,
        **prize,
    )


def held(ranking: Ranking) -> prizes.Held:
    """What people have won already in the contest, as far as the caps of the rules look at it."""
    contest = ranking.contest
    caps = contest_rules(contest).prize_rules
    if not caps.one_per_person and not caps.one_per_period:
        return prizes.Held()
    order = {
        tier.code: n
        for d in contest.divisions
        for group in (division_rules(d).overall_prizes, division_rules(d).prizes)
        for n, tier in enumerate(group)
    }
    highest: dict[int, prizes.Worth] = {}
    in_period: set[int] = set()
    periods = {r.id: round_rules(r).period for r in contest.rounds}
    period = periods.get(ranking.round_id) if ranking.round_id is not None else None
    for entry_id, round_id, tier, amount in queries.prizes_held(contest.id, without=ranking.id):
        if tier == LUCKY:
            continue
        worth = prizes.Worth(amount, order.get(tier, 0))
        if entry_id not in highest or worth.at_least(highest[entry_id]):
            highest[entry_id] = worth
        if period is not None and round_id is not None and periods.get(round_id) == period:
            in_period.add(entry_id)
    return prizes.Held(
        highest=highest if caps.one_per_person else {},
        in_period=frozenset(in_period) if caps.one_per_period else frozenset(),
    )


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
    ids = round_ids_of(ranking)
    return why_not_signed_between([r for r in ranking.contest.rounds if r.id in ids], signed_on, now)


def why_not_signed_between(rounds: Sequence[Round], signed_on: date, now: datetime) -> Refusal | None:
    """A decision is signed after its rounds have closed, and not in the future."""
    closed = max(local(r.closes_at).date() for r in rounds)
    today = local(now).date()
    if signed_on < closed:
        return Refusal(RecognitionRefusal.SIGNED_BEFORE_CLOSE, day=day(closed))
    if signed_on > today:
        return Refusal(RecognitionRefusal.SIGNED_IN_FUTURE, day=day(today))
    return None


def award(ranking: Ranking, data: DecisionData, actor: Account, *, now: datetime) -> Decision:
    """Enter the signed decision, its awards and their certificates. Raises Refusal(RecognitionRefusal)."""
    decision = begin_decision(ranking.division.contest_id, data, actor, now=now, ranking_id=ranking.id)
    if refusal := why_not_award(ranking) or why_not_signed_on(ranking, data.signed_on, now):
        raise refusal
    of = " · ".join([ranking.division.name, *([ranking.round_.name] if ranking.round_ else [])])
    told = {"ranking": ranking.id, "digest": ranking.digest}
    return enter(decision, propose(ranking), of, told, actor, confirmed=data.confirmed, now=now)


def begin_decision(contest_id: int, data: DecisionData, actor: Account, *, now: datetime, **sheet: int) -> Decision:
    """Write the decision itself, before all else: of two clicks at once the second waits here and is refused.

    sheet: by which it awards, ranking_id or unit_sheet_id
    """
    decision = Decision(
        contest_id=contest_id,
        number=data.number,
        signed_on=data.signed_on,
        place_name=data.place_name,
        signer_name=data.signer_name,
        signer_title=data.signer_title,
        organization=data.organization,
        template=data.template.value,
        made_at=now,
        made_by_id=actor.id,
        **sheet,
    )
    if not insert_unless_taken(decision):
        raise Refusal(RecognitionRefusal.ALREADY_AWARDED)
    return db.session.get_one(Decision, decision.id)


def enter(
    decision: Decision,
    proposed: ProposedPrizes,
    of: str,
    told: dict[str, Any],
    actor: Account,
    *,
    confirmed: bool,
    now: datetime,
) -> Decision:
    """Write the awards of a decision that has begun, their certificates, and the journal.  Raises Refusal(RecognitionRefusal).

    of: what was ranked, as printed · told: what the journal says of the sheet
    """
    if not proposed.winners:
        raise Refusal(RecognitionRefusal.NOBODY_TO_AWARD)
    if proposed.needs_confirmation and not confirmed:
        raise Refusal(RecognitionRefusal.NOT_CONFIRMED)
    awards = [
        Award(
            decision_id=decision.id,
            entry_id=winner.entry.id if winner.entry else None,
            unit_id=winner.unit_id,
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
    certificates = _issue(decision, awards, proposed.winners, of, now)
    for row in awards:
        db.session.refresh(row)
    journal.record(
        actor,
        "prizes.awarded",
        decision,
        now=now,
        after={
            **told,
            "beyond_quota": proposed.beyond_quota,
            "contested": len(proposed.contested),
            "number": decision.number,
            "signed_on": decision.signed_on.isoformat(),
            "template": decision.template,
            "awards": [
                [a.entry_id or a.unit_id, a.place, a.tier, c.serial] for a, c in zip(awards, certificates, strict=True)
            ],
            "digests": {
                "decision": decision_digest(decision),
                "awards": [[a.id, award_digest(a)] for a in awards],
                "certificates": [[c.id, certificate_digest(c)] for c in certificates],
            },
        },
    )
    return decision


def _issue(
    decision: Decision, awards: Sequence[Award], winners: Sequence[ProposedWinner], of: str, now: datetime
) -> list[Certificate]:
    """Enter a certificate for each award; their numbers run on without a gap.

    Another decision at the same moment waits at the first number both want, until this one is committed or undone.
    """
    year = decision.signed_on.year
    issued = []
    number = queries.last_register_number(year) + 1
    for award, winner in zip(awards, winners, strict=True):
        printed = {
            "template": decision.template,
            "organization": decision.organization,
            "prize": award.tier_name,
            "of": of,
            "contest": decision.contest.title,
            "decision": decision.number,
            "decided_on": decision.signed_on.isoformat(),
            "place_name": decision.place_name,
            "signer_title": decision.signer_title,
            "signer_name": decision.signer_name,
            "reissue": 0,
        }
        certificate = _enter_certificate(award.id, winner, decision.signed_on, printed, number, now)
        issued.append(certificate)
        number = certificate.register_number + 1
    return issued


def _enter_certificate(
    award_id: int,
    named: ProposedWinner | ReissueData,
    issued_on: date,
    printed: dict[str, Any],
    number: int,
    now: datetime,
    replaces_id: int | None = None,
) -> Certificate:
    """number: the first to try in the register of the year"""
    while True:
        certificate = Certificate(
            award_id=award_id,
            code=new_code(),
            year=issued_on.year,
            register_number=number,
            issued_at=now,
            issued_on=issued_on,
            name=named.name,
            name_folded=plain(named.name),
            belongs_to=named.belongs_to,
            printed=printed,
            replaces_id=replaces_id,
            is_replaced=False,
        )
        if insert_unless_taken(certificate):
            return db.session.get_one(Certificate, certificate.id)
        number = queries.last_register_number(issued_on.year) + 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueData:
    """A new paper in place of an old one.  decision: number of the paper that orders it · issued_on: the day it bears ·
    why: for the journal"""

    cause: RevokeCause
    decision: str
    issued_on: date
    name: str
    belongs_to: str
    signer_name: str
    signer_title: str
    why: str


def reissue(certificate: Certificate, data: ReissueData, actor: Account, *, now: datetime) -> Certificate:
    """Issue a certificate anew, with a code and a number of its own; the old one is revoked if it is not yet.

    The entry and the award stay as they are: what is corrected is what the paper says.  Raises
    Refusal(RecognitionRefusal).
    """
    if refusal := why_not_reissued_on(certificate, data.issued_on, now):
        raise refusal
    if certificate.revoked_at is None:
        revoke(certificate, data.cause, data.decision, data.why, actor, now=now)
    replaced = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.is_replaced.is_(False))
        .values(is_replaced=True)
        .returning(Certificate.id)
    ).one_or_none()
    if replaced is None:
        raise Refusal(RecognitionRefusal.REISSUED_ALREADY)
    printed = certificate.printed | {
        "signer_name": data.signer_name,
        "signer_title": data.signer_title,
        "reissue": certificate.printed["reissue"] + 1,
    }
    new = _enter_certificate(
        certificate.award_id,
        data,
        data.issued_on,
        printed,
        queries.last_register_number(data.issued_on.year) + 1,
        now,
        certificate.id,
    )
    db.session.refresh(certificate)
    db.session.expire(certificate.award)
    journal.record(
        actor,
        "certificate.reissued",
        certificate,
        now=now,
        before={"serial": certificate.serial, "name": certificate.name, "belongs_to": certificate.belongs_to},
        after={
            "certificate": new.id,
            "serial": new.serial,
            "name": new.name,
            "belongs_to": new.belongs_to,
            "decision": data.decision,
            "digest": certificate_digest(new),
        },
        why=data.why,
    )
    return new


def why_not_reissued_on(certificate: Certificate, issued_on: date, now: datetime) -> Refusal | None:
    today = local(now).date()
    if issued_on < certificate.issued_on:
        return Refusal(RecognitionRefusal.REISSUED_BEFORE_ISSUED, day=day(certificate.issued_on))
    if issued_on > today:
        return Refusal(RecognitionRefusal.SIGNED_IN_FUTURE, day=day(today))
    return None
