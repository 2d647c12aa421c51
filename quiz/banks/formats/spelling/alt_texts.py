"""Alternative texts of pictures: those that people have written, without what Office makes up of its own."""

from __future__ import annotations

_FILE_NAMES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf")
_GUESSES = ("ai-generated content may be incorrect", "automatically generated", "được tạo tự động")


def by_people(text: str) -> str:
    """The text in one line; "" for the name of a file and for a guess, because neither says what the picture shows."""
    text = " ".join(text.split())
    lowered = text.lower()
    return "" if lowered.endswith(_FILE_NAMES) or any(guess in lowered for guess in _GUESSES) else text
