"""The commitment of a round: published before it opens, so that nobody can later choose other papers unseen.

Anyone can check it with a text editor and `sha256sum`, once the secret has been revealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from quiz.rules.drawing import Candidate

HEAD = "hieu-luat commitment 3"
SECOND_HEAD = "hieu-luat commitment 2"
FIRST_HEAD = "hieu-luat commitment 1"


PoolRow = list[int | str | bool | list[int]]


def pool_rows(candidates: Iterable[Candidate]) -> list[PoolRow]:
    """A pool as it is stored and hashed: [version_id, bank, topic, level, options, shuffle] of each, sorted.

    An item with pinned options has their numbers as a seventh part.
    """
    return [_pool_row(candidate) for candidate in sorted(candidates)]


def _pool_row(c: Candidate) -> PoolRow:
    row: PoolRow = [c.version_id, c.bank, c.topic, c.level, c.options, c.shuffle]
    return [*row, list(c.pinned)] if c.pinned else row


def candidate_of(row: Sequence[Any]) -> Candidate:
    """A row of a pool as it is stored."""
    values = [*row[:-1], tuple(row[-1])] if isinstance(row[-1], list) else row
    return Candidate(*values)


def pool_digest(rows: Sequence[PoolRow]) -> str:
    """SHA-256, in hex, of the rows as JSON in UTF-8: no blanks, no escapes beyond what JSON demands."""
    canonical = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def commitment(round_code: str, digests: Mapping[str, str], items: str, secret: str) -> str:
    """SHA-256, in hex, of these lines in UTF-8, each ended by a line feed:

        hieu-luat commitment 3
        <code of the round>
        <code of a division> <digest of its pool>        one line per division, sorted by code
        <digest of what all these items say and show, and of their keys (records.items_digest)>
        <secret of the round in hex>

    The secret has 256 random bits, so the commitment tells nothing about the pools before it is revealed.
    """
    return _hashed([HEAD, round_code, *_pools(digests), items, secret])


def second_commitment(round_code: str, digests: Mapping[str, str], items: str, secret: str) -> str:
    """That of contests opened before commitments covered pictures.  items: made of records.OLD_CONTENT"""
    return _hashed([SECOND_HEAD, round_code, *_pools(digests), items, secret])


def first_commitment(round_code: str, digests: Mapping[str, str], secret: str) -> str:
    """That of contests opened before commitments covered what the items say."""
    return _hashed([FIRST_HEAD, round_code, *_pools(digests), secret])


def _pools(digests: Mapping[str, str]) -> list[str]:
    return [f"{code} {digests[code]}" for code in sorted(digests)]


def _hashed(lines: Sequence[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
