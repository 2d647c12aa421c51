"""Drawing a paper: which items, in which order, with which order of options. Same pool, blueprint and seed, same paper."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

SPLIT = "hieu-luat split 1"
ESSAY = 0  # the level of essays in a draw: a cell for any level never takes one


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An item version that may be drawn. options: how many it has; shuffle: may their order change.

    pinned: numbers of the options that stay in their place all the same ("Tất cả các phương án trên").
    """

    version_id: int
    bank: str
    topic: str
    level: int
    options: int
    shuffle: bool = True
    pinned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a blueprint: how many items of a topic and level. level None takes what the topic has left, level
    ESSAY its essays."""

    bank: str
    topic: str
    level: int | None
    count: int


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A drawn item version; `order[i]` is the original number (from 1) of the option shown at place i + 1."""

    version_id: int
    order: tuple[int, ...]


class BankTooSmall(Exception):
    """The pool cannot fill a cell. `cell` is the first short one, `available` what the pool has for it."""

    def __init__(self, cell: Cell, available: int) -> None:
        super().__init__(f"{cell} asks {cell.count}, the pool has {available}")
        self.cell = cell
        self.available = available


def attempt_seed(secret: bytes, entry_id: int, round_id: int, number: int) -> int:
    """The seed of one attempt: unguessable while the round's secret is kept, checkable once it is revealed."""
    message = f"{entry_id}:{round_id}:{number}".encode()
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:8], "big")


def shortage(pool: Iterable[Candidate], blueprint: Sequence[Cell]) -> list[tuple[Cell, int]]:
    """The cells that the pool cannot fill, each with what it has for them; empty when every paper can be drawn."""
    pool = list(pool)
    short: list[tuple[Cell, int]] = []
    for (bank, topic), cells in by_topic(blueprint).items():
        held = [c for c in pool if (c.bank, c.topic) == (bank, topic)]
        left = sum(c.level != ESSAY for c in held)
        for cell in cells:
            available = left if cell.level is None else sum(c.level == cell.level for c in held)
            if cell.count > available:
                short.append((cell, available))
            if cell.level != ESSAY:
                left -= min(cell.count, available)
    return short


def draw(pool: Iterable[Candidate], blueprint: Sequence[Cell], seed: int) -> list[PaperItem]:
    """Draw one paper.  Raises BankTooSmall.  The order of `pool` does not matter: databases differ in theirs."""
    dice = Random(seed)
    pool = sorted(pool)
    chosen: list[Candidate] = []
    for (bank, topic), cells in sorted(by_topic(blueprint).items()):
        left = [c for c in pool if (c.bank, c.topic) == (bank, topic)]
        for cell in cells:
            fitting = [c for c in left if c.level == cell.level or (cell.level is None and c.level != ESSAY)]
            if cell.count > len(fitting):
                raise BankTooSmall(cell, len(fitting))
            taken = dice.sample(fitting, cell.count)
            chosen += taken
            left = [c for c in left if c not in taken]
    dice.shuffle(chosen)
    chosen.sort(key=lambda c: c.level == ESSAY)  # the essays stand last
    return [PaperItem(c.version_id, option_order(c, dice)) for c in chosen]


def split_seed(secrets: Sequence[str]) -> int:
    """The seed by which pools are cut: made of the secrets of all rounds, so that nobody knows the parts of later rounds
    while one secret is kept, and anybody can cut them again once the last has been revealed.

    secrets: in hex, in the order of the rounds
    """
    return int.from_bytes(
        hashlib.sha256("".join(f"{line}\n" for line in (SPLIT, *secrets)).encode()).digest()[:8], "big"
    )


def split(pool: Iterable[Candidate], parts: int, seed: int) -> list[list[Candidate]]:
    """A pool cut into parts that share no item, each with its even share of every topic and level.

    Rounds that draw from parts of their own never ask what an earlier round has shown the key of.
    """
    dice = Random(seed)
    groups: dict[tuple[str, str, int], list[Candidate]] = {}
    for candidate in sorted(pool):
        groups.setdefault((candidate.bank, candidate.topic, candidate.level), []).append(candidate)
    found: list[list[Candidate]] = [[] for _ in range(parts)]
    turn = 0
    for group in groups.values():
        dice.shuffle(group)
        for candidate in group:
            found[turn % parts].append(candidate)
            turn += 1
    return found


def by_topic(blueprint: Sequence[Cell]) -> dict[tuple[str, str], list[Cell]]:
    """Cells of each topic, those with a level first, so that the open ones take from what is left. Same cells merge."""
    counts: dict[tuple[str, str], dict[int | None, int]] = {}
    for cell in blueprint:
        levels = counts.setdefault((cell.bank, cell.topic), {})
        levels[cell.level] = levels.get(cell.level, 0) + cell.count
    return {
        key: [Cell(*key, level, n) for level, n in sorted(levels.items(), key=lambda x: (x[0] is None, x[0] or 0)) if n]
        for key, levels in counts.items()
    }


def option_order(candidate: Candidate, dice: Random) -> tuple[int, ...]:
    """The order in which a paper shows the options of an item."""
    numbers = range(1, candidate.options + 1)
    if not candidate.shuffle:
        return tuple(numbers)
    free = [number for number in numbers if number not in candidate.pinned]
    dice.shuffle(free)
    left = iter(free)
    return tuple(number if number in candidate.pinned else next(left) for number in numbers)
