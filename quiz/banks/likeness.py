"""Texts that are much alike: the same words but for a few, so that a question typed twice is seen.

Likeness is the share of words two texts have in common (Jaccard 1901). Only texts that share one of their rarest words are
compared, as in the prefix filter of Chaudhuri, Ganti and Kaushik (ICDE 2006), and of those only some: in a file whose items
all come from one mould, one neighbour is enough to say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

ALIKE = 0.8
_MOST_COMPARED = 12  # neighbours looked at for one text
_LONGEST_POSTING = 8  # of the last texts that had the same rare word
_FEWEST_WORDS = 6  # shorter texts are alike too easily


def neighbours(texts: Sequence[str], first: int = 0) -> dict[int, int]:
    """For each text from index `first` on, an earlier one that is much alike: index → index. Texts: lower case, no marks."""
    words = [frozenset(text.split()) for text in texts]
    common = Counter(word for text in words for word in text)
    postings: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for index, own in enumerate(words):
        if len(own) < _FEWEST_WORDS:
            continue
        rare = _rarest(own, common)
        if index >= first:
            near = _first_alike(own, words, rare, postings)
            if near is not None:
                found[index] = near
        for word in rare:
            posting = postings.setdefault(word, [])
            posting.append(index)
            if len(posting) > _LONGEST_POSTING:
                del posting[0]
    return found


def _rarest(own: frozenset[str], common: Counter[str]) -> list[str]:
    """So many of the rarest words that two texts alike must share one of them."""
    count = len(own) - int(ALIKE * len(own)) + 1
    return sorted(own, key=lambda word: (common[word], word))[:count]


def _first_alike(
    own: frozenset[str], words: Sequence[frozenset[str]], rare: Iterable[str], postings: dict[str, list[int]]
) -> int | None:
    compared: set[int] = set()
    for word in rare:
        for index in reversed(postings.get(word, ())):
            if index in compared:
                continue
            if len(compared) == _MOST_COMPARED:
                return None
            compared.add(index)
            other = words[index]
            shared = len(own & other)
            if shared >= ALIKE * (len(own) + len(other) - shared):
                return index
    return None
