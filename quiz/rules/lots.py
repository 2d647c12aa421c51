"""Drawing lots so that anybody can do it again: the order follows from a seed that nobody could choose.

The seed is a text that was public before it could be known what it decides, such as the numbers of a lottery drawn on a
day that was announced. What is drawn from is named by the digest of the result sheet, so that one seed gives different
orders on different sheets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

HEAD = "hieu-luat lots 1"


def ticket(seed: str, sheet: str, entry_id: int) -> str:
    """SHA-256, in hex, of these lines in UTF-8, each ended by a line feed; the smallest ticket is drawn first:

    hieu-luat lots 1
    <seed>
    <digest of the sheet>
    <number of the entry>
    """
    lines = f"{HEAD}\n{seed}\n{sheet}\n{entry_id}\n"
    return hashlib.sha256(lines.encode()).hexdigest()


def draw_lots(seed: str, sheet: str, entries: Iterable[int]) -> list[int]:
    """The entries in the order in which they are drawn; any order of the input gives the same."""
    return sorted(entries, key=lambda entry_id: ticket(seed, sheet, entry_id))
