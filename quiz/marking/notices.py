"""What people are told about marking: that their attempt has other points, because a key was wrong."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from quiz.accounts.notices import Notice, Span, source
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry
from quiz.db import db
from quiz.marking.models import KeyRuling, Remark


@source
def marked_anew(span: Span) -> Iterable[Notice]:
    changed = (
        select(Remark.ruling_id, Attempt.id, Attempt.code, KeyRuling.finished_at, Entry.account_id, Contest.title)
        .join(KeyRuling, KeyRuling.id == Remark.ruling_id)
        .join(Attempt, Attempt.id == Remark.attempt_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(span.when(KeyRuling.finished_at))
    )
    for row in db.session.execute(span.whom(changed, Entry.account_id)).all():
        yield Notice(
            row.account_id,
            f"remark:{row.ruling_id}:{row.id}",
            row.finished_at,
            _("Bài thi của bạn được chấm lại"),
            _(
                "Đáp án một câu trong “%(contest)s” được đính chính, nên bài của bạn được chấm lại. Lý do ghi ở trang bài thi.",
                contest=row.title,
            ),
            "attempts.outcome",
            {"code": row.code},
        )
