"""Bar charts as pictures: SVG for pages, PNG for papers. What they show always stands in a table beside them, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from quiz.formats import number
from quiz.typesetting import compiled

PPI = 144.0  # of a PNG


@dataclass(frozen=True, slots=True)
class Look:
    """narrow: for a phone · dark: for a page in dark colours · ground: behind it, "" lets the page show through"""

    narrow: bool = False
    dark: bool = False
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """bars: (name, value), in the order shown · says: the main finding, as its text alternative"""

    title: str
    bars: Sequence[tuple[str, int]]
    says: str

    def data(self, look: Look) -> dict[str, Any]:
        shown = [(name, value, number(value)) for name, value in self.bars]
        return {"title": self.title, "bars": shown} | asdict(look)


def _drawn(chart: Chart, look: Look, kind: Literal["svg", "png"]) -> bytes:
    return compiled("chart.typ", chart.data(look), kind, ppi=PPI)


def as_svg(chart: Chart, look: Look) -> bytes:
    return _drawn(chart, look, "svg")


def as_png(chart: Chart) -> bytes:
    return _drawn(chart, Look(ground="#ffffff"), "png")
