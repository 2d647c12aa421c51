"""Whether what the database holds is what was decided: every sealed thing against its seal and against the journal.

`verify.py` looks at what is published; this looks at the rows themselves, so that a row which somebody has changed behind
the application's back is named. The journal's head is published with every sheet, so the journal itself cannot be made anew
unseen.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from quiz import journal
from quiz.attempts.papers import Marker
from quiz.banks.models import Picture
from quiz.contests.key_rulings import Rulings, rulings_of
from quiz.contests.models import Contest, ContestState, Division, Pool, Round
from quiz.contests.rule_set import contest_rules
from quiz.contests.service import contents_of_round
from quiz.db import db
from quiz.journal import JournalRecord
from quiz.marking.models import Annulment, EssayMark, KeyRuling
from quiz.ranking import proofs, queries, results, seal, sheet_pages
from quiz.ranking.models import FORM, Lot, ProofPage, Ranking, SheetProof, Truth
from quiz.recognition.digests import award_digest, certificate_digest
from quiz.recognition.models import Certificate, Decision
from quiz.rules import commitment, merkle
from quiz.rules.records import FACTS, OLD_CONTENT, items_digest
from quiz.rules.tie_break import key_size

MOST_WAYS = 1_000  # of having been marked before, for one person

Told = dict[tuple[str, str], list[JournalRecord]]  # (action, subject) → records, the first first


def faults() -> Iterator[str]:
    """One line for each row that is not what it was."""
    broken = journal.first_broken()
    if broken is not None:
        yield f"journal {broken}: does not fit the chain"
    told = _told()
    checks = (
        (_contest, select(Contest).where(Contest.state == ContestState.OPEN).order_by(Contest.id)),
        (_truth, select(Truth).order_by(Truth.id)),
        (_sheet, select(Ranking).where(Ranking.form == FORM).order_by(Ranking.id)),
        (_lot, select(Lot).order_by(Lot.id)),
        (_decision, select(Decision).order_by(Decision.id)),
    )
    for check, rows in checks:
        for row in db.session.scalars(rows).all():
            yield from _readable(check, row, told)
    yield from _gone(told)
    yield from _lots_gone(told)
    yield from _annulments(told)
    yield from _essay_marks(told)
    yield from _certificates(told)


def _readable(check: Any, row: Any, told: Told) -> Iterator[str]:
    """What a check finds; a row that cannot even be read is named as well."""
    name = f"{row.__tablename__} {row.id}"
    try:
        yield from check(row, told)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        struct.error,
        SQLAlchemyError,
    ) as error:
        db.session.rollback()
        yield f"{name}: cannot be read ({type(error).__name__}: {error})"


def _told() -> Told:
    found: Told = defaultdict(list)
    for record in db.session.scalars(select(JournalRecord).order_by(JournalRecord.seq)):
        found[record.action, record.subject].append(record)
    return found


def _last(told: Told, action: str, subject: str) -> Any:
    records = told.get((action, subject))
    return records[-1].after if records else None


# Contests


def _contest(contest: Contest, told: Told) -> Iterator[str]:
    opened = _last(told, "contest.opened", f"contest:{contest.id}")
    if opened is None:
        return  # not opened by the service, as a contest of a test
    rounds = {r.id: r.code for r in contest.rounds}
    divisions = {d.id: d.code for d in contest.divisions}
    pools = db.session.scalars(select(Pool).join(Division, Division.id == Pool.division_id).where(
        Division.contest_id == contest.id)).all()  # fmt: skip
    for pool in pools:
        name = "/".join(filter(None, (divisions[pool.division_id], rounds.get(pool.round_id or 0))))
        if not pool.digest == commitment.pool_digest(pool.candidates) == opened["pools"].get(name):
            yield f"pool {pool.id}: not what was frozen when contest {contest.slug} was opened"
    if len(pools) != len(opened["pools"]):
        yield f"contest {contest.id}: has {len(pools)} pools, {len(opened['pools'])} were frozen"
    for round_ in contest.rounds:
        yield from _round(round_, opened)
    yield from _rulings(contest, told)


def _round(round_: Round, opened: Any) -> Iterator[str]:
    if round_.commitment != opened["commitments"].get(round_.code):
        yield f"round {round_.id}: its commitment is not the one that was published"
        return
    digests = {}
    for division in round_.contest.divisions:
        own = select(Pool.digest).where(Pool.division_id == division.id)
        digests[division.code] = (
            db.session.scalar(own.where(Pool.round_id == round_.id)) or db.session.scalar(own.where(Pool.round_id.is_(None)))
        ) or ""  # fmt: skip
    secret = round_.secret or ""
    contents = contents_of_round(round_)
    sealed = {
        commitment.commitment(round_.code, digests, items_digest(contents), secret),
        commitment.second_commitment(round_.code, digests, items_digest(contents, OLD_CONTENT), secret),
        commitment.first_commitment(round_.code, digests, secret),
    }
    if round_.commitment not in sealed:
        yield f"round {round_.id}: secret, pools or items (what they say, their keys) do not fit the commitment"
    shown = {digest for content in contents.values() for _place, digest, _text in content["images"]}
    yield from _pictures(round_, shown)


def _pictures(round_: Round, shown: set[str]) -> Iterator[str]:
    """Pictures are named by the digests of their bytes."""
    for digest in sorted(shown):
        content = db.session.scalar(select(Picture.content).where(Picture.digest == digest))
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            yield f"picture {digest[:12]}: not what an item of round {round_.id} shows, or gone"


def _rulings(contest: Contest, told: Told) -> Iterator[str]:
    made = db.session.scalars(
        select(KeyRuling)
        .where(KeyRuling.contest_id == contest.id, KeyRuling.number.is_not(None))
        .order_by(KeyRuling.number)
    ).all()
    rulings = Rulings()
    for ruling in made:
        rulings = rulings.with_one_more(ruling.version_id, ruling.overlay)
        proposed = _last(told, "key.proposed", f"key_ruling:{ruling.id}") or {}
        said = {"contest": contest.id, "version": ruling.version_id, **ruling.overlay.to_json()}
        if proposed != said:
            yield f"key_ruling {ruling.id}: not what was proposed"
    kept = rulings_of(contest)
    if (kept.number, dict(kept.items)) != (rulings.number, dict(rulings.items)):
        yield f"contest {contest.id}: its rulings on keys are not those that were made"


# Results


def _truth(truth: Truth, told: Told) -> Iterator[str]:
    said = _last(told, "truth.frozen", f"truth:{truth.id}")
    if said is None or (said["value"], said["query"], said["number"]) != (truth.value, truth.query, truth.number):
        yield f"truth {truth.id}: not what was frozen"


def _sheet(ranking: Ranking, told: Told) -> Iterator[str]:
    name = f"ranking:{ranking.id}"
    said = _last(told, "sheet.made", name)
    if said is None:
        yield f"ranking {ranking.id}: nobody made it"
        return
    places = list(sheet_pages.walk(ranking.id, key_size(ranking.chain)))
    positions = {p.entry_id: p.position for p in places}
    listed = results.Numbered(
        [p.place for p in places], [p.tied for p in places], [p.entry_id for p in places], [p.attempt_id for p in places],
        [p.key for p in places], sorted(positions.items()),
    )  # fmt: skip
    if not ranking.digest == said["digest"] == seal.digest(ranking.chain, ranking.truth, listed):
        yield f"ranking {ranking.id}: its standings do not fit the digest that the journal has"
    if sheet_pages.positions_of(ranking.id, positions.keys()) != positions:
        yield f"ranking {ranking.id}: the index of its entries does not fit its standings"
    stated = (ranking.people, ranking.attempts, ranking.number, ranking.truth)
    if stated != (said["people"], said["attempts"], said["number"], said["truth"]):
        yield f"ranking {ranking.id}: people, attempts, number or truth are not as made"
    published = _last(told, "sheet.published", name)
    if (published is None) != (ranking.published_at is None):
        yield f"ranking {ranking.id}: published without the journal, or the other way round"
    yield from _proof(ranking, told)


def _proof(ranking: Ranking, told: Told) -> Iterator[str]:
    said = _last(told, "sheet.proved", f"ranking:{ranking.id}")
    proof = db.session.get(SheetProof, ranking.id)
    if said is None and proof is None:
        return
    if said is None or proof is None or said["root"] != proof.root:
        yield f"sheet_proof {ranking.id}: its root is not the one that the journal has"
        return
    stated = db.session.scalar(select(JournalRecord.hash).where(JournalRecord.seq == proof.journal_seq))
    if stated is not None and stated != proof.journal_hash:
        yield f"sheet_proof {ranking.id}: the journal's head is not the one of then"
    kept = dict(proofs.leaves(ranking.id))
    tree = merkle.levels(list(kept.values()))
    pages = {
        level: b"".join(db.session.scalars(select(ProofPage.content).where(
            ProofPage.ranking_id == ranking.id, ProofPage.level == level).order_by(ProofPage.number)))
        for level in range(len(proof.sizes))
    }  # fmt: skip
    whole = [b"".join(level) for level in tree]
    if [pages[n] for n in sorted(pages)] != whole or (tree[-1][0] if tree else merkle.EMPTY).hex() != proof.root:
        yield f"proof_page of ranking {ranking.id}: the tree does not lead to the root"
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is None or latest.id != ranking.id:
        return
    then = _Then(ranking, proof.journal_seq, told)
    for person in proofs.of_people(ranking, proof.salt):
        leaf = kept.pop(person.entry_id, None)
        fits = merkle.leaf(person.as_bytes(proof.salt)) == leaf or (
            then.is_marked_right(person)
            and any(merkle.leaf(before.as_bytes(proof.salt)) == leaf for before in then.may_have_been(person))
        )
        if not fits:
            ids = ", ".join(str(facts[0]) for facts, *_rest in person.attempts)
            yield f"attempt {ids} of entry {person.entry_id}: not what the sheet {ranking.id} was made from"
    for entry_id in kept:
        yield f"entry {entry_id}: attempts that the sheet {ranking.id} was made from are gone"


class _Then:
    """What attempts were when a sheet was proved, where a ruling on a key or a judge of essays has lawfully changed them since.

    Annulments change no attempt.
    """

    def __init__(self, ranking: Ranking, journal_seq: int, told: Told) -> None:
        applied = db.session.scalars(
            select(KeyRuling)
            .where(KeyRuling.contest_id == ranking.contest.id, KeyRuling.number.is_not(None))
            .order_by(KeyRuling.number)
        )
        self.rulings = Rulings()
        self.number_of: dict[int, int] = {}  # item version → the last ruling on it
        for ruling in applied:
            said = told.get(("key.applied", f"key_ruling:{ruling.id}"))
            if said and said[0].seq <= journal_seq:
                self.rulings = self.rulings.with_one_more(ruling.version_id, ruling.overlay)
                self.number_of[ruling.version_id] = self.rulings.number
        self.marker = Marker(contest_rules(ranking.contest).worth, self.rulings.items)
        self.rulings_now = rulings_of(ranking.contest)
        self.marker_now = Marker(contest_rules(ranking.contest).worth, self.rulings_now.items)
        self.judged_since: dict[int, list[JournalRecord]] = defaultdict(
            list
        )  # attempt → changed points, the first first
        for (action, subject), records in told.items():
            if action == "essay.marked":
                later = [r for r in records if r.seq > journal_seq and r.before]
                self.judged_since[int(subject.partition(":")[2])] += later

    def is_marked_right(self, person: proofs.Record) -> bool:
        """Are the points what the keys give that hold now?"""
        for facts, paper, responses, _essays in person.attempts:
            fact = dict(zip(FACTS, facts, strict=True))
            score = self.marker_now.score(json.loads(paper), json.loads(responses))
            right = (score.points, score.correct, score.all_correct)
            if right != (fact["score"], fact["correct"], bool(fact["all_correct"])):
                return False
            if fact["ruling"] > self.rulings_now.number:
                return False
        return True

    def may_have_been(self, person: proofs.Record) -> Iterator[proofs.Record]:
        """All that the person's record may have said; nothing where nothing has lawfully changed."""
        ways = [list(self._attempts(attempt)) for attempt in person.attempts]
        if any(way != [attempt] for way, attempt in zip(ways, person.attempts, strict=True)):
            for attempts in islice(product(*ways), MOST_WAYS):
                yield person._replace(attempts=list(attempts))

    def _attempts(self, attempt: Any) -> Iterator[Any]:
        facts, paper, *rest = attempt
        fact = dict(zip(FACTS, facts, strict=True))
        for record in reversed(self.judged_since[fact["id"]]):
            if fact["written"] is not None:
                fact["written"] += record.before["points"] - record.after["points"]
        if fact["ruling"] <= self.rulings.number:
            yield (tuple(fact.values()), paper, *rest)
            return
        items = json.loads(paper)
        score = self.marker.score(items, json.loads(rest[0]))
        fact |= {"score": score.points, "correct": score.correct, "all_correct": int(score.all_correct)}
        first = max((self.number_of.get(version_id, 0) for version_id, _order in items), default=0)
        for number in range(first, self.rulings.number + 1):  # who ended later was marked by later rulings at once
            yield (tuple((fact | {"ruling": number}).values()), paper, *rest)


MADE = {
    "contest.opened": Contest,
    "key.proposed": KeyRuling,
    "truth.frozen": Truth,
    "sheet.made": Ranking,
    "prizes.awarded": Decision,
}


def _gone(told: Told) -> Iterator[str]:
    """Rows that the journal knows of and that are not there."""
    for action, model in MADE.items():
        there = set(db.session.scalars(select(model.id)))  # type: ignore[attr-defined]
        for of_action, subject in sorted(told):
            if of_action == action and int(subject.partition(":")[2]) not in there:
                yield f"{subject.replace(':', ' ')}: is gone"


def _lots_gone(told: Told) -> Iterator[str]:
    there = {(lot.ranking_id, lot.kind, lot.place) for lot in db.session.scalars(select(Lot))}
    for (action, subject), records in told.items():
        for record in records if action == "lot.drawn" else ():
            if (int(subject.partition(":")[2]), record.after["kind"], record.after["place"]) not in there:
                yield f"lot of {subject.replace(':', ' ')}, place {record.after['place']}: is gone"


def _annulments(told: Told) -> Iterator[str]:
    rows: dict[int, list[Annulment]] = defaultdict(list)
    for annulment in db.session.scalars(select(Annulment).order_by(Annulment.id)):
        rows[annulment.attempt_id].append(annulment)
    said = {
        int(subject.partition(":")[2])
        for action, subject in told
        if action in ("attempt.annulled", "attempt.restored")
    }  # fmt: skip
    for attempt_id in sorted(rows.keys() | said):
        annulled = [r.reason for r in told.get(("attempt.annulled", f"attempt:{attempt_id}"), ())]
        restored = [r.reason for r in told.get(("attempt.restored", f"attempt:{attempt_id}"), ())]
        own = rows[attempt_id]
        if [a.reason for a in own] != annulled or [a.restore_reason for a in own if a.restored_at] != restored:
            yield f"annulment of attempt {attempt_id}: not what judges decided"


def _essay_marks(told: Told) -> Iterator[str]:
    there = {(m.attempt_id, m.question): (m.points, m.note, m.judge_id) for m in db.session.scalars(select(EssayMark))}
    said = {}
    for (action, subject), records in told.items():
        for record in records if action == "essay.marked" else ():
            mark = record.after
            said[int(subject.partition(":")[2]), mark["question"]] = mark["points"], mark["note"], mark["judge"]
    for attempt_id, question in sorted(there.keys() | said.keys()):
        if there.get((attempt_id, question)) != said.get((attempt_id, question)):
            yield f"essay_mark of attempt {attempt_id}, question {question}: not what judges gave"


def _lot(lot: Lot, told: Told) -> Iterator[str]:
    said = [r.after for r in told.get(("lot.drawn", f"ranking:{lot.ranking_id}"), ())]
    if not any(
        (s["kind"], s["place"], s["seed"], s["entries"]) == (lot.kind, lot.place, lot.seed, lot.entries) for s in said
    ):
        yield f"lot {lot.id}: not what was drawn"


# Recognition


def _decision(decision: Decision, told: Told) -> Iterator[str]:
    said = _last(told, "prizes.awarded", f"decision:{decision.id}")
    if said is None:
        yield f"decision {decision.id}: nobody entered it"
        return
    if (said["number"], said["signed_on"]) != (decision.number, decision.signed_on.isoformat()):
        yield f"decision {decision.id}: number or day are not as entered"
    if "digests" not in said:
        return  # entered before certificates had digests
    there = {award.id: award for award in decision.awards}
    for award_id, digest in said["digests"]["awards"]:
        award = there.pop(award_id, None)
        if award is None or award_digest(award) != digest:
            yield f"award {award_id}: not what was awarded"
    for award_id in there:
        yield f"award {award_id}: nobody awarded it"


def _certificates(told: Told) -> Iterator[str]:
    issued: dict[int, str] = {}
    revoked: dict[int, tuple[str, str]] = {}
    replaced = set()
    for (action, subject), records in told.items():
        for record in records:
            if action == "prizes.awarded" and "digests" in (record.after or {}):
                issued |= {int(c): d for c, d in record.after["digests"]["certificates"]}
            if action == "certificate.reissued":
                issued[record.after["certificate"]] = record.after["digest"]
                replaced.add(int(subject.partition(":")[2]))
            if action == "certificate.revoked":
                revoked[int(subject.partition(":")[2])] = (record.after["cause"], record.after["decision"])
    for certificate in db.session.scalars(select(Certificate).order_by(Certificate.id)):
        digest = issued.pop(certificate.id, None)
        if digest is not None and digest != certificate_digest(certificate):
            yield f"certificate {certificate.id}: not what was issued"
        void = None if certificate.revoked_at is None else (certificate.revoke_cause, certificate.revoke_decision)
        if void != revoked.get(certificate.id) or certificate.is_replaced != (certificate.id in replaced):
            yield f"certificate {certificate.id}: revoked or replaced without the journal, or the other way round"
    for certificate_id in issued:
        yield f"certificate {certificate_id}: is gone"
