"""The shipped format: YAML that people can read and review.

One mapping `bank` (code, title, note, topics, author, second_reader) and lists `items`, in one file or in all *.yaml files of a
folder. The reader is strict and lists every problem at once; what the writer writes, the reader reads back.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from quiz.banks.models import Bank, ItemKind, ItemVersion
from quiz.banks.wording import (
    LETTERS,
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

_BANK_FIELDS = {"code", "title", "note", "topics", "author", "second_reader"}
_ITEM_FIELDS = {
    "id", "kind", "topic", "level", "stem", "options", "key", "explanation", "citation", "valid", "facts", "source", "exemplar",
}  # fmt: skip
_TRUTH = {"đúng": 1, "sai": 2}


@dataclass(frozen=True, slots=True)
class FileProblem:
    file: str
    item: str  # "" when the file as a whole is meant
    problem: Problem


class BadBankFile(Exception):
    """A bank that cannot be imported; carries every problem."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True)
class BankFile:
    """What the file or folder says.  items: (code, wording) in order.  vouched: author and second reader are named."""

    code: str = ""
    title: str = ""
    note: str = ""
    topics: list[dict[str, str]] = field(default_factory=list)
    author: str = ""
    second_reader: str = ""
    items: list[tuple[str, Wording]] = field(default_factory=list)

    @property
    def vouched(self) -> bool:
        return bool(self.author and self.second_reader)


def read(path: Path, documents: Mapping[str, int]) -> BankFile:
    """Read a file, or all *.yaml files of a folder.  documents: number → id of those in the law library.

    Raises BadBankFile.
    """
    reader = _Reader(documents)
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        reader.take(file)
    return reader.finish(path)


class _Loader(yaml.SafeLoader):
    """Notes a key that is written twice in one mapping; plain YAML would keep the last one silently."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.doubled: list[tuple[int, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key in (key for key, _value in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                self.doubled.append((key.start_mark.line + 1, key.value))
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Reader:
    def __init__(self, documents: Mapping[str, int]) -> None:
        self.documents = documents
        self.bank = BankFile()
        self.bank_file = ""
        self.entries: list[tuple[str, int, Any]] = []  # file, place in it, entry
        self.problems: list[FileProblem] = []

    def note(self, file: str, item: str, fault: Fault, **details: Any) -> None:
        self.problems.append(FileProblem(file, item, Problem(fault, details)))

    def take(self, path: Path) -> None:
        """Load one file; the items wait until the topics are known."""
        try:
            loader = _Loader(path.read_text("utf-8-sig"))
            content = loader.get_single_data()
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            self.note(path.name, "", Fault.NOT_YAML, why=" ".join(str(error).split()))
            return
        for line, name in loader.doubled:
            self.note(path.name, "", Fault.DOUBLED_FIELD, line=line, name=name)
        if not isinstance(content, dict):
            self.note(path.name, "", Fault.NOT_A_MAPPING, what=path.name)
            return
        for name in content.keys() - {"bank", "items"}:
            self.note(path.name, "", Fault.UNKNOWN_FIELD, name=name)
        if "bank" in content:
            self._take_bank(path.name, content["bank"])
        entries = content.get("items") or []
        if not isinstance(entries, list):
            self.note(path.name, "", Fault.NOT_A_MAPPING, what="items")
            return
        self.entries += [(path.name, place, entry) for place, entry in enumerate(entries, 1)]

    def _take_bank(self, file: str, head: Any) -> None:
        if self.bank_file:
            self.note(file, "", Fault.SEVERAL_BANKS, first=self.bank_file)
            return
        self.bank_file = file
        if not isinstance(head, dict):
            self.note(file, "", Fault.NOT_A_MAPPING, what="bank")
            return
        for name in head.keys() - _BANK_FIELDS:
            self.note(file, "", Fault.UNKNOWN_FIELD, name=f"bank.{name}")
        text = _Fields(self, file, "", head)
        bank = self.bank
        bank.code, bank.title = text.line("code", needed=True), text.line("title", needed=True)
        bank.note, bank.author, bank.second_reader = text.lines("note"), text.line("author"), text.line("second_reader")
        if bank.code and bad_code(bank.code):
            self.note(file, "", Fault.BAD_CODE, code=bank.code)
        for topic in head.get("topics") or []:
            if not isinstance(topic, dict) or topic.keys() != {"code", "title"}:
                self.note(file, "", Fault.NOT_A_MAPPING, what="topics (code, title)")
                continue
            fields = _Fields(self, file, "", topic)
            bank.topics.append({name: fields.line(name, needed=True) for name in ("code", "title")})
        if not bank.topics:
            self.note(file, "", Fault.MISSING_FIELD, name="bank.topics")

    def finish(self, path: Path) -> BankFile:
        if not self.bank_file:
            self.note(path.name, "", Fault.NO_BANK)
        codes: dict[str, str] = {}
        for file, place, entry in self.entries:
            if not isinstance(entry, dict):
                self.note(file, f"#{place}", Fault.NOT_A_MAPPING, what=f"items[{place}]")
                continue
            raw_code = entry.get("id")
            code = raw_code if isinstance(raw_code, str) and raw_code else f"#{place}"
            before = len(self.problems)
            if code.startswith("#"):
                self.note(file, code, Fault.NOT_TEXT if raw_code else Fault.MISSING_FIELD, name="id")
            elif bad_code(code):
                self.note(file, code, Fault.BAD_CODE, code=code)
            elif code in codes:
                self.note(file, code, Fault.CODE_IN_FILE, code=code, first=codes[code])
            codes.setdefault(code, file)
            wording = self._wording(file, code, entry)
            if len(self.problems) == before and wording is not None:
                found = flaws(wording, [t["code"] for t in self.bank.topics])
                self.problems += [FileProblem(file, code, p) for p in found if p.severity == Severity.ERROR]
                self.bank.items.append((code, wording))
        if self.problems:
            raise BadBankFile(self.problems)
        return self.bank

    def _wording(self, file: str, code: str, entry: Mapping[Any, Any]) -> Wording | None:
        for name in entry.keys() - _ITEM_FIELDS:
            self.note(file, code, Fault.UNKNOWN_FIELD, name=name)
        fields = _Fields(self, file, code, entry)
        kind = fields.line("kind", needed=True)
        if kind and kind not in {*ItemKind}:
            self.note(file, code, Fault.UNKNOWN_KIND, kind=kind)
        level = entry.get("level")
        if not isinstance(level, int) or isinstance(level, bool):
            self.note(file, code, Fault.UNKNOWN_LEVEL, level=level)
            level = 0
        options = TRUE_FALSE if kind == ItemKind.TRUE_FALSE else fields.options()
        if kind == ItemKind.TRUE_FALSE and "options" in entry:
            self.note(file, code, Fault.UNKNOWN_FIELD, name="options")
        citation = _Fields(self, file, code, fields.mapping("citation", {"document", "article", "clause", "point"}))
        valid = _Fields(self, file, code, fields.mapping("valid", {"from", "until"}))
        document = citation.line("document")
        if document and document not in self.documents:
            self.note(file, code, Fault.NOT_IN_LIBRARY, document=document)
        if "citation" in entry and not document:
            self.note(file, code, Fault.MISSING_FIELD, name="citation.document")
        return Wording(
            kind=kind, stem=fields.line("stem", needed=True), options=options, key=fields.key(kind),
            topic=fields.line("topic", needed=True), level=level, explanation=fields.lines("explanation"),
            document_id=self.documents.get(document), article=citation.line("article"), clause=citation.line("clause"),
            point=citation.line("point"), valid_from=valid.day("from"), valid_until=valid.day("until"),
            exemplar=fields.lines("exemplar"), source=fields.source(),
        )  # fmt: skip


@dataclass(slots=True)
class _Fields:
    """Typed reading of one mapping; what is not as it should be is noted with the reader."""

    reader: _Reader
    file: str
    item: str
    values: Mapping[Any, Any]

    def note(self, fault: Fault, **details: Any) -> None:
        self.reader.note(self.file, self.item, fault, **details)

    def line(self, name: str, *, needed: bool = False) -> str:
        return one_line(self._text(name, needed))

    def lines(self, name: str, *, needed: bool = False) -> str:
        return several_lines(self._text(name, needed))

    def _text(self, name: str, needed: bool) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            if needed:
                self.note(Fault.MISSING_FIELD, name=name)
            return ""
        if not isinstance(value, str):  # a number or a date that YAML has understood is no longer what was written
            self.note(Fault.NOT_TEXT, name=name)
            return ""
        return value

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        if value is None or type(value) is date:
            return value
        self.note(Fault.BAD_DAY, text=value, column=name)
        return None

    def mapping(self, name: str, known: set[str]) -> Mapping[Any, Any]:
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.note(Fault.NOT_A_MAPPING, what=name)
            return {}
        for key in value.keys() - known:
            self.note(Fault.UNKNOWN_FIELD, name=f"{name}.{key}")
        return value

    def options(self) -> tuple[str, ...]:
        options = self.values.get("options")
        if not isinstance(options, dict):
            self.note(Fault.MISSING_FIELD, name="options")
            return ()
        letters = [str(name) for name in options]
        if letters != list(LETTERS[: len(letters)]):
            self.note(Fault.OPTION_LETTERS, letters=", ".join(letters))
        fields = _Fields(self.reader, self.file, self.item, options)
        return tuple(fields.line(name, needed=True) for name in options)

    def key(self, kind: str) -> tuple[int, ...]:
        """ "B", "A, C", ["A", "C"], "đúng" → numbers from 1."""
        value = self.values.get("key")
        names = value if isinstance(value, list) else str(value or "").split(",")
        names = [one_line(str(name)) for name in names if str(name).strip()]
        if not names:
            self.note(Fault.MISSING_FIELD, name="key")
        elif kind == ItemKind.TRUE_FALSE:
            if len(names) == 1 and names[0].casefold() in _TRUTH:
                return (_TRUTH[names[0].casefold()],)
            self.note(Fault.TRUE_FALSE_KEY, key=", ".join(names))
        elif all(len(name) == 1 and name in LETTERS for name in names):
            return tuple(sorted({LETTERS.index(name) + 1 for name in names}))
        else:
            self.note(Fault.UNREADABLE_KEY, key=", ".join(names))
        return ()

    def source(self) -> str:
        facts = self.values.get("facts")
        if facts is None:
            return self.line("source")
        if not isinstance(facts, list) or not all(isinstance(fact, str) for fact in facts):
            self.note(Fault.NOT_TEXT, name="facts")
            return ""
        return "Bảng sự kiện pháp lý: " + ", ".join(facts)


class _Dumper(yaml.SafeDumper):
    pass


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = ">" if len(text) > 70 and "\n" not in text else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def write(bank: Bank, versions: Iterable[tuple[str, ItemVersion]]) -> str:
    """A whole bank in one file.  versions: (item code, version) with their documents."""
    head = {"code": bank.code, "title": bank.title, "note": bank.note, "topics": bank.topics}
    content = {
        "bank": {name: value for name, value in head.items() if value},
        "items": [_entry(code, version) for code, version in versions],
    }
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _entry(code: str, v: ItemVersion) -> dict[str, Any]:
    letters = [letter(number) for number in sorted(v.key)]
    true_false = v.kind == ItemKind.TRUE_FALSE
    document = {"document": v.document.number} if v.document else {}
    place = {"article": v.article, "clause": v.clause, "point": v.point} if v.document else {}
    entry = {
        "id": code,
        "kind": v.kind,
        "topic": v.topic,
        "level": v.level,
        "stem": v.stem,
        "options": None if true_false else {letter(n): text for n, text in enumerate(v.options, 1)},
        "key": TRUE_FALSE[v.key[0] - 1].lower() if true_false else ", ".join(letters),
        "explanation": v.explanation,
        "citation": document | {name: value for name, value in place.items() if value},
        "valid": {name: day for name, day in (("from", v.valid_from), ("until", v.valid_until)) if day},
        "source": v.source,
        "exemplar": v.exemplar,
    }
    return {name: value for name, value in entry.items() if value}
