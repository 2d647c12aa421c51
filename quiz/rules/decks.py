"""Papers by the thousand: what `drawing.draw` picks, with the work that all papers of a pool share done once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from quiz.rules.drawing import ESSAY, BankTooSmall, Candidate, Cell, by_topic, option_order


class Deck:
    """A pool laid out for a blueprint.  Raises BankTooSmall where no paper could be drawn.

    A draw samples by position in a sorted list, so the lists are made here once and each paper only rolls the dice; a test
    compares the two.
    """

    def __init__(self, pool: Iterable[Candidate], blueprint: Sequence[Cell]) -> None:
        self.pool = tuple(sorted(pool))
        self.size = 0
        # for each topic: its cells with a level, each with what fits it; then what is left for any level, and how many
        self._topics: list[tuple[list[tuple[list[Candidate], int]], list[Candidate], int]] = []
        for (bank, topic), cells in sorted(by_topic(blueprint).items()):
            held = [c for c in self.pool if (c.bank, c.topic) == (bank, topic)]
            levels = [(cell, [c for c in held if c.level == cell.level]) for cell in cells if cell.level is not None]
            for cell, fitting in levels:
                _must_fill(cell, len(fitting))
            open_ = next((cell for cell in cells if cell.level is None), None)
            marked = [c for c in held if c.level != ESSAY]
            if open_ is not None:
                _must_fill(open_, len(marked) - sum(cell.count for cell, _fitting in levels if cell.level != ESSAY))
            self._topics.append(
                ([(fitting, cell.count) for cell, fitting in levels], marked, open_.count if open_ else 0)
            )
            self.size += sum(cell.count for cell in cells)

    def version_ids(self, seed: int) -> list[int]:
        """The item versions of the paper that has this seed, in their order."""
        return [c.version_id for c in self._chosen(Random(seed))]

    def paper(self, seed: int) -> list[tuple[int, tuple[int, ...]]]:
        """The whole paper: [(item version, order of its options), …], as `drawing.draw` gives it."""
        dice = Random(seed)
        return [(c.version_id, option_order(c, dice)) for c in self._chosen(dice)]

    def _chosen(self, dice: Random) -> list[Candidate]:
        chosen: list[Candidate] = []
        for levels, marked, count in self._topics:
            first = len(chosen)
            for fitting, n in levels:
                chosen += dice.sample(fitting, n)
            if count:
                taken = {c.version_id for c in chosen[first:]}
                left = [c for c in marked if c.version_id not in taken] if taken else marked
                chosen += dice.sample(left, count)
        dice.shuffle(chosen)
        chosen.sort(key=lambda c: c.level == ESSAY)
        return chosen


def _must_fill(cell: Cell, available: int) -> None:
    if cell.count > available:
        raise BankTooSmall(cell, available)
