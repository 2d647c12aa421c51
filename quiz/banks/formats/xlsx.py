"""Excel workbooks: values and pictures; no formula and no macro is run."""

from __future__ import annotations

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe.packages import opened
from quiz.banks.formats.sheets import pictures, workbooks, xlsx_guard, xlsx_pictures
from quiz.banks.formats.sheets.xlsx_writing import write
from quiz.errors import Refusal

__all__ = ["read", "write"]


def read(content: bytes) -> Reading:
    """The items of the first visible sheet that has them; other sheets with items are named.  Raises Refusal(FileRefusal)."""
    with opened(content) as package:
        names = {name.lower() for name in package.names}
        if xlsx_guard.WORKBOOK not in names:
            raise Refusal(FileRefusal.UNKNOWN_FORMAT)
        workbooks.refuse_two(package)
        sheets = xlsx_guard.check(package)
        table, sheet = workbooks.find_table(content, sheets)
        reading = table.reading
        pictures.add(package, xlsx_pictures.anchored(package, sheets.parts.get(sheet, "")), table)
    if any(name.startswith("xl/richdata/") for name in names):  # pictures that Excel puts into cells
        reading.note(Fault.PICTURES_NOT_READ)
    if any(name.endswith("vbaproject.bin") for name in names):
        reading.note(Fault.MACROS_NOT_READ)
    return reading
