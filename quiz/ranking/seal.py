"""The digest of a result sheet: whoever has its standings can compute it again with `sha256sum`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

STEP = 20_000  # lines hashed at once


def digest(chain: Sequence[str], truth: int | None, standings: Iterable[Any]) -> str:
    """SHA-256, in hex, of lines in UTF-8, each ended by a line feed:

        hieu-luat sheet 2 <the chain and the truth, a JSON array without blanks: [[steps],truth or null]>
        <position> <place> <number of the entry> <number of the attempt> <key in hex>       one line per standing, in order

    The key holds what the chain compared, big-endian, so that a smaller key stands above (rules.tie_break.unpack).

    standings: (position, place, tied, entry_id, attempt_id, key) of each
    """
    head = json.dumps([list(chain), truth], separators=(",", ":"))
    sha = hashlib.sha256(f"hieu-luat sheet 2 {head}\n".encode())
    lines: list[str] = []
    for position, place, _tied, entry_id, attempt_id, key in standings:
        lines.append(f"{position} {place} {entry_id} {attempt_id} {key.hex()}\n")
        if len(lines) == STEP:
            sha.update("".join(lines).encode())
            lines.clear()
    sha.update("".join(lines).encode())
    return sha.hexdigest()
