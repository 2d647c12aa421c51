"""What an item says, by the names of what a format may be unable to hold: the same question for every writer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from quiz.banks import pins
from quiz.banks.formats.writing import Lost, OutItem
from quiz.banks.models import ItemKind
from quiz.banks.wording import Wording

_SAID: Mapping[Lost, Callable[[Wording], bool]] = {
    Lost.IMAGES: lambda w: bool(w.images),
    Lost.PARTIAL: lambda w: w.partial,
    Lost.PINNED: lambda w: set(w.pinned) != set(pins.pins(w.options)),  # those pinned by their words are pinned again
    Lost.EXPLANATION: lambda w: bool(w.explanation),
    Lost.CITATION: lambda w: w.document_id is not None,
    Lost.PERIOD: lambda w: bool(w.valid_from or w.valid_until),
    Lost.LEVEL: lambda w: True,
    Lost.TOPIC: lambda w: bool(w.topic),
    Lost.EXEMPLAR: lambda w: bool(w.exemplar),
    Lost.SOURCE: lambda w: bool(w.source),
    Lost.WORDS: lambda w: w.words is not None,
    Lost.OTHER_MATCHES: lambda w: bool(set(range(1, len(w.matches) + 1)) - set(w.key)) and w.kind == ItemKind.MATCHING,
}


def gone_pictures(items: Iterable[OutItem]) -> list[tuple[str, Lost]]:
    """The items some of whose pictures are not there to be written."""
    return [(i.code, Lost.IMAGES) for i in items if any(image.digest not in i.pictures for image in i.wording.images)]


def lost(item: OutItem, held: Collection[Lost]) -> list[Lost]:
    """What the item says and a format that holds only `held` does not keep."""
    found = [name for name, says in _SAID.items() if name not in held and says(item.wording)]
    return found if Lost.CODE in held else [*found, Lost.CODE]
