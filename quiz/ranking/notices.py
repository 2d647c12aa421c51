"""What people are told about results: that a sheet on which they stand has been published, or has been corrected."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from quiz.accounts.notices import Notice, Span, source
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Division, Entry
from quiz.db import db
from quiz.ranking.models import Ranking
from quiz.ranking.results import ENDED


@source
def results_published(span: Span) -> Iterable[Notice]:
    earlier = aliased(Ranking)
    is_correction = exists().where(
        earlier.division_id == Ranking.division_id,
        earlier.round_id.is_not_distinct_from(Ranking.round_id),
        earlier.number < Ranking.number,
        earlier.published_at < Ranking.published_at,
    )
    sheets = (
        select(Ranking, is_correction)
        .where(span.when(Ranking.published_at))
        .options(joinedload(Ranking.round_), joinedload(Ranking.division).joinedload(Division.contest))
    )
    if span.account_id is not None:
        sheets = sheets.where(
            Ranking.division_id.in_(select(Entry.division_id).where(Entry.account_id == span.account_id))
        )
    for sheet, corrects in db.session.execute(sheets).all():
        assert sheet.published_at is not None  # the span asks for it
        title, text = _words(sheet, sheet.contest, corrects)
        took_part = exists().where(Attempt.entry_id == Entry.id, Attempt.state.in_(ENDED))
        if sheet.round_id is not None:
            took_part = took_part.where(Attempt.round_id == sheet.round_id)
        people = select(Entry.account_id).where(Entry.division_id == sheet.division_id, took_part)
        values = {
            "slug": sheet.contest.slug,
            "round_code": sheet.scope_code,
            "division_code": sheet.division.code,
        }
        for account_id in db.session.scalars(span.whom(people, Entry.account_id)).all():
            yield Notice(account_id, f"results:{sheet.id}", sheet.published_at, title, text, "ranking.board", values)


def _words(sheet: Ranking, contest: Contest, corrects: bool) -> tuple[str, str]:
    what = {
        "scope": sheet.round_.name if sheet.round_ is not None else _("Toàn cuộc thi"),
        "contest": contest.title,
        "division": sheet.division.name,
        "number": sheet.number,
    }
    if corrects:
        return (
            _("Kết quả được đính chính: %(scope)s, %(contest)s", **what),
            _(
                "Bảng kết quả số %(number)s (%(division)s) thay cho bảng đã công bố trước; bảng cũ vẫn xem lại được.",
                **what,
            ),
        )
    return (
        _("Đã có kết quả: %(scope)s, %(contest)s", **what),
        _("Kết quả của %(division)s đã được công bố. Mời bạn xem thứ hạng và bài làm của mình.", **what),
    )
