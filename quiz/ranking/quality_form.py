"""The shape of a page of points for quality: for every unit shown a number from 0 to 100 and a note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from quiz.forms import tidy
from quiz.ranking.unit_sheets import QualityPoints

MOST_POINTS = 100
LONGEST_NOTE = 500


@dataclass(slots=True)
class QualityForm:
    """typed: unit → (points, note) as typed · errors: unit → what is wrong with its line"""

    typed: dict[int, tuple[str, str]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    given: dict[int, QualityPoints] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: Mapping[str, Any], unit_ids: Iterable[int]) -> QualityForm:
        """Fields `p-<unit>` and `n-<unit>`; a line without points is left as it was."""
        form = cls()
        for unit_id in unit_ids:
            points, note = tidy(posted.get(f"p-{unit_id}", "")), tidy(posted.get(f"n-{unit_id}", ""))
            form.typed[unit_id] = points, note
            if not points:
                if note:
                    form.errors[unit_id] = _("Hãy ghi điểm cho đơn vị có nhận xét.")
                continue
            if not (points.isascii() and points.isdigit() and len(points) <= 3 and int(points) <= MOST_POINTS):
                form.errors[unit_id] = _("Hãy nhập số nguyên từ 0 đến %(most)s.", most=MOST_POINTS)
            elif len(note) > LONGEST_NOTE:
                form.errors[unit_id] = _("Nhận xét dài quá %(most)s ký tự.", most=LONGEST_NOTE)
            else:
                form.given[unit_id] = QualityPoints(int(points), note)
        return form
