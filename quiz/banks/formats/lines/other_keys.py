"""The answers of items that have nothing to choose from: statements, typed answers, essays, orders and pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.lines import key_values
from quiz.banks.formats.lines.document import fold, text_of
from quiz.banks.formats.lines.pieces import Piece
from quiz.banks.formats.reading import RawItem
from quiz.banks.formats.spelling import notation
from quiz.banks.models import ItemKind

_PAIR = re.compile(r"([A-La-l])\s*[-–.:)→=]?\s*(\d{1,2})")


def settle(piece: Piece) -> None:
    """Write kind and answer of an item without options into its raw item; a kind that nothing tells is left open."""
    raw = piece.raw
    raw.key_text = "; ".join(dict.fromkeys(key.text for key in piece.keys))
    texts = [key.text.strip() for key in piece.keys]
    kind = raw.kind or _kind_of_section(piece)
    if kind in ("", ItemKind.TRUE_FALSE) and texts and all(map(key_values.read_truth, texts)):
        _settle_truth(piece, texts)
    elif kind == ItemKind.TRUE_FALSE and texts:
        raw.note(Fault.TRUE_FALSE_KEY, key=texts[0][:60])
    elif kind == ItemKind.ESSAY:
        raw.kind = kind
        raw.explanation = "\n\n".join(filter(None, (*texts, raw.explanation)))
    elif kind == ItemKind.SHORT_TEXT:
        raw.kind, raw.accepted = kind, texts
    elif kind == ItemKind.NUMBER:
        raw.accepted = [number for text in texts for number in notation.read_number_list(text)]
    elif texts and not kind and not all(map(key_values.is_label_list, texts)):
        raw.kind, raw.accepted = ItemKind.SHORT_TEXT, texts
        why = _("câu không có phương án; “%(text)s” có thể là câu trả lời phải gõ", text=texts[0][:60])
        raw.note(Fault.KEY_UNCERTAIN, why=why)


def _settle_truth(piece: Piece, texts: Sequence[str]) -> None:
    raw, truths = piece.raw, {key_values.read_truth(text) or 0 for text in texts}
    raw.kind = ItemKind.TRUE_FALSE
    if len(truths) == 1:
        raw.key = list(truths)
    else:
        a, b = (f"{texts[n]} theo {piece.keys[n].how}" for n in (0, -1))
        raw.note(Fault.KEYS_DISAGREE, a=a, b=b)


def _kind_of_section(piece: Piece) -> str:
    """What the heading above says of its items, "PHẦN III. Câu trắc nghiệm trả lời ngắn"."""
    title, stem = piece.section.title, fold(text_of(piece.stem, " "))
    if "tu luan" in title or "(tu luan)" in stem or stem.startswith("cau tu luan"):
        return ItemKind.ESSAY
    return ItemKind.SHORT_TEXT if "tra loi ngan" in title else ""


def settle_matching(piece: Piece) -> None:
    """ "A-2, B-1": for each left side the number of its right side; 0 where none is said."""
    piece.raw.key_text = "; ".join(key.text for key in piece.keys)
    pairs = {letter.upper(): int(number) for letter, number in _PAIR.findall(piece.raw.key_text)}
    piece.raw.key = [pairs.get(option.letter, 0) for option in piece.options]


def settle_ordering(piece: Piece) -> None:
    """Things are kept in their right order: that of the file, or the one that "Đáp án: B, A, C" says."""
    raw = piece.raw
    raw.key_text = "; ".join(key.text for key in piece.keys)
    names = [option.letter for option in piece.options]
    said = [char.upper() for char in raw.key_text if char.isalpha()]
    if not said:
        raw.note(Fault.ORDER_AS_WRITTEN, Severity.WARNING)
    elif sorted(said) == sorted(names):
        _put_in_order(raw, [names.index(name) + 1 for name in said])
    else:
        raw.note(Fault.UNREADABLE_KEY, key=raw.key_text[:80])


def _put_in_order(raw: RawItem, order: Sequence[int]) -> None:
    raw.options = [raw.options[number - 1] for number in order]
    for picture in raw.pictures:
        if picture.place:
            picture.place = order.index(picture.place) + 1
