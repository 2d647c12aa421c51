"""From a stored document of responses to what was answered to one question, as marking takes it.

attempts.responses describes the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quiz.rules import marking

_WAY_OF_KIND = {"ordering": "s", "matching": "s", "short_text": "w", "number": "w", "essay": "e"}


def way(kind: str) -> str:
    """The part of the document in which a question of this kind is answered."""
    return _WAY_OF_KIND.get(kind, "a")


def given(
    kind: str, options: int, order: Sequence[int], responses: Mapping[str, Any], number: int
) -> Sequence[int] | str:
    """What was given to question `number`, in the terms of the paper; what is not on the paper is dropped.

    options: how many things, left sides or options the item has · order: as the paper shows them
    """
    name = way(kind)
    found: Any = responses.get(name, {}).get(str(number), ())
    if name in ("w", "e"):
        return found or ""
    if name == "s":
        numbers = [place if place <= len(order) else 0 for place in found]
        return [*numbers, *(0 for _ in range(options))][:options]
    return [place for place in found if place <= len(order)]


def response(kind: str, order: Sequence[int], answer: Sequence[int] | str) -> marking.Response:
    """The answer with options by their original numbers."""
    if isinstance(answer, str):
        return answer
    if kind == "ordering":
        return marking.original_sequence(order, marking.in_sequence(answer))
    if kind == "matching":
        return marking.original_sequence(order, answer)
    return marking.original(order, answer)
