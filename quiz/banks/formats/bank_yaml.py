"""The shipped format: YAML that people can read and review.

One mapping `bank` (code, title, note, topics, author, second_reader) and lists `items`, in one file or in all *.yaml files of a
folder. The reader of folders is strict and lists every problem at once; an upload is read like any other format. What the
writer writes, both read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.formats import bank_yaml_items
from quiz.banks.formats.files import FileRefusal, decode
from quiz.banks.formats.losses import gone_pictures
from quiz.banks.formats.reading import MOST_ITEMS, RawItem, Reading
from quiz.banks.formats.safe import yaml_text
from quiz.banks.formats.safe.yaml_text import BadYaml, Loaded, UnsafeYaml
from quiz.banks.formats.writing import OutBank, OutItem, Written
from quiz.banks.wording import Image, Wording, bad_code, flaws, one_line, several_lines
from quiz.errors import Refusal
from quiz.pictures import PictureRefusal, StorePicture

_BANK_FIELDS = {"code", "title", "note", "topics", "author", "second_reader"}


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


def read(path: Path, documents: Mapping[str, int], store: StorePicture | None = None) -> BankFile:
    """Read a file, or all *.yaml files of a folder.  Raises BadBankFile.

    documents: number → id of those in the law library · store: keeps pictures; without it a picture is a problem
    """
    reader = _FolderReader(documents, store)
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        reader.take(file)
    return reader.finish(path)


class _FolderReader:
    def __init__(self, documents: Mapping[str, int], store: StorePicture | None) -> None:
        self.documents = documents
        self.store = store
        self.bank = BankFile()
        self.bank_file = ""
        self.entries: list[tuple[Path, int, Any]] = []  # file, place in it, entry
        self.problems: list[FileProblem] = []

    def note(self, file: str, item: str, fault: Fault, **details: Any) -> None:
        self.problems.append(FileProblem(file, item, Problem(fault, details)))

    def take(self, path: Path) -> None:
        """Load one file; the items wait until the topics are known."""
        try:
            loaded = yaml_text.load(path.read_text("utf-8-sig"))
        except (UnicodeDecodeError, BadYaml) as error:
            self.note(path.name, "", Fault.NOT_YAML, why=" ".join(str(error).split()))
            return
        for line, name in loaded.doubled:
            self.note(path.name, "", Fault.DOUBLED_FIELD, line=line, name=name)
        content = loaded.value
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
        self.entries += [(path, place, entry) for place, entry in enumerate(entries, 1)]

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
        bank, notes = self.bank, RawItem(number=0, place="bank")
        fields = bank_yaml_items.Fields(notes, head, is_strict=True)
        bank.code, bank.title = (one_line(fields.text(name, needed=True)) for name in ("code", "title"))
        bank.author, bank.second_reader = (one_line(fields.text(name)) for name in ("author", "second_reader"))
        bank.note = several_lines(fields.text("note"))
        if bank.code and bad_code(bank.code):
            notes.note(Fault.BAD_CODE, code=bank.code)
        for topic in head.get("topics") or []:
            if not isinstance(topic, dict) or topic.keys() != {"code", "title"}:
                notes.note(Fault.NOT_A_MAPPING, what="topics (code, title)")
                continue
            fields = bank_yaml_items.Fields(notes, topic, is_strict=True)
            bank.topics.append({name: one_line(fields.text(name, needed=True)) for name in ("code", "title")})
        if not bank.topics:
            notes.note(Fault.MISSING_FIELD, name="bank.topics")
        self.problems += [FileProblem(file, "", problem) for problem in notes.problems]

    def finish(self, path: Path) -> BankFile:
        if not self.bank_file:
            self.note(path.name, "", Fault.NO_BANK)
        codes: dict[str, str] = {}
        for file, place, entry in self.entries:
            if isinstance(entry, dict):
                self._take_item(file, place, entry, codes)
            else:
                self.note(file.name, f"#{place}", Fault.NOT_A_MAPPING, what=f"items[{place}]")
        if self.problems:
            raise BadBankFile(self.problems)
        return self.bank

    def _take_item(self, path: Path, place: int, entry: Mapping[str, Any], codes: dict[str, str]) -> None:
        raw = bank_yaml_items.read(entry, place, f"#{place}", is_strict=True, find=lambda name: _beside(path, name))
        code = raw.code or raw.place
        if raw.code and bad_code(raw.code):
            raw.note(Fault.BAD_CODE, code=raw.code[:70])
        elif code in codes:
            raw.note(Fault.CODE_IN_FILE, code=code, first=codes[code])
        codes.setdefault(code, path.name)
        if raw.document and raw.document not in self.documents:
            raw.note(Fault.NOT_IN_LIBRARY, document=raw.document)
        wording = self._wording(raw)
        if not raw.problems:
            raw.problems += flaws(wording, [t["code"] for t in self.bank.topics])
            self.bank.items.append((code, wording))
        self.problems += [FileProblem(path.name, code, p) for p in raw.problems if p.severity == Severity.ERROR]

    def _wording(self, raw: RawItem) -> Wording:
        return Wording(
            kind=raw.kind, stem=one_line(raw.stem), options=tuple(map(one_line, raw.options)), key=tuple(raw.key),
            matches=tuple(map(one_line, raw.matches)), accepted=tuple(map(one_line, raw.accepted)), partial=raw.partial,
            pinned=tuple(raw.pinned), images=self._images(raw), words=raw.words, topic=one_line(raw.topic),
            level=int(raw.level or 0), explanation=several_lines(raw.explanation),
            document_id=self.documents.get(raw.document), article=one_line(raw.article), clause=one_line(raw.clause),
            point=one_line(raw.point), valid_from=raw.valid_from, valid_until=raw.valid_until,  # type: ignore[arg-type]
            exemplar=several_lines(raw.exemplar), source=one_line(raw.source),
        )  # fmt: skip

    def _images(self, raw: RawItem) -> tuple[Image, ...]:
        images = []
        for picture in raw.pictures:
            try:
                if self.store is None:
                    raw.note(Fault.IMAGE_NOT_KEPT, why=_("chỗ này chưa nhận hình"))
                else:
                    images.append(Image(picture.place, self.store(picture.content), one_line(picture.alt)))
            except Refusal as refusal:
                if not isinstance(refusal.reason, PictureRefusal):
                    raise
                raw.note(Fault.IMAGE_NOT_KEPT, why=refusal.sentence)
        return tuple(sorted(images))


def _beside(path: Path, name: str) -> bytes | None:
    """A file in the folder of the YAML file, and nowhere else."""
    file = path.parent / name
    return file.read_bytes() if file.name == name and file.is_file() else None


def read_upload(content: bytes) -> Reading:
    """The items of a YAML file as people upload it; what it says of its bank is passed over.  Raises Refusal(FileRefusal)."""
    try:
        loaded = yaml_text.load(decode(content))
    except UnsafeYaml as error:
        raise Refusal(FileRefusal.UNSAFE) from error
    except BadYaml as error:
        raise Refusal(FileRefusal.NOT_YAML, line=error.line) from error
    entries = loaded.value.get("items") if isinstance(loaded.value, dict) else None
    if not isinstance(entries, list) or not entries:
        raise Refusal(FileRefusal.NO_ITEMS)
    if len(entries) > MOST_ITEMS:
        raise Refusal(FileRefusal.TOO_MANY_ROWS, most=MOST_ITEMS)
    return _upload(loaded, entries)


def _upload(loaded: Loaded, entries: Sequence[Any]) -> Reading:
    reading = Reading()
    for line, name in loaded.doubled:
        reading.note(Fault.DOUBLED_FIELD, line=line, name=name[:60])
    for name in loaded.value.keys() - {"bank", "items"}:
        reading.note(Fault.UNKNOWN_FIELD, name=name[:60])
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            place = _("dòng %(number)s", number=loaded.line_of(entry))
            reading.items.append(bank_yaml_items.read(entry, len(reading.items) + 1, place, is_strict=False))
        else:
            reading.skip(_("mục %(number)s", number=number), Fault.NOT_A_MAPPING, what=f"items[{number}]")
    return reading


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """A whole bank in one file, its pictures within."""
    topics = [dict(topic) for topic in bank.topics]
    head = {"code": bank.code, "title": bank.title, "note": bank.note, "topics": topics}
    content = {
        "bank": {name: value for name, value in head.items() if value},
        "items": [bank_yaml_items.entry(item) for item in items],
    }
    losses = gone_pictures(items)
    return Written(yaml_text.dump(content).encode(), losses)
