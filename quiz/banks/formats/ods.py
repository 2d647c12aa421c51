"""OpenDocument spreadsheets, as LibreOffice saves them: values and pictures; no formula and no macro is run."""

from __future__ import annotations

from quiz.banks.faults import Fault
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import Reading
from quiz.banks.formats.safe.packages import opened
from quiz.banks.formats.sheets import ods_guard, pictures, workbooks
from quiz.banks.formats.sheets.ods_writing import write
from quiz.errors import Refusal

__all__ = ["read", "write"]


def read(content: bytes) -> Reading:
    """The items of the first visible sheet that has them; other sheets with items are named.  Raises Refusal(FileRefusal)."""
    with opened(content) as package:
        if ods_guard.CONTENT not in package or not ods_guard.is_spreadsheet(package):
            raise Refusal(FileRefusal.UNKNOWN_FORMAT)
        workbooks.refuse_two(package)
        sheets = ods_guard.check(package)
        table, sheet = workbooks.find_table(content, sheets)
        found = sheets.signs_of(sheet).pictures
        pictures.add(package, [picture for picture in found if picture.row], table)
    if not all(picture.row for picture in found):  # anchored to the page
        table.reading.note(Fault.PICTURES_NOT_READ)
    return table.reading
