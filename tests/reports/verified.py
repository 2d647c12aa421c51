"""A sheet held against its own published data, by the verifier that strangers run."""

from __future__ import annotations

from datetime import UTC, datetime

from quiz.db import db
from quiz.ranking import queries
from quiz.reports import public_data
from quiz.rules import verification

LATER = datetime(2040, 1, 1, tzinfo=UTC)  # when everything has ended
EVERYTHING = {"open_answers": True, "review_release": "after_close"}
ALWAYS = {"standings", "merkle", "commitment", "papers", "marks", "answers", "ranking", "journal"}


def checked(ranking_id: int) -> dict[str, str]:
    """What was checked → how it came out, with answers and keys open whatever the rules say of them."""
    with db.session.no_autoflush:
        ranking = queries.sheet_by_id(ranking_id)
        assert ranking is not None
        ranking.contest.rules = ranking.contest.rules | EVERYTHING
        files = public_data.files(ranking, now=LATER)
        db.session.rollback()
    findings = list(verification.check(files))
    bad = [finding.text.en for finding in findings if finding.state == "bad"]
    assert bad == []
    found = {finding.subject: finding.state for finding in findings}
    assert found.keys() >= ALWAYS
    return found
