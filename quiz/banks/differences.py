"""What two versions of an item differ in, field by field and word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from quiz.banks.models import Bank, ItemKind, ItemVersion
from quiz.banks.wording import Wording, letter, wording_of
from quiz.banks.words import FIELDS, KINDS, LEVELS
from quiz.differences import Piece, pieces
from quiz.formats import day


@dataclass(frozen=True, slots=True)
class Difference:
    name: Any  # of the field, for people
    pieces: Sequence[Piece]


def between(old: ItemVersion, new: ItemVersion, bank: Bank) -> list[Difference]:
    """Every field that differs, in the order of the editor."""
    before, after = wording_of(old), wording_of(new)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
    return [
        Difference(FIELDS[name], pieces(_said(name, before, old, bank), _said(name, after, new, bank)))
        for name in changed
    ]


def _said(name: str, wording: Wording, version: ItemVersion, bank: Bank) -> str:
    value = getattr(wording, name)
    if name in ("options", "matches", "accepted"):
        return "\n".join(f"{letter(n) if name == 'options' else n}. {text}" for n, text in enumerate(value, 1))
    if name == "key" and wording.kind == ItemKind.MATCHING:
        return "\n".join(f"{letter(left)} – {right}" for left, right in enumerate(value, 1))
    if name in ("key", "pinned"):
        return ", ".join(map(letter, value))
    if name == "images":
        return "\n".join(
            f"{letter(image.place) if image.place else _('Câu dẫn')}: {image.alt} ({image.digest[:8]})"
            for image in value
        )
    if name == "kind":
        return str(KINDS[ItemKind(value)])
    if name == "level":
        return str(LEVELS[value])
    if name == "topic":
        return next((topic["title"] for topic in bank.topics if topic["code"] == value), value)
    if name == "document_id":
        return version.document.name if version.document else ""
    if name == "partial":
        return _("có") if value else _("không")
    return day(value) if isinstance(value, date) else str(value or "")
