"""Pictures of a sheet, by the cell that each one stands in: the stem of its row, or one of its options."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import RawPicture
from quiz.banks.formats.safe.packages import Package
from quiz.banks.formats.sheets.signs import Anchored
from quiz.banks.formats.sheets.tables import Table
from quiz.pictures import MOST_BYTES

_MOST_OF_ALL = 60_000_000  # bytes of the pictures of a file


def add(package: Package, pictures: Iterable[Anchored], table: Table) -> None:
    """Give the pictures of a sheet to the items of its table; those that belong to no item are reported."""
    options = {index: number for number, index in table.columns.options.items()}
    contents: dict[str, bytes] = {}
    left = _MOST_OF_ALL
    for picture in pictures:
        item = table.items.get(picture.row)
        place = options.get(picture.column, 0)
        if item is None:
            table.reading.skip(_("hình ở dòng %(number)s", number=picture.row), Fault.PICTURE_NOT_READ)
            continue
        if picture.part and picture.part not in contents:
            contents[picture.part] = package.read(picture.part)
            left -= len(contents[picture.part])
        content = contents.get(picture.part or "", b"")
        if not content or left < 0 or len(content) > MOST_BYTES or any(p.place == place for p in item.pictures):
            item.note(Fault.PICTURE_NOT_READ, Severity.WARNING)
        else:
            item.pictures.append(RawPicture(place, content, picture.alt))
