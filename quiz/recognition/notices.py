"""What people are told about recognition: a prize that a decision has given them, the answer to a complaint."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from quiz.accounts.notices import Notice, Span, source
from quiz.contests.models import Contest, Entry
from quiz.db import db
from quiz.recognition.models import Award, Certificate, Complaint, Decision


@source
def prizes_given(span: Span) -> Iterable[Notice]:
    """A decision is made on a published sheet only; a certificate that has been revoked is told of by its own page."""
    given = (
        select(
            Award.id, Award.tier_name, Entry.account_id, Decision.number, Decision.made_at, Contest.title, Contest.slug
        )
        .join(Decision, Decision.id == Award.decision_id)
        .join(Contest, Contest.id == Decision.contest_id)
        .join(Entry, Entry.id == Award.entry_id)
        .outerjoin(Certificate, Certificate.award_id == Award.id)
        .where(span.when(Decision.made_at), Certificate.revoked_at.is_(None))
    )
    for row in db.session.execute(span.whom(given, Entry.account_id)).all():
        yield Notice(
            row.account_id,
            f"award:{row.id}",
            row.made_at,
            _("Chúc mừng bạn đạt %(prize)s", prize=row.tier_name),
            _(
                "Quyết định %(number)s công nhận bạn đạt %(prize)s trong “%(contest)s”. Bạn tải giấy chứng nhận ở trang kết quả.",
                number=row.number, prize=row.tier_name, contest=row.title,
            ),
            "recognition.winners",
            {"slug": row.slug},
        )  # fmt: skip


@source
def complaints_answered(span: Span) -> Iterable[Notice]:
    answered = (
        select(Complaint.id, Complaint.code, Complaint.year, Complaint.number, Complaint.answered_at, Entry.account_id)
        .join(Entry, Entry.id == Complaint.entry_id)
        .where(span.when(Complaint.answered_at))
    )
    for row in db.session.execute(span.whom(answered, Entry.account_id)).all():
        yield Notice(
            row.account_id,
            f"complaint:{row.id}",
            row.answered_at,
            _("Khiếu nại số %(number)s/%(year)s đã được trả lời", number=row.number, year=row.year),
            _("Ban Tổ chức đã trả lời khiếu nại của bạn. Mời bạn đăng nhập để đọc."),
            "recognition.complaint",
            {"code": row.code},
        )
