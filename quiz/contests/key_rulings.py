"""The rulings on wrong keys that hold in a contest, as its row keeps them.

number: of the last ruling, by which attempts that end from now on are marked · finished: of the last by which all earlier
attempts have been marked too · items: version id → rules.keys.Overlay
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quiz.contests.models import Contest
from quiz.rules.keys import Overlay, after


@dataclass(frozen=True, slots=True)
class Rulings:
    number: int = 0
    finished: int = 0
    items: Mapping[int, Overlay] = field(default_factory=dict)

    def with_one_more(self, version_id: int, ruling: Overlay) -> Rulings:
        holds = after(self.items.get(version_id), ruling)
        return Rulings(self.number + 1, self.finished, {**self.items, version_id: holds})

    def to_json(self) -> dict[str, Any]:
        items = {str(version_id): overlay.to_json() for version_id, overlay in self.items.items()}
        return {"number": self.number, "finished": self.finished, "items": items}


def rulings_from(stored: Mapping[str, Any]) -> Rulings:
    """stored: the column of a contest, empty before its first ruling"""
    if not stored:
        return _NONE
    items = {int(version_id): Overlay.from_json(values) for version_id, values in stored["items"].items()}
    return Rulings(stored["number"], stored["finished"], items)


def rulings_of(contest: Contest) -> Rulings:
    return rulings_from(contest.key_rulings)


_NONE = Rulings()
