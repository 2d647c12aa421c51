"""The commitment of a round: published before it opens, so that nobody can later choose other papers unseen.

Anyone can check it with a text editor and `sha256sum`, once the secret has been revealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from quiz.rules.drawing import Candidate

HEAD = "hieu-luat commitment 1"


def pool_rows(candidates: Iterable[Candidate]) -> list[list[int | str | bool]]:
    """A pool as it is stored and hashed: [version_id, bank, topic, level, options, shuffle] of each, sorted."""
    return [[c.version_id, c.bank, c.topic, c.level, c.options, c.shuffle] for c in sorted(candidates)]


def pool_digest(rows: Sequence[Sequence[int | str | bool]]) -> str:
    """SHA-256, in hex, of the rows as JSON in UTF-8: no blanks, no escapes beyond what JSON demands."""
    canonical = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def commitment(round_code: str, digests: Mapping[str, str], secret: str) -> str:
    """SHA-256, in hex, of these lines in UTF-8, each ended by a line feed:

        hieu-luat commitment 1
        <code of the round>
        <code of a division> <digest of its pool>        one line per division, sorted by code
        <secret of the round in hex>

    The secret has 256 random bits, so the commitment tells nothing about the pools before it is revealed.
    """
    lines = [HEAD, round_code, *(f"{code} {digests[code]}" for code in sorted(digests)), secret]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
