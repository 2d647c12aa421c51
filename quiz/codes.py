"""Random codes that people read aloud, type and scan: receipts, certificates."""

from __future__ import annotations

import secrets

# No O and 0, no I and 1: they are mistaken for each other.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12  # 60 bits: nobody finds another's by trying


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """ "7KQ49XPM2RTW" → "7KQ4-9XPM-2RTW", as printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """A code as typed by a person, in any case, with or without dashes and blanks."""
    return "".join(c for c in typed.upper() if c.isalnum())
