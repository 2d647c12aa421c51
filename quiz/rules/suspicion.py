"""What is worth a judge's look in the attempts of a round. Nothing here decides: every sign has innocent explanations.

Times are compared with the field's own, in logarithms, by median and MAD (median absolute deviation), which a few odd ones
do not move. Fields that are too small say so (None) instead of guessing.

Likeness of two papers. For each question that both had, how much likelier is the answer of one if it was taken over from the
other than if it was found alone: a mixture of copying (each of the shares COPIED, evenly) and working alone. Alone, a person of this skill is right
with a probability that follows from the field's share and the person's own (both as log-odds), and a wrong option is taken as
often as the field takes it. So rare wrong answers in common weigh much, right answers in common nearly nothing, and each
difference speaks against copying. The idea is that of ω (Wollack 1997, Applied Psychological Measurement 21) and of the
generalized binomial test (van der Linden & Sotaridona 2006, Journal of Educational and Behavioral Statistics 31); the sum is a
log-likelihood ratio, and because its expectation over lone work is one, chance alone passes a ratio of x at most once in x
pairs (Markov). `by_chance` is that bound for all pairs of the field, and it alone says how strong a likeness is.
"""

from __future__ import annotations

import enum
import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from statistics import median

FEWEST_PAPERS = 30  # of a field that says anything about times or likeness
FEWEST_ANSWERS = 30  # of an item
FAST_Z = -3.5  # MADs below the field: the usual bound of outliers (Iglewicz & Hoaglin 1993)
VERY_FAST_Z = -5.0
FAST_ANSWERS = 5  # right answers so fast that their number is worth a look
COPIED = (0.6, 0.95)  # shares of answers that a copier takes over; the others are the copier's own
BESIDE_S = 1800  # starts no further apart: two could have sat side by side
FEWEST_SHARED = 5  # rare wrong answers in common by which two who were not side by side are brought together
RAREST = 10  # wrong answers of an attempt by which its like are looked for
MOST_BESIDE = 200_000  # pairs of a group that began together; a larger one (a whole school) is no group any more
MOST_TOGETHER = 24  # attempts with the same wrong answers, of which every pair is looked at
LIKELY = (
    0.001,
    0.05,
    1.0,
)  # pairs by chance in the whole field, up to which a likeness is strong, notable, worth a look


class Kind(enum.StrEnum):
    FAST_PAPER = "fast_paper"
    FAST_ANSWERS = "fast_answers"
    ALIKE = "alike"
    ONE_DEVICE = "one_device"
    SAME_PERSON = "same_person"
    NETWORK_CHANGES = "network_changes"
    OVERLAP = "overlap"


class Strength(enum.IntEnum):
    """The smaller the stronger."""

    STRONG = 1
    NOTABLE = 2
    LOOK = 3


# Times


@dataclass(frozen=True, slots=True)
class Spread:
    """median and MAD of logarithms, the latter scaled to a standard deviation.  n: how many values they come from"""

    median: float
    mad: float
    n: int

    def z(self, milliseconds: float) -> float:
        return (math.log(max(1.0, milliseconds)) - self.median) / self.mad


def spread(logs: Sequence[float], fewest: int) -> Spread | None:
    """None for fewer values than that."""
    if len(logs) < fewest:
        return None
    middle = median(logs)
    mad = 1.4826 * median(abs(x - middle) for x in logs)
    return Spread(middle, max(mad, 0.05), len(logs))  # a field of equal times must not make an outlier of a blink


def gaps(moments: Mapping[int, int]) -> dict[int, int]:
    """Question → milliseconds since the answer before it.  moments: question → when it was answered, from the start"""
    found, before = {}, 0
    for moment, question in sorted((moment, question) for question, moment in moments.items()):
        found[question] = moment - before
        before = moment
    return found


def fast_paper(
    elapsed_ms: int, expected_ms: float, field: Spread, correct: int, usual: float
) -> tuple[Strength, float] | None:
    """(strength, z) of a paper done far faster than papers of its items are, and no worse than the field's usual one.

    field: of log(elapsed / expected) · correct, usual: right answers, of this paper and of the median one
    """
    z = (math.log(max(1, elapsed_ms) / expected_ms) - field.median) / field.mad
    if z > FAST_Z or correct < usual:
        return None
    return (Strength.STRONG if z <= VERY_FAST_Z else Strength.NOTABLE), z


def fast_answers(right_gaps: Mapping[int, int], fields: Mapping[int, Spread]) -> list[int]:
    """Those of the right answers that came far faster than the field answers the same items; too few of them are none.

    right_gaps: item → milliseconds · fields: item → spread of its times
    """
    found = [item for item, ms in right_gaps.items() if item in fields and fields[item].z(ms) <= FAST_Z]
    return found if len(found) >= FAST_ANSWERS else []


# Likeness


@dataclass(frozen=True, slots=True)
class Papers:
    """The answers of a field, as numbers, so that a hundred thousand papers fit.

    item_of: answer → item · right: answer → is it right? · answers: of each paper, one for each question answered ·
    started_s: when each paper was begun · owners: whose it is; two papers of one person are no pair
    """

    item_of: Sequence[int]
    right: Sequence[bool]
    answers: Sequence[array[int]]
    started_s: Sequence[int]
    owners: Sequence[int]


class Field:
    """What is usual in a field of papers: how often each item is right, and each wrong answer chosen among the wrong."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.times: Counter[int] = Counter()
        for answers in papers.answers:
            self.times.update(answers)
        of_item: Counter[int] = Counter()
        right_of: Counter[int] = Counter()
        options: Counter[int] = Counter()
        for answer, n in self.times.items():
            item = papers.item_of[answer]
            of_item[item] += n
            options[item] += 1
            if papers.right[answer]:
                right_of[item] += n
        self.of_item = of_item
        # one more right and one more wrong than there are, so that nothing is ever certain
        self.odds = {item: math.log((right_of[item] + 1) / (n - right_of[item] + 1)) for item, n in of_item.items()}
        self.share = {
            answer: (n + 1) / (of_item[papers.item_of[answer]] - right_of[papers.item_of[answer]] + options[papers.item_of[answer]])
            for answer, n in self.times.items()
            if not papers.right[answer]
        }  # fmt: skip
        rights = [sum(papers.right[a] for a in answers) / max(1, len(answers)) for answers in papers.answers]
        self.mean = _logit(sum(rights) / max(1, len(rights)))
        tables = {r: self._gains(_logit(r) - self.mean) for r in set(rights)}  # there are few different shares
        # paper → for each of COPIED, answer → what it brings when it is that of the other, too
        self.gains = [tables[r] for r in rights]

    def chance(self, answer: int, skill: float) -> float:
        """The probability that a person answers so alone.  skill: log-odds above the field"""
        item = self.papers.item_of[answer]
        p = min(0.98, max(0.02, 1 / (1 + math.exp(-(self.odds[item] + skill)))))
        return p if self.papers.right[answer] else (1 - p) * self.share[answer]

    def _gains(self, skill: float) -> tuple[array[float], ...]:
        found = tuple(array("d", bytes(8 * len(self.papers.item_of))) for _share in COPIED)
        for answer in self.times:
            chance = self.chance(answer, skill)
            for table, share in zip(found, COPIED, strict=True):
                table[answer] = math.log(share / chance + 1 - share)
        return found

    def likeness(self, a: int, b: int) -> float:
        """The log-likelihood ratio that one of two papers was copied from the other, against lone work; the smaller one of
        both directions. 0 or less: nothing speaks for it."""
        of_a = {self.papers.item_of[x]: x for x in self.papers.answers[a]}
        of_b = {self.papers.item_of[x]: x for x in self.papers.answers[b]}
        same = [x for item, x in of_b.items() if of_a.get(item) == x]
        others = len(of_a.keys() & of_b.keys()) - len(same)
        sides = []
        for tables in (self.gains[a], self.gains[b]):
            sums = [
                sum([table[x] for x in same]) + others * math.log(1 - share)
                for table, share in zip(tables, COPIED, strict=True)
            ]
            most = max(sums)
            sides.append(most + math.log(sum(math.exp(s - most) for s in sums) / len(sums)))
        return min(sides)

    def bound(self, paper: int) -> float:
        """What all right answers of a paper could bring; with its wrong ones in common, no likeness is greater."""
        table = self.gains[paper][-1]
        return sum(table[x] for x in self.papers.answers[paper] if self.papers.right[x])


def _logit(p: float) -> float:
    p = min(0.98, max(0.02, p))
    return math.log(p / (1 - p))


def candidates(field: Field) -> Iterator[tuple[int, int]]:
    """Pairs of papers that share rare wrong answers, each once.

    From an index of wrong answers that is split further and further: papers with the same one, then the same two, three, …,
    rarest first. Common answers never make pairs of all who gave them, so the work grows with the papers and not with
    their pairs. Of more papers than MOST_TOGETHER that share everything, neighbours in time are taken.
    """
    papers = field.papers
    rarity = {answer: (n, answer) for answer, n in field.times.items() if not papers.right[answer]}
    wrong = [sorted((a for a in answers if a in rarity), key=rarity.__getitem__) for answers in papers.answers]
    known: set[int] = set()
    size = len(wrong)

    def pairs(members: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        ids = sorted((i for i, _next in members), key=lambda i: (papers.started_s[i], i))
        found = combinations(ids, 2) if len(ids) <= MOST_TOGETHER else pairwise(ids)
        for a, b in found:
            if papers.owners[a] == papers.owners[b]:
                continue
            key = a * size + b if a < b else b * size + a
            if key not in known:
                known.add(key)
                yield (a, b) if a < b else (b, a)

    # (paper, index of the first wrong answer that may come next) of those that share so many
    waiting: list[tuple[int, list[tuple[int, int]]]] = [(0, [(i, 0) for i, own in enumerate(wrong) if own])]
    while waiting:
        shared, members = waiting.pop()
        by_next: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for i, start in members:
            own = wrong[i]
            for k in range(start, min(len(own), RAREST)):
                by_next[own[k]].append((i, k + 1))
        if shared >= FEWEST_SHARED and not any(len(group) > 1 for group in by_next.values()):
            yield from pairs(members)
            continue
        for group in by_next.values():
            if len(group) < 2:
                continue
            if shared + 1 >= FEWEST_SHARED and len(group) <= MOST_TOGETHER:
                yield from pairs(group)
            else:
                waiting.append((shared + 1, group))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers that are too alike.  ratio: log-likelihood ratio · by_chance: pairs as alike as this that the field would have
    at most, had everybody worked alone · shared: wrong answers in common · beside: of one group and begun together"""

    a: int
    b: int
    ratio: float
    by_chance: float
    shared: tuple[int, ...]
    beside: bool
    strength: Strength


def alike(papers: Papers, families: Mapping[str, Sequence[Hashable]]) -> list[Pair] | None:
    """Pairs too alike, the strongest first; None for a field too small to tell what is usual.

    families: name → of each paper, what it may share with others, such as its network, its device, its unit; empty for
    nothing. Who began together in one of these is compared with everybody there, and with as many pairs by chance as there are
    of those.
    """
    size = len(papers.answers)
    if size < FEWEST_PAPERS:
        return None
    field = Field(papers)
    close = beside_each_other(papers, families)
    everybody = (
        size * (size - 1) / 2 * (len(families) + 1)
    )  # each family and the whole field have an equal part of the chances
    wrong = [frozenset(a for a in answers if not papers.right[a]) for answers in papers.answers]
    by_right = [field.bound(i) for i in range(size)]
    found = []
    for a, b in chain(close, (pair for pair in candidates(field) if pair not in close)):
        shared = wrong[a] & wrong[b]
        pairs = close.get((a, b), everybody)
        table = field.gains[a][-1]
        if by_right[a] + sum([table[x] for x in shared]) < math.log(pairs / LIKELY[-1]):
            continue
        ratio = field.likeness(a, b)
        by_chance = pairs * math.exp(-ratio)
        for strength, bound in zip(Strength, LIKELY, strict=True):
            if by_chance <= bound:
                found.append(Pair(a, b, ratio, by_chance, tuple(sorted(shared)), (a, b) in close, strength))
                break
    return sorted(found, key=lambda pair: (pair.by_chance, pair.a, pair.b))


def beside_each_other(papers: Papers, families: Mapping[str, Sequence[Hashable]]) -> dict[tuple[int, int], float]:
    """Pairs of different people's papers that share a group and began within BESIDE_S → how many such pairs there are, in
    the family where they are fewest, times the families and the field that share the chances."""
    found: dict[tuple[int, int], float] = {}
    for groups in families.values():
        members: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for i, group in enumerate(groups):
            if group:
                members[group].append((papers.started_s[i], i))
        pairs = [pair for ordered in members.values() for pair in _began_together(sorted(ordered), papers.owners)]
        weight = float(len(pairs) * (len(families) + 1))
        for pair in pairs:
            found[pair] = min(weight, found.get(pair, weight))
    return found


def _began_together(ordered: Sequence[tuple[int, int]], owners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """ordered: (start, paper) of one group"""
    firsts = [bisect_left(ordered, (moment - BESIDE_S, -1), 0, k) for k, (moment, _paper) in enumerate(ordered)]
    if sum(k - first for k, first in enumerate(firsts)) > MOST_BESIDE:
        return
    for k, (_moment, i) in enumerate(ordered):
        for _before, j in ordered[firsts[k] : k]:
            if owners[i] != owners[j]:
                yield (i, j) if i < j else (j, i)


def order_agreement(a: Mapping[int, int], b: Mapping[int, int]) -> float | None:
    """Spearman's rank correlation of the order in which two people answered the items that both had, −1 to 1; None for fewer
    than five.  a, b: item → when it was answered"""
    common = sorted(a.keys() & b.keys())
    n = len(common)
    if n < 5:
        return None
    ranks_a = {item: rank for rank, item in enumerate(sorted(common, key=lambda item: (a[item], item)))}
    ranks_b = {item: rank for rank, item in enumerate(sorted(common, key=lambda item: (b[item], item)))}
    return 1 - 6 * sum((ranks_a[item] - ranks_b[item]) ** 2 for item in common) / (n * (n * n - 1))


def same_order(order: float | None, paper_order: float | None) -> bool:
    """Were two papers worked through in one order, though their questions stood in different ones?"""
    return order is not None and paper_order is not None and order >= 0.8 and paper_order <= 0.5


# Devices, people, networks, overlaps


def shared_by(keys: Iterable[tuple[Hashable, int, int]]) -> list[list[int]]:
    """Attempts of different people under one key, in order.  keys: (key, owner, attempt); empty keys are nobody's"""
    of: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for key, owner, attempt in keys:
        if key:
            of[key].append((owner, attempt))
    groups = ([attempt for _o, attempt in own] for own in of.values() if len({owner for owner, _a in own}) > 1)
    return sorted(groups)


def device_strength(people: int) -> Strength:
    """A family's phone has a few people; more are a shared computer or somebody who sits for others."""
    return Strength.LOOK if people <= 3 else Strength.NOTABLE


def mailbox(email: str) -> str:
    """The box behind an address: some providers ignore dots and what follows a plus. "" for none"""
    name, _, domain = email.lower().partition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '') if domain in _DOTLESS else name}@{domain}" if domain else ""


_DOTLESS = ("gmail.com", "googlemail.com")


def many_changes(counts: Sequence[int]) -> int | None:
    """From how many changes of network on an attempt stands out: at least four, and more than 999 of 1,000 have; None for a
    field too small."""
    if len(counts) < FEWEST_PAPERS:
        return None
    return max(4, sorted(counts)[(len(counts) - 1) * 999 // 1000] + 1)


def overlaps(spans: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int]]:
    """(attempt, attempt, common time) of attempts of different people that were open at once.

    spans: (begin, end, owner, attempt) of one device, or of one person; begins and ends in any one unit. Each attempt is
    named with the longest one beside it only, so that a classroom makes a list and no web.
    """
    found: dict[tuple[int, int], int] = {}
    ordered = sorted(spans)
    for i, (_begin, end, owner, attempt) in enumerate(ordered):
        best = max(
            (
                (min(end, end_b) - begin_b, other)
                for begin_b, end_b, owner_b, other in _until(ordered, i + 1, end)
                if owner_b != owner
            ),
            default=None,
        )
        if best is not None and best[0] > 0:
            found[(attempt, best[1])] = best[0]
    return [(a, b, common) for (a, b), common in found.items()]


def _until(ordered: Sequence[tuple[int, int, int, int]], start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    for span in ordered[start:]:
        if span[0] >= end:
            return
        yield span
