"""Automatic numbers of Word lists ("A.", "Câu 12:"), which stand in no text and must be counted out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from quiz.banks.formats.word.styles import Styles

_LEVELS = 9
_MOST = 100_000  # beyond it a number is nonsense, and Roman numerals grow without bound
_ROMAN = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]  # fmt: skip
_SYMBOLS = re.compile(r"[\ue000-\uf8ff]")


@dataclass(slots=True)
class Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    restarts_after: int | None = None  # level, from 0, whose number begins this one again; None: any above; -1: none
    is_legal: bool = False  # all numbers of its text are Arabic
    style: str = ""


@dataclass(slots=True)
class _Num:
    """abstract: id of the list that it stands for · levels: those it says itself · starts: level → first number."""

    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of lists, in order of the document."""

    def __init__(self, root: etree._Element | None, styles: Styles, w: str) -> None:
        self.w = w
        self._styles = styles
        self._lists: dict[str, dict[int, Level]] = {}
        self._nums: dict[str, _Num] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._of_style: dict[str, tuple[str, int] | None] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: etree._Element) -> None:
        w, links, named = self.w, {}, {}
        for abstract in root.iterfind(w + "abstractNum"):
            name = abstract.get(w + "abstractNumId", "")
            self._lists[name] = dict(map(self._level, abstract.iterfind(w + "lvl")))
            if (link := self._value(abstract, "numStyleLink")) is not None:
                links[name] = link
            if (link := self._value(abstract, "styleLink")) is not None:
                named[link] = name
        for name, link in links.items():  # a list that only names the style of another
            self._lists[name] = self._lists.get(named.get(link, ""), {}) or self._lists[name]
        for num in root.iterfind(w + "num"):
            made = _Num(self._value(num, "abstractNumId") or "")
            for override in num.iterfind(w + "lvlOverride"):
                number = _int(override.get(w + "ilvl"), 0)
                if (level := override.find(w + "lvl")) is not None:
                    made.levels[number] = self._level(level)[1]
                if (start := self._value(override, "startOverride")) is not None:
                    made.starts[number] = _int(start, 1)
            self._nums[num.get(w + "numId", "")] = made

    def _value(self, element: etree._Element, name: str) -> str | None:
        found = element.find(self.w + name)
        return found.get(self.w + "val") if found is not None else None

    def _level(self, element: etree._Element) -> tuple[int, Level]:
        restart, legal = self._value(element, "lvlRestart"), element.find(self.w + "isLgl")
        level = Level(
            start=_int(self._value(element, "start"), 1),
            format=self._value(element, "numFmt") or "decimal",
            text=self._value(element, "lvlText") or "",
            restarts_after=None if restart is None else _int(restart, 0) - 1,
            is_legal=legal is not None and legal.get(self.w + "val") not in ("0", "false", "off"),
            style=self._value(element, "pStyle") or "",
        )
        return _int(element.get(self.w + "ilvl"), 0), level

    def label(self, properties: etree._Element | None, style_id: str) -> str:
        """The number of a paragraph, counted on; "" when it has none.  properties: its pPr."""
        num_id, number = self._place(properties, style_id)
        num = self._nums.get(num_id)
        if num is None or not 0 <= number < _LEVELS:
            return ""
        levels = self._lists.get(num.abstract, {}) | num.levels
        level = levels.get(number)
        if level is None:
            return ""
        counts = self._count(num_id, num, number, levels)
        if level.format == "bullet":
            return _SYMBOLS.sub("•", level.text) or "•"
        if level.format == "none":
            return level.text if "%" not in level.text else ""
        return re.sub(
            r"%([1-9])", lambda found: _written(int(found[1]) - 1, counts, levels, level.is_legal), level.text
        )

    def _count(self, num_id: str, num: _Num, number: int, levels: dict[int, Level]) -> list[int | None]:
        counts = self._counts.setdefault(num.abstract, [None] * _LEVELS)
        if number in num.starts and (num_id, number) not in self._begun:
            counts[number] = None
        first = (
            num.starts.get(number, levels[number].start)
            if (num_id, number) not in self._begun
            else levels[number].start
        )
        self._begun.add((num_id, number))
        before = counts[number]
        counts[number] = first if before is None else before + 1
        for deeper in range(number + 1, _LEVELS):
            restart = levels[deeper].restarts_after if deeper in levels else None
            if restart is None or restart >= number:
                counts[deeper] = None
        for above in range(number):
            if counts[above] is None and above in levels:
                counts[above] = levels[above].start
        return counts

    def _place(self, properties: etree._Element | None, style_id: str) -> tuple[str, int]:
        """(numId, level), from the paragraph itself or its style."""
        by_style = self._place_of_style(self._styles.paragraph_style(style_id))
        own = properties.find(self.w + "numPr") if properties is not None else None
        if own is None:
            return by_style or ("", 0)
        num_id, level = self._value(own, "numId"), self._value(own, "ilvl")
        if num_id is None:
            return (by_style[0], _int(level, 0)) if by_style else ("", 0)
        return num_id, _int(level, 0)

    def _place_of_style(self, style_id: str) -> tuple[str, int] | None:
        if style_id not in self._of_style:
            self._of_style[style_id] = self._find_place_of_style(style_id)
        return self._of_style[style_id]

    def _find_place_of_style(self, style_id: str) -> tuple[str, int] | None:
        w = self.w
        for style in reversed(self._styles.chain(style_id)):
            numbered = style.find(f"{w}pPr/{w}numPr")
            num_id = self._value(numbered, "numId") if numbered is not None else None
            if numbered is None or num_id is None:
                continue
            num = self._nums.get(num_id)
            levels = self._lists.get(num.abstract, {}) if num else {}
            name = style.get(w + "styleId", "")
            by_link = next((number for number, level in levels.items() if level.style == name), None)
            return num_id, by_link if by_link is not None else _int(self._value(numbered, "ilvl"), 0)
        return None


def _int(text: str | None, otherwise: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return otherwise


def _written(number: int, counts: list[int | None], levels: dict[int, Level], is_legal: bool) -> str:
    value = counts[number]
    if value is None:
        value = levels[number].start if number in levels else 0
    return written(value, "decimal" if is_legal or number not in levels else levels[number].format)


def written(value: int, format_: str) -> str:
    """A number as a list writes it; formats that no list of questions uses are written in digits."""
    if not 0 < value < _MOST:
        return str(value)
    if format_ in ("upperLetter", "lowerLetter"):
        letters = chr(65 + (value - 1) % 26) * min((value - 1) // 26 + 1, 10)
        return letters if format_ == "upperLetter" else letters.lower()
    if format_ in ("upperRoman", "lowerRoman") and value < 4000:
        roman = ""
        for worth, sign in _ROMAN:
            while value >= worth:
                roman, value = roman + sign, value - worth
        return roman.upper() if format_ == "upperRoman" else roman
    return f"{value:02}" if format_ == "decimalZero" else str(value)
