"""The queue of flags, and the winners' check list: they stand here because prize places come first in both."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from quiz import errors, jobs, journal
from quiz.access import Permission, needs
from quiz.addresses import page_number
from quiz.banks.forms import choices
from quiz.contests.models import Entry, Round
from quiz.db import db, transaction
from quiz.forms import Form, required
from quiz.marking import flags as computing
from quiz.marking import identity as checks
from quiz.marking.conflicts import conflict
from quiz.marking.models import IdentityResult
from quiz.marking.queries import FlagFilter, FlagState, count_flags, flag_counts, flag_run, flags_of_round
from quiz.marking.replay import PAIRS
from quiz.marking.views import bp as marking_bp
from quiz.marking.views import round_or_404
from quiz.marking.words import KINDS, STRENGTHS
from quiz.ranking import identity
from quiz.ranking.models import Ranking
from quiz.ranking.views import bp, sheet_or_404
from quiz.rules.suspicion import Kind, Strength
from quiz.spreadsheets import Worksheet, send_book

PER_PAGE = 30
STATES = {
    FlagState.OPEN: _l("Chờ xem"),
    FlagState.PROPOSED: _l("Chờ giám khảo thứ hai"),
    FlagState.RULED: _l("Đã có phán quyết"),
}
ALL = "tat-ca"

Chosen = TypeVar("Chosen", bound=Enum)


def _asked(name: str, of: type[Chosen]) -> Chosen | None:
    text = request.args.get(name, "")
    return next((member for member in of if str(member.value) == text), None)


@marking_bp.route("/xet-hang/canh-bao/<int:round_id>")
@needs(Permission.SEE_ATTEMPT, of=round_or_404)
def flags(round_: Round) -> Any:
    """Waiting ones at first; `?trang-thai=tat-ca` shows all."""
    state = _asked("trang-thai", FlagState)
    if "trang-thai" not in request.args:
        state = FlagState.OPEN
    wanted = FlagFilter(_asked("loai", Kind), _asked("muc", Strength), state)
    page = page_number()
    first = identity.prize_entries(round_)
    found = flags_of_round(round_.id, wanted, first_entries=first, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    address = {"loai": wanted.kind, "muc": wanted.strength, "trang-thai": state or ALL}
    return render_template(
        "marking/flags.html",
        round=round_,
        contest=round_.contest,
        job=jobs.latest(computing.JOB, computing.subject_of(round_.id)),
        run=flag_run(round_.id),
        flags=found,
        count=count_flags(round_.id, wanted),
        counts=flag_counts(round_.id, wanted),
        wanted=wanted,
        address={name: value for name, value in address.items() if value is not None},
        page=page,
        per_page=PER_PAGE,
        prize_entries=first,
        kinds=KINDS,
        strengths=STRENGTHS,
        states=STATES,
        all=ALL,
        pairs=PAIRS,
    )


class IdentityForm(Form):
    entry = HiddenField()
    result = RadioField(
        _l("Kết quả"),
        [required(_l("Hãy chọn kết quả xác minh."))],
        choices=choices(identity.RESULTS.items()),
    )
    note = TextAreaField(_l("Ghi chú"), [Length(max=1000, message=_l("Ghi chú dài quá 1.000 ký tự."))])


@bp.route("/xet-hang/<int:ranking_id>/xac-minh", methods=["GET", "POST"])
@needs(Permission.CHECK_IDENTITY, of=sheet_or_404)
def verify(ranking: Ranking) -> Any:
    """Who was asked, what came out; one person is written down at a time."""
    form = IdentityForm()
    lines = identity.lines(ranking)
    if form.validate_on_submit():
        entry = _entry_among(lines, form.entry.data or "")
        with transaction():
            checks.state(entry, IdentityResult(form.result.data), current_user, note=form.note.data or "", now=g.now)
        flash(_("Đã ghi kết quả xác minh của %(name)s.", name=entry.full_name), "ok")
        return redirect(url_for(".verify", ranking_id=ranking.id))
    reasons = {line.entry.id: conflict(current_user, line.entry) for line in lines}
    return render_template(
        "ranking/verify.html",
        ranking=ranking,
        contest=ranking.contest,
        lines=lines,
        results=identity.RESULTS,
        form=form,
        conflicts={i: errors.sentence(reason) for i, reason in reasons.items() if reason is not None},
    ), 422 if form.errors else 200


def _entry_among(lines: list[identity.Line], text: str) -> Entry:
    return next((line.entry for line in lines if str(line.entry.id) == text), None) or abort(404)


@bp.route("/xet-hang/<int:ranking_id>/xac-minh.xlsx")
@needs(Permission.CHECK_IDENTITY, of=sheet_or_404)
def verify_file(ranking: Ranking) -> Any:
    with transaction():
        journal.record(current_user, "identity.exported", f"ranking:{ranking.id}", now=g.now)
    ranking = db.session.get_one(Ranking, ranking.id)
    name = f"xac-minh-{ranking.contest.slug}-{ranking.scope_code}-{ranking.division.code}.xlsx"
    return send_book(name, Worksheet(_("Xác minh"), identity.columns(), identity.rows(ranking)))
