"""What stands on result sheets, for tests."""

from __future__ import annotations

from quiz.db import db
from quiz.ranking import sheet_pages
from quiz.ranking.models import Ranking
from quiz.ranking.results import Place
from quiz.rules.tie_break import Value, key_size, unpack


def rows_of(ranking_id: int) -> list[Place]:
    """All places of a sheet, in order."""
    chain = db.session.get_one(Ranking, ranking_id).chain
    return list(sheet_pages.walk(ranking_id, key_size(chain)))


def places(ranking_id: int) -> list[tuple[int, int, bool]]:
    """[(place, entry, tied), …] as stored."""
    return [(row.place, row.entry_id, row.tied) for row in rows_of(ranking_id)]


def values(ranking_id: int, criterion: str) -> list[Value]:
    """What a criterion compared, in the order of the sheet."""
    chain = db.session.get_one(Ranking, ranking_id).chain
    return [unpack(row.key, chain)[criterion] for row in rows_of(ranking_id)]
