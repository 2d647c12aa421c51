"""The wording of an item before it is written down, and what may be wrong with it: plain values, no database."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from quiz.banks.models import ItemKind, ItemVersion

LETTERS = "ABCDEFGH"
TRUE_FALSE = ("Đúng", "Sai")
LONGEST = {
    "stem": 2000,
    "option": 1000,
    "explanation": 4000,
    "exemplar": 2000,
    "article": 40,
    "clause": 40,
    "point": 40,
    "source": 300,
}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class Fault(enum.Enum):
    """What can be wrong with an item or a file of items. Each has a sentence in refusals.py."""

    # of the wording itself
    NO_STEM = "no_stem"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    SAME_OPTION_TWICE = "same_option_twice"
    NO_KEY = "no_key"
    TWO_KEYS = "two_keys"
    KEY_NAMES_NO_OPTION = "key_names_no_option"
    ONE_KEY_OF_SEVERAL = "one_key_of_several"
    ALL_ARE_KEYS = "all_are_keys"
    TOO_LONG = "too_long"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_LEVEL = "unknown_level"
    ENDS_BEFORE_START = "ends_before_start"
    # of its code and its likes
    BAD_CODE = "bad_code"
    SAME_CODE_TWICE = "same_code_twice"
    SAME_ITEM_TWICE = "same_item_twice"
    SAME_STEM_TWICE = "same_stem_twice"
    ITEM_IN_BANK = "item_in_bank"
    STEM_IN_BANK = "stem_in_bank"
    NEW_VERSION = "new_version"
    # of a table
    NO_TOPIC = "no_topic"
    NO_LEVEL = "no_level"
    UNKNOWN_KIND = "unknown_kind"
    SEVERAL_ASSUMED = "several_assumed"
    OPTION_GAP = "option_gap"
    UNREADABLE_KEY = "unreadable_key"
    AMBIGUOUS_KEY = "ambiguous_key"
    DECIMAL_KEY = "decimal_key"
    TRUE_FALSE_KEY = "true_false_key"
    OPTIONS_NOT_READ = "options_not_read"
    BAD_DAY = "bad_day"
    DAY_BY_EXCEL = "day_by_excel"
    ERROR_CELL = "error_cell"
    UNKNOWN_DOCUMENT = "unknown_document"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_QUESTIONED = "document_questioned"
    PLACE_WITHOUT_DOCUMENT = "place_without_document"
    UNKNOWN_COLUMN = "unknown_column"
    UNNAMED_COLUMN = "unnamed_column"
    SAME_COLUMN_TWICE = "same_column_twice"
    SHEET_NOT_READ = "sheet_not_read"
    # of a YAML file
    CODE_IN_FILE = "code_in_file"
    NOT_YAML = "not_yaml"
    DOUBLED_FIELD = "doubled_field"
    NOT_A_MAPPING = "not_a_mapping"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    NOT_TEXT = "not_text"
    NO_BANK = "no_bank"
    SEVERAL_BANKS = "several_banks"
    OPTION_LETTERS = "option_letters"
    NOT_IN_LIBRARY = "not_in_library"
    NOBODY_VOUCHES = "nobody_vouches"


class Severity(enum.StrEnum):
    ERROR = "error"  # the item cannot be written
    WARNING = "warning"  # it can; somebody should look
    INFO = "info"  # it can; something was understood for the author


@dataclass(frozen=True, slots=True)
class Problem:
    fault: Fault
    details: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def to_json(self) -> list[Any]:
        return [self.fault.name, dict(self.details), self.severity.value]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Problem:
        name, details, severity = value
        return cls(Fault[name], details, Severity(severity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a version says. The fields are those of ItemVersion of the same names."""

    kind: str
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...]
    topic: str
    level: int
    explanation: str = ""
    document_id: int | None = None
    article: str = ""
    clause: str = ""
    point: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    exemplar: str = ""
    source: str = ""

    def columns(self) -> dict[str, Any]:
        """As columns of an ItemVersion."""
        return asdict(self) | {"options": list(self.options), "key": list(self.key)}

    def to_json(self) -> dict[str, Any]:
        return {name: v.isoformat() if isinstance(v, date) else v for name, v in self.columns().items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Wording:
        days = {n: date.fromisoformat(values[n]) if values[n] else None for n in ("valid_from", "valid_until")}
        return cls(**{**values, **days, "options": tuple(values["options"]), "key": tuple(values["key"])})

    def says_the_same(self, other: Wording) -> bool:
        """Equal but for where the two came from."""
        return replace(self, source="") == replace(other, source="")

    @property
    def essence(self) -> tuple[str, frozenset[str]]:
        """Equal for two items that ask the same and offer the same options."""
        return essence(self.stem), frozenset(essence(option) for option in self.options)


def wording_of(version: ItemVersion) -> Wording:
    values = {f.name: getattr(version, f.name) for f in fields(Wording)}
    return Wording(**values | {"options": tuple(version.options), "key": tuple(sorted(version.key))})


def one_line(text: str) -> str:
    """NFC with single blanks: how stems, options and short fields are kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def several_lines(text: str) -> str:
    """NFC, blanks single, one empty line between paragraphs."""
    blocks = re.split(r"\n\s*\n", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return "\n\n".join(joined for block in blocks if (joined := " ".join(block.split())))


def essence(text: str) -> str:
    """Letters and digits alone, in one case: what two texts share that differ in blanks and marks only."""
    kept = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).casefold().split()) or one_line(text)


def flaws(wording: Wording, topics: Sequence[str]) -> list[Problem]:
    """Everything that is wrong with a wording.  topics: codes of the bank, in its order."""
    found = _flaws_of_texts(wording) + _flaws_of_key(wording)
    if wording.topic not in topics:
        found.append(Problem(Fault.UNKNOWN_TOPIC, {"topic": wording.topic, "known": ", ".join(topics)}))
    if wording.level not in (1, 2, 3):
        found.append(Problem(Fault.UNKNOWN_LEVEL, {"level": wording.level}))
    if wording.valid_from and wording.valid_until and wording.valid_until <= wording.valid_from:
        found.append(Problem(Fault.ENDS_BEFORE_START))
    return found


def _flaws_of_texts(w: Wording) -> list[Problem]:
    found = [] if w.stem else [Problem(Fault.NO_STEM)]
    if len(w.options) < 2:
        found.append(Problem(Fault.TOO_FEW_OPTIONS, {"count": len(w.options)}))
    if len(w.options) > len(LETTERS):
        found.append(Problem(Fault.TOO_MANY_OPTIONS, {"count": len(w.options), "most": len(LETTERS)}))
    seen: dict[str, int] = {}
    for i, option in enumerate(w.options):
        first = seen.setdefault(one_line(option).casefold(), i)
        if first != i:
            found.append(Problem(Fault.SAME_OPTION_TWICE, {"a": letter(first + 1), "b": letter(i + 1)}))
    texts = [("stem", w.stem), *(("option", option) for option in w.options)]
    texts += [(name, getattr(w, name)) for name in LONGEST if name not in ("stem", "option")]
    for name, text in texts:
        if len(text) > LONGEST[name]:
            found.append(Problem(Fault.TOO_LONG, {"start": text[:30], "length": len(text), "most": LONGEST[name]}))
    return found


def _flaws_of_key(w: Wording) -> list[Problem]:
    if not w.key:
        return [Problem(Fault.NO_KEY)]
    beyond = [n for n in w.key if not 1 <= n <= len(w.options)]
    if beyond:
        details = {"key": ", ".join(map(letter, beyond)), "last": letter(len(w.options)) if w.options else "–"}
        return [Problem(Fault.KEY_NAMES_NO_OPTION, details)]
    if w.kind != ItemKind.MULTIPLE:
        return [Problem(Fault.TWO_KEYS, {"key": ", ".join(map(letter, w.key))})] if len(w.key) > 1 else []
    if len(w.key) == 1:
        return [Problem(Fault.ONE_KEY_OF_SEVERAL, severity=Severity.WARNING)]
    return [Problem(Fault.ALL_ARE_KEYS, severity=Severity.WARNING)] if len(w.key) == len(w.options) else []


def letter(number: int) -> str:
    """1 → "A"; beyond Z the number itself."""
    return chr(64 + number) if 1 <= number <= 26 else str(number)


def bad_code(code: str) -> bool:
    return CODE.fullmatch(code) is None
