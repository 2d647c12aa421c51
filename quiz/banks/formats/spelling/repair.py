"""Letters that came broken out of old fonts, PDF files and other programs: mended, and every mending reported.

Source of the damages: facts/contest-practice.md §4 ("nướ c", "Nhà nƣớc").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# letters that look right and are others: ƣ for ư above all, from PDF files of old fonts
_LOOKALIKES = str.maketrans({"ƣ": "ư", "Ƣ": "Ư", "ð": "đ", "Ð": "Đ", "Ɖ": "Đ", "ƌ": "đ"})
UNSEEN: dict[int, str | None] = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u061c\u2066\u2067\u2068\u2069",
    )
)
BLANKS: dict[int, str | None] = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ")
_CONTROLS: dict[int, str | None] = dict.fromkeys(n for n in range(0x20) if chr(n) not in "\t\n\r")

_CLEANED = UNSEEN | BLANKS | _CONTROLS
_ODD = re.compile("[" + "".join(map(re.escape, map(chr, (*_CLEANED, *_LOOKALIKES)))) + "]")

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _with_tones(vowels: str) -> str:
    return vowels + "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in _TONES)


# "nướ c" → "nước", "thưở ng" → "thưởng". Joined only where the first piece cannot be a word, because ươ, iê, yê, uô, â and ă
# need a consonant behind them, or where the second one cannot: "ý c", "điểm c" and "hạng n" stay as they are.
_OPEN = rf"[^\W\d_]*(?:ư[{_with_tones('ơ')}]|[iy][{_with_tones('ê')}]|u[{_with_tones('ô')}]|[{_with_tones('âă')}])"
_ANY_OPEN = rf"[^\W\d_]*[{_with_tones('aeiouyâăêôơư')}]"
_SPLIT = re.compile(rf"\b({_OPEN}) (c|p|t|m|n|ng|nh|ch)(?!\w)|\b({_ANY_OPEN}) (ng|nh)(?!\w)", re.IGNORECASE)
# what every such damage has, and few texts have
_LOOSE_END = re.compile(r" (?:c|p|t|m|n|ng|nh|ch)(?!\w)", re.IGNORECASE)


def mend(text: str, changes: list[str]) -> str:
    """The text in NFC with its broken letters mended; what was done is added to `changes` as "trước → sau"."""
    if not text:
        return text
    is_odd = _ODD.search(text) is not None  # most texts are not, and files have tens of thousands of them
    composed = unicodedata.normalize("NFC", text.translate(_CLEANED) if is_odd else text)
    mended = composed.translate(_LOOKALIKES) if is_odd else composed
    if _LOOSE_END.search(mended):
        mended = _SPLIT.sub(_join, mended)
    if mended != composed:
        changes += _differences(composed, mended)
    return mended


def _join(found: re.Match[str]) -> str:
    return "".join(part for part in found.groups() if part)


def _differences(before: str, after: str) -> Iterable[str]:
    """Pairs of words that differ, at most three: enough to see what was done."""
    old, new = before.split(), after.split()
    pairs: list[str] = []
    i = j = 0
    while i < len(old) and j < len(new) and len(pairs) < 3:
        if old[i] == new[j]:
            i, j = i + 1, j + 1
        elif i + 1 < len(old) and (old[i] + old[i + 1]).translate(_LOOKALIKES) == new[j]:
            pairs.append(f"“{old[i]} {old[i + 1]}” → “{new[j]}”")
            i, j = i + 2, j + 1
        else:
            pairs.append(f"“{old[i]}” → “{new[j]}”")
            i, j = i + 1, j + 1
    return pairs
