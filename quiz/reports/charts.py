"""Bar charts as pictures: SVG for pages, PNG for papers. What they show always stands in a table beside them, too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

from quiz.formats import number

_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "documents"
_one_at_a_time = Lock()  # a compiler keeps the inputs of its last run
MOST_BARS = 24
PPI = 144.0  # of a PNG


@dataclass(frozen=True, slots=True)
class Chart:
    """bars: (name, value), in the order shown · says: the main finding, as its text alternative"""

    title: str
    bars: Sequence[tuple[str, int]]
    says: str

    @property
    def data(self) -> str:
        shown = [(name, value, number(value)) for name, value in self.bars[:MOST_BARS]]
        return json.dumps({"title": self.title, "bars": shown}, ensure_ascii=False)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False)
    return typst.Compiler(_FOLDER / "chart.typ", root=_FOLDER, font_paths=fonts, ignore_system_fonts=True)


def _drawn(chart: Chart, kind: Literal["svg", "png"]) -> bytes:
    with _one_at_a_time:
        picture = _compiler().compile(format=kind, sys_inputs={"data": chart.data}, ppi=PPI)
    assert isinstance(picture, bytes)
    return picture


def as_svg(chart: Chart) -> bytes:
    return _drawn(chart, "svg")


def as_png(chart: Chart) -> bytes:
    return _drawn(chart, "png")
