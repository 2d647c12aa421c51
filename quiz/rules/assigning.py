"""Assigning papers to judges by lot (bốc thăm chấm): nobody chooses whom they mark, and all have as many, give or take one.

As judges are paired in essay contests (facts/contest-practice.md §3: "judges paired by drawing lots"). Whoever knows the
seed can do it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

HEAD = "hieu-luat judges 1"


class NotEnoughJudges(Exception):
    """A paper has fewer judges who may mark it than it needs.  paper: its key"""

    def __init__(self, paper: str) -> None:
        super().__init__(paper)
        self.paper = paper


def _ticket(seed: str, *names: object) -> bytes:
    lines = "".join(f"{part}\n" for part in (HEAD, seed, *names))
    return hashlib.sha256(lines.encode()).digest()


def assign(
    papers: Mapping[str, Collection[int]],
    judges: Collection[int],
    seed: str,
    *,
    each: int,
    loads: Mapping[int, int] | None = None,
) -> dict[str, tuple[int, ...]]:
    """Paper → its judges, `each` different ones.

    papers: key → judges who may not mark it, because it is of their own unit or they have marked it · loads: how many
    papers judges have already.  Papers that most judges may not mark come first, the rest in an order drawn by lot; each goes
    to those who have the fewest, and of equals to those whose lot comes first.
    Raises NotEnoughJudges.
    """
    count = {judge: (loads or {}).get(judge, 0) for judge in judges}
    given: dict[str, tuple[int, ...]] = {}
    barred = {paper: sum(judge in papers[paper] for judge in count) for paper in papers}
    for paper in sorted(papers, key=lambda key: (-barred[key], _ticket(seed, key))):
        may = [judge for judge in count if judge not in papers[paper]]
        if len(may) < each:
            raise NotEnoughJudges(paper)
        may.sort(key=lambda judge, paper=paper: (count[judge], _ticket(seed, paper, judge)))  # type: ignore[misc]
        chosen = may[:each]
        for judge in chosen:
            count[judge] += 1
        given[paper] = tuple(sorted(chosen, key=lambda judge, paper=paper: _ticket(seed, "order", paper, judge)))  # type: ignore[misc]
    return given


def loads_of(given: Mapping[str, Sequence[int]]) -> dict[int, int]:
    """Judge → how many papers."""
    count: dict[int, int] = {}
    for judges in given.values():
        for judge in judges:
            count[judge] = count.get(judge, 0) + 1
    return count
