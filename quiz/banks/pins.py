"""Options that speak of other options ("Tất cả các phương án trên", "Cả A và B"): shuffling must leave them their place.

Source: facts/contest-practice.md §4, noise seen in real files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quiz.banks.wording import LETTERS
from quiz.text import plain

_THING = r"(?:phuong an|dap an|cau tra loi|lua chon|noi dung|truong hop|y kien|cau|y)"
_HOW_MANY = r"(?:hai|ba|bon|nam|sau|bay|2|3|4|5|6|7)"
_ABOVE = r"(?:o tren|neu tren|da neu|ke tren|tren|deu dung|deu sai|deu khong dung|dung|sai)"
_OF_ALL = re.compile(
    rf"(?:tat ca|toan bo|ca|ca {_HOW_MANY}|cac)(?: (?:cac|{_HOW_MANY}))?(?: {_THING})?(?: (?:neu|o|ke))?(?: {_ABOVE})+"
    rf"|(?:khong co|khong phai|khong|chua co)(?: (?:cac|{_HOW_MANY}))?(?: {_THING})(?: nao)?(?: (?:trong so|trong))?(?: {_ABOVE})*"
    rf"|tat ca(?: deu)? (?:dung|sai)|mot {_THING} khac|{_THING} khac"
)
_LETTER = r"(?:(?:phuong an|dap an|cau|y)\s+)?[a-h]"
_OF_LETTERS = re.compile(
    rf"(?:ca |gom |chi |bao gom )*(?P<letters>{_LETTER}(?:\s*(?:,|;|&|\+|/|va|hoac|hay|\s)\s*{_LETTER})+)"
    r"(?:\s*(?:deu|la))*(?:\s*(?:dung|sai|khong dung|chinh xac))?"
)
_LONGEST = 100  # characters: what speaks of other options has nothing else to say
_ONE = re.compile(r"(?<![a-z])([a-h])(?![a-z])")


def pins(options: Sequence[str]) -> tuple[int, ...]:
    """Numbers, from 1, of the options that must stay in place: those that speak of others, and the ones they call by letter."""
    found: set[int] = set()
    for number, option in enumerate(options, 1):
        if len(option) > _LONGEST:
            continue
        words = plain(option).strip(" .;:!")
        if _OF_ALL.fullmatch(words):
            found.add(number)
        elif named := _OF_LETTERS.fullmatch(words):
            found |= {number, *(LETTERS.index(name.upper()) + 1 for name in _ONE.findall(named["letters"]))}
    return tuple(sorted(n for n in found if n <= len(options)))
