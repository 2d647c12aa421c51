"""Where the pictures of an item stand in its row of a workbook: below the texts of their cells, small enough for the row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image as Pillow

from quiz.banks.formats.writing import OutItem, OutPicture

_SHOWN, _LINE, _TALLEST = 160, 20, 540  # pixels: of a picture, of a line of text, of a row
_CHARACTERS = 24  # that fit into a line of an option


@dataclass(frozen=True, slots=True)
class Placed:
    """column: from 0 · width, height, top: pixels, as shown · scale: of the picture's own size"""

    column: int
    picture: OutPicture
    digest: str
    alt: str
    width: float
    height: float
    top: int
    scale: float


def placed(item: OutItem, texts: Sequence[str], stem: int) -> tuple[list[Placed], int]:
    """The pictures that the item still has, and the pixels that its row must be high: a picture below its row would be the next's.

    texts: cells of the row · stem: column of the stem; those of the options follow it
    """
    images = [image for image in item.wording.images if image.digest in item.pictures]
    lines = 0
    for image in images:
        characters = _CHARACTERS if image.place else 2 * _CHARACTERS
        lines = max(lines, 1 + len(texts[stem + image.place]) // characters)
    top = min(lines * _LINE, _TALLEST - _SHOWN)
    found = []
    for image in images:
        picture = item.pictures[image.digest]
        with Pillow.open(io.BytesIO(picture.content)) as opened:
            width, height = opened.size
        scale = min(1.0, _SHOWN / height, 2 * _SHOWN / width)
        column = stem + image.place
        found.append(Placed(column, picture, image.digest, image.alt, width * scale, height * scale, top, scale))
    return found, min(lines * _LINE + _SHOWN, _TALLEST)
