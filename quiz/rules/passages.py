"""Texts that share passages: which essays have been copied from each other, or from one source.

Texts are compared by their runs of five words without marks and case (w-shingling; A. Broder, On the resemblance and
containment of documents, 1997). Runs that few texts have tell the most: what many write, as the name of a law, says little of
two of them. But many may also have copied the same text; so whoever shares half of it with the first who has it is told too.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

RUN = 5  # words
COMMON = 8  # a run that more texts have is a common phrase, or what a whole class has copied
LEAST = 0.15  # of the shorter text's runs, common ones aside
LEAST_OF_ALL = 0.5  # of the shorter text's runs, with the common ones
LEAST_RUNS = 4  # eight words on end: less than that two people may write by themselves


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts and how much of the shorter one is in the longer.  a, b: their keys, a before b"""

    a: str
    b: str
    share: float


def words_of(text: str) -> list[str]:
    """The words in the order of the text, without marks, case and punctuation."""
    folded = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return kept.split()


def runs_of(words: Sequence[str]) -> set[int]:
    """The hashes of the runs, of 64 bits, which take a third of the room; good inside one process."""
    return {_run_at(words, i) for i in range(len(words) - RUN + 1)}


def _run_at(words: Sequence[str], i: int) -> int:
    return hash(tuple(words[i : i + RUN]))


def alike(texts: Mapping[str, str], least: float = LEAST) -> list[Alike]:
    """The pairs that share at least so much, the most alike first.  texts: key → text

    Common runs pair every text with the first that has them, so that the work grows with the texts and not their pairs.
    """
    runs = {key: runs_of(words_of(text)) for key, text in texts.items()}
    having: dict[int, list[str]] = defaultdict(list)
    for key in sorted(runs):
        for run in runs[key]:
            having[run].append(key)
    rare: dict[tuple[str, str], int] = defaultdict(int)
    common: dict[tuple[str, str], int] = defaultdict(int)
    few = dict.fromkeys(runs, 0)  # a text's runs that are not common
    for keys in having.values():
        if len(keys) > COMMON:
            for other in keys[1:]:
                common[keys[0], other] += 1
        else:
            for key in keys:
                few[key] += 1
            for pair in combinations(keys, 2):
                rare[pair] += 1
    found = []
    for (a, b), count in rare.items():
        share = count / min(few[a], few[b])
        if count >= LEAST_RUNS and share >= least:
            found.append(Alike(a, b, share))
    told = {(pair.a, pair.b) for pair in found}
    for (a, b), count in common.items():
        share = (count + rare.get((a, b), 0)) / min(len(runs[a]), len(runs[b]))
        if count >= LEAST_RUNS and share >= LEAST_OF_ALL and (a, b) not in told:
            found.append(Alike(a, b, share))
    return sorted(found, key=lambda pair: (-pair.share, pair.a, pair.b))


def marked_passages(text: str, other: str) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether it stands in the other text too. Joined, the pieces are the text."""
    theirs = runs_of(words_of(other))
    spans = list(_spans(text))
    words = [word for word, _start, _end in spans]
    in_both = [False] * len(words)
    for i in range(len(words) - RUN + 1):
        if _run_at(words, i) in theirs:
            in_both[i : i + RUN] = [True] * RUN
    pieces: list[tuple[str, bool]] = []
    at = 0
    for i, (_word, start, end) in enumerate(spans):
        begins = i == 0 or in_both[i - 1] != in_both[i]
        if begins:
            if start > at:
                pieces.append((text[at:start], False))
                at = start
            pieces.append((text[at:end], in_both[i]))
        else:
            pieces[-1] = (pieces[-1][0] + text[at:end], in_both[i])
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def _spans(text: str) -> Iterable[tuple[str, int, int]]:
    """(word as compared, where it begins, where it ends) of every word."""
    start: int | None = None
    for i, c in enumerate([*text, " "]):
        is_part = c.isalnum() or unicodedata.combining(c) != 0
        if is_part and start is None:
            start = i
        elif not is_part and start is not None:
            for word in words_of(text[start:i])[:1]:
                yield word, start, i
            start = None
