"""Results: truths, sheets with their standings, proofs, signatures and draws, and the files that strangers check."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import defaultdict
from itertools import islice, product
from typing import Any

from sqlalchemy import select

from quiz import journal
from quiz.attempts.papers import Marker
from quiz.contests.key_rulings import Rulings, rulings_of
from quiz.contests.models import Contest
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.journal import JournalRecord
from quiz.marking.models import KeyRuling
from quiz.marking.queries import annulment_counts
from quiz.ranking import proofs, queries, results, seal, sheet_pages
from quiz.ranking.lots import urn_of
from quiz.ranking.models import (
    FORM,
    Lot,
    LotNotice,
    Ranking,
    SheetProof,
    SheetSignature,
    Truth,
)
from quiz.reports.checks.told import Faults, Look, by
from quiz.reports.models import PublicFile
from quiz.rules import merkle
from quiz.rules.lots import draw_lots
from quiz.rules.records import FACTS
from quiz.rules.tie_break import key_size

MOST_WAYS = 1_000  # of having been marked before, for one person

# Truths


def truths(look: Look) -> Faults:
    there = set()
    for truth in look.rows(Truth):
        there.add(truth.id)
        yield from look.at(truth, _truth)
    for truth_id in look.told("truth.frozen"):
        if truth_id not in there:
            yield f"truth {truth_id}: is gone"


def _truth(look: Look, truth: Truth) -> Faults:
    record = look.last(truth.id, "truth.frozen")
    if record is None:
        yield f"truth {truth.id}: nobody froze it"
        return
    said = {
        "contest": truth.contest_id, "round": truth.round_id, "number": truth.number, "target": truth.target,
        "value": truth.value, "definition": truth.definition, "query": truth.query, "basis": truth.basis,
    }  # fmt: skip
    frozen = {name: record.after.get(name, value) for name, value in said.items()}
    if (said, truth.scope, truth.counted_at, truth.counted_by_id) != (frozen, frozen["round"] or 0, *by(record)):
        yield f"truth {truth.id}: not what was frozen"
        return
    contest = db.session.get_one(Contest, truth.contest_id)
    ids = [truth.round_id] if truth.round_id is not None else [r.id for r in contest.rounds]
    is_current = truth.basis == queries.truth_basis(ids, annulment_counts(ids), rulings_of(contest).finished)
    counted = db.session.scalar(results.truth_query(contest, truth.round_id)) if is_current else truth.value
    if counted != truth.value:
        yield f"truth {truth.id}: counted again it is {counted}, not {truth.value}"


# Sheets


def sheets(look: Look) -> Faults:
    there = set()
    for ranking in look.rows(Ranking):
        there.add(ranking.id)
        yield from look.at(ranking, _sheet)
    for ranking_id in look.told("sheet.made"):
        if ranking_id not in there:
            yield f"ranking {ranking_id}: is gone"
    for proof in look.rows(SheetProof, SheetProof.ranking_id.not_in(select(Ranking.id))):
        yield f"sheet_proof {proof.ranking_id}: of no sheet"


def _sheet(look: Look, ranking: Ranking) -> Faults:
    record = look.last(ranking.id, "sheet.made")
    if record is None:
        yield f"ranking {ranking.id}: nobody made it"
        return
    said = record.after
    if (ranking.published_at, ranking.published_by_id) != by(look.last(ranking.id, "sheet.published")):
        yield f"ranking {ranking.id}: published without the journal, or the other way round"
    if (ranking.made_at, ranking.made_by_id, ranking.digest) != (*by(record), said["digest"]):
        yield f"ranking {ranking.id}: not the sheet that was made"
    if ranking.form != (FORM if "truth_record" in said else 1):
        yield f"ranking {ranking.id}: of another form than was made"
    elif ranking.form == FORM:
        yield from _standings(ranking, said)
    yield from _proof(look, ranking, record.seq)


def _standings(ranking: Ranking, said: Any) -> Faults:
    places = list(sheet_pages.walk(ranking.id, key_size(ranking.chain)))
    positions = {p.entry_id: p.position for p in places}
    listed = results.Numbered(
        [p.place for p in places], [p.tied for p in places], [p.entry_id for p in places], [p.attempt_id for p in places],
        [p.key for p in places], sorted(positions.items()),
    )  # fmt: skip
    if said["digest"] != seal.digest(ranking.chain, ranking.truth, listed):
        yield f"standing_page of ranking {ranking.id}: the standings do not fit the digest that the journal has"
    if sheet_pages.positions_of(ranking.id, positions.keys()) != positions:
        yield f"standing_index of ranking {ranking.id}: does not fit its standings"
    stated = {
        "round": ranking.round_id, "division": ranking.division_id, "number": ranking.number, "chain": ranking.chain,
        "truth": ranking.truth, "truth_record": ranking.truth_id, "people": ranking.people, "attempts": ranking.attempts,
        "basis": ranking.basis, "participation": journal.seal(ranking.participation),
    }  # fmt: skip
    made = {name: said.get(name, value) for name, value in stated.items()}
    if stated != made:
        yield f"ranking {ranking.id}: people, attempts, number, truth or what it was made from are not as made"


def _proof(look: Look, ranking: Ranking, made: int) -> Faults:
    """made: number of the record of the sheet"""
    record = look.last(ranking.id, "sheet.proved")
    proof = db.session.get(SheetProof, ranking.id)
    if record is None and proof is None:
        return
    if record is None or proof is None or (record.after["root"], record.at) != (proof.root, proof.made_at):
        yield f"sheet_proof {ranking.id}: its root is not the one that the journal has"
        return
    head = db.session.scalar(select(JournalRecord.hash).where(JournalRecord.seq == proof.journal_seq))
    if not made <= proof.journal_seq < record.seq or head != proof.journal_hash:
        yield f"sheet_proof {ranking.id}: the journal's head is not the one of then"
    kept = dict(proofs.leaves(ranking.id))
    tree = merkle.levels(list(kept.values()))
    pages = [content for level, content in proofs.levels(ranking.id) if level >= 0]
    whole = [b"".join(level) for level in tree]
    root = (tree[-1][0] if tree else merkle.EMPTY).hex()
    if (pages, root, proof.sizes) != (whole, proof.root, [len(level) for level in tree]):
        yield f"proof_page of ranking {ranking.id}: the tree does not lead to the root"
    yield from _identities(ranking, proof, record.after.get("identities"))
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is not None and latest.id == ranking.id:
        yield from _attempts(ranking, proof, kept, _Then(ranking, proof.journal_seq, look))


def _identities(ranking: Ranking, proof: SheetProof, said: str | None) -> Faults:
    """Whom the entries behind a sheet name: frozen at registration, sealed with the sheet."""
    together, kept = proofs.kept_identities(ranking.id)
    if said is None and not kept:
        return  # proved before identities were
    if together != said:
        yield f"proof_page of ranking {ranking.id}: the identities are not those that the journal has"
        return
    now = dict(proofs.identities_of(kept, ranking, proof.salt))
    for entry_id, digest in kept.items():
        if now.get(entry_id) != digest:
            yield f"entry {entry_id}: name, unit or what else was registered is not what the sheet {ranking.id} was made from"


def _attempts(ranking: Ranking, proof: SheetProof, kept: dict[int, bytes], then: _Then) -> Faults:
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

    def __init__(self, ranking: Ranking, journal_seq: int, look: Look) -> None:
        applied = db.session.scalars(
            select(KeyRuling)
            .where(KeyRuling.contest_id == ranking.contest.id, KeyRuling.number.is_not(None))
            .order_by(KeyRuling.number)
        )
        self.rulings = Rulings()
        self.number_of: dict[int, int] = {}  # item version → the last ruling on it
        for ruling in applied:
            said = look.of(ruling.id, "key.applied")
            if said and said[0].seq <= journal_seq:
                self.rulings = self.rulings.with_one_more(ruling.version_id, ruling.overlay)
                self.number_of[ruling.version_id] = self.rulings.number
        self.marker = Marker(contest_rules(ranking.contest).worth, self.rulings.items)
        self.rulings_now = rulings_of(ranking.contest)
        self.marker_now = Marker(contest_rules(ranking.contest).worth, self.rulings_now.items)
        self.judged_since: dict[int, list[JournalRecord]] = defaultdict(
            list
        )  # attempt → changed points, the first first
        for attempt_id, records in look.told("essay.marked").items():
            self.judged_since[attempt_id] += [r for r in records if r.seq > journal_seq and r.before]

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

    def may_have_been(self, person: proofs.Record) -> Any:
        """All that the person's record may have said; nothing where nothing has lawfully changed."""
        ways = [list(self._attempts(attempt)) for attempt in person.attempts]
        if any(way != [attempt] for way, attempt in zip(ways, person.attempts, strict=True)):
            for attempts in islice(product(*ways), MOST_WAYS):
                yield person._replace(attempts=list(attempts))

    def _attempts(self, attempt: Any) -> Any:
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


# Signatures


def signatures(look: Look) -> Faults:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for s in look.rows(SheetSignature):
        word = (s.judge_id, s.stance, s.digest, s.note, s.signed_at, s.withdrawn_at, s.withdraw_why)
        rows[s.ranking_id].append(word)
    told = look.told("sheet.signed", "sheet.declined", "sheet.signature_withdrawn")
    for ranking_id in sorted(rows.keys() | told.keys()):
        said: list[tuple[Any, ...]] = []
        for record in told[ranking_id]:
            stance = record.action.removeprefix("sheet.")
            if stance != "signature_withdrawn":
                said.append((record.actor_id, stance, record.after["digest"], record.reason, record.at, None, ""))
                continue
            last = max(n for n, word in enumerate(said) if word[0] == record.actor_id)
            said[last] = (*said[last][:-2], record.at, record.reason)
        for word in [w for w in rows[ranking_id] if w not in said] + [w for w in said if w not in rows[ranking_id]]:
            yield f"sheet_signature of judge {word[0]} on ranking {ranking_id}: not what the journal has"


# Draws


def lots(look: Look) -> Faults:
    for model, action, check in ((LotNotice, "lot.announced", _lot_notice), (Lot, "lot.drawn", _lot)):
        there = set()
        for row in look.rows(model):
            there.add((row.ranking_id, row.kind, row.place))
            yield from look.at(row, check)
        for ranking_id, records in look.told(action).items():
            for record in records:
                if (ranking_id, record.after["kind"], record.after["place"]) not in there:
                    name = model.__tablename__
                    yield f"{name} of ranking {ranking_id}, place {record.after['place']}: is gone"


def _said_of(look: Look, row: Lot | LotNotice, action: str) -> JournalRecord | None:
    of_ranking = look.of(row.ranking_id, action)
    return next((r for r in of_ranking if (r.after["kind"], r.after["place"]) == (row.kind, row.place)), None)


def _lot_notice(look: Look, notice: LotNotice) -> Faults:
    record = _said_of(look, notice, "lot.announced")
    if record is None or (record.after["source"], *by(record)) != (
        notice.source, notice.announced_at, notice.announced_by_id,
    ):  # fmt: skip
        yield f"lot_notice {notice.id}: not what was announced"


def _lot(look: Look, lot: Lot) -> Faults:
    record = _said_of(look, lot, "lot.drawn")
    notice = db.session.get(LotNotice, lot.notice_id)
    if record is None or notice is None:
        yield f"lot {lot.id}: nobody drew it"
        return
    said = record.after
    drawn = (said["seed"], said["urn"], said["entries"], said["kind"], said["place"], *by(record))
    there = (lot.seed, lot.urn, lot.entries, notice.kind, notice.place, lot.drawn_at, lot.drawn_by_id)
    if drawn != there or notice.ranking_id != lot.ranking_id or notice.announced_at >= lot.drawn_at:
        yield f"lot {lot.id}: not what was drawn"
        return
    urn = urn_of(lot)
    people = lot.entries if urn is None else urn  # who was drawn is in the order of the seed whoever else there was
    if lot.entries != draw_lots(lot.seed, lot.ranking.digest, people)[: len(lot.entries)] or not lot.entries:
        yield f"lot {lot.id}: drawn again from its seed, it comes out otherwise"


# What strangers check


def public_files(look: Look) -> Faults:
    for file in look.rows(PublicFile):
        yield from look.at(file, _public_file)


def _public_file(_look: Look, file: PublicFile) -> Faults:
    name = f"public_file {file.ranking_id}"
    if hashlib.sha256(file.content).hexdigest() != file.digest:
        yield f"{name}: not the bytes that its digest is of"
        return
    ranking, proof = db.session.get(Ranking, file.ranking_id), db.session.get(SheetProof, file.ranking_id)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        sheet = json.loads(archive.read("sheet.json"))
    if ranking is None or proof is None or (sheet["digest"], sheet["root"]) != (ranking.digest, proof.root):
        yield f"{name}: not of the sheet that it says"
