"""Texts that share passages: which essays have been copied from each other, or from one source.

Texts are compared by their runs of five words without marks and case (w-shingling; A. Broder, On the resemblance and
containment of documents, 1997). Only runs that few texts have are looked at: what everybody quotes, as the name of a law,
says nothing of two of them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

RUN = 5  # words
COMMON = 8  # a run that more texts have is a common phrase
LEAST = 0.15  # of the shorter text's runs
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


def runs_of(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def alike(texts: Mapping[str, str], least: float = LEAST) -> list[Alike]:
    """The pairs that share at least so much, the most alike first.  texts: key → text"""
    runs = {key: runs_of(words_of(text)) for key, text in texts.items()}
    having: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in sorted(runs):
        for run in runs[key]:
            having[run].append(key)
    common = {run for run, keys in having.items() if len(keys) > COMMON}
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for run, keys in having.items():
        if run not in common:
            for pair in combinations(keys, 2):
                shared[pair] += 1
    own = {key: len(of - common) for key, of in runs.items()}
    found = [
        Alike(a, b, count / shorter)
        for (a, b), count in shared.items()
        if count >= LEAST_RUNS and count / (shorter := min(own[a], own[b])) >= least
    ]
    return sorted(found, key=lambda pair: (-pair.share, pair.a, pair.b))


def marked_passages(text: str, other: str) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether it stands in the other text too. Joined, the pieces are the text."""
    theirs = runs_of(words_of(other))
    spans = list(_spans(text))
    words = [word for word, _start, _end in spans]
    in_both = [False] * len(words)
    for i in range(len(words) - RUN + 1):
        if tuple(words[i : i + RUN]) in theirs:
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
