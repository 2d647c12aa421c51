"""From what a file says to a wording of this bank: texts mended, topic, level and document found, every flaw noted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from quiz.banks import pins
from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.formats.reading import Known, RawItem
from quiz.banks.formats.spelling import cells
from quiz.banks.formats.spelling.repair import mend
from quiz.banks.models import ItemKind
from quiz.banks.wording import TRUE_FALSE, Image, Wording, bad_code, flaws, letter, one_line, several_lines
from quiz.errors import Refusal
from quiz.law.models import DocumentState, LegalDocument
from quiz.pictures import PictureRefusal, StorePicture


@dataclass(slots=True)
class Assembled:
    """An item ready for the report.  wording: complete as far as it could be; `problems` say what is missing.

    code: as the file has it, or of the item that the bank knows it as; "" for a new one
    origin: digest of what the file says, the same for the same item in the same format
    """

    number: int
    place: str
    code: str
    key_text: str
    wording: Wording
    problems: list[Problem] = field(default_factory=list)
    origin: str = ""


def assemble(raw: RawItem, known: Known, store: StorePicture) -> Assembled:
    """Compare a raw item with the bank it is meant for.  store: keeps the bytes of a picture and gives its digest."""
    return _Assembly(raw, known, store).result()


class _Assembly:
    def __init__(self, raw: RawItem, known: Known, store: StorePicture) -> None:
        self.raw = raw
        self.known = known
        self.store = store
        self.problems = list(raw.problems)
        self.changes: list[str] = []

    def result(self) -> Assembled:
        raw = self.raw
        code = self.line(raw.code)
        if code and bad_code(code):
            self.note(Fault.BAD_CODE, code=code[:70])
        options = tuple(map(self.line, raw.options))
        kind, options, key = self.kind_and_key(options)
        document, source = self.document()
        wording = Wording(
            kind=kind, stem=self.line(raw.stem), options=options, key=key, matches=tuple(map(self.line, raw.matches)),
            accepted=tuple(filter(None, map(self.line, raw.accepted))), partial=raw.partial and ItemKind(kind).may_be_partial,
            pinned=self.pinned(kind, options), images=self.images(), words=raw.words, topic=self.topic(), level=self.level(),
            explanation=self.lines(raw.explanation), document_id=document.id if document else None,
            article=self.part(raw.article, "điều", document), clause=self.part(raw.clause, "khoản", document),
            point=self.part(raw.point, "điểm", document), valid_from=self.day(raw.valid_from), valid_until=self.until(),
            exemplar=self.lines(raw.exemplar), source=source[:300],
        )  # fmt: skip
        if self.changes:
            self.note(Fault.REPAIRED, Severity.INFO, changes="; ".join(dict.fromkeys(self.changes)))
        self.check(wording)
        return Assembled(
            raw.number,
            raw.place,
            code[:60],
            one_line(mend(raw.key_text, []))[:300],
            wording,
            self.problems,
            _origin(raw),
        )

    def note(self, fault: Fault, severity: Severity = Severity.ERROR, **details: object) -> None:
        self.problems.append(Problem(fault, details, severity))

    def line(self, text: str) -> str:
        return one_line(mend(text, self.changes))

    def lines(self, text: str) -> str:
        return several_lines(mend(text, self.changes))

    def kind_and_key(self, options: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
        """What the key makes of a kind that the file does not name."""
        raw = self.raw
        key = tuple(raw.key) if raw.kind == ItemKind.MATCHING else tuple(sorted(set(raw.key)))
        if raw.kind == ItemKind.TRUE_FALSE:
            return ItemKind.TRUE_FALSE, TRUE_FALSE, key
        if raw.kind:
            return raw.kind, options, key if ItemKind(raw.kind).has_options or raw.kind == ItemKind.MATCHING else ()
        if tuple(cells.words_of(option) for option in options) == ("dung", "sai") and len(key) <= 1:
            return ItemKind.TRUE_FALSE, TRUE_FALSE, key
        if len(key) > 1:
            self.note(Fault.SEVERAL_ASSUMED, Severity.WARNING)
            return ItemKind.MULTIPLE, options, key
        return ItemKind.SINGLE, options, key

    def pinned(self, kind: str, options: tuple[str, ...]) -> tuple[int, ...]:
        if kind not in (ItemKind.SINGLE, ItemKind.MULTIPLE):
            return ()
        by_words = pins.pins(options)
        if by_words:
            self.note(Fault.PINNED_BY_WORDS, Severity.INFO, options=", ".join(map(letter, by_words)))
        return tuple(sorted({*by_words, *(n for n in self.raw.pinned if n <= len(options))}))

    def images(self) -> tuple[Image, ...]:
        found = []
        for picture in self.raw.pictures:
            try:
                found.append(Image(picture.place, self.store(picture.content), self.line(picture.alt)))
            except Refusal as refusal:
                if not isinstance(refusal.reason, PictureRefusal):
                    raise
                self.note(Fault.IMAGE_NOT_KEPT, Severity.WARNING, why=refusal.sentence)
        by_place = {image.place: image for image in reversed(found)}  # the first of several at one place
        return tuple(by_place[place] for place in sorted(by_place))

    def topic(self) -> str:
        topics, said = self.known.topics, self.line(self.raw.topic)
        titles = "; ".join(t["title"] for t in topics)
        if said:
            if code := cells.read_topic(said, topics):
                return code
            if not self.known.defaults.topic:
                self.note(Fault.UNKNOWN_TOPIC, topic=said[:60], known=titles)
                return ""
        if self.known.defaults.topic:
            self.note(Fault.TOPIC_BY_DEFAULT, Severity.INFO)
            return self.known.defaults.topic
        if len(topics) == 1:
            return topics[0]["code"]
        self.note(Fault.NO_TOPIC, known=titles)
        return ""

    def level(self) -> int:
        said = self.line(self.raw.level)
        if not said:
            if self.known.defaults.level is None:
                self.note(Fault.NO_LEVEL, Severity.WARNING)
            return self.known.defaults.level or 1
        level = cells.LEVELS.get(cells.words_of(said))
        if level is None:
            self.note(Fault.UNKNOWN_LEVEL, level=said[:40])
        return level or 0

    def document(self) -> tuple[LegalDocument | None, str]:
        """The cited document, and the source; a document that the library does not have is kept in the source."""
        said, source = self.line(self.raw.document), self.line(self.raw.source)
        if not said:
            chosen = self.known.defaults.document_id
            return next((d for d in self.known.documents if d.id == chosen), None), source
        document = cells.find_document(said, self.known.documents)
        if document is None:
            self.note(Fault.UNKNOWN_DOCUMENT, Severity.WARNING, document=said[:120])
            places = [f"{word} {text}" for word, text in self._places() if text]
            return None, "; ".join(filter(None, (source, " ".join((*places, said)))))
        state = document.state_on(self.known.today)
        if state in _OUT_OF_FORCE:
            fault, since = _OUT_OF_FORCE[state]
            day = getattr(document, since).strftime("%d/%m/%Y")
            self.note(fault, Severity.WARNING, document=document.name, day=day)
        return document, source

    def _places(self) -> list[tuple[str, str]]:
        return [
            ("điểm", self.line(self.raw.point)),
            ("khoản", self.line(self.raw.clause)),
            ("Điều", self.line(self.raw.article)),
        ]

    def part(self, text: str, word: str, document: LegalDocument | None) -> str:
        said = cells.read_place(self.line(text), word)
        noted = Fault.PLACE_WITHOUT_DOCUMENT in {problem.fault for problem in self.problems}
        if said and document is None and not self.line(self.raw.document) and not noted:
            self.note(Fault.PLACE_WITHOUT_DOCUMENT, Severity.WARNING)
        return said if document else ""

    def day(self, value: date | str | None) -> date | None:
        try:
            return cells.read_day(value)
        except ValueError:
            self.note(Fault.BAD_DAY, text=str(value)[:40])
            return None

    def until(self) -> date | None:
        """First day on which the key is no longer right; "đến ngày" names the last right one instead."""
        through = self.day(self.raw.valid_through)
        return self.day(self.raw.valid_until) or (through + timedelta(days=1) if through else None)

    def check(self, wording: Wording) -> None:
        """Add what is wrong with the wording, unless the reading has already said why."""
        said = {problem.fault for problem in self.problems}
        explained: dict[Fault, Callable[[], bool]] = {
            Fault.NO_KEY: lambda: bool(said & KEY_FAULTS),
            Fault.UNKNOWN_TOPIC: lambda: bool(said & {Fault.UNKNOWN_TOPIC, Fault.NO_TOPIC}),
            Fault.UNKNOWN_LEVEL: lambda: Fault.UNKNOWN_LEVEL in said,
            Fault.SAME_OPTION_TWICE: lambda: Fault.OPTION_GAP in said and "" in wording.options,
        }
        for problem in flaws(wording, [t["code"] for t in self.known.topics]):
            if problem.fault not in explained or not explained[problem.fault]():
                self.problems.append(problem)


# why a key is open: a decision about the key settles them all
KEY_FAULTS = frozenset(
    {
        Fault.NO_KEY, Fault.TWO_KEYS, Fault.KEY_NAMES_NO_OPTION, Fault.UNREADABLE_KEY, Fault.AMBIGUOUS_KEY,
        Fault.DECIMAL_KEY, Fault.TRUE_FALSE_KEY, Fault.KEYS_DISAGREE, Fault.KEY_UNCERTAIN, Fault.ERROR_CELL,
    }
)  # fmt: skip
_OUT_OF_FORCE = {
    DocumentState.EXPIRED: (Fault.DOCUMENT_EXPIRED, "expires_on"),
    DocumentState.QUESTIONED: (Fault.DOCUMENT_QUESTIONED, "questioned_from"),
}


def _origin(raw: RawItem) -> str:
    """A digest of what the file says of the item, whatever its number, its place and the bank it goes to."""
    parts = [
        getattr(raw, name)
        for name in ("kind", "stem", "options", "key_text", "key", "matches", "accepted", "explanation")
    ]
    pictures = [[p.place, hashlib.sha256(p.content).hexdigest()] for p in raw.pictures]
    return hashlib.sha256(json.dumps([*parts, pictures], ensure_ascii=False).encode()).hexdigest()
