"""Text reduced to what a hasty typist and a scribe share; for searching and comparing, never for showing."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """ "Lời  kêu gọi Thi đua" → "loi keu goi thi dua": lower case, no diacritics, đ as d, single blanks."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())
