"""Making a first blueprint: questions spread over topics in proportion to what the bank holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def spread(supply: Mapping[T, int], questions: int) -> dict[T, int]:
    """How many questions each topic gives, together `questions`; the largest remainders get what rounding leaves.

    supply: topic → items it holds, in order of display.  A topic is asked for more than it holds only when all of them
    together hold too little; topics that give none are left out.
    """
    if not supply:
        return {}
    weights = dict(supply) if any(supply.values()) else dict.fromkeys(supply, 1)
    whole = sum(weights.values())
    # whole numbers: with fractions, equal remainders would differ in their last digit and jump the order of display
    shares = {topic: divmod(questions * weight, whole) for topic, weight in weights.items()}
    counts = {topic: share for topic, (share, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda topic: -shares[topic][1])
    for topic in by_remainder[: questions - sum(counts.values())]:
        counts[topic] += 1
    return {topic: n for topic, n in counts.items() if n}
