"""Tables of keys: "1-A 2.C 3b" in lines, numbers above letters or beside them in the grid of a Word table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from quiz.banks.formats.lines.document import Line, Run, Table, fold
from quiz.banks.formats.lines.key_values import is_label_list, read_truth

_VALUE = r"[a-h]{1,8}(?:\s*[,&+]\s*[a-h](?![a-z0-9]))*|[ds]{4}"
_PAIR = re.compile(rf"(?<![\w./])(?:cau\s*)?(?P<number>\d{{1,5}})\s*[-–.:)=/]?\s*(?P<value>{_VALUE})(?![\w])[.,;|]?")
_WORDS = re.compile(r"\b(?:dap an|cau hoi|cau|phan|da|hoi|key|answer)\b|[\W_]+")
_NUMBER = re.compile(r"(?:câu|bài|question)?\s*(\d{1,5})\s*[.:)]?", re.IGNORECASE)
_HEADS = {"", "cau", "cau hoi", "dap an", "da", "stt", "tt", "cau so", "d/a", "key", "so cau", "tra loi"}


class Entry(NamedTuple):
    """number: of the item, as it is written · group: folded heading above it, or "" · value: the key as it is written."""

    number: str
    value: str
    place: str
    group: str = ""


def pairs_of(line: Line) -> list[Entry]:
    """The keys in a line that holds nothing else; [] for any other line."""
    found = list(_PAIR.finditer(line.folded)) if line.folded[:400].strip() else []
    if not found or _WORDS.sub("", _PAIR.sub(" ", line.folded)):
        return []
    values = [line.text[match.start("value") : match.end("value")] for match in found]
    if not all(map(is_value, values)):
        return []
    return [Entry(str(int(match["number"])), value, line.place) for match, value in zip(found, values, strict=True)]


def row_of(line: Line) -> list[str]:
    """The cells of a row of a grid that has become a line, without its heading: "Câu 1 2 3" → ["1", "2", "3"]."""
    cells = [cell.strip() for cell in re.split(r"\t|\s{2,}|\|", line.text) if cell.strip()]
    if len(cells) == 1:
        cells = cells[0].split()
    heads = 0
    while heads < len(cells) and fold(" ".join(cells[: heads + 1])).strip(" .:") in _HEADS:
        heads += 1
    return cells[heads:]


def entries_of_rows(above: Sequence[str], below: Sequence[str], place: str) -> list[Entry]:
    """Numbers in one row and their keys in the next; [] when they are not that."""
    if not above or len(above) != len(below):
        return []
    numbers = [_NUMBER.fullmatch(cell) for cell in above]
    if not all(numbers) or not all(map(is_value, below)):
        return []
    return [Entry(str(int(number[1])), value, place) for number, value in zip(numbers, below, strict=True) if number]


def is_value(text: str) -> bool:
    """May this be a key in a table of keys?"""
    return is_label_list(text) or read_truth(text) is not None or re.fullmatch(r"[ĐSđs]{2,8}", text) is not None


def entries_of_table(table: Table) -> list[Entry]:
    """The keys of a table that holds nothing else; [] for any other table."""
    rows = [[" ".join(cell.text.split()) for cell in row] for row in table.rows]
    rows = [row for row in rows if any(row)]
    return _of_cells(rows, table.place) or _of_rows(rows, table.place) or _of_columns(rows, table.place)


def _of_cells(rows: Sequence[Sequence[str]], place: str) -> list[Entry]:
    """Each cell a pair, or several: "1-A"."""
    found: list[Entry] = []
    for text in (text for row in rows for text in row):
        pairs = pairs_of(Line(place, [Run(text)])) if text else []
        if text and not pairs and not _is_head(text):
            return []
        found += pairs
    return found


def _of_rows(rows: Sequence[Sequence[str]], place: str) -> list[Entry]:
    """A row of numbers, and the row of their keys below it, as often as it goes on."""
    found: list[Entry] = []
    above: list[str] = []
    for row in rows:
        cells = [text for text in row if not _is_head(text)]
        if above and (entries := entries_of_rows(above[: len(cells)], cells, place)):
            found += entries
            above = []
        elif cells and not above and all(_NUMBER.fullmatch(text) for text in cells):
            above = cells
        elif cells:
            return []
    return found


def _of_columns(rows: Sequence[Sequence[str]], place: str) -> list[Entry]:
    """Numbers and keys side by side: 1 | A | 11 | C."""
    found: list[Entry] = []
    for row in rows:
        cells = [text for text in row if text]
        if all(_is_head(text) for text in cells):
            continue
        if len(cells) % 2:
            return []
        for number, value in zip(cells[::2], cells[1::2], strict=True):
            match = _NUMBER.fullmatch(number)
            if match is None or not is_value(value):
                return []
            found.append(Entry(str(int(match[1])), value, place))
    return found


def _is_head(text: str) -> bool:
    return fold(text).strip(" .:") in _HEADS
