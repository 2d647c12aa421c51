"""Reads items from an Excel workbook: values only, no formula is run, nothing is written."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from quiz.banks.formats import cells, headings
from quiz.banks.formats.headings import Columns
from quiz.banks.formats.xlsx_guard import FileRefusal, check
from quiz.banks.models import ItemKind
from quiz.banks.wording import (
    TRUE_FALSE,
    Fault,
    Problem,
    Severity,
    Wording,
    bad_code,
    flaws,
    letter,
    one_line,
    several_lines,
)
from quiz.errors import Refusal
from quiz.law.models import DocumentState, LegalDocument

MOST_ROWS = 5_000
_HEADING_ROWS = 20  # titles and notes may stand above the table


@dataclass(slots=True)
class ReadRow:
    """One row of the sheet.  number: as the sheet shows it.  wording: None when it could not be put together."""

    number: int
    code: str = ""
    stem: str = ""
    key: str = ""  # as it stands in the file
    options: int = 0
    wording: Wording | None = None
    problems: list[Problem] = field(default_factory=list)

    def note(self, fault: Fault, severity: Severity = Severity.ERROR, **details: Any) -> None:
        self.problems.append(Problem(fault, details, severity))


@dataclass(slots=True)
class Reading:
    """What a workbook holds.  problems: those of the file as a whole.  empty: rows skipped for being empty."""

    sheet: str
    rows: list[ReadRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the file is read against: topics of the bank, documents of the library, and the local day."""

    topics: Sequence[Mapping[str, str]]
    documents: Sequence[LegalDocument]
    today: date


def read(content: bytes, known: Known) -> Reading:
    """Read a workbook whole, with every problem of every row.  Raises Refusal(FileRefusal) for a file as such."""
    check(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return _read_workbook(workbook, known)
    except PasswordError as error:
        raise Refusal(FileRefusal.PASSWORD) from error
    except CalamineError as error:
        raise Refusal(FileRefusal.DAMAGED) from error


def _read_workbook(workbook: CalamineWorkbook, known: Known) -> Reading:
    reading: Reading | None = None
    for sheet in workbook.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        table = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        start, columns = _find_headings(table)
        if not columns.suffice:
            continue
        if reading is None:
            reading = _read_table(sheet.name, table, start, columns, known)
        else:
            reading.problems.append(Problem(Fault.SHEET_NOT_READ, {"sheet": sheet.name}, Severity.WARNING))
    if reading is None:
        raise Refusal(FileRefusal.NO_HEADINGS)
    if not reading.rows:
        raise Refusal(FileRefusal.NO_ROWS)
    return reading


def _find_headings(table: Sequence[Sequence[Any]]) -> tuple[int, Columns]:
    for index, row in enumerate(table[:_HEADING_ROWS]):
        columns = headings.read(row)
        if columns.suffice:
            return index, columns
    return 0, Columns()


def _read_table(sheet: str, table: Sequence[Sequence[Any]], start: int, columns: Columns, known: Known) -> Reading:
    reading = Reading(sheet, problems=list(columns.problems))
    for index, heading in enumerate(columns.headings):
        if not heading and any(cells.text_of(row[index]) for row in table[start + 1 :]):
            details = {"column": headings.column_name(index)}
            reading.problems.append(Problem(Fault.UNNAMED_COLUMN, details, Severity.WARNING))
    read_columns = [*columns.places.values(), *columns.options.values()]
    for number, row in enumerate(table[start + 1 :], start + 2):
        if not any(cells.text_of(row[index]) for index in read_columns):
            reading.empty += 1
            continue
        if len(reading.rows) == MOST_ROWS:
            raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ROWS)
        reading.rows.append(_RowReader(number, row, columns, known).read())
    return reading


class _RowReader:
    def __init__(self, number: int, row: Sequence[Any], columns: Columns, known: Known) -> None:
        self.cells = row
        self.columns = columns
        self.known = known
        self.row = ReadRow(number)
        self.looked_at: set[int] = set()  # columns whose cells have been warned of

    def read(self) -> ReadRow:
        row = self.row
        row.code = one_line(self.text("code"))
        if row.code and bad_code(row.code):
            row.note(Fault.BAD_CODE, code=row.code[:70])
        row.stem = one_line(self.text("stem"))
        row.key = one_line(self.text("key", may_be_day=True))
        options = self.options()
        kind, options, key = self.kind_and_key(options)
        row.options = len(options)
        document, source = self.document()
        wording = Wording(
            kind=kind, stem=row.stem, options=options, key=key, topic=self.topic(), level=self.level(),
            explanation=several_lines(self.text("explanation")), document_id=document.id if document else None,
            article=self.place("article", "điều", document), clause=self.place("clause", "khoản", document),
            point=self.place("point", "điểm", document), valid_from=self.day("valid_from"), valid_until=self.until(),
            exemplar=several_lines(self.text("exemplar")), source=source,
        )  # fmt: skip
        self.check(wording)
        row.wording = wording
        return row

    def value(self, name: str) -> Any:
        return self.cells[self.columns.places[name]] if name in self.columns.places else ""

    def text(self, name: str, *, may_be_day: bool = False) -> str:
        value = self.value(name)
        if name in self.columns.places:
            self.look_at(self.columns.places[name], may_be_day)
        return cells.text_of(value)

    def look_at(self, index: int, may_be_day: bool = False) -> None:
        value, heading = self.cells[index], self.columns.headings[index]
        if index in self.looked_at:
            return
        self.looked_at.add(index)
        if cells.is_error(value):
            self.row.note(Fault.ERROR_CELL, column=heading, text=str(value).strip())
        elif isinstance(value, (date, time, timedelta)) and not may_be_day:
            self.row.note(Fault.DAY_BY_EXCEL, Severity.WARNING, column=heading, text=cells.text_of(value))

    def options(self) -> tuple[str, ...]:
        """The filled options; letters must be filled without a gap, because the key calls them by letter."""
        texts: dict[int, str] = {}
        for number, index in sorted(self.columns.options.items()):
            self.look_at(index)
            texts[number] = one_line(cells.text_of(self.cells[index]))
        filled = [number for number, text in texts.items() if text]
        gaps = [number for number in range(1, max(filled, default=0)) if not texts.get(number)]
        if gaps:
            self.row.note(Fault.OPTION_GAP, empty=", ".join(map(letter, gaps)), filled=letter(filled[-1]))
        return tuple(texts.get(number, "") for number in range(1, max(filled, default=0) + 1))

    def kind_and_key(self, options: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
        said = one_line(self.text("kind"))
        kind = cells.KINDS.get(cells.words_of(said))
        if said and kind is None:
            self.row.note(Fault.UNKNOWN_KIND, kind=said[:60])
        value = self.value("key")
        truth = cells.read_truth(value)
        looks_so = sorted(map(cells.words_of, options)) in ([], ["dung", "sai"])
        if kind == ItemKind.TRUE_FALSE or (not said and looks_so and truth):
            return ItemKind.TRUE_FALSE, TRUE_FALSE, self.truth(options, truth)
        key, problem = cells.read_key(value, options)
        if problem:
            self.row.problems.append(problem)
        if kind is None and len(key) > 1:
            self.row.note(Fault.SEVERAL_ASSUMED, Severity.WARNING)
            kind = ItemKind.MULTIPLE
        return kind or ItemKind.SINGLE, options, key

    def truth(self, options: tuple[str, ...], truth: int | None) -> tuple[int, ...]:
        said = tuple(cells.words_of(option) for option in options)
        if said == ("sai", "dung"):  # the letters then mean the other way round
            truth = (
                cells.read_truth(options[truth - 1])
                if truth and self.row.key.upper() in ("A", "B", "1", "2")
                else truth
            )
        elif said and said != ("dung", "sai"):
            self.row.note(Fault.OPTIONS_NOT_READ, Severity.WARNING)
        if truth is None:
            self.row.note(Fault.TRUE_FALSE_KEY if self.row.key else Fault.NO_KEY, key=self.row.key[:60])
        return (truth,) if truth else ()

    def topic(self) -> str:
        topics, said = self.known.topics, one_line(self.text("topic"))
        titles = "; ".join(t["title"] for t in topics)
        if said:
            code = cells.read_topic(said, topics)
            if code is None:
                self.row.note(Fault.UNKNOWN_TOPIC, topic=said[:60], known=titles)
            return code or ""
        if len(topics) == 1:
            return topics[0]["code"]
        self.row.note(Fault.NO_TOPIC, known=titles)
        return ""

    def level(self) -> int:
        said = one_line(self.text("level"))
        if not said:
            self.row.note(Fault.NO_LEVEL, Severity.WARNING)
            return 1
        level = cells.LEVELS.get(cells.words_of(said))
        if level is None:
            self.row.note(Fault.UNKNOWN_LEVEL, level=said[:40])
        return level or 0

    def document(self) -> tuple[LegalDocument | None, str]:
        """The cited document, and the source; a document that the library does not have is kept in the source."""
        said, source = one_line(self.text("document")), one_line(self.text("source"))
        if not said:
            return None, source
        document = cells.find_document(said, self.known.documents)
        if document is None:
            self.row.note(Fault.UNKNOWN_DOCUMENT, Severity.WARNING, document=said[:120])
            places = [f"{word} {one_line(self.text(name))}" for name, word in _PLACES if self.text(name)]
            return None, "; ".join(filter(None, (source, " ".join((*places, said)))))
        state = document.state_on(self.known.today)
        if state in _OUT_OF_FORCE:
            fault, since = _OUT_OF_FORCE[state]
            day = getattr(document, since).strftime("%d/%m/%Y")
            self.row.note(fault, Severity.WARNING, document=document.name, day=day)
        return document, source

    def place(self, name: str, word: str, document: LegalDocument | None) -> str:
        text = cells.read_place(self.text(name), word)
        said = {problem.fault for problem in self.row.problems}
        if text and not self.text("document") and Fault.PLACE_WITHOUT_DOCUMENT not in said:
            self.row.note(Fault.PLACE_WITHOUT_DOCUMENT, Severity.WARNING)
        return text if document else ""

    def day(self, name: str) -> date | None:
        try:
            return cells.read_day(self.value(name))
        except ValueError:
            self.row.note(Fault.BAD_DAY, text=cells.text_of(self.value(name))[:40], column=self.columns.name(name))
            return None

    def until(self) -> date | None:
        """First day on which the key is no longer right; "đến ngày" names the last right one instead."""
        through = self.day("valid_through")
        return self.day("valid_until") or (through + timedelta(days=1) if through else None)

    def check(self, wording: Wording) -> None:
        """Add what is wrong with the wording, unless the reading has already said why."""
        said = {problem.fault for problem in self.row.problems}
        explained = {
            Fault.NO_KEY: said & _KEY_FAULTS,
            Fault.UNKNOWN_TOPIC: said & {Fault.UNKNOWN_TOPIC, Fault.NO_TOPIC},
            Fault.UNKNOWN_LEVEL: said & {Fault.UNKNOWN_LEVEL},
            Fault.SAME_OPTION_TWICE: said & {Fault.OPTION_GAP} and "" in wording.options,
        }
        found = flaws(wording, [t["code"] for t in self.known.topics])
        self.row.problems += [problem for problem in found if not explained.get(problem.fault)]


_PLACES = (("point", "điểm"), ("clause", "khoản"), ("article", "Điều"))
_KEY_FAULTS = {
    Fault.NO_KEY, Fault.UNREADABLE_KEY, Fault.AMBIGUOUS_KEY, Fault.DECIMAL_KEY, Fault.TRUE_FALSE_KEY, Fault.ERROR_CELL,
}  # fmt: skip
_OUT_OF_FORCE = {
    DocumentState.EXPIRED: (Fault.DOCUMENT_EXPIRED, "expires_on"),
    DocumentState.QUESTIONED: (Fault.DOCUMENT_QUESTIONED, "questioned_from"),
}
