"""An item while it is being put together from lines, and what its parts say in the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.lines.document import Line, fold, paragraphs_of, text_of
from quiz.banks.formats.lines.key_values import read_answer
from quiz.banks.formats.lines.line_kinds import ALL_LETTERS, period_of
from quiz.banks.formats.lines.option_lines import Option
from quiz.banks.formats.reading import RawItem, RawPicture
from quiz.banks.formats.spelling import cells, citations
from quiz.banks.models import ItemKind
from quiz.banks.wording import letter

_SEVERAL = re.compile(
    r"(?<!lua )chon (?:cac|nhung|tat ca|nhieu|2|3|4|hai|ba|bon)(?: cac)? (?:phuong an|dap an|y|cau|lua chon|noi dung|cau tra loi)"
    r"|nhieu (?:dap an|phuong an|lua chon)|chon mot hoac nhieu|select one or more|co the chon nhieu"
    r"|(?:cac|nhung) (?:phuong an|dap an|y kien|nhan dinh|phat bieu|y) nao"
)
_LEVEL = re.compile(
    r"\s*[(\[]\s*(?P<level>nb|th|vd|vdc|nhan biet|thong hieu|van dung(?: cao)?|muc(?: do)? [123])\s*[)\]]\s*[.:–-]?\s*"
)


@dataclass(slots=True)
class Section:
    """A part of the file under one heading, in which numbers may begin again.  title: folded."""

    id: str = ""
    title: str = ""


@dataclass(slots=True)
class KeyText:
    """A key as the file says it in words.  how: for people, "dòng “Đáp án: C”".  says_itself: that line belongs to the item."""

    text: str
    how: str
    says_itself: bool = False


@dataclass(slots=True)
class Piece:
    """An item under construction.

    number: as the file has it, "" when it has none · fields: name → lines · keys: what lines say of the key ·
    in_solutions: it stands among the solutions, where questions may be repeated · is_solved: it has been met there
    """

    place: str
    section: Section
    number: str = ""
    style: str = ""
    stem: list[Line] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    matches: list[Option] = field(default_factory=list)
    fields: dict[str, list[Line]] = field(default_factory=dict)
    keys: list[KeyText] = field(default_factory=list)
    in_solutions: bool = False
    is_solved: bool = False
    raw: RawItem = field(init=False)

    def __post_init__(self) -> None:
        self.raw = RawItem(number=0, place=self.place)

    @property
    def explanation(self) -> list[Line]:
        return self.fields.setdefault("explanation", [])

    @property
    def sequence(self) -> int:
        return int(self.number.rpartition(".")[2]) if self.number else 0

    @property
    def is_complete(self) -> bool:
        """Nothing is missing that a following item could not begin without."""
        return len(self.options) >= 2 or bool(self.keys) or bool(self.fields.get("explanation"))

    @property
    def last_letter(self) -> str:
        return self.options[-1].letter if self.options else ""

    @property
    def said_kind(self) -> str:
        """The kind that a line "Loại: …" names, or ""."""
        return cells.KINDS.get(cells.words_of(self.said("kind")), "")

    @property
    def asks_for_several(self) -> bool:
        return self.said_kind == ItemKind.MULTIPLE or bool(_SEVERAL.search(fold(text_of(self.stem, " "))))

    def said(self, name: str) -> str:
        return text_of(self.fields.get(name, ()), " ")

    def asks_the_same(self, other: Piece) -> bool:
        """With the same options, whatever their blanks and marks."""
        return self._essence() == other._essence() != ("",)

    def _essence(self) -> tuple[str, ...]:
        texts = [text_of(self.stem, " "), *(option.text for option in self.options)]
        return tuple(map(cells.words_of, texts))

    def take_notes(self, notes: str) -> None:
        """What stands in brackets behind the number: a level, or points, which are not read."""
        for note in re.findall(r"[(\[]([^)\]]*)[)\]]", notes):
            if _LEVEL.fullmatch(f"({fold(note)})"):
                self.raw.level = note
            else:
                self.raw.note(Fault.NOTE_NOT_READ, Severity.INFO, text=note[:40])

    def finish(self) -> RawItem:
        """Everything but the key and the kind."""
        raw = self.raw
        self._take_level()
        raw.stem = text_of(self.stem)
        raw.options = [option.text for option in self.options]
        raw.matches = [match.text for match in self.matches]
        self._take_fields()
        self._check_letters()
        self._take_pictures()
        return raw

    def _take_level(self) -> None:
        """ "(NB)" at the beginning of the stem."""
        if self.stem and (found := _LEVEL.match(self.stem[0].folded)):
            said = self.stem[0].text[found.start("level") : found.end("level")]
            self.raw.level = self.raw.level or said
            self.stem[0] = self.stem[0].cut(found.end())

    def _take_fields(self) -> None:
        raw = self.raw
        raw.explanation = paragraphs_of(self.fields.get("explanation", ()))
        raw.exemplar = paragraphs_of(self.fields.get("exemplar", ()))
        raw.source = self.said("source")
        raw.code = self.said("code") or raw.code
        raw.topic = self.said("topic") or raw.topic
        raw.level = self.said("level") or raw.level
        raw.partial = "phan" in fold(self.said("partial"))
        self._take_citation()
        for line in self.fields.get("period", ()):
            if period := period_of(line):
                raw.valid_from = period[0] or raw.valid_from
                if period[1]:
                    setattr(raw, "valid_through" if period[2] else "valid_until", period[1])
        if words := re.search(r"\d{1,5}", self.said("words")):
            raw.words = int(words[0])
        if pinned := self.said("pinned"):
            raw.pinned = list(read_answer(pinned, self.options).numbers)

    def _take_citation(self) -> None:
        """The parts of the first citation; further ones, and those of several places, go to the source as they are."""
        raw = self.raw
        said = [line.text.strip().rstrip(".") for line in self.fields.get("citation", ()) if line.text.strip()]
        parts = citations.split(said[0]) if said else None
        if parts:
            raw.document, raw.article, raw.clause, raw.point = parts.document, parts.article, parts.clause, parts.point
        elif said:
            raw.document = said[0]
        for name in ("article", "clause", "point"):
            if name in self.fields:
                setattr(raw, name, self.said(name))
        if said[1:]:
            raw.source = "; ".join(filter(None, (raw.source, *said[1:])))

    def _check_letters(self) -> None:
        """Letters that are doubled or left out are told; the options stand in the order of the file."""
        letters = [option.letter for option in self.options]
        expected = list(ALL_LETTERS[: len(letters)])
        law = [*"ABCDĐEGH"][: len(letters)]  # as lists of laws have it
        if any(letters) and letters not in (expected, law):
            self.raw.note(Fault.OPTION_LETTERS, Severity.WARNING, letters=", ".join(name or "–" for name in letters))

    def _take_pictures(self) -> None:
        """The first picture of the stem and of each option; further ones are told."""
        for place, lines in enumerate([self.stem, *(option.lines for option in self.options)]):
            shown = [shown for line in lines for shown in line.pictures]
            if shown:
                self.raw.pictures.append(RawPicture(place, shown[0].content, shown[0].alt))
            if len(shown) > 1:
                self.raw.note(
                    Fault.PICTURES_AT_ONE_PLACE,
                    Severity.WARNING,
                    where=_("phương án %(option)s", option=letter(place)) if place else _("câu dẫn"),
                )
        others = [line for lines in self.fields.values() for line in lines]
        others += [line for match in self.matches for line in match.lines]
        if any(line.pictures for line in others):
            self.raw.note(Fault.PICTURE_NOT_PLACED, Severity.WARNING)
