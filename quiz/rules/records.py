"""What a result sheet is proof of, as lines of text that anybody can hash: attempts, and for each person one record.

A person's record seals all attempts with a salt of their own, so that a published tree tells nothing of answers that are
not published themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

ATTEMPT = "hieu-luat attempt 1"
IDENTITY = "hieu-luat identity 1"
OLD_CONTENT = ("kind", "level", "stem", "options", "matches", "key", "accepted", "partial", "words")
CONTENT = (*OLD_CONTENT, "images")


def as_json(value: Any) -> str:
    """JSON as everything here is hashed: no blanks, no escapes beyond what JSON demands."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sealed_essays(salt: str, essays: Any) -> str:
    """What stands for essays where answers are published: people write of themselves in them."""
    return hashlib.sha256(f"{salt}\n{as_json(essays)}\n".encode()).hexdigest()


def attempt_digest(facts: Sequence[object], paper: str, responses: str, essays: str) -> str:
    """SHA-256, in hex, of these lines in UTF-8, each ended by a line feed:

    hieu-luat attempt 1
    <facts with blanks between: FACTS in this order, "-" for none>
    <paper as JSON>
    <responses as JSON, without essays>
    <seal of the essays, "-" for none>
    """
    line = " ".join("-" if fact is None else str(int(fact) if isinstance(fact, bool) else fact) for fact in facts)
    return hashlib.sha256(f"{ATTEMPT}\n{line}\n{paper}\n{responses}\n{essays}\n".encode()).hexdigest()


FACTS = (
    "id", "entry", "round", "number", "state", "seed", "started", "ended", "elapsed_ms", "score", "max_score", "correct",
    "all_correct", "written", "prediction", "ruling",
)  # fmt: skip


def entry_salt(salt: str, entry_id: int) -> str:
    """The salt of a person's record, made of the sheet's."""
    return hmac.new(bytes.fromhex(salt), str(entry_id).encode(), hashlib.sha256).hexdigest()


def record(entry_id: int, position: int, key: str, salt: str, digests: Sequence[str]) -> bytes:
    """A person's record: "<entry> <position> <key in hex> <seal of the attempts>".

    position, key: 0 and "-" for whom no valid attempt ranks · salt: `entry_salt` · digests: of all ended attempts in the
    rounds of the sheet, by number of the attempt
    """
    seal = hmac.new(bytes.fromhex(salt), "\n".join(digests).encode(), hashlib.sha256).hexdigest()
    return f"{entry_id} {position} {key} {seal}".encode()


def identity_digest(salt: str, facts: tuple[object, ...], name: str, belongs_to: str) -> bytes:
    """SHA-256 of whom an entry names, as it was frozen at registration: of these lines in UTF-8, each ended by a line feed.

    hieu-luat identity 1
    <salt of the sheet>
    <facts with blanks between> <letters of the name>
    <name>
    <unit or place>
    """
    line = ("%s " * len(facts)) % facts
    return hashlib.sha256(f"{IDENTITY}\n{salt}\n{line}{len(name)}\n{name}\n{belongs_to}\n".encode()).digest()


def content_digest(version: Mapping[str, Any], names: Sequence[str] = CONTENT) -> str:
    """SHA-256, in hex, of what an item version says and shows, and what is right in it.

    version: at least `names`; its pictures are named by the SHA-256 of their bytes
    """
    return hashlib.sha256(as_json([version[name] for name in names]).encode()).hexdigest()


def items_digest(versions: Mapping[int, Mapping[str, Any]], names: Sequence[str] = CONTENT) -> str:
    """SHA-256, in hex, of a line "<version> <content digest>" for each, by number of the version.

    names: OLD_CONTENT for contests opened before commitments covered pictures
    """
    lines = "".join(f"{version_id} {content_digest(versions[version_id], names)}\n" for version_id in sorted(versions))
    return hashlib.sha256(lines.encode()).hexdigest()
