"""The digest of a result sheet: whoever has its standings can compute it again with `sha256sum`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import islice

from quiz.ranking.results import Numbered

STEP = 20_000  # lines hashed at once


def digest(chain: Sequence[str], truth: int | None, places: Numbered) -> str:
    """SHA-256, in hex, of lines in UTF-8, each ended by a line feed:

        hieu-luat sheet 2 <the chain and the truth, a JSON array without blanks: [[steps],truth or null]>
        <position> <place> <number of the entry> <number of the attempt> <key in hex>       one line per standing, in order

    The key holds what the chain compared, big-endian, so that a smaller key stands above (rules.tie_break.unpack).
    """
    head = json.dumps([list(chain), truth], separators=(",", ":"))
    sha = hashlib.sha256(f"hieu-luat sheet 2 {head}\n".encode())
    columns = (places.numbers, places.entry_ids, places.attempt_ids, map(bytes.hex, places.keys))
    lines = map("%d %d %d %d %s\n".__mod__, zip(range(1, len(places) + 1), *columns, strict=True))
    while some := "".join(islice(lines, STEP)):
        sha.update(some.encode())
    return sha.hexdigest()
