"""The data of a published result sheet for whoever wants to check it, as a ZIP without a name in it.

sheet.json: the rules that ranked, the commitments with their secrets and pools, the digest, the root, the journal's head,
what the prediction counted, the draws ·
standings.txt: what the digest is made of · records.txt: what the tree is made of · items.jsonl: the items with their keys,
once these are public · attempts.jsonl: paper, answers and marks of every ended attempt under entry numbers, where the rules
open them, and no sooner than the keys, which marked answers tell · journal.txt: "<number> <form>
<previous hash> <digest of what it says> <hash>" of every record.  rules.verification reads it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from quiz import jobs, journal
from quiz.attempts.models import Attempt
from quiz.banks.versions import contents
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Entry, Pool, Round
from quiz.contests.round_state import has_ended, keys_are_public
from quiz.contests.rule_set import blueprint_of, contest_rules
from quiz.contests.service import contents_of_round, items_of_round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking.queries import annulled_ids
from quiz.ranking import lots, proofs, queries, sheet_pages
from quiz.ranking.models import Lot, LotKind, Ranking
from quiz.ranking.results import microseconds, scope_of
from quiz.reports.models import PublicFile
from quiz.reports.refusals import PublicDataRefusal
from quiz.rules import records, verification
from quiz.rules.tie_break import criterion_name, key_size

JOB = "public-data"
EPOCH_ZIP = (1980, 1, 1, 0, 0, 0)  # the same data make the same file


@jobs.handler(JOB)
def make_file(job: jobs.Job, clock: jobs.Clock) -> dict[str, Any]:
    """Write the file of the sheet that the job names, in place of an older one."""
    ranking = queries.sheet_by_id(int(job.subject.partition(":")[2]))
    if ranking is None or ranking.published_at is None or proofs.proof_of(ranking.id) is None:
        raise Refusal(PublicDataRefusal.NOT_PUBLISHED)
    _must_be_current(ranking)
    content = archive(ranking, now=clock())
    db.session.rollback()  # a new look, at what others have written while the file was read
    _must_be_current(ranking)
    digest = hashlib.sha256(content).hexdigest()
    with transaction():
        db.session.execute(delete(PublicFile).where(PublicFile.ranking_id == ranking.id))
        db.session.add(PublicFile(ranking_id=ranking.id, content=content, digest=digest, made_at=clock()))
    return {"digest": digest, "bytes": len(content)}


def _must_be_current(ranking: Ranking) -> None:
    """Today's attempts are the sheet's: else a good file would be lost.  Raises Refusal(PublicDataRefusal)."""
    rulings = rulings_of(ranking.contest)
    if rulings.number != rulings.finished or queries.is_out_of_date(ranking):
        raise Refusal(PublicDataRefusal.OUT_OF_DATE)


def archive(ranking: Ranking, *, now: datetime) -> bytes:
    """The ZIP of a sheet that has its proof."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as out:
        for name, content in files(ranking, now=now).items():
            info = zipfile.ZipInfo(name, EPOCH_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)
    return file.getvalue()


def files(ranking: Ranking, *, now: datetime) -> dict[str, bytes]:
    """Name → content of what the ZIP holds."""
    contest = ranking.contest
    proof = proofs.proof_of(ranking.id)
    assert proof is not None
    opens = answers_are_out(contest, now)
    record_lines: list[bytes] = []
    attempts: list[str] = []
    for person in proofs.of_people(ranking, proof.salt):
        record_lines.append(person.as_bytes(proof.salt))
        if opens:
            attempts += (records.as_json([list(facts), *rest]) for facts, *rest in person.attempts)
    found = {
        "sheet.json": json.dumps(_sheet(ranking, proof, opens, now), ensure_ascii=False, indent=1).encode(),
        "standings.txt": "".join(
            f"{p.position} {p.place} {p.entry_id} {p.attempt_id} {p.key.hex()}\n"
            for p in sheet_pages.walk(ranking.id, key_size(ranking.chain))
        ).encode(),
        "records.txt": b"".join(line + b"\n" for line in record_lines),
        "journal.txt": "".join(_journal_lines()).encode(),
    }
    if opens:
        found["attempts.jsonl"] = "".join(f"{line}\n" for line in attempts).encode()
    if keys_are_public(contest, now):
        versions = {row[0] for r in _rounds(ranking) for rows in _pools(r).values() for row in rows}
        items = (f"{records.as_json({'id': v, **content})}\n" for v, content in contents(versions).items())
        found["items.jsonl"] = "".join(items).encode()
    return found


def answers_are_out(contest: Contest, now: datetime) -> bool:
    """May everybody read answers with their marks: the rules open them, and they tell no key that is still closed?"""
    return contest_rules(contest).open_answers and keys_are_public(contest, now)


def _rounds(ranking: Ranking) -> list[Round]:
    return [ranking.round_] if ranking.round_ is not None else list(ranking.contest.rounds)


def _pools(round_: Round) -> dict[str, list[Any]]:
    """Code of a division → the pool that its papers of the round were drawn from."""
    found = {}
    for division in round_.contest.divisions:
        pools = select(Pool).where(Pool.division_id == division.id)
        own = db.session.scalars(pools.where(Pool.round_id == round_.id)).first()
        pool = own or db.session.scalars(pools.where(Pool.round_id.is_(None))).one()
        found[division.code] = pool.candidates
    return found


def _sheet(ranking: Ranking, proof: Any, opens: bool, now: datetime) -> dict[str, Any]:
    contest, rules = ranking.contest, contest_rules(ranking.contest)
    scope = scope_of(ranking.round_, ranking.division)
    round_ids = queries.round_ids_of(ranking)
    worth = rules.worth
    annulled = select(Attempt.id).where(Attempt.id.in_(annulled_ids()), Attempt.round_id.in_(round_ids))
    asks_registration = "registered" in map(criterion_name, ranking.chain)
    registered = select(Entry.id, microseconds(Entry.registered_at)).where(Entry.division_id == ranking.division_id)
    return {
        "form": verification.FORMS[-1],
        "contest": contest.slug,
        "division": ranking.division.code,
        "number": ranking.number,
        "chain": list(ranking.chain),
        "counted": scope.counted.value,
        "choosing": list(scope.choosing),
        "overall": scope.how.value,
        "truth": ranking.truth,
        "prediction": _prediction(ranking),
        "digest": ranking.digest,
        "root": proof.root,
        "salt": proof.salt if opens else None,
        "journal": {"seq": proof.journal_seq, "hash": proof.journal_hash},
        "worth": {"each": worth.each, "by_level": dict(worth.by_level), "whole": worth.whole, "essay": worth.essay},
        "rulings": {str(v): overlay.to_json() for v, overlay in rulings_of(contest).items.items()}
        if keys_are_public(contest, now)
        else {},
        "annulled": sorted(db.session.scalars(annulled)),
        "lots": [_lot(lot) for lot in queries.lots_of(ranking.id)],
        "registered": {str(e): at for e, at in db.session.execute(registered)} if asks_registration else {},
        "rounds": [
            {
                "id": r.id,
                "code": r.code,
                "name": r.name,
                "commitment": r.commitment,
                "secret": r.secret if has_ended(r, now) else None,
                "items": items_of_round(r),
                "items_without_pictures": records.items_digest(contents_of_round(r), records.OLD_CONTENT),
                "pools": _pools(r),
                "cells": [[c.bank, c.topic, c.level, c.count] for c in blueprint_of(ranking.division, r)],
            }
            for r in _rounds(ranking)
        ],
    }


def _prediction(ranking: Ranking) -> dict[str, Any] | None:
    """What the truth counts.  is_whole: all of it is in these data"""
    truth = ranking.truth_record
    if truth is None:
        return None
    contest = ranking.contest
    rounds = [truth.round_id] if truth.round_id is not None else [r.id for r in contest.rounds]
    is_whole = len(contest.divisions) == 1 and set(rounds) <= set(queries.round_ids_of(ranking))
    return {"target": truth.target, "rounds": rounds, "is_whole": is_whole}


def _lot(lot: Lot) -> dict[str, Any]:
    """left_out: who of the sheet was not in the urn of a lucky draw; None where that can no longer be told"""
    urn = lots.urn_of(lot)
    everybody = [entry_id for entry_id, _place in sheet_pages.places(lot.ranking_id, key_size(lot.ranking.chain))]
    left_out = sorted(set(everybody) - set(urn)) if lot.kind == LotKind.LUCKY and urn is not None else None
    return {
        "kind": lot.kind, "place": lot.place, "source": lot.notice.source, "seed": lot.seed, "urn": lot.urn,
        "entries": lot.entries, "left_out": left_out, "announced": lot.notice.announced_at.isoformat(),
        "drawn": lot.drawn_at.isoformat(),
    }  # fmt: skip


def _journal_lines() -> Iterator[str]:
    for entry in db.session.scalars(select(JournalRecord).order_by(JournalRecord.seq)).yield_per(1_000):
        said = "-" if entry.form == 1 else journal.content_digest(entry)
        yield f"{entry.seq} {entry.form} {entry.previous_hash} {said} {entry.hash}\n"
