"""What people are told about their attempts: that the clock has ended one with what was saved."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select, text

from quiz.accounts.notices import Notice, Span, source
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Entry, Round
from quiz.db import db
from quiz.formats import local


@source
def ended_by_the_clock(span: Span) -> Iterable[Notice]:
    ended = (
        select(Attempt.id, Attempt.code, Attempt.number, Attempt.ended_at, Entry.account_id, Round.name, Contest.title)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Round, Round.id == Attempt.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        # written out and not as a parameter: only so do both databases see that the index fits
        .where(text("attempt.state = 'expired'"), span.when(Attempt.ended_at))
    )
    for row in db.session.execute(span.whom(ended, Entry.account_id)).all():
        yield Notice(
            row.account_id,
            f"attempt-ended:{row.id}",
            row.ended_at,
            _("Lượt %(number)s, %(round)s đã hết giờ và được nộp", number=row.number, round=row.name),
            _(
                "Bài thi của bạn trong “%(contest)s” hết giờ lúc %(at)s. Máy đã nộp những câu trả lời lưu được trước lúc đó; "
                "bạn không cần làm gì thêm.",
                contest=row.title,
                at=local(row.ended_at).strftime("%H:%M ngày %d/%m/%Y"),
            ),
            "attempts.outcome",
            {"code": row.code},
        )
