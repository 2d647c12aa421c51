"""Addresses and codes made from Vietnamese names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection


def slug(text: str, limit: int = 60) -> str:
    """ "Bảng Cán bộ, công chức" → "bang-can-bo-cong-chuc"; never empty."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    ascii_ = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:limit].rstrip("-") or "x"


def free_slug(stem: str, taken: Collection[str]) -> str:
    """The stem, or the stem with the first number from 2 on that is not taken."""
    if stem not in taken:
        return stem
    n = 2
    while f"{stem}-{n}" in taken:
        n += 1
    return f"{stem}-{n}"
