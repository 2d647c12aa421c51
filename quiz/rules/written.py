"""Answers that are typed: when a text or a number agrees with an accepted one.

Texts agree whatever their case, blanks and closing marks, and whether the tone stands on the first or the second vowel
("hòa giải", "hoà giải"); diacritics count, because "bán" is not "bạn". Numbers agree within their tolerance.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[. ]\d{3})+(?:,\d+)?")
_TOLERANCE = re.compile(r"\+\s*/?\s*-|±")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
# the tone on the second vowel, as schoolbooks write it, where most people type it on the first
_SECOND = ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ")
_FIRST = ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy")
_LATE_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_SECOND)})(?!\w)")  # "quý" has its tone where it belongs
_TONE_MOVED = dict(zip(_SECOND, _FIRST, strict=True))


@dataclass(frozen=True, slots=True)
class AcceptedNumber:
    value: Decimal
    tolerance: Decimal = Decimal(0)

    def __str__(self) -> str:
        text = f"{self.value.normalize():f}"
        return f"{text}±{self.tolerance.normalize():f}" if self.tolerance else text


def agrees(kind: str, accepted: str, typed: str) -> bool:
    """Is what was typed the accepted text, or for kind "number" a number within its tolerance?"""
    if kind != "number":
        return bool(essential(typed)) and essential(typed) == essential(accepted)
    number, wanted = read_number(typed), read_accepted_number(accepted)
    return number is not None and wanted is not None and abs(number - wanted.value) <= wanted.tolerance


def count_words(text: str) -> int:
    """Words as people count them: what stands between blanks and has a letter or a digit in it; a lone dash is none.

    static/js/attempt.js counts by the same rule.
    """
    return sum(any(c.isalnum() for c in word) for word in text.split())


def essential(text: str) -> str:
    """What counts of a typed text: one case, single blanks, no marks at its ends, tones in one place."""
    text = " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .,;:!?\"'“”‘’()")
    return _LATE_TONE.sub(lambda found: _TONE_MOVED[found[0]], text)


def read_number(text: str) -> Decimal | None:
    """ "3,14", "3.14" → 3.14; "1.500", "1 500" → 1500, as Vietnamese groups thousands; None for anything else.

    A single point before exactly three digits groups thousands, unless a nought stands alone before it ("0.125").
    """
    text = " ".join(text.replace("\u00a0", " ").replace("−", "-").split())
    if len(text) > 40:
        return None
    if _GROUPED.fullmatch(text) and not re.match(r"[+-]?0[. ]", text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", "."))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


def read_typed_number(text: str) -> AcceptedNumber | None:
    """ "3,14", "100 ± 5", "100 +/- 5", "95..105" as people write an accepted number; None for anything else."""
    low, dots, high = text.partition("..")
    if dots:
        a, b = read_number(low), read_number(high)
        return AcceptedNumber((a + b) / 2, (b - a) / 2) if a is not None and b is not None and a <= b else None
    value, *tolerance = _TOLERANCE.split(text, maxsplit=1)
    numbers = [read_number(part) for part in (value, *tolerance)]
    if any(number is None for number in numbers) or (tolerance and (numbers[1] or 0) < 0):
        return None
    return AcceptedNumber(*(number for number in numbers if number is not None))


def read_accepted_number(text: str) -> AcceptedNumber | None:
    """ "1822", "3.5±0.25" as an item keeps them, with a decimal point; None when it is neither."""
    value, sign, tolerance = text.partition("±")
    try:
        number = AcceptedNumber(Decimal(value.strip()), Decimal(tolerance.strip()) if sign else Decimal(0))
    except InvalidOperation:
        return None
    return number if all(map(_is_of_our_size, (number.value, number.tolerance))) and number.tolerance >= 0 else None


def _is_of_our_size(number: Decimal) -> bool:
    """Finite, below a million billions, and with no more than fifteen places after the comma."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -15 and number.adjusted() < 15
