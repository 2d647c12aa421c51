"""What every writer takes and gives: items of a bank, a file, and a list of what the format could not hold.

A writer is a function `write(bank: OutBank, items: Sequence[OutItem]) -> Written`. What it writes, its reader reads back.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quiz.banks.wording import Wording


class Lost(enum.Enum):
    """What a format may be unable to hold. Each has a sentence in banks/refusals.py."""

    KIND = "kind"  # the item as a whole is left out
    IMAGES = "images"
    PARTIAL = "partial"
    PINNED = "pinned"
    EXPLANATION = "explanation"
    CITATION = "citation"
    PERIOD = "period"
    LEVEL = "level"
    TOPIC = "topic"
    EXEMPLAR = "exemplar"
    SOURCE = "source"
    CODE = "code"
    WORDS = "words"
    OTHER_MATCHES = "other_matches"


@dataclass(frozen=True, slots=True)
class OutPicture:
    media_type: str  # "image/png" or "image/jpeg"
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutItem:
    """document: number of the cited document as the library has it, or "".  pictures: digest → bytes, for wording.images."""

    code: str
    wording: Wording
    document: str = ""
    pictures: Mapping[str, OutPicture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutBank:
    """topics: [{"code": …, "title": …}, …] in order of display."""

    code: str
    title: str
    note: str
    topics: Sequence[Mapping[str, str]]

    def topic_title(self, code: str) -> str:
        return next((topic["title"] for topic in self.topics if topic["code"] == code), code)


@dataclass(slots=True)
class Written:
    """losses: (item code, what is missing from the file), in order of the items."""

    content: bytes = b""
    losses: list[tuple[str, Lost]] = field(default_factory=list)
