"""The wording of an item before it is written down, and what may be wrong with it: plain values, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.models import ItemKind, ItemVersion
from quiz.rules import written

LETTERS = "ABCDEFGH"
TRUE_FALSE = ("Đúng", "Sai")
MOST_THINGS = 12  # to put in order, or pairs to match: more do not fit a phone
MOST_ACCEPTED = 20
MOST_WORDS = 5000  # of an essay: five pages of A4 are some 2,500 (facts/contest-practice.md §2.1)
LONGEST = {
    "stem": 2000,
    "option": 1000,
    "match": 1000,
    "accepted": 200,
    "alt": 500,
    "explanation": 4000,
    "exemplar": 2000,
    "article": 40,
    "clause": 40,
    "point": 40,
    "source": 300,
}
_LISTED = {"option": "options", "match": "matches", "accepted": "accepted"}  # one length for each of many texts
_BETWEEN_TEXTS = "\x1f"
_BETWEEN_WORDS = re.compile(r"(?:[^\w\u0300-\u036f\x1f]|_)+")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


Essence = tuple[str, frozenset[str]]  # of an item: what it asks, and what it offers in whatever order


class Image(NamedTuple):
    """place: 0 the stem, n the option n.  digest: of a Picture.  alt: what it shows, for those who do not see it."""

    place: int
    digest: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a version says. The fields are those of ItemVersion of the same names."""

    kind: str
    stem: str
    options: tuple[str, ...] = ()
    key: tuple[int, ...] = ()
    matches: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    partial: bool = False
    pinned: tuple[int, ...] = ()
    images: tuple[Image, ...] = ()
    words: int | None = None
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
        values = {name: getattr(self, name) for name in _FIELDS}
        return {n: list(v) if isinstance(v, tuple) else v for n, v in values.items()} | {
            "images": [list(i) for i in self.images]
        }

    def to_json(self) -> dict[str, Any]:
        return {name: v.isoformat() if isinstance(v, date) else v for name, v in self.columns().items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Wording:
        days = {n: date.fromisoformat(values[n]) if values[n] else None for n in ("valid_from", "valid_until")}
        return cls(**_as_tuples(values) | days)

    def says_the_same(self, other: Wording) -> bool:
        """Equal but for where the two came from."""
        return replace(self, source="") == replace(other, source="")

    @property
    def essence(self) -> Essence:
        """Equal for two items that ask the same and offer the same options."""
        return essence_of(self.stem, self.options, self.matches)

    def image_at(self, place: int) -> Image | None:
        return next((image for image in self.images if image.place == place), None)


_FIELDS = tuple(f.name for f in fields(Wording))


def wording_of(version: ItemVersion) -> Wording:
    return Wording(**_as_tuples({name: getattr(version, name) for name in _FIELDS}))


def _as_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return plain | {"images": tuple(Image(*image) for image in values["images"])}


def one_line(text: str) -> str:
    """NFC with single blanks: how stems, options and short fields are kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def several_lines(text: str) -> str:
    """NFC, blanks single, one empty line between paragraphs."""
    blocks = re.split(r"\n\s*\n", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return "\n\n".join(joined for block in blocks if (joined := " ".join(block.split())))


def essence(text: str) -> str:
    """Letters and digits alone, in one case: what two texts share that differ in blanks and marks only."""
    return _essences((text,))[0]


def essence_of(stem: str, options: Sequence[str], matches: Sequence[str]) -> Essence:
    first, *others = _essences((stem, *options, *matches))
    return first, frozenset(others)


def _essences(texts: Sequence[str]) -> list[str]:
    """The essence of each text; all in one go, because files have tens of thousands of them."""
    together = unicodedata.normalize("NFC", _BETWEEN_TEXTS.join(texts)).casefold()
    found = _BETWEEN_WORDS.sub(" ", together).split(_BETWEEN_TEXTS)
    if len(found) != len(texts):  # a text that holds the sign between texts itself
        return [_essences((text.replace(_BETWEEN_TEXTS, " "),))[0] for text in texts]
    return [stripped or one_line(text) for text, stripped in zip(texts, map(str.strip, found), strict=True)]


def flaws(wording: Wording, topics: Sequence[str]) -> list[Problem]:
    """Everything that is wrong with a wording.  topics: codes of the bank, in its order."""
    found = [*_flaws_of_texts(wording), *_FLAWS_OF_KIND[wording.kind](wording), *_flaws_of_images(wording)]
    if wording.topic not in topics:
        found.append(Problem(Fault.UNKNOWN_TOPIC, {"topic": wording.topic, "known": ", ".join(topics)}))
    if wording.level not in (1, 2, 3):
        found.append(Problem(Fault.UNKNOWN_LEVEL, {"level": wording.level}))
    if wording.valid_from and wording.valid_until and wording.valid_until <= wording.valid_from:
        found.append(Problem(Fault.ENDS_BEFORE_START))
    return found


def _flaws_of_texts(w: Wording) -> Iterator[Problem]:
    if not w.stem:
        yield Problem(Fault.NO_STEM)
    yield from _twice(w.options, Fault.SAME_OPTION_TWICE, letter)
    yield from _twice(w.accepted, Fault.SAME_ACCEPTED_TWICE, str)
    texts = [(name, text) for name, listed in _LISTED.items() for text in getattr(w, listed)]
    texts += [("alt", image.alt) for image in w.images]
    texts += [(name, getattr(w, name)) for name in LONGEST if name not in _LISTED and name != "alt"]
    for name, text in texts:
        if len(text) > LONGEST[name]:
            yield Problem(Fault.TOO_LONG, {"start": text[:30], "length": len(text), "most": LONGEST[name]})


def _twice(texts: Sequence[str], fault: Fault, name: Callable[[int], str]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, text in enumerate(texts, 1):
        first = seen.setdefault(text.casefold(), number)
        if first != number:
            yield Problem(fault, {"a": name(first), "b": name(number)})


def _flaws_of_choice(w: Wording) -> Iterator[Problem]:
    if len(w.options) < 2:
        yield Problem(Fault.TOO_FEW_OPTIONS, {"count": len(w.options)})
    if len(w.options) > len(LETTERS):
        yield Problem(Fault.TOO_MANY_OPTIONS, {"count": len(w.options), "most": len(LETTERS)})
    beyond = [n for n in w.key if not 1 <= n <= len(w.options)]
    if not w.key:
        yield Problem(Fault.NO_KEY)
    elif beyond:
        details = {"key": ", ".join(map(letter, beyond)), "last": letter(len(w.options)) if w.options else "–"}
        yield Problem(Fault.KEY_NAMES_NO_OPTION, details)
    elif w.kind != ItemKind.MULTIPLE:
        if len(w.key) > 1:
            yield Problem(Fault.TWO_KEYS, {"key": ", ".join(map(letter, w.key))})
    elif len(w.key) == 1:
        yield Problem(Fault.ONE_KEY_OF_SEVERAL, severity=Severity.WARNING)
    elif len(w.key) == len(w.options):
        yield Problem(Fault.ALL_ARE_KEYS, severity=Severity.WARNING)


def _flaws_of_written(w: Wording) -> Iterator[Problem]:
    if not w.accepted:
        yield Problem(Fault.NO_ACCEPTED)
    if len(w.accepted) > MOST_ACCEPTED:
        yield Problem(Fault.TOO_MANY_OPTIONS, {"count": len(w.accepted), "most": MOST_ACCEPTED})
    if w.kind == ItemKind.NUMBER:
        for text in w.accepted:
            if written.read_accepted_number(text) is None:
                yield Problem(Fault.NOT_A_NUMBER, {"text": text[:60]})


def _flaws_of_ordering(w: Wording) -> Iterator[Problem]:
    if len(w.options) < 3:
        yield Problem(Fault.TOO_FEW_THINGS, {"count": len(w.options)})
    if len(w.options) > MOST_THINGS:
        yield Problem(Fault.TOO_MANY_OPTIONS, {"count": len(w.options), "most": MOST_THINGS})


def _flaws_of_matching(w: Wording) -> Iterator[Problem]:
    yield from _twice(w.matches, Fault.SAME_OPTION_TWICE, str)
    if len(w.options) < 2 or len(w.matches) < 2:
        yield Problem(Fault.TOO_FEW_PAIRS, {"count": min(len(w.options), len(w.matches))})
    if max(len(w.options), len(w.matches)) > MOST_THINGS:
        yield Problem(Fault.TOO_MANY_PAIRS, {"count": max(len(w.options), len(w.matches)), "most": MOST_THINGS})
    lost = [n for n in range(1, len(w.options) + 1) if n > len(w.key) or not 1 <= w.key[n - 1] <= len(w.matches)]
    if lost:
        yield Problem(Fault.LEFT_WITHOUT_MATCH, {"lefts": ", ".join(map(str, lost))})


def _flaws_of_essay(w: Wording) -> Iterator[Problem]:
    if w.words is not None and not 1 <= w.words <= MOST_WORDS:
        yield Problem(Fault.BAD_WORD_LIMIT, {"words": w.words, "most": MOST_WORDS})


_FLAWS_OF_KIND: dict[str, Callable[[Wording], Iterator[Problem]]] = {
    ItemKind.SINGLE: _flaws_of_choice,
    ItemKind.MULTIPLE: _flaws_of_choice,
    ItemKind.TRUE_FALSE: _flaws_of_choice,
    ItemKind.SHORT_TEXT: _flaws_of_written,
    ItemKind.NUMBER: _flaws_of_written,
    ItemKind.ORDERING: _flaws_of_ordering,
    ItemKind.MATCHING: _flaws_of_matching,
    ItemKind.ESSAY: _flaws_of_essay,
}


def _flaws_of_images(w: Wording) -> Iterator[Problem]:
    for image in w.images:
        where = _("phương án %(option)s", option=letter(image.place)) if image.place else _("câu dẫn")
        if not image.alt:
            yield Problem(Fault.IMAGE_WITHOUT_TEXT, {"where": where, "place": image.place})
        if image.place > len(w.options):
            yield Problem(Fault.IMAGE_NOWHERE, {"where": where})


def letter(number: int) -> str:
    """1 → "A"; beyond Z the number itself."""
    return chr(64 + number) if 1 <= number <= 26 else str(number)


def number_of(name: str) -> int:
    """ "A" or "a" → 1: the option that a letter means."""
    return ord(name.upper()) - 64


def bad_code(code: str) -> bool:
    return CODE.fullmatch(code) is None
