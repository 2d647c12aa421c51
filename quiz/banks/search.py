"""Searching items by the beginnings of words, without diacritics, by the index of words that each database keeps.

SQLite has a table of its own for it (FTS5), kept by triggers; PostgreSQL an index over the vector of words. Migration 0003
makes both.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, column, func, literal_column, select, table

from quiz.banks.models import Item
from quiz.db import db
from quiz.text import plain

MOST_WORDS = 12  # of one search
_INDEX = table("item_search", column("rowid"))


def words(text: str) -> list[str]:
    """ "Điều 5, Luật 06/2022/QH15" → ["dieu", "5", "luat", "06", "2022", "qh15"]."""
    return re.findall(r"[^\W_]+", plain(text))


def has_words(text: str) -> ColumnElement[bool]:
    """Does an item have, for each word of the text, a word that begins with it?  Over the table of items."""
    wanted = words(text)[:MOST_WORDS]
    if db.engine.dialect.name == "sqlite":
        query = " ".join(f'"{word}"*' for word in wanted)
        return Item.id.in_(select(_INDEX.c.rowid).where(literal_column("item_search").op("MATCH")(query)))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), Item.search_text)
    return vector.op("@@")(
        func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(f"{word}:*" for word in wanted))
    )
