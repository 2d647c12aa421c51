"""The proof of a result sheet: a Merkle tree over everybody's attempts, made once, after which nobody can change one unseen.

A small sheet gets its proof in the transaction that makes it; a large one from a job, before which it cannot be published.
Receipts read a page of each level, whatever the size of the tree.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, cast, select, type_coerce
from sqlalchemy.exc import IntegrityError

from quiz import jobs, journal
from quiz.attempts.models import Attempt
from quiz.contests.models import Entry, Pool
from quiz.db import db, fetch_plain, insert_plain, transaction
from quiz.errors import Refusal
from quiz.marking.queries import are_marked_anew
from quiz.ranking import queries, sheet_pages
from quiz.ranking.models import ProofPage, Ranking, SheetProof
from quiz.ranking.refusals import RankingRefusal
from quiz.ranking.results import ENDED, microseconds
from quiz.rules import merkle, records
from quiz.rules.tie_break import key_size

JOB = "prove-sheet"
AT_ONCE = 2_000  # attempts whose proof is made with the sheet
PAGE = 1_024
ENTRIES = -1  # the level at which the entries of the leaves stand
IDENTITIES = -2  # and that of the digests of whom these name

_ENTRY = struct.Struct(">Q")
_SIZE = 32


class Record(NamedTuple):
    """What is proved of one person.  attempts: (facts, paper, responses without essays, seal of the essays) of each"""

    entry_id: int
    position: int
    key: str
    attempts: list[tuple[tuple[Any, ...], str, str, str]]

    def as_bytes(self, salt: str) -> bytes:
        digests = [records.attempt_digest(*attempt) for attempt in self.attempts]
        return records.record(self.entry_id, self.position, self.key, records.entry_salt(salt, self.entry_id), digests)


def of_people(ranking: Ranking, salt: str) -> Iterator[Record]:
    """Everybody with an ended attempt in the sheet's rounds and division, in the order of the entries."""
    size = key_size(ranking.chain)
    standing = {p.entry_id: (p.position, p.key.hex()) for p in sheet_pages.walk(ranking.id, size)}
    rows = (row for part in fetch_plain(_attempts(ranking)) for row in part)
    for entry_id, own in groupby(rows, key=itemgetter(1)):
        position, key = standing.get(entry_id, (0, "-"))
        yield Record(entry_id, position, key, [_sealed(row, salt) for row in own])


def _attempts(ranking: Ranking) -> Any:
    a = Attempt
    pools = select(Pool.id).where(Pool.division_id == ranking.division_id)
    return (
        select(
            a.id, a.entry_id, a.round_id, a.number, a.state, a.seed, microseconds(a.started_at), microseconds(a.ended_at),
            a.elapsed_ms, a.score, a.max_score, a.correct, type_coerce(cast(a.all_correct, Integer), Integer), a.written,
            a.prediction, a.ruling, cast(a.paper, Text), cast(a.responses, Text), a.essays,
        )
        .where(a.round_id.in_(queries.round_ids_of(ranking)), a.state.in_(ENDED), a.pool_id.in_(pools))
        .order_by(a.entry_id, a.round_id, a.number)
    )  # fmt: skip


def _sealed(row: tuple[Any, ...], salt: str) -> tuple[tuple[Any, ...], str, str, str]:
    *facts, paper, responses, essays = row
    if not essays:
        return tuple(facts), paper, responses, "-"
    document = json.loads(responses)
    written = document.pop("e", {})
    seal = records.sealed_essays(records.entry_salt(salt, facts[1]), written)
    return tuple(facts), paper, records.as_json(document), seal


def make(ranking: Ranking, *, now: datetime) -> SheetProof:
    """Make the proof of a sheet in the caller's transaction."""
    salt = secrets.token_hex(32)
    entries: list[bytes] = []
    leaves: list[bytes] = []
    for person in of_people(ranking, salt):
        entries.append(_ENTRY.pack(person.entry_id))
        leaves.append(merkle.leaf(person.as_bytes(salt)))
    tree = merkle.levels(leaves)
    _write(ranking.id, ENTRIES, entries)
    identities = [
        digest for _entry, digest in identities_of([e for e, *_rest in map(_ENTRY.unpack, entries)], ranking, salt)
    ]
    _write(ranking.id, IDENTITIES, identities)
    for level, digests in enumerate(tree):
        _write(ranking.id, level, digests)
    seq, hash_ = journal.head()
    root = (tree[-1][0] if tree else merkle.EMPTY).hex()
    proof = SheetProof(
        ranking_id=ranking.id, salt=salt, root=root, sizes=[len(level) for level in tree], journal_seq=seq,
        journal_hash=hash_, made_at=now,
    )  # fmt: skip
    db.session.add(proof)
    db.session.flush()
    after = {"number": ranking.number, "digest": ranking.digest, "root": root, "records": len(leaves)}
    after["identities"] = hashlib.sha256(b"".join(identities)).hexdigest()
    journal.record(None, "sheet.proved", f"ranking:{ranking.id}", now=now, after=after)
    return proof


def identities_of(entries: Collection[int], ranking: Ranking, salt: str) -> Iterator[tuple[int, bytes]]:
    """(entry, digest of whom it names) of some entries of the sheet's division, in their order."""
    e, wanted = Entry, set(entries)
    rows = select(
        e.id, e.contest_id, e.division_id, e.account_id, cast(e.birth_date, Text), e.org_unit_id,
        type_coerce(cast(e.declared, Integer), Integer), microseconds(e.registered_at), e.full_name, e.belongs_to,
    ).where(e.division_id == ranking.division_id).order_by(e.id)  # fmt: skip
    for part in fetch_plain(rows):
        for row in part:
            if row[0] in wanted:
                yield row[0], records.identity_digest(salt, row[:-2], *row[-2:])


def kept_identities(ranking_id: int) -> tuple[str, dict[int, bytes]]:
    """What the journal says of all of them together, and entry → digest; of sheets from before there were any, nothing."""
    kept = dict(levels(ranking_id))
    digests = kept.get(IDENTITIES, b"")
    entries = [e for (e,) in _ENTRY.iter_unpack(kept.get(ENTRIES, b""))]
    by_entry = {e: digests[n * _SIZE : (n + 1) * _SIZE] for n, e in enumerate(entries)}
    return hashlib.sha256(digests).hexdigest(), by_entry if digests else {}


def _write(ranking_id: int, level: int, digests: list[bytes]) -> None:
    starts = range(0, len(digests), PAGE)
    pages = [(ranking_id, level, n // PAGE, b"".join(digests[n : n + PAGE])) for n in starts]
    insert_plain(ProofPage.__table__, ("ranking_id", "level", "number", "content"), pages)


@jobs.handler(JOB)
def prove(job: jobs.Job, clock: jobs.Clock) -> str:
    """The root of the sheet that the job names."""
    ranking_id = int(job.subject.partition(":")[2])
    try:
        with transaction():
            if (made := proof_of(ranking_id)) is None:
                made = make(db.session.get_one(Ranking, ranking_id), now=clock())
    except IntegrityError:  # somebody else made it meanwhile
        made = db.session.get_one(SheetProof, ranking_id)
    return made.root


def begin(ranking: Ranking, *, now: datetime) -> None:
    """Prove a new sheet: at once, or by a job where there is much to read."""
    if ranking.attempts <= AT_ONCE:
        make(ranking, now=now)
    else:
        jobs.ask(JOB, f"ranking:{ranking.id}", None, now=now)


def proof_of(ranking_id: int) -> SheetProof | None:
    return db.session.get(SheetProof, ranking_id)


# Receipts


def receipt(ranking: Ranking, entry_id: int) -> dict[str, Any] | None:
    """What a person keeps to prove what they handed in: their attempts, the record, and the way to the root. None for whom
    the tree does not hold, or while there is none.

    Raises Refusal(RankingRefusal) where the person has been marked anew since, for then the record is no longer the one in
    the tree. A record that differs without that is given: that it does not lead to the root is what it is there to show.
    """
    proof = proof_of(ranking.id)
    index = _index_of(ranking.id, entry_id) if proof is not None else None
    if proof is None or index is None:
        return None
    standing = queries.standing_of(ranking, entry_id)
    rows = [row for part in fetch_plain(_attempts(ranking).where(Attempt.entry_id == entry_id)) for row in part]
    attempts = [_sealed(row, proof.salt) for row in rows]
    person = Record(entry_id, standing.position if standing else 0, standing.key.hex() if standing else "-", attempts)
    if merkle.leaf(person.as_bytes(proof.salt)) != _digest(ranking.id, 0, index):
        _refuse_if_corrected(ranking, [row[0] for row in rows])
    steps = [
        ["L" if position % 2 == 0 else "R", _digest(ranking.id, level, position).hex()]
        for level, position in merkle.places(index, proof.sizes)
    ]
    return {
        "form": "hieu-luat receipt 1",
        "contest": ranking.contest.slug,
        "sheet": {"id": ranking.id, "number": ranking.number, "digest": ranking.digest, "root": proof.root},
        "entry": entry_id,
        "position": person.position,
        "key": person.key,
        "salt": records.entry_salt(proof.salt, entry_id),
        "attempts": [[list(facts), paper, responses, essays] for facts, paper, responses, essays in person.attempts],
        "proof": steps,
    }


def _refuse_if_corrected(ranking: Ranking, attempt_ids: list[int]) -> None:
    if not are_marked_anew(ranking.contest.id, attempt_ids, ranking.made_at):
        return
    newer = queries.published_sheet(ranking.round_id, ranking.division_id)
    if newer is None or newer.number <= ranking.number:
        raise Refusal(RankingRefusal.CORRECTION_NOT_OUT, number=ranking.number)
    raise Refusal(RankingRefusal.CORRECTED_SINCE, number=ranking.number, newer=newer.number, sheet=newer.id)


def _index_of(ranking_id: int, entry_id: int) -> int | None:
    pages = select(ProofPage.number, ProofPage.content).where(
        ProofPage.ranking_id == ranking_id, ProofPage.level == ENTRIES
    )
    for number, content in db.session.execute(pages.order_by(ProofPage.number)):
        entries = [e for (e,) in _ENTRY.iter_unpack(content)]
        if entries and entries[-1] >= entry_id:
            at = bisect_left(entries, entry_id)
            return number * PAGE + at if entries[at] == entry_id else None
    return None


def _digest(ranking_id: int, level: int, position: int) -> bytes:
    page = db.session.get_one(ProofPage, (ranking_id, level, position // PAGE))
    at = position % PAGE * _SIZE
    return bytes(page.content[at : at + _SIZE])


def levels(ranking_id: int) -> list[tuple[int, bytes]]:
    """(level, what it holds) of every level that is kept, the lowest first."""
    pages = select(ProofPage).where(ProofPage.ranking_id == ranking_id).order_by(ProofPage.level, ProofPage.number)
    by_level = groupby(db.session.scalars(pages), key=lambda page: page.level)
    return [(level, b"".join(page.content for page in own)) for level, own in by_level]


def leaves(ranking_id: int) -> Iterator[tuple[int, bytes]]:
    """(entry, digest) of every leaf, as kept."""
    kept = dict(levels(ranking_id))
    entries, digests = kept.get(ENTRIES, b""), kept.get(0, b"")
    for n, (entry_id,) in enumerate(_ENTRY.iter_unpack(entries)):
        yield entry_id, digests[n * _SIZE : (n + 1) * _SIZE]
