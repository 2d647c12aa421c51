"""Items as entries of a YAML file: read field by field with every flaw noted, and written so that they are read back whole."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import RawItem, RawPicture
from quiz.banks.formats.writing import OutItem
from quiz.banks.models import ItemKind
from quiz.banks.wording import TRUE_FALSE, Wording, letter, number_of, one_line

_FIELDS = {
    "id", "kind", "topic", "level", "stem", "explanation", "citation", "valid", "facts", "source", "exemplar", "images",
}  # fmt: skip
_CHOICE = {"options", "key", "pinned"}
_FIELDS_OF_KIND = {
    ItemKind.SINGLE: _CHOICE,
    ItemKind.MULTIPLE: {*_CHOICE, "partial"},
    ItemKind.TRUE_FALSE: {"key"},
    ItemKind.SHORT_TEXT: {"accepted"},
    ItemKind.NUMBER: {"accepted"},
    ItemKind.ORDERING: {"options", "partial"},
    ItemKind.MATCHING: {"options", "matches", "key", "partial"},
    ItemKind.ESSAY: {"words"},
}
_TRUTH = {"đúng": 1, "sai": 2}

FindPicture = Callable[[str], bytes | None]  # the content of a file beside the YAML file, None when there is none


def no_files(_name: str) -> None:
    """Nothing lies beside a file that came alone."""


@dataclass(slots=True)
class Fields:
    """Typed reading of one mapping; what is not as it should be is noted with the item.

    is_strict: what is missing is a fault of its own; otherwise the assembly says what it means for the item
    """

    item: RawItem
    values: Mapping[str, Any]
    is_strict: bool

    def note(self, fault: Fault, **details: Any) -> None:
        self.item.note(fault, **details)

    def missing(self, name: str) -> None:
        if self.is_strict:
            self.note(Fault.MISSING_FIELD, name=name)

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            if needed:
                self.missing(name)
            return ""
        if not isinstance(value, str):  # a number or a date that YAML has understood is no longer what was written
            self.note(Fault.NOT_TEXT, name=name)
            return ""
        return value

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        values = value if isinstance(value, list) else [] if value is None else [value]
        texts = [text for text in values if isinstance(text, str)]
        if len(texts) < len(values):
            self.note(Fault.NOT_TEXT, name=name)
        return texts

    def day(self, name: str) -> date | str | None:
        value = self.values.get(name)
        if value is None or type(value) is date or (isinstance(value, str) and not self.is_strict):
            return value
        self.note(Fault.BAD_DAY, text=str(value)[:40])
        return None

    def mapping(self, name: str, known: set[str]) -> Fields:
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self.note(Fault.NOT_A_MAPPING, what=name)
        fields = Fields(self.item, value if isinstance(value, dict) else {}, self.is_strict)
        for key in fields.values.keys() - known:
            self.unknown(f"{name}.{key}")
        return fields

    def unknown(self, name: str) -> None:
        self.item.note(Fault.UNKNOWN_FIELD, Severity.ERROR if self.is_strict else Severity.WARNING, name=name[:60])

    def switch(self, name: str) -> bool:
        value = self.values.get(name)
        if value not in (None, True, False):
            self.note(Fault.CELL_NOT_READ, column=name, text=str(value)[:60])
        return value is True


def read(
    entry: Mapping[str, Any], number: int, place: str, *, is_strict: bool, find: FindPicture = no_files
) -> RawItem:
    """An item from its entry, with everything that is wrong with it."""
    item = RawItem(number=number, place=place)
    fields = Fields(item, entry, is_strict)
    item.code = fields.text("id", needed=True)
    item.kind = one_line(fields.text("kind", needed=True))
    if item.kind and item.kind not in {*ItemKind}:
        item.note(Fault.UNKNOWN_KIND, kind=item.kind[:60])
        item.kind = ""
    of_kind = (
        _FIELDS_OF_KIND[ItemKind(item.kind)]
        if item.kind
        else {name for names in _FIELDS_OF_KIND.values() for name in names}
    )
    for name in entry.keys() - _FIELDS - of_kind:
        fields.unknown(name)
    item.topic, item.level = fields.text("topic", needed=True), _level(fields)
    item.stem, item.explanation = fields.text("stem", needed=True), fields.text("explanation")
    item.exemplar, item.source = fields.text("exemplar"), _source(fields)
    _read_answer(item, fields, of_kind)
    citation = fields.mapping("citation", {"document", "article", "clause", "point"})
    item.document = citation.text("document", needed="citation" in entry)
    item.article, item.clause, item.point = (citation.text(name) for name in ("article", "clause", "point"))
    valid = fields.mapping("valid", {"from", "until"})
    item.valid_from, item.valid_until = valid.day("from"), valid.day("until")
    _read_images(item, fields, find)
    return item


def _level(fields: Fields) -> str:
    level = fields.values.get("level")
    is_number = isinstance(level, int) and not isinstance(level, bool)
    if fields.is_strict and not is_number:
        fields.note(Fault.UNKNOWN_LEVEL, level=str(level)[:40])
        return ""
    return "" if level is None else str(level)


def _source(fields: Fields) -> str:
    facts = fields.texts("facts") if isinstance(fields.values.get("facts"), list) else []
    if not facts and "facts" in fields.values:
        fields.note(Fault.NOT_TEXT, name="facts")
    return "Bảng sự kiện pháp lý: " + ", ".join(facts) if facts else fields.text("source")


def _read_answer(item: RawItem, fields: Fields, of_kind: set[str]) -> None:
    if "options" in of_kind:
        item.options = _options(fields)
    if item.kind == ItemKind.TRUE_FALSE:
        item.options = list(TRUE_FALSE)
    if item.kind == ItemKind.MATCHING:
        item.matches = fields.texts("matches")
        item.key = _pairs(fields, len(item.options))
    elif "key" in of_kind:
        item.key = _key(item, fields)
    item.accepted = fields.texts("accepted") if "accepted" in of_kind else []
    item.partial = fields.switch("partial") if "partial" in of_kind else False
    item.pinned = _numbers(fields, "pinned") if "pinned" in of_kind else []
    words = fields.values.get("words") if "words" in of_kind else None
    if words is not None and (not isinstance(words, int) or isinstance(words, bool)):
        fields.note(Fault.CELL_NOT_READ, column="words", text=str(words)[:60])
    else:
        item.words = words


def _options(fields: Fields) -> list[str]:
    options = fields.values.get("options")
    if not isinstance(options, dict):
        if options is not None:
            fields.note(Fault.NOT_A_MAPPING, what="options")
        else:
            fields.missing("options")
        return []
    letters = list(options)
    if letters != [letter(number) for number in range(1, len(letters) + 1)]:
        fields.note(Fault.OPTION_LETTERS, letters=", ".join(letters)[:60])
    inner = Fields(fields.item, options, fields.is_strict)
    return [inner.text(name, needed=True) for name in options]


def _key(item: RawItem, fields: Fields) -> list[int]:
    """ "B", "A, C", ["A", "C"], "đúng" → numbers from 1."""
    names = _names(fields.values.get("key"))
    item.key_text = ", ".join(names)
    if not names:
        fields.missing("key")
        return []
    if item.kind == ItemKind.TRUE_FALSE:
        if len(names) == 1 and names[0].casefold() in _TRUTH:
            return [_TRUTH[names[0].casefold()]]
        fields.note(Fault.TRUE_FALSE_KEY, key=item.key_text[:60])
        return []
    return _numbers(fields, "key")


def _names(value: Any) -> list[str]:
    names = value if isinstance(value, list) else str("" if value is None else value).split(",")
    return [one_line(str(name)) for name in names if str(name).strip()]


def _numbers(fields: Fields, name: str) -> list[int]:
    names = _names(fields.values.get(name))
    if all(len(found) == 1 and "A" <= found <= "Z" for found in names):
        return sorted({number_of(found) for found in names})
    fields.note(Fault.UNREADABLE_KEY, key=", ".join(names)[:80])
    return []


def _pairs(fields: Fields, lefts: int) -> list[int]:
    """{A: 2, B: 1} → for each left side the number of its right side, 0 for none."""
    key = fields.values.get("key")
    if not isinstance(key, dict) or not all(type(number) is int and 0 <= number < 100 for number in key.values()):
        fields.note(Fault.NOT_A_MAPPING, what="key")
        return []
    letters = [letter(number) for number in range(1, lefts + 1)]
    for name in key.keys() - set(letters):
        fields.unknown(f"key.{name}")
    return [key.get(name, 0) for name in letters]


def _read_images(item: RawItem, fields: Fields, find: FindPicture) -> None:
    images = fields.values.get("images")
    if images is None:
        return
    if not isinstance(images, list) or not all(isinstance(image, dict) for image in images):
        fields.note(Fault.NOT_A_MAPPING, what="images")
        return
    for image in images:
        inner = Fields(item, image, fields.is_strict)
        for name in image.keys() - {"place", "alt", "data", "file"}:
            inner.unknown(f"images.{name}")
        place = inner.text("place") or "stem"
        content = _content(inner, find)
        if not (place == "stem" or (len(place) == 1 and "A" <= place <= "Z")):
            fields.note(Fault.IMAGE_NOWHERE, where=place[:20])
        elif content:
            item.pictures.append(RawPicture(0 if place == "stem" else number_of(place), content, inner.text("alt")))


def _content(image: Fields, find: FindPicture) -> bytes:
    content, name = None, image.text("file")
    try:
        content = find(name) if name else base64.b64decode("".join(image.text("data").split()), validate=True)
    except (binascii.Error, ValueError):
        pass
    if not content:
        severity = Severity.ERROR if image.is_strict else Severity.WARNING
        why = (
            _("không có tệp “%(name)s” bên cạnh tệp YAML", name=name[:60])
            if name
            else _("mục “data” không phải hình ở dạng base64")
        )
        image.item.note(Fault.IMAGE_NOT_KEPT, severity, why=why)
    return content or b""


# Writing


def entry(item: OutItem) -> dict[str, Any]:
    """What `read` takes for the same item; empty fields are left out."""
    w = item.wording
    place = {"article": w.article, "clause": w.clause, "point": w.point} if item.document else {}
    values = {
        "id": item.code,
        "kind": str(w.kind),
        "topic": w.topic,
        "level": w.level,
        "stem": w.stem,
        **_answer(w),
        "partial": w.partial,
        "pinned": ", ".join(map(letter, w.pinned)),
        "words": w.words,
        "images": [_image(item, *image) for image in w.images if image.digest in item.pictures],
        "explanation": w.explanation,
        "citation": {name: value for name, value in {"document": item.document, **place}.items() if value},
        "valid": {name: day for name, day in (("from", w.valid_from), ("until", w.valid_until)) if day},
        "source": w.source,
        "exemplar": w.exemplar,
    }
    return {name: value for name, value in values.items() if value}


def _answer(w: Wording) -> dict[str, Any]:
    options = {letter(number): text for number, text in enumerate(w.options, 1)}
    if w.kind == ItemKind.TRUE_FALSE:
        return {"key": TRUE_FALSE[w.key[0] - 1].lower() if w.key else ""}
    if w.kind == ItemKind.MATCHING:
        return {"options": options, "matches": list(w.matches), "key": dict(zip(options, w.key, strict=False))}
    if w.kind in (ItemKind.SHORT_TEXT, ItemKind.NUMBER):
        return {"accepted": list(w.accepted)}
    return {"options": options, "key": ", ".join(map(letter, sorted(w.key)))}


def _image(item: OutItem, place: int, digest: str, alt: str) -> dict[str, str]:
    data = base64.encodebytes(item.pictures[digest].content).decode()
    return {"place": letter(place) if place else "stem", "alt": alt, "data": data}
