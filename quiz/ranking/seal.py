"""The digest of a result sheet: whoever has its standings can compute it again with `sha256sum`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "position", "place", "entry_id", "attempt_id", "score", "max_score", "elapsed_ms", "submitted_at", "registered_at",
    "attempts_used", "prediction", "prediction_gap",
)  # fmt: skip


def digest(chain: Sequence[str], truth: int | None, standings: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256, in hex, of lines in UTF-8, each a JSON array without blanks and ended by a line feed:

        ["hieu-luat sheet 1",[<names of the chain>],<truth or null>]
        [<the FIELDS of a standing>]                      one line per standing, in order; moments as UTC to the microsecond

    standings: rows of the table `standing`
    """
    sha = hashlib.sha256()
    sha.update(_line(["hieu-luat sheet 1", list(chain), truth]))
    for row in standings:
        sha.update(_line([_plain(row[name]) for name in FIELDS]))
    return sha.hexdigest()


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
