"""Pages of the office: the board of a quarter, its calendar and units, heads of units, and the last steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from quiz.access import Permission, needs
from quiz.accounts.models import OrgUnit
from quiz.accounts.queries import unit_tree
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars import nominations, publication, quarters, votes
from quiz.exemplars.nomination_forms import (
    CalendarForm,
    HeadForm,
    OpenQuarterForm,
    PublishForm,
    RecommendForm,
    UnitsForm,
    calendar_form_of,
)
from quiz.exemplars.nomination_models import NominationState, Quarter, UnitHead
from quiz.exemplars.nomination_views import quarter_or_404
from quiz.exemplars.views import bp
from quiz.exemplars.words import OWNER_TEXTS, STATE_TEXTS, quarter_title
from quiz.formats import local
from quiz.rules.quarters import quarter_of

_CLOSED = (
    NominationState.NOT_CHOSEN, NominationState.DECLINED, NominationState.MERGED, NominationState.WITHDRAWN,
)  # fmt: skip


@bp.route("/to-chuc/de-cu/moi", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE)
def open_quarter() -> Any:
    """This quarter, the one before and the next, as far as they are not open yet."""
    this = quarter_of(local(g.now).date())
    around = [quarter_of(this.first_day - timedelta(days=1)), this, quarter_of(this.last_day + timedelta(days=1))]
    free = [q for q in around if queries.quarter_by_name(str(q)) is None]
    form = OpenQuarterForm(quarter=str(this))
    form.quarter.choices = [(str(q), quarter_title(str(q))) for q in free]
    if form.validate_on_submit():
        with transaction():
            made = quarters.open_quarter(form.of(), current_user, now=g.now)
        flash(_("Đã mở nhận đề cử %(quarter)s.", quarter=quarter_title(made.name)), "ok")
        return redirect(url_for(".board", quarter_name=made.name))
    page = render_template(
        "exemplars/open_quarter.html", form=form, due=[(str(q), quarters.default_deadlines(q)) for q in free],
        units=quarters.leaf_units(),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route("/to-chuc/de-cu/<quarter_name>")
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def board(quarter: Quarter) -> str:
    return _board_page(quarter)


def _board_page(
    quarter: Quarter, recommend_form: RecommendForm | None = None, publish_form: PublishForm | None = None
) -> str:
    listed = queries.nominations_of(quarter)
    vote = queries.open_vote(quarter)
    columns = [(state, [n for n in listed if n.state == state]) for state in NominationState if state not in _CLOSED]
    status = queries.units_status(quarter, listed)
    tasks = {n.id: queries.task_of(n, now=g.now, vote=vote) for n in listed}
    return render_template(
        "exemplars/board.html",
        quarter=quarter,
        columns=[(state, found) for state, found in columns if found],
        closed=[n for n in listed if n.state in _CLOSED],
        tasks=tasks,
        overdue=sum(t is not None and t.is_overdue(g.now) for t in tasks.values()),
        owners=OWNER_TEXTS,
        states=STATE_TEXTS,
        status=status,
        to_remind=[s for s in status if not s.sent],
        comment_counts=queries.comment_counts(quarter),
        vote=vote,
        progress=votes.progress(vote) if vote is not None else None,
        counted=[v for v in queries.votes_of(quarter) if v.closed_at is not None],
        counts={state: len(found) for state, found in columns},
        step=_step_now(quarter, [NominationState(n.state) for n in listed]),
        ready=_ready_for_vote(quarter),
        recommend_form=recommend_form or RecommendForm(),
        publish_form=publish_form or _publish_form(quarter),
    )


def _step_now(quarter: Quarter, states: list[NominationState]) -> int:
    """Of the four steps that the page names, the one the quarter is at; 5 when all is done."""
    if quarter.published_at is not None:
        return 5
    after = {NominationState.CHOSEN, NominationState.NOT_CHOSEN, NominationState.RECOMMENDED}
    if after & set(states):
        return 4
    if {NominationState.COMMENTING, NominationState.VOTING} & set(states):
        return 3
    return 1 if g.now < quarter.nominations_due_at else 2


def _ready_for_vote(quarter: Quarter) -> bool:
    waiting = queries.public_nominations(quarter)
    return bool(waiting) and all(n.comments_until and n.comments_until <= g.now for n in waiting)


def _publish_form(quarter: Quarter) -> PublishForm:
    form = PublishForm(prefix="cong-bo")
    form.nominations.choices = [
        (n.id, n.name) for n in queries.nominations_of(quarter) if n.state == NominationState.RECOMMENDED
    ]
    return form


def _deed(quarter: Quarter, deed: Callable[[], str]) -> Any:
    """A step of the office on the whole quarter.  deed: does it and gives what to say"""
    if not FlaskForm().validate_on_submit():
        abort(400)
    with transaction():
        said = deed()
    flash(said, "ok")
    return redirect(url_for(".board", quarter_name=quarter.name))


@bp.route("/to-chuc/de-cu/<quarter_name>/nhac", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def remind_units(quarter: Quarter) -> Any:
    def deed() -> str:
        return _("Đã nhắc %(n)s đơn vị.", n=quarters.remind_now(quarter, current_user, now=g.now))

    return _deed(quarter, deed)


@bp.route("/to-chuc/de-cu/<quarter_name>/lay-y-kien", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def open_comments(quarter: Quarter) -> Any:
    def deed() -> str:
        until = nominations.open_comments(quarter, current_user, now=g.now)
        return _("Đã công khai để lấy ý kiến đến %(until)s.", until=f"{local(until):%H:%M ngày %d/%m/%Y}")

    return _deed(quarter, deed)


@bp.route("/to-chuc/de-cu/<quarter_name>/gui-tinh", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def recommend(quarter: Quarter) -> Any:
    form = RecommendForm()
    if not form.validate_on_submit():
        return _board_page(quarter, recommend_form=form), 422
    return _deed(
        quarter,
        lambda: _("Đã ghi việc gửi %(n)s đề cử.", n=publication.recommend(quarter, str(form.document.data), current_user, now=g.now)),
    )  # fmt: skip


@bp.route("/to-chuc/de-cu/<quarter_name>/cong-bo", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def publish_chosen(quarter: Quarter) -> Any:
    form = _publish_form(quarter)
    if not form.validate_on_submit():
        return _board_page(quarter, publish_form=form), 422

    def deed() -> str:
        ids = form.nominations.data or []
        stories = publication.publish(quarter, ids, str(form.decision.data), current_user, now=g.now)
        return _("Đã công bố. %(n)s câu chuyện đang ở bản nháp, chờ biên tập và duyệt.", n=len(stories))

    return _deed(quarter, deed)


# Calendar and units


@bp.route("/to-chuc/de-cu/<quarter_name>/lich", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def quarter_calendar(quarter: Quarter) -> Any:
    form = calendar_form_of(quarter)
    if form.validate_on_submit():
        try:
            with transaction():
                quarters.change_calendar(quarter, form.values(), current_user, why=str(form.why.data), now=g.now)
        except Refusal as refusal:
            form.nominations_due_at.errors = [refusal.sentence]
            return _calendar_page(quarter, form), 409
        flash(_("Đã lưu lịch của quý."), "ok")
        return redirect(url_for(".board", quarter_name=quarter.name))
    return _calendar_page(quarter, form), 422 if form.errors else 200


def _calendar_page(quarter: Quarter, form: CalendarForm) -> str:
    return render_template("exemplars/calendar.html", quarter=quarter, form=form)


@bp.route("/to-chuc/de-cu/<quarter_name>/don-vi", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def quarter_units(quarter: Quarter) -> Any:
    form = UnitsForm(units=[unit.id for unit in quarter.units])
    nodes = unit_tree()
    form.units.choices = [(node.unit.id, node.label) for node in nodes]
    if form.validate_on_submit():
        with transaction():
            quarters.set_units(quarter, form.units.data or [], current_user, why=str(form.why.data), now=g.now)
        flash(_("Đã lưu danh sách đơn vị."), "ok")
        return redirect(url_for(".board", quarter_name=quarter.name))
    return render_template("exemplars/quarter_units.html", quarter=quarter, form=form), 422 if form.errors else 200


@bp.route("/to-chuc/de-cu/thu-truong", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE)
def unit_heads() -> Any:
    form = HeadForm()
    form.unit.choices = [(node.unit.id, node.label) for node in unit_tree()]
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                unit = db.session.get_one(OrgUnit, form.unit.data)
                account = quarters.name_head(unit, str(form.person.data), current_user, now=g.now)
        except Refusal as refusal:
            form.person.errors, status = [refusal.sentence], 409
        else:
            said = _("%(name)s xác nhận hồ sơ của %(unit)s.", name=account.full_name, unit=unit.name)
            flash(said, "ok")
            return redirect(url_for(".unit_heads"))
    return render_template("exemplars/unit_heads.html", form=form, heads=queries.heads()), status


def head_or_404(unit_id: int, account_id: int) -> UnitHead:
    return db.session.get(UnitHead, (unit_id, account_id)) or abort(404)


@bp.route("/to-chuc/de-cu/thu-truong/<int:unit_id>/<int:account_id>/thoi", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=head_or_404)
def dismiss_head(head: UnitHead) -> Any:
    if not FlaskForm().validate_on_submit():
        abort(400)
    with transaction():
        quarters.dismiss_head(head, current_user, now=g.now)
    flash(_("Đã thôi giao việc xác nhận."), "ok")
    return redirect(url_for(".unit_heads"))
