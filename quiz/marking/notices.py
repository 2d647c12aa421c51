"""What people are told about marking: that their attempt has other points, because a key was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from quiz.accounts.notices import Notice, Span, source
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry, Round
from quiz.contests.round_state import stage_of_finished
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.marking.models import KeyRuling, Remark
from quiz.rules import visibility


@source
def marked_anew(span: Span) -> Iterable[Notice]:
    """Who may not see a score yet has seen no wrong one, and is not told that it has changed."""
    changed = (
        select(
            Remark.ruling_id, Attempt.id, Attempt.code, Attempt.round_id, KeyRuling.finished_at, Entry.account_id, Contest.title
        )
        .join(KeyRuling, KeyRuling.id == Remark.ruling_id)
        .join(Attempt, Attempt.id == Remark.attempt_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(span.when(KeyRuling.finished_at))
    )  # fmt: skip
    rows = db.session.execute(span.whom(changed, Entry.account_id)).all()
    told = {round_id for round_id in {row.round_id for row in rows} if _shows_scores(round_id, span.until)}
    for row in rows:
        if row.round_id not in told:
            continue
        yield Notice(
            row.account_id,
            f"remark:{row.ruling_id}:{row.id}",
            row.finished_at,
            _("Bài thi của bạn được chấm lại"),
            _(
                "Đáp án một câu trong “%(contest)s” được đính chính, nên bài của bạn được chấm lại. Trang bài thi cho biết điểm đổi thế nào.",
                contest=row.title,
            ),
            "attempts.outcome",
            {"code": row.code},
        )


def _shows_scores(round_id: int, now: datetime) -> bool:
    round_ = db.session.get_one(Round, round_id)
    rules = contest_rules(round_.contest)
    stage = stage_of_finished(round_, now)
    return visibility.released(rules.score_release, stage) or visibility.released(rules.review_release, stage)
