"""What every reader gives: the items of a file as the file has them, before they are compared with a bank.

A reader is a function `read(content: bytes) -> Reading`. It knows its format and nothing of banks; it never guesses a key:
what is uncertain is left open with a problem that says why. `assembly.assemble` does the rest, the same for all formats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quiz.banks.faults import Fault, Problem, Severity
from quiz.law.models import LegalDocument

MOST_ITEMS = 20_000


@dataclass(slots=True)
class RawPicture:
    """place: 0 the stem, n the option n.  content: the file as it was embedded.  alt: "" when the file has none."""

    place: int
    content: bytes
    alt: str = ""


@dataclass(slots=True, kw_only=True)
class RawItem:
    """An item as the file has it; texts may still be damaged and have outer blanks.

    number: from 1, in order of the file · place: where it stands, for people: "dòng 12", "đoạn 31" · kind: an ItemKind, or ""
    to be understood from key and options · key: as in Wording; empty where the file has none or it is uncertain, then
    with a problem · key_text: the key as the file writes it · topic, level, document, article, clause, point, valid_from,
    valid_until, valid_through: texts as written, or a date where the file has one
    """

    number: int
    place: str
    code: str = ""
    kind: str = ""
    stem: str = ""
    options: list[str] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    key_text: str = ""
    matches: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    partial: bool = False
    pinned: list[int] = field(default_factory=list)
    words: int | None = None
    topic: str = ""
    level: str = ""
    explanation: str = ""
    document: str = ""
    article: str = ""
    clause: str = ""
    point: str = ""
    valid_from: date | str | None = None
    valid_until: date | str | None = None  # the first day on which the key is no longer right
    valid_through: date | str | None = None  # the last day on which it is
    exemplar: str = ""
    source: str = ""
    pictures: list[RawPicture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, fault: Fault, severity: Severity = Severity.ERROR, **details: Any) -> None:
        self.problems.append(Problem(fault, details, severity))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A piece of the file that became no item.  place: for people; problem: why."""

    place: str
    problem: Problem


@dataclass(slots=True)
class Reading:
    """What a file holds.  about: what was read of it, for people ("trang tính “Câu hỏi”"), or "".

    problems: those of the file as a whole · empty: rows or blocks passed over because nothing stands in them
    """

    items: list[RawItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    about: str = ""
    empty: int = 0

    def note(self, fault: Fault, severity: Severity = Severity.WARNING, **details: Any) -> None:
        self.problems.append(Problem(fault, details, severity))

    def skip(self, place: str, fault: Fault, **details: Any) -> None:
        self.skipped.append(Skipped(place, Problem(fault, details, Severity.WARNING)))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What people chose for items of the file that say nothing themselves.  topic: a code or ""; level: 1–3 or None."""

    topic: str = ""
    level: int | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is read against: topics of the bank, documents of the library, the local day, and the defaults."""

    topics: Sequence[Mapping[str, str]]
    documents: Sequence[LegalDocument]
    today: date
    defaults: Defaults = Defaults()
