"""The rulebook's tests need no application; their properties are tried on the same examples every time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("rules")
