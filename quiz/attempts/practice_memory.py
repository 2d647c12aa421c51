"""When a practised item is asked again: the FSRS scheduler, with the moment handed in and without chance.

A card is the scheduler's own document of what somebody remembers of an item; {} stands for an item that was never answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from fsrs import Card, Rating, Scheduler
from fsrs.card import CardDict

from quiz.rules.practice import due_at

_AGAIN_IN = (timedelta(minutes=10),)
_SCHEDULER = Scheduler(
    learning_steps=_AGAIN_IN,
    relearning_steps=_AGAIN_IN,
    maximum_interval=365,  # the law changes sooner than memory fades
    enable_fuzzing=False,  # it spreads the cards of one person by chance; ours are few
)


def after(card: dict[str, Any], item_id: int, rating: Rating, now: datetime) -> tuple[dict[str, Any], datetime]:
    """The card after an answer, and when it is due."""
    # without a number of its own and a due moment the library would ask the clock
    before = Card.from_dict(cast(CardDict, card)) if card else Card(card_id=item_id, due=now)
    reviewed, _log = _SCHEDULER.review_card(before, rating, now)
    return cast(dict[str, Any], reviewed.to_dict()), due_at(reviewed.due, now)
