"""Rulings on wrong keys: what is right in an item for one contest, once people in office have ruled on its key.

A version of an item never changes; a ruling lies over its key. Everybody who was shown the item is marked by it, whenever
they sat.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from quiz.rules.marking import Key


class What(enum.StrEnum):
    CORRECT = "correct"  # another key in place of the old one
    ACCEPT = "accept"  # other answers are right too
    VOID = "void"  # every paper with the item gets its points, whatever was answered


@dataclass(frozen=True, slots=True)
class Overlay:
    """What rulings have made of a key.  keys: right answers as `Key.right` has them · accepted: of typed answers

    CORRECT: the first of the keys stands in place of the old one, further ones were accepted by later rulings.
    """

    what: What
    keys: tuple[tuple[int, ...], ...] = ()
    accepted: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what.value, "keys": [list(key) for key in self.keys], "accepted": list(self.accepted)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Overlay:
        return cls(What(values["what"]), tuple(tuple(key) for key in values["keys"]), tuple(values["accepted"]))


def effective(key: Key, overlay: Overlay) -> Key:
    """The key with the ruling over it."""
    match overlay.what:
        case What.VOID:
            return replace(key, void=True)
        case What.CORRECT:
            right, others = overlay.keys[0] if overlay.keys else (), overlay.keys[1:]
            return replace(key, right=right, others=others, accepted=overlay.accepted)
        case What.ACCEPT:
            others = tuple(other for other in overlay.keys if other != key.right)
            return replace(key, others=others, accepted=tuple(dict.fromkeys((*key.accepted, *overlay.accepted))))


def after(before: Overlay | None, ruling: Overlay) -> Overlay:
    """What holds when one more ruling is made: a new key or a void item replaces what held, accepting more adds to it."""
    if before is None or ruling.what is not What.ACCEPT:
        return ruling
    if before.what is What.VOID:
        return before
    keys, accepted = (*before.keys, *ruling.keys), (*before.accepted, *ruling.accepted)
    return Overlay(before.what, tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(accepted)))
