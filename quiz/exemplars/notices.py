"""What people are told of nominations and votes. An outcome of a vote is told only once it has been made public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit, RoleGrant
from quiz.accounts.notices import Notice, Span, source
from quiz.db import db
from quiz.exemplars.nomination_models import (
    Nomination,
    NominationState,
    NominationStep,
    Quarter,
    Reminder,
    UnitHead,
)
from quiz.exemplars.vote_models import CouncilSeat, CouncilVote, Turnout, VoteConflict, VotePaper
from quiz.exemplars.words import quarter_title
from quiz.formats import local

BEFORE_THE_CLOSE = timedelta(days=1)
_TOLD_TO_UNIT = (
    NominationState.CONFIRMED, NominationState.RETURNED, NominationState.ACCEPTED, NominationState.DECLINED,
    NominationState.MERGED,
)  # fmt: skip


def _contacts() -> Any:
    """(contact, their unit) of every unit."""
    contact = aliased(Account)
    return (
        select(contact.id.label("account_id"), contact.org_unit_id.label("org_unit_id"))
        .join(RoleGrant, RoleGrant.account_id == contact.id)
        .where(RoleGrant.role == Role.UNIT_CONTACT, contact.org_unit_id.is_not(None))
        .subquery()
    )


def _page(nomination_id: int) -> tuple[str, dict[str, Any]]:
    return "exemplars.nomination", {"nomination_id": nomination_id}


@source
def units_reminded(span: Span) -> Iterable[Notice]:
    """To the contacts of a unit that has sent nothing yet."""
    contacts = _contacts()
    reminded = (
        select(Reminder.id, Reminder.at, Reminder.org_unit_id, Quarter, contacts.c.account_id)
        .join(Quarter, Quarter.id == Reminder.quarter_id)
        .join(contacts, contacts.c.org_unit_id == Reminder.org_unit_id)
        .where(span.when(Reminder.at))
    )
    for row in db.session.execute(span.whom(reminded, contacts.c.account_id)).all():
        title = quarter_title(row.Quarter.name)
        yield Notice(
            row.account_id, f"nomination-reminder:{row.id}", row.at,
            _("Đơn vị chưa gửi đề cử điển hình tiên tiến %(quarter)s", quarter=title),
            _(
                "Hạn gửi đề cử là %(due)s. Mời bạn lập hồ sơ, nhờ thủ trưởng xác nhận, hoặc báo Văn phòng nếu đơn vị không có đề cử.",
                due=f"{local(row.Quarter.nominations_due_at):%H:%M ngày %d/%m/%Y}",
            ),
            "exemplars.nominations_home", {},
        )  # fmt: skip


@source
def heads_asked(span: Span) -> Iterable[Notice]:
    """To the heads of a unit: a nomination waits for their confirmation."""
    asked = (
        select(NominationStep.id, NominationStep.at, Nomination.id.label("nomination_id"), Nomination.name, UnitHead.account_id)
        .join(Nomination, Nomination.id == NominationStep.nomination_id)
        .join(UnitHead, UnitHead.org_unit_id == Nomination.org_unit_id)
        .where(span.when(NominationStep.at), NominationStep.to_state == NominationState.SENT)
        .where(UnitHead.account_id != Nomination.author_id, UnitHead.account_id != Nomination.edited_by_id)
    )  # fmt: skip
    for row in db.session.execute(span.whom(asked, UnitHead.account_id)).all():
        yield Notice(
            row.account_id, f"nomination-step:{row.id}", row.at,
            _("Đề cử “%(name)s” chờ bạn xác nhận", name=row.name),
            _("Đầu mối đơn vị đã gửi hồ sơ đề cử. Mời bạn đọc, rồi xác nhận hoặc trả lại để sửa."), *_page(row.nomination_id),
        )  # fmt: skip


@source
def units_told(span: Span) -> Iterable[Notice]:
    """To the contacts of a unit: what its head and the office did with a nomination."""
    contacts = _contacts()
    steps = (
        select(NominationStep.id, NominationStep.at, NominationStep.to_state, NominationStep.from_state, Nomination.id.label("nomination_id"),
               Nomination.name, contacts.c.account_id)
        .join(Nomination, Nomination.id == NominationStep.nomination_id)
        .join(contacts, contacts.c.org_unit_id == Nomination.org_unit_id)
        .where(span.when(NominationStep.at))
        .where(
            NominationStep.to_state.in_(_TOLD_TO_UNIT)
            | ((NominationStep.to_state == NominationState.DRAFT) & (NominationStep.from_state == NominationState.SENT))
        )
    )  # fmt: skip
    for row in db.session.execute(span.whom(steps, contacts.c.account_id)).all():
        title, text = _unit_words(row.to_state, row.name)
        yield Notice(row.account_id, f"nomination-step:{row.id}", row.at, title, text, *_page(row.nomination_id))


def _unit_words(state: str, name: str) -> tuple[str, str]:
    match state:
        case NominationState.CONFIRMED:
            return _("Đề cử “%(name)s” đã được thủ trưởng xác nhận", name=name), _("Hồ sơ đã chuyển đến Văn phòng.")
        case NominationState.RETURNED:
            return (
                _("Đề cử “%(name)s” cần bổ sung", name=name),
                _("Câu hỏi và hạn trả lời ở trang của hồ sơ. Sau khi bổ sung, hồ sơ cần thủ trưởng xác nhận lại."),
            )
        case NominationState.ACCEPTED:
            return _("Văn phòng đã nhận đề cử “%(name)s”", name=name), _("Bước tiếp theo là lấy ý kiến công khai.")
        case NominationState.DECLINED:
            return _("Văn phòng không nhận đề cử “%(name)s”", name=name), _("Lý do ở trang của hồ sơ.")
        case NominationState.MERGED:
            return _("Đề cử “%(name)s” được gộp vào hồ sơ khác", name=name), _("Lý do ở trang của hồ sơ.")
    return _("Đề cử “%(name)s” được thủ trưởng trả lại", name=name), _("Mời bạn sửa theo góp ý rồi gửi lại.")


@source
def outcomes_announced(span: Span) -> Iterable[Notice]:
    """To the contacts of a unit, with the decision and not before."""
    contacts = _contacts()
    announced = (
        select(Nomination.id, Nomination.name, Nomination.state, Nomination.announced_at, Quarter.decision, contacts.c.account_id)
        .join(Quarter, Quarter.id == Nomination.quarter_id)
        .join(contacts, contacts.c.org_unit_id == Nomination.org_unit_id)
        .where(span.when(Nomination.announced_at))
    )  # fmt: skip
    for row in db.session.execute(span.whom(announced, contacts.c.account_id)).all():
        if row.state == NominationState.PUBLISHED:
            title = _("“%(name)s” được chọn là điển hình tiên tiến", name=row.name)
            text = _("Theo %(decision)s. Câu chuyện được biên tập rồi đăng ở chuyên mục.", decision=row.decision)
        else:
            title = _("“%(name)s” chưa được chọn trong quý này", name=row.name)
            text = _("Hội đồng đã bỏ phiếu. Đơn vị có thể đề cử lại ở quý khác khi có thành tích mới.")
        yield Notice(
            row.account_id, f"nomination-outcome:{row.id}", row.announced_at, title, text, *_page(row.id)
        )  # fmt: skip


def _with_the_office(facts: Any) -> Any:
    """Facts beside everybody of the office."""
    return facts.add_columns(RoleGrant.account_id).join(RoleGrant, RoleGrant.role == Role.ORGANIZER)


@source
def office_asked(span: Span) -> Iterable[Notice]:
    """To the office: a unit's nomination has come, or one still lies there when the term for looking at it is over."""
    came = _with_the_office(
        select(NominationStep.at, NominationStep.id, Nomination.id.label("nomination_id"), Nomination.name, OrgUnit.name.label("unit"))
        .select_from(NominationStep)
        .join(Nomination, Nomination.id == NominationStep.nomination_id)
        .join(OrgUnit, OrgUnit.id == Nomination.org_unit_id)
        .where(span.when(NominationStep.at), NominationStep.to_state == NominationState.CONFIRMED)
    )  # fmt: skip
    for row in db.session.execute(span.whom(came, RoleGrant.account_id)).all():
        yield Notice(
            row.account_id, f"nomination-came:{row.id}", row.at, _("Đề cử mới: %(name)s", name=row.name),
            _("%(unit)s đã gửi hồ sơ, thủ trưởng đã xác nhận. Hồ sơ chờ Văn phòng xem xét.", unit=row.unit), *_page(row.nomination_id),
        )  # fmt: skip
    lying = exists().where(Nomination.quarter_id == Quarter.id, Nomination.state == NominationState.CONFIRMED)
    overdue = _with_the_office(select(Quarter).where(span.when(Quarter.consolidation_due_at), lying))
    for row in db.session.execute(span.whom(overdue, RoleGrant.account_id)).all():
        name = row.Quarter.name
        yield Notice(
            row.account_id, f"nominations-overdue:{row.Quarter.id}", row.Quarter.consolidation_due_at,
            _("Đã hết hạn tổng hợp đề cử %(quarter)s", quarter=quarter_title(name)),
            _("Vẫn còn hồ sơ chờ Văn phòng xem xét. Mời bạn mở bảng theo dõi."), "exemplars.board", {"quarter_name": name},
        )  # fmt: skip


@source
def council_called(span: Span) -> Iterable[Notice]:
    """To the members: a vote has opened."""
    opened = (
        select(CouncilVote, CouncilSeat.account_id)
        .join(CouncilSeat, CouncilSeat.vote_id == CouncilVote.id)
        .where(span.when(CouncilVote.opened_at))
    )
    for row in db.session.execute(span.whom(opened, CouncilSeat.account_id)).all():
        vote = row.CouncilVote
        yield Notice(
            row.account_id, f"vote-open:{vote.id}", vote.opened_at,
            _("Mời bạn bỏ phiếu điển hình tiên tiến %(quarter)s", quarter=quarter_title(vote.quarter.name)),
            _("Hội đồng bỏ phiếu đến %(until)s.", until=f"{local(vote.closes_at):%H:%M ngày %d/%m/%Y}"),
            "exemplars.ballot", {"quarter_name": vote.quarter.name},
        )  # fmt: skip


@source
def council_reminded(span: Span) -> Iterable[Notice]:
    """A day before the end, to the members who have not voted and have something to vote on."""
    later = Span(span.after + BEFORE_THE_CLOSE, span.until + BEFORE_THE_CLOSE)
    voted = exists().where(Turnout.vote_id == CouncilVote.id, Turnout.account_id == CouncilSeat.account_id)
    away = exists().where(
        VoteConflict.vote_id == CouncilVote.id, VoteConflict.account_id == CouncilSeat.account_id,
        VoteConflict.nomination_id == VotePaper.nomination_id,
    )  # fmt: skip
    has_paper = exists().where(VotePaper.vote_id == CouncilVote.id, ~away)
    closing = (
        select(CouncilVote, CouncilSeat.account_id)
        .join(CouncilSeat, CouncilSeat.vote_id == CouncilVote.id)
        .where(later.when(CouncilVote.closes_at), CouncilVote.closed_at.is_(None), ~voted, has_paper)
    )
    for row in db.session.execute(span.whom(closing, CouncilSeat.account_id)).all():
        vote = row.CouncilVote
        at = vote.closes_at - BEFORE_THE_CLOSE
        if at < vote.opened_at:
            continue  # a vote of less than a day was called only just now
        yield Notice(
            row.account_id, f"vote-closing:{vote.id}", at, _("Cuộc bỏ phiếu của hội đồng sắp kết thúc"),
            _("Bạn chưa bỏ phiếu. Hội đồng nhận phiếu đến %(until)s.", until=f"{local(vote.closes_at):%H:%M ngày %d/%m/%Y}"),
            "exemplars.ballot", {"quarter_name": vote.quarter.name},
        )  # fmt: skip
