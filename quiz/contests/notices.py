"""What people are told about contests that they have entered: that a round has opened."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.accounts.notices import Notice, Span, source
from quiz.contests.models import Contest, ContestState, Entry, Qualification, Round
from quiz.contests.rule_set import round_rules
from quiz.db import db
from quiz.formats import local


@source
def rounds_opened(span: Span) -> Iterable[Notice]:
    """To those who had registered before; where a round admits only some, to those who are let in."""
    opened = (
        select(Round)
        .join(Contest)
        .where(span.when(Round.opens_at), Contest.state == ContestState.OPEN)
        .options(joinedload(Round.contest))
    )
    if span.account_id is not None:
        entered = select(Entry.contest_id).where(Entry.account_id == span.account_id)
        opened = opened.where(Round.contest_id.in_(entered))
    for round_ in db.session.scalars(opened).all():
        people = select(Entry.account_id).where(
            Entry.contest_id == round_.contest_id, Entry.registered_at < round_.opens_at
        )
        if round_rules(round_).admission is not None:
            people = people.join(Qualification, Qualification.entry_id == Entry.id).where(
                Qualification.round_id == round_.id
            )
        title = _("%(round)s đã mở: %(contest)s", round=round_.name, contest=round_.contest.title)
        text = _(
            "%(round)s nhận bài đến %(closes)s. Mời bạn vào thi khi có thời gian và đường truyền ổn định.",
            round=round_.name,
            closes=local(round_.closes_at).strftime("%H:%M ngày %d/%m/%Y"),
        )
        for account_id in db.session.scalars(span.whom(people, Entry.account_id)).all():
            yield Notice(
                account_id, f"round-open:{round_.id}", round_.opens_at, title, text, "contests.show",
                {"slug": round_.contest.slug},
            )  # fmt: skip
