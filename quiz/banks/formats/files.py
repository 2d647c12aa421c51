"""What is refused of a file as such, whatever its format, and reading text in its encoding."""

from __future__ import annotations

import enum

from quiz.errors import Refusal


class FileRefusal(enum.Enum):
    """Each has a sentence in banks/refusals.py."""

    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    PDF = "pdf"
    OLD_OFFICE = "old_office"
    PASSWORD = "password"
    DAMAGED = "damaged"
    UNSAFE = "unsafe"
    NOT_UTF8 = "not_utf8"
    TOO_LARGE_INSIDE = "too_large_inside"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_LINES = "too_many_lines"
    NO_HEADINGS = "no_headings"
    NO_ROWS = "no_rows"
    NO_ITEMS = "no_items"
    NOT_YAML = "not_yaml"


MOST_LINES = 300_000  # of a text or a Word file; 20,000 items have some 200,000

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 as Excel saves it, with its ends of lines as "\\n".

    Raises Refusal(FileRefusal.NOT_UTF8): another encoding would have to be guessed, and Vietnamese guessed wrongly is ruined.
    """
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    if not encoding:
        encoding = _utf16_without_mark(content) or "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(FileRefusal.NOT_UTF8) from error
    if "\0" in text:
        raise Refusal(FileRefusal.UNKNOWN_FORMAT)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")


def _utf16_without_mark(content: bytes) -> str:
    """UTF-16 gives itself away by the empty bytes beside its Latin letters."""
    start = content[:4000]
    if len(start) < 4 or len(start) % 2:
        start = start[: len(start) // 2 * 2]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 8 or min(even, odd):
        return ""
    return "utf-16-le" if odd else "utf-16-be"
