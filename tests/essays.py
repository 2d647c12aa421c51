"""A contest whose papers hold two questions to choose in and two essays."""

from __future__ import annotations

from sqlalchemy import select

from quiz.banks.models import Bank, Item, ItemVersion
from quiz.db import db
from tests.given import Given

STEM = "Viết về một gương điển hình tiên tiến."
OWN = "Bà Tư ở ấp 3\nđã hiến đất làm đường."


def contest_with_essays(given: Given, **contest: object) -> int:
    """Essays are worth 20 points and have at most eight words each."""
    rules = {"essay_points": 20, "points_per_item": 2, "attempt_limit": None, **contest.pop("rules", {})}  # type: ignore[dict-item]
    return given.contest(rules=rules, **contest)  # type: ignore[arg-type]


def paper_with_essays(given: Given) -> list[list[object]]:
    """Questions 1 and 2 to choose in, whose right options stand second; 3 and 4 essays."""
    given.bank(2, "chon")
    given.bank(2, "viet", kind="essay", stem=STEM, options=[], key=[], words=8, explanation="Nêu việc làm, kết quả.")
    with given.app.app_context():
        rows = db.session.execute(
            select(ItemVersion.id, ItemVersion.kind).join(Item).join(Bank).where(Bank.code.in_(["chon", "viet"]))
        ).all()
    essays = [[row.id, []] for row in rows if row.kind == "essay"]
    return [[row.id, [1, 2, 3, 4]] for row in rows if row.kind != "essay"] + essays
